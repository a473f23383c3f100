//! Searches for rooms and people on the server, and the list of archived rooms.

use crate::app::features::lists;
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_title::info_title;
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Feature, Room, RoomInfo};

/// Opens the list of archived rooms.
pub(in crate::app) fn show_archived(cx: &mut Context<'_>) {
    let kind = ListKind::Rooms { title: String::new(), archived: true };
    if cx.account.can(Feature::Archive) {
        return lists::show(cx, kind);
    }
    // On other services the rooms are archived here, so no server has to be asked.
    let archived = cx.account.rooms.known().filter(|room| room.is_archived());
    let mut archived: Vec<&Room> = archived.collect();
    archived.sort_by_key(|room| std::cmp::Reverse(room.last_activity()));
    let rows = archived.into_iter().map(|room| room_row(cx.scene(), room.info.clone())).collect();
    let mut list = List::waiting(kind);
    list.take(1, rows, false);
    cx.ui.overlay = Some(Overlay::List(list));
}

/// Returns the row of a room in a list.
pub(in crate::app) fn room_row(scene: Scene<'_>, room: RoomInfo) -> ListRow {
    let at = room.last_message.as_ref().map(|last| scene.options.times.compact(last.sent_at, scene.now));
    let hint = match room.unread.unwrap_or_default() {
        0 => at.unwrap_or_default(),
        count => format!("{count} unread"),
    };
    let (text, mark) = (info_title(&room).to_owned(), String::new());
    ListRow { text, mark, hint, target: ListTarget::Room(Box::new(room)) }
}

/// Searches rooms by title and opens the list of results.
pub(in crate::app) fn search_rooms(cx: &mut Context<'_>, title: &str) {
    lists::show(cx, ListKind::Rooms { title: title.to_owned(), archived: false });
}

/// Searches people by name and opens the list of results.
pub(in crate::app) fn search_people(cx: &mut Context<'_>, name: &str) {
    lists::show(cx, ListKind::People(name.to_owned()));
}

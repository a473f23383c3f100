//! Searches for rooms and people on the server, and the lists of the rooms that are known here.

use crate::app::features::lists;
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_title::info_title;
use crate::app::model::terminal::Readout;
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Feature, Room, RoomInfo, Unread};

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
    let rows = archived.into_iter().map(|room| listed_row(cx.scene(), room)).collect();
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

/// Lists the rooms whose title contains a text, which the server searches if it can.
pub(in crate::app) fn search_rooms(cx: &mut Context<'_>, title: &str) {
    let kind = ListKind::Rooms { title: title.to_owned(), archived: false };
    if !title.is_empty() && cx.account.can(Feature::FindRooms) {
        return lists::show(cx, kind);
    }
    if title.is_empty() && cx.account.rooms.ids().is_empty() {
        return cx.notify_no_room();
    }
    if title.is_empty() && cx.options.linear {
        return cx.terminal.read_out(Readout::Rooms);
    }
    let wanted = title.to_lowercase();
    let is_wanted = |room: &&Room| cx.account.room_label(room).to_string().to_lowercase().contains(&wanted);
    let rows = cx.account.rooms.iter().filter(is_wanted).map(|room| listed_row(cx.scene(), room)).collect();
    cx.ui.overlay = Some(Overlay::List(List::of(kind, rows)));
}

/// Returns the row of a room of the room list.
fn listed_row(scene: Scene<'_>, room: &Room) -> ListRow {
    let label = scene.account.room_label(room);
    let hint = match unread_words(room.unread(), "unread").as_str() {
        "" => scene.options.times.compact(room.last_activity(), scene.now),
        words => words.to_owned(),
    };
    let target = ListTarget::Room(Box::new(room.info.clone()));
    ListRow { text: label.name.to_owned(), mark: label.mark.into_owned(), hint, target }
}

/// Returns the number of unread messages, with what they are called, and of mentions; empty if there are none.
fn unread_words(unread: Unread, called: &str) -> String {
    let more = if unread.or_more { "+" } else { "" };
    let messages = (unread.count > 0).then(|| format!("{}{more} {called}", unread.count));
    let mentions = match unread.mentions {
        0 => None,
        1 => Some("1 mention".to_owned()),
        count => Some(format!("{count} mentions")),
    };
    messages.into_iter().chain(mentions).collect::<Vec<_>>().join(", ")
}

/// Returns the rooms of the room list as lines, with what is unread; rooms with unread messages come first.
pub fn rooms_text(scene: Scene<'_>) -> Vec<String> {
    let mut lines: Vec<String> = scene.accounts().flat_map(|account| account_text(scene, account)).collect();
    lines.push("/go ROOM opens a room.".to_owned());
    lines
}

fn account_text(scene: Scene<'_>, account: &Account) -> Vec<String> {
    let rooms = |is_unread: bool| account.rooms.iter().filter(move |room| room.unread().any() == is_unread);
    let of = if scene.others.is_empty() { String::new() } else { format!(" of {}", account.profile.label()) };
    let (unread, all) = (rooms(true).count(), account.rooms.ids().len());
    let line = |room: &Room| {
        let open = if scene.of(account).is_open(&room.info.id) { "open" } else { "" };
        let muted = if room.is_muted() { "muted" } else { "" };
        let words = unread_words(room.unread(), "unread");
        let facts: Vec<&str> = [open, &words, muted].into_iter().filter(|fact| !fact.is_empty()).collect();
        let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
        format!("  {}{facts}", account.room_label(room))
    };
    let heading = format!("Rooms{of}, {unread} of {all} unread:");
    std::iter::once(heading).chain(rooms(true).chain(rooms(false)).map(line)).collect()
}

/// Searches people by name and opens the list of results.
pub(in crate::app) fn search_people(cx: &mut Context<'_>, name: &str) {
    lists::show(cx, ListKind::People(name.to_owned()));
}

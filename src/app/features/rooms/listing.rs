//! Order and filter of the room list, and what the keys in it do with the highlighted room.

use crate::app::features::rooms::settings;
use crate::app::features::unread;
use crate::app::model::context::Context;
use crate::app::model::room_filter::RoomFilter;
use crate::app::model::ui::{Focus, ListPosition, Transition};
use crate::domain::{RoomId, RoomOrder};
use crate::input::Action;

/// Sorts the room list in the order with this name, or tells the present one.
pub(in crate::app) fn sort(cx: &mut Context<'_>, name: &str) {
    if let Some(order) = RoomOrder::by_name(name) {
        cx.terminal.arrangement.rooms_order = Some(order);
        cx.ui.rearranges = true;
    }
    cx.notify(match cx.scene().rooms_order() {
        RoomOrder::Activity => "Rooms are sorted by the newest activity, pinned ones first.",
        RoomOrder::Unread => "Unread rooms come first, after pinned ones.",
        RoomOrder::Name => "Rooms are sorted by name, pinned ones first.",
    });
}

/// Shows only the rooms in the list that the filter with this name lets through, or tells the present one.
pub(in crate::app) fn filter(cx: &mut Context<'_>, name: &str) {
    if let Some(filter) = RoomFilter::by_name(name) {
        cx.terminal.room_filter = filter;
        cx.ui.rearranges = true;
    }
    cx.notify(match cx.terminal.room_filter {
        RoomFilter::All => "The room list shows all rooms.",
        RoomFilter::Unread => "The room list shows only unread rooms. /filter all shows all.",
        RoomFilter::Direct => "The room list shows only direct messages. /filter all shows all.",
        RoomFilter::Groups => "The room list shows only groups. /filter all shows all.",
    });
}

/// Sorts the room list in the next order.
pub(in crate::app) fn sort_next(cx: &mut Context<'_>) {
    let next = next_of(&RoomOrder::ALL, cx.scene().rooms_order());
    sort(cx, next.name());
}

/// Applies the next filter to the room list.
pub(in crate::app) fn filter_next(cx: &mut Context<'_>) {
    let next = next_of(&RoomFilter::ALL, cx.terminal.room_filter);
    filter(cx, next.name());
}

fn next_of<T: Copy + PartialEq>(all: &[T], present: T) -> T {
    let next = all.iter().position(|one| *one == present).map_or(0, |place| (place + 1) % all.len());
    all.get(next).copied().unwrap_or(present)
}

/// Carries out an action on the room that is highlighted in the list, which may be of another profile. A heading has
/// none.
pub(in crate::app) fn change_highlighted(cx: &mut Context<'_>, action: Action) {
    let Focus::Rooms(number) = cx.ui.focus else { return };
    let Some(ListPosition { account, room: Some(room) }) = cx.scene().list_position(number) else { return };
    cx.ui.rearranges = true;
    if account == cx.account.id {
        change(cx, room, action);
    } else {
        cx.ui.transition = Some(Transition::ChangeRoom(account, room, action));
    }
}

/// Carries out an action of the room list on a room of this account.
pub(in crate::app) fn change(cx: &mut Context<'_>, id: RoomId, action: Action) {
    let Some(room) = cx.account.rooms.get(&id) else { return };
    let (is_muted, is_pinned) = (room.is_muted(), room.info.settings.pinned);
    match action {
        Action::PinRoom => settings::set_pinned(cx, &id, !is_pinned),
        Action::MuteRoom => settings::set_muted(cx, id, !is_muted),
        Action::ArchiveRoom => settings::set_archived(cx, id, true),
        Action::ReadRoom => unread::mark_room_read(cx, id),
        _ => {}
    }
}

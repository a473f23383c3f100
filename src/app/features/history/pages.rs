//! Requests pages of messages and places the marker of new ones.

use crate::app::model::context::Context;
use crate::domain::{MessageId, Request, RoomId};

/// Asks for a page of a room's messages, which begins `before` that message.
pub(in crate::app) fn ask_history(cx: &mut Context<'_>, id: &RoomId, page: u32, before: Option<MessageId>) {
    let Some(room) = cx.account.rooms.get_mut(id).filter(|room| !room.is_deleted()) else { return };
    room.history.loading = Some(page);
    if page == 1 {
        room.history.asked = room.history.asked.saturating_add(1);
    }
    cx.request(Request::History { room: id.clone(), page, before });
}

/// Puts the "new" line above the first message that nobody has seen, and counts what is below it. Where the server
/// counts, its count says where that is.
pub(in crate::app) fn find_new(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if cx.account.has_room_receipts() {
        if let Some(room) =
            cx.open_room_mut().filter(|room| room.unread_marker.is_none() && room.unread_marker_due == 0)
        {
            room.unread_marker_due = room.unread.count;
        }
        return place_unread_marker(cx);
    }
    if cx.account.capabilities.is_none() {
        // It is not known yet what the marks on what was kept mean.
        return;
    }
    let Some(room) = cx.open_room_mut() else { return };
    let Some((slot, count)) = room.unseen(me.as_ref()) else { return };
    if room.unread_marker.is_none() {
        room.unread_marker = Some(slot);
    }
    room.unread.or_more &= !room.history.fresh;
    room.unread.count = room.unread.count.max(count);
}

/// Puts the "new" line where the server's count says, once that message is here.
pub(in crate::app) fn place_unread_marker(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if let Some(room) = cx.open_room_mut() {
        room.place_unread_marker(me.as_ref());
    }
}

/// The user wants to see older messages: a page that could not be had may be asked for again.
pub(in crate::app) fn unstick(cx: &mut Context<'_>) {
    if let Some(room) = cx.open_room_mut() {
        room.history.stuck = false;
    }
}

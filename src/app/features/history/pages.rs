//! Requests pages of messages and places the marker above unread ones.

use crate::app::model::context::Context;
use crate::domain::{PageRequest, Request, RoomId};

/// Requests a page of a room's messages, unless the room was deleted.
pub(in crate::app) fn request_page(cx: &mut Context<'_>, id: &RoomId, request: &PageRequest) {
    let Some(room) = cx.account.rooms.get_mut(id).filter(|room| !room.is_deleted()) else { return };
    room.history.on_request(request);
    cx.request(Request::History { room: id.clone(), page: request.page, before: request.before.clone() });
}

/// Places the unread marker of the open room above its first unseen message and updates the unread count.
///
/// Where the server counts unread messages, its count decides where the marker goes.
pub(in crate::app) fn mark_unread(cx: &mut Context<'_>) {
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
        // Before the sign-in, the delivery states of stored messages cannot be interpreted.
        return;
    }
    let Some(room) = cx.open_room_mut() else { return };
    let Some((slot, count)) = room.unseen(me.as_ref()) else { return };
    if room.unread_marker.is_none() {
        room.unread_marker = Some(slot);
    }
    room.unread.or_more &= !room.history.is_newest_loaded();
    room.unread.count = room.unread.count.max(count);
}

/// Places the unread marker where the server's count says, once that message is loaded.
pub(in crate::app) fn place_unread_marker(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if let Some(room) = cx.open_room_mut() {
        room.place_unread_marker(me.as_ref());
    }
}

/// Allows a failed page of the open room to be requested again. Called when the user asks for older messages.
pub(in crate::app) fn clear_load_error(cx: &mut Context<'_>) {
    if let Some(room) = cx.open_room_mut() {
        room.history.clear_load_error();
    }
}

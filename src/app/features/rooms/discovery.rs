//! Requests rooms that the client does not know yet.

use crate::app::features::rooms::open::request_list;
use crate::app::limits::MAX_REQUESTED_ROOMS;
use crate::app::model::context::Context;
use crate::domain::{Feature, Request, RoomId};

/// Requests a room that is unknown, or whose events were missed.
pub(in crate::app) fn request_unknown(cx: &mut Context<'_>, room: RoomId) {
    if cx.account.can(Feature::Archive) {
        // An archived room appears in no list, so the room itself is requested.
        if cx.account.room_sync.requested.len() < MAX_REQUESTED_ROOMS
            && cx.account.room_sync.requested.insert(room.clone())
        {
            cx.request(Request::Room { room });
        }
    } else if !cx.account.room_sync.is_loading() {
        request_list(cx);
    }
}

//! Asks for rooms that are not known yet.

use crate::app::features::rooms::open::ask_list;
use crate::app::limits::MAX_REQUESTED_ROOMS;
use crate::app::model::context::Context;
use crate::domain::{Feature, Request, RoomId};

/// Asks for a room that is not known here, or of which something was missed.
pub(in crate::app) fn ask_unknown(cx: &mut Context<'_>, room: RoomId) {
    if cx.account.can(Feature::Archive) {
        // It may have been put away, and then no list tells of it.
        if cx.account.room_sync.requested.len() < MAX_REQUESTED_ROOMS
            && cx.account.room_sync.requested.insert(room.clone())
        {
            cx.request(Request::Room { room });
        }
    } else if cx.account.room_sync.next_page.is_none() {
        ask_list(cx);
    }
}

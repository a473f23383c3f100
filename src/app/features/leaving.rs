//! Leaving a group.

use crate::app::features::membership_rules::{Change, refusal};
use crate::app::model::context::Context;
use crate::domain::Request;

/// Leaves the open group.
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if let Some(refusal) = refusal(cx.account, room, Change::Leave) {
        return cx.refuse(refusal);
    }
    let room = room.info.id.clone();
    cx.request(Request::LeaveGroup { room });
}

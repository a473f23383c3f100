//! Leaving a group.

use crate::app::features::rooms::membership_rules::{Change, refusal};
use crate::app::model::context::Context;
use crate::app::overlays::question::Question;

/// Opens the confirmation to leave the open group.
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if let Some(refusal) = refusal(cx.account, room, Change::Leave) {
        return cx.refuse(refusal);
    }
    cx.ask(Question::LeaveGroup(room.info.id.clone()));
}

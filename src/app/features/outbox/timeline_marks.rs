//! Marks of outbox entries in the timelines of their rooms.

use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::{LocalId, Slot, Timeline};

/// Marks the message of an entry in the timeline of its room as queued.
pub(in crate::app) fn show_queued(cx: &mut Context<'_>, local: LocalId) {
    if let Some((timeline, slot)) = find(cx.account, local) {
        timeline.retry(slot);
    }
}

/// Marks the message of an entry in the timeline of its room as failed.
pub(in crate::app) fn show_failed(cx: &mut Context<'_>, local: LocalId) {
    if let Some((timeline, slot)) = find(cx.account, local) {
        timeline.mark_failed(slot);
    }
}

/// Marks the message of an entry in the timeline of its room as uncertain.
pub(in crate::app) fn show_uncertain(cx: &mut Context<'_>, local: LocalId) {
    if let Some((timeline, slot)) = find(cx.account, local) {
        timeline.mark_uncertain(slot);
    }
}

/// Returns the message of an entry and the timeline that contains it.
fn find(account: &mut Account, local: LocalId) -> Option<(&mut Timeline, Slot)> {
    let entry = account.outbox.get(local)?;
    let timeline = &mut account.rooms.get_mut(entry.room())?.timeline;
    let slot = timeline.find_own_send(local)?;
    Some((timeline, slot))
}

//! State changes of outbox entries that several parts of the queue share.

use crate::app::model::context::Context;
use crate::app::model::outbox::Stage;
use crate::domain::{LocalId, RoomId, SECOND};
use crate::store;
use crate::store::{OutboxWrite, Write};

/// Maximum delay between two attempts, in milliseconds.
const MAX_DELAY: i64 = 60 * SECOND;

/// Writes the stage of an entry to disk.
pub(in crate::app) fn mark_stage(cx: &mut Context<'_>, local: LocalId, stage: store::Stage) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.unconfirmed_marks = entry.unconfirmed_marks.saturating_add(1);
    let attempts = entry.attempts;
    cx.persist(Write::Outbox(OutboxWrite::Mark { local, stage, attempts }));
}

/// Queues an entry again for an attempt after a delay that grows with each failure.
pub(in crate::app) fn requeue(cx: &mut Context<'_>, local: LocalId) {
    let (now, chance) = (cx.now, cx.rng.i64(0..=1_000));
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.failures = entry.failures.saturating_add(1);
    entry.stage = Stage::Queued(now + retry_delay(entry.failures, chance));
}

/// Returns the delay after a number of consecutive failures, in milliseconds.
///
/// `chance` is a random number from 0 to 1000 that spreads the attempts.
pub(in crate::app) fn retry_delay(failures: u32, chance: i64) -> i64 {
    let full = (SECOND << failures.saturating_sub(1).min(6)).min(MAX_DELAY);
    full / 2 + full / 2 * chance / 1_000
}

/// Marks a message in the timeline of its room as queued.
pub(in crate::app) fn show_queued(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    if let Some(room) = cx.account.rooms.get_mut(room)
        && let Some(slot) = room.timeline.find_own_send(local)
    {
        room.timeline.retry(slot);
    }
}

//! Steps of an outbox entry that several parts of the queue share.

use crate::app::model::context::Context;
use crate::app::model::outbox::Stage;
use crate::domain::{LocalId, RoomId, SECOND};
use crate::store;
use crate::store::{OutboxWrite, Write};

/// The longest wait between two attempts.
const MAX_DELAY: i64 = 60 * SECOND;

/// Notes on disk where an entry is.
pub(in crate::app) fn mark_stage(cx: &mut Context<'_>, local: LocalId, stage: store::Stage) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.unconfirmed_marks = entry.unconfirmed_marks.saturating_add(1);
    let attempts = entry.attempts;
    cx.persist(Write::Outbox(OutboxWrite::Mark { local, stage, attempts }));
}

/// Puts an entry back into its line, to be tried again after a while that grows with each attempt.
pub(in crate::app) fn requeue(cx: &mut Context<'_>, local: LocalId) {
    let (now, chance) = (cx.now, cx.rng.i64(0..=1_000));
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.failures = entry.failures.saturating_add(1);
    entry.stage = Stage::Queued(now + retry_delay(entry.failures, chance));
}

/// How long to wait after so many failures in a row; `chance` is out of a thousand.
pub(in crate::app) fn retry_delay(failures: u32, chance: i64) -> i64 {
    let full = (SECOND << failures.saturating_sub(1).min(6)).min(MAX_DELAY);
    full / 2 + full / 2 * chance / 1_000
}

/// Shows that a send waits.
pub(in crate::app) fn show_queued(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    if let Some(room) = cx.account.rooms.get_mut(room)
        && let Some(slot) = room.timeline.find_own_send(local)
    {
        room.timeline.retry(slot);
    }
}

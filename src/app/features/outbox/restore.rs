//! Restoration of the outbox from disk.

use crate::app::features::outbox::queue;
use crate::app::features::outbox::transitions::mark_stage;
use crate::app::model::context::Context;
use crate::app::model::outbox::{OutboxEntry, Stage, Uncertain};
use crate::domain::SendFailure;
use crate::store;
use crate::store::{Entry, OutboxPayload, OutboxWrite, Write};

/// Restores the entries stored before the start, in their order and ahead of all entries created since.
///
/// Entries that did not fail may have been sent, whatever their stored stage. Each is shown as soon as its room is
/// known.
pub fn restore(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let mut old = Vec::with_capacity(entries.len());
    for Entry { local, room, payload, stage, attempts, at } in entries {
        if cx.account.outbox.get(local).is_some() {
            continue;
        }
        // Entries never marked as sent are searched for as well: a disk that did not respond may have missed the mark.
        let maybe_sent = attempts > 0 || stage != store::Stage::Queued;
        let stage = match (stage, &payload) {
            (store::Stage::Failed(failure), OutboxPayload::Send(_)) => Stage::Failed(failure),
            (store::Stage::Failed(_), _) => {
                // The text of a failed edit was returned to the user when it failed.
                cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
                continue;
            }
            (store::Stage::Queued | store::Stage::Uncertain, _) => Stage::Uncertain(Uncertain::Pending(cx.now)),
        };
        let entry = OutboxEntry::new(local, room, payload, at, stage);
        let attempted_at = maybe_sent.then_some(cx.now);
        old.push(OutboxEntry { attempts, maybe_sent, attempted_at, on_disk: true, ..entry });
    }
    cx.account.outbox.entries.splice(0..0, old);
    queue::advance(cx);
}

/// Restores entries that another account left on disk. They are shown, but sent only if the user retries them.
pub(in crate::app) fn restore_foreign(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let newer = std::mem::take(&mut cx.account.outbox.entries);
    // Without an identity no entry is sent before all of them are marked as failed.
    let me = cx.account.me.take();
    restore(cx, entries);
    fail_foreign(cx);
    cx.account.me = me;
    cx.account.outbox.entries.extend(newer);
    queue::advance(cx);
}

/// Marks all entries as failed because another account wrote them. They are sent only if the user retries them.
///
/// The rooms of that account are gone from this client, and edits and deletions are dropped with them.
pub(in crate::app) fn fail_foreign(cx: &mut Context<'_>) {
    cx.account.outbox.reconciliations.clear();
    let (sends, changes): (Vec<_>, Vec<_>) =
        std::mem::take(&mut cx.account.outbox.entries).into_iter().partition(OutboxEntry::is_send);
    let removals = changes.iter().map(|change| OutboxWrite::Remove(change.local));
    removals.for_each(|write| cx.persist(Write::Outbox(write)));
    for send in sends {
        let local = send.local;
        let failure = match send.stage {
            Stage::Failed(failure) => failure,
            _ => SendFailure::OtherAccount,
        };
        let stage = Stage::Failed(failure.clone());
        cx.account.outbox.entries.push(OutboxEntry { stage, in_timeline: false, percent: None, ..send });
        mark_stage(cx, local, store::Stage::Failed(failure));
    }
}

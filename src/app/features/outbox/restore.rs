//! Restoration of the outbox from disk.

use crate::app::features::outbox::queue;
use crate::app::model::context::Context;
use crate::app::model::outbox::entry::OutboxEntry;
use crate::store::{Entry, OutboxWrite, Write};

/// Restores the entries stored before the start, in their order and ahead of all entries created since.
///
/// Entries that did not fail may have been sent, whatever their stored stage. Each is shown as soon as its room is
/// known. Failed edits and deletions are removed.
pub fn restore(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let mut old = Vec::with_capacity(entries.len());
    for stored in entries {
        let local = stored.local;
        if cx.account.outbox.get(local).is_some() {
            continue;
        }
        match OutboxEntry::restored(stored, cx.now) {
            Some(entry) => old.push(entry),
            None => cx.persist(Write::Outbox(OutboxWrite::Remove(local))),
        }
    }
    cx.account.outbox.restore_front(old);
    queue::advance(cx);
}

/// Restores entries that another account left on disk. They are shown, but sent only if the user retries them.
pub(in crate::app) fn restore_foreign(cx: &mut Context<'_>, entries: Vec<Entry>) {
    let newer = cx.account.outbox.remove_where(|_| true);
    // Without an identity no entry is sent before all of them are marked as failed.
    let me = cx.account.me.take();
    restore(cx, entries);
    fail_foreign(cx);
    cx.account.me = me;
    newer.into_iter().for_each(|entry| cx.account.outbox.push(entry));
    queue::advance(cx);
}

/// Marks all entries as failed because another account wrote them. They are sent only if the user retries them.
///
/// The rooms of that account are gone from this client, and edits and deletions are dropped with them.
pub(in crate::app) fn fail_foreign(cx: &mut Context<'_>) {
    for change in cx.account.outbox.remove_where(|entry| !entry.is_send()) {
        cx.persist(Write::Outbox(OutboxWrite::Remove(change.local())));
    }
    let writes = cx.account.outbox.on_account_changed();
    writes.into_iter().for_each(|write| cx.persist(Write::Outbox(write)));
}

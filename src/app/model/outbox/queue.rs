//! The queue of outbox entries, with the searches for those that the server may already have.

use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::reconcile::Reconcile;
use crate::domain::{LocalId, MessageId, PageSerial, RoomId, Timestamp};
use crate::store::{OutboxPayload, OutboxWrite};
use std::collections::HashMap;

/// The maximum number of entries. Nobody types that many, so reaching the limit indicates a fault. Further text stays
/// in the composer.
const MAX_ENTRIES: usize = 1_000;

/// The entries that the server has not confirmed, in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    entries: Vec<OutboxEntry>,
    /// The running searches for messages that the server may have, by room. An entry is being checked only while the
    /// search in its room runs.
    searches: HashMap<RoomId, Reconcile>,
    /// Whether the store failed to confirm a write in time. Until it confirms one, no entry waits for it.
    store_unresponsive: bool,
    /// The time at which the queue has to be advanced even if no event arrives.
    wake_at: Option<Timestamp>,
}

impl Outbox {
    /// Returns the entry with this identifier.
    pub fn get(&self, local: LocalId) -> Option<&OutboxEntry> {
        self.entries.iter().find(|entry| entry.local() == local)
    }

    /// Returns all entries, in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter()
    }

    /// Returns why nothing can be added now, as a sentence; `None` if something can.
    pub(in crate::app) fn full_reason(&self) -> Option<String> {
        let is_full = self.entries.len() >= MAX_ENTRIES;
        is_full.then(|| format!("{MAX_ENTRIES} messages are queued already. Send this one later."))
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the outbox has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an entry would be lost if the program ended now.
    pub fn is_at_risk(&self) -> bool {
        self.entries.iter().any(|entry| !entry.is_on_disk())
    }

    /// Returns the entries of `room`, in the order in which they were written.
    pub(in crate::app) fn in_room(&self, room: &RoomId) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter().filter(move |entry| entry.room() == room)
    }

    /// Returns the entries of `room` that the server cannot have received.
    pub(in crate::app) fn never_sent(&self, room: &RoomId) -> Vec<LocalId> {
        self.in_room(room).filter(|entry| entry.was_never_sent()).map(OutboxEntry::local).collect()
    }

    /// Returns the text that `message` will have after its newest queued edit.
    pub fn edit_of(&self, message: &MessageId) -> Option<&str> {
        self.entries.iter().rev().find_map(|entry| match entry.payload() {
            OutboxPayload::Edit { message: of, text } if of == message => Some(text.as_str()),
            _ => None,
        })
    }

    pub(in crate::app) fn get_mut(&mut self, local: LocalId) -> Option<&mut OutboxEntry> {
        self.entries.iter_mut().find(|entry| entry.local() == local)
    }

    fn in_room_mut(&mut self, room: &RoomId) -> impl Iterator<Item = &mut OutboxEntry> {
        self.entries.iter_mut().filter(move |entry| entry.room() == room)
    }

    /// Adds an entry at the end.
    pub(in crate::app) fn push(&mut self, entry: OutboxEntry) {
        self.entries.push(entry);
    }

    /// Inserts entries that are older than all others.
    pub(in crate::app) fn restore_front(&mut self, older: Vec<OutboxEntry>) {
        self.entries.splice(0..0, older);
    }

    pub(in crate::app) fn remove(&mut self, local: LocalId) -> Option<OutboxEntry> {
        let at = self.entries.iter().position(|entry| entry.local() == local)?;
        Some(self.entries.remove(at))
    }

    /// Removes and returns the entries for which `which` returns `true`, in their order.
    pub(in crate::app) fn remove_where(&mut self, which: impl Fn(&OutboxEntry) -> bool) -> Vec<OutboxEntry> {
        self.entries.extract_if(.., |entry| which(entry)).collect()
    }

    /// Records the upload progress of a file in bytes.
    pub fn set_progress(&mut self, local: LocalId, now: Timestamp, sent: u64, total: u64) {
        if let Some(entry) = self.get_mut(local) {
            entry.on_progress(now, sent, total);
        }
    }

    /// Returns the search that is running in `room`.
    pub(in crate::app) fn search_in(&self, room: &RoomId) -> Option<&Reconcile> {
        self.searches.get(room)
    }

    /// Returns the running searches, in no particular order.
    pub(in crate::app) fn searches(&self) -> impl Iterator<Item = (&RoomId, &Reconcile)> {
        self.searches.iter()
    }

    /// Begins a search in `room` for all its entries that are due for one.
    pub(in crate::app) fn begin_search(&mut self, room: RoomId, search: Reconcile, now: Timestamp) {
        self.in_room_mut(&room).for_each(|entry| {
            entry.start_search(now);
        });
        self.searches.insert(room, search);
    }

    /// Records that the search in `room` continues with the next older page.
    pub(in crate::app) fn continue_search(&mut self, room: &RoomId, serial: PageSerial) {
        if let Some(search) = self.searches.get_mut(room) {
            search.on_next_page(serial);
        }
    }

    /// Ends the search in `room`. Entries about which nothing was decided are due for another one `now`.
    pub(in crate::app) fn end_search(&mut self, room: &RoomId, now: Timestamp) {
        self.searches.remove(room);
        self.in_room_mut(room).for_each(|entry| entry.search_again(now));
    }

    /// Ends the search in `room` because it failed. The next one follows after a delay, which `chance` spreads.
    pub(in crate::app) fn on_search_failed(&mut self, room: &RoomId, now: Timestamp, chance: i64) {
        self.searches.remove(room);
        self.in_room_mut(room).for_each(|entry| entry.on_search_failed(now, chance));
    }

    /// Ends all searches. Their entries are due for another one `now`.
    pub(in crate::app) fn end_all_searches(&mut self, now: Timestamp) {
        self.searches.clear();
        self.entries.iter_mut().for_each(|entry| entry.search_again(now));
    }

    /// Makes all waiting entries due: queued ones `now`, and uncertain ones at `search_at`.
    pub(in crate::app) fn expedite(&mut self, now: Timestamp, search_at: Timestamp) {
        self.entries.iter_mut().for_each(|entry| entry.expedite(now, search_at));
    }

    /// Records that another account has signed in. Returns the writes to the store.
    pub(in crate::app) fn on_account_changed(&mut self) -> Vec<OutboxWrite> {
        self.searches.clear();
        self.entries.iter_mut().map(OutboxEntry::on_account_changed).collect()
    }

    /// Whether the store failed to confirm the last write in time, so that no entry waits for it.
    pub(in crate::app) fn is_store_unresponsive(&self) -> bool {
        self.store_unresponsive
    }

    /// Records that the store has answered.
    pub(in crate::app) fn on_store_answer(&mut self) {
        self.store_unresponsive = false;
    }

    /// Records that the store did not confirm a write in time, and returns whether it had responded until then.
    pub(in crate::app) fn on_store_timeout(&mut self) -> bool {
        !std::mem::replace(&mut self.store_unresponsive, true)
    }

    /// Returns when the queue has to be advanced even if no event arrives.
    pub(in crate::app) fn next_wake(&self) -> Option<Timestamp> {
        self.wake_at
    }

    /// Sets when the queue has to be advanced even if no event arrives.
    pub(in crate::app) fn set_next_wake(&mut self, at: Option<Timestamp>) {
        self.wake_at = at;
    }

    /// Returns all times held by the outbox, for correction after a clock rollback.
    pub(in crate::app) fn times_mut(&mut self) -> impl Iterator<Item = &mut Timestamp> {
        let entries = self.entries.iter_mut().flat_map(OutboxEntry::times_mut);
        entries.chain(self.searches.values_mut().flat_map(Reconcile::times_mut)).chain(&mut self.wake_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Content;
    use crate::store::{Entry, StoredStage};

    /// Regression test: entries stayed "checking" for ever when the request for a page could not be made.
    #[test]
    fn ended_search_leaves_no_entry_being_checked() {
        type End = fn(&mut Outbox, &RoomId, Timestamp);
        let ends: [End; 3] = [
            Outbox::end_search,
            |outbox, room, now| outbox.on_search_failed(room, now, 500),
            |outbox, _, now| outbox.end_all_searches(now),
        ];
        for end in ends {
            let (room, now) = (RoomId::new("r1"), Timestamp(1_000));
            let payload = OutboxPayload::Send(Content::text("hello".to_owned()));
            let local = LocalId::from_random(1);
            let stored = Entry {
                local,
                room: room.clone(),
                payload,
                stage: StoredStage::Uncertain,
                attempts: 1,
                at: Timestamp(0),
            };
            let mut outbox = Outbox::default();
            outbox.push(OutboxEntry::restored(stored, now).expect("an entry"));
            let search = Reconcile::new(PageSerial::default(), now, Timestamp(0), now + 1_000);
            outbox.begin_search(room.clone(), search, now);
            assert!(outbox.get(local).is_some_and(OutboxEntry::is_being_checked));
            end(&mut outbox, &room, now);
            assert!(outbox.search_in(&room).is_none());
            assert!(outbox.get(local).is_some_and(OutboxEntry::needs_search));
        }
    }
}

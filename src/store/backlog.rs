//! Writes and queries that the store's thread has not carried out yet, and their order. Contains no threading.
//!
//! There are two kinds of writes. *Urgent* writes, which the user relies on (the outbox, deletions of stored data), are
//! carried out immediately and in order. All other writes are *deferred* for a moment: during a burst, or while
//! somebody types, a newer write replaces older ones about the same subject.
//!
//! The backlog is bounded. Outbox entries are limited by what a person types. There is at most one deferred write for
//! each room, person, draft and read marker, because the newest replaces the others. Messages beyond [`MAX_MESSAGES`]
//! are dropped, the oldest first: the server still has them, and the store records a gap.

use std::collections::{HashMap, VecDeque};
use std::{iter, mem};

use crate::domain::{PersonId, RoomId};

use super::answer::{Answer, Sink};
use super::write::{OutboxWrite, Query, Write};

/// Largest number of deferred messages, a few megabytes, so that a disk that hangs does not fill the memory.
const MAX_MESSAGES: usize = 20_000;

/// Largest number of messages in one transaction. It takes about ten milliseconds, for which an urgent write may have
/// to wait.
const MAX_TRANSACTION: usize = 500;

/// The subject of a deferred write; of several writes about one subject, only the newest counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum WriteSubject {
    Me,
    SyncedAt,
    OpenRoom,
    Arrangement,
    RecentEmoji,
    Room(RoomId),
    Person(PersonId),
    Draft(RoomId),
    RoomlessDraft,
    ReadMarker(RoomId),
}

/// An urgent write that waits, and what the program knows about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UrgentWrite {
    pub(super) write: Write,
    /// Drafts that are carried out in the same transaction: what the user sends must not be in the composer as well
    /// after a crash.
    pub(super) drafts: Vec<Write>,
    /// Whether it was confirmed as not on disk.
    is_reported: bool,
}

impl UrgentWrite {
    fn new(write: Write) -> Self {
        Self { write, drafts: Vec::new(), is_reported: false }
    }

    /// The write and its drafts.
    pub(super) fn writes(&self) -> impl Iterator<Item = &Write> {
        iter::once(&self.write).chain(&self.drafts)
    }

    /// Whether both are about the same outbox entry, or about the same draft.
    pub(super) fn has_subject_of(&self, other: &Self) -> bool {
        let has_entry = match (&self.write, &other.write) {
            (Write::Outbox(one), Write::Outbox(other)) => one.local() == other.local(),
            _ => false,
        };
        has_entry || other.drafts.iter().any(|draft| self.has_draft_of(draft))
    }

    /// Whether one of its drafts is the one that `write` is about.
    fn has_draft_of(&self, write: &Write) -> bool {
        draft_of(write).is_some() && self.drafts.iter().any(|draft| draft_of(draft) == draft_of(write))
    }

    /// Confirms that it is not on disk, once.
    pub(super) fn report_unwritten(&mut self, sink: &mut Sink) {
        if !mem::replace(&mut self.is_reported, true) {
            confirm(sink, &self.write, false);
        }
    }
}

/// Confirms an outbox write.
pub(super) fn confirm(sink: &mut Sink, write: &Write, on_disk: bool) {
    if let Write::Outbox(write) = write {
        sink(Answer::confirming(write, on_disk));
    }
}

/// Writes and queries that wait for the store's thread.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    urgent: Vec<UrgentWrite>,
    /// Deferred writes, oldest first; `None` where one was cancelled.
    deferred: VecDeque<Option<Write>>,
    /// Number of writes that have been removed from the front of `deferred`. `deferred[index]` has the serial number
    /// `removed + index`.
    removed: u64,
    /// Serial number of the deferred write about each subject.
    latest: HashMap<WriteSubject, u64>,
    /// Sum of the [`weight`]s of `deferred`.
    weight: usize,
    queries: Vec<Query>,
    /// Whether the deferred writes have waited long enough.
    has_lingered: bool,
    closing: bool,
}

/// Work for the store's thread: `urgent` first, then `deferred`, then `queries`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Writes whose order matters to the user.
    pub(super) urgent: Vec<UrgentWrite>,
    /// All other writes.
    pub(super) deferred: Vec<Write>,
    /// Queries that may see all writes before them.
    pub(super) queries: Vec<Query>,
    /// Whether nothing will follow.
    pub(super) is_last: bool,
}

/// Number of messages that a write counts as.
fn weight(write: &Write) -> usize {
    match write {
        Write::Messages(batch) => batch.messages.len().max(1),
        _ => 1,
    }
}

impl Backlog {
    /// Adds a write.
    pub(super) fn push(&mut self, write: Write) {
        match write {
            Write::Rooms(infos) => infos.into_iter().for_each(|info| self.defer(Write::Rooms(vec![info]))),
            Write::People(infos) => infos.into_iter().for_each(|info| self.defer(Write::People(vec![info]))),
            Write::Me(_)
            | Write::SyncedAt(_)
            | Write::OpenRoom(_)
            | Write::Arrangement(_)
            | Write::RecentEmoji(_)
            | Write::Draft { .. }
            | Write::RoomlessDraft(_)
            | Write::ReadMarker { .. }
            | Write::Messages(_)
            | Write::UpdateMessage { .. }
            | Write::Edit { .. }
            | Write::Tombstone { .. }
            | Write::RemoveMessage { .. }
            | Write::AddToDraft { .. } => self.defer(write),
            Write::Outbox(_) | Write::ForgetRoom(_) | Write::ForgetHistory | Write::Wipe => {
                self.push_urgent(UrgentWrite::new(write));
            }
        }
    }

    /// Adds an urgent write. It overtakes deferred writes, so those that it makes obsolete are cancelled.
    pub(super) fn push_urgent(&mut self, urgent: UrgentWrite) {
        match &urgent.write {
            Write::ForgetRoom(room) => self.cancel(|deferred| is_about(deferred, room)),
            Write::ForgetHistory => self.cancel(|deferred| !deferred.is_draft()),
            Write::Wipe => self.cancel(|_| true),
            _ => {}
        }
        if !urgent.drafts.is_empty() {
            self.cancel(|deferred| urgent.has_draft_of(deferred));
        }
        self.urgent.push(urgent);
    }

    /// Adds writes that belong together. New texts of drafts are carried out with the outbox write among them.
    pub(super) fn push_all(&mut self, mut writes: Vec<Write>) {
        let is_outbox = |write: &Write| matches!(write, Write::Outbox(_));
        let is_draft = |write: &mut Write| matches!(write, Write::Draft { .. } | Write::RoomlessDraft(_));
        // Whatever else is about drafts depends on the order.
        let depends_on_order = |write: &Write| {
            matches!(write, Write::AddToDraft { .. } | Write::ForgetRoom(_) | Write::ForgetHistory | Write::Wipe)
        };
        if let Some(last) = writes.iter().rposition(is_outbox)
            && !writes.iter().any(depends_on_order)
        {
            let mut urgent = UrgentWrite::new(writes.remove(last));
            urgent.drafts.extend(writes.extract_if(.., is_draft));
            writes.into_iter().for_each(|write| self.push(write));
            self.push_urgent(urgent);
        } else {
            writes.into_iter().for_each(|write| self.push(write));
        }
    }

    /// Adds a deferred write, which replaces an older one about the same subject.
    fn defer(&mut self, write: Write) {
        // A newer text goes with the outbox write that waits together with the older one.
        let replaces = matches!(write, Write::Draft { .. } | Write::RoomlessDraft(_));
        let mut waiting = self.urgent.iter_mut().rev().flat_map(|urgent| &mut urgent.drafts);
        if replaces && let Some(older) = waiting.find(|older| draft_of(older) == draft_of(&write)) {
            *older = write;
            return;
        }
        match subject(&write) {
            Some(subject) => self.replace(subject, write),
            None => {
                self.append(write);
            }
        }
    }

    /// Adds a query. An older query of its kind (of its room, for history) is dropped and never answered.
    pub(super) fn query(&mut self, query: Query) {
        self.queries.retain(|other| match (other, &query) {
            (Query::Search { .. }, Query::Search { .. }) => false,
            (Query::History { room: one, .. }, Query::History { room: other, .. }) => one != other,
            _ => true,
        });
        self.queries.push(query);
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.urgent.is_empty() && self.deferred.is_empty() && self.queries.is_empty()
    }

    /// The urgent writes.
    pub(super) fn urgent_mut(&mut self) -> impl Iterator<Item = &mut UrgentWrite> {
        self.urgent.iter_mut()
    }

    /// Drops the urgent writes that `newer` makes obsolete and that have been confirmed as not on disk. Nobody waits for a
    /// second confirmation of these.
    pub(super) fn drop_obsolete(&mut self, newer: &Write) {
        let is_void = |write: &Write| match (newer, write) {
            (Write::Outbox(OutboxWrite::Remove(local)), Write::Outbox(change)) => change.local() == *local,
            (Write::ForgetRoom(room), write) => is_about(write, room),
            (Write::Wipe, _) => true,
            _ => false,
        };
        let mut drafts = Vec::new();
        for urgent in mem::take(&mut self.urgent) {
            if urgent.is_reported && is_void(&urgent.write) {
                drafts.extend(urgent.drafts.into_iter().filter(|draft| !is_void(draft)));
            } else {
                // That text is newer.
                drafts.retain(|draft| !urgent.has_draft_of(draft));
                self.urgent.push(urgent);
            }
        }
        drafts.into_iter().for_each(|draft| self.defer(draft));
    }

    /// Announces that nothing will be added any more. From now on nothing is deferred.
    pub(super) fn close(&mut self) {
        self.closing = true;
    }

    /// Whether nothing will be added any more.
    pub(super) fn is_closing(&self) -> bool {
        self.closing
    }

    /// Whether there is work that must not wait any longer.
    pub(super) fn is_due(&self) -> bool {
        let has_urgent = !self.urgent.is_empty() || !self.queries.is_empty() || self.closing;
        has_urgent || self.has_lingered || self.weight >= MAX_TRANSACTION
    }

    /// Takes the work for one transaction. Queries are held back until all writes before them have been taken.
    pub(super) fn take(&mut self) -> Work {
        let mut work = Work { urgent: mem::take(&mut self.urgent), ..Work::default() };
        let mut taken = 0;
        while taken < MAX_TRANSACTION
            && let Some(write) = self.pop()
        {
            taken += weight(&write);
            work.deferred.push(write);
        }
        self.has_lingered = !self.deferred.is_empty();
        if self.deferred.is_empty() {
            work.queries = mem::take(&mut self.queries);
            work.is_last = self.closing;
        }
        work
    }

    /// Takes every write: the urgent and the deferred ones.
    pub(super) fn take_all(&mut self) -> (Vec<UrgentWrite>, Vec<Write>) {
        let deferred = std::iter::from_fn(|| self.pop()).collect();
        (mem::take(&mut self.urgent), deferred)
    }

    fn pop(&mut self) -> Option<Write> {
        while let Some(front) = self.deferred.pop_front() {
            let number = self.removed;
            self.removed += 1;
            if let Some(write) = front {
                self.weight -= weight(&write);
                if let Some(subject) = subject(&write)
                    && self.latest.get(&subject) == Some(&number)
                {
                    self.latest.remove(&subject);
                }
                return Some(write);
            }
        }
        None
    }

    fn append(&mut self, write: Write) {
        self.weight += weight(&write);
        self.deferred.push_back(Some(write));
        if self.weight > MAX_MESSAGES {
            self.drop_oldest();
        }
    }

    /// Puts `write` in the place of the older write about its subject, or at the end if there is none.
    fn replace(&mut self, subject: WriteSubject, write: Write) {
        let older = self.latest.get(&subject).and_then(|number| usize::try_from(number - self.removed).ok());
        if let Some(slot) = older.and_then(|index| self.deferred.get_mut(index)) {
            *slot = Some(write);
        } else {
            self.latest.insert(subject, self.removed + self.deferred.len() as u64);
            self.append(write);
        }
    }

    /// Drops the oldest messages until a quarter of the limit is free. If that is not enough, drops deletions as well:
    /// the server repeats those, too.
    fn drop_oldest(&mut self) {
        let before = self.weight;
        for with_deletions in [false, true] {
            for slot in &mut self.deferred {
                if self.weight <= MAX_MESSAGES / 4 * 3 {
                    break;
                }
                let can_drop = |write: &Write| match write {
                    Write::Messages(_) | Write::UpdateMessage { .. } | Write::Edit { .. } => true,
                    Write::Tombstone { .. } | Write::RemoveMessage { .. } => with_deletions,
                    _ => false,
                };
                if let Some(write) = slot.take_if(|write| can_drop(write)) {
                    self.weight -= weight(&write);
                }
            }
        }
        tracing::warn!(dropped = before - self.weight, "the disk is too slow; messages were not stored");
    }

    /// Removes the deferred writes for which `is_void` returns true.
    fn cancel(&mut self, is_void: impl Fn(&Write) -> bool) {
        for slot in &mut self.deferred {
            if let Some(write) = slot.take_if(|write| is_void(write)) {
                self.weight -= weight(&write);
                if let Some(subject) = subject(&write) {
                    self.latest.remove(&subject);
                }
            }
        }
    }
}

/// The subject of `write`, if a newer write about it replaces this one. `Rooms` and `People` have been split into
/// single items before.
fn subject(write: &Write) -> Option<WriteSubject> {
    match write {
        Write::Rooms(infos) => infos.first().map(|info| WriteSubject::Room(info.id.clone())),
        Write::People(infos) => infos.first().map(|info| WriteSubject::Person(info.id.clone())),
        Write::Me(_) => Some(WriteSubject::Me),
        Write::SyncedAt(_) => Some(WriteSubject::SyncedAt),
        Write::OpenRoom(_) => Some(WriteSubject::OpenRoom),
        Write::Arrangement(_) => Some(WriteSubject::Arrangement),
        Write::RecentEmoji(_) => Some(WriteSubject::RecentEmoji),
        Write::Draft { room, .. } => Some(WriteSubject::Draft(room.clone())),
        Write::RoomlessDraft(_) => Some(WriteSubject::RoomlessDraft),
        Write::ReadMarker { room, .. } => Some(WriteSubject::ReadMarker(room.clone())),
        Write::Messages(_)
        | Write::UpdateMessage { .. }
        | Write::Edit { .. }
        | Write::Tombstone { .. }
        | Write::RemoveMessage { .. }
        | Write::AddToDraft { .. }
        | Write::Outbox(_)
        | Write::ForgetRoom(_)
        | Write::ForgetHistory
        | Write::Wipe => None,
    }
}

/// The room of a draft; `None` within for the text without a room.
fn draft_of(write: &Write) -> Option<Option<&RoomId>> {
    match write {
        Write::Draft { room, .. } => Some(Some(room)),
        Write::RoomlessDraft(_) => Some(None),
        Write::AddToDraft { room, .. } => Some(room.as_ref()),
        _ => None,
    }
}

/// Whether `write` concerns `room` and nothing else.
fn is_about(write: &Write, room: &RoomId) -> bool {
    match write {
        Write::Rooms(infos) => infos.iter().all(|info| info.id == *room),
        Write::Messages(batch) => batch.room == *room,
        Write::UpdateMessage { room: of, .. }
        | Write::Edit { room: of, .. }
        | Write::Tombstone { room: of, .. }
        | Write::RemoveMessage { room: of, .. }
        | Write::Draft { room: of, .. }
        | Write::ReadMarker { room: of, .. }
        | Write::ForgetRoom(of) => of == room,
        Write::AddToDraft { room: of, .. } => of.as_ref() == Some(room),
        Write::Outbox(OutboxWrite::Put(entry)) => entry.room == *room,
        _ => false,
    }
}

#[cfg(test)]
mod tests;

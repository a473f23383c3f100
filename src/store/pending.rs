//! What waits for the store's thread, and in which order it is carried out. Knows nothing of threads.
//!
//! Two lanes: what the user wrote and wants to be sure of goes at once; all else lingers for a moment, since in a burst or
//! while somebody types the newest word replaces the ones before.
//!
//! The answer to "full" is in [`Pending::shed`]: the outbox is never full, it is bounded by what a person writes. Rooms,
//! people, drafts and read positions are bounded by their number, for the newest replaces the older. Messages are
//! dropped, the oldest first: they can be fetched again, and the store knows that there is a hole.

use std::collections::{HashMap, VecDeque};

use crate::domain::{PersonId, RoomId};

use super::write::{OutboxWrite, Query, Write};

/// Messages that wait at most, some megabytes. Only a disk that hangs, or a flood, makes it that many.
const MOST: usize = 5_000;

/// Messages in one transaction: some ten milliseconds, which a send may have to wait.
const CHUNK: usize = 500;

/// What a write says anew, so that only the newest counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Me,
    Heard,
    Opened,
    Room(RoomId),
    Person(PersonId),
    Draft(RoomId),
    Read(RoomId),
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// What is carried out at once.
    urgent: Vec<Write>,
    /// What may linger; `None` was taken back.
    lazy: VecDeque<Option<Write>>,
    /// How many have left `lazy` at its front: what is at `place` there was the `left + place`th.
    left: u64,
    newest: HashMap<Subject, u64>,
    weight: usize,
    queries: Vec<Query>,
    /// What is in `lazy` has lingered.
    ripe: bool,
    closing: bool,
}

/// What is to be done now: first `urgent`, then `lazy`, then `queries`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Writes whose order matters to the user.
    pub(super) urgent: Vec<Write>,
    /// All other writes.
    pub(super) lazy: Vec<Write>,
    /// Questions.
    pub(super) queries: Vec<Query>,
    /// Nothing comes after this.
    pub(super) last: bool,
}

fn weight(write: &Write) -> usize {
    match write {
        Write::Messages(batch) => batch.messages.len().max(1),
        _ => 1,
    }
}

impl Pending {
    /// Takes a write in.
    pub(super) fn push(&mut self, write: Write) {
        match write {
            Write::Rooms(infos) => {
                for info in infos {
                    self.replace(Subject::Room(info.id.clone()), Write::Rooms(vec![info]));
                }
            }
            Write::People(infos) => {
                for info in infos {
                    self.replace(Subject::Person(info.id.clone()), Write::People(vec![info]));
                }
            }
            Write::Me(_) => self.replace(Subject::Me, write),
            Write::Heard(_) => self.replace(Subject::Heard, write),
            Write::Opened(_) => self.replace(Subject::Opened, write),
            Write::Draft { ref room, .. } => self.replace(Subject::Draft(room.clone()), write),
            Write::Read { ref room, .. } => self.replace(Subject::Read(room.clone()), write),
            Write::Messages(_) | Write::Change { .. } | Write::Tombstone { .. } | Write::Remove { .. } => {
                self.append(write);
            }
            Write::Outbox(_) => self.urgent.push(write),
            // These overtake what lingers; what they make void must not come after them.
            Write::ForgetRoom(ref room) => {
                self.take_back(|waiting| is_of(waiting, room));
                self.urgent.push(write);
            }
            Write::ForgetHistory => {
                self.take_back(|waiting| !matches!(waiting, Write::Draft { .. }));
                self.urgent.push(write);
            }
            Write::Wipe => {
                self.take_back(|_| true);
                self.urgent.push(write);
            }
        }
    }

    /// Takes a question in; an older one of its kind is not answered any more.
    pub(super) fn ask(&mut self, query: Query) {
        self.queries.retain(|other| match (other, &query) {
            (Query::Find { .. }, Query::Find { .. }) => false,
            (Query::Past { room: one, .. }, Query::Past { room: other, .. }) => one != other,
            _ => true,
        });
        self.queries.push(query);
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.urgent.is_empty() && self.lazy.is_empty() && self.queries.is_empty()
    }

    /// How many of the writes are to be carried out at once.
    pub(super) fn urgent(&self) -> usize {
        self.urgent.len()
    }

    /// Drops, of the first `told` that are to be carried out at once, what `by` makes void; returns how many those were.
    /// Nobody waits for their confirmation.
    pub(super) fn void(&mut self, by: &Write, told: usize) -> usize {
        let void = |write: &Write| match (by, write) {
            (Write::Outbox(OutboxWrite::Remove(local)), Write::Outbox(change)) => change.local() == *local,
            (Write::ForgetRoom(room), write) => is_of(write, room),
            (Write::Wipe, _) => true,
            _ => false,
        };
        let before = self.urgent.len();
        let mut place = 0;
        self.urgent.retain(|write| {
            place += 1;
            place > told || !void(write)
        });
        before - self.urgent.len()
    }

    /// Nothing more will come: nothing lingers from now on.
    pub(super) fn close(&mut self) {
        self.closing = true;
    }

    /// Whether nothing more will come.
    pub(super) fn is_closing(&self) -> bool {
        self.closing
    }

    /// Whether something must not linger.
    pub(super) fn is_pressing(&self) -> bool {
        let asked = !self.urgent.is_empty() || !self.queries.is_empty() || self.closing;
        asked || self.ripe || self.weight >= CHUNK
    }

    /// Takes out what is to be done now. Questions wait until the writes before them have been taken.
    pub(super) fn take(&mut self) -> Work {
        let mut work = Work { urgent: std::mem::take(&mut self.urgent), ..Work::default() };
        let mut taken = 0;
        while taken < CHUNK
            && let Some(write) = self.pop()
        {
            taken += weight(&write);
            work.lazy.push(write);
        }
        self.ripe = !self.lazy.is_empty();
        if self.lazy.is_empty() {
            work.queries = std::mem::take(&mut self.queries);
            work.last = self.closing;
        }
        work
    }

    /// Takes out every write.
    pub(super) fn take_all(&mut self) -> (Vec<Write>, Vec<Write>) {
        let lazy = std::iter::from_fn(|| self.pop()).collect();
        (std::mem::take(&mut self.urgent), lazy)
    }

    fn pop(&mut self) -> Option<Write> {
        while let Some(front) = self.lazy.pop_front() {
            let number = self.left;
            self.left += 1;
            if let Some(write) = front {
                self.weight -= weight(&write);
                if let Some(subject) = subject(&write)
                    && self.newest.get(&subject) == Some(&number)
                {
                    self.newest.remove(&subject);
                }
                return Some(write);
            }
        }
        None
    }

    fn append(&mut self, write: Write) {
        self.weight += weight(&write);
        self.lazy.push_back(Some(write));
        if self.weight > MOST {
            self.shed();
        }
    }

    /// Puts `write` where the older one of its subject stood, or at the end.
    fn replace(&mut self, subject: Subject, write: Write) {
        let older = self.newest.get(&subject).and_then(|number| usize::try_from(number - self.left).ok());
        if let Some(place) = older.and_then(|place| self.lazy.get_mut(place)) {
            *place = Some(write);
        } else {
            self.newest.insert(subject, self.left + self.lazy.len() as u64);
            self.append(write);
        }
    }

    /// Drops the oldest messages, so many that it is not called again at once; then whatever else can be fetched again.
    fn shed(&mut self) {
        let before = self.weight;
        for any in [false, true] {
            for place in &mut self.lazy {
                if self.weight <= MOST / 4 * 3 {
                    break;
                }
                let droppable = |write: &Write| match write {
                    Write::Messages(_) | Write::Change { .. } => true,
                    Write::Tombstone { .. } | Write::Remove { .. } => any,
                    _ => false,
                };
                if let Some(write) = place.take_if(|write| droppable(write)) {
                    self.weight -= weight(&write);
                }
            }
        }
        tracing::warn!(dropped = before - self.weight, "the disk does not keep up: messages were not stored");
    }

    fn take_back(&mut self, void: impl Fn(&Write) -> bool) {
        for place in &mut self.lazy {
            if let Some(write) = place.take_if(|write| void(write)) {
                self.weight -= weight(&write);
                if let Some(subject) = subject(&write) {
                    self.newest.remove(&subject);
                }
            }
        }
    }
}

/// What of `write` the newest word replaces.
fn subject(write: &Write) -> Option<Subject> {
    match write {
        Write::Rooms(infos) => infos.first().map(|info| Subject::Room(info.id.clone())),
        Write::People(infos) => infos.first().map(|info| Subject::Person(info.id.clone())),
        Write::Me(_) => Some(Subject::Me),
        Write::Heard(_) => Some(Subject::Heard),
        Write::Opened(_) => Some(Subject::Opened),
        Write::Draft { room, .. } => Some(Subject::Draft(room.clone())),
        Write::Read { room, .. } => Some(Subject::Read(room.clone())),
        _ => None,
    }
}

/// Whether `write` is about `room` and nothing else.
fn is_of(write: &Write, room: &RoomId) -> bool {
    match write {
        Write::Rooms(infos) => infos.iter().all(|info| info.id == *room),
        Write::Messages(batch) => batch.room == *room,
        Write::Change { room: of, .. }
        | Write::Tombstone { room: of, .. }
        | Write::Remove { room: of, .. }
        | Write::Draft { room: of, .. }
        | Write::Read { room: of, .. }
        | Write::ForgetRoom(of) => of == room,
        Write::Outbox(OutboxWrite::Put(entry)) => entry.room == *room,
        _ => false,
    }
}

#[cfg(test)]
#[path = "pending_tests.rs"]
mod tests;

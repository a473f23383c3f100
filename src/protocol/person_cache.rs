//! Cache of the people and the room of recent messages.
//!
//! Every message embeds its author in full. In a burst of messages the cache makes all ids of an author share one
//! allocation, and lets adapters omit an author who was reported before and has not changed. Independent of any wire
//! format.

use std::collections::HashMap;

use crate::domain::{PersonId, RoomId};

use super::limits::truncate_line;

/// Maximum number of people in the cache. Chats have a handful of busy authors. A full cache is cleared, after which
/// authors are allocated and reported once more.
const MAX_PEOPLE: usize = 512;

/// Policy for including the full [`PersonInfo`](crate::domain::PersonInfo) of authors in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReportAuthors {
    /// All messages. For replies, which make up for lost events.
    Always,
    /// Messages whose author is new or changed. For live events.
    IfChanged,
    /// Messages whose author was never reported. For old messages, whose names may be outdated.
    IfUnknown,
}

/// People and room of recent messages.
#[derive(Debug, Default)]
pub(super) struct PersonCache {
    people: HashMap<Box<str>, CachedPerson>,
    /// The room of the last message.
    room: Option<RoomId>,
}

#[derive(Debug)]
struct CachedPerson {
    id: PersonId,
    username: Box<str>,
    name: Box<str>,
    agent: bool,
    /// Whether the program knows the person under these names.
    reported: bool,
}

impl PersonCache {
    /// Records a person and marks them as reported. Returns the id, and whether the person has to be reported now
    /// because they are new or changed.
    pub(super) fn report(&mut self, id: &str, username: &str, name: &str, agent: bool) -> (PersonId, bool) {
        self.record(id, username, name, agent, true)
    }

    /// Records a person's names without marking the person as reported.
    pub(super) fn remember(&mut self, id: &str, username: &str, name: &str) -> PersonId {
        self.record(id, username, name, false, false).0
    }

    fn record(&mut self, id: &str, username: &str, name: &str, agent: bool, report: bool) -> (PersonId, bool) {
        let (username, name) = (&*truncate_line(username), &*truncate_line(name));
        if let Some(known) = self.people.get_mut(id) {
            if *known.username != *username || *known.name != *name || known.agent != agent {
                (known.username, known.name, known.agent) = (username.into(), name.into(), agent);
                known.reported = false;
            }
            let due = report && !known.reported;
            known.reported |= report;
            return (known.id.clone(), due);
        }
        if self.people.len() >= MAX_PEOPLE {
            self.people.clear();
        }
        let person = PersonId::new(id);
        let known =
            CachedPerson { id: person.clone(), username: username.into(), name: name.into(), agent, reported: report };
        self.people.insert(id.into(), known);
        (person, report)
    }

    /// Whether a person was reported under the names that are cached.
    pub(super) fn is_reported(&self, id: &str) -> bool {
        self.people.get(id).is_some_and(|known| known.reported)
    }

    /// Returns the cached username and name of a person.
    pub(super) fn names(&self, id: &str) -> Option<(&str, &str)> {
        self.people.get(id).map(|known| (&*known.username, &*known.name))
    }

    /// Converts an id to a [`PersonId`], which shares the cached allocation if the person is cached.
    pub(super) fn person_id(&self, id: &str) -> PersonId {
        self.people.get(id).map_or_else(|| PersonId::new(id), |known| known.id.clone())
    }

    /// Converts an id to a [`RoomId`], which shares the allocation of the last one if they are equal.
    pub(super) fn room_id(&mut self, id: &str) -> RoomId {
        match &self.room {
            Some(last) if last.as_str() == id => last.clone(),
            _ => self.room.insert(RoomId::new(id)).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn person_is_reported_once_and_again_after_a_change() {
        let mut cache = PersonCache::default();
        assert!(cache.report("p", "alice", "Alice", false).1);
        assert!(!cache.report("p", "alice", "Alice", false).1);
        assert!(cache.report("p", "alice", "Alicia", false).1);
        assert!(!cache.report("p", "alice", "Alicia", false).1);
        assert!(cache.report("p", "alice", "Alicia", true).1);
    }

    #[test]
    fn remembered_person_is_still_reported() {
        let mut cache = PersonCache::default();
        cache.remember("p", "alice", "Alice");
        assert_eq!((cache.names("p"), cache.is_reported("p")), (Some(("alice", "Alice")), false));
        assert!(cache.report("p", "alice", "Alice", false).1);
        cache.remember("p", "alice", "Alice");
        assert!(cache.is_reported("p"));
        cache.remember("p", "alice", "Alicia");
        assert!(cache.report("p", "alice", "Alicia", false).1);
    }

    #[test]
    fn cache_is_bounded() {
        let mut cache = PersonCache::default();
        for n in 0..10 * MAX_PEOPLE {
            cache.report(&n.to_string(), "u", "n", false);
        }
        assert!(cache.people.len() <= MAX_PEOPLE);
    }
}

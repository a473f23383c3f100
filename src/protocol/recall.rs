//! What the last messages had in common, so that a burst of them does not say it a hundred thousand times.
//!
//! Every message embeds its author in full. Here an author's id becomes one shared allocation, and an author
//! who was told before and has not changed is not told again. Knows nothing of JSON.

use std::collections::HashMap;

use crate::domain::{PersonId, RoomId};

use super::caps::short;

/// How many people are remembered. A chat has a handful of busy authors; past this the memory starts anew, which costs
/// one allocation an author and nothing else.
const PEOPLE: usize = 512;

/// Whether a message tells its author even when that author was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authors {
    /// Each of them: replies, which are what repairs a loss.
    All,
    /// Those who are new or changed: live events.
    News,
    /// Those who were never told: old messages, where these hold the names of their day.
    Strangers,
}

/// The people and the room of recent messages.
#[derive(Debug, Default)]
pub(super) struct Recall {
    people: HashMap<Box<str>, Known>,
    room: Option<RoomId>,
}

#[derive(Debug)]
struct Known {
    id: PersonId,
    username: Box<str>,
    name: Box<str>,
    agent: bool,
    told: bool,
}

impl Recall {
    /// The id as a [`PersonId`], and whether this person, with these very names, is `told` for the first time.
    pub(super) fn person(&mut self, id: &str, username: &str, name: &str, agent: bool) -> (PersonId, bool) {
        self.meet(id, username, name, agent, true)
    }

    /// Notes somebody's names without telling them.
    pub(super) fn note(&mut self, id: &str, username: &str, name: &str) -> PersonId {
        self.meet(id, username, name, false, false).0
    }

    fn meet(&mut self, id: &str, username: &str, name: &str, agent: bool, tell: bool) -> (PersonId, bool) {
        let (username, name) = (&*short(username), &*short(name));
        if let Some(known) = self.people.get_mut(id) {
            if *known.username != *username || *known.name != *name || known.agent != agent {
                (known.username, known.name, known.agent) = (username.into(), name.into(), agent);
                known.told = false;
            }
            let news = tell && !known.told;
            known.told |= tell;
            return (known.id.clone(), news);
        }
        if self.people.len() >= PEOPLE {
            self.people.clear();
        }
        let person = PersonId::new(id);
        let known = Known { id: person.clone(), username: username.into(), name: name.into(), agent, told: tell };
        self.people.insert(id.into(), known);
        (person, tell)
    }

    /// Whether somebody was told, with the names that are known of them.
    pub(super) fn is_told(&self, id: &str) -> bool {
        self.people.get(id).is_some_and(|known| known.told)
    }

    /// Under which username and name somebody is known.
    pub(super) fn names(&self, id: &str) -> Option<(&str, &str)> {
        self.people.get(id).map(|known| (&*known.username, &*known.name))
    }

    /// The id as a [`PersonId`], sharing the allocation where the person is known.
    pub(super) fn person_id(&self, id: &str) -> PersonId {
        self.people.get(id).map_or_else(|| PersonId::new(id), |known| known.id.clone())
    }

    /// The id as a [`RoomId`], sharing the allocation of the last one where it is the same.
    pub(super) fn room(&mut self, id: &str) -> RoomId {
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
    fn a_person_is_told_once_and_again_when_renamed() {
        let mut recall = Recall::default();
        assert!(recall.person("p", "alice", "Alice", false).1);
        assert!(!recall.person("p", "alice", "Alice", false).1);
        assert!(recall.person("p", "alice", "Alicia", false).1);
        assert!(!recall.person("p", "alice", "Alicia", false).1);
        assert!(recall.person("p", "alice", "Alicia", true).1);
    }

    #[test]
    fn who_is_only_noted_is_still_told() {
        let mut recall = Recall::default();
        recall.note("p", "alice", "Alice");
        assert_eq!((recall.names("p"), recall.is_told("p")), (Some(("alice", "Alice")), false));
        assert!(recall.person("p", "alice", "Alice", false).1);
        recall.note("p", "alice", "Alice");
        assert!(recall.is_told("p"));
        recall.note("p", "alice", "Alicia");
        assert!(recall.person("p", "alice", "Alicia", false).1);
    }

    #[test]
    fn memory_is_bounded() {
        let mut recall = Recall::default();
        for n in 0..10 * PEOPLE {
            recall.person(&n.to_string(), "u", "n", false);
        }
        assert!(recall.people.len() <= PEOPLE);
    }
}

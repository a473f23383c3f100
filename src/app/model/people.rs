//! Everybody who was ever mentioned.

use crate::domain::{Person, PersonId, PersonInfo, RoomId, Timestamp};
use std::collections::{HashMap, HashSet};

/// Everybody who was ever mentioned, by id.
#[derive(Debug, Clone, Default)]
pub struct People {
    by_id: HashMap<PersonId, Person>,
    requested: HashSet<PersonId>,
    /// Those of whom something new was said; when they were last there does not count.
    dirty: HashSet<PersonId>,
}

/// A look-up by user name that something waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLookup {
    /// The user name that was asked for.
    pub username: String,
    /// The room they are to join or leave.
    pub room: RoomId,
    /// To join, or to leave.
    pub add: bool,
}

impl People {
    /// Somebody.
    pub fn get(&self, id: &PersonId) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// Takes what the server says of somebody.
    pub fn learn(&mut self, info: PersonInfo) {
        match self.by_id.get_mut(&info.id) {
            Some(known) => {
                let old = &known.info;
                let named = !info.username.is_empty() && old.username != info.username;
                if named || old.name != info.name || old.agent != info.agent {
                    self.dirty.insert(info.id.clone());
                }
                known.update(info);
            }
            None => {
                self.dirty.insert(info.id.clone());
                self.by_id.insert(info.id.clone(), Person::new(info));
            }
        }
    }

    /// Takes what was known of somebody when the program last ran; what the server has said since wins.
    pub(in crate::app) fn restore(&mut self, info: PersonInfo) {
        self.by_id.entry(info.id.clone()).or_insert_with(|| Person::new(info));
    }

    /// Whether something new was said of anybody since that was asked last.
    pub(in crate::app) fn is_dirty(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// Those of whom something new was said since this was asked last.
    pub(in crate::app) fn take_dirty(&mut self) -> Vec<PersonInfo> {
        let dirty = std::mem::take(&mut self.dirty);
        dirty.iter().filter_map(|id| self.by_id.get(id)).map(|person| person.info.clone()).collect()
    }

    /// Nothing is kept: of whom something new was said is of no use.
    pub(in crate::app) fn clear_dirty(&mut self) {
        self.dirty.clear();
    }

    /// All that is known of everybody is new.
    pub(in crate::app) fn mark_all_dirty(&mut self) {
        self.dirty.extend(self.by_id.keys().cloned());
    }

    /// Whether the server has been asked who this is.
    pub fn was_requested(&self, id: &PersonId) -> bool {
        self.requested.contains(id)
    }

    /// Notes that the server has been asked who this is; an answer may never come.
    pub fn mark_requested(&mut self, id: PersonId) {
        self.requested.insert(id);
    }

    /// Everybody may be asked for again.
    pub fn clear_requested(&mut self) {
        self.requested.clear();
    }

    /// Somebody did something at `at`.
    pub fn record_activity(&mut self, id: &PersonId, at: Timestamp) {
        if let Some(person) = self.by_id.get_mut(id) {
            person.record_activity(at);
        }
    }

    /// Somebody came or went. Says whether they are known.
    pub fn set_online(&mut self, id: &PersonId, online: bool, now: Timestamp) -> bool {
        let known = self.by_id.get_mut(id);
        known.map(|person| person.set_online(online, now)).is_some()
    }

    /// Somebody was last there at `at`.
    pub fn record_last_seen(&mut self, id: &PersonId, at: Timestamp, now: Timestamp) {
        if let Some(person) = self.by_id.get_mut(id) {
            person.record_last_seen(at, now);
        }
    }

    /// Somebody by the app's name for them.
    pub fn identifies_by_username(&self, username: &str) -> Option<&Person> {
        self.by_id.values().find(|person| person.info.username.eq_ignore_ascii_case(username))
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Forgets everybody but these.
    pub(in crate::app) fn retain(&mut self, known: &HashSet<PersonId>) {
        self.by_id.retain(|id, _| known.contains(id));
        self.requested.retain(|id| known.contains(id));
    }

    /// Everybody, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_id.values()
    }
}

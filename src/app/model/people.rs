//! The people of an account: everyone the server or the store has mentioned.

use crate::app::model::look_alikes::LookAlikes;
use crate::domain::{LookAlikeKeys, Person, PersonId, PersonInfo, Quote, RoomId, Timestamp};
use crate::text::SafeText;
use std::collections::{HashMap, HashSet};

/// Everyone the server or the store has mentioned, by id. Also tracks who has to be written to the store.
#[derive(Debug, Clone, Default)]
pub struct People {
    by_id: HashMap<PersonId, Person>,
    names: LookAlikes,
    usernames: LookAlikes,
    requested: HashSet<PersonId>,
    /// People whose names or agent mark differ from the stored copy. Presence and last activity are not stored, so they
    /// do not count.
    dirty: HashSet<PersonId>,
    /// The user, once they have changed their name here. On some services, messages have the name that their author had
    /// when they were sent.
    renamed: Option<PersonId>,
}

/// A pending look-up by user name, made to add someone to a room or remove them from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLookup {
    /// The user name that was requested.
    pub username: String,
    /// The room to which the person is added or from which they are removed.
    pub room: RoomId,
    /// Whether the person is added; otherwise they are removed.
    pub add: bool,
}

impl People {
    /// Returns the person with this id.
    pub fn get(&self, id: &PersonId) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// Whether the user has this id and has changed their name here.
    pub(in crate::app) fn is_renamed(&self, id: &PersonId) -> bool {
        self.renamed.as_ref() == Some(id)
    }

    /// Changes the name of the user. What the server tells otherwise from now on is an older name.
    pub(in crate::app) fn rename_user(&mut self, me: PersonInfo) {
        self.renamed = None;
        let id = me.id.clone();
        self.learn(me);
        self.renamed = Some(id);
    }

    /// Adds or updates a person from the server's information.
    pub fn learn(&mut self, mut info: PersonInfo) {
        if let Some(known) = self.by_id.get(&info.id).filter(|_| self.is_renamed(&info.id)) {
            info.name = known.info.name.clone();
        }
        match self.by_id.get_mut(&info.id) {
            Some(known) => {
                let old = &known.info;
                let named = !info.username.is_empty() && old.username != info.username;
                if named || old.name != info.name || old.agent != info.agent {
                    self.dirty.insert(info.id.clone());
                }
                let is_renamed = named || old.name != info.name;
                let (id, before) = (info.id.clone(), known.keys());
                known.update(info);
                let after = known.keys();
                if before != after {
                    self.leave(&id, before);
                    self.join(&id, after);
                } else if is_renamed {
                    self.update_mark(&id);
                }
            }
            None => {
                self.dirty.insert(info.id.clone());
                self.insert(info);
            }
        }
    }

    fn insert(&mut self, info: PersonInfo) {
        let (id, person) = (info.id.clone(), Person::new(info));
        let keys = person.keys();
        self.by_id.insert(id.clone(), person);
        self.join(&id, keys);
    }

    /// Adds a person to those who may be confused, and updates the marks of all whom that concerns.
    fn join(&mut self, id: &PersonId, keys: LookAlikeKeys) {
        let name = self.names.insert(keys.name, id);
        let username = keys.username.and_then(|key| self.usernames.insert(key, id));
        [name, username].iter().flatten().chain([id]).for_each(|id| self.update_mark(id));
    }

    /// Removes a person from those who may be confused.
    fn leave(&mut self, id: &PersonId, keys: LookAlikeKeys) {
        let name = self.names.remove(keys.name, id);
        let username = keys.username.and_then(|key| self.usernames.remove(key, id));
        [name, username].iter().flatten().for_each(|id| self.update_mark(id));
    }

    fn update_mark(&mut self, id: &PersonId) {
        let Some(person) = self.by_id.get_mut(id) else { return };
        let LookAlikeKeys { name, username } = person.keys();
        person.update_mark(self.names.is_shared(name), username.is_some_and(|key| self.usernames.is_shared(key)));
    }

    /// Returns what tells a person, who may not be known here, apart from all others; empty if there is no user name.
    pub(in crate::app) fn mark_of(&self, info: &PersonInfo) -> String {
        let known = self.by_id.get(&info.id);
        match known.and_then(Person::mark) {
            Some(mark) => mark.to_owned(),
            None if info.username.is_empty() => String::new(),
            None => {
                let keys = known.map_or_else(|| LookAlikeKeys::of(info), Person::keys);
                info.mark(keys.username.is_some_and(|key| self.usernames.is_taken(key, &info.id)))
            }
        }
    }

    /// Adds a person whom an ignored event names, unless they are known. Services name each person only once, so a
    /// later event may rely on it.
    pub(in crate::app) fn learn_if_unknown(&mut self, info: Option<&PersonInfo>) {
        if let Some(info) = info.filter(|info| !self.by_id.contains_key(&info.id)) {
            self.learn(info.clone());
        }
    }

    /// Adds the author of a quoted message, unless they are known, so that their name has a mark if it needs one.
    pub(in crate::app) fn learn_quoted(&mut self, quote: Option<&Quote>) {
        if let Some(quote) = quote.filter(|quote| !self.by_id.contains_key(&quote.author)) {
            let (id, name) = (quote.author.clone(), quote.author_name.clone());
            self.learn(PersonInfo { name, ..PersonInfo::new(id) }.with_visible_name());
        }
    }

    /// Adds a person from the store, unless the server has already sent newer information about them.
    pub(in crate::app) fn restore(&mut self, info: PersonInfo) {
        if !self.by_id.contains_key(&info.id) {
            self.insert(info.with_visible_name());
        }
    }

    /// Whether anyone differs from the stored copy since the last call of `take_dirty`.
    pub(in crate::app) fn is_dirty(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// Returns the people who differ from their stored copy, and marks them as written.
    pub(in crate::app) fn take_dirty(&mut self) -> Vec<PersonInfo> {
        let dirty = std::mem::take(&mut self.dirty);
        dirty.iter().filter_map(|id| self.by_id.get(id)).map(|person| person.info.clone()).collect()
    }

    /// Clears the marks of changed people. Called while nothing is stored, so that the set does not grow.
    pub(in crate::app) fn clear_dirty(&mut self) {
        self.dirty.clear();
    }

    /// Marks everyone as changed, so that all people are written to the store again.
    pub(in crate::app) fn mark_all_dirty(&mut self) {
        self.dirty.extend(self.by_id.keys().cloned());
    }

    /// Whether the server has been asked for this person.
    pub fn was_requested(&self, id: &PersonId) -> bool {
        self.requested.contains(id)
    }

    /// Records that the server has been asked for this person. A reply may never come.
    pub fn mark_requested(&mut self, id: PersonId) {
        self.requested.insert(id);
    }

    /// Allows everyone to be requested again.
    pub fn clear_requested(&mut self) {
        self.requested.clear();
    }

    /// Records that a person was active at `at`.
    pub fn record_activity(&mut self, id: &PersonId, at: Timestamp) {
        if let Some(person) = self.by_id.get_mut(id) {
            person.record_activity(at);
        }
    }

    /// Records that a person came online or went offline, and returns whether they are known.
    pub fn set_online(&mut self, id: &PersonId, online: bool, now: Timestamp) -> bool {
        let known = self.by_id.get_mut(id);
        known.map(|person| person.set_online(online, now)).is_some()
    }

    /// Records that a person was last online at `at`.
    pub fn record_last_seen(&mut self, id: &PersonId, at: Timestamp, now: Timestamp) {
        if let Some(person) = self.by_id.get_mut(id) {
            person.record_last_seen(at, now);
        }
    }

    /// Returns the person with this user name, ignoring ASCII case.
    pub fn find_by_username(&self, username: &str) -> Option<&Person> {
        self.by_id.values().find(|person| person.info.username.eq_ignore_ascii_case(username))
    }

    /// Returns the number of known people.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether no one is known.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Forgets everyone who is not in `known`.
    pub(in crate::app) fn retain(&mut self, known: &HashSet<PersonId>) {
        self.by_id.retain(|id, _| known.contains(id));
        (self.names, self.usernames) = Default::default();
        let keys: Vec<_> = self.by_id.iter().map(|(id, person)| (id.clone(), person.keys())).collect();
        keys.iter().for_each(|(id, keys)| self.join(id, *keys));
        self.requested.retain(|id| known.contains(id));
    }

    /// Removes all user names, because the server has forgotten the ids that have them. The names are still shown.
    pub(in crate::app) fn forget_usernames(&mut self) {
        let people: Vec<PersonInfo> = self.by_id.values().map(|person| person.info.clone()).collect();
        *self = Self::default();
        for info in people {
            self.dirty.insert(info.id.clone());
            self.insert(PersonInfo { username: SafeText::default(), ..info });
        }
    }

    /// Returns everyone, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_id.values()
    }
}

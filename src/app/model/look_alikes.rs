//! People whose names look alike.

use std::collections::{HashMap, HashSet};

use crate::domain::PersonId;

/// People by a number that is equal for names that look alike. Joining and leaving take constant time, however many
/// people take the same name.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct LookAlikes {
    groups: HashMap<u64, Group>,
}

#[derive(Debug, Clone)]
enum Group {
    One(PersonId),
    Several(HashSet<PersonId>),
}

impl LookAlikes {
    /// Adds a person. Returns the one who is no longer alone with the name.
    pub(in crate::app) fn insert(&mut self, key: u64, person: &PersonId) -> Option<PersonId> {
        match self.groups.get_mut(&key) {
            None => {
                self.groups.insert(key, Group::One(person.clone()));
                None
            }
            Some(Group::Several(people)) => {
                people.insert(person.clone());
                None
            }
            Some(group) => {
                let Group::One(other) = group else { return None };
                let other = other.clone();
                if other != *person {
                    *group = Group::Several([other.clone(), person.clone()].into());
                }
                Some(other)
            }
        }
    }

    /// Removes a person. Returns the one who is alone with the name now.
    pub(in crate::app) fn remove(&mut self, key: u64, person: &PersonId) -> Option<PersonId> {
        match self.groups.get_mut(&key)? {
            Group::One(_) => {
                self.groups.remove(&key);
                None
            }
            Group::Several(people) => {
                people.remove(person);
                let rest = people.iter().next().filter(|_| people.len() == 1).cloned()?;
                self.groups.insert(key, Group::One(rest.clone()));
                Some(rest)
            }
        }
    }

    /// Whether the names of several people have this key.
    pub(in crate::app) fn is_shared(&self, key: u64) -> bool {
        matches!(self.groups.get(&key), Some(Group::Several(_)))
    }

    /// Whether somebody else than `person` has a name with this key.
    pub(in crate::app) fn is_taken(&self, key: u64, person: &PersonId) -> bool {
        self.groups.get(&key).is_some_and(|group| !matches!(group, Group::One(one) if one == person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_reported_when_one_becomes_two_and_back() {
        let id = PersonId::new;
        let mut names = LookAlikes::default();
        assert_eq!((names.insert(7, &id("a")), names.is_shared(7)), (None, false));
        assert_eq!((names.insert(7, &id("b")), names.is_shared(7)), (Some(id("a")), true));
        assert_eq!(names.insert(7, &id("c")), None);
        assert_eq!((names.remove(7, &id("a")), names.is_shared(7)), (None, true));
        assert_eq!((names.remove(7, &id("c")), names.is_shared(7)), (Some(id("b")), false));
        assert!(names.is_taken(7, &id("a")) && !names.is_taken(7, &id("b")));
        assert_eq!(names.remove(7, &id("b")), None);
        assert!(!names.is_taken(7, &id("a")));
    }
}

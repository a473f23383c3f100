//! Ids of the scripted people while their history is being written.

use std::collections::HashMap;

use crate::domain::{HOUR, Timestamp};

use super::event::Id;
use super::script_file::{Person, ScriptRoom};

/// Name of the guest in the lines of the script, whatever their username is.
pub(crate) const GUEST: &str = "guest";

/// Ids that the service assigned to the guest and the people, by their names in the script.
#[derive(Debug, Default)]
pub(crate) struct Roster(HashMap<String, Id>);

impl Roster {
    /// Adds the id of a person or the guest.
    pub(crate) fn insert(&mut self, username: &str, id: Id) {
        self.0.insert(username.to_owned(), id);
    }

    /// Returns the id of a person or the guest, or an error text if the script does not introduce them.
    pub(crate) fn id(&self, username: &str) -> Result<&Id, String> {
        self.0.get(username).ok_or_else(|| format!("the script does not introduce {username}"))
    }

    /// Ids of the guest and all people, in no particular order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &Id> {
        self.0.values()
    }
}

/// Username under which a person is created: the one of the script, unless the guest has taken it.
pub(crate) fn free_username(person: &Person, is_taken: bool) -> String {
    if is_taken { format!("{}-2", person.username) } else { person.username.clone() }
}

/// Time at which people are created: an hour before the first message of any room.
pub(crate) fn creation_time<'a>(rooms: impl Iterator<Item = &'a ScriptRoom>, now: Timestamp) -> Timestamp {
    let hours = rooms.map(|room| room.starts_hours_ago).max().unwrap_or_default();
    now + -(hours + 1) * HOUR
}

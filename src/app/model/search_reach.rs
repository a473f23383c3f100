//! The part of the history that a message search covers, derived from the state of the store.

use crate::app::model::account::Account;

/// Places in which messages can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchReach {
    /// In the store, which has all messages.
    Disk,
    /// In memory, because no messages are stored, or the store cannot be read.
    Memory,
    /// In the store and in memory, because the store does not have all messages.
    Both,
    /// Not available yet, because the store has not been loaded.
    Later,
}

impl Account {
    /// Returns the part of the history that a search covers: loaded messages, the store, or both.
    pub fn search_reach(&self) -> SearchReach {
        match (self.persistence.enabled, self.persistence.loaded, &self.persistence.problem) {
            (false, ..) | (true, false, Some(_)) => SearchReach::Memory,
            (true, false, None) => SearchReach::Later,
            (true, true, Some(_)) => SearchReach::Both,
            (true, true, None) => SearchReach::Disk,
        }
    }
}

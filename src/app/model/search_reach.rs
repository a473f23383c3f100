//! The part of the history that a message search covers, derived from the state of the store.

use crate::app::model::account::Account;
use crate::app::overlays::search::window::Reach;

impl Account {
    /// Returns the part of the history that a search covers: loaded messages, the store, or both.
    pub fn search_reach(&self) -> Reach {
        match (self.persistence.enabled, self.persistence.loaded, &self.persistence.problem) {
            (false, ..) => Reach::Memory,
            (true, false, _) => Reach::Later,
            (true, true, Some(_)) => Reach::Both,
            (true, true, None) => Reach::Disk,
        }
    }
}

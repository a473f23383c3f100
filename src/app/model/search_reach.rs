//! Where a search can look.

use crate::app::model::account::Account;
use crate::app::overlays::search::window::Reach;

impl Account {
    /// Where words can be looked for.
    pub fn search_reach(&self) -> Reach {
        match (self.persistence.enabled, self.persistence.loaded, &self.persistence.problem) {
            (false, ..) => Reach::Memory,
            (true, false, _) => Reach::Later,
            (true, true, Some(_)) => Reach::Both,
            (true, true, None) => Reach::Disk,
        }
    }
}

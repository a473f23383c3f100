//! The room in which the user is, and the one before.

use crate::domain::{AccountId, RoomId};

/// A room of an account.
type Place = (AccountId, RoomId);

/// The two rooms in which the user was last, of any accounts.
#[derive(Debug, Default)]
pub(in crate::app) struct Visits {
    here: Option<Place>,
    before: Option<Place>,
}

impl Visits {
    /// Records the room on screen. The user is in the last room until another one is opened.
    pub(in crate::app) fn note(&mut self, account: AccountId, open: Option<&RoomId>) {
        let Some(open) = open else { return };
        if self.here.as_ref().is_none_or(|(before, room)| (*before, room) != (account, open)) {
            self.before = self.here.replace((account, open.clone()));
        }
    }

    /// Returns the room in which the user was before.
    pub(in crate::app) fn before(&self) -> Option<&Place> {
        self.before.as_ref()
    }
}

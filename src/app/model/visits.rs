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
    /// Records the room on screen. The user is in the last room until another one is opened. One that no longer
    /// `exists` was never left.
    pub(in crate::app) fn note(
        &mut self,
        account: AccountId,
        open: Option<&RoomId>,
        exists: impl FnOnce(AccountId, &RoomId) -> bool,
    ) {
        let Some(open) = open else { return };
        if self.here.as_ref().is_none_or(|(before, room)| (*before, room) != (account, open)) {
            let left = self.here.replace((account, open.clone()));
            self.before = left.filter(|(account, room)| exists(*account, room)).or(self.before.take());
        }
    }

    /// Returns the room in which the user was before.
    pub(in crate::app) fn before(&self) -> Option<&Place> {
        self.before.as_ref()
    }
}

//! The progress of loading the room list, page by page, and the requests for single rooms that are under way.

use std::collections::{HashMap, HashSet};

use crate::domain::{Repetition, Request, RoomId};
use crate::text::SafeText;

/// The progress of loading the room list.
#[derive(Debug, Clone, Default)]
pub struct RoomListSync {
    load: Load,
    recheck_due: bool,
    listed: bool,
    failed: bool,
    /// The rooms of the pages that have arrived, until the list is complete.
    listed_rooms: HashSet<RoomId>,
    /// Pages in a row without any other room. Some servers send the same page for ever.
    repetition: Repetition,
    /// Rooms outside the list that have been requested individually on this connection.
    pub requested: HashSet<RoomId>,
    /// Rooms that a reply reported as missing, and whose membership was requested to find out the reason. The values
    /// hold the sends whose failure is reported once that reason is known.
    pub verifying: HashMap<RoomId, Verification>,
    /// Requests for our membership that are not answered yet.
    memberships: HashMap<RoomId, MembershipRequests>,
    /// Groups that we have left, and whose deletion was requested. The room list tells whether the server deleted them.
    pub deletion_checks: Vec<DeletionCheck>,
}

/// A load of the list, with the page that has been requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Load {
    /// The list is complete, or a request failed.
    #[default]
    Idle,
    /// All pages are loaded.
    Whole(u32),
    /// Only rooms that changed while the connection was new are being looked for, see `open::recheck_list`.
    Recheck(u32),
}

/// What follows a page of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Next {
    /// The page with this number is to be requested.
    Request(u32),
    /// A page that has been requested already, because this one was requested twice.
    Requested,
    /// Nothing: the list is complete.
    Complete,
    /// Nothing: the server repeats the same rooms.
    Repeated,
}

/// Unanswered requests for our membership of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct MembershipRequests {
    unanswered: u32,
    /// Number of those that were made before we were removed from the room, so that their answers may not know it.
    outdated: u32,
}

/// Search of the room list for a room that may have been deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionCheck {
    /// The room.
    pub room: RoomId,
    /// Whether it was a group that the user had left.
    pub was_left: bool,
    /// The page of the list that is expected next; `None` while a load that began earlier is in progress.
    pub next_page: Option<u32>,
}

/// Failures in a room that wait until our membership of it is known.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// Whether the server said that the room does not exist, rather than only refusing a message.
    pub is_missing: bool,
    /// Sends that failed meanwhile, and why.
    pub postponed: Vec<(Request, SafeText)>,
}

impl RoomListSync {
    /// Whether a page has been requested.
    pub fn is_loading(&self) -> bool {
        self.load != Load::Idle
    }

    /// Whether rooms have been requested, so that a reply with their last messages is expected.
    pub(in crate::app) fn is_requesting(&self) -> bool {
        self.is_loading() || !self.requested.is_empty()
    }

    /// Whether the list has been loaded completely at least once.
    pub fn is_listed(&self) -> bool {
        self.listed
    }

    /// Whether the list is being loaded for the first time.
    pub fn is_first_load(&self) -> bool {
        self.is_loading() && !self.listed
    }

    /// Whether the last request for a page of the list failed.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Whether to look for changed rooms once the list is complete.
    pub(in crate::app) fn is_recheck_due(&self) -> bool {
        self.recheck_due
    }

    /// Begins to load the whole list. The first page is to be requested.
    pub(in crate::app) fn begin(&mut self) {
        (self.load, self.recheck_due) = (Load::Whole(1), false);
    }

    /// Begins to look for changed rooms, or does so later if the list is being loaded. Returns whether the first page is to
    /// be requested.
    pub(in crate::app) fn begin_recheck(&mut self) -> bool {
        self.recheck_due = self.is_loading();
        self.load = match self.load {
            Load::Idle => Load::Recheck(1),
            Load::Whole(page) | Load::Recheck(page) => Load::Whole(page),
        };
        !self.recheck_due
    }

    /// Forgets the requests whose replies may have been lost.
    pub(in crate::app) fn forget_replies(&mut self) {
        self.requested.clear();
        self.memberships.clear();
    }

    /// Counts a request for our membership of a room.
    pub(in crate::app) fn on_membership_requested(&mut self, room: &RoomId) {
        self.memberships.entry(room.clone()).or_default().unanswered += 1;
    }

    /// Records that we were removed from a room.
    pub(in crate::app) fn on_removed(&mut self, room: &RoomId) {
        if let Some(requests) = self.memberships.get_mut(room) {
            requests.outdated = requests.unanswered;
        }
    }

    /// Counts the answer to a request for our membership of a room. Returns whether the server may have read it before we
    /// were removed from the room.
    pub(in crate::app) fn on_membership_answer(&mut self, room: &RoomId) -> bool {
        let Some(requests) = self.memberships.get_mut(room) else { return false };
        let is_outdated = requests.outdated > 0;
        requests.outdated = requests.outdated.saturating_sub(1);
        requests.unanswered = requests.unanswered.saturating_sub(1);
        if requests.unanswered == 0 {
            self.memberships.remove(room);
        }
        is_outdated
    }

    /// Ends the load, because a request failed.
    pub(in crate::app) fn fail(&mut self) {
        (self.load, self.recheck_due, self.failed) = (Load::Idle, false, true);
    }

    /// Remembers the rooms on a page, and counts pages that list no other rooms than those before.
    pub(in crate::app) fn record_rooms(&mut self, page: u32, rooms: impl Iterator<Item = RoomId>) {
        if page == 1 {
            (self.listed_rooms, self.repetition) = (HashSet::new(), Repetition::default());
        }
        let known = self.listed_rooms.len();
        self.listed_rooms.extend(rooms);
        self.repetition.count(self.listed_rooms.len() > known);
    }

    /// Returns the rooms of all pages, and forgets them.
    pub(in crate::app) fn take_rooms(&mut self) -> HashSet<RoomId> {
        std::mem::take(&mut self.listed_rooms)
    }

    /// Goes on after a page. `follows` tells whether the list has another one, `ends_unchanged` whether the last room of
    /// the page is as it was.
    pub(in crate::app) fn on_page(&mut self, page: u32, follows: bool, ends_unchanged: bool) -> Next {
        let is_rechecked = ends_unchanged && matches!(self.load, Load::Recheck(_));
        self.failed = follows && self.repetition.is_endless();
        if self.failed || !follows || is_rechecked {
            self.load = Load::Idle;
            self.listed |= !self.failed;
            self.recheck_due &= !self.failed;
            return if self.failed { Next::Repeated } else { Next::Complete };
        }
        let next = page + 1;
        self.load = match self.load {
            Load::Idle => Load::Whole(next),
            Load::Whole(expected) if expected == page => Load::Whole(next),
            Load::Recheck(expected) if expected == page => Load::Recheck(next),
            Load::Whole(_) | Load::Recheck(_) => return Next::Requested,
        };
        Next::Request(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_that_was_requested_twice_is_followed_once() {
        let mut sync = RoomListSync::default();
        sync.begin();
        assert_eq!(sync.on_page(1, true, false), Next::Request(2));
        assert_eq!(sync.on_page(1, true, false), Next::Requested);
        assert_eq!(sync.on_page(2, false, false), Next::Complete);
        assert!(sync.is_listed() && !sync.is_loading());
    }

    #[test]
    fn recheck_ends_at_an_unchanged_room_and_a_load_does_not() {
        let mut sync = RoomListSync::default();
        assert!(sync.begin_recheck());
        assert_eq!(sync.on_page(1, true, true), Next::Complete);
        sync.begin();
        assert_eq!(sync.on_page(1, true, true), Next::Request(2));
        assert!(!sync.begin_recheck() && sync.is_recheck_due(), "it waits for the load");
        assert_eq!(sync.on_page(2, true, true), Next::Request(3));
        sync.fail();
        assert!(sync.has_failed() && !sync.is_loading() && !sync.is_recheck_due());
    }
}

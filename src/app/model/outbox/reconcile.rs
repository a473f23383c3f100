//! Progress of a search for messages that the server may have.

use crate::domain::{PageSerial, Timestamp};

/// A search through the newest pages of a room for messages that may have reached the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Reconcile {
    /// The request for the page that is expected next.
    serial: PageSerial,
    /// The number of that page.
    page: u32,
    /// The time at which the search began.
    started_at: Timestamp,
    /// The earliest time at which the server can have received any of the messages.
    since: Timestamp,
    /// The time at which the search starts over.
    restart_at: Timestamp,
}

impl Reconcile {
    /// Creates a search at `started_at` whose first page was requested as `serial`. It goes back to `since` and starts
    /// over at `restart_at` in case a reply never arrives.
    pub(in crate::app) fn new(
        serial: PageSerial,
        started_at: Timestamp,
        since: Timestamp,
        restart_at: Timestamp,
    ) -> Self {
        Self { serial, page: 1, started_at, since, restart_at }
    }

    /// Returns the request for the page that is expected next.
    pub(in crate::app) fn serial(&self) -> PageSerial {
        self.serial
    }

    /// Returns the number of the page that is expected next.
    pub(in crate::app) fn page(&self) -> u32 {
        self.page
    }

    /// Returns the time at which the search began. Its pages say nothing about requests processed after that.
    pub(in crate::app) fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// Returns the earliest time at which the server can have received any of the messages, by its own clock.
    pub(in crate::app) fn since(&self) -> Timestamp {
        self.since
    }

    /// Returns the time at which the search starts over, in case a reply never arrives.
    pub(in crate::app) fn restart_at(&self) -> Timestamp {
        self.restart_at
    }

    /// Records that the next older page was requested.
    pub(in crate::app) fn on_next_page(&mut self, serial: PageSerial) {
        self.serial = serial;
        self.page += 1;
    }

    /// Returns the local times of the search, for correction after a clock rollback.
    pub(in crate::app::model::outbox) fn times_mut(&mut self) -> [&mut Timestamp; 2] {
        [&mut self.started_at, &mut self.restart_at]
    }
}

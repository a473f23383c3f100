//! What is on disk, as far as is known.

use crate::domain::{MessageId, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};
use crate::store::{Draft, ReadTo, Write};
use std::collections::HashMap;

/// What is on disk, as far as is known, and when the next look at it is due.
#[derive(Debug, Clone, Default)]
pub struct PersistenceState {
    /// Something is to be kept at all.
    pub(in crate::app) enabled: bool,
    /// What was on disk has come: from now on that can be compared.
    pub(in crate::app) loaded: bool,
    /// Something that came from disk is on screen.
    pub(in crate::app) restored: bool,
    /// When the server was heard last, before this program began; gone once it has said all anew.
    pub(in crate::app) last_synced: Option<Timestamp>,
    /// Who we are is only what was kept.
    pub(in crate::app) identity_from_store: bool,
    /// What came from the server is void.
    pub(in crate::app) clear_pending: bool,
    /// Why nothing is kept, as a sentence.
    pub(in crate::app) problem: Option<String>,
    /// What was said before any room was on screen: the room that opens clears the line.
    pub(in crate::app) notice_to_repeat: Option<String>,
    /// What happened to messages that are on disk only.
    pub(in crate::app) unloaded_changes: Vec<Write>,
    /// How many events have come since the next look was settled.
    pub(in crate::app) events_since_due: u32,
    pub(in crate::app) me: Option<PersonInfo>,
    pub(in crate::app) opened: Option<RoomId>,
    pub(in crate::app) rooms: HashMap<RoomId, StoredRoom>,
    pub(in crate::app) drafts: HashMap<RoomId, Draft>,
    /// What was asked of the past of each room.
    pub(in crate::app) queries: HashMap<RoomId, RoomQueries>,
    /// The number of the last question.
    pub(in crate::app) last_query: u64,
}

/// A room on disk.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct StoredRoom {
    pub(in crate::app) info: Option<RoomInfo>,
    pub(in crate::app) read: Option<ReadTo>,
    pub(in crate::app) unread: Unread,
    /// The disk knows where the room begins.
    pub(in crate::app) complete: bool,
    /// Messages behind this one (`None`: all) were kept while something between them may have been missing.
    pub(in crate::app) detached_after: Option<Option<MessageId>>,
    /// Right above these messages others were missing when they were kept.
    pub(in crate::app) gaps: Vec<MessageId>,
}

/// What was asked of a room's past: before which message, `None` for the newest ones.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct RoomQueries {
    /// The question that has not been answered, and where.
    pub(in crate::app) pending: Option<(u64, Option<MessageId>)>,
    /// Directly before this the disk knew nothing more.
    pub(in crate::app) contiguous_end: Option<Option<MessageId>>,
    /// Nor anything older at all.
    pub(in crate::app) oldest_stored: Option<MessageId>,
}

impl PersistenceState {
    /// For a program whose state is to be kept on disk.
    pub fn on_disk() -> Self {
        Self { enabled: true, ..Self::default() }
    }

    /// Whether something that came from disk is on screen.
    pub fn has_restored(&self) -> bool {
        self.restored
    }

    /// How old what is on screen is, as long as the server has not said it anew.
    pub fn last_synced(&self) -> Option<Timestamp> {
        self.last_synced
    }

    /// Why nothing is kept, as a sentence.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The server has said who we are.
    pub(in crate::app) fn confirm_identity(&mut self) {
        self.identity_from_store = false;
    }
}

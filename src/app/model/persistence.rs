//! The client's knowledge of what its store holds.
//!
//! `features/persistence` compares this state with the account and writes the differences. This module does not read or
//! write the store.

use crate::domain::{MessageId, PageSerial, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};
use crate::store::{Arrangement, Draft, ReadMarker, Write};
use std::collections::HashMap;

/// Maximum number of changes of messages that are only in the store, which wait to be written.
const MAX_UNLOADED_CHANGES: usize = 20_000;

/// The contents of the store as last written or read, and the progress of writing and reading.
#[derive(Debug, Clone, Default)]
pub struct PersistenceState {
    /// Whether anything is stored for this account.
    pub(in crate::app) enabled: bool,
    /// Whether the store has been read. Differences can be computed only afterwards.
    pub(in crate::app) loaded: bool,
    /// Whether rooms were restored from the store.
    pub(in crate::app) restored: bool,
    /// The last time the previous run received events. Cleared once everything has been fetched from the server again.
    pub(in crate::app) last_synced: Option<Timestamp>,
    /// Whether our own identity comes from the store and has not been confirmed by the server yet.
    pub(in crate::app) identity_from_store: bool,
    /// Whether the next write first clears all stored server data, because it belongs to another user.
    pub(in crate::app) clear_pending: bool,
    /// The sentence that explains why nothing can be stored, if that is so.
    pub(in crate::app) problem: Option<String>,
    /// A notice shown before any room was open. It is repeated in the first room, because opening a room clears the
    /// status line.
    pub(in crate::app) notice_to_repeat: Option<String>,
    /// Edits and deletions of messages that are in the store but not in memory. Added by `record_unloaded`.
    pub(in crate::app) unloaded_changes: Vec<Write>,
    pub(in crate::app) me: Option<PersonInfo>,
    pub(in crate::app) open_room: Option<RoomId>,
    pub(in crate::app) arrangement: Arrangement,
    pub(in crate::app) rooms: HashMap<RoomId, StoredRoom>,
    pub(in crate::app) drafts: HashMap<RoomId, Draft>,
    /// The text that was typed while no room was open.
    pub(in crate::app) roomless_draft: Option<Draft>,
    /// The queries for older messages, by room.
    pub(in crate::app) queries: HashMap<RoomId, RoomQueries>,
}

/// A room as the store holds it.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct StoredRoom {
    pub(in crate::app) info: Option<RoomInfo>,
    pub(in crate::app) read: Option<ReadMarker>,
    pub(in crate::app) unread: Unread,
    /// Whether the store knows the first message of the room.
    pub(in crate::app) complete: bool,
    /// Set while messages may be missing from the history: the messages after this one were stored without a link to
    /// their neighbours, and are written again once the gap is closed. `Some(None)` means all messages.
    pub(in crate::app) detached_after: Option<Option<MessageId>>,
    /// Stored messages directly above which a gap was known when they were written.
    pub(in crate::app) gaps: Vec<MessageId>,
}

/// The queries for a room's older messages.
///
/// A query asks for the messages before a given one; `None` in its place stands for the newest messages.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct RoomQueries {
    /// The unanswered query, and the message it starts from.
    pub(in crate::app) pending: Option<(PageSerial, Option<MessageId>)>,
    /// The oldest message above which the store has a gap or nothing at all; `Some(None)` if it has no messages.
    pub(in crate::app) contiguous_end: Option<Option<MessageId>>,
    /// The message before which the store holds nothing, not even beyond a gap.
    pub(in crate::app) oldest_stored: Option<MessageId>,
}

impl PersistenceState {
    /// The initial state of an account that is stored on disk.
    pub fn on_disk() -> Self {
        Self { enabled: true, ..Self::default() }
    }

    /// Whether the store has not sent its data yet, which were read before what happens meanwhile.
    pub(in crate::app) fn expects_stored_data(&self) -> bool {
        self.enabled && !self.loaded
    }

    /// Whether rooms were restored from the store.
    pub fn has_restored(&self) -> bool {
        self.restored
    }

    /// Returns when the previous run last received events, until everything has been fetched from the server again.
    pub fn last_synced(&self) -> Option<Timestamp> {
        self.last_synced
    }

    /// Returns the sentence that explains why nothing can be stored, if that is so.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Records changes of messages that are in the store but not in memory. A disk that cannot be read yet keeps them
    /// waiting. The oldest are dropped when there are too many, because the server repeats them.
    pub(in crate::app) fn record_unloaded(&mut self, changes: impl IntoIterator<Item = Write>) {
        self.unloaded_changes.extend(changes);
        let excess = self.unloaded_changes.len().saturating_sub(MAX_UNLOADED_CHANGES);
        self.unloaded_changes.drain(..excess);
    }

    /// Records that the server has confirmed our identity.
    pub(in crate::app) fn confirm_identity(&mut self) {
        self.identity_from_store = false;
    }
}

//! The export of a room that is in progress.

use std::collections::VecDeque;

use crate::app::effect::ExportTarget;
use crate::domain::{Amendments, Message, MessageId, MessagePoint, PageSerial, Repetition, RoomId, Timestamp};

/// Number of the oldest messages collected so far whose ids are remembered: more than a page holds. Pages overlap when
/// messages arrive while they are requested.
const MAX_RECENT: usize = 250;

/// The export of a room that is in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Number of the export.
    pub id: u64,
    /// The room.
    pub room: RoomId,
    /// The file.
    pub target: ExportTarget,
    /// When it began.
    pub started_at: Timestamp,
    /// The reply that is expected next.
    pub stage: ExportStage,
    /// Reason why the file does not go back to the first message.
    pub(in crate::app) missing: Option<String>,
    /// Number of messages collected so far.
    pub messages: u64,
    /// Whether the server was asked for any.
    pub(in crate::app) has_requested: bool,
    /// Whether messages from the server were written to the store, so that another export need not request them.
    pub(in crate::app) has_stored: bool,
    /// Edits and deletions since the export began.
    pub(in crate::app) amendments: Amendments,
    /// The oldest of the collected messages.
    pub oldest: Option<MessagePoint>,
    /// Whether it is the first message of the room.
    pub(in crate::app) is_at_start: bool,
    /// The loaded message that directly precedes it, if a page from the server has shown that.
    pub(in crate::app) predecessor: Option<MessageId>,
    /// The message before which the store has nothing without a gap; `Some(None)` if it has nothing at all.
    pub(in crate::app) store_end: Option<Option<MessageId>>,
    /// Whether the store was asked for messages beyond a gap.
    pub(in crate::app) crosses_gap: bool,
    pub(in crate::app) pages: ServerPages,
}

/// The reply that an export waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportStage {
    /// The file is being prepared.
    Opening,
    /// Nothing: the next messages can be collected.
    Ready,
    /// Messages are being written.
    Appending,
    /// The store is asked for older messages, under this number.
    Querying(u64),
    /// The server is asked for older messages, under this serial.
    Loading(PageSerial),
    /// There is no connection.
    Offline,
    /// The server could not answer and is asked again later.
    Pausing,
    /// The file is being completed.
    Finishing,
}

/// Progress on the pages of the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::app) struct ServerPages {
    /// Ids of the oldest messages collected so far.
    recent: VecDeque<MessageId>,
    /// Number of messages collected so far that are on the server's pages.
    pub(in crate::app) passed: u32,
    /// Number of the last page, if the oldest message comes from it.
    pub(in crate::app) last: Option<u32>,
    /// Pages in a row that brought nothing new.
    pub(in crate::app) repetition: Repetition,
    /// Number of failures in a row.
    pub(in crate::app) failures: u8,
}

impl Export {
    /// Creates an export whose file is being prepared.
    pub(in crate::app) fn new(id: u64, room: RoomId, target: ExportTarget, now: Timestamp) -> Self {
        Self {
            id,
            room,
            target,
            started_at: now,
            stage: ExportStage::Opening,
            missing: None,
            messages: 0,
            has_requested: false,
            has_stored: false,
            amendments: Amendments::default(),
            oldest: None,
            is_at_start: false,
            predecessor: None,
            store_end: None,
            crosses_gap: false,
            pages: ServerPages::default(),
        }
    }

    /// Returns the id of the oldest message collected so far.
    pub(in crate::app) fn oldest_id(&self) -> Option<&MessageId> {
        self.oldest.as_ref().map(|(id, _)| id)
    }

    /// Whether a message is among the oldest ones collected so far.
    pub(in crate::app) fn has(&self, message: &MessageId) -> bool {
        self.pages.recent.contains(message)
    }

    /// Records that messages were collected, oldest first. `omits_deleted` tells that the server's pages lack deleted
    /// ones.
    pub(in crate::app) fn on_collected(&mut self, messages: &[Message], omits_deleted: bool) {
        self.messages += messages.len() as u64;
        let on_pages = messages.iter().filter(|message| !(message.deleted && omits_deleted));
        self.pages.passed = self.pages.passed.saturating_add(u32::try_from(on_pages.count()).unwrap_or(u32::MAX));
        let ids = messages.iter().filter_map(|message| message.id.as_ref().map(|id| (id, message.sent_at)));
        if let Some((id, at)) = ids.clone().next() {
            self.oldest = Some((id.clone(), at));
        }
        self.pages.recent.extend(ids.rev().map(|(id, _)| id.clone()));
        let surplus = self.pages.recent.len().saturating_sub(MAX_RECENT);
        self.pages.recent.drain(..surplus);
        self.predecessor = None;
    }
}

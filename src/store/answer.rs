//! Everything that a store reports: the stored data at start-up, answers to queries, confirmations and problems.

use serde::{Deserialize, Serialize};

use crate::domain::{LocalId, Message, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};

use super::arrangement::Arrangement;
use super::problem::Problem;
use super::write::{Draft, Entry, OutboxWrite, Query, ReadMarker};

/// Receiver of the answers of one store.
pub(super) type Sink = Box<dyn FnMut(Answer) + Send>;

/// A report from the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The stored data. Sent once: when the file has been read, or when it is certain that it never will be. As long as it
    /// cannot be read for a reason that may pass, there are only problems and confirmations.
    Loaded(Box<Snapshot>),
    /// An outbox write was carried out.
    OutboxConfirmed {
        /// The entry.
        local: LocalId,
        /// The kind of write.
        step: OutboxStep,
        /// Whether the write is on disk. If not, the program continues without the disk; this answer is sent once more
        /// if the write gets there later.
        on_disk: bool,
    },
    /// A page of a room's history.
    History {
        /// The `id` of the query.
        id: u64,
        /// The room.
        room: RoomId,
        /// The page.
        page: StoredPage,
    },
    /// A page of a room's history for an export.
    Export {
        /// The `id` of the query.
        id: u64,
        /// The page.
        page: StoredPage,
    },
    /// Search results.
    SearchResults(SearchResults),
    /// Files that no stored message has any more, because messages were deleted. Copies of them are to be removed. Sent
    /// before the change is on disk, so that a crash leaves no copy behind.
    FilesForgotten(ForgottenFiles),
    /// Something is wrong with the store. Each problem is reported once, until it is over.
    Problem(Problem),
    /// The last `Problem` is over: everything is saved again.
    Recovered,
}

impl Answer {
    /// The confirmation of an outbox write.
    pub(super) fn confirming(write: &OutboxWrite, on_disk: bool) -> Self {
        let step = match write {
            OutboxWrite::Put(_) => OutboxStep::Put,
            OutboxWrite::Mark { .. } => OutboxStep::Mark,
            OutboxWrite::Remove(_) => OutboxStep::Remove,
        };
        Self::OutboxConfirmed { local: write.local(), step, on_disk }
    }

    /// The answer of an empty store.
    pub(super) fn empty(query: Query) -> Self {
        match query {
            Query::History { id, room, .. } => Self::History { id, room, page: StoredPage::unknown() },
            Query::Export { id, .. } => Self::Export { id, page: StoredPage::unknown() },
            Query::Search { id, .. } => Self::no_matches(id),
        }
    }

    /// The answer to a search that finds nothing.
    pub(super) fn no_matches(id: u64) -> Self {
        Self::SearchResults(SearchResults { id, matches: Vec::new(), has_more: false })
    }
}

/// Files that no stored message has any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForgottenFiles {
    /// Those at these addresses.
    At(Vec<String>),
    /// All of the account.
    All,
}

impl ForgottenFiles {
    /// Adds the address of a file.
    pub(super) fn add(&mut self, url: Option<String>) {
        if let Self::At(urls) = self {
            urls.extend(url.filter(|url| !url.is_empty()));
        }
    }

    /// Reports the files, unless there are none.
    pub(super) fn report(self, sink: &mut Sink) {
        if self != Self::default() {
            sink(Answer::FilesForgotten(self));
        }
    }
}

impl Default for ForgottenFiles {
    fn default() -> Self {
        Self::At(Vec::new())
    }
}

/// Kind of an [`OutboxWrite`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutboxStep {
    /// The entry was added or replaced.
    Put,
    /// The stage of the entry was updated.
    Mark,
    /// The entry was removed.
    Remove,
}

/// The stored data with which the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// The signed-in user.
    pub me: Option<PersonInfo>,
    /// When the last event came from the server, which is how recent all of this is.
    pub synced_at: Option<Timestamp>,
    /// The room that was on screen last.
    pub open_room: Option<RoomId>,
    /// How the user has arranged the screen.
    pub arrangement: Arrangement,
    /// The emoji that the user has completed, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent_emoji: Vec<String>,
    /// The rooms, in no particular order.
    pub rooms: Vec<RoomSnapshot>,
    /// The people, in no particular order.
    pub people: Vec<PersonInfo>,
    /// The newest messages of the most recently active rooms.
    pub histories: Vec<(RoomId, StoredPage)>,
    /// The drafts.
    pub drafts: Vec<(RoomId, Draft)>,
    /// The text that was typed while no room was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roomless_draft: Option<Draft>,
    /// The outbox, in the order in which its entries were written.
    pub outbox: Vec<Entry>,
}

/// A stored room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSnapshot {
    /// The room as the server last reported it.
    pub info: RoomInfo,
    /// The number of unread messages.
    pub unread: Unread,
    /// The read marker.
    pub read_marker: Option<ReadMarker>,
}

/// A contiguous piece of a room's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPage {
    /// The messages, oldest first. None is missing between them.
    pub messages: Vec<Message>,
    /// The edge of the page: before the first message, or after the last one if the query was `After`.
    pub edge: Edge,
}

impl StoredPage {
    /// The empty page of a place of which nothing is stored.
    pub(super) fn unknown() -> Self {
        Self { messages: Vec::new(), edge: Edge::Gap }
    }
}

/// Continuation of a room's history beyond a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    /// More stored messages.
    More,
    /// A gap: only the server knows what lies beyond.
    Gap,
    /// The page begins with the first message of the room.
    Start,
}

/// A page of search results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// The `id` of the query.
    pub id: u64,
    /// The matching messages, newest first.
    pub matches: Vec<SearchMatch>,
    /// Whether there are more.
    pub has_more: bool,
}

/// A matching message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchMatch {
    /// The room of the message.
    pub room: RoomId,
    /// The message.
    pub message: Message,
}

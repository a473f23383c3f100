//! Everything that the program tells a store: writes and queries.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Content, Edit, LocalId, Message, MessageId, PersonId, PersonInfo, RoomId, RoomInfo, SearchFilter, SendFailure,
    Timestamp, Unread,
};

use super::arrangement::Arrangement;

/// A change of the stored data.
///
/// `Outbox`, `ForgetRoom`, `ForgetHistory` and `Wipe` are urgent: they are carried out immediately and in order. All
/// other writes wait for a third of a second, and of several about the same subject only the newest is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A change of the outbox. This is the only write that is confirmed, by
    /// [`Answer::OutboxConfirmed`](super::Answer::OutboxConfirmed).
    Outbox(OutboxWrite),
    /// The signed-in user.
    Me(PersonInfo),
    /// When the last event came from the server, which is how recent the stored data is.
    SyncedAt(Timestamp),
    /// The room on screen, with which the next start begins.
    OpenRoom(RoomId),
    /// How the user has arranged the screen.
    Arrangement(Arrangement),
    /// The emoji that the user has completed, the last one first.
    RecentEmoji(Vec<String>),
    /// New or changed rooms. Rooms that are not named stay as they are.
    Rooms(Vec<RoomInfo>),
    /// New or changed people.
    People(Vec<PersonInfo>),
    /// New or changed messages.
    Messages(Batch),
    /// An update of a message, ignored if the message is not stored or has another author.
    UpdateMessage {
        /// The room.
        room: RoomId,
        /// The updated message.
        message: Box<Message>,
    },
    /// A message was edited; ignored if it is not stored or was deleted.
    Edit {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// The author, if known. A stored message of another author is not changed.
        author: Option<PersonId>,
        /// The new content.
        edit: Edit,
    },
    /// A message was deleted for everyone: its text is removed, and a tombstone stays in its place.
    Tombstone {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// The author, if known. A stored message of another author is not changed.
        author: Option<PersonId>,
    },
    /// A message disappears without a trace, for example because the user deleted it for themselves.
    RemoveMessage {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// The draft of a room.
    Draft {
        /// The room.
        room: RoomId,
        /// The draft; `None` removes it.
        draft: Option<Draft>,
    },
    /// The text that was typed while no room was open; `None` removes it.
    RoomlessDraft(Option<Draft>),
    /// A text that was written before the stored data was known. It is added to the stored draft.
    AddToDraft {
        /// The room; `None` for the text that was typed while no room was open.
        room: Option<RoomId>,
        /// The text.
        draft: Draft,
    },
    /// The read marker of a room.
    ReadMarker {
        /// The room.
        room: RoomId,
        /// The marker, if any message was read.
        marker: Option<ReadMarker>,
        /// The number of unread messages.
        unread: Unread,
    },
    /// A room was deleted or left: its messages, its draft and its outbox entries are removed.
    ForgetRoom(RoomId),
    /// Removes everything that came from the server, for example when the account turns out to be another one. Drafts
    /// and the outbox, which the user wrote, stay.
    ForgetHistory,
    /// Removes everything.
    Wipe,
}

impl Write {
    /// Whether the write is about a draft, which the user wrote.
    pub(super) fn is_draft(&self) -> bool {
        matches!(self, Self::Draft { .. } | Self::RoomlessDraft(_) | Self::AddToDraft { .. })
    }

    /// Whether the write removes text that somebody wants to be gone.
    pub(super) fn is_deletion(&self) -> bool {
        let is_removal = matches!(self, Self::RemoveMessage { .. } | Self::ForgetRoom(_));
        is_removal || matches!(self, Self::Tombstone { .. } | Self::ForgetHistory | Self::Wipe)
    }
}

/// A change of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxWrite {
    /// Adds an entry, or replaces one without changing its place in the order.
    Put(Entry),
    /// Updates the stage of an entry; ignored if the entry is not stored.
    Mark {
        /// The entry.
        local: LocalId,
        /// The new stage.
        stage: StoredStage,
        /// Number of attempts to send it so far.
        attempts: u32,
    },
    /// Removes an entry that was confirmed by the server or discarded by the user.
    Remove(LocalId),
}

impl OutboxWrite {
    /// The id of the entry.
    pub fn local(&self) -> LocalId {
        match self {
            Self::Put(Entry { local, .. }) | Self::Mark { local, .. } | Self::Remove(local) => *local,
        }
    }
}

/// An outbox entry: a message, edit or deletion that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The permanent id of the entry.
    pub local: LocalId,
    /// The destination.
    pub room: RoomId,
    /// The content.
    pub payload: OutboxPayload,
    /// The progress.
    pub stage: StoredStage,
    /// Number of attempts to send it so far.
    pub attempts: u32,
    /// When the user wrote it.
    pub at: Timestamp,
}

/// The content of an outbox entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutboxPayload {
    /// A new message.
    Send(Content),
    /// A new text for one of the user's own messages.
    Edit {
        /// The message.
        message: MessageId,
        /// The text.
        text: String,
    },
    /// Deletion of one of the user's own messages for everyone.
    Delete {
        /// The message.
        message: MessageId,
    },
    /// Deletion of a message for the user alone.
    DeleteForMe {
        /// The message.
        message: MessageId,
    },
}

impl OutboxPayload {
    /// Returns the message that is edited or deleted; `None` for a new message.
    pub fn changed_message(&self) -> Option<&MessageId> {
        match self {
            Self::Send(_) => None,
            Self::Edit { message, .. } | Self::Delete { message } | Self::DeleteForMe { message } => Some(message),
        }
    }
}

/// The progress of an outbox entry.
///
/// An entry that was `Queued` when the program was killed may have been sent already. After a start it must be treated
/// as `Uncertain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredStage {
    /// The entry waits to be sent.
    Queued,
    /// The entry was sent, but the server has not answered: it may have it or not.
    Uncertain,
    /// The entry could not be delivered.
    Failed(SendFailure),
}

/// A contiguous piece of a room's history, oldest message first.
///
/// A store that has seen only parts of a room must never present them as the whole. The writer therefore states what it
/// knows about the ends of the piece; unknown ends are treated as gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The room.
    pub room: RoomId,
    /// The messages. Those without an id are not stored, since they are in the outbox.
    pub messages: Vec<Message>,
    /// The direct predecessor of the first message, if known.
    pub after: Option<MessageId>,
    /// The direct successor of the last message, if known.
    pub before: Option<MessageId>,
    /// Whether the first message is the first one of the room.
    pub from_start: bool,
}

/// The draft of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// The position of the cursor, in units of the caller.
    pub cursor: u32,
    /// The context of the draft, such as the message that it edits or replies to, in a format of the caller.
    pub context: Option<String>,
}

/// A read marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// The newest message that was read.
    pub message: MessageId,
    /// When it was sent.
    pub at: Timestamp,
}

/// A query. It is answered by an [`Answer`](super::Answer) with the same `id`, unless a newer query of the same kind
/// (for history: of the same room) arrives first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A page of a room's history.
    History {
        /// Returned with the answer.
        id: u64,
        /// The room.
        room: RoomId,
        /// The place of the page.
        at: HistoryPosition,
        /// Maximum number of messages.
        limit: u32,
    },
    /// A page of a room's history for an export. Other than `History`, no other query replaces it.
    Export {
        /// Returned with the answer.
        id: u64,
        /// The room.
        room: RoomId,
        /// The place of the page.
        at: HistoryPosition,
        /// Maximum number of messages.
        limit: u32,
    },
    /// A search for words, newest matches first.
    Search {
        /// Returned with the answer.
        id: u64,
        /// The words as the user typed them, see [`SearchTerms`](crate::text::SearchTerms).
        text: String,
        /// What the messages must be besides. With a condition, the words may be missing.
        filter: SearchFilter,
        /// The room; `None` searches all rooms.
        room: Option<RoomId>,
        /// Maximum number of matches.
        limit: u32,
    },
}

/// The place of a page of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryPosition {
    /// The newest messages.
    Newest,
    /// The messages directly before this one.
    Before(MessageId),
    /// The nearest stored messages before this one, even if there is a gap in between.
    BeforeAcrossGap(MessageId),
}

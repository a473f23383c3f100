//! What goes in: what is to be kept, and what is asked.

use crate::domain::{Content, LocalId, Message, MessageId, PersonId, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};
use crate::text::SafeText;

/// Something to be kept, or to be forgotten.
///
/// Outbox writes, `ForgetRoom`, `ForgetHistory` and `Wipe` are carried out at once and in their order; all others wait
/// a third of a second for company, and of those that say the same thing anew only the newest is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A change of the outbox. Confirmed by [`Answer::Kept`](super::Answer::Kept), as nothing else is.
    Outbox(OutboxWrite),
    /// Us.
    Me(PersonInfo),
    /// The server was heard then: how old everything is.
    Heard(Timestamp),
    /// This room is on screen: the next start begins with it.
    Opened(RoomId),
    /// Rooms that are new or changed. A room that is not named stays.
    Rooms(Vec<RoomInfo>),
    /// People who are new or changed.
    People(Vec<PersonInfo>),
    /// Messages that are new or changed.
    Messages(Batch),
    /// A message that may be kept is another now. One that is not kept stays away: who wrote it is not known here, so
    /// there is nothing to compare the change with.
    Change {
        /// The room.
        room: RoomId,
        /// The message as it is now.
        message: Box<Message>,
    },
    /// A message was taken back: its text goes, its place stays.
    Tombstone {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Whose it is, if that was said: one that is kept as somebody else's stays.
        author: Option<PersonId>,
    },
    /// A message is gone without a trace, such as one deleted for oneself.
    Remove {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// What is being written in a room; `None`: nothing any more.
    Draft {
        /// The room.
        room: RoomId,
        /// What is being written.
        draft: Option<Draft>,
    },
    /// How far a room was read.
    Read {
        /// The room.
        room: RoomId,
        /// The newest message that was seen, if any was.
        upto: Option<ReadTo>,
        /// What is unread.
        unread: Unread,
    },
    /// A room is no more: all of it goes, what waits for it and its draft too.
    ForgetRoom(RoomId),
    /// All that came from the server goes, such as when the account turns out to be another one. What the user wrote,
    /// drafts and the outbox, stays.
    ForgetHistory,
    /// Everything goes.
    Wipe,
}

/// A change of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxWrite {
    /// A new entry, or another content of one that is there; that one keeps its place.
    Put(Entry),
    /// An entry is at another stage. One that is not there stays away.
    Mark {
        /// The entry.
        local: LocalId,
        /// Where it is now.
        stage: Stage,
        /// How often it was handed over.
        attempts: u32,
    },
    /// An entry is done: confirmed by the server, or discarded.
    Remove(LocalId),
}

impl OutboxWrite {
    /// The entry.
    pub fn local(&self) -> LocalId {
        match self {
            Self::Put(Entry { local, .. }) | Self::Mark { local, .. } | Self::Remove(local) => *local,
        }
    }
}

/// Something that is to reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its identity, for ever.
    pub local: LocalId,
    /// Where to.
    pub room: RoomId,
    /// What.
    pub what: OutboxPayload,
    /// How far it has come.
    pub stage: Stage,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was written.
    pub at: Timestamp,
}

/// What is to reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxPayload {
    /// A new message.
    Send(Content),
    /// Another text of an own message.
    Edit {
        /// The message.
        message: MessageId,
        /// The text.
        text: String,
    },
    /// An own message is to be taken back.
    Delete {
        /// The message.
        message: MessageId,
    },
    /// A message is to be deleted for oneself.
    DeleteForMe {
        /// The message.
        message: MessageId,
    },
}

/// How far an entry has come. What was `Queued` when the program was killed may have been handed over all the same:
/// after a start it has to be treated as `Uncertain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It waits.
    Queued,
    /// It was handed over, and the server has not answered: it may have it.
    Uncertain,
    /// The server did not take it.
    Failed {
        /// Why, as a sentence.
        reason: SafeText,
    },
}

/// Messages of a room, oldest first, between which nothing is missing.
///
/// A store that has seen only parts of a room must never show them as if they were the whole. So the writer says what
/// it knows of the places where this piece ends, and what it does not say is taken for a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The room.
    pub room: RoomId,
    /// The messages, as they stand in the timeline. Those without an id wait for the server and are left out.
    pub messages: Vec<Message>,
    /// The message that stands directly before the first one.
    pub after: Option<MessageId>,
    /// The message that stands directly behind the last one.
    pub before: Option<MessageId>,
    /// The first one is the very first of the room.
    pub from_start: bool,
}

/// What is being written in a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// Where the cursor stands. The writer decides what that counts; it comes back as it was.
    pub cursor: u32,
    /// What the text is about, such as the message that it edits or answers, in the writer's own words (JSON, say).
    pub about: Option<String>,
}

/// How far a room was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTo {
    /// The newest message that was seen.
    pub message: MessageId,
    /// When it was sent.
    pub at: Timestamp,
}

/// A question. Each is answered by an [`Answer`](super::Answer) with its `id`, unless a newer question of its kind (for
/// `Past`: of its room) came before the store got to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A piece of a room's history.
    Past {
        /// Comes back with the answer.
        id: u64,
        /// The room.
        room: RoomId,
        /// Which piece.
        at: At,
        /// How many messages at most.
        limit: u32,
    },
    /// Messages with these words, the newest first.
    Find {
        /// Comes back with the answer.
        id: u64,
        /// The words, as the user typed them. All of them have to be in a message; the last may be the beginning of one.
        text: String,
        /// The room; `None`: all.
        room: Option<RoomId>,
        /// How many to leave out, for further pages.
        skip: u32,
        /// How many at most.
        limit: u32,
    },
}

/// Which piece of a room's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The newest messages.
    Newest,
    /// Those directly before this message.
    Before(MessageId),
    /// The nearest ones before this message, whatever is missing in between.
    Beyond(MessageId),
    /// Those directly behind this message.
    After(MessageId),
}

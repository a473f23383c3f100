//! What comes out: what was on disk at the start, answers, confirmations and troubles.

use crate::domain::{LocalId, Message, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};

use super::problem::Problem;
use super::write::{Draft, Entry, ReadTo};

/// Something that the store has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What was on disk. Comes once for each store, whatever happens, and before any other answer but a `Problem`.
    Loaded(Box<Snapshot>),
    /// A change of the outbox was carried out.
    Kept {
        /// The entry.
        local: LocalId,
        /// What was carried out.
        step: Step,
        /// It is on disk. If not, the chat goes on without; should it get there later, this comes once more.
        on_disk: bool,
    },
    /// A piece of a room's history.
    Past {
        /// Of the question.
        id: u64,
        /// The room.
        room: RoomId,
        /// The piece.
        past: Past,
    },
    /// What was found.
    Found(Found),
    /// Something is amiss. Told once, until it is over.
    Problem(Problem),
    /// The last `Problem` is over: everything is kept again.
    Recovered,
}

/// Which change of the outbox was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The entry was put in.
    Put,
    /// Its stage was noted.
    Mark,
    /// It was taken out.
    Remove,
}

/// What was on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// Us.
    pub me: Option<PersonInfo>,
    /// When the server was heard last: all of this is as old.
    pub heard_at: Option<Timestamp>,
    /// The room that was on screen last.
    pub opened: Option<RoomId>,
    /// The rooms, in no order.
    pub rooms: Vec<KeptRoom>,
    /// The people, in no order.
    pub people: Vec<PersonInfo>,
    /// The newest messages of the rooms in which something happened last.
    pub pasts: Vec<(RoomId, Past)>,
    /// What is being written.
    pub drafts: Vec<(RoomId, Draft)>,
    /// What is to reach the server, in the order it was written.
    pub outbox: Vec<Entry>,
}

/// A room as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRoom {
    /// What the server said last.
    pub info: RoomInfo,
    /// What was unread.
    pub unread: Unread,
    /// How far it was read.
    pub read: Option<ReadTo>,
}

/// A piece of a room's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The messages, oldest first; nothing is missing between them.
    pub messages: Vec<Message>,
    /// What lies beyond them: before the first one, or behind the last one when what comes after a message was asked.
    pub edge: Edge,
}

/// What lies beyond a piece of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// More messages, here.
    More,
    /// Nothing that is known here: the server has to be asked.
    Hole,
    /// Nothing: it is the start of the room.
    Start,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Of the question.
    pub id: u64,
    /// The messages, the newest first.
    pub hits: Vec<Hit>,
    /// There are more.
    pub more: bool,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub room: RoomId,
    /// The message.
    pub message: Message,
}

//! What one can ask of a chat service, and what a service can do.

use super::ids::{LocalId, MessageId, PersonId, RoomId};

/// Something to ask of the server. A retry is the same request again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Create or reuse the user and learn who that is. Answered by `SignedIn`.
    SignIn {
        /// The app's name for the user.
        username: String,
        /// The name others see.
        name: String,
    },
    /// Tell a fresh socket who is listening. Not answered.
    Announce,
    /// One page of the room list, counted from 1. Answered by `Rooms`.
    Rooms {
        /// The page.
        page: u32,
    },
    /// One page of a room's messages, counted from 1, the newest first. Answered by `History`.
    History {
        /// The room.
        room: RoomId,
        /// The page.
        page: u32,
    },
    /// Send a text. Answered by `Accepted`.
    Send {
        /// The room.
        room: RoomId,
        /// The send's identity.
        local: LocalId,
        /// The text.
        text: String,
    },
    /// Replace the text of an own message. Answered by `Done`.
    Edit {
        /// The message.
        message: MessageId,
        /// The new text.
        text: String,
    },
    /// Take an own message back. Answered by `Done`.
    Delete {
        /// The message.
        message: MessageId,
    },
    /// Report that a message was seen. Answered by `Done`.
    Seen {
        /// The message.
        message: MessageId,
    },
    /// Listen to a room's live events. Not answered.
    Join {
        /// The room.
        room: RoomId,
    },
    /// Stop listening to a room's live events. Not answered.
    Leave {
        /// The room.
        room: RoomId,
    },
    /// Tell a room that one is typing, or has stopped. Not answered.
    Typing {
        /// The room.
        room: RoomId,
        /// Typing, or stopped.
        on: bool,
    },
    /// Tell a room that one is online. Not answered.
    Heartbeat {
        /// The room.
        room: RoomId,
    },
    /// Look a person up by the app's name for them. Answered by `Person`.
    FindPerson {
        /// The app's name for them.
        username: String,
    },
    /// Look a person up by the server's name for them. Answered by `Person`.
    Person {
        /// The server's name for them.
        id: PersonId,
    },
    /// Open the one-to-one chat with somebody. Answered by `Opened`.
    OpenDirect {
        /// The app's name for them.
        username: String,
    },
    /// Start a group. Answered by `Opened`.
    CreateGroup {
        /// Its title; the server's default when empty.
        title: String,
        /// The app's names for the other members.
        usernames: Vec<String>,
    },
    /// Add somebody to a group. Answered by `MemberAdded`.
    AddMember {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
    },
    /// Remove somebody from a group. Answered by `MemberRemoved`.
    RemoveMember {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
    },
    /// Delete a chat for everybody. Answered by `RoomDeleted`.
    DeleteRoom {
        /// The room.
        room: RoomId,
    },
}

/// What a back end can do. Everything outside `protocol/` asks this and never which back end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The back end's name, for the status line and help.
    pub name: &'static str,
    /// Own messages can be edited.
    pub edit: bool,
    /// Own messages can be deleted for everybody.
    pub delete: bool,
    /// Members can be added to and removed from groups.
    pub members: bool,
    /// Typing, deletions and receipts do not name their room, so only the open room is listened to.
    pub unnamed_rooms: bool,
    /// Messages on a page of history.
    pub page_size: u32,
}

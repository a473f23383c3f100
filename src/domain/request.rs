//! What one can ask of a chat service.

use super::attachment::FileFacts;
use super::ids::{CallId, LocalId, MessageId, PersonId, RoomId};
use super::member::{MemberRole, RoomKind};

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text {
        /// The text.
        text: String,
        /// The message it replies to, by the identity of that send.
        reply_to: Option<LocalId>,
    },
    /// A file of this machine. It is read when it is sent; `Progress` tells how far it is.
    File {
        /// The file. Boxed, since requests are handed around by value and nearly all are small.
        file: Box<FileFacts>,
        /// The message it replies to.
        reply_to: Option<LocalId>,
    },
    /// A message that is already on the server, sent on.
    Forward {
        /// The message, by the identity of its send.
        of: LocalId,
        /// Its text, for services that want one.
        text: String,
    },
}

impl Content {
    /// A text that replies to nothing.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), reply_to: None }
    }
}

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
    /// One page of a room's messages, counted from 1, the newest first. Answered by `History`. Services page by number or
    /// by place; each takes what it needs.
    History {
        /// The room.
        room: RoomId,
        /// The page.
        page: u32,
        /// The page holds what is older than this message; `None`: the newest there is.
        before: Option<MessageId>,
    },
    /// Send something. Answered by `Accepted`, or by `Duplicate` when the server has it already.
    Send {
        /// The room.
        room: RoomId,
        /// The send's identity, the same on every retry.
        local: LocalId,
        /// What is sent.
        content: Content,
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
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// Delete a message for oneself. Answered by `Done`.
    DeleteForMe {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// Star a message, or take the star away. Answered by `Done`.
    Star {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Star it, or not.
        on: bool,
    },
    /// The starred messages of a room, or of all. Answered by `Stars`.
    Stars {
        /// The room.
        room: Option<RoomId>,
    },
    /// Who has seen a message, or who has only received it. Answered by `SeenBy`.
    SeenBy {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// The message.
        message: MessageId,
        /// Seen, or only received.
        seen: bool,
    },
    /// Report that a room's messages have arrived here. Not answered.
    Delivered {
        /// The room.
        room: RoomId,
    },
    /// Report that a message, or all of a room (see `Receipts`), was seen. Answered by `Done`, or not at all.
    Seen {
        /// The room.
        room: RoomId,
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
    /// Look somebody up who is known by id. Answered by `Person` or `LastSeen`.
    Person {
        /// The server's name for them.
        id: PersonId,
        /// The app's name for them; empty when unknown.
        username: String,
    },
    /// Ask who of these is there. Answered by `Presence` for each.
    Presence {
        /// Who, and the room that is shared with them.
        people: Vec<(PersonId, RoomId)>,
    },
    /// Search people by name. Answered by `People`.
    FindPeople {
        /// A part of the name.
        name: String,
        /// The page, counted from 1.
        page: u32,
    },
    /// Block somebody, or not any more. Answered by `Done`.
    Block {
        /// The app's name for them.
        username: String,
        /// Block, or not any more.
        on: bool,
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
    /// Start a broadcast. Answered by `Opened`.
    CreateBroadcast {
        /// Its title.
        title: String,
        /// The app's names for those who are to read it.
        usernames: Vec<String>,
    },
    /// Add somebody to a group or broadcast. Answered by `MemberAdded` or `Done`.
    AddMember {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// Who; `None` where user names do.
        person: Option<PersonId>,
        /// The app's name for them.
        username: String,
    },
    /// Remove somebody from a group or broadcast. Answered by `MemberRemoved` or `Done`.
    RemoveMember {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// Who; `None` where user names do.
        person: Option<PersonId>,
        /// The app's name for them.
        username: String,
    },
    /// Give a member another role. Answered by `Done`.
    SetRole {
        /// The room.
        room: RoomId,
        /// The app's name for them.
        username: String,
        /// The role.
        role: MemberRole,
    },
    /// One page of a group's or broadcast's members. Answered by `Members`.
    Members {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// The page, counted from 1.
        page: u32,
    },
    /// How we stand in a room. Answered by `Membership`.
    Membership {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// The app's name for the other side, where there is one; else empty.
        username: String,
    },
    /// The one room. Answered by `RoomChanged`.
    Room {
        /// The room.
        room: RoomId,
    },
    /// Rooms by title, or those that were put away; the room list is not changed. Answered by `FoundRooms`.
    FindRooms {
        /// A part of the title; empty for all.
        title: String,
        /// Those that were put away, instead of the others.
        archived: bool,
        /// The page, counted from 1.
        page: u32,
    },
    /// Mute a room, or not any more. Answered by `Done`.
    Mute {
        /// The room.
        room: RoomId,
        /// Mute, or not any more.
        on: bool,
    },
    /// Put a room away, or take it back. Answered by `Done`.
    Archive {
        /// The room.
        room: RoomId,
        /// Away, or back.
        on: bool,
    },
    /// Give a group or broadcast another title. Answered by `Done`.
    Rename {
        /// The room.
        room: RoomId,
        /// What sort of room it is.
        kind: RoomKind,
        /// The title.
        title: String,
    },
    /// Leave a group for good. Answered by `Done`.
    LeaveGroup {
        /// The room.
        room: RoomId,
    },
    /// Delete a chat, for everybody or for oneself (see `Feature::DeleteChatForAll`). Answered by `RoomDeleted`.
    DeleteRoom {
        /// The room.
        room: RoomId,
    },
    /// Ring the other side. Answered by `CallStarted`.
    StartCall {
        /// The room.
        room: RoomId,
        /// With picture.
        video: bool,
    },
    /// Take a call that rings here. Answered by `Done`.
    AcceptCall {
        /// The call.
        call: CallId,
    },
    /// Refuse a call that rings here. Answered by `Done`.
    RejectCall {
        /// The call.
        call: CallId,
    },
    /// Hang up, or give up ringing. Answered by `Done`.
    EndCall {
        /// The call.
        call: CallId,
    },
    /// The call that rings here, if one does. Answered by `CallRings`, or not at all.
    ActiveCall,
    /// The calls of the past. Answered by `Calls`.
    Calls,
}

impl Request {
    /// The room without which this cannot be carried out, for those by whose refusal one learns that it is gone.
    pub fn needs_room(&self) -> Option<&RoomId> {
        match self {
            Self::History { room, .. } | Self::Send { room, .. } | Self::Room { room } | Self::DeleteRoom { room } => {
                Some(room)
            }
            _ => None,
        }
    }

    /// Whether the asker waits for an answer; what is only emitted has none.
    pub fn is_answered(&self) -> bool {
        !matches!(
            self,
            Self::Announce
                | Self::Join { .. }
                | Self::Leave { .. }
                | Self::Typing { .. }
                | Self::Heartbeat { .. }
                | Self::Delivered { .. }
                | Self::Presence { .. }
                | Self::ActiveCall
        )
    }
}

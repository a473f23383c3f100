//! Requests to a chat service, in terms of this program.
//!
//! The adapters in `protocol/` translate them into REST calls and socket events.

use serde::{Deserialize, Serialize};

use super::attachment::{Attachment, OutgoingFile};
use super::ids::{CallId, LocalId, MessageId, PageSerial, PersonId, RoomId};
use super::member::{MemberRole, RoomKind};
use super::message::MessageKind;

/// Kind of content that a service lists separately from the other messages of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SharedKind {
    /// Images and videos.
    Media,
    /// Messages with links.
    Links,
    /// Files.
    Files,
    /// Voice messages.
    Voice,
}

/// Content of a message to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Text message.
    Text {
        /// The text.
        text: String,
        /// Id of the send that created the message it replies to.
        reply_to: Option<LocalId>,
    },
    /// Local file, read while it is being sent. `Progress` events report how far the upload has come.
    File {
        /// The file. Boxed to keep requests small: they are passed by value and few contain a file.
        file: Box<OutgoingFile>,
        /// Id of the send that created the message it replies to.
        reply_to: Option<LocalId>,
    },
    /// Forwarded copy of a message that is already on the server.
    Forward {
        /// Id of the send that created the forwarded message.
        of: LocalId,
        /// Its text; empty for a file without one.
        text: String,
        /// Its kind.
        kind: MessageKind,
        /// Its file, if it has one.
        attachment: Option<Box<Attachment>>,
    },
}

impl Content {
    /// Creates a text message that replies to nothing.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), reply_to: None }
    }
}

/// Request to the server. Retrying means sending an equal request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Signs in, which creates the user on first use. Answered by `SignedIn`.
    SignIn {
        /// Unique user name.
        username: String,
        /// Display name to set. `None` leaves the name on the server as it is.
        name: Option<String>,
    },
    /// Ends the login of this device. Answered by `Done`.
    LogOut,
    /// Changes the user's display name. Answered by `Done`.
    SetName {
        /// The new name.
        name: String,
    },
    /// Replaces the user's picture. Answered by `Done`.
    SetPicture {
        /// The picture.
        file: Box<OutgoingFile>,
    },
    /// Identifies the user on a new socket connection. Not answered.
    Announce,
    /// Requests one page of the room list. Answered by `Rooms`.
    Rooms {
        /// Page number, from 1.
        page: u32,
    },
    /// Requests one page of a room's messages. Answered by `History`. Some services page by number and some by
    /// position; the adapter uses `page` or `before` accordingly.
    History {
        /// The room.
        room: RoomId,
        /// Identifies the request; the reply repeats it.
        serial: PageSerial,
        /// Page number, from 1; page 1 holds the newest messages.
        page: u32,
        /// The page ends right before this message; `None` requests the newest messages.
        before: Option<MessageId>,
    },
    /// Sends a message. Answered by `Accepted`, or by `Duplicate` if the server already has it.
    Send {
        /// The room.
        room: RoomId,
        /// Id of the send, the same for every retry.
        local: LocalId,
        /// Content of the message.
        content: Content,
    },
    /// Cancels the upload of a file, unless all of it has been transferred. Not answered; the send itself then fails.
    CancelUpload {
        /// Id of the send.
        local: LocalId,
    },
    /// Replaces the text of one of the user's messages. Answered by `Done`.
    Edit {
        /// The message.
        message: MessageId,
        /// The new text.
        text: String,
    },
    /// Deletes one of the user's messages for everybody. Answered by `Done`.
    Delete {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// Deletes a message for the user only. Answered by `Done`.
    DeleteForMe {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// Stars or unstars a message. Answered by `Done`.
    Star {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Whether to star it.
        on: bool,
    },
    /// Requests the starred messages. Answered by `Stars`.
    Stars {
        /// The room; `None` for all rooms.
        room: Option<RoomId>,
    },
    /// Requests the people who have seen a message, or have only received it. Answered by `SeenBy`.
    SeenBy {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// The message.
        message: MessageId,
        /// Whether to list people who have seen it, instead of those who have only received it.
        seen: bool,
        /// Page number, from 1.
        #[serde(default)]
        page: u32,
    },
    /// Reports that the messages of a room were delivered to this client. Not answered.
    Delivered {
        /// The room.
        room: RoomId,
    },
    /// Reports that a message, or a room up to that message (see `Receipts`), was seen. Not answered, but it
    /// fails while the connection is down.
    Seen {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
    },
    /// Subscribes to the live events of a room. Not answered.
    Join {
        /// The room.
        room: RoomId,
    },
    /// Unsubscribes from the live events of a room. Not answered.
    Leave {
        /// The room.
        room: RoomId,
    },
    /// Tells the others in a room that the user is typing, or has stopped. Not answered.
    Typing {
        /// The room.
        room: RoomId,
        /// Whether the user is typing.
        on: bool,
    },
    /// Tells the others in a room that the user is online. Not answered.
    Heartbeat {
        /// The room.
        room: RoomId,
    },
    /// Looks up a person by user name. Answered by `Person`.
    FindPerson {
        /// The user name.
        username: String,
    },
    /// Looks up a person by id. Answered by `Person` or `LastSeen`.
    Person {
        /// Id of the person.
        id: PersonId,
        /// User name; empty if unknown.
        username: String,
    },
    /// Polls the presence of people. Answered by `Presence` for each.
    Presence {
        /// The people, each with a room shared with them.
        people: Vec<(PersonId, RoomId)>,
    },
    /// Searches people by name. Answered by `People`.
    FindPeople {
        /// Part of the name.
        name: String,
        /// Page number, from 1.
        page: u32,
    },
    /// Blocks or unblocks a person. Answered by `Done`.
    Block {
        /// User name of the person.
        username: String,
        /// Whether to block.
        on: bool,
    },
    /// Opens the direct message with a person, creating it if needed. Answered by `RoomOpened`.
    OpenDirect {
        /// User name of the person.
        username: String,
    },
    /// Creates a group. Answered by `RoomOpened`.
    CreateGroup {
        /// Title; if empty, the server chooses one.
        title: String,
        /// User names of the other members.
        usernames: Vec<String>,
    },
    /// Creates a broadcast. Answered by `RoomOpened`.
    CreateBroadcast {
        /// Title.
        title: String,
        /// User names of the recipients.
        usernames: Vec<String>,
    },
    /// Adds a person to a group or broadcast. Answered by `MemberAdded` or `Done`.
    AddMember {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// Id of the person; `None` on services that identify people by user name.
        person: Option<PersonId>,
        /// User name of the person.
        username: String,
    },
    /// Removes a person from a group or broadcast. Answered by `MemberRemoved` or `Done`.
    RemoveMember {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// Id of the person; `None` on services that identify people by user name.
        person: Option<PersonId>,
        /// User name of the person.
        username: String,
    },
    /// Changes the role of a group member. Answered by `Done`.
    SetRole {
        /// The room.
        room: RoomId,
        /// User name of the member.
        username: String,
        /// The new role.
        role: MemberRole,
    },
    /// Requests one page of the members of a group or broadcast. Answered by `Members`.
    Members {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// Page number, from 1.
        page: u32,
    },
    /// Requests the user's membership in a room. Answered by `Membership`.
    Membership {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// User name of the other person in a direct message; otherwise empty.
        username: String,
    },
    /// Requests a single room. Answered by `RoomChanged`.
    Room {
        /// The room.
        room: RoomId,
    },
    /// Searches rooms by title, or lists the archived ones. Does not affect the room list. Answered by `FoundRooms`.
    FindRooms {
        /// Part of the title; empty for all rooms.
        title: String,
        /// Whether to search the archived rooms instead of the others.
        archived: bool,
        /// Page number, from 1.
        page: u32,
    },
    /// Mutes or unmutes a room. Answered by `Done`.
    Mute {
        /// The room.
        room: RoomId,
        /// Whether to mute.
        on: bool,
    },
    /// Archives or unarchives a room. Answered by `Done`.
    Archive {
        /// The room.
        room: RoomId,
        /// Whether to archive.
        on: bool,
    },
    /// Renames a group or broadcast. Answered by `Done`.
    Rename {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// The new title.
        title: String,
    },
    /// Replaces the picture of a group or broadcast. Answered by `Done`.
    SetRoomPicture {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// The picture.
        file: Box<OutgoingFile>,
    },
    /// Requests one page of the people who can be added to a group or broadcast. Answered by `People`.
    AddablePeople {
        /// The room.
        room: RoomId,
        /// Kind of the room.
        kind: RoomKind,
        /// Page number, from 1.
        page: u32,
    },
    /// Changes the description of a group. Answered by `Done`.
    SetDescription {
        /// The group.
        room: RoomId,
        /// The new description.
        text: String,
    },
    /// Changes the user's own name for a room, which nobody else sees. Answered by `Done`.
    SetNickname {
        /// The room.
        room: RoomId,
        /// The name; empty to remove it.
        name: String,
    },
    /// Requests one page of the media, links, files or voice messages of a room. Answered by `Shared`.
    Shared {
        /// The room.
        room: RoomId,
        /// The kind of content.
        kind: SharedKind,
        /// The page ends right before this message; `None` requests the newest ones.
        before: Option<MessageId>,
        /// Page number, from 1.
        page: u32,
    },
    /// Leaves a group for good. Answered by `Done`, or by `MemberRemoved` where the room disappears with it.
    LeaveGroup {
        /// The room.
        room: RoomId,
    },
    /// Deletes a room, for everybody or only for the user (see `Feature::DeleteRoomForAll`). Answered by `RoomDeleted`.
    DeleteRoom {
        /// The room.
        room: RoomId,
    },
    /// Calls the other person in a room. Answered by `CallStarted`.
    StartCall {
        /// The room.
        room: RoomId,
        /// Whether it is a video call.
        video: bool,
    },
    /// Accepts an incoming call. Answered by `Done`.
    AcceptCall {
        /// The call.
        call: CallId,
    },
    /// Declines an incoming call. Answered by `Done`.
    DeclineCall {
        /// The call.
        call: CallId,
    },
    /// Hangs up, or cancels a call that has not been answered. Answered by `Done`.
    EndCall {
        /// The call.
        call: CallId,
    },
    /// Requests the incoming call, if there is one. Answered by `IncomingCall`, or not at all.
    ActiveCall,
    /// Requests the call history. Answered by `Calls`.
    Calls,
    /// Clears the user's call history. Answered by `Done`.
    ClearCalls,
    /// Requests the access to the sound and video of the call in a room. Answered by `CallAccess`.
    CallAccess {
        /// The room.
        room: RoomId,
    },
}

impl Request {
    /// Returns the room that this request needs. If such a request fails with `Failure::NotFound`, the room was
    /// deleted.
    pub fn needs_room(&self) -> Option<&RoomId> {
        match self {
            Self::History { room, .. } | Self::Send { room, .. } | Self::Room { room } | Self::DeleteRoom { room } => {
                Some(room)
            }
            _ => None,
        }
    }

    /// Returns the users whom the request names by their user names. If one of them does not exist, it fails with
    /// `Failure::UnknownUser`.
    pub fn named_users(&self) -> &[String] {
        match self {
            Self::OpenDirect { username }
            | Self::FindPerson { username }
            | Self::AddMember { username, .. }
            | Self::RemoveMember { username, .. }
            | Self::SetRole { username, .. }
            | Self::Block { username, .. } => std::slice::from_ref(username),
            Self::CreateGroup { usernames, .. } | Self::CreateBroadcast { usernames, .. } => usernames,
            _ => &[],
        }
    }

    /// Whether the outcome of this request is reported: the server's reply or, for a receipt, that the connection is down.
    /// All other events that are only emitted on the socket get no reply and are outdated by then.
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
                | Self::CancelUpload { .. }
                | Self::ActiveCall
        )
    }
}

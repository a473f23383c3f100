//! What a server can tell us.

use crate::text::SafeText;

use super::ids::{LocalId, MessageId, PersonId, RoomId};
use super::message::MessageInfo;
use super::person::PersonInfo;
use super::request::{Capabilities, Request};
use super::room::RoomInfo;

/// Something that happened on the server, or between it and us.
#[derive(Debug, Clone, PartialEq)]
pub enum ServerEvent {
    /// The connection changed.
    Link(Link),
    /// The server knows who we are. Comes before the first `Link::Online`.
    SignedIn {
        /// Us.
        me: PersonInfo,
        /// What the back end can do.
        capabilities: Capabilities,
    },
    /// One page of the room list.
    Rooms {
        /// The page, counted from 1.
        page: u32,
        /// How many pages there are.
        pages: u32,
        /// The rooms.
        rooms: Vec<RoomInfo>,
    },
    /// A room appeared or changed: somebody wrote in it. Its `last_message` is the news.
    RoomChanged(Box<RoomInfo>),
    /// The room that was asked for with `OpenDirect` or `CreateGroup`.
    Opened(Box<RoomInfo>),
    /// One page of a room's messages, oldest first.
    History {
        /// The room.
        room: RoomId,
        /// The page, counted from 1, the newest first.
        page: u32,
        /// How many pages there are.
        pages: u32,
        /// The messages.
        messages: Vec<MessageInfo>,
    },
    /// A message was sent.
    Message(MessageInfo),
    /// A message was changed.
    Edited(MessageInfo),
    /// A message was taken back.
    Deleted(MessageId),
    /// Somebody has seen a message.
    Seen(MessageId),
    /// Somebody types, or has stopped. Their room is the one we listen to, unless the server names it.
    Typing {
        /// Who.
        person: PersonInfo,
        /// Where, if the server says so.
        room: Option<RoomId>,
        /// Typing, or stopped.
        on: bool,
    },
    /// Somebody came or went.
    Presence {
        /// Who.
        person: PersonId,
        /// Came, or went.
        online: bool,
    },
    /// An AI agent did something worth a line in the room.
    AgentAction {
        /// Where, if the server says so.
        room: Option<RoomId>,
        /// The agent's name.
        agent: SafeText,
        /// What it did, in the server's words.
        action: SafeText,
    },
    /// The server has something to say to the user.
    Notice(SafeText),
    /// The server took a send. What it says of the message may be anything from nothing to all of it.
    Accepted {
        /// The room.
        room: RoomId,
        /// The send.
        local: LocalId,
        /// The message's id, if the response names it.
        id: Option<MessageId>,
        /// The message, if the response holds it.
        message: Option<Box<MessageInfo>>,
    },
    /// A person who was looked up; `None`: there is nobody of that name.
    Person {
        /// The look-up this answers.
        request: Request,
        /// Who it is.
        person: Option<PersonInfo>,
    },
    /// Somebody was added to a group.
    MemberAdded {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
    },
    /// Somebody was removed from a group.
    MemberRemoved {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
    },
    /// A chat was deleted.
    RoomDeleted(RoomId),
    /// A request without an answer of its own was carried out.
    Done(Request),
    /// A request was refused or could not be delivered. Nothing is retried by itself.
    Failed {
        /// The request.
        request: Request,
        /// Why, as a sentence.
        reason: SafeText,
    },
    /// Live events were lost; what is on screen must be fetched again.
    Gap,
}

/// The connection, as the user is to see it.
///
/// `Connecting → Online → Offline → Connecting …`; `Refused` from any state and for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Signing in, or opening the socket.
    Connecting,
    /// Events arrive.
    Online,
    /// Not connected; another attempt follows.
    Offline {
        /// Milliseconds until the next attempt.
        retry_in: i64,
        /// Why, as a sentence that says what to do.
        reason: SafeText,
    },
    /// The server will not have us; no attempt follows.
    Refused {
        /// Why, as a sentence that says what to do.
        reason: SafeText,
    },
}

//! What a server can tell us.

use crate::text::SafeText;

use super::call::{CallEnd, CallInfo, CallRecord};
use super::capabilities::Capabilities;
use super::failure::Failure;
use super::ids::{CallId, LocalId, MessageId, PersonId, RoomId};
use super::member::{Member, Membership};
use super::message::MessageInfo;
use super::person::PersonInfo;
use super::request::Request;
use super::room::RoomInfo;
use super::time::Timestamp;

/// Something that happened on the server, or between it and us.
#[derive(Debug, Clone, PartialEq)]
pub enum ServerEvent {
    /// The connection changed.
    Connection(ConnectionStatus),
    /// The server knows who we are. Comes before the first `ConnectionStatus::Online`.
    SignedIn {
        /// Us.
        me: PersonInfo,
        /// What the back end can do.
        capabilities: Capabilities,
    },
    /// How far the server's clock is ahead of ours, in milliseconds; told when it is much, and when it no longer is.
    Clock {
        /// How far; below nothing when it is behind.
        ahead: i64,
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
    /// A room got another title.
    RoomRenamed {
        /// The room.
        room: RoomId,
        /// The title.
        title: SafeText,
    },
    /// The room that was asked for with `OpenDirect`, `CreateGroup` or `CreateBroadcast`.
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
    /// A message was taken back. The server says neither where nor by whom.
    Deleted(MessageId),
    /// A message was taken back, by its author as the server tells it.
    Revoked {
        /// Where it stood.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Who wrote it.
        author: PersonId,
    },
    /// Somebody has seen a message.
    Seen(MessageId),
    /// All that `author` has sent in a room so far was seen by the other side.
    RoomSeen {
        /// The room.
        room: RoomId,
        /// Whose messages were seen, which is not who saw them.
        author: PersonId,
    },
    /// All that `author` has sent in a room so far has arrived at the other side.
    RoomDelivered {
        /// The room.
        room: RoomId,
        /// Whose messages arrived.
        author: PersonId,
    },
    /// The starred messages that were asked for, newest first.
    Stars {
        /// The room, or all.
        room: Option<RoomId>,
        /// The messages.
        messages: Vec<MessageInfo>,
    },
    /// Who has seen, or only received, the message that was asked about.
    SeenBy {
        /// The message.
        message: MessageId,
        /// Seen, or only received.
        seen: bool,
        /// Who, and when if the server says so.
        people: Vec<(PersonInfo, Option<Timestamp>)>,
    },
    /// How far the file of a send is.
    Progress {
        /// The room.
        room: RoomId,
        /// The send.
        local: LocalId,
        /// Bytes that are sent.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
    /// Somebody types, records, or has stopped. Their room is the one we listen to, unless the server names it.
    Typing {
        /// Who.
        person: PersonInfo,
        /// Where, if the server says so.
        room: Option<RoomId>,
        /// What they do; `None`: they have stopped.
        activity: Option<Activity>,
    },
    /// Somebody came or went.
    Presence {
        /// Who.
        person: PersonId,
        /// Came, or went.
        online: bool,
    },
    /// Somebody was last there then.
    LastSeen {
        /// Who.
        person: PersonId,
        /// When.
        at: Timestamp,
    },
    /// The people that were searched.
    People {
        /// The search this answers.
        request: Request,
        /// There are more pages.
        more: bool,
        /// Who.
        people: Vec<PersonInfo>,
    },
    /// One page of a room's members.
    Members {
        /// The room.
        room: RoomId,
        /// The page, counted from 1.
        page: u32,
        /// There are more pages.
        more: bool,
        /// Who.
        members: Vec<Member>,
    },
    /// How we stand in a room.
    Membership {
        /// The room.
        room: RoomId,
        /// How.
        membership: Membership,
    },
    /// Somebody blocked somebody in this room, or does not any more: how we stand has to be asked.
    BlockChanged(RoomId),
    /// Somebody was thrown out of a group, which stays in the list.
    Kicked {
        /// The room.
        room: RoomId,
        /// Who.
        person: PersonId,
    },
    /// The rooms that were searched.
    FoundRooms {
        /// The search this answers.
        request: Request,
        /// There are more pages.
        more: bool,
        /// The rooms.
        rooms: Vec<RoomInfo>,
    },
    /// Somebody rings here.
    CallRings(CallInfo),
    /// The call that we started rings over there.
    CallStarted {
        /// The call.
        call: CallId,
        /// Where.
        room: RoomId,
        /// With picture.
        video: bool,
    },
    /// The other side has taken our call.
    CallAccepted {
        /// The call, if the server names it.
        call: Option<CallId>,
        /// Where.
        room: RoomId,
    },
    /// A call is over.
    CallEnded {
        /// The call, if the server names it.
        call: Option<CallId>,
        /// Where.
        room: RoomId,
        /// How.
        how: CallEnd,
    },
    /// The calls of the past, newest first.
    Calls(Vec<CallRecord>),
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
    /// The server has this send already: an earlier attempt had arrived. The message itself is not told.
    Duplicate {
        /// The room.
        room: RoomId,
        /// The send.
        local: LocalId,
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
    /// A request was refused or could not be delivered. What could be retried by itself has been.
    Failed {
        /// The request.
        request: Request,
        /// What is known of it: whether it can have been carried out.
        failure: Failure,
        /// Why, as a sentence.
        reason: SafeText,
    },
    /// Live events were lost; what is on screen must be fetched again.
    Gap,
}

/// What somebody is about to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A text.
    Typing,
    /// Their voice.
    Recording,
}

/// The connection, as the user is to see it.
///
/// `Connecting → Online → Offline → Connecting …`; `Refused` from any state and for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStatus {
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

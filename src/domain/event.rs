//! Events reported by a back end, in terms of this program.
//!
//! The adapters in `protocol/` translate frames and replies into these events; `app/` consumes them.

use serde::{Deserialize, Serialize};

use crate::text::SafeText;

use super::call::{CallAccess, CallEnd, CallInfo, CallRecord};
use super::capabilities::Capabilities;
use super::failure::Failure;
use super::ids::{CallId, LocalId, MessageId, PageSerial, PersonId, RoomId};
use super::member::{Member, Membership};
use super::message::MessageInfo;
use super::person::PersonInfo;
use super::request::Request;
use super::room::RoomInfo;
use super::time::Timestamp;
use super::typing::Activity;

/// Something that happened on the server, or to the connection with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ServerEvent {
    /// The state of the connection changed.
    Connection(ConnectionStatus),
    /// Sign-in succeeded. Precedes the first `ConnectionStatus::Online`.
    SignedIn {
        /// The signed-in user.
        me: PersonInfo,
        /// Capabilities of the service.
        capabilities: Capabilities,
    },
    /// What a sign-in tells of the server's clock.
    ClockSkew {
        /// Milliseconds by which the server's clock is ahead; negative if it is behind, 0 if it hardly differs.
        ahead: i64,
    },
    /// One page of the room list.
    Rooms {
        /// Page number, from 1.
        page: u32,
        /// Number of pages.
        pages: u32,
        /// Rooms on this page.
        rooms: Vec<RoomInfo>,
    },
    /// A room appeared or changed because of a new message, which is its `last_message`.
    RoomChanged(Box<RoomInfo>),
    /// A room was renamed.
    RoomRenamed {
        /// The room.
        room: RoomId,
        /// Its new title.
        title: SafeText,
    },
    /// The room requested with `OpenDirect`, `CreateGroup` or `CreateBroadcast` is ready.
    RoomOpened(Box<RoomInfo>),
    /// One page of a room's messages, oldest first.
    History {
        /// The room.
        room: RoomId,
        /// Identifies the request that this page answers.
        serial: PageSerial,
        /// Page number, from 1; page 1 holds the newest messages.
        page: u32,
        /// Number of pages.
        pages: u32,
        /// Number of messages in the room when the page was read, if the server reports it.
        #[serde(default)]
        total: Option<u32>,
        /// Messages on this page.
        messages: Vec<MessageInfo>,
    },
    /// A message was sent, by the user or by another person.
    Message(MessageInfo),
    /// A message was edited.
    Edited(MessageInfo),
    /// A message was deleted. The server names neither its room nor its author.
    Deleted(MessageId),
    /// A message was deleted by its author.
    Revoked {
        /// Room of the message.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Author of the message, as the server reports it.
        author: PersonId,
    },
    /// A message was seen by a recipient.
    Seen(MessageId),
    /// The other side has seen everything that `author` has sent in a room so far.
    RoomSeen {
        /// The room.
        room: RoomId,
        /// Author of the messages that were seen (not the person who saw them).
        author: PersonId,
    },
    /// Everything that `author` has sent in a room so far was delivered to the other side.
    RoomDelivered {
        /// The room.
        room: RoomId,
        /// Author of the messages that were delivered.
        author: PersonId,
    },
    /// The requested starred messages, newest first.
    Stars {
        /// The room; `None` for all rooms.
        room: Option<RoomId>,
        /// The starred messages.
        messages: Vec<MessageInfo>,
    },
    /// The people who have seen a message, or have only received it.
    SeenBy {
        /// The message.
        message: MessageId,
        /// Whether `people` have seen it; otherwise they have only received it.
        seen: bool,
        /// The people of one page, each with the time if the server reports it.
        people: Vec<(PersonInfo, Option<Timestamp>)>,
        /// The page after this one, if there is one.
        #[serde(default)]
        next: Option<u32>,
    },
    /// Progress of a file upload.
    Progress {
        /// The room.
        room: RoomId,
        /// Id of the send.
        local: LocalId,
        /// Bytes sent so far.
        sent: u64,
        /// Size in bytes.
        total: u64,
    },
    /// A person started or stopped composing a message.
    Typing {
        /// The person.
        person: PersonInfo,
        /// The room; `None` if the server does not name it, in which case it is the room that was joined.
        room: Option<RoomId>,
        /// Kind of message being composed; `None` when the person stopped.
        activity: Option<Activity>,
    },
    /// A person came online or went offline.
    Presence {
        /// The person.
        person: PersonId,
        /// Whether the person is online now.
        online: bool,
    },
    /// Time at which a person was last online.
    LastSeen {
        /// The person.
        person: PersonId,
        /// The time.
        at: Timestamp,
    },
    /// Results of a search for people.
    People {
        /// The search request.
        request: Request,
        /// Whether there are more pages.
        more: bool,
        /// People on this page.
        people: Vec<PersonInfo>,
    },
    /// One page of a room's members.
    Members {
        /// The room.
        room: RoomId,
        /// Page number, from 1.
        page: u32,
        /// Whether there are more pages.
        more: bool,
        /// Members on this page.
        members: Vec<Member>,
    },
    /// The user's membership in a room.
    Membership {
        /// The room.
        room: RoomId,
        /// The membership.
        membership: Membership,
    },
    /// A participant of this room blocked or unblocked another one. The event does not say whom, so the membership has
    /// to be requested again.
    BlockChanged(RoomId),
    /// A member was kicked from a group, which stays in that person's room list.
    Kicked {
        /// The room.
        room: RoomId,
        /// The person who was kicked.
        person: PersonId,
    },
    /// Results of a search for rooms.
    FoundRooms {
        /// The search request.
        request: Request,
        /// Whether there are more pages.
        more: bool,
        /// Rooms on this page.
        rooms: Vec<RoomInfo>,
    },
    /// Incoming call.
    IncomingCall(CallInfo),
    /// The user's call is ringing on the other side.
    CallStarted {
        /// The call.
        call: CallId,
        /// The room.
        room: RoomId,
        /// Whether it is a video call.
        video: bool,
    },
    /// The other side accepted the user's call.
    CallAccepted {
        /// The call, if the server names it.
        call: Option<CallId>,
        /// The room.
        room: RoomId,
    },
    /// A call ended.
    CallEnded {
        /// The call, if the server names it.
        call: Option<CallId>,
        /// The room.
        room: RoomId,
        /// Reason.
        reason: CallEnd,
    },
    /// The call history, newest first.
    Calls(Vec<CallRecord>),
    /// Access to the sound and video of the call in a room.
    CallAccess {
        /// The room.
        room: RoomId,
        /// The access.
        access: CallAccess,
    },
    /// One page of the media, links, files or voice messages of a room, newest first.
    Shared {
        /// The request for this page.
        request: Request,
        /// Whether there are more pages.
        more: bool,
        /// Messages on this page.
        messages: Vec<MessageInfo>,
    },
    /// An AI agent did something, which is shown as a line in the room.
    AgentAction {
        /// The room, if the server names it.
        room: Option<RoomId>,
        /// Name of the agent.
        agent: SafeText,
        /// Description of the action, as the server words it.
        action: SafeText,
    },
    /// The server does not respond although the connection seems to be up: for so many milliseconds, it should have
    /// answered a request or sent a ping. `None` when it responds again.
    Silence(Option<i64>),
    /// Announcement from the server to the user.
    Notice(SafeText),
    /// Calls wait because the server asked to slow down. `None` when it accepts calls again, which is not always known.
    Paused(Option<Pause>),
    /// The server accepted a send. Services differ in what they report about the message: everything, its id, or
    /// nothing.
    Accepted {
        /// The room.
        room: RoomId,
        /// Id of the send.
        local: LocalId,
        /// Id of the message, if the reply contains it.
        id: Option<MessageId>,
        /// The message, if the reply contains it.
        message: Option<Box<MessageInfo>>,
    },
    /// The server already has this send from an earlier attempt. The reply does not contain the message.
    Duplicate {
        /// The room.
        room: RoomId,
        /// Id of the send.
        local: LocalId,
    },
    /// Result of looking up a person.
    Person {
        /// The look-up request.
        request: Request,
        /// The person; `None` if there is none by that name.
        person: Option<PersonInfo>,
    },
    /// A person was added to a group.
    MemberAdded {
        /// The room.
        room: RoomId,
        /// The new member.
        person: PersonId,
    },
    /// A member was removed from a group.
    MemberRemoved {
        /// The room.
        room: RoomId,
        /// The former member.
        person: PersonId,
    },
    /// A room was deleted.
    RoomDeleted(RoomId),
    /// A request that has no reply event of its own was carried out.
    Done(Request),
    /// A request failed, after all automatic retries.
    Failed {
        /// The request.
        request: Request,
        /// Class of the failure: whether the server may have carried the request out.
        failure: Failure,
        /// Explanation, as a complete sentence.
        reason: SafeText,
    },
    /// Live events were dropped, because too many were waiting. Whatever they may have changed has to be fetched again.
    EventsLost,
}

/// A pause that the server asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// A sentence for the user.
    pub sentence: SafeText,
    /// Its duration in milliseconds.
    pub millis: i64,
    /// Whether changes wait, and not only reads or the sign-in.
    pub has_changes: bool,
}

/// State of the connection, as shown to the user.
///
/// `Connecting → Online → Offline → Connecting …`; `Refused` can follow any state, and lasts until the user asks for
/// another attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionStatus {
    /// Signing in or opening the socket.
    Connecting,
    /// Receiving events.
    Online,
    /// Disconnected; another attempt follows.
    Offline {
        /// Milliseconds until the next attempt.
        retry_in: i64,
        /// Explanation, as a sentence that says what to do.
        reason: SafeText,
    },
    /// A permanent error occurred, such as a rejected sign-in; no attempt follows by itself.
    Refused {
        /// Explanation, as a sentence that says what to do.
        reason: SafeText,
    },
}

impl ConnectionStatus {
    /// Returns the state in one word, and the explanation, if there is one.
    pub fn described(&self) -> (&'static str, Option<&SafeText>) {
        match self {
            Self::Connecting => ("connecting", None),
            Self::Online => ("online", None),
            Self::Offline { reason, .. } => ("offline", Some(reason)),
            Self::Refused { reason } => ("refused", Some(reason)),
        }
    }
}

//! One signed-in profile: its connection, people, rooms, drafts, outbox and persistence.
//!
//! Nothing in here knows what is on screen. Several accounts live side by side without sharing anything.

use crate::app::effect::Effect;
use crate::app::model::call::Call;
use crate::app::model::composer::Composer;
use crate::app::model::outbox::Outbox;
use crate::app::model::people::{MemberLookup, People};
use crate::app::model::persistence::PersistenceState;
use crate::app::model::room_list::RoomList;
use crate::app::model::timers::{Timer, Timers};
use crate::domain::{
    AccountId, CallId, Capabilities, MessageInfo, Person, PersonId, Receipts, Request, Room, RoomId, Timestamp,
};
use crate::text::SafeText;
use std::collections::{HashMap, HashSet};

/// Where an account comes from: a profile of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The profile's name, as in the configuration file.
    pub name: String,
    /// The user name, shown until the server has sent the display name.
    pub user: String,
    /// The server's address.
    pub url: String,
    /// The room to open first: its id or its title. Taken once it has been opened.
    pub room: Option<String>,
}

/// One signed-in profile.
#[derive(Debug)]
pub struct Account {
    /// Names this account in every event and effect.
    pub id: AccountId,
    /// Where it comes from.
    pub profile: Profile,
    /// The connection to the service.
    pub connection: ConnectionState,
    /// Our own person, once the server or the store has named it.
    pub me: Option<PersonId>,
    /// The features of the service, once it has sent them.
    pub capabilities: Option<Capabilities>,
    /// Whether the server returns the `LocalId` of our sends, as far as observed.
    pub echoes_local_ids: Option<bool>,
    /// Whether there has been a connection since the program started.
    pub was_online: bool,
    /// Milliseconds by which the server's clock is ahead of ours.
    pub server_clock_offset: i64,
    /// Everybody the server has mentioned.
    pub people: People,
    /// All rooms, newest activity first.
    pub rooms: RoomList,
    /// How much of the room list has been loaded.
    pub room_sync: RoomListSync,
    /// Unsent text of the rooms that are not open.
    pub drafts: HashMap<RoomId, Composer>,
    /// Messages, edits and deletions the server has not confirmed.
    pub outbox: Outbox,
    /// Whether drafts and outbox survive a quit: a working store is open.
    pub drafts_are_durable: bool,
    /// What the store is known to hold.
    pub persistence: PersistenceState,
    /// Messages for rooms that are not known yet.
    pub pending_messages: Vec<MessageInfo>,
    /// Rooms with messages since the last frame, whose senders get one delivery receipt.
    pub rooms_with_arrivals: Vec<RoomId>,
    /// The call that rings or is in progress.
    pub call: Option<Call>,
    /// The call we left last; the server's own notice of its end may still be on its way.
    pub(in crate::app) left_call: Option<CallId>,
    /// How many of the two answers to "who has seen this message" have arrived.
    pub seen_by_answers: u8,
    /// Look-ups of people that an action waits for.
    pub member_lookups: Vec<MemberLookup>,
    /// The room that was told that we are typing.
    pub typing_in: Option<RoomId>,
    /// What to fetch again that was fetched while a join was on its way.
    pub resync: Option<Resync>,
    /// What is due for this account.
    pub timers: Timers,
}

/// The connection, with the times that the screen counts down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionState {
    /// An attempt is under way.
    Connecting {
        /// Why the last attempt failed.
        reason: Option<SafeText>,
    },
    /// Events arrive.
    Online,
    /// Not connected; another attempt follows.
    Offline {
        /// When the next attempt follows.
        retry_at: Timestamp,
        /// Why the connection was lost or could not be made.
        reason: SafeText,
    },
    /// The server rejected the credentials; no attempt follows.
    Refused {
        /// The server's reason.
        reason: SafeText,
    },
}

/// A second fetch after a join.
///
/// The server does not confirm a join, so a page that is fetched beside it may date from before the server took it, and
/// a message sent in between would be in neither. The newest page is therefore fetched once more when the join has
/// surely arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resync {
    /// Whether to fetch the room list as well, because the connection is new.
    pub rooms: bool,
}

/// How much of the room list has been loaded.
#[derive(Debug, Clone, Default)]
pub struct RoomListSync {
    /// The page that has been requested, while the list is incomplete.
    pub next_page: Option<u32>,
    /// Whether the list has been complete once.
    pub listed: bool,
    /// Whether the last request for it failed.
    pub failed: bool,
    /// Rooms outside the list that were requested one by one on this connection.
    pub requested: HashSet<RoomId>,
    /// Rooms that a reply called missing, whose membership has been requested to find out why.
    pub verifying: HashSet<RoomId>,
    /// The rooms of the list's first page, until the list is complete.
    pub first_page: HashSet<RoomId>,
}

impl Account {
    /// An account before anything has happened.
    pub fn new(id: AccountId, profile: Profile) -> Self {
        Self {
            id,
            profile,
            connection: ConnectionState::Connecting { reason: None },
            me: None,
            capabilities: None,
            echoes_local_ids: None,
            was_online: false,
            server_clock_offset: 0,
            people: People::default(),
            rooms: RoomList::default(),
            room_sync: RoomListSync::default(),
            drafts: HashMap::new(),
            outbox: Outbox::default(),
            drafts_are_durable: false,
            persistence: PersistenceState::default(),
            pending_messages: Vec::new(),
            rooms_with_arrivals: Vec::new(),
            call: None,
            left_call: None,
            seen_by_answers: 0,
            member_lookups: Vec::new(),
            typing_in: None,
            resync: None,
            timers: Timers::default(),
        }
    }

    /// The effect that sends `request` to this account's server.
    pub(in crate::app) fn request(&self, request: Request) -> Effect {
        Effect::Request(self.id, request)
    }

    /// When changes are written to the store next, if there are any.
    pub fn next_write(&self) -> Option<Timestamp> {
        self.timers.get(Timer::FlushStore)
    }

    /// Whether events arrive.
    pub fn is_online(&self) -> bool {
        self.connection == ConnectionState::Online
    }

    /// The time by the server's clock, as far as it is known. Our own messages are compared with the server's by it.
    pub(in crate::app) fn server_time(&self, now: Timestamp) -> Timestamp {
        now + self.server_clock_offset
    }

    /// Whether `person` is us.
    pub fn is_me(&self, person: &PersonId) -> bool {
        self.me.as_ref() == Some(person)
    }

    /// The other person of a direct message, if `room` is one and they are known.
    pub fn peer(&self, room: &Room) -> Option<&Person> {
        self.people.get(room.peer(self.me.as_ref()?)?)
    }

    /// The display name of `person`.
    pub fn name_of(&self, person: &PersonId) -> &str {
        match self.people.get(person) {
            Some(known) if !known.info.name.is_empty() => &known.info.name,
            Some(known) => &known.info.username,
            None => "Unknown user",
        }
    }

    /// Whether receipts are per room, and the server counts unread messages.
    pub(in crate::app) fn has_room_receipts(&self) -> bool {
        self.capabilities.is_some_and(|can| can.receipts == Receipts::PerRoom)
    }
}

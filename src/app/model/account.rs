//! A signed-in profile with its connection, people, rooms, drafts, outbox and persistence.
//!
//! Accounts share nothing with each other, and know nothing about the screen; that is in `Ui`.

use crate::app::effect::{Effect, OpenedProfile, Profile};
use crate::app::model::call::Call;
use crate::app::model::composer::Composer;
use crate::app::model::confirmation::confirmation;
use crate::app::model::downloads::Downloads;
use crate::app::model::export::Export;
use crate::app::model::history_page::HistoryPage;
use crate::app::model::mentions::Mentions;
use crate::app::model::notifications::Notifications;
use crate::app::model::outbox::queue::Outbox;
use crate::app::model::outbox::stage::OutboxStage;
use crate::app::model::page_requests::PageRequests;
use crate::app::model::pending_forward::PendingForward;
use crate::app::model::people::{MemberLookup, People};
use crate::app::model::persistence::PersistenceState;
use crate::app::model::pictures::Pictures;
use crate::app::model::recent_emoji::RecentEmoji;
use crate::app::model::room_list::RoomList;
use crate::app::model::room_list_sync::RoomListSync;
use crate::app::model::seen_by_pages::SeenByPages;
use crate::app::model::sent_lines::SentLines;
use crate::app::model::sent_receipts::SentReceipts;
use crate::app::model::timers::{AccountTimer, Timers};
use crate::domain::{
    AccountId, Amendment, CallId, Capabilities, MessageChange, MessageId, MessageInfo, MessagePoint, Paging, Person,
    PersonId, Presence, Receipts, Request, Room, RoomId, Timestamp,
};
use crate::text::SafeText;
use std::collections::HashMap;

/// A signed-in profile.
#[derive(Debug)]
pub struct Account {
    /// The id that identifies this account in every event and effect.
    pub id: AccountId,
    /// The profile from which the account was created.
    pub profile: Profile,
    /// The connection to the service.
    pub connection: ConnectionState,
    /// The id of our own user, once the server or the store has supplied it.
    pub me: Option<PersonId>,
    /// The features of the service, once it has sent them.
    pub capabilities: Option<Capabilities>,
    /// Whether the server returns the `LocalId` of our messages; `None` until this has been observed.
    pub echoes_local_ids: Option<bool>,
    /// Whether a connection has been established since the program started.
    pub was_online: bool,
    /// Milliseconds by which the server's clock is ahead of ours; negative if it is behind.
    pub server_clock_offset: i64,
    /// The words by which others mention the user.
    pub mentions: Mentions,
    /// Everyone the server or the store has mentioned.
    pub people: People,
    /// All rooms, newest activity first.
    pub rooms: RoomList,
    /// The progress of loading the room list.
    pub room_sync: RoomListSync,
    /// The drafts of the rooms that are not open. The draft of the open room is in `Ui::composer`.
    pub drafts: HashMap<RoomId, Composer>,
    /// A text that belongs to no room yet, while a command is typed instead. Otherwise it is in `Ui::composer`.
    pub(in crate::app) roomless_draft: Option<Composer>,
    /// The lines that were sent from each room, to bring them back.
    pub sent_lines: HashMap<RoomId, SentLines>,
    /// The emoji that were inserted lately.
    pub(in crate::app) recent_emoji: RecentEmoji,
    /// Messages, edits and deletions that the server has not confirmed.
    pub outbox: Outbox,
    /// Whether the store works, so that drafts and the outbox survive a restart.
    pub drafts_are_durable: bool,
    /// The known contents of the store.
    pub persistence: PersistenceState,
    /// Messages that arrived for rooms that are not known yet.
    pub pending_messages: Vec<MessageInfo>,
    /// Rooms in which messages have arrived since the last frame. One delivery receipt per room is sent for them.
    pub rooms_with_arrivals: Vec<RoomId>,
    /// Messages for which a read receipt was sent. Only used with receipts per message.
    pub sent_receipts: SentReceipts,
    /// The messages to notify about, and the notifications on the desktop.
    pub notifications: Notifications,
    /// The call that is ringing or in progress.
    pub call: Option<Call>,
    /// The call that the user left last. The server's own notice of its end may still arrive and is then ignored.
    pub(in crate::app) left_call: Option<CallId>,
    /// The pages of the last "Seen by" list.
    pub seen_by: SeenByPages,
    /// The message of the user for which the service was asked, without a list, who has seen it.
    pub(in crate::app) receipt_check: Option<MessageId>,
    /// Look-ups by user name for which a change of a room's members is waiting.
    pub member_lookups: Vec<MemberLookup>,
    /// Messages to be forwarded to people whose direct message has been requested.
    pub(in crate::app) pending_forwards: Vec<PendingForward>,
    /// The room to which typing has been reported and not yet revoked.
    pub typing_in: Option<RoomId>,
    /// Since when the server has not responded, although the connection seems to be up.
    pub silent_since: Option<Timestamp>,
    /// The reload that is due because pages were requested while a join was in progress.
    pub resync: Option<Resync>,
    /// State of the join of the open room.
    pub join: Join,
    /// The rest of a long page of history, which is merged slice by slice.
    pub history_rest: Option<HistoryPage>,
    /// The downloads in progress.
    pub downloads: Downloads,
    /// The export of a room that is in progress.
    pub export: Option<Box<Export>>,
    /// The number of exports started so far.
    pub(in crate::app) exports_started: u64,
    /// The pictures in its messages.
    pub pictures: Pictures,
    /// The timers of this account.
    pub(in crate::app) timers: Timers<AccountTimer>,
    /// The unanswered requests for pages of messages.
    pub(in crate::app) page_requests: PageRequests,
}

/// The connection status, with the time of the next attempt for the countdown on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionState {
    /// An attempt is under way.
    Connecting {
        /// The reason why the last attempt failed, if there was one.
        reason: Option<SafeText>,
    },
    /// Connected and receiving events.
    Online,
    /// Not connected; another attempt follows.
    Offline {
        /// The time of the next attempt.
        retry_at: Timestamp,
        /// The reason why the connection was lost or could not be established.
        reason: SafeText,
    },
    /// The server rejected the credentials. No further attempt follows.
    Refused {
        /// The server's reason.
        reason: SafeText,
    },
}

/// A reload of the newest page after a join.
///
/// The server does not confirm a join. A page requested at the same time may have been read before the server processed
/// the join, and a message sent in between would be missing from both the page and the live events. The newest page is
/// therefore requested again once the join should have been processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resync {
    /// Whether to reload the room list as well, because the connection is new.
    pub rooms: bool,
}

/// Whether the server has processed the join of the open room.
///
/// A join is followed by a heartbeat, which the server announces to everybody who has joined. Where it includes the
/// user, its arrival proves that the join was processed. Other servers prove nothing, so the join is only assumed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Join {
    /// It has, or no room was joined.
    #[default]
    Processed,
    /// The server has proven nothing yet.
    Sent,
    /// It was assumed when the newest page was requested again. Messages after `synced_to`, the newest message at that
    /// time, were missed if the proof arrives later.
    Assumed {
        /// The newest message at that time.
        synced_to: Option<MessagePoint>,
        /// Whether the room list was reloaded as well.
        rooms: bool,
    },
}

impl Account {
    /// Creates an account in its initial state.
    pub fn new(id: AccountId, opened: OpenedProfile) -> Self {
        let OpenedProfile { profile, on_disk } = opened;
        let persistence = if on_disk.is_some() { PersistenceState::on_disk() } else { PersistenceState::default() };
        Self {
            id,
            profile,
            connection: ConnectionState::Connecting { reason: None },
            me: None,
            capabilities: on_disk,
            echoes_local_ids: None,
            was_online: false,
            server_clock_offset: 0,
            mentions: Mentions::default(),
            people: People::default(),
            rooms: RoomList::default(),
            room_sync: RoomListSync::default(),
            drafts: HashMap::new(),
            roomless_draft: None,
            sent_lines: HashMap::new(),
            recent_emoji: RecentEmoji::default(),
            outbox: Outbox::default(),
            drafts_are_durable: false,
            persistence,
            pending_messages: Vec::new(),
            rooms_with_arrivals: Vec::new(),
            sent_receipts: SentReceipts::default(),
            notifications: Notifications::default(),
            call: None,
            left_call: None,
            seen_by: SeenByPages::default(),
            receipt_check: None,
            member_lookups: Vec::new(),
            pending_forwards: Vec::new(),
            typing_in: None,
            silent_since: None,
            resync: None,
            join: Join::default(),
            history_rest: None,
            downloads: Downloads::default(),
            export: None,
            exports_started: 0,
            timers: Timers::default(),
            pictures: Pictures::default(),
            page_requests: PageRequests::default(),
        }
    }

    /// Adapts the mentions to the user's present names. `others` are the words from the options.
    pub(in crate::app) fn refresh_mentions(&mut self, others: &[String]) {
        let me = self.me.as_ref().and_then(|me| self.people.get(me));
        let (name, username) = match me {
            Some(me) => (me.info.name.as_str(), me.info.username.as_str()),
            None => ("", self.profile.user.as_str()),
        };
        self.mentions.refresh(name, username, others);
    }

    /// Whether a text mentions the user.
    pub(in crate::app) fn is_mention(&self, text: &str) -> bool {
        self.mentions.words.is_in(text)
    }

    /// Returns how the service divides a history into pages. Before the sign-in, no page is requested.
    pub(in crate::app) fn paging(&self) -> Paging {
        self.capabilities.map_or(Paging { size: 1, by_number: true }, |can| can.paging)
    }

    /// Records a change of a message, if a reply is expected that the server may have read before the change.
    pub(in crate::app) fn record_change(&mut self, change: &MessageChange) {
        let expects_others = || self.room_sync.is_requesting() || self.persistence.expects_stored_data();
        let is_due = change.amendment != Amendment::Seen && expects_others();
        if is_due || !self.page_requests.is_idle() || self.is_sending() {
            self.page_requests.record(change.clone());
        }
        self.pending_messages.retain_mut(|info| {
            let is_it = change.concerns(&info.id, &info.room, &info.author);
            let is_gone = matches!(change.amendment, Amendment::Deleted | Amendment::Removed);
            if is_it && !is_gone {
                info.amend(&change.amendment);
            }
            !(is_it && is_gone)
        });
    }

    /// Forgets the changes of messages that no expected reply can lack.
    pub(in crate::app) fn forget_changes(&mut self) {
        let is_unneeded =
            || !self.room_sync.is_requesting() && !self.persistence.expects_stored_data() && !self.is_sending();
        if !self.page_requests.amendments().is_empty() && is_unneeded() {
            self.page_requests.forget_changes();
        }
    }

    /// Whether the answer to a send is expected, which contains the message.
    fn is_sending(&self) -> bool {
        self.outbox.iter().any(|entry| entry.is_send() && *entry.stage() == OutboxStage::Sending)
    }

    /// Returns the effect that sends `request` to this account's server. None of these requests needs a confirmation.
    pub(in crate::app) fn request(&self, request: Request) -> Effect {
        debug_assert!(confirmation(&request).is_none(), "only an answered question sends {request:?}");
        Effect::Request(self.id, request)
    }

    /// Returns when changes are next written to the store, if there are any.
    pub fn next_write(&self) -> Option<Timestamp> {
        self.timers.get(AccountTimer::FlushStore)
    }

    /// Whether the server refused the account from the start, and there is nothing from an earlier start to show.
    pub(in crate::app) fn has_failed(&self) -> bool {
        let is_refused = matches!(self.connection, ConnectionState::Refused { .. });
        is_refused && !self.was_online && !self.persistence.has_restored()
    }

    /// Whether the account is connected and receives events.
    pub fn is_online(&self) -> bool {
        self.connection == ConnectionState::Online
    }

    /// Whether the first attempt to connect is under way, the rooms are not known yet, or a message is on its way. A
    /// program that types waits until that is over; nothing here lasts without a connection.
    pub fn is_busy(&self) -> bool {
        let is_sending = |stage: &OutboxStage| {
            matches!(stage, OutboxStage::Writing(_) | OutboxStage::Marking(_) | OutboxStage::Sending)
        };
        match &self.connection {
            ConnectionState::Connecting { reason } => reason.is_none(),
            ConnectionState::Online => {
                let knows_rooms = self.room_sync.is_listed() || self.room_sync.has_failed();
                !knows_rooms || self.outbox.iter().any(|entry| is_sending(entry.stage()))
            }
            _ => false,
        }
    }

    /// Converts our time to the server's clock, as far as its offset is known. Used to compare the times of our own
    /// messages with those of the server.
    pub(in crate::app) fn server_time(&self, now: Timestamp) -> Timestamp {
        now + self.server_clock_offset
    }

    /// Whether `person` is our own user.
    pub fn is_me(&self, person: &PersonId) -> bool {
        self.me.as_ref() == Some(person)
    }

    /// Returns the other person of a direct message; `None` if `room` is a group or the person is unknown.
    pub fn peer(&self, room: &Room) -> Option<&Person> {
        self.people.get(room.peer(self.me.as_ref()?)?)
    }

    /// Returns the other person of a room that is shown as a direct message.
    pub fn shown_peer(&self, room: &Room) -> Option<&Person> {
        self.peer(room).filter(|peer| room.info.may_be_direct_with(&peer.info))
    }

    /// Whether a room is shown as a direct message, even if nothing is known about the other person yet.
    pub fn is_shown_as_direct(&self, room: &Room) -> bool {
        let is_of_two = self.me.as_ref().is_some_and(|me| room.peer(me).is_some());
        self.shown_peer(room).is_some() || (is_of_two && self.peer(room).is_none())
    }

    /// Whether a person is shown as online. While disconnected nobody is, except AI agents, which always are.
    pub fn is_shown_online(&self, person: &PersonId, now: Timestamp) -> bool {
        if self.is_me(person) {
            return self.connection == ConnectionState::Online;
        }
        let is_current = |known: &&Person| self.connection == ConnectionState::Online || known.info.agent;
        let known = self.people.get(person).filter(is_current);
        known.is_some_and(|known| known.presence(now) == Presence::Online)
    }

    /// Returns the display name of `person`, or their user name if they have none.
    pub fn name_of(&self, person: &PersonId) -> &str {
        match self.people.get(person) {
            Some(known) if !known.info.name.is_empty() => &known.info.name,
            Some(known) => &known.info.username,
            None => "Unknown user",
        }
    }

    /// Whether read receipts apply to whole rooms, in which case the server counts unread messages.
    pub(in crate::app) fn has_room_receipts(&self) -> bool {
        self.capabilities.is_some_and(|can| can.receipts == Receipts::PerRoom)
    }
}

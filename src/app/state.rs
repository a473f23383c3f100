//! Everything the program knows. One task owns it; only `update` and `layout` write it.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;

use crate::config::Theme;
use crate::domain::{AccountId, CallId, Capabilities, MessageInfo, Person, PersonId, Room, RoomId, Slot, Timestamp};
use crate::input::Keymap;
use crate::text::SafeText;

use super::areas::{Areas, Size};
use super::call::Call;
use super::composer::Composer;
use super::hunt::JumpTarget;
use super::keeping::PersistenceState;
use super::outbox::Outbox;
use super::overlay::Overlay;
use super::pane::Pane;
use super::people::{Lookup, People};
use super::rooms::Rooms;
use super::search::Search;

/// What the user chose, as far as the state needs it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The profile's name, for the status line.
    pub profile: String,
    /// The user's name on the server, for the status line until the server has said more.
    pub user: String,
    /// The room to open first: its id or its title.
    pub room: Option<String>,
    /// Where the server is, for the first screen.
    pub url: String,
    /// The live bindings.
    pub keymap: Keymap,
    /// How things look.
    pub theme: Theme,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// What carries the sound and picture of calls: a program and its arguments, in which `{room}`, `{call}`, `{url}`,
    /// `{name}` and `{video}` stand for those of the call. Empty: nothing does.
    pub call_command: Vec<String>,
    /// What opens a link: a program and its arguments, of which `{url}` is the link; else it comes last.
    pub open_command: Vec<String>,
    /// Seeds everything that is left to chance.
    pub seed: u64,
}

/// The account that is shown.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which one.
    pub id: AccountId,
    /// Us, once the server has said so.
    pub me: Option<PersonId>,
    /// What the back end can do, once it has said so.
    pub capabilities: Option<Capabilities>,
    /// The connection.
    pub connection: ConnectionState,
    /// Whether the server returns the `LocalId` of what we send, as far as is known.
    pub returns_locals: Option<bool>,
    /// There has been a connection since the program began.
    pub was_online: bool,
    /// How far the server's clock is ahead of ours, in milliseconds.
    pub clock_ahead: i64,
}

/// The connection, with the times that the screen counts down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionState {
    /// On its way; `reason` is why the last attempt failed.
    Connecting {
        /// Why the last attempt failed.
        reason: Option<SafeText>,
    },
    /// Events arrive.
    Online,
    /// Not connected.
    Offline {
        /// When the next attempt follows.
        retry_at: Timestamp,
        /// Why.
        reason: SafeText,
    },
    /// The server will not have us.
    Refused {
        /// Why.
        reason: SafeText,
    },
}

/// What the keys go to, below any overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The composer.
    Composer,
    /// A selected message of the open room.
    Message(Slot),
    /// A room of the list, by its place.
    Rooms(usize),
}

/// A join is not answered, and a page that is fetched beside it may come from before the server took it: what is said in
/// between would be in neither. So the newest page is looked at once more when the join has surely arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondLook {
    /// When.
    pub at: Timestamp,
    /// The room list as well: the connection is new.
    pub rooms: bool,
}

/// What may look different since the last frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Nothing.
    Nothing,
    /// The composer: a key was typed, which is what a user waits for most often.
    Composer,
    /// Anything.
    Everything,
}

/// A sentence on the status line, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// When it goes.
    pub until: Timestamp,
    /// The server says it by itself, about nobody knows what.
    pub from_server: bool,
}

/// Everything the program knows.
#[derive(Debug)]
pub struct State {
    /// What the user chose.
    pub options: Options,
    /// The time of the last event.
    pub now: Timestamp,
    /// The account that is shown.
    pub account: Account,
    /// Everybody who was ever mentioned.
    pub people: People,
    /// All rooms, newest activity first.
    pub rooms: Rooms,
    /// The room on screen.
    pub open: Option<RoomId>,
    /// Its messages on screen.
    pub pane: Pane,
    /// What is being written in it.
    pub composer: Composer,
    /// What is being written in the others.
    pub drafts: HashMap<RoomId, Composer>,
    /// What is to reach the server.
    pub outbox: Outbox,
    /// Rooms in which something arrived since the last frame: their senders are told so.
    pub arrived: Vec<RoomId>,
    /// The message that is being gone to, while it is not here.
    pub hunt: Option<JumpTarget>,
    /// What was found last, of which a message was gone to.
    pub searched: Option<Box<Search>>,
    /// The call that rings or is held.
    pub call: Option<Call>,
    /// The call that we left last: the server's word that it is over may still be on its way.
    pub(super) call_left: Option<CallId>,
    /// How many of the two answers to "who has seen this" have come.
    pub seen_by_answers: u8,
    /// Look-ups of people whose answer something waits for.
    pub lookups: Vec<Lookup>,
    /// What the keys go to.
    pub focus: Focus,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// A sentence on the status line.
    pub notice: Option<Notice>,
    /// The terminal's size.
    pub size: Size,
    /// Where things are, as `layout` settled it.
    pub areas: Areas,
    /// What may look different since the last frame.
    pub damage: Damage,
    /// The terminal has the focus, as far as is known.
    pub focused: bool,
    /// We told this room that we are typing, and will say that we stopped then.
    pub typing_in: Option<(RoomId, Timestamp)>,
    /// When what is on screen then counts as seen.
    pub seen_at: Option<Timestamp>,
    /// When what was fetched while a join was on its way is fetched again.
    pub second_look: Option<SecondLook>,
    /// When the rooms are next told that we are online, or asked who is.
    pub presence_at: Option<Timestamp>,
    /// A second Ctrl+C until then quits.
    pub quit_armed_until: Option<Timestamp>,
    /// The room list is not all here; this page has been asked for.
    pub rooms_page: Option<u32>,
    /// The room list has been fetched before: fetching it again is nobody's business but ours.
    pub rooms_listed: bool,
    /// The room list could not be fetched.
    pub rooms_failed: bool,
    /// Rooms that are in no list here and have been asked for one by one.
    pub rooms_asked: HashSet<RoomId>,
    /// The rooms of the list's first page, until the list is all here.
    pub rooms_on_first_page: HashSet<RoomId>,
    /// What is written here is kept on disk, drafts and the outbox: nothing is lost by quitting.
    pub keeps: bool,
    /// What is on disk, as far as is known.
    pub keeping: PersistenceState,
    /// What was said in rooms that are not known here yet, until they are.
    pub early: Vec<MessageInfo>,
    /// All that is left to chance.
    pub rng: fastrand::Rng,
}

impl State {
    /// The state before anything has happened.
    pub fn new(options: Options, size: Size, now: Timestamp) -> Self {
        let rng = fastrand::Rng::with_seed(options.seed);
        Self {
            options,
            now,
            account: Account {
                id: AccountId(0),
                me: None,
                capabilities: None,
                connection: ConnectionState::Connecting { reason: None },
                returns_locals: None,
                was_online: false,
                clock_ahead: 0,
            },
            people: People::default(),
            rooms: Rooms::default(),
            open: None,
            pane: Pane::default(),
            composer: Composer::default(),
            drafts: HashMap::new(),
            outbox: Outbox::default(),
            arrived: Vec::new(),
            hunt: None,
            searched: None,
            call: None,
            call_left: None,
            seen_by_answers: 0,
            lookups: Vec::new(),
            focus: Focus::Composer,
            overlay: None,
            notice: None,
            size,
            areas: Areas::default(),
            damage: Damage::Everything,
            focused: true,
            typing_in: None,
            seen_at: None,
            second_look: None,
            presence_at: None,
            quit_armed_until: None,
            rooms_page: None,
            rooms_listed: false,
            rooms_failed: false,
            rooms_asked: HashSet::new(),
            rooms_on_first_page: HashSet::new(),
            keeps: false,
            keeping: PersistenceState::default(),
            early: Vec::new(),
            rng,
        }
    }

    /// The room on screen.
    pub fn open_room(&self) -> Option<&Room> {
        self.rooms.get(self.open.as_ref()?)
    }

    /// The room on screen, to change it.
    pub fn open_room_mut(&mut self) -> Option<&mut Room> {
        self.rooms.get_mut(self.open.as_ref()?)
    }

    /// The time by the server's clock, as far as that is known: what we send is held against what it has by this.
    pub(super) fn server_time(&self) -> Timestamp {
        self.now + self.account.clock_ahead
    }

    /// Whether `person` is us.
    pub fn is_me(&self, person: &PersonId) -> bool {
        self.account.me.as_ref() == Some(person)
    }

    /// The other person of a one-to-one chat, if it is one and they are known.
    pub fn peer(&self, room: &Room) -> Option<&Person> {
        self.people.get(room.peer(self.account.me.as_ref()?)?)
    }

    /// The name to show for `person`.
    pub fn name_of(&self, person: &PersonId) -> &str {
        match self.people.get(person) {
            Some(known) if !known.info.name.is_empty() => &known.info.name,
            Some(known) => &known.info.username,
            None => "somebody",
        }
    }

    /// The message that is selected.
    pub fn selected(&self) -> Option<Slot> {
        match self.focus {
            Focus::Message(slot) => Some(slot),
            Focus::Composer | Focus::Rooms(_) => None,
        }
    }

    /// Says something on the status line, for as long as it takes to read it. What it quotes, be it a file's name or an
    /// error of the system, is made safe here once more.
    pub fn say(&mut self, text: impl AsRef<str>) {
        const READING: i64 = 6_000;
        let text = SafeText::line(text.as_ref()).as_str().to_owned();
        self.notice = Some(Notice { text, until: self.now + READING, from_server: false });
    }

    /// Says something before any room is on screen: the room that opens clears the line, so it is said there again.
    pub fn say_at_start(&mut self, text: String) {
        self.say(&text);
        self.keeping.say_again = Some(text);
    }

    /// Says what the server says by itself. What the user is being told about something that happened goes before: a
    /// server that throws one out of a room also complains of the receipt that was on its way there.
    pub(super) fn pass_on(&mut self, text: &str) {
        if self.notice.as_ref().is_none_or(|notice| notice.from_server) {
            self.say(text);
            self.notice.iter_mut().for_each(|notice| notice.from_server = true);
        }
    }
}

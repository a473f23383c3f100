//! The contents of the screen and the target of input.
//!
//! Every account has a `Ui` with its open room, drafts and scroll position. The one that is shown is in `State::ui`; the
//! others are parked, so events of their accounts cannot change what the user looks at. Only their notices are copied
//! over.

use crate::app::model::completion::CompletionState;
use crate::app::model::composer::Composer;
use crate::app::model::composer::kill_ring::KillRing;
use crate::app::model::jump::{JumpOrigin, JumpTarget};
use crate::app::model::member_list::MemberList;
use crate::app::model::pane::Pane;
use crate::app::model::room_filter::RoomFilter;
use crate::app::model::sent_lines::Recall;
use crate::app::model::timers::Timers;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::window::Search;
use crate::app::regions::{Regions, Size, Tile};
use crate::config::{Background, Density};
use crate::domain::{AccountId, MessageId, PersonId, RoomId, RoomOrder, Slot};
use crate::input::Action;
use crate::store::Arrangement;
use crate::wire::Latency;

/// The contents of the screen and the target of input.
#[derive(Debug)]
pub struct Ui {
    /// The account that is shown; everything below belongs to it.
    pub shown: AccountId,
    /// What to do with other accounts once the event has been handled.
    pub(in crate::app) transition: Option<Transition>,
    /// The room on screen.
    pub open: Option<RoomId>,
    /// The messages of the open room on screen.
    pub pane: Pane,
    /// The text being written in the open room.
    pub composer: Composer,
    /// Texts that were deleted or copied in the composer.
    pub kill_ring: KillRing,
    /// The walk through the sent lines of the open room.
    pub recall: Option<Recall>,
    /// The completion of the word before the cursor.
    pub completion: CompletionState,
    /// The target of keys while no overlay is open.
    pub focus: Focus,
    /// The members of the open room, if they are listed beside its messages.
    pub members: MemberList,
    /// Which lists are shown, and how wide they are.
    pub arrangement: Arrangement,
    /// Whether the screen is compact or roomy, if the user has chosen so since the start. The default is an option.
    pub density: Option<Density>,
    /// What the mouse drags, from the click on it to the next click.
    pub dragged: Option<Dragged>,
    /// What the room list would reveal, if the user has scrolled the list since.
    pub scrolled_from: Option<ListPosition>,
    /// The box drawn over the screen, which receives all keys while it is open.
    pub overlay: Option<Overlay>,
    /// The message to jump to, while it is being fetched.
    pub jump: Option<JumpTarget>,
    /// The places from which the user has jumped to a message, the last one at the end.
    pub jumped_from: Vec<JumpOrigin>,
    /// The last search from which a message was opened.
    pub searched: Option<Box<Search>>,
    /// The notice on the status line.
    pub notice: Option<Notice>,
    /// The size of the terminal.
    pub size: Size,
    /// The part of the terminal that this screen has, if the screens of several accounts are shown next to each other.
    pub tile: Option<Tile>,
    /// The position of everything on screen, as computed by `layout`.
    pub regions: Regions,
    /// The part of the screen that may have changed since the last frame.
    pub damage: Damage,
    /// Whether Markdown is shown as formatted text, if the user has chosen so since the start. The default is an option.
    pub markdown: Option<bool>,
    /// Which rooms the list shows.
    pub room_filter: RoomFilter,
    /// Whether the user has changed something in the room list, so its rooms take their places although it has the
    /// focus.
    pub(in crate::app) rearranges: bool,
    /// The title of the terminal window, once it has been set.
    pub window_title: String,
    /// Whether the program uses the mouse. Otherwise the terminal selects text with it.
    pub mouse: bool,
    /// What the user had chosen with keys before a value was tried in the settings.
    pub(in crate::app) before_try: Option<KeyChoices>,
    /// Whether the terminal window has the focus. Assumed until the terminal reports otherwise.
    pub focused: bool,
    /// Brightness of the terminal's background, once the terminal has told it.
    pub background: Option<Background>,
    /// The times of the last sends, while the latency line is shown.
    pub latency: Option<Box<Latency>>,
    /// The timers of the screen.
    pub timers: Timers,
}

/// What the user can choose with keys although it is an option, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct KeyChoices {
    /// See [`Ui::markdown`].
    pub markdown: Option<bool>,
    /// The order of the room list.
    pub rooms_order: Option<RoomOrder>,
    /// See [`Ui::density`].
    pub density: Option<Density>,
    /// See [`Ui::mouse`].
    pub mouse: bool,
}

/// The target of keys while no overlay is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The composer.
    Composer,
    /// A selected message of the open room.
    Message(Slot),
    /// A row of the room list, by its position: a room or the heading of a profile.
    Rooms(usize),
}

/// A row of the room list, by what it shows: a room, or the heading of a profile if there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPosition {
    /// The account.
    pub account: AccountId,
    /// The room.
    pub room: Option<RoomId>,
}

/// A change that concerns more than one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Transition {
    /// Show this account and go to a place in it.
    Go(AccountId, Place),
    /// Close this account.
    Close(AccountId),
    /// Carry out an action of the room list on a room of this account, which is not shown.
    ChangeRoom(AccountId, RoomId, Action),
    /// Mark all rooms of all accounts as read.
    ReadAll,
}

/// A place in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Place {
    /// The room in which the user was last.
    Last,
    /// A room.
    Room(RoomId),
    /// The next unread mention in a room.
    Mention(RoomId),
    /// The direct message with a person.
    Person(PersonId),
    /// A message of a room, as a search has found it.
    Message(RoomId, MessageId),
}

/// What the mouse drags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dragged {
    /// A line between two parts of the screen.
    Divider(Divider),
    /// The end of the selection in the composer.
    Text,
}

/// A line between two parts of the screen that the mouse can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divider {
    /// The line to the right of the room list.
    Rooms,
    /// The line to the left of the member list.
    Members,
}

/// The part of the screen that may have changed since the last frame. Later variants include earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// The screen is unchanged.
    Nothing,
    /// The composer only. This is the most frequent case, and the one whose latency users notice.
    Composer,
    /// Everything may have changed.
    Everything,
}

/// A sentence that is shown on the status line for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence, without control characters.
    pub text: String,
    /// Whether the server sent it without being asked. Any other notice replaces it.
    pub from_server: bool,
    /// The account whose server asked to slow down, if the sentence is about that.
    pub pause_of: Option<AccountId>,
}

impl Ui {
    /// Creates an empty screen of the given size for the account `shown`.
    pub fn new(shown: AccountId, size: Size) -> Self {
        Self {
            shown,
            transition: None,
            open: None,
            pane: Pane::default(),
            composer: Composer::default(),
            kill_ring: KillRing::default(),
            recall: None,
            completion: CompletionState::default(),
            focus: Focus::Composer,
            members: MemberList::default(),
            arrangement: Arrangement::default(),
            density: None,
            dragged: None,
            scrolled_from: None,
            overlay: None,
            jump: None,
            jumped_from: Vec::new(),
            searched: None,
            notice: None,
            size,
            tile: None,
            regions: Regions::default(),
            damage: Damage::Everything,
            markdown: None,
            room_filter: RoomFilter::default(),
            rearranges: false,
            window_title: String::new(),
            mouse: true,
            before_try: None,
            focused: true,
            background: None,
            latency: None,
            timers: Timers::default(),
        }
    }

    /// Takes over what belongs to the terminal rather than to an account from the screen that was shown so far.
    pub(in crate::app) fn take_over_screen(&mut self, other: &mut Self) {
        self.size = other.size;
        self.regions = other.regions;
        self.arrangement = other.arrangement;
        self.room_filter = other.room_filter;
        (self.density, self.markdown, self.mouse) = (other.density, other.markdown, other.mouse);
        self.before_try = other.before_try.take();
        self.latency = other.latency.take();
        (self.focused, self.background) = (other.focused, other.background);
        self.window_title = std::mem::take(&mut other.window_title);
        self.kill_ring = std::mem::take(&mut other.kill_ring);
        self.damage = Damage::Everything;
    }

    /// Takes over the keys, and what belongs to the terminal, from the tile that had them.
    pub(in crate::app) fn take_over_keys(&mut self, other: &mut Self) {
        // Before anything scrolls the pane, which goes back to where it was.
        self.pane.link(None);
        self.before_try = other.before_try.take();
        self.latency = other.latency.take();
        self.window_title = std::mem::take(&mut other.window_title);
        self.kill_ring = std::mem::take(&mut other.kill_ring);
        self.damage = Damage::Everything;
        other.notice = None;
        other.completion = CompletionState::default();
        (other.dragged, other.scrolled_from) = (None, None);
        if let Focus::Rooms(_) = other.focus {
            other.focus = Focus::Composer;
        }
    }

    /// Returns what the user has chosen with keys.
    pub(in crate::app) fn key_choices(&self) -> KeyChoices {
        KeyChoices {
            markdown: self.markdown,
            rooms_order: self.arrangement.rooms_order,
            density: self.density,
            mouse: self.mouse,
        }
    }

    /// Sets what the user has chosen with keys.
    pub(in crate::app) fn set_key_choices(&mut self, choices: KeyChoices) {
        self.arrangement.rooms_order = choices.rooms_order;
        (self.markdown, self.density, self.mouse) = (choices.markdown, choices.density, choices.mouse);
    }

    /// Prepares a screen for the time in which its account is not shown: nothing that the user has not seen counts as
    /// seen, and no box waits for an answer.
    pub(in crate::app) fn park(&mut self) {
        self.focused = false;
        self.tile = None;
        self.overlay = None;
        self.completion = CompletionState::default();
        self.notice = None;
        (self.dragged, self.scrolled_from) = (None, None);
        if let Focus::Rooms(_) = self.focus {
            self.focus = Focus::Composer;
        }
        self.timers = Timers::default();
    }

    /// Returns the open box, or the one that the help covers.
    pub(in crate::app) fn box_ref(&self) -> Option<&Overlay> {
        self.overlay.as_ref().map(Overlay::uncovered)
    }

    /// Returns the open box, or the one that the help covers, to be changed.
    pub(in crate::app) fn box_mut(&mut self) -> Option<&mut Overlay> {
        self.overlay.as_mut().map(Overlay::uncovered_mut)
    }

    /// Closes the open box if it is such a one, and returns it. If the help covers it, the help stays open.
    pub(in crate::app) fn close_box_if(&mut self, is_meant: impl FnOnce(&Overlay) -> bool) -> Option<Overlay> {
        match &mut self.overlay {
            Some(Overlay::Help(_, covered)) => covered.take_if(|covered| is_meant(covered)).map(|covered| *covered),
            overlay => overlay.take_if(|overlay| is_meant(overlay)),
        }
    }

    /// Returns the selected message of the open room, if a message has the focus.
    pub fn selected(&self) -> Option<Slot> {
        match self.focus {
            Focus::Message(slot) => Some(slot),
            Focus::Composer | Focus::Rooms(_) => None,
        }
    }

    /// Returns the open list if it is of the given kind. `None` means that the user has closed it, so the reply that
    /// was meant for it is dropped.
    pub(in crate::app) fn list_of(&mut self, kind: &ListKind) -> Option<&mut List> {
        match self.box_mut()? {
            Overlay::List(list) if list.kind == *kind => Some(list),
            _ => None,
        }
    }
}

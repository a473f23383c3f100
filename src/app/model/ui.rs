//! The contents of the screen and the target of input.
//!
//! Every account has a `Ui` with its open room, drafts and scroll position. The one that is shown is in `State::ui`; the
//! others are parked, so events of their accounts cannot change what the user looks at. Whatever there is once for all of
//! them is in `Terminal`.

use std::collections::VecDeque;

use crate::app::model::completion::CompletionState;
use crate::app::model::composer::Composer;
use crate::app::model::jump::{JumpOrigin, JumpTarget};
use crate::app::model::member_list::MemberList;
use crate::app::model::pane::Pane;
use crate::app::model::sent_lines::Recall;
use crate::app::model::timers::{Timers, UiTimer};
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;
use crate::app::overlays::search::window::Search;
use crate::app::regions::{Placement, Regions};
use crate::domain::{AccountId, MessageId, PersonId, RoomId, Slot};
use crate::input::{Action, Key};

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
    /// The walk through the sent lines of the open room.
    pub recall: Option<Recall>,
    /// The completion of the word before the cursor.
    pub completion: CompletionState,
    /// The target of keys while no overlay is open.
    pub focus: Focus,
    /// The members of the open room, if they are listed beside its messages.
    pub members: MemberList,
    /// What the mouse drags, from the click on it to the next click.
    pub dragged: Option<Dragged>,
    /// What the room list would reveal, if the user has scrolled the list since.
    pub scrolled_from: Option<ListPosition>,
    /// The box drawn over the screen, which receives all keys while it is open.
    pub overlay: Option<Overlay>,
    /// Questions that the user does not expect at this moment. Each is asked as soon as no box is open.
    pub(in crate::app) waiting_questions: VecDeque<Question>,
    /// The word that the user is typing, if its first letter was typed at a question.
    pub(in crate::app) answer_word: Option<AnswerWord>,
    /// The key that opened the box, if a key did. It also closes it.
    pub opened_by: Option<Key>,
    /// The message to jump to, while it is being fetched.
    pub jump: Option<JumpTarget>,
    /// The places from which the user has jumped to a message, the last one at the end.
    pub jumped_from: Vec<JumpOrigin>,
    /// The last search from which a message was opened.
    pub searched: Option<Box<Search>>,
    /// The part of the terminal that this screen has.
    pub placement: Placement,
    /// The position of everything on screen, as computed by `layout`.
    pub regions: Regions,
    /// Whether the user has changed something in the room list, so its rooms take their places although it has the
    /// focus.
    pub(in crate::app) rearranges: bool,
    /// The timers of the screen.
    pub(in crate::app) timers: Timers<UiTimer>,
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

/// A word whose first letter was typed at a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum AnswerWord {
    /// It may be an answer. Only the first of these letters has had an effect.
    Answer(String),
    /// It is text, which is in the composer.
    Text,
    /// It is neither, and its letters do nothing.
    Ignored,
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

impl Ui {
    /// Creates an empty screen for the account `shown`.
    pub fn new(shown: AccountId) -> Self {
        Self {
            shown,
            transition: None,
            open: None,
            pane: Pane::default(),
            composer: Composer::default(),
            recall: None,
            completion: CompletionState::default(),
            focus: Focus::Composer,
            members: MemberList::default(),
            dragged: None,
            scrolled_from: None,
            overlay: None,
            waiting_questions: VecDeque::new(),
            answer_word: None,
            opened_by: None,
            jump: None,
            jumped_from: Vec::new(),
            searched: None,
            placement: Placement::Whole,
            regions: Regions::default(),
            rearranges: false,
            timers: Timers::default(),
        }
    }

    /// Ends what needs the keys, because another account gets them.
    pub(in crate::app) fn give_keys_away(&mut self) {
        self.completion = CompletionState::default();
        (self.dragged, self.scrolled_from) = (None, None);
        if let Focus::Rooms(_) = self.focus {
            self.focus = Focus::Composer;
        }
    }

    /// Prepares a screen for the time in which its account is not shown: nothing that the user has not seen counts as
    /// seen, and no box waits for an answer.
    pub(in crate::app) fn park(&mut self) {
        self.placement = Placement::Hidden;
        (self.overlay, self.answer_word) = (None, None);
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

    /// Returns the list of the given kind that is open, or that is open again after a question. `None` means that the
    /// user has closed it, so the reply that was meant for it is dropped.
    pub(in crate::app) fn list_of(&mut self, kind: &ListKind) -> Option<&mut List> {
        match self.box_mut()? {
            Overlay::List(list) if list.kind == *kind => Some(list),
            Overlay::Question(Question::ChangeListedMember(list, _)) if list.kind == *kind => Some(list),
            _ => None,
        }
    }
}

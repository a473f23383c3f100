//! What is on screen and where input goes.
//!
//! Everything here concerns the account that is shown. Events of other accounts are handled with an empty `Ui`, so they
//! cannot change what the user looks at; only their notices are taken over.

use crate::app::model::composer::Composer;
use crate::app::model::jump::JumpTarget;
use crate::app::model::pane::Pane;
use crate::app::model::timers::Timers;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::search::window::Search;
use crate::app::regions::{Regions, Size};
use crate::domain::{AccountId, RoomId, Slot};

/// What is on screen and where input goes.
#[derive(Debug)]
pub struct Ui {
    /// The account that is shown; everything below belongs to it.
    pub shown: AccountId,
    /// The room on screen.
    pub open: Option<RoomId>,
    /// Its messages on screen.
    pub pane: Pane,
    /// The text being written in it.
    pub composer: Composer,
    /// Where keys go, below any overlay.
    pub focus: Focus,
    /// The box over the screen.
    pub overlay: Option<Overlay>,
    /// The message to jump to, while it is being fetched.
    pub jump: Option<JumpTarget>,
    /// The last search from which a message was opened.
    pub searched: Option<Box<Search>>,
    /// The sentence on the status line.
    pub notice: Option<Notice>,
    /// The terminal's size.
    pub size: Size,
    /// Where everything is on screen, as `layout` computed it.
    pub regions: Regions,
    /// What may look different since the last frame.
    pub damage: Damage,
    /// Whether the terminal has the focus, as far as is known.
    pub focused: bool,
    /// What is due on screen.
    pub timers: Timers,
}

/// Where keys go, below any overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The composer.
    Composer,
    /// A selected message of the open room.
    Message(Slot),
    /// A room of the list, by its position.
    Rooms(usize),
}

/// What may look different since the last frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Nothing.
    Nothing,
    /// The composer only: the most frequent case, and the one whose latency users notice.
    Composer,
    /// Anything.
    Everything,
}

/// A sentence on the status line, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence, safe for the terminal.
    pub text: String,
    /// Whether the server sent it by itself; any other notice replaces such a one.
    pub from_server: bool,
}

impl Ui {
    /// An empty screen of this size for `shown`.
    pub fn new(shown: AccountId, size: Size) -> Self {
        Self {
            shown,
            open: None,
            pane: Pane::default(),
            composer: Composer::default(),
            focus: Focus::Composer,
            overlay: None,
            jump: None,
            searched: None,
            notice: None,
            size,
            regions: Regions::default(),
            damage: Damage::Everything,
            focused: true,
            timers: Timers::default(),
        }
    }

    /// The selected message of the open room.
    pub fn selected(&self) -> Option<Slot> {
        match self.focus {
            Focus::Message(slot) => Some(slot),
            Focus::Composer | Focus::Rooms(_) => None,
        }
    }

    /// The open list, if it is of this kind. An answer to anything else has come too late.
    pub(in crate::app) fn list_of(&mut self, kind: &ListKind) -> Option<&mut List> {
        match self.overlay.as_mut()? {
            Overlay::List(list) if list.kind == *kind => Some(list),
            _ => None,
        }
    }
}

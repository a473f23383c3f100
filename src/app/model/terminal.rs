//! The terminal, and the settings of the whole screen: whatever there is only once, however many accounts are shown.

use crate::app::model::composer::kill_ring::KillRing;
use crate::app::model::notices::Notices;
use crate::app::model::room_filter::RoomFilter;
use crate::app::model::timers::{TerminalTimer, Timers};
use crate::app::model::visits::Visits;
use crate::app::regions::Size;
use crate::config::{Background, Density};
use crate::domain::{AccountId, RoomOrder};
use crate::store::Arrangement;
use crate::wire::Latency;

/// The terminal, and the settings of the whole screen.
#[derive(Debug)]
pub struct Terminal {
    /// The size of the window.
    pub size: Size,
    /// The part of the screen that may have changed since the last frame.
    pub damage: Damage,
    /// Whether the window has the focus. Assumed until the terminal reports otherwise.
    pub focused: bool,
    /// Brightness of the background, once the terminal has told it.
    pub background: Option<Background>,
    /// The title of the window, once it has been set.
    pub window_title: String,
    /// Whether the program uses the mouse. Otherwise the terminal selects text with it.
    pub mouse: bool,
    /// Which lists are shown, and how wide they are.
    pub arrangement: Arrangement,
    /// Whether the screen is compact or roomy, if the user has chosen so since the start. The default is an option.
    pub density: Option<Density>,
    /// Whether Markdown is shown as formatted text, if the user has chosen so since the start. The default is an option.
    pub markdown: Option<bool>,
    /// What the user had chosen with keys before a value was tried in the settings.
    pub(in crate::app) before_try: Option<KeyChoices>,
    /// Which rooms the list shows.
    pub room_filter: RoomFilter,
    /// Texts that were deleted or copied in the composer.
    pub kill_ring: KillRing,
    /// The text that was asked for last where nothing is drawn.
    pub readout: Readout,
    /// Number of times such a text was asked for.
    pub readout_count: usize,
    /// The notice on the status line.
    pub notice: Option<Notice>,
    /// The newest notices, with the one on the status line.
    pub notices: Notices,
    /// The rooms in which the user was last.
    pub(in crate::app) visits: Visits,
    /// The times of the last sends, while the latency line is shown.
    pub latency: Option<Box<Latency>>,
    /// The timers of the status line and of the latency line.
    pub(in crate::app) timers: Timers<TerminalTimer>,
}

/// A text that is said as a whole where nothing is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Readout {
    /// The entries of the help that contain these words.
    Help(String),
    /// The rooms of the room list.
    #[default]
    Rooms,
    /// What is in the composer.
    Composer,
}

/// What the user can choose with keys although it is an option, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct KeyChoices {
    /// See [`Terminal::markdown`].
    pub markdown: Option<bool>,
    /// The order of the room list.
    pub rooms_order: Option<RoomOrder>,
    /// See [`Terminal::density`].
    pub density: Option<Density>,
    /// See [`Terminal::mouse`].
    pub mouse: bool,
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
    /// Whether it says why what the user asked for was not done. A command returns to the composer then.
    pub is_refusal: bool,
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

impl Terminal {
    /// Creates a terminal of the given size, of which nothing else is known.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            damage: Damage::Everything,
            focused: true,
            background: None,
            window_title: String::new(),
            mouse: true,
            arrangement: Arrangement::default(),
            density: None,
            markdown: None,
            before_try: None,
            room_filter: RoomFilter::default(),
            kill_ring: KillRing::default(),
            readout: Readout::default(),
            readout_count: 0,
            notice: None,
            notices: Notices::default(),
            visits: Visits::default(),
            latency: None,
            timers: Timers::default(),
        }
    }

    /// Lets a text be said.
    pub(in crate::app) fn read_out(&mut self, readout: Readout) {
        self.readout = readout;
        self.readout_count += 1;
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
}

//! Everything from which the initial state follows, so that a replay starts with the same one.

use serde::{Deserialize, Serialize};

use crate::app::effect::OpenedProfile;
use crate::app::model::options::Options;
use crate::app::model::state::State;
use crate::app::regions::Size;
use crate::domain::Timestamp;

/// Everything from which the initial state follows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Start {
    /// When the program started.
    pub at: Timestamp,
    /// Size of the screen.
    pub size: Size,
    /// Seed of all random decisions.
    pub seed: u64,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Settings that concern the whole program.
    pub options: Options,
    /// The first profile.
    pub profile: OpenedProfile,
    /// The other profiles.
    pub others: Vec<OpenedProfile>,
    /// Index of the profile that is shown, among all of them.
    #[serde(default)]
    pub shown: usize,
    /// Whether all profiles are on screen, each in a tile of its own.
    #[serde(default)]
    pub side_by_side: bool,
    /// A sentence that is shown before any room is open.
    pub notice: Option<String>,
}

impl Start {
    /// Creates the state.
    pub fn state(self) -> State {
        let mut state = State::new(self.options, self.profile, self.size, self.at, self.seed);
        state.terminal.mouse = self.mouse;
        state.accounts.side_by_side = self.side_by_side;
        for profile in self.others {
            state.open_account(profile);
        }
        // What is on screen does not change the order of the profiles.
        if let Some(shown) = state.accounts.ids().get(self.shown) {
            state.show(*shown);
        }
        if let Some(notice) = self.notice {
            state.notify_at_start(notice);
        }
        state
    }
}

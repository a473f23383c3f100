//! What is used: every question the rest of the program may ask about the user's choices, answered.

use std::fmt;
use std::path::PathBuf;

use crate::input::Keymap;

use super::problem::Problem;
use super::secret::Secret;
use super::theme::Theme;

/// How many messages are kept when nobody says.
pub(super) const KEEP_MESSAGES: u64 = 100_000;

/// The chat service that is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// MinChat.
    MinChat,
    /// V Chat.
    VChat,
}

impl Backend {
    /// Every back end.
    pub const ALL: [Self; 2] = [Self::MinChat, Self::VChat];

    /// Its name in the configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::MinChat => "minchat",
            Self::VChat => "vchat",
        }
    }

    /// The one called `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The choices in force, checked: made by [`load`](super::load), or for a server that needs none by [`Settings::of`].
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The profile's name; `default` when there is none.
    pub profile: String,
    /// The chat service.
    pub backend: Backend,
    /// Its address: http or https, no slash at the end.
    pub url: String,
    /// The API key of the MinChat app, or the hash key of the V Chat server; empty when there is a token instead.
    pub api_key: Secret,
    /// The access token of a user of V Chat, instead of the hash key.
    pub token: Option<Secret>,
    /// The program that carries calls, and its arguments; empty when there is none.
    pub call_command: Vec<String>,
    /// The program that opens a link, and its arguments.
    pub open_command: Vec<String>,
    /// The user name to log in as.
    pub user: String,
    /// The name others see.
    pub name: String,
    /// The room to open first, by id or title.
    pub room: Option<String>,
    /// A certificate authority to trust as well.
    pub ca_file: Option<PathBuf>,
    /// Where drafts and history are kept.
    pub data_dir: PathBuf,
    /// Whether they are.
    pub history: bool,
    /// How many messages are, in all.
    pub keep_messages: u64,
    /// The log file.
    pub log: Option<PathBuf>,
    /// The looks.
    pub theme: Theme,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Use the mouse.
    pub mouse: bool,
    /// The live key bindings.
    pub keymap: Keymap,
    /// What is allowed and unwise, to be told before anything else.
    pub warnings: Vec<Problem>,
}

impl Settings {
    /// Those of somebody who chose nothing but an account; for the demo's kin and for tests. Unlike
    /// [`load`](super::load) it checks nothing and keeps its data nowhere.
    pub fn of(url: &str, api_key: &str, user: &str) -> Self {
        Self {
            profile: "default".to_owned(),
            backend: Backend::MinChat,
            url: url.trim_end_matches('/').to_owned(),
            api_key: Secret::new(api_key),
            token: None,
            call_command: Vec::new(),
            open_command: super::load::opener(),
            user: user.to_owned(),
            name: user.to_owned(),
            room: None,
            ca_file: None,
            data_dir: PathBuf::new(),
            history: false,
            keep_messages: KEEP_MESSAGES,
            log: None,
            theme: Theme::default(),
            ascii: false,
            mouse: true,
            keymap: Keymap::default(),
            warnings: Vec::new(),
        }
    }
}

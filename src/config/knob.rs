//! The one table of what can be set: option, variable, key in the file, default.
//!
//! The loader, the file reader, `config check`, the README and `assets/config.toml` all read it.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A path; relative to the file it is written in, `~/` is the home folder.
    Path,
    /// `true` or `false`.
    Switch,
    /// A whole number, not negative.
    Number,
    /// A secret: text, `{ env = "X" }`, `{ command = ["…"] }`, `{ file = "…" }` or `{ keyring = "…" }`.
    Secret,
    /// A program and its arguments.
    Command,
}

/// Where in the file a key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Not in the file.
    Nowhere,
    /// At the top only.
    General,
    /// In a profile only.
    Profile,
    /// At the top, and in a profile to override it there.
    Both,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knob {
    /// Its key in the file.
    pub key: &'static str,
    /// Its command line option.
    pub option: Option<&'static str>,
    /// Its environment variable.
    pub variable: Option<&'static str>,
    /// Where in the file it may stand.
    pub scope: Scope,
    /// What it holds.
    pub kind: Kind,
    /// What it is when nobody says, in words.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
}

impl Knob {
    /// The row of `key`.
    pub fn by_key(key: &str) -> Option<&'static Self> {
        KNOBS.iter().find(|knob| knob.key == key)
    }

    /// Whether it may stand in a profile.
    pub fn in_profile(&self) -> bool {
        matches!(self.scope, Scope::Profile | Scope::Both)
    }

    /// Whether it may stand at the top of the file.
    pub fn in_general(&self) -> bool {
        matches!(self.scope, Scope::General | Scope::Both)
    }
}

const fn knob(
    key: &'static str,
    option: &'static str,
    variable: &'static str,
    (scope, kind): (Scope, Kind),
    default: &'static str,
    help: &'static str,
) -> Knob {
    let option = if option.is_empty() { None } else { Some(option) };
    let variable = if variable.is_empty() { None } else { Some(variable) };
    Knob { key, option, variable, scope, kind, default, help }
}

use Kind::{Command, Number, Path, Secret, Switch, Text};
use Scope::{Both, General, Nowhere, Profile};

/// Everything that can be set, apart from the `[keys]`.
#[rustfmt::skip]
pub const KNOBS: &[Knob] = &[
    knob("config", "--config", "MINCHAT_CONFIG", (Nowhere, Path), "see `config path`", "Configuration file"),
    knob("default_profile", "--profile", "MINCHAT_PROFILE", (General, Text), "the only one",
        "Profile to use"),
    knob("backend", "--backend", "MINCHAT_BACKEND", (Profile, Text), "minchat", "Chat service: minchat or vchat"),
    knob("url", "--url", "MINCHAT_URL", (Profile, Text), "https://api.minchat.io; none for vchat",
        "Address of the service"),
    knob("api_key", "--api-key", "MINCHAT_API_KEY", (Profile, Secret), "none",
        "API key of your MinChat app, or hash key of your V Chat server"),
    // No option: a token is somebody's whole account, and options stand in the list of processes.
    knob("token", "", "MINCHAT_TOKEN", (Profile, Secret), "none", "V Chat: access token of a user, instead of the hash key"),
    knob("user", "--user", "MINCHAT_USER", (Profile, Text), "none", "User name to sign in as; created if it does not exist"),
    knob("name", "--name", "MINCHAT_NAME", (Profile, Text), "the user name", "Name shown to others"),
    knob("room", "--room", "MINCHAT_ROOM", (Profile, Text), "the most recent", "Room to open first, by id or title"),
    knob("ca_file", "", "", (Profile, Path), "the system's", "PEM file with an additional certificate authority to trust"),
    knob("allow_plain_http", "", "", (Profile, Switch), "false", "Allow unencrypted http:// to other machines"),
    knob("call_command", "", "", (Profile, Command), "none",
        "V Chat: program, with arguments, that carries the sound and video of calls"),
    knob("open_command", "", "", (Both, Command), "xdg-open; open on macOS",
        "Program, with arguments, that opens links; the link replaces {url} or is appended"),
    knob("theme", "--theme", "MINCHAT_THEME", (Both, Text), "dark; plain with NO_COLOR",
        "Theme: dark, light, plain, or the name of a file in the themes folder"),
    knob("ascii", "--ascii", "MINCHAT_ASCII", (Both, Switch), "false", "Draw with ASCII characters only"),
    knob("mouse", "--no-mouse", "MINCHAT_MOUSE", (Both, Switch), "true", "Use the mouse; if off, the terminal can select text"),
    knob("log", "--log", "MINCHAT_LOG", (Both, Path), "none", "Write a log to this file"),
    knob("data_dir", "--data-dir", "MINCHAT_DATA_DIR", (Both, Path), "see `config check`",
        "Folder for history, drafts and unsent messages"),
    knob("history", "", "MINCHAT_HISTORY", (Both, Text), "all", "What to save to disk: all, or none for no history, drafts and unsent messages"),
    knob("incognito", "--incognito", "", (Nowhere, Switch), "false", "Save nothing to disk in this session and ignore what was saved before"),
    knob("keep_messages", "", "", (Both, Number), "100000", "Messages saved to disk at most; a single room may use half of them"),
];

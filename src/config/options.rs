//! The table of options: flag, environment variable, key in the file, default and help of each.
//!
//! Everything that lists options reads this table: the command line, the file parser, `config check`, the README, and
//! the test that compares it with `assets/config.toml`. To add an option, add a row here; the compiler then reports the
//! constant of the row as unused until `loader.rs` reads it into a field of [`Settings`](super::Settings).

/// Type of an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// One or several names: text, or a list of texts. Its flag may be repeated, and its variable has commas.
    Names,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An http or https address.
    Url,
    /// Path of a file. In the configuration file it is relative to that file, and `~/` is the home folder.
    File,
    /// Path of a folder, with the same rules.
    Dir,
    /// `true` or `false`.
    Switch,
    /// A whole number, not negative.
    Number,
    /// A secret: text, `{ env = "X" }`, `{ command = ["…"] }`, `{ file = "…" }` or `{ keyring = "…" }`.
    Secret,
    /// A program and its arguments.
    Command,
}

/// Place of an option in the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Not in the file.
    Nowhere,
    /// At the top level only.
    General,
    /// In a profile only.
    Profile,
    /// At the top level, and in a profile, where it overrides the top level.
    Both,
}

/// Section of the help in which a flag is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Service, address, user and credentials.
    Account,
    /// Files that are read and written.
    Data,
    /// Appearance and input.
    Display,
}

/// Command line flag of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// The flag, such as `--theme`. A switch whose flag begins with `--no-` is turned off by it.
    pub long: &'static str,
    /// The one-letter flag, without the dash.
    pub short: Option<char>,
    /// Name of the value in the help; empty for a switch.
    pub value_name: &'static str,
    /// Section of the help.
    pub group: Group,
    /// Commands for which the option has an effect, besides `config check` and the chat itself.
    pub commands: &'static [&'static str],
}

/// One option: a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionSpec {
    /// Key in the file, which also identifies the option in the program.
    pub key: &'static str,
    /// Command line flag.
    pub flag: Option<Flag>,
    /// Environment variable.
    pub variable: Option<&'static str>,
    /// Place in the file.
    pub scope: Scope,
    /// Type of the value.
    pub kind: Kind,
    /// The default, in words.
    pub default: &'static str,
    /// Description, without a full stop.
    pub help: &'static str,
    /// Whether a new value has an effect while the program runs. All others need a restart.
    pub live: bool,
    /// Whether each of several open profiles uses its own value. Of all other options, that of the first one is used.
    pub per_profile: bool,
}

impl OptionSpec {
    /// Returns the option with this key.
    pub fn by_key(key: &str) -> Option<&'static Self> {
        OPTIONS.iter().copied().find(|option| option.key == key)
    }

    /// Returns the environment variables that hold the path of a file or folder.
    pub fn path_variables() -> impl Iterator<Item = &'static str> {
        let is_path = |option: &&&Self| matches!(option.kind, Kind::File | Kind::Dir);
        OPTIONS.iter().filter(is_path).filter_map(|option| option.variable)
    }

    /// Whether the option may be set in a profile.
    pub fn in_profile(&self) -> bool {
        matches!(self.scope, Scope::Profile | Scope::Both)
    }

    /// Whether the option may be set at the top level of the file.
    pub fn in_general(&self) -> bool {
        matches!(self.scope, Scope::General | Scope::Both)
    }

    /// Whether the option belongs to an account, as opposed to the program as a whole.
    pub fn is_account_option(&self) -> bool {
        self.scope == Scope::Profile
    }

    /// Whether the demo uses the value in the configuration file. What concerns an account, runs a program of the user or
    /// writes a file is not meant for simulated people.
    pub(super) fn is_for_demo(&self) -> bool {
        !self.is_account_option() && !matches!(self.kind, Kind::Command | Kind::File | Kind::Dir)
    }

    /// Returns the flag, such as `--theme`; empty if there is none.
    pub fn long_flag(&self) -> &'static str {
        self.flag.map_or("", |flag| flag.long)
    }
}

/// Returns the environment variables that may hold a secret.
pub fn secret_variables() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().filter(|option| option.kind == Kind::Secret).filter_map(|option| option.variable)
}

/// Creates an option without a flag.
const fn spec(
    key: &'static str,
    variable: &'static str,
    (scope, kind): (Scope, Kind),
    default: &'static str,
    help: &'static str,
) -> OptionSpec {
    let variable = if variable.is_empty() { None } else { Some(variable) };
    let per_profile = matches!(scope, Scope::Profile);
    OptionSpec { key, flag: None, variable, scope, kind, default, help, live: false, per_profile }
}

impl OptionSpec {
    /// Returns the option with a flag added.
    const fn flag(
        self,
        long: &'static str,
        value_name: &'static str,
        group: Group,
        commands: &'static [&'static str],
    ) -> Self {
        Self { flag: Some(Flag { long, short: None, value_name, group, commands }), ..self }
    }

    /// Returns the option with a one-letter flag added to its long flag.
    const fn short(self, short: char) -> Self {
        match self.flag {
            Some(flag) => Self { flag: Some(Flag { short: Some(short), ..flag }), ..self },
            None => self,
        }
    }

    /// Returns the option as one whose value can change while the program runs.
    const fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// Returns the option as one of which each of several open profiles uses its own value.
    const fn per_profile(self) -> Self {
        Self { per_profile: true, ..self }
    }
}

/// Defines a constant for each option and the table of all of them.
///
/// The table repeats the expressions instead of using the constants, so that the compiler warns about a constant that
/// nothing reads.
macro_rules! options {
    ($($name:ident = $spec:expr;)*) => {
        $(
            #[doc = concat!("The option `", stringify!($name), "`.")]
            pub(super) const $name: &OptionSpec = &$spec;
        )*

        /// All options except the key bindings in `[keys]`.
        pub const OPTIONS: &[&OptionSpec] = &[$(&$spec,)*];
    };
}

use Kind::{Choice, Command, Dir, File, Names, Number, Secret, Switch, Text, Url};
use Scope::{Both, General, Nowhere, Profile};

/// Ways of notifications to the desktop in this build.
const DESKTOP_NOTIFICATIONS: &[&str] = if cfg!(feature = "system-notifications") {
    &["auto", "osc9", "osc99", "osc777", "system", "off"]
} else {
    &["auto", "osc9", "osc99", "osc777", "off"]
};

/// The value of `backend` that stands for all of them. Only `demo` and `run` accept it.
pub(super) const BOTH: &str = "both";

options! {
    CONFIG = spec("config", "MINCHAT_CONFIG", (Nowhere, File), "see `config path`", "Configuration file")
        .flag("--config", "FILE", Group::Data, &["demo", "config path", "config init", "config add"]);
    DEFAULT_PROFILE = spec("default_profile", "MINCHAT_PROFILE", (General, Names), "those used last, in the chat", "Profile to open; the chat opens several if it is repeated")
        .flag("--profile", "NAME", Group::Account, &[]).short('P');
    BACKEND = spec(
        "backend", "MINCHAT_BACKEND", (Profile, Choice(&["minchat", "vchat", BOTH])), "minchat",
        "Chat service: minchat or vchat",
    ).flag("--backend", "BACKEND", Group::Account, &["demo", "load", "serve", "config add"]);
    URL = spec(
        "url", "MINCHAT_URL", (Profile, Url), "https://api.minchat.io; none for vchat", "Address of the service",
    ).flag("--url", "URL", Group::Account, &["load", "config add"]);
    API_KEY = spec(
        "api_key", "MINCHAT_API_KEY", (Profile, Secret), "none",
        "API key of your MinChat app, or hash key of your V Chat server",
    ).flag("--api-key", "KEY", Group::Account, &["load", "serve"]);
    // Without a flag: a token gives access to a whole account, and flags are visible in the list of processes.
    TOKEN = spec(
        "token", "MINCHAT_TOKEN", (Profile, Secret), "none", "V Chat: access token of a user, instead of the hash key",
    );
    USER = spec(
        "user", "MINCHAT_USER", (Profile, Text), "none", "User name to sign in as; created if it does not exist",
    ).flag("--user", "NAME", Group::Account, &["demo"]);
    NAME = spec("name", "MINCHAT_NAME", (Profile, Text), "unchanged", "Name shown to others, set at each sign-in")
        .flag("--name", "DISPLAY", Group::Account, &["demo"]);
    ROOM = spec("room", "MINCHAT_ROOM", (Profile, Text), "the most recent", "Room to open first, by id or title")
        .flag("--room", "ID|TITLE", Group::Account, &["demo"]);
    CA_FILE = spec(
        "ca_file", "", (Profile, File), "the system's", "PEM file with an additional certificate authority to trust",
    );
    ALLOW_PLAIN_HTTP = spec(
        "allow_plain_http", "", (Profile, Switch), "false", "Allow unencrypted http:// to other machines",
    );
    CALL_COMMAND = spec(
        "call_command", "", (Profile, Command), "none",
        "V Chat: program, with arguments, for the audio and video of calls",
    ).live();
    OPEN_COMMAND = spec(
        "open_command", "", (Both, Command), "xdg-open; open on macOS",
        "Program, with arguments, that opens links; the link replaces {url} or is appended",
    ).live();
    THEME = spec(
        "theme", "MINCHAT_THEME", (Both, Text), "auto; plain with NO_COLOR or without colors",
        "Theme: auto (dark or light, like the background), high-contrast, colorblind, gruvbox, nord, … or the name of a file in the themes folder",
    ).flag("--theme", "NAME", Group::Display, &["demo"]).live();
    COLORS = spec(
        "colors", "MINCHAT_COLORS", (Both, Choice(&["auto", "16", "256", "all"])), "auto",
        "Colors that the terminal shows: auto (by TERM and COLORTERM), 16, 256 or all",
    ).live();
    ASCII = spec("ascii", "MINCHAT_ASCII", (Both, Switch), "false", "Draw with ASCII characters only; this is done as well if the locale is not UTF-8")
        .flag("--ascii", "", Group::Display, &["demo"]).live();
    MARKDOWN = spec(
        "markdown", "MINCHAT_MARKDOWN", (Both, Choice(&["auto", "off"])), "auto",
        "Show Markdown, and HTML on MinChat, as formatted text: auto, or off for the text as it was written",
    ).live();
    DENSITY = spec(
        "density", "MINCHAT_DENSITY", (Both, Choice(&["auto", "compact", "roomy"])), "auto",
        "Space between messages and between rooms: auto (by the height of the screen), compact or roomy",
    ).live();
    SORT_ROOMS = spec(
        "sort_rooms", "MINCHAT_SORT_ROOMS", (Both, Choice(&["activity", "unread", "name"])), "activity",
        "Order of the room list: activity (newest first), unread first, or name; pinned rooms are always first",
    ).live();
    HYPERLINKS = spec(
        "hyperlinks", "MINCHAT_HYPERLINKS", (Both, Choice(&["auto", "on", "off"])), "auto",
        "Let the terminal open links: auto if it is known to, on or off",
    ).live();
    PICTURES = spec(
        "pictures", "MINCHAT_PICTURES", (Both, Choice(&["same-host", "all", "off"])), "same-host",
        "Pictures to show among the messages: same-host for those on the host of the service, all, or off",
    ).live();
    PICTURE_PROTOCOL = spec(
        "picture_protocol", "MINCHAT_PICTURE_PROTOCOL",
        (Both, Choice(&["auto", "kitty", "iterm2", "sixel", "blocks"])), "auto",
        "How the terminal shows pictures: auto if it is known to draw them, a protocol, or blocks of color",
    );
    NOTIFY = spec(
        "notify", "MINCHAT_NOTIFY", (Both, Choice(&["all", "mentions", "dms", "none"])), "mentions",
        "About what to notify: all messages, mentions and direct messages, dms only, or none",
    ).live().per_profile();
    NOTIFY_CONTENT = spec(
        "notify_content", "MINCHAT_NOTIFY_CONTENT", (Both, Choice(&["full", "sender", "none"])), "full",
        "What a notification shows: full for the text, sender for who and where, or none",
    ).live().per_profile();
    NOTIFY_DESKTOP = spec(
        "notify_desktop", "MINCHAT_NOTIFY_DESKTOP",
        (Both, Choice(DESKTOP_NOTIFICATIONS)), "auto",
        "Desktop notifications: auto (through a terminal known to show them), osc9, osc99, osc777 or off",
    ).live();
    NOTIFY_COMMAND = spec(
        "notify_command", "", (Both, Command), "none",
        "Program, with arguments, that gets each notification as JSON on standard input",
    ).live().per_profile();
    BELL = spec("bell", "MINCHAT_BELL", (Both, Switch), "true", "Ring the bell of the terminal with each notification").live().per_profile();
    QUIET_HOURS = spec(
        "quiet_hours", "MINCHAT_QUIET_HOURS", (Both, Text), "none",
        "Time of the day without notifications, such as 22:00-07:30",
    ).live().per_profile();
    WINDOW_TITLE = spec(
        "window_title", "MINCHAT_WINDOW_TITLE", (Both, Switch), "true",
        "Show in the title of the window what is unread",
    ).live();
    MENTION_WORDS = spec(
        "mention_words", "", (Both, Text), "none",
        "Words that mention you besides your name and user name, separated by commas",
    ).live();
    MOUSE = spec(
        "mouse", "MINCHAT_MOUSE", (Both, Switch), "true", "Use the mouse; with false, it selects text as in other programs",
    ).flag("--no-mouse", "", Group::Display, &["demo"]).live();
    EMOJI_SHORTCODES = spec(
        "emoji_shortcodes", "", (Both, Switch), "true",
        "Replace shortcodes such as :smile: by emoji in sent messages, except in code",
    ).live();
    LINEAR = spec(
        "linear", "MINCHAT_LINEAR", (Both, Switch), "false",
        "Read and write lines instead of drawing: for screen readers, serial lines and TERM=dumb, where it is the default",
    ).flag("--linear", "", Group::Display, &["demo"]);
    BIDI = spec(
        "bidi", "MINCHAT_BIDI", (Both, Choice(&["auto", "terminal", "program"])), "auto",
        "Who orders right-to-left text: the terminal, the program, or auto (the terminal if it is known to)",
    ).live();
    CLOCK = spec("clock", "MINCHAT_CLOCK", (Both, Choice(&["24h", "12h"])), "24h", "Times of day: 24h or 12h").live();
    DATE_FORMAT = spec(
        "date_format", "MINCHAT_DATE_FORMAT", (Both, Choice(&["day-month", "month-day", "iso"])), "day-month",
        "Dates: day-month (20 Nov), month-day (Nov 20) or iso (11-20)",
    ).live();
    FIRST_WEEKDAY = spec(
        "first_weekday", "MINCHAT_FIRST_WEEKDAY", (Both, Choice(&["monday", "sunday", "saturday"])), "monday",
        "The day on which a week starts, for `/date this week`",
    ).live();
    TIME_ZONE = spec(
        "time_zone", "MINCHAT_TIME_ZONE", (Both, Text), "the system's", "Time zone of all times, such as Europe/Lisbon",
    ).live();
    SEEN = spec(
        "seen", "MINCHAT_SEEN", (Both, Choice(&["focused", "on_reply", "never"])), "focused",
        "When others learn that you have read a message: focused (once it is on screen), on_reply (once you answer) or never",
    ).live().per_profile();
    TYPING = spec("typing", "MINCHAT_TYPING", (Both, Switch), "true", "Tell others that you are typing")
        .live().per_profile();
    HIDE_UNFOCUSED = spec(
        "hide_unfocused", "MINCHAT_HIDE_UNFOCUSED", (Both, Switch), "false",
        "Hide messages and drafts while the terminal does not have the focus",
    ).live();
    KEYS_PRESET = spec(
        "keys_preset", "MINCHAT_KEYS_PRESET", (Both, Choice(&["default", "vim", "emacs"])), "default",
        "Key bindings that `[keys]` changes: default, vim (scrolling and moving) or emacs (moving and editing)",
    ).live();
    ESCAPE_TIME = spec(
        "escape_time", "MINCHAT_ESCAPE_TIME", (Both, Number), "50",
        "Milliseconds after which an ESC byte is the Esc key; more for a slow line, at most 1000",
    ).live();
    LOG = spec("log", "MINCHAT_LOG", (Both, File), "none", "Write a log to this file")
        .flag("--log", "FILE", Group::Data, &["demo"]);
    RECORD = spec(
        "record", "", (Nowhere, File), "none", "Record everything that happens to this file, for `minchat-tui replay`",
    ).flag("--record", "FILE", Group::Data, &["demo"]);
    RECORD_NAMES = spec(
        "record_names", "", (Nowhere, Choice(&["shown", "hidden"])), "shown",
        "Names and texts in the recording: shown, or hidden behind invented words",
    ).flag("--record-names", "MODE", Group::Data, &["demo"]);
    CONTROL = spec(
        "control", "", (Nowhere, File), "none", "Let your other programs drive and observe this one through a Unix socket",
    ).flag("--control", "PATH", Group::Data, &["demo"]);
    DATA_DIR = spec(
        "data_dir", "MINCHAT_DATA_DIR", (Both, Dir), "see `config check`",
        "Folder for history, drafts and unsent messages",
    ).flag("--data-dir", "DIR", Group::Data, &[]).per_profile();
    HISTORY = spec(
        "history", "MINCHAT_HISTORY", (Both, Choice(&["all", "none"])), "all",
        "What to save to disk: all, or none for no history, drafts and unsent messages",
    ).per_profile();
    INCOGNITO = spec(
        "incognito", "", (Nowhere, Switch), "false",
        "Save nothing to disk in this session and ignore what was saved before",
    ).flag("--incognito", "", Group::Data, &[]);
    KEEP_MESSAGES = spec(
        "keep_messages", "", (Both, Number), "100000",
        "Maximum number of messages saved to disk; a single room may use half of them",
    ).per_profile();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_flags_and_variables_are_unique() {
        for (index, option) in OPTIONS.iter().enumerate() {
            for other in &OPTIONS[..index] {
                assert_ne!(option.key, other.key);
                assert!(option.flag.is_none() || option.long_flag() != other.long_flag(), "{}", option.key);
                assert!(option.variable.is_none() || option.variable != other.variable, "{}", option.key);
            }
        }
    }

    #[test]
    fn only_switches_have_flags_without_a_value() {
        for option in OPTIONS {
            let Some(flag) = option.flag else { continue };
            assert_eq!(flag.value_name.is_empty(), option.kind == Kind::Switch, "{}", option.key);
        }
    }
}

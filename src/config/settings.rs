//! The result of loading the configuration: one checked value for every option.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::{Clock, DateFormat, RoomOrder, optional_zone_format, weekday_format};
use crate::input::Keymap;

use super::bidi::Bidi;
use super::notifications::NotificationRules;
use super::options::secret_variables;
use super::problem::Problem;
use super::secret::Secret;
use super::theme::{ColorDepth, Theme};

/// The profile of an account that no profile of the configuration file describes.
pub const NO_PROFILE: &str = "default";

/// Default number of messages to keep on disk.
pub(super) const KEEP_MESSAGES: u64 = 100_000;

/// Default of `escape_time`, in milliseconds.
pub(super) const ESCAPE_TIME: u64 = 50;

/// Maximum of `escape_time`, in milliseconds. With more, the Esc key would seem broken.
pub(super) const MAX_ESCAPE_TIME: u64 = 1_000;

/// A chat service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Backend {
    /// MinChat.
    #[default]
    MinChat,
    /// V Chat.
    VChat,
}

impl Backend {
    /// All back ends.
    pub const ALL: [Self; 2] = [Self::MinChat, Self::VChat];

    /// Returns the name in the configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::MinChat => "minchat",
            Self::VChat => "vchat",
        }
    }

    /// Returns the back end with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// When links are passed to the terminal, so that it can open them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hyperlinks {
    /// If the terminal is known to support them.
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How much space there is between messages and between rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Density {
    /// Blank rows between authors where the screen is tall enough.
    Auto,
    /// No blank rows, and one row for each room.
    Compact,
    /// Blank rows between all messages.
    Roomy,
}

/// Which pictures are shown among the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pictures {
    /// None.
    Off,
    /// Those on the host of the service. Nobody else learns that they are looked at.
    SameHost,
    /// All.
    All,
}

/// How the terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureProtocol {
    /// By the protocol that the terminal is known to support, otherwise in half blocks.
    Auto,
    /// By the graphics protocol of kitty.
    Kitty,
    /// By the inline images of iTerm2.
    Iterm2,
    /// By sixels.
    Sixel,
    /// In half blocks.
    Blocks,
}

/// When others learn that the user has read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SeenReceipts {
    /// Once the message is on screen and the terminal has the focus.
    #[default]
    Focused,
    /// Once the user has written to the room afterwards.
    OnReply,
    /// Never. The server does not learn either that the message has arrived, where that is a receipt of its own.
    Never,
}

/// The effective settings, all checked. They come from [`load`](super::load), or from [`Settings::new`] for tests and
/// tools that read no configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Name of the profile; `default` if there is none.
    pub profile: String,
    /// The chat service.
    pub backend: Backend,
    /// Address of the service: http or https, without a slash at the end.
    pub url: String,
    /// Whether the service is a sandbox of this program, which `demo` has started.
    pub is_sandbox: bool,
    /// Whether this and the other profiles are shown side by side. Only `demo` does that.
    pub side_by_side: bool,
    /// API key of the MinChat app, or hash key of the V Chat server; empty if there is a token instead.
    pub api_key: Secret,
    /// Access token of a V Chat user, instead of the hash key.
    pub token: Option<Secret>,
    /// Program and arguments that carry calls; empty if there is none.
    pub call_command: Vec<String>,
    /// Program and arguments that open a link.
    pub open_command: Vec<String>,
    /// User name to sign in with.
    pub user: String,
    /// Name that others see, to be set at each sign-in. `None` leaves the name on the server as it is.
    pub name: Option<String>,
    /// Room to open first, by id or title.
    pub room: Option<String>,
    /// PEM file with further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// Folder for history, drafts and unsent messages.
    pub data_dir: PathBuf,
    /// Whether anything is saved to disk.
    pub history: bool,
    /// Number of messages to keep on disk, in all rooms together.
    pub keep_messages: u64,
    /// Log file.
    pub log: Option<PathBuf>,
    /// File to record to.
    pub record: Option<PathBuf>,
    /// Path of the control socket.
    pub control: Option<PathBuf>,
    /// Whether names and texts in the recording are hidden.
    pub record_names_hidden: bool,
    /// The theme, with the colors that the terminal shows.
    pub theme: Theme,
    /// Whether the theme is the light one on a light background: none was chosen.
    pub theme_follows_background: bool,
    /// The colors that the terminal shows.
    pub colors: ColorDepth,
    /// Whether to draw with ASCII characters only.
    pub ascii: bool,
    /// Whether Markdown and HTML are shown as formatted text.
    pub markdown: bool,
    /// How much space there is between messages and between rooms.
    pub density: Density,
    /// Whether links are passed to the terminal.
    pub hyperlinks: Hyperlinks,
    /// Which pictures are shown.
    pub pictures: Pictures,
    /// How the terminal shows pictures.
    pub picture_protocol: PictureProtocol,
    /// Whether everything is read out line by line, and nothing is drawn.
    pub linear: bool,
    /// Who puts right-to-left text into its order on screen.
    pub bidi: Bidi,
    /// The clock by which times are shown.
    pub clock: Clock,
    /// The order of the parts of a date.
    pub date_format: DateFormat,
    /// The day on which a week starts.
    #[serde(with = "weekday_format")]
    pub first_weekday: Weekday,
    /// The time zone in which times are shown; `None` for that of the system.
    #[serde(with = "optional_zone_format")]
    pub time_zone: Option<TimeZone>,
    /// When others learn that the user has read a message.
    pub seen: SeenReceipts,
    /// Whether others learn that the user is typing.
    pub typing: bool,
    /// Whether messages and drafts are hidden while the terminal does not have the focus.
    pub hide_unfocused: bool,
    /// The order of the room list.
    pub rooms_order: RoomOrder,
    /// How the user is notified.
    pub notifications: NotificationRules,
    /// Whether the title of the window shows what is unread.
    pub window_title: bool,
    /// Words that mention the user, besides the name and the user name.
    pub mention_words: Vec<String>,
    /// Whether to use the mouse.
    pub mouse: bool,
    /// Whether shortcodes such as `:smile:` become emoji when a message is sent.
    pub emoji_shortcodes: bool,
    /// Time after which an ESC byte is the Esc key.
    pub escape_time: Duration,
    /// The key bindings.
    pub keymap: Keymap,
    /// Environment variables that may hold a secret, and that other programs must not inherit.
    pub secret_variables: Vec<String>,
    /// Warnings about settings that are valid but insecure, to be shown at the start.
    pub warnings: Vec<Problem>,
    /// The settings of further profiles that are opened in the same window. Only those of their accounts are used.
    pub others: Vec<Self>,
    /// The index of the profile to show first, among these settings and the others.
    pub shown: usize,
    /// The names of all profiles in the configuration file.
    pub known_profiles: Vec<String>,
    /// Folder for what concerns no single profile; `None` if nothing is saved.
    pub general_data_dir: Option<PathBuf>,
    /// Whether the user was named at this start, and is another one than that of the profile.
    pub is_other_user: bool,
    /// Whether this start says nothing about the profiles to open next time, because it is about another account or one
    /// of those that were open.
    pub is_one_off: bool,
    /// Whether the profiles were named for this start while others are remembered. Those are opened the next time, unless
    /// a profile is opened or closed meanwhile.
    pub is_for_this_start: bool,
}

impl Settings {
    /// Creates settings with defaults for everything but the account, without checking them. Nothing is saved to disk.
    pub fn new(url: &str, api_key: &str, user: &str) -> Self {
        Self {
            profile: NO_PROFILE.to_owned(),
            backend: Backend::MinChat,
            url: url.trim_end_matches('/').to_owned(),
            api_key: Secret::new(api_key),
            is_sandbox: false,
            side_by_side: false,
            token: None,
            call_command: Vec::new(),
            open_command: default_open_command(),
            user: user.to_owned(),
            name: None,
            room: None,
            ca_file: None,
            data_dir: PathBuf::new(),
            history: false,
            keep_messages: KEEP_MESSAGES,
            log: None,
            record: None,
            record_names_hidden: false,
            control: None,
            theme: Theme::default(),
            theme_follows_background: false,
            colors: ColorDepth::All,
            ascii: false,
            markdown: true,
            density: Density::Auto,
            hyperlinks: Hyperlinks::Auto,
            pictures: Pictures::SameHost,
            picture_protocol: PictureProtocol::Auto,
            linear: false,
            bidi: Bidi::Program,
            clock: Clock::Hours24,
            date_format: DateFormat::DayMonth,
            first_weekday: Weekday::Monday,
            time_zone: None,
            seen: SeenReceipts::Focused,
            typing: true,
            hide_unfocused: false,
            rooms_order: RoomOrder::default(),
            notifications: NotificationRules::default(),
            window_title: true,
            mention_words: Vec::new(),
            mouse: true,
            emoji_shortcodes: true,
            escape_time: Duration::from_millis(ESCAPE_TIME),
            keymap: Keymap::default(),
            secret_variables: secret_variables().map(str::to_owned).collect(),
            warnings: Vec::new(),
            others: Vec::new(),
            shown: 0,
            known_profiles: Vec::new(),
            general_data_dir: None,
            is_other_user: false,
            is_one_off: false,
            is_for_this_start: false,
        }
    }

    /// Returns the names of all profiles to open.
    pub fn names(&self) -> Vec<String> {
        self.profiles().map(|settings| settings.profile.clone()).collect()
    }

    /// Returns the settings of all profiles to open: these, then the others.
    pub fn profiles(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }
}

/// Returns the platform's program that opens a link. It takes the link as an argument and is not a shell.
pub(super) fn default_open_command() -> Vec<String> {
    let words: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["rundll32", "url.dll,FileProtocolHandler"]
    } else {
        &["xdg-open"]
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::options::{self, BACKEND, Kind};
    use super::*;

    #[test]
    fn option_table_agrees_with_the_types() {
        let Kind::Choice(words) = BACKEND.kind else { panic!("{:?}", BACKEND.kind) };
        let (both, names) = words.split_last().expect("a word");
        assert_eq!((names, *both), (&Backend::ALL.map(Backend::name)[..], "both"));
        assert_eq!(options::KEEP_MESSAGES.default, KEEP_MESSAGES.to_string());
        assert_eq!(options::ESCAPE_TIME.default, ESCAPE_TIME.to_string());
    }
}

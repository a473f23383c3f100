//! Settings that apply to the whole program rather than to one account.

use crate::app::limits::MAX_MESSAGE_BYTES;
use crate::config::{Background, Bidi, ColorDepth, Density, Pictures, Settings, Theme};
use crate::domain::{RoomOrder, TimeFormat, zone_format};
use crate::input::Keymap;
use crate::text::{SafeText, clip, to_ascii};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Settings that apply to the whole program rather than to one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Options {
    /// The live key bindings.
    pub keymap: Keymap,
    /// Colors and styles.
    pub theme: Theme,
    /// Whether the theme is the light one on a light background: the user has chosen none.
    #[serde(default)]
    pub theme_follows_background: bool,
    /// Whether to draw with ASCII characters only.
    pub ascii: bool,
    /// Whether to enclose right-to-left text in isolates, which are format characters. GNU screen gives each of them a
    /// cell.
    pub isolates: bool,
    /// Whether everything is read out line by line, and nothing is painted.
    pub linear: bool,
    /// Who puts right-to-left text into its order on screen.
    pub bidi: Bidi,
    /// How times and dates are shown.
    pub times: TimeFormat,
    /// The time zone of the system, for times unless the user has chosen another one.
    #[serde(with = "zone_format")]
    pub local_zone: TimeZone,
    /// The program, with its arguments, that opens links. `{url}` is replaced by the link; without the placeholder,
    /// the link becomes the last argument.
    pub open_command: Vec<String>,
    /// Whether Markdown, and HTML on services that send it, is shown as formatted text.
    pub markdown: bool,
    /// How much space there is between messages and between rooms.
    pub density: Density,
    /// Which pictures are shown.
    pub pictures: Pictures,
    /// The colors that the terminal shows. Unless it shows all, pictures have the fixed colors of the palette.
    pub colors: ColorDepth,
    /// Whether messages and drafts are hidden while the terminal does not have the focus.
    pub hide_unfocused: bool,
    /// Words that mention the user, besides the name and the user name.
    pub mention_words: Vec<String>,
    /// Whether shortcodes such as `:smile:` become emoji when a message is sent.
    pub emoji_shortcodes: bool,
    /// The order of the room list, unless the user has chosen another one.
    pub rooms_order: RoomOrder,
    /// Whether the title of the terminal window tells what is unread.
    pub window_title: bool,
    /// The names of the profiles in the configuration file.
    pub known_profiles: Vec<String>,
    /// The maximum memory for the messages of all rooms of an account, in bytes. Older messages are unloaded.
    pub message_bytes: usize,
}

impl Options {
    /// Creates the default options with these keys and colors. Parsing the default ones too would delay the start.
    pub fn new(keymap: Keymap, theme: Theme) -> Self {
        Self {
            keymap,
            theme,
            theme_follows_background: false,
            ascii: false,
            isolates: true,
            linear: false,
            bidi: Bidi::Program,
            times: TimeFormat::default(),
            local_zone: TimeZone::UTC,
            open_command: Vec::new(),
            markdown: true,
            density: Density::Auto,
            pictures: Pictures::Off,
            colors: ColorDepth::All,
            hide_unfocused: false,
            mention_words: Vec::new(),
            emoji_shortcodes: true,
            rooms_order: RoomOrder::default(),
            window_title: false,
            known_profiles: Vec::new(),
            message_bytes: MAX_MESSAGE_BYTES,
        }
    }

    /// Puts the settings in effect that can change while the program runs.
    pub fn apply(&mut self, settings: &Settings) {
        let shows_pictures = !settings.ascii && !self.linear && settings.theme.has_colors();
        self.keymap = settings.keymap.clone().with_ascii(settings.ascii || self.linear);
        // What is selected is read from the attributes of its cells.
        let plain = if self.linear { Theme::built_in("plain") } else { None };
        self.theme = plain.unwrap_or_else(|| settings.theme.clone());
        self.theme_follows_background = settings.theme_follows_background;
        self.ascii = settings.ascii;
        self.open_command.clone_from(&settings.open_command);
        self.markdown = settings.markdown;
        self.density = settings.density;
        self.pictures = if shows_pictures { settings.pictures } else { Pictures::Off };
        self.colors = settings.colors;
        self.hide_unfocused = settings.hide_unfocused;
        self.bidi = settings.bidi;
        self.times = TimeFormat {
            zone: settings.time_zone.clone().unwrap_or_else(|| self.local_zone.clone()),
            clock: settings.clock,
            dates: settings.date_format,
            first_weekday: settings.first_weekday,
        };
        self.mention_words.clone_from(&settings.mention_words);
        self.emoji_shortcodes = settings.emoji_shortcodes;
        self.window_title = settings.window_title;
        self.known_profiles.clone_from(&settings.known_profiles);
        self.rooms_order = settings.rooms_order;
    }

    /// Returns the beginning of a text as one line without control characters, for what the terminal shows outside of
    /// the screen.
    pub(in crate::app) fn terminal_line(&self, text: &str, cells: usize) -> String {
        let line = clip(SafeText::line(text).as_str(), cells);
        if self.ascii { to_ascii(&line) } else { line }
    }

    /// Adapts the theme to the background of the terminal, unless the user has chosen one.
    pub fn adapt_to(&mut self, background: Background) {
        if background == Background::Light && self.theme_follows_background {
            self.theme = Theme::light().with_colors(self.colors);
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(Keymap::default(), Theme::default())
    }
}

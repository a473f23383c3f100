//! Settings that concern the whole program, not one account.

use crate::config::Theme;
use crate::input::Keymap;
use jiff::tz::TimeZone;

/// Settings that concern the whole program, not one account.
#[derive(Debug, Clone)]
pub struct Options {
    /// The live key bindings.
    pub keymap: Keymap,
    /// Colours and styles.
    pub theme: Theme,
    /// Whether to draw with ASCII only.
    pub ascii: bool,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// Program and arguments that carry the sound and picture of calls, with the placeholders `{room}`, `{call}`,
    /// `{url}`, `{name}` and `{video}`. Empty: calls have neither.
    pub call_command: Vec<String>,
    /// Program and arguments that open a link. `{url}` stands for the link; without it the link becomes the last
    /// argument.
    pub open_command: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            keymap: Keymap::default(),
            theme: Theme::default(),
            ascii: false,
            zone: TimeZone::UTC,
            call_command: Vec::new(),
            open_command: Vec::new(),
        }
    }
}

//! The lines of `config check`.

use crate::config::Source;
use crate::text::SafeText;

/// The line for a setting: its key, its value and where the value comes from, which may be a path of any characters.
pub fn effective_value(key: &str, value: &str, source: &Source) -> String {
    SafeText::line(&format!("{key:<18}{value}  ({source})")).to_string()
}

/// The line for a warning about a setting.
pub fn warning(sentence: &str) -> String {
    format!("warning: {}", SafeText::line(sentence))
}

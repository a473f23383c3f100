//! The lines of `config check`.

use crate::config::Source;
use crate::text::SafeText;

/// The line for a setting: its key, its value and where the value comes from.
pub fn effective_value(key: &str, value: &str, source: &Source) -> String {
    format!("{key:<18}{value}  ({source})")
}

/// The line for a warning about a setting.
pub fn warning(sentence: &str) -> String {
    format!("warning: {}", SafeText::line(sentence))
}

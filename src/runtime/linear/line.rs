//! Meaning of a typed line.

use crate::app::Event;
use crate::input::{Key, KeyError};
use crate::text::clip;

/// The word at the beginning of a line that names keys instead of being typed.
const KEYS: &str = "/key";

/// Maximum width of a line in a notice about it, in cells.
const EXCERPT: usize = 40;

/// Returns the events for a line that arrived together with others, as the lines of a pasted text do. A person types one
/// line at a time, so a command among them was hardly meant as one.
pub(super) fn pasted_events(line: &str) -> Vec<Event> {
    let is_command = line.starts_with('/') && !line.starts_with("//");
    if !is_command {
        return events(line);
    }
    let shown = clip(&line.replace(char::is_control, ""), EXCERPT);
    vec![Event::Notice(format!(
        "{shown}: not run, because it came together with other lines, as in a pasted text. Type it again to run it."
    ))]
}

/// Returns the events for a line: the keys that it names, as in `/key ctrl+k` or `/key tab d`, or itself.
pub(super) fn events(line: &str) -> Vec<Event> {
    let names_keys = |name: &str| name.eq_ignore_ascii_case(KEYS);
    let named = line.split_at_checked(KEYS.len()).filter(|(name, _)| names_keys(name)).map(|(_, rest)| rest);
    let named = named.filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let Some(names) = named else {
        return vec![Event::Line(line.replace(char::is_control, ""))];
    };
    match Key::parse_all(names) {
        Ok(keys) if !keys.is_empty() => keys.into_iter().map(Event::Key).collect(),
        Ok(_) => vec![Event::Notice("Name a key, as in /key ctrl+k or /key esc.".to_owned())],
        Err(KeyError(name)) => {
            vec![Event::Notice(format!("`{name}` is no key. Name keys as in /key ctrl+k or /key tab d."))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        let word = |event| match event {
            Event::Key(key) => key.to_string(),
            Event::Line(text) => format!("line {text}"),
            Event::Notice(sentence) => sentence,
            other => format!("{other:?}"),
        };
        events(line).into_iter().map(word).collect()
    }

    #[test]
    fn line_is_entered_without_control_characters() {
        assert_eq!(words("/dm é\x1b\r"), ["line /dm é"]);
        assert_eq!(words(""), ["line "]);
        assert_eq!(words("/keys"), ["line /keys"]);
    }

    /// A line `/quit` of a pasted text ended the program.
    #[test]
    fn commands_of_a_pasted_text_are_not_run() {
        for line in ["/quit", "/key ctrl+q", "/KEY y"] {
            let [Event::Notice(sentence)] = &pasted_events(line)[..] else { panic!("{line}") };
            assert!(sentence.starts_with(&format!("{line}: not run")), "{sentence}");
        }
        for line in ["hello", "//quit", "", " /quit"] {
            assert_eq!(format!("{:?}", pasted_events(line)), format!("{:?}", events(line)));
        }
    }

    #[test]
    fn keys_can_be_named() {
        assert_eq!(words("/key ctrl+k"), ["Ctrl+K"]);
        assert_eq!(words("/key tab d"), ["Tab", "d"]);
        // As the hints and the help show them. `Ctrl+K` was taken for Ctrl+Shift+K.
        assert_eq!(words("/key Ctrl+K PgUp Up G"), ["Ctrl+K", "PgUp", "↑", "G"]);
        assert!(words("/key nonsense")[0].starts_with("`nonsense` is no key."));
        assert!(words("/key")[0].starts_with("Name a key"));
    }
}

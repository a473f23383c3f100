//! What a typed line means.

use crate::app::Event;
use crate::input::Key;

/// The word at the beginning of a line that names keys instead of being typed.
const KEYS: &str = "/key";

/// Returns the events for a line: the keys that it names, as in `/key ctrl+k` or `/key tab d`, or itself.
pub(super) fn events(line: &str) -> Vec<Event> {
    let names_keys = |name: &str| name.eq_ignore_ascii_case(KEYS);
    let named = line.split_at_checked(KEYS.len()).filter(|(name, _)| names_keys(name)).map(|(_, rest)| rest);
    let named = named.filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let Some(names) = named else {
        return vec![Event::Line(line.replace(char::is_control, ""))];
    };
    let keys: Result<Vec<Key>, String> =
        names.split_whitespace().map(|name| name.parse().map_err(|_| name.to_owned())).collect();
    match keys {
        Ok(keys) if !keys.is_empty() => keys.into_iter().map(Event::Key).collect(),
        Ok(_) => vec![Event::Notice("Name a key, as in /key ctrl+k or /key esc.".to_owned())],
        Err(name) => vec![Event::Notice(format!("`{name}` is no key. Name keys as in /key ctrl+k or /key tab d."))],
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

    #[test]
    fn keys_can_be_named() {
        assert_eq!(words("/key ctrl+k"), ["Ctrl+K"]);
        assert_eq!(words("/key tab d"), ["Tab", "d"]);
        assert!(words("/key nonsense")[0].starts_with("`nonsense` is no key."));
        assert!(words("/key")[0].starts_with("Name a key"));
    }
}

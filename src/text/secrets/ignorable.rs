//! Characters inside of a secret that do not hide it from a reader, such as a line break or a zero-width space.

use crate::text::sanitize;

use super::escapes;

/// Returns the length of a character to ignore at the start of `text`, which may be escaped or be what the sanitiser
/// writes for it. `spaces` says whether white space other than control characters is ignored too.
pub(super) fn len(text: &str, spaces: bool) -> Option<usize> {
    let is_ignored = |c: char| sanitize::is_control_or_invisible(c) || (spaces && c.is_whitespace());
    let c = text.chars().next()?;
    let escaped = || escapes::decoded(text).filter(|(c, _)| is_ignored(*c)).map(|(_, length)| length);
    let raw = || is_ignored(c).then(|| c.len_utf8());
    sanitize::sequence_or_badge_len(text).or_else(raw).or_else(escaped)
}

/// Returns `secret` without the characters that are ignored in it.
pub(super) fn without(secret: &str) -> String {
    secret.chars().filter(|c| !sanitize::is_control_or_invisible(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_ignored_however_they_are_written() {
        for text in [
            "\0",
            "\n",
            "\u{7f}",
            "\u{9b}",
            "\u{200b}",
            "\u{202e}",
            "\u{2028}",
            "\u{feff}",
            "␀",
            "␛",
            "\u{fffd}",
            "⟨U+200B⟩",
            "⟨U+200B×7⟩",
            "\u{1b}[31m",
            "\u{1b}]0;title\u{7}",
            "\\n",
            "\\\\r",
            "\\u200b",
            "\\x00",
            "\\0",
            "\\u{200b}",
            "%00",
            "%0A",
            "%250d",
            "%E2%80%8B",
            "&#10;",
            "&#x200b;",
            "&amp;#8203;",
        ] {
            assert_eq!(len(&format!("{text}…"), false), Some(text.len()), "{text:?}");
        }
        for space in [" ", "\u{a0}", "\u{3000}", "%20", "\\u0020", "&#32;", "&nbsp;"] {
            assert_eq!((len(space, true), len(space, false)), (Some(space.len()), None), "{space:?}");
        }
        for text in ["", "a", "%41", "\\u0041", "\\", "%", "&", "&#", "⟨U+0041⟩", "é", "%E2%80"] {
            assert_eq!(len(text, true), None, "{text:?}");
        }
    }
}

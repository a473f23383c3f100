//! What V Chat says in signs and numbers, in words.

use std::borrow::Cow;

/// What stands for a file in the place of a text, by convention (§2.3.1).
pub(super) const FILE: &str = "📁";
/// … for a picture.
pub(super) const IMAGE: &str = "📷";
/// … for a film.
pub(super) const VIDEO: &str = "🎥";
/// … for a place.
pub(super) const PLACE: &str = "📍";
/// … for something spoken; its length follows.
pub(super) const VOICE: &str = "🎤";

/// Whether a text is only what stands for an attachment by convention.
pub(super) fn is_conventional(text: &str) -> bool {
    // A variation selector may follow, which asks for the coloured form.
    let text = text.trim().trim_end_matches('\u{fe0f}');
    let length = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ' ' | '\u{fe0f}'));
    matches!(text, FILE | IMAGE | VIDEO | PLACE) || text.strip_prefix(VOICE).is_some_and(length)
}

/// Text with its mentions, `[@Name:id]`, as `@Name` (§8.1).
pub(super) fn without_mentions(text: &str) -> Cow<'_, str> {
    if !text.contains("[@") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Each step moves past all it has looked at, so that no text takes longer than its length.
    while let Some((before, after)) = rest.split_once("[@") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once(':') else {
            rest = &rest[before.len()..];
            break;
        };
        let Some((id, tail)) = tail.split_once(']') else {
            rest = &rest[before.len()..];
            break;
        };
        out.push_str(if name.is_empty() || id.is_empty() { "[@" } else { "@" });
        out.push_str(name);
        if name.is_empty() || id.is_empty() {
            out.push(':');
            out.push_str(id);
            out.push(']');
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The beginning of a text.
pub(super) fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned() + "…",
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_conventional_signs_are_no_text() {
        for text in ["📷", " 📁 ", "🎥\u{fe0f}", "🎤 00:07", "🎤", "📍"] {
            assert!(is_conventional(text), "{text}");
        }
        for text in ["", "📷 me", "🎤 my song", "hi", "📷📷"] {
            assert!(!is_conventional(text), "{text}");
        }
    }

    #[test]
    fn mentions_are_names() {
        for (text, shown) in [
            ("hi [@User Two:u2] and [@Zoë:z@x.y]!", "hi @User Two and @Zoë!"),
            ("[@a:b][@c:d]", "@a@c"),
            ("[@:x] [@a:] [@a] [@b:c]", "[@:x] [@a:] @a] [@b"),
            ("[@a", "[@a"),
            ("[@a:b", "[@a:b"),
            ("x [@a:b] [@", "x @a [@"),
        ] {
            assert_eq!(without_mentions(text), shown, "{text}");
        }
        let hostile = "[@".repeat(1 << 20);
        assert_eq!(without_mentions(&hostile), hostile);
    }
}

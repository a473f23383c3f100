//! How much of a text is kept. A server may send any amount; what it says stays in memory and is drawn.

use std::borrow::Cow;

use crate::text::SafeText;

/// The longest text of a message, in bytes: some twenty pages. What follows is cut, and the message says so.
pub(super) const TEXT: usize = 64 << 10;
/// The longest name, title or sentence, in bytes.
pub(super) const LINE: usize = 1 << 10;
/// The longest address, in bytes. A longer one is none: cut, it would lead elsewhere.
pub(super) const ADDRESS: usize = 8 << 10;
/// The most people that a room names. The others are seen when the members are asked for.
pub(super) const PARTICIPANTS: usize = 2_000;
/// What an app may store with a room, in bytes. What is larger is not kept.
pub(super) const METADATA: usize = 64 << 10;

/// What somebody wrote.
pub(super) fn said(raw: &str) -> SafeText {
    match beginning(raw, TEXT) {
        None => SafeText::block(raw),
        Some(head) => SafeText::block(&format!(
            "{head}…\n[This message is longer than {} KiB. The rest is not shown.]",
            TEXT >> 10
        )),
    }
}

/// A name, a title, a sentence.
pub(super) fn line(raw: &str) -> SafeText {
    SafeText::line(&short(raw))
}

/// A name before it is made safe.
pub(super) fn short(raw: &str) -> Cow<'_, str> {
    beginning(raw, LINE).map_or(Cow::Borrowed(raw), |head| Cow::Owned(format!("{head}…")))
}

/// Where something is.
pub(super) fn address(raw: &str) -> SafeText {
    if raw.len() > ADDRESS { SafeText::default() } else { SafeText::line(raw) }
}

/// The beginning of what is longer than `most` bytes.
fn beginning(raw: &str, most: usize) -> Option<&str> {
    (raw.len() > most).then(|| raw.get(..raw.floor_char_boundary(most)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(said(&"a".repeat(TEXT)).len(), TEXT);
        let cut = said(&"é".repeat(TEXT));
        assert!(
            cut.starts_with("éé") && cut.ends_with("é…\n[This message is longer than 64 KiB. The rest is not shown.]")
        );
        assert!(cut.len() < TEXT + 100);
        assert_eq!(&*line("name"), "name");
        assert!(line(&"日".repeat(LINE)).ends_with("日…") && line(&"日".repeat(LINE)).len() <= LINE + 3);
        assert!(address(&format!("https://h/{}", "x".repeat(ADDRESS))).is_empty());
    }
}

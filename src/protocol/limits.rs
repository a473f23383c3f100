//! Size limits for text from the server, and the sanitising that goes with them.
//!
//! A server may send text of any length, and the program keeps it in memory and draws it. Adapters sanitise text from
//! the server with the functions here, or shorten it first, so that no text escapes the limits.

use std::borrow::Cow;

use crate::domain::format_limit;
use crate::text::{SafeText, Secrets, tidy_name};

/// Maximum length of a message's text, in bytes: about twenty pages. The rest is cut off, and the message says so.
pub(super) const MESSAGE_BYTES: usize = 64 << 10;
/// Maximum length of a name, a title or a sentence, in bytes.
pub(super) const LINE_BYTES: usize = 1 << 10;
/// Maximum length of a URL, in bytes. A longer one is dropped, because a shortened one would lead elsewhere.
pub(super) const URL_BYTES: usize = 8 << 10;
/// Maximum number of participants that are read from a room object. The member list shows the others.
pub(super) const PARTICIPANTS: usize = 2_000;
/// Maximum size of a room's metadata, in bytes of JSON. Larger metadata is dropped.
pub(super) const METADATA_BYTES: usize = 64 << 10;

/// Title of a room that has none, as in MinChat's SDK (`docs/protocol/minchat.md` §2.2).
const UNTITLED: &str = "No name";

/// Sanitises the text of a message, which may have several lines.
pub(super) fn message_text(raw: &str) -> SafeText {
    match truncated(raw, MESSAGE_BYTES) {
        None => SafeText::block(raw),
        Some(head) => SafeText::block(&format!(
            "{head}…\n[This message is longer than {}. The rest is not shown.]",
            format_limit(MESSAGE_BYTES as u64)
        )),
    }
}

/// Sanitises a name, a title or a sentence.
pub(super) fn line(raw: &str) -> SafeText {
    SafeText::line(&truncate_line(raw))
}

/// Sanitises a name or a title, without blanks in which something could be hidden.
pub(super) fn name(raw: &str) -> SafeText {
    SafeText::line(&tidy_name(&line(raw)))
}

/// Sanitises the title of a room. One that is missing or cannot be seen is replaced.
pub(super) fn title(raw: Option<&str>) -> SafeText {
    raw.map(name).filter(|title| !title.is_empty()).unwrap_or_else(|| SafeText::line(UNTITLED))
}

/// Sanitises a sentence that the server writes about a request or the connection. Unlike messages, such sentences may
/// quote the request, which contains `secrets`.
pub(super) fn sentence(raw: &str, secrets: &Secrets) -> SafeText {
    SafeText::line(&quote(raw, secrets, LINE_BYTES))
}

/// Returns the first `count` characters of a sentence of the server, without `secrets`.
pub(super) fn quote(raw: &str, secrets: &Secrets, count: usize) -> String {
    secrets.redact_first_chars(raw.trim(), count)
}

/// Truncates a name, a title or a sentence without sanitising it.
pub(super) fn truncate_line(raw: &str) -> Cow<'_, str> {
    truncated(raw, LINE_BYTES).map_or(Cow::Borrowed(raw), |head| Cow::Owned(format!("{head}…")))
}

/// Sanitises a URL. Empty when it is too long.
pub(super) fn url(raw: &str) -> SafeText {
    if raw.len() > URL_BYTES { SafeText::default() } else { SafeText::line(raw) }
}

/// Returns the first `count` characters of `text`, with an ellipsis if there are more.
pub(super) fn first_chars(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned() + "…",
        None => text.to_owned(),
    }
}

/// Returns the beginning of `raw` if it is longer than `limit` bytes.
fn truncated(raw: &str, limit: usize) -> Option<&str> {
    (raw.len() > limit).then(|| raw.get(..raw.floor_char_boundary(limit)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_text_says_so() {
        assert_eq!(message_text(&"a".repeat(MESSAGE_BYTES)).len(), MESSAGE_BYTES);
        let cut = message_text(&"é".repeat(MESSAGE_BYTES));
        let notice = "[This message is longer than 65 kB. The rest is not shown.]";
        assert!(cut.starts_with("éé") && cut.ends_with(&format!("é…\n{notice}")));
        assert!(cut.len() < MESSAGE_BYTES + 100);
        assert_eq!(&*line("name"), "name");
        let long = line(&"日".repeat(LINE_BYTES));
        assert!(long.ends_with("日…") && long.len() <= LINE_BYTES + 3);
    }

    #[test]
    fn blank_title_is_replaced() {
        for blank in [None, Some(""), Some(" \t"), Some("\u{2800} \u{2800}")] {
            assert_eq!(&*title(blank), UNTITLED, "{blank:?}");
        }
        assert_eq!(&*title(Some("   New    Title   ")), "New Title");
    }

    #[test]
    fn too_long_url_is_dropped() {
        assert!(url(&format!("https://h/{}", "x".repeat(URL_BYTES))).is_empty());
    }
}

//! Search results: matching messages with the line around the match.

use crate::domain::{AccountId, Message, MessageId, MessageKind, PersonId, RoomId, Timestamp};
use crate::text::{SearchTerms, TextFormat, graphemes, visible_text};
use std::ops::Range;

/// Maximum number of bytes of a text that are searched for matches to mark; the rest of a longer text is ignored.
const MAX_SEARCHED_BYTES: usize = 6_000;

/// Maximum number of characters of a line before the first match. With `MAX_AFTER` this exceeds the widest list.
const MAX_BEFORE: usize = 100;

/// Maximum number of characters of a line from the first match on.
const MAX_AFTER: usize = 300;

/// Lines of at most this many bytes are shown uncut.
const MAX_UNCUT_BYTES: usize = 400;

/// A message that matches a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResult {
    /// Account of the room, if it is not the one that is shown.
    pub account: Option<AccountId>,
    /// Room of the message.
    pub room: RoomId,
    /// Id of the message.
    pub message: MessageId,
    /// Author of the message.
    pub author: PersonId,
    /// Time at which the message was sent.
    pub at: Timestamp,
    /// Line that contains the match; safe for the screen.
    pub line: String,
    /// Byte ranges of `line` that match the search.
    pub marks: Vec<Range<usize>>,
}

impl SearchResult {
    /// Returns the result for a message that matches `terms`; `None` for a queued or deleted message. The line shows its
    /// text without markup, unless only the markup matches, such as the address of a link.
    pub(in crate::app) fn of(
        room: &RoomId,
        message: &Message,
        terms: &SearchTerms,
        format: TextFormat,
    ) -> Option<Self> {
        let id = message.id.clone().filter(|_| !message.deleted)?;
        let file = || message.attachment.as_deref().map(crate::domain::Attachment::summary);
        let format = if message.kind == MessageKind::Text { format } else { TextFormat::Plain };
        let visible = line_with(&visible_text(&message.text, format), terms);
        let text = visible.filter(|(_, marks)| !marks.is_empty()).or_else(|| line_with(&message.text, terms));
        let (line, marks) = match text {
            Some((line, marks)) if !marks.is_empty() => (line, marks),
            text => {
                let file = file().and_then(|file| line_with(&file, terms));
                file.filter(|(_, marks)| !marks.is_empty() || text.is_none()).or(text).unwrap_or_default()
            }
        };
        let (room, author, at) = (room.clone(), message.author.clone(), message.sent_at);
        Some(Self { account: None, room, message: id, author, at, line, marks })
    }
}

/// Returns the first line that contains one of `terms`, or else the first line that is not blank.
///
/// Returns `None` if all lines are blank.
fn line_with(text: &str, terms: &SearchTerms) -> Option<(String, Vec<Range<usize>>)> {
    let mut end = text.len().min(MAX_SEARCHED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let marks = terms.marks(&text[..end]);
    let (mut start, mut first_text) = (0, None);
    for line in text.split('\n') {
        let here = start..start + line.len();
        start = here.end + 1;
        let inside = |mark: &&Range<usize>| mark.start >= here.start && mark.start < here.end;
        let marks: Vec<_> = marks.iter().filter(inside).collect();
        if !marks.is_empty() {
            let marks = marks.into_iter().map(|mark| mark.start - here.start..mark.end.min(here.end) - here.start);
            return Some(around(line, marks.collect()));
        }
        if first_text.is_none() && !line.trim().is_empty() {
            first_text = Some(line);
        }
    }
    first_text.map(|line| around(line, Vec::new()))
}

/// Shortens a long line around its first match, without splitting a grapheme.
fn around(line: &str, marks: Vec<Range<usize>>) -> (String, Vec<Range<usize>>) {
    if line.len() <= MAX_UNCUT_BYTES {
        return (line.to_owned(), marks);
    }
    let first = marks.first().map_or(0, |mark| mark.start);
    let mut starts: Vec<usize> = Vec::new();
    let mut end = line.len();
    let (mut at, mut behind) = (0, 0);
    for (grapheme, _) in graphemes(line) {
        if behind == MAX_AFTER {
            end = at;
            break;
        }
        if at < first {
            starts.push(at);
        } else {
            behind += 1;
        }
        at += grapheme.len();
    }
    let start = starts.len().checked_sub(MAX_BEFORE).map_or(0, |cut| starts[cut]);
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < line.len() { "…" } else { "" });
    let shift = |at: usize| at.clamp(start, end) - start + before.len();
    let marks = marks.into_iter().map(|mark| shift(mark.start)..shift(mark.end)).filter(|mark| !mark.is_empty());
    (format!("{before}{}{after}", &line[start..end]), marks.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, typed: &str) -> (String, Vec<String>) {
        let terms = SearchTerms::parse(typed).expect("terms");
        let (line, marks) = line_with(text, &terms).unwrap_or_default();
        let marks = marks.into_iter().map(|mark| line[mark].to_owned()).collect();
        (line, marks)
    }

    #[test]
    fn only_the_line_of_the_match_is_shown() {
        assert_eq!(shown("one\ntwo three\nfour", "three"), ("two three".to_owned(), vec!["three".to_owned()]));
        assert_eq!(shown("\n  \nfirst words", "nothing").0, "first words");
        assert_eq!(shown("", "nothing").0, "");
    }

    #[test]
    fn long_line_is_cut_around_the_match_at_graphemes() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let text = format!("{} needle {}", family.repeat(200), "e\u{301}".repeat(2_000));
        let (line, marks) = shown(&text, "needle");
        assert_eq!(marks, ["needle"]);
        assert!(line.starts_with(&format!("…{family}")) && line.ends_with("e\u{301}…"), "{line}");
        assert!(line.len() < 5_000);
    }

    #[test]
    fn match_far_down_a_huge_text_has_a_line() {
        let text = format!("{}needle", "word ".repeat(20_000));
        assert!(shown(&text, "needle").0.starts_with("word word"));
    }
}

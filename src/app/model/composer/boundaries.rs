//! Boundaries of characters, words and lines in a text. Every place is a byte offset.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Returns the boundary before the grapheme that ends at or contains `at`; 0 at the start.
pub(in crate::app) fn previous_grapheme(text: &str, at: usize) -> usize {
    GraphemeCursor::new(at, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// Returns the boundary after the grapheme that begins at or contains `at`; the length of the text at its end.
pub(in crate::app) fn next_grapheme(text: &str, at: usize) -> usize {
    GraphemeCursor::new(at, text.len(), true).next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// Returns `at`, or the end of the grapheme that it would split.
pub(in crate::app) fn snap(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    match GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0) {
        Ok(false) => next_grapheme(text, at),
        Ok(true) | Err(_) => at,
    }
}

/// Returns the start of the word before `at`.
pub(in crate::app) fn word_left(text: &str, at: usize) -> usize {
    let mut words = text[..at].split_word_bound_indices().rev().filter(|(_, word)| is_word(word));
    let start = words.next().map_or(0, |(start, _)| start);
    // A boundary of words may lie inside a grapheme. The cursor has to move in any case.
    if snap(text, start) < at { snap(text, start) } else { previous_grapheme(text, start) }
}

/// Returns the end of the word after `at`.
pub(in crate::app) fn word_right(text: &str, at: usize) -> usize {
    let mut words = text[at..].split_word_bound_indices().filter(|(_, word)| is_word(word));
    words.next().map_or(text.len(), |(start, word)| snap(text, at + start + word.len()))
}

/// Returns the start of the run of characters without blanks before `at`.
pub(in crate::app) fn blank_left(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end();
    let start =
        before.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(blank, c)| blank + c.len_utf8());
    snap(text, start).min(at)
}

/// Returns the start of the line that contains `at`.
pub(in crate::app) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Returns the end of the line that contains `at`.
pub(in crate::app) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

/// Whether a segment is a word, and not blanks or punctuation. Emoji are words.
fn is_word(segment: &str) -> bool {
    segment.chars().any(|c| c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_motions_skip_punctuation_and_blanks() {
        let text = "see (the) don't https://a.b/c 日本 👨‍👩‍👧!";
        let ends: Vec<&str> = std::iter::successors(Some(0), |at| Some(word_right(text, *at)).filter(|end| end > at))
            .map(|at| &text[..at])
            .collect();
        assert_eq!(ends[1..5], ["see", "see (the", "see (the) don't", "see (the) don't https"]);
        assert_eq!(ends.last(), Some(&text));
        assert_eq!(&text[word_left(text, text.len())..], "👨‍👩‍👧!");
        assert_eq!(&text[word_left(text, 8)..][..3], "the");
        assert_eq!(word_left(text, 0), 0);
    }

    #[test]
    fn blank_left_takes_a_whole_address() {
        let text = "see https://a.b/c  ";
        assert_eq!(&text[blank_left(text, text.len())..], "https://a.b/c  ");
        assert_eq!(blank_left(text, 3), 0);
    }
}

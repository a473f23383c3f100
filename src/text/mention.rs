//! Mentions: whether a text names the user.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Shortest name that counts, in characters. A single letter would be found everywhere.
const MIN_LENGTH: usize = 2;

/// Number of bytes around a name in which word boundaries and addresses are looked for.
const CONTEXT: usize = 128;

/// The words by which others mention the user: the name, the user name, and words of the user's choice.
///
/// A word is found regardless of case, and only as a whole word: "Ana" is not in "Banana" or in an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MentionWords {
    /// In lower case, longest first.
    words: Vec<String>,
    /// Whether a mention can begin with a byte, for each of them; empty without words. Every message that arrives is
    /// searched, and most of its bytes need no other comparison.
    starts: Vec<bool>,
}

impl MentionWords {
    /// Creates the list from words in any order and case.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words = words.into_iter().map(|word| word.trim().trim_start_matches('@').to_lowercase());
        let mut words: Vec<String> = words.filter(|word| word.chars().count() >= MIN_LENGTH).collect();
        words.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        words.dedup();
        if words.is_empty() {
            return Self::default();
        }
        let begins = |byte: u8| words.iter().filter_map(|word| word.bytes().next()).any(|start| start == byte);
        // A letter beyond ASCII may begin with an ASCII letter in lower case: Turkish İ.
        let has_other = begins(b'i') || words.iter().any(|word| !word.starts_with(|c: char| c.is_ascii()));
        let starts =
            (0..=u8::MAX).map(|byte| if byte.is_ascii() { begins(byte.to_ascii_lowercase()) } else { has_other });
        let starts = starts.collect();
        Self { words, starts }
    }

    /// Whether the text mentions the user.
    pub fn is_in(&self, text: &str) -> bool {
        self.next_from(text, 0).is_some()
    }

    /// Returns the mentions in the text, in order. An `@` before a name belongs to the mention.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while let Some(range) = self.next_from(text, at) {
            at = range.end;
            let start = range.start - usize::from(text[..range.start].ends_with('@'));
            found.push(start..range.end);
        }
        found
    }

    /// Returns the next mention that begins at `from` or later.
    fn next_from(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let mut before = from.checked_sub(1).map_or(b' ', |before| text.as_bytes()[before]);
        for (at, byte) in text.bytes().enumerate().skip(from) {
            let follows_word = is_word_byte(before) && is_word_byte(byte);
            before = byte;
            if !self.starts.get(usize::from(byte)).copied().unwrap_or(false)
                || follows_word
                || !text.is_char_boundary(at)
            {
                continue;
            }
            let lengths = self.words.iter().filter_map(|word| prefix_len(&text[at..], word));
            let found = lengths.map(|length| at..at + length).find(|range| is_whole_word(text, range));
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns the length of the beginning of `text` that is equal to a word in lower case.
fn prefix_len(text: &str, word: &str) -> Option<usize> {
    if word.is_ascii() {
        let start = text.as_bytes().get(..word.len())?;
        return start.eq_ignore_ascii_case(word.as_bytes()).then_some(word.len());
    }
    let mut expected = word.chars();
    let mut length = 0;
    for c in text.chars() {
        if expected.as_str().is_empty() {
            break;
        }
        if !c.to_lowercase().all(|c| expected.next() == Some(c)) {
            return None;
        }
        length += c.len_utf8();
    }
    expected.as_str().is_empty().then_some(length)
}

/// Whether a range begins and ends at word boundaries and is not part of an address.
fn is_whole_word(text: &str, range: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(range.start.saturating_sub(CONTEXT));
    let to = text.ceil_char_boundary((range.end + CONTEXT).min(text.len()));
    let start =
        text[from..range.start].rfind(char::is_whitespace).map_or(from, |at| text.ceil_char_boundary(from + at + 1));
    let end = text[range.end..to].find(char::is_whitespace).map_or(to, |at| range.end + at);
    let token = &text[start..end];
    if token[..range.start - start].contains("://") {
        return false;
    }
    let is_boundary = |at: usize| {
        let at = at - start;
        // The apostrophe of a genitive is part of the word for Unicode.
        at == token.len()
            || token[at..].starts_with(['\'', '’'])
            || token.split_word_bound_indices().any(|(boundary, _)| boundary == at)
    };
    is_boundary(range.start) && is_boundary(range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(names: &[&str], text: &'a str) -> Vec<&'a str> {
        let words = MentionWords::new(names.iter().copied());
        let ranges = words.find(text);
        assert_eq!(words.is_in(text), !ranges.is_empty(), "{text}");
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn names_are_found_as_whole_words_in_any_case() {
        let names = ["Ana", "ana.lopez@example.com", "Ana López"];
        for (text, expected) in [
            ("ana, are you there?", vec!["ana"]),
            ("ask @ANA or @Ana!", vec!["@ANA", "@Ana"]),
            ("banana and Anabel, ana_x", vec![]),
            ("Ana's phone, ana’s too", vec!["Ana", "ana"]),
            ("ANA LÓPEZ called", vec!["ANA LÓPEZ"]),
            ("mail ana.lopez@example.com", vec!["ana.lopez@example.com"]),
            ("https://example.org/ana is a page", vec![]),
            ("(ana) **ana**\nana", vec!["ana", "ana", "ana"]),
            ("", vec![]),
        ] {
            assert_eq!(found(&names, text), expected, "{text}");
        }
    }

    #[test]
    fn names_without_spaces_around_them_are_found_in_chinese() {
        assert_eq!(found(&["小明"], "请小明看一下"), ["小明"]);
    }

    #[test]
    fn letters_that_change_length_in_lower_case_are_compared() {
        assert_eq!(found(&["İpek"], "sor İPEK"), ["İPEK"]);
        assert_eq!(found(&["Straße"], "die STRASSE"), [""; 0]);
    }

    #[test]
    fn single_letters_and_blank_names_never_match() {
        assert_eq!(found(&["a", " ", "", "@"], "a  @ b"), [""; 0]);
    }
}

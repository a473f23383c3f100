//! Search of texts by words.
//!
//! All words must occur, in any order, and the last one may be a prefix. A word of the query that consists of several
//! words of a text, such as `a_b`, must match them in sequence. Case and accents are ignored. In scripts without spaces
//! every character is a word. A query without letters and digits is matched literally.

use std::ops::Range;

use super::comparison::{decomposed, is_accent};
use super::script::is_unspaced_script;
use super::width::graphemes;

/// Maximum number of words in a query; further words are ignored.
const MAX_WORDS: usize = 16;

/// The marks around each word of a folded text. Without them `meet` would match inside `meeting`; two different ones
/// keep matches of neighbouring words apart.
const WORD_START: char = '\u{1}';
const WORD_END: char = '\u{2}';

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTerms {
    /// All of these must occur. Each is a folded word of the query: one or more words of a text in sequence, the last
    /// one without its end if it may be a prefix.
    Words(Vec<String>),
    /// A query of symbols only, matched literally.
    Symbols(String),
}

impl SearchTerms {
    /// Parses the text typed by the user; returns `None` if it is blank.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let words = typed.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_WORDS);
        let mut words: Vec<String> = words.map(|word| Folded::from(word).text).collect();
        match words.last_mut() {
            Some(last) => _ = last.pop(),
            None => return Some(Self::Symbols(typed.to_owned())),
        }
        Some(Self::Words(words))
    }

    /// Returns terms that every message matches.
    pub fn everything() -> Self {
        Self::Words(Vec::new())
    }

    /// Whether a message with this text and this file name matches.
    pub fn match_message(&self, text: &str, file_name: Option<&str>) -> bool {
        match self {
            Self::Symbols(symbols) => text.contains(symbols),
            Self::Words(words) => {
                let text = Folded::from(text).text;
                let name = file_name.map(|name| Folded::from(name).text).unwrap_or_default();
                words.iter().all(|word| text.contains(word) || name.contains(word))
            }
        }
    }

    /// Returns the byte ranges of all matches in a text, in order and widened to whole graphemes.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = match self {
            Self::Symbols(symbols) => text.match_indices(symbols).map(|(at, symbols)| at..at + symbols.len()).collect(),
            Self::Words(words) => {
                let folded = Folded::from(text);
                words.iter().flat_map(|word| folded.places(word)).collect()
            }
        };
        found.sort_unstable_by_key(|mark| (mark.start, mark.end));
        whole(text, &found)
    }
}

/// A text in the form in which it is compared: its words without case and accents, each between [`WORD_START`] and
/// [`WORD_END`].
#[derive(Default)]
struct Folded {
    text: String,
    /// Start of each word in `text`, and its byte range in the original text.
    words: Vec<(usize, Range<usize>)>,
    /// Whether the last word may continue.
    is_open: bool,
}

impl From<&str> for Folded {
    fn from(text: &str) -> Self {
        let mut folded = Self::default();
        folded.text.reserve(text.len() + text.len() / 2);
        for (at, c) in text.char_indices() {
            folded.push(c, at..at + c.len_utf8());
        }
        folded.end_word();
        folded
    }
}

impl Folded {
    fn push(&mut self, c: char, bytes: Range<usize>) {
        if c.is_ascii_alphanumeric() {
            self.extend_word(bytes);
            self.text.push(c.to_ascii_lowercase());
        } else if self.is_open && is_accent(c) {
            // A combining accent belongs to the letter before it and is not compared.
            self.extend_word(bytes);
        } else if c.is_ascii() || !c.is_alphanumeric() {
            self.end_word();
        } else {
            let is_alone = is_unspaced_script(c);
            if is_alone {
                self.end_word();
            }
            self.extend_word(bytes);
            self.text.extend(decomposed(c).filter(|c| !is_accent(*c)).flat_map(char::to_lowercase));
            if is_alone {
                self.end_word();
            }
        }
    }

    /// Adds a character with these bytes to the last word, or begins a word with it.
    fn extend_word(&mut self, bytes: Range<usize>) {
        match self.words.last_mut().filter(|_| self.is_open) {
            Some((_, word)) => word.end = bytes.end,
            None => {
                self.words.push((self.text.len(), bytes));
                self.text.push(WORD_START);
                self.is_open = true;
            }
        }
    }

    fn end_word(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.text.push(WORD_END);
        }
    }

    /// Returns the places of a folded word of a query in the original text.
    fn places(&self, word: &str) -> impl Iterator<Item = Range<usize>> {
        let word_at = |at: usize| self.words.partition_point(|(start, _)| *start <= at).checked_sub(1);
        self.text.match_indices(word).filter_map(move |(at, found)| {
            let (first, last) = (word_at(at)?, word_at(at + found.len() - 1)?);
            Some(self.words[first].1.start..self.words[last].1.end)
        })
    }
}

/// Widens the marks to whole graphemes and merges those that touch.
fn whole(text: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    if marks.is_empty() {
        return out;
    }
    let mut at = 0;
    let mut rest = marks;
    for (grapheme, _) in graphemes(text) {
        let here = at..at + grapheme.len();
        at = here.end;
        while let Some((_, others)) = rest.split_first().filter(|(first, _)| first.end <= here.start) {
            rest = others;
        }
        if !rest.iter().take_while(|mark| mark.start < here.end).any(|mark| mark.end > here.start) {
            continue;
        }
        match out.last_mut() {
            Some(last) if last.end == here.start => last.end = here.end,
            _ => out.push(here),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(typed: &str, text: &str) -> Vec<String> {
        let marks = SearchTerms::parse(typed).map(|words| words.marks(text)).unwrap_or_default();
        marks.into_iter().map(|mark| text[mark].to_owned()).collect()
    }

    #[test]
    fn only_the_last_word_matches_as_a_prefix() {
        assert_eq!(marked("meet m", "Meeting me to meet Max"), ["Meeting", "me", "meet", "Max"]);
        assert_eq!(marked("meet x", "Meeting me to meet Max"), ["meet"]);
        assert_eq!(marked("mee", "Meeting me"), ["Meeting"]);
        assert_eq!(marked("final_v2", "final v2 and final_v2.pdf"), ["final v2", "final_v2"]);
        assert_eq!(marked("", "anything"), [""; 0]);
    }

    #[test]
    fn accents_and_case_are_ignored_and_marked_whole() {
        assert_eq!(marked("koln", "Köln, Ko\u{308}ln"), ["Köln", "Ko\u{308}ln"]);
        assert_eq!(marked("CAFÉ x", "a cafe\u{301}"), ["cafe\u{301}"]);
        assert_eq!(marked("αθηνα", "ΑΘΗΝΑ, Αθήνα"), ["ΑΘΗΝΑ", "Αθήνα"]);
        assert_eq!(marked("шалом", "Шало\u{301}м"), ["Шало\u{301}м"]);
        assert_eq!(marked("שלום", "שָׁלוֹם"), ["שָׁלוֹם"]);
        assert_eq!(marked("مرحبا", "مَرْحَبًا"), ["مَرْحَبًا"]);
    }

    #[test]
    fn words_of_unspaced_scripts_match_inside_text() {
        assert_eq!(marked("東京", "今日は東京へ行きます"), ["東京"]);
        assert_eq!(marked("京東", "今日は東京へ行きます"), [""; 0]);
        assert_eq!(marked("🎉", "party 🎉🎉"), ["🎉🎉"]);
    }

    #[test]
    fn repeated_words_are_all_marked() {
        assert_eq!(marked("na na x", "na na, nana"), ["na", "na"]);
        assert_eq!(marked("a_b x", "a b a b"), ["a b", "a b"]);
    }

    #[test]
    fn operators_and_symbols_match_literally() {
        assert_eq!(marked("hello OR", "say \"hello\" OR wave"), ["hello", "OR"]);
        assert_eq!(marked("NEAR(a b)", "NEAR(a b)"), ["NEAR(a", "b"]);
        for typed in ["\"", "*", "-", "(", "a*b", "\"\"\"", "^ {", "col:x", "\0"] {
            marked(typed, "a*b - \"c\" col:x");
        }
    }
}

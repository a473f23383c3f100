//! Matches the words of a search against a text and locates them.
//!
//! This implements the rules of the store's index without a store: for messages that are in memory only, and to mark
//! the matches in results from the index. The rules are the same as in `store`: all words must occur, in any order; the
//! last one may be a prefix; a word of the query that consists of several words of the text, such as `a_b`, must match
//! them in sequence; case and accents are ignored; in scripts without spaces every character is a word; a query without
//! letters and digits is matched literally.

use crate::domain::Message;
use crate::text::{graphemes, is_unspaced_script};
use nucleo_matcher::chars::normalize;
use std::ops::Range;

/// Maximum number of words in a query, as in the store.
const MAX_WORDS: usize = 16;

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Words {
    /// All of these phrases must occur.
    All(Vec<Phrase>),
    /// A query of signs only, matched literally.
    Signs(String),
}

/// A word of the query: one or more words that must occur in sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Phrase {
    words: Vec<String>,
    /// Whether the last word may be a prefix.
    open: bool,
}

/// A word of a text: its byte range, and the form in which it is compared.
struct Word {
    bytes: Range<usize>,
    folded: String,
}

impl Words {
    /// Parses the text typed by the user; returns `None` if it is blank.
    pub(in crate::app) fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let words = typed.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_WORDS);
        let phrases = words.map(|word| words_of(word).into_iter().map(|word| word.folded).collect());
        let mut phrases: Vec<Phrase> = phrases.map(|words| Phrase { words, open: false }).collect();
        match phrases.last_mut() {
            Some(last) => last.open = true,
            None => return Some(Self::Signs(typed.to_owned())),
        }
        Some(Self::All(phrases))
    }

    /// Returns whether a message matches, by its text or by the name of its file.
    pub(in crate::app) fn are_in(&self, message: &Message) -> bool {
        let name = message.attachment.as_deref().map(|file| &*file.name);
        match self {
            Self::Signs(signs) => message.text.contains(signs),
            Self::All(phrases) => {
                let (text, name) = (words_of(&message.text), name.map(words_of).unwrap_or_default());
                phrases
                    .iter()
                    .all(|phrase| [&text, &name].into_iter().any(|words| phrase.places(words).next().is_some()))
            }
        }
    }

    /// Returns the byte ranges of all matches in a text, in order and widened to whole graphemes.
    pub(in crate::app) fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = match self {
            Self::Signs(signs) => text.match_indices(signs).map(|(at, signs)| at..at + signs.len()).collect(),
            Self::All(phrases) => {
                let words = words_of(text);
                let place = |range: Range<usize>| words[range.start].bytes.start..words[range.end - 1].bytes.end;
                phrases.iter().flat_map(|phrase| phrase.places(&words)).map(place).collect()
            }
        };
        found.sort_unstable_by_key(|mark| (mark.start, mark.end));
        whole(text, &found)
    }
}

impl Phrase {
    /// Returns the ranges of consecutive words that match this phrase.
    fn places<'a>(&'a self, words: &'a [Word]) -> impl Iterator<Item = Range<usize>> + 'a {
        let count = self.words.len();
        let fits = move |start: usize| {
            let here = &words[start..start + count];
            here.iter().zip(&self.words).enumerate().all(|(index, (word, wanted))| {
                let may_be_prefix = self.open && index + 1 == count;
                word.folded == *wanted || may_be_prefix && word.folded.starts_with(wanted.as_str())
            })
        };
        let last = if count == 0 { 0 } else { (words.len() + 1).saturating_sub(count) };
        (0..last).filter(move |start| fits(*start)).map(move |start| start..start + count)
    }
}

/// Splits a text into words.
fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if open && is_accent(c) {
            // A combining accent belongs to the letter before it and is not compared.
            words.iter_mut().last().into_iter().for_each(|word| word.bytes.end = end);
        } else if !c.is_alphanumeric() {
            open = false;
        } else {
            let alone = is_unspaced_script(c);
            if alone || !open {
                words.push(Word { bytes: at..end, folded: String::new() });
            }
            if let Some(word) = words.last_mut() {
                word.bytes.end = end;
                word.folded.extend(normalize(c).to_lowercase().filter(|c| !is_accent(*c)));
            }
            open = !alone;
        }
    }
    words
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
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
        let marks = Words::of(typed).map(|words| words.marks(text)).unwrap_or_default();
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
        assert_eq!(marked("αθηνα", "ΑΘΗΝΑ"), ["ΑΘΗΝΑ"]);
    }

    #[test]
    fn words_of_unspaced_scripts_match_inside_text() {
        assert_eq!(marked("東京", "今日は東京へ行きます"), ["東京"]);
        assert_eq!(marked("京東", "今日は東京へ行きます"), [""; 0]);
        assert_eq!(marked("🎉", "party 🎉🎉"), ["🎉🎉"]);
    }

    #[test]
    fn operators_and_signs_match_literally() {
        assert_eq!(marked("hello OR", "say \"hello\" OR wave"), ["hello", "OR"]);
        assert_eq!(marked("NEAR(a b)", "NEAR(a b)"), ["NEAR(a", "b"]);
        for typed in ["\"", "*", "-", "(", "a*b", "\"\"\"", "^ {", "col:x", "\0"] {
            marked(typed, "a*b - \"c\" col:x");
        }
    }
}

//! Search of texts by words.
//!
//! All words must occur, in any order, and the last one may be a prefix. A word of the query that consists of several
//! words of a text, such as `a_b` or `"a b"`, must match them in sequence. Case and accents are ignored. In scripts
//! without spaces every character is a word. A query without letters and digits is matched literally.
//!
//! A word after a minus must not occur: `-a` excludes exactly the messages that `a` would find at the same place of the
//! query.

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

/// A parsed query. The default one matches every message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchTerms {
    /// All of these must occur.
    required: Vec<Term>,
    /// None of these may occur.
    excluded: Vec<Term>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// A folded word of the query: one or more words of a text in sequence, the last one without its end if it may be a
    /// prefix.
    Word(String),
    /// Symbols, matched literally.
    Symbols(String),
}

/// Splits a query at blanks, but not within quotation marks: `"a b"` and `-"a b"` are one word each.
pub fn query_words(typed: &str) -> impl Iterator<Item = &str> {
    let mut rest = typed.trim_start();
    std::iter::from_fn(move || {
        let start = usize::from(rest.starts_with('-')) + 1;
        let is_quoted = rest[start - 1..].starts_with('"');
        let end =
            if is_quoted { rest[start..].find('"').map(|end| start + end + 1) } else { rest.find(char::is_whitespace) };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after.trim_start();
        (!word.is_empty()).then_some(word)
    })
}

/// Returns what follows the minus of an excluded word; `None` for other words. A minus before punctuation belongs to a
/// symbol such as `->`.
pub fn excluded_word(word: &str) -> Option<&str> {
    word.strip_prefix('-').filter(|word| word.contains(|c: char| c.is_alphanumeric() || !c.is_ascii()))
}

impl SearchTerms {
    /// Parses the text typed by the user; returns `None` if it is blank.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let words = query_words(typed).map(|word| (excluded_word(word).is_none(), excluded_word(word).unwrap_or(word)));
        let (mut words, symbols): (Vec<_>, Vec<_>) = words.partition(|(_, word)| word.contains(char::is_alphanumeric));
        words.truncate(MAX_WORDS);
        let mut terms = Self::default();
        for (place, (is_required, word)) in words.iter().enumerate() {
            let mut folded = Folded::from(*word).text;
            let is_closed = word.starts_with('"') && word.ends_with('"');
            if place + 1 == words.len() && !is_closed {
                folded.pop();
            }
            terms.list(*is_required).push(Term::Word(folded));
        }
        let (required, excluded): (Vec<_>, Vec<_>) = symbols.into_iter().partition(|(is_required, _)| *is_required);
        terms.excluded.extend(excluded.iter().map(|(_, word)| Term::Symbols(word.trim_matches('"').to_owned())));
        if terms.required.is_empty() && !required.is_empty() {
            let required: Vec<&str> = required.into_iter().map(|(_, word)| word).collect();
            let is_whole = terms.excluded.is_empty();
            terms.required.push(Term::Symbols(if is_whole { typed.to_owned() } else { required.join(" ") }));
        }
        Some(terms)
    }

    fn list(&mut self, is_required: bool) -> &mut Vec<Term> {
        if is_required { &mut self.required } else { &mut self.excluded }
    }

    /// Whether a message with this text and this file name matches.
    pub fn match_message(&self, text: &str, file_name: Option<&str>) -> bool {
        let has_words = self.required.iter().chain(&self.excluded).any(|term| matches!(term, Term::Word(_)));
        let folded = |text: Option<&str>| text.filter(|_| has_words).map(|text| Folded::from(text).text);
        let (folded_text, folded_name) =
            (folded(Some(text)).unwrap_or_default(), folded(file_name).unwrap_or_default());
        let occurs = |term: &Term| match term {
            Term::Word(word) => folded_text.contains(word) || folded_name.contains(word),
            Term::Symbols(symbols) => text.contains(symbols),
        };
        self.required.iter().all(occurs) && !self.excluded.iter().any(occurs)
    }

    /// Returns the byte ranges of all matches in a text, in order and widened to whole graphemes.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::from(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for term in &self.required {
            match term {
                Term::Word(word) => found.extend(folded.places(word)),
                Term::Symbols(symbols) => {
                    found.extend(text.match_indices(symbols).map(|(at, symbols)| at..at + symbols.len()));
                }
            }
        }
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

    fn matches(typed: &str, text: &str) -> bool {
        SearchTerms::parse(typed).expect("terms").match_message(text, None)
    }

    #[test]
    fn minus_excludes_a_word_or_several_in_quotation_marks() {
        for (typed, text, expected) in [
            ("tent -red", "the blue tent", true),
            ("tent -red", "the Red tent", false),
            ("tent -red", "the reddish tent", false),
            ("-red tent", "the reddish tent", true),
            ("tent -\"red\"", "the reddish tent", true),
            ("-red", "anything else", true),
            ("tent -\"big red\"", "red, and a big tent", true),
            ("tent -\"big red\"", "a big red tent", false),
            ("tent -\"big r", "a big red tent", false),
            ("tent -köln", "tent in Koln", false),
            ("-東京", "今日は東京へ行きます", false),
            ("🎉 -tent", "🎉 at noon", true),
            ("🎉 -tent", "at noon", false),
            ("noon -🎉", "🎉 at noon", false),
            // A minus elsewhere is none of ours.
            ("no-one", "no-one is here", true),
            ("- tent", "a tent", true),
            ("->", "a -> b", true),
            ("--", "a -- b", true),
        ] {
            assert_eq!(matches(typed, text), expected, "{typed} in {text}");
        }
        assert_eq!(marked("tent -red", "a red tent"), ["tent"]);
    }

    #[test]
    fn quoted_words_match_in_sequence() {
        assert_eq!(marked("\"big red\"", "big red tents, red and big"), ["big red"]);
        assert_eq!(marked("\"big r", "big red tents, red and big"), ["big red"]);
        assert_eq!(marked("\"red\"", "red or reddish"), ["red"]);
        assert_eq!(marked("red\"", "red or reddish"), ["red", "reddish"]);
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

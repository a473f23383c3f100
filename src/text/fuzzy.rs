//! Fuzzy matching: how well a text fits what the user has typed, and which of its letters match.
//!
//! The scores come from `nucleo-matcher`, which ranks only by letters. Lists rank by [`Fit`] first, because people
//! expect the text that begins as they typed above any other, whatever its score.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::comparison::composed;

/// How a text fits a query, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The letters of a word occur in order, with others in between.
    Scattered,
    /// Every word of the query occurs.
    Contiguous,
    /// Every word of the query begins a word of the text, or consists of the first letters of words.
    WordStart,
    /// The text begins with the query.
    Prefix,
    /// The text is the query.
    Exact,
}

/// A match. The greater one is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FuzzyMatch {
    /// How the text fits.
    pub fit: Fit,
    /// Tells apart matches of equal fit.
    score: u32,
}

/// A query, prepared for matching many texts. Case and accents do not matter, unless the query has accents.
pub struct FuzzyQuery {
    /// The query as one text, with single spaces.
    whole: Atom,
    words: Vec<Word>,
    matcher: Matcher,
    /// Memory for the text that is being matched, and for the places of letters.
    text: Vec<char>,
    places: Vec<u32>,
}

/// A word of the query.
struct Word {
    scattered: Atom,
    contiguous: Atom,
}

impl FuzzyQuery {
    /// Prepares a query, which consists of words in any order.
    pub fn new(query: &str) -> Self {
        let query = composed(query);
        let words: Vec<&str> = query.split_whitespace().collect();
        let atom = |text: &str, kind| Atom::new(text, CaseMatching::Ignore, Normalization::Smart, kind, false);
        Self {
            whole: atom(&words.join(" "), AtomKind::Prefix),
            words: words
                .iter()
                .map(|word| Word {
                    scattered: atom(word, AtomKind::Fuzzy),
                    contiguous: atom(word, AtomKind::Substring),
                })
                .collect(),
            matcher: Matcher::new(Config::DEFAULT),
            text: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Whether the query is blank, so that it matches everything.
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns how `text` matches; `None` if it does not.
    pub fn find(&mut self, text: &str) -> Option<FuzzyMatch> {
        self.places.clear();
        let composed = composed(text);
        let text = Utf32Str::new(&composed, &mut self.text);
        let mut found = FuzzyMatch { fit: Fit::WordStart, score: 0 };
        for word in &self.words {
            // Most texts do not even have the letters; these end here.
            let score = word.scattered.score(text, &mut self.matcher)?;
            found.score += u32::from(score);
            let start = self.places.len();
            let is_contiguous = word.contiguous.indices(text, &mut self.matcher, &mut self.places).is_some();
            let fit = if is_contiguous {
                let first = self.places.get(start).copied().unwrap_or_default();
                if starts_word(text, first) { Fit::WordStart } else { Fit::Contiguous }
            } else {
                word.scattered.indices(text, &mut self.matcher, &mut self.places);
                let are_initials = self.places[start..].iter().all(|place| starts_word(text, *place));
                if are_initials { Fit::WordStart } else { Fit::Scattered }
            };
            found.fit = found.fit.min(fit);
        }
        if found.fit == Fit::WordStart && !self.words.is_empty() {
            found.fit = fit_of_beginning(&self.whole, text, &mut self.matcher).unwrap_or(Fit::WordStart);
        }
        Some(found)
    }

    /// Returns the graphemes of `text` that match, by their index and in ascending order; none if it does not match.
    pub fn matched(&mut self, text: &str) -> Vec<u32> {
        if self.find(text).is_none() {
            return Vec::new();
        }
        let mut places = self.places.clone();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Returns the fit of a text that begins with the whole query. Symbols such as the `/` of a command may be left out.
fn fit_of_beginning(whole: &Atom, text: Utf32Str<'_>, matcher: &mut Matcher) -> Option<Fit> {
    let symbols = text.chars().take_while(|c| !c.is_alphanumeric()).count();
    [text, text.slice(symbols..)].into_iter().find_map(|text| {
        whole.score(text, matcher)?;
        Some(if text.len() == whole.needle_text().len() { Fit::Exact } else { Fit::Prefix })
    })
}

/// Whether a grapheme is the first of a word: of letters and digits, or after a symbol or blank.
fn starts_word(text: Utf32Str<'_>, place: u32) -> bool {
    place == 0 || !text.get(place - 1).is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fit(query: &str, text: &str) -> Option<Fit> {
        FuzzyQuery::new(query).find(text).map(|found| found.fit)
    }

    #[test]
    fn fit_is_the_strongest_that_applies() {
        for (query, text, expected) in [
            ("mara", "Mara", Some(Fit::Exact)),
            ("dm", "/dm", Some(Fit::Exact)),
            ("/dm", "/dm", Some(Fit::Exact)),
            ("mar", "Mara Stone", Some(Fit::Prefix)),
            ("mara s", "Mara Stone", Some(Fit::Prefix)),
            ("ston", "Mara Stone", Some(Fit::WordStart)),
            ("sto ma", "Mara Stone", Some(Fit::WordStart)),
            ("ms", "Mara Stone", Some(Fit::WordStart)),
            ("tone", "Mara Stone", Some(Fit::Contiguous)),
            ("mstn", "Mara Stone", Some(Fit::Scattered)),
            ("zoe", "Zoë", Some(Fit::Exact)),
            ("zoë", "Zoe", None),
            ("zoe\u{301}", "Zo\u{e9}", Some(Fit::Exact)),
            ("日本", "ようこそ 日本へ", Some(Fit::WordStart)),
            ("arm", "Mara", None),
        ] {
            assert_eq!(fit(query, text), expected, "{query} in {text}");
        }
    }

    #[test]
    fn blank_query_matches_everything() {
        let mut query = FuzzyQuery::new("  ");
        assert!(query.is_blank() && query.find("any").is_some() && query.find("").is_some());
        assert_eq!(query.matched("any"), [0_u32; 0]);
    }

    #[test]
    fn places_are_graphemes() {
        assert_eq!(FuzzyQuery::new("bc").matched("👨\u{200d}👩\u{200d}👧e\u{301} bc"), [3, 4]);
        assert_eq!(FuzzyQuery::new("an na").matched("Anna"), [0, 1, 2, 3]);
    }

    proptest! {
        /// A text that begins with the query is above every text that does not, whatever the scores.
        #[test]
        fn prefix_beats_everything_else(query in "[a-z]{1,6}", rest in "[a-z ]{0,12}", other in "[a-z -]{0,30}") {
            let text = format!("{query}{rest}");
            let mut matcher = FuzzyQuery::new(&query);
            let prefix = matcher.find(&text).expect("a match");
            prop_assert!(prefix.fit >= Fit::Prefix);
            let trimmed = other.trim_start_matches(|c: char| !c.is_alphanumeric());
            if let Some(found) = matcher.find(&other).filter(|_| !trimmed.starts_with(&query)) {
                prop_assert!(found < prefix, "{query}: {other} above {text}");
            }
        }

        /// The letters at the matched places are those of the query, and no text makes the matcher panic.
        #[test]
        fn matched_letters_spell_the_query(query in "[a-zäé]{1,5}", text in "\\PC{0,40}") {
            let places = FuzzyQuery::new(&query).matched(&text);
            let letters: Vec<&str> = crate::text::graphemes(&text).map(|(grapheme, _)| grapheme).collect();
            prop_assert!(places.iter().all(|place| (*place as usize) < letters.len()));
            prop_assert!(places.is_empty() || places.len() == query.chars().count());
        }

        /// Whatever contains the letters of a word in their order matches.
        #[test]
        fn scattered_letters_match(letters in prop::collection::vec(("[a-z]", "[a-z .]{0,3}"), 1..6)) {
            let query: String = letters.iter().map(|(letter, _)| letter.as_str()).collect();
            let text: String = letters.iter().map(|(letter, gap)| format!("{letter}{gap}")).collect();
            prop_assert!(fit(&query, &text).is_some());
        }
    }
}

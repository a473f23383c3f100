//! Names in texts and on a screen, replaced by invented words of the same length.
//!
//! Only whole names are replaced, in their spelling: a word of a name, such as *The*, may also be an ordinary word. A part
//! of a name is replaced where the rest of it may be missing: before an ellipsis, and if it has a capital, at the start
//! or the end of a row.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::buffer::Buffer;

use crate::text::{Pseudonyms, graphemes};

use super::cells::graphemes_of_row;

/// Minimum number of letters of what is replaced. Single letters occur in keys.
const MIN_LETTERS: usize = 2;

/// Number of blanks that separate texts in a row.
const GAP: usize = 2;

/// Replaces these names on a screen.
pub fn hide_names<'a>(buffer: &mut Buffer, names: impl IntoIterator<Item = &'a str>, pseudonyms: &Pseudonyms) {
    let names = Names::new(names);
    for y in buffer.area.top()..buffer.area.bottom() {
        let cells = graphemes_of_row(buffer, y);
        let row: Vec<&str> = cells.iter().map(|(_, grapheme)| grapheme.as_str()).collect();
        for (place, c) in names.replacements(&row, pseudonyms) {
            buffer[(cells[place].0, y)].set_char(c);
        }
    }
}

/// Returns a text in which these names are replaced.
pub fn hide_words<'a>(text: &str, names: impl IntoIterator<Item = &'a str>, pseudonyms: &Pseudonyms) -> String {
    let names = Names::new(names);
    let lines = text.split_inclusive('\n').map(|line| {
        let row: Vec<&str> = graphemes(line).map(|(grapheme, _)| grapheme).collect();
        let replacements: BTreeMap<usize, char> = names.replacements(&row, pseudonyms).into_iter().collect();
        let replaced = |(place, grapheme): (usize, &&str)| {
            replacements.get(&place).map_or_else(|| (*grapheme).to_owned(), char::to_string)
        };
        row.iter().enumerate().map(replaced).collect::<String>()
    });
    lines.collect()
}

/// The names, each as its words.
struct Names {
    names: Vec<Vec<String>>,
    /// Where a word occurs: in which name, and as which word of it.
    places: BTreeMap<String, Vec<(usize, usize)>>,
}

/// A word of a row.
struct Word {
    text: String,
    /// Its graphemes.
    place: Range<usize>,
    /// Whether it is the first one, or the last one, of a text in the row.
    is_first: bool,
    is_last: bool,
    /// Whether an ellipsis follows.
    is_cut: bool,
}

impl Names {
    fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let words = |name: &str| {
            let row: Vec<&str> = graphemes(name).map(|(grapheme, _)| grapheme).collect();
            words(&row).into_iter().map(|word| word.text).collect::<Vec<_>>()
        };
        let names: Vec<Vec<String>> = names.into_iter().map(words).filter(|name| is_long(name)).collect();
        let mut places = BTreeMap::<String, Vec<_>>::new();
        for (name, words) in names.iter().enumerate() {
            for (place, word) in words.iter().enumerate() {
                places.entry(word.clone()).or_default().push((name, place));
            }
        }
        Self { names, places }
    }

    /// Returns which graphemes of a row are replaced, and by what.
    fn replacements(&self, row: &[&str], pseudonyms: &Pseudonyms) -> Vec<(usize, char)> {
        let words = words(row);
        let hidden = (0..words.len()).flat_map(|at| at..at + self.hidden_at(&words[at..]));
        let mut hidden: Vec<usize> = hidden.collect();
        hidden.sort_unstable();
        hidden.dedup();
        let words = hidden.into_iter().map(|at| &words[at]);
        words
            .flat_map(|word| {
                // A combining mark goes with its letter.
                let letters: String = row[word.place.clone()].iter().filter_map(|grapheme| first(grapheme)).collect();
                word.place.clone().zip(pseudonyms.text(&letters).chars().collect::<Vec<_>>())
            })
            .collect()
    }

    /// Returns the number of words at the start of these that are a name, or a part of one that continues elsewhere.
    fn hidden_at(&self, words: &[Word]) -> usize {
        let Some(first) = words.first() else { return 0 };
        let begins = |places: &[(usize, usize)]| places.iter().any(|(_, place)| *place == 0 || first.is_first);
        if first.is_cut {
            let mut longer = self.places.range(first.text.clone()..);
            let is_part = longer.by_ref().take_while(|(word, _)| word.starts_with(&first.text));
            return usize::from(
                first.place.len() >= MIN_LETTERS && is_part.map(|(_, places)| places).any(|p| begins(p)),
            );
        }
        let places = self.places.get(&first.text).into_iter().flatten();
        let places = places.filter(|(_, place)| *place == 0 || first.is_first);
        places.map(|(name, place)| matching(&self.names[*name], *place, words)).max().unwrap_or_default()
    }
}

/// Returns the number of words that are a name from its word `start` on, or the visible part of that.
fn matching(name: &[String], start: usize, words: &[Word]) -> usize {
    let same = name[start..].iter().zip(words).take_while(|(name, word)| **name == word.text && !word.is_cut);
    // The first word of the next text is no continuation.
    let same = same.scan(false, |ended, (_, word)| (!std::mem::replace(ended, word.is_last)).then_some(word));
    let same: Vec<&Word> = same.collect();
    let is_cut = |rest: &[String]| {
        let next = words.get(same.len()).filter(|next| next.is_cut && !next.is_first);
        rest.first().zip(next).is_some_and(|(name, next)| name.starts_with(&next.text))
    };
    let rest = &name[start + same.len()..];
    if is_cut(rest) {
        same.len() + 1
    } else if same.len() == name.len()
        || (is_part_of_name(&same) && (rest.is_empty() || same.last().is_some_and(|word| word.is_last)))
    {
        same.len()
    } else {
        0
    }
}

/// Whether words tell something of a name: small letters alone are more likely ordinary words.
fn is_part_of_name(words: &[&Word]) -> bool {
    let letters = || words.iter().flat_map(|word| word.text.chars());
    letters().count() >= MIN_LETTERS && letters().any(|c| c.is_alphabetic() && !c.is_lowercase())
}

fn is_long(name: &[String]) -> bool {
    name.iter().flat_map(|word| word.chars()).take(MIN_LETTERS).count() == MIN_LETTERS
}

/// Splits a row into words of letters and digits.
fn words(row: &[&str]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut blanks, mut is_first) = (0, true);
    for (place, grapheme) in row.iter().enumerate() {
        let c = first(grapheme);
        let continues = place > 0 && words.last().is_some_and(|word| word.place.end == place);
        match words.last_mut() {
            Some(word) if c.is_some() && continues => {
                word.text.push_str(grapheme);
                word.place.end = place + 1;
            }
            _ if c.is_some() => {
                let place = place..place + 1;
                words.push(Word { text: (*grapheme).to_owned(), place, is_first, is_last: false, is_cut: false });
                (blanks, is_first) = (0, false);
            }
            word => {
                let is_border = grapheme.starts_with(|c: char| ('\u{2500}'..='\u{257f}').contains(&c));
                blanks = if grapheme.trim().is_empty() { blanks + 1 } else { 0 };
                let ends = is_border || blanks >= GAP;
                is_first |= ends;
                if let Some(word) = word {
                    word.is_last |= ends;
                    word.is_cut |= continues && *grapheme == "…";
                }
            }
        }
    }
    if let Some(word) = words.last_mut() {
        word.is_last = true;
    }
    words
}

/// Returns the letter or digit of a grapheme, if it is one.
fn first(grapheme: &str) -> Option<char> {
    grapheme.chars().next().filter(|c| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    fn hidden<const N: usize>(lines: [&str; N], names: &[&str]) -> [String; N] {
        let mut buffer = Buffer::with_lines(lines);
        hide_names(&mut buffer, names.iter().copied(), &Pseudonyms::new(5));
        rows(&buffer).try_into().expect("as many rows")
    }

    fn other(text: &str) -> String {
        Pseudonyms::new(5).text(text)
    }

    #[test]
    fn names_are_replaced_and_other_words_stay() {
        let lines = ["Alice Archer │ Enter send", "alice: hello 東京", "Alice Arc… │ Al", "Alic…"];
        let rows = hidden(lines, &["Alice Archer", "alice", "東京"]);
        assert_eq!(rows[0], format!("{} │ Enter send", other("Alice Archer")));
        assert_eq!(rows[1], format!("{}: hello {}", other("alice"), other("東京")));
        assert_eq!(rows[2], format!("{}… │ Al", other("Alice Arc")));
        assert_eq!(rows[3], format!("{}…", other("Alic")));
    }

    #[test]
    fn ordinary_words_that_occur_in_names_stay() {
        let lines = ["The band of the town: bands", "Ask The Band, The Who", "https and the api"];
        let rows = hidden(lines, &["The Band", "https://api.example.com", "the-api.example.com"]);
        assert_eq!(rows[0], lines[0]);
        assert_eq!(rows[1], format!("Ask {}, The Who", other("The Band")));
        assert_eq!(rows[2], lines[2]);
    }

    #[test]
    fn name_that_is_wrapped_is_replaced() {
        let rows = hidden(["Rooms │ Seen by Alice ", "Bob   │ Archer and Bob  "], &["Alice Archer"]);
        assert_eq!(rows[0], format!("Rooms │ Seen by {}", other("Alice")));
        assert_eq!(rows[1], format!("Bob   │ {} and Bob", other("Archer")));
    }

    #[test]
    fn letters_with_marks_are_replaced() {
        let names = ["Jose\u{301} A\u{30a}s", "हिन्दी", "user42"];
        let rows = hidden(["Jose\u{301} A\u{30a}s: user42", "हिन्दी"], &names);
        assert_eq!(rows[0], format!("{}: {}", other("Jose As"), other("user42")));
        assert!(!rows[1].contains('ह') && !rows[1].is_empty(), "{rows:?}");
        let text = hide_words("user = user42\nname = Jose\u{301} A\u{30a}s\n", names, &Pseudonyms::new(5));
        assert_eq!(text, format!("user = {}\nname = {}\n", other("user42"), other("Jose As")));
    }
}

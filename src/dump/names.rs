//! Names on a screen, replaced by invented words of the same length.

use std::collections::BTreeSet;

use ratatui::buffer::{Buffer, CellWidth};

use crate::text::Pseudonyms;

/// Minimum number of letters of a word that is replaced. Single letters occur in keys.
const MIN_LETTERS: usize = 2;

/// Replaces every word of these names. A word at the end of a shortened text is replaced if a name begins with it.
pub fn hide_names<'a>(buffer: &mut Buffer, names: impl IntoIterator<Item = &'a str>, pseudonyms: &Pseudonyms) {
    let words: BTreeSet<String> = names.into_iter().flat_map(words).collect();
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let mut word: Vec<(u16, char)> = Vec::new();
        let mut x = area.left();
        while x < area.right() {
            let cell = &buffer[(x, y)];
            let letter = only_char(cell.symbol()).filter(|c| c.is_alphabetic());
            let (is_cut, step) = (cell.symbol() == "…", cell.cell_width().max(1));
            match letter {
                Some(c) => word.push((x, c)),
                None => replace(buffer, y, &mut word, &words, is_cut, pseudonyms),
            }
            x = x.saturating_add(step);
        }
        replace(buffer, y, &mut word, &words, false, pseudonyms);
    }
}

/// Returns a text in which every word of these names is replaced.
pub fn hide_words<'a>(text: &str, names: impl IntoIterator<Item = &'a str>, pseudonyms: &Pseudonyms) -> String {
    let words: BTreeSet<String> = names.into_iter().flat_map(words).collect();
    let parts = text.split_inclusive(|c: char| !c.is_alphabetic());
    let hidden = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let end = part.get(word.len()..).unwrap_or_default();
        if words.contains(&word.to_lowercase()) { pseudonyms.text(word) + end } else { part.to_owned() }
    });
    hidden.collect()
}

/// Replaces a word in a row if it is one of the words.
fn replace(
    buffer: &mut Buffer,
    y: u16,
    word: &mut Vec<(u16, char)>,
    words: &BTreeSet<String>,
    is_cut: bool,
    pseudonyms: &Pseudonyms,
) {
    let text: String = word.iter().map(|(_, c)| *c).collect();
    let small = text.to_lowercase();
    let begins = |words: &BTreeSet<String>| words.range(small.clone()..).next().is_some_and(|w| w.starts_with(&small));
    if words.contains(&small) || (is_cut && !small.is_empty() && begins(words)) {
        for ((x, _), c) in word.iter().zip(pseudonyms.text(&text).chars()) {
            buffer[(*x, y)].set_char(c);
        }
    }
    word.clear();
}

fn words(name: &str) -> impl Iterator<Item = String> {
    let words = name.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= MIN_LETTERS);
    words.map(str::to_lowercase)
}

/// Returns the character of a cell, if it is only one.
fn only_char(symbol: &str) -> Option<char> {
    let mut chars = symbol.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    #[test]
    fn names_are_replaced_and_other_words_stay() {
        let mut buffer = Buffer::with_lines(["Alice Archer │ Enter send", "alice: hello 東京", "Alice Arc… │ Al"]);
        let pseudonyms = Pseudonyms::new(5);
        hide_names(&mut buffer, ["Alice Archer", "東京"], &pseudonyms);
        let rows = rows(&buffer);
        assert_eq!(rows[0], format!("{} │ Enter send", pseudonyms.text("Alice Archer")));
        assert_eq!(rows[1], format!("{}: hello {}", pseudonyms.text("alice"), pseudonyms.text("東京")));
        assert_eq!(rows[2], format!("{}… │ Al", pseudonyms.text("Alice Arc")));
    }
}

//! Names that look alike or like nothing, with which one person can pass for another.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::comparison::compatible;

/// The letters of other scripts that look like a Latin letter or a digit: a line holds that letter and some of those that
/// look like it. From `confusables.txt` of Unicode Technical Standard 39, without those that NFKD maps anyway.
const LOOK_ALIKES: &str = include_str!("look_alikes.txt");

/// Whether a name leaves a mark on the screen. Sanitized text has no invisible characters, but white space.
pub fn has_ink(name: &str) -> bool {
    // The blank pattern of Braille and the empty note head are symbols, but nothing is drawn for them.
    name.chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{2800}' | '\u{1d159}'))
}

/// Returns a number that is equal for names that look alike, and differs for nearly all others.
pub fn look_alike_key(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in compatible(name) {
        for c in latin(c).unwrap_or(c).to_lowercase() {
            match latin(c).unwrap_or(c) {
                'i' | 'l' | '1' | '|' => 'l'.hash(&mut hasher),
                '0' => 'o'.hash(&mut hasher),
                'm' => ['r', 'n'].iter().for_each(|c| c.hash(&mut hasher)),
                c if has_ink(c.encode_utf8(&mut [0; 4])) => c.hash(&mut hasher),
                _ => {}
            }
        }
    }
    hasher.finish()
}

/// Returns the Latin letter or digit that a letter of another script looks like.
fn latin(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let mut lines = LOOK_ALIKES.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(_, look_alikes)| look_alikes.contains(c)).and_then(|(latin, _)| latin.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_blank_symbols_have_no_ink() {
        for blank in
            ["", " ", "\u{a0}", "\u{3000}", "\u{2800}", "\u{1680}", "\t", "\u{2003}\u{2800} \u{2028}", "\u{205f}"]
        {
            assert!(!has_ink(blank), "{blank:?}");
        }
        for visible in ["a", " .", "⟨U+200B⟩", "\u{2801}", "日本", "🙂"] {
            assert!(has_ink(visible), "{visible:?}");
        }
    }

    #[test]
    fn names_that_look_alike_have_equal_keys() {
        for (one, other) in [
            ("Alice Archer", "alice  archer"),
            ("Alice Archer", "Аliсе Аrсhеr"),
            ("Alice", "A1ice"),
            ("Alice", "AIice"),
            ("Bill", "Bi||"),
            ("Martha", "rnartha"),
            ("Bob", "B0b"),
            ("Bob", "Ｂｏｂ"),
            ("Bob", "𝐁𝐨𝐛"),
            ("Οliver", "Oliver"),
            ("Zoë", "Zoe\u{308}"),
            ("Bob", "Bob\u{2800}"),
        ] {
            assert_eq!(look_alike_key(one), look_alike_key(other), "{one} {other}");
        }
        for (one, other) in [("Alice", "Alicia"), ("Zoë", "Zoe"), ("Bob", "Bop"), ("太郎", "次郎"), ("Анна", "Инна")]
        {
            assert_ne!(look_alike_key(one), look_alike_key(other), "{one} {other}");
        }
    }
}

//! Replacement of names and texts by invented words, so that a recording can be shown to others.
//!
//! The same word always becomes the same invented one, with the same length, the same capitals and in the same script.
//! What follows a prefix is decided by the prefix, so the first letters of a word become the first letters of its
//! replacement: completion and the search for rooms find in a replay what they found before. Digits stay, except in
//! long numbers such as those of telephones.
//!
//! This hides words from a reader. It is no encryption: who knows the texts can recognise them by their lengths.

use std::hash::{DefaultHasher, Hasher};

use super::width::width;

/// Scripts, each as the first and the last of its small letters. A letter becomes another one of its script.
const SCRIPTS: &[(char, char)] = &[
    ('a', 'z'),
    ('à', 'ö'),
    ('ø', 'þ'),
    ('α', 'ρ'),
    ('σ', 'ω'),
    ('а', 'я'),
    ('א', 'ת'),
    ('ب', 'غ'),
    ('ف', 'ي'),
    ('क', 'ह'),
    ('ก', 'ฮ'),
    ('あ', 'ん'),
    ('ア', 'ン'),
    ('가', '힣'),
    ('一', '鿿'),
];

/// Number of letters up to which a script is shuffled. Larger ones are rotated.
const MAX_SHUFFLED: u32 = 100;

/// Number of digits at the start of a number that stay: enough for a year.
const KEPT_DIGITS: usize = 4;

/// Beginnings of addresses, by which links are recognised.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// Elements of HTML that services send, and entities.
const MARKUP: [&str; 26] = [
    "a href",
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "i",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "u",
    "ul",
    "amp",
    "gt",
    "lt",
    "nbsp",
    "quot",
    "apos",
];

/// Replaces words by invented ones.
#[derive(Debug, Clone)]
pub struct Pseudonyms {
    key: u64,
}

impl Pseudonyms {
    /// Creates the replacement that follows from a key. Whoever has the key can undo it.
    pub fn new(key: u64) -> Self {
        Self { key }
    }

    /// Returns the text with invented words. Marks, links and HTML stay recognisable.
    pub fn text(&self, text: &str) -> String {
        let (mut out, mut word, mut rest) = (String::with_capacity(text.len()), Word::new(self.key), text);
        while let Some(c) = rest.chars().next() {
            let may_be_kept = word.letters.count == 0 || !c.is_alphabetic();
            let kept = if may_be_kept { kept_len(rest) } else { 0 };
            let (piece, after) = rest.split_at(kept.max(c.len_utf8()));
            if kept > 0 {
                word = Word::new(self.key);
                out.push_str(piece);
            } else {
                out.push(next(&mut word, c));
            }
            rest = after;
        }
        out
    }

    /// Returns what a character becomes that is typed after a text.
    pub fn typed(&self, before: &str, c: char) -> char {
        let mut word = Word::new(self.key);
        before.chars().for_each(|c| word.push(c));
        next(&mut word, c)
    }
}

fn next(word: &mut Word, c: char) -> char {
    let replaced = if c.is_alphabetic() {
        letter(&word.letters, c)
    } else if c.is_ascii_digit() && word.digits.count >= KEPT_DIGITS {
        char::from_digit(word.digits.random().u32(..10), 10).unwrap_or(c)
    } else {
        c
    };
    word.push(c);
    replaced
}

/// Returns what a letter becomes after these letters of its word.
fn letter(before: &Run, c: char) -> char {
    let small = lower(c);
    let Some((first, last)) = SCRIPTS.iter().find(|(first, last)| (*first..=*last).contains(&small)) else {
        return if width(c.encode_utf8(&mut [0; 4])) > 1 { '口' } else { 'x' };
    };
    let (first, count) = (u32::from(*first), u32::from(*last) - u32::from(*first) + 1);
    let place = u32::from(small) - first;
    let mut random = before.random();
    let place = if count <= MAX_SHUFFLED {
        let mut places: Vec<u32> = (0..count).collect();
        random.shuffle(&mut places);
        usize::try_from(place).ok().and_then(|place| places.get(place)).copied().unwrap_or(place)
    } else {
        (place + random.u32(1..count)) % count
    };
    let replaced = char::from_u32(first + place).filter(|c| c.is_alphabetic()).unwrap_or(small);
    if small == c { replaced } else { upper(replaced) }
}

/// The letters or digits right before a character. A word may be long, so only its hash is kept.
struct Word {
    key: u64,
    letters: Run,
    digits: Run,
}

impl Word {
    fn new(key: u64) -> Self {
        Self { key, letters: Run::new(key), digits: Run::new(key) }
    }

    fn push(&mut self, c: char) {
        if c.is_alphabetic() {
            self.letters.push(lower(c));
        } else {
            self.letters = Run::new(self.key);
        }
        if c.is_ascii_digit() {
            self.digits.push(c);
        } else {
            self.digits = Run::new(self.key);
        }
    }
}

/// The number and the hash of characters in a row.
struct Run {
    count: usize,
    hasher: DefaultHasher,
}

impl Run {
    fn new(key: u64) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(key);
        Self { count: 0, hasher }
    }

    fn push(&mut self, c: char) {
        self.count += 1;
        self.hasher.write(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Returns random numbers that depend on the characters.
    fn random(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.hasher.finish())
    }
}

/// Returns the length of what stays at the start of a text: the scheme of an address, or an element of HTML.
fn kept_len(text: &str) -> usize {
    if let Some(scheme) = SCHEMES.iter().find(|scheme| text.starts_with(*scheme)) {
        return scheme.len();
    }
    let Some(after) = text.strip_prefix("</").or_else(|| text.strip_prefix(['<', '&'])) else { return 0 };
    let ends = |rest: &str| rest.starts_with(['>', ' ', '/', ';', '=']);
    let name = MARKUP.iter().find(|name| after.strip_prefix(**name).is_some_and(ends));
    name.map_or(0, |name| text.len() - after.len() + name.len())
}

/// Returns the small form of a letter, if that is one letter.
fn lower(c: char) -> char {
    let mut letters = c.to_lowercase();
    letters.next().filter(|_| letters.next().is_none()).unwrap_or(c)
}

/// Returns the capital form of a letter, if that is one letter.
fn upper(c: char) -> char {
    let mut letters = c.to_uppercase();
    letters.next().filter(|_| letters.next().is_none()).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        Pseudonyms::new(7).text(text)
    }

    #[test]
    fn a_name_has_one_pseudonym_of_its_length() {
        let (name, mention) = (hidden("Alice Archer"), hidden("@alice: see you"));
        assert_eq!((name.len(), name.to_lowercase().split_at(5).0), (12, &mention[1..6]), "{name} {mention}");
        assert!(!name.contains("Alice") && name.starts_with(char::is_uppercase), "{name}");
        assert_ne!(Pseudonyms::new(8).text("Alice Archer"), name);
    }

    /// Every letter was compared with all letters before it.
    #[test]
    fn long_words_take_linear_time() {
        for letters in ["a", "1", "字"] {
            let word = letters.repeat(1 << 18);
            assert_eq!(hidden(&word).chars().count(), 1 << 18);
        }
    }

    #[test]
    fn beginnings_of_a_name_stay_beginnings() {
        let name = hidden("Alexandra");
        for end in 1..name.len() {
            assert_eq!(hidden(&"Alexandra"[..end]), name[..end]);
            let typed = Pseudonyms::new(7).typed(&"alexandra"[..end - 1], "alexandra".as_bytes()[end - 1].into());
            assert_eq!(Some(typed), name.to_lowercase().chars().nth(end - 1));
        }
    }

    #[test]
    fn different_words_stay_different() {
        let words = ["a", "b", "an", "at", "bob", "bod", "東京", "京東", "Ω", "ж", "שלום"];
        let mut replaced: Vec<String> = words.iter().map(|word| hidden(word)).collect();
        assert!(words.iter().zip(&replaced).all(|(word, other)| width(word) == width(other)), "{replaced:?}");
        replaced.sort();
        replaced.dedup();
        assert_eq!(replaced.len(), words.len());
    }

    #[test]
    fn links_markup_and_dates_stay_recognisable() {
        let text = hidden("<b>Hi</b> &amp; see https://bob.example/x on 2026-11-21 or call 0301234567");
        let (start, end) = text.split_once("https://").expect("a link");
        assert!(start.starts_with("<b>") && start.contains("</b> &amp; ") && !start.contains("Hi"), "{text}");
        assert!(end.contains("2026-11-21") && !end.contains("bob") && !end.contains("0301234567"), "{text}");
    }
}

//! Names that look alike, with which one person can pass for another.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use super::comparison::{compatible, composed};
use super::name::{is_inked, is_mark};

/// The letters of other scripts that look like a Latin letter or a digit: a line holds that letter and some of those
/// that look like it. From `confusables.txt` of Unicode Technical Standard 39, without those that NFKD maps anyway.
static LOOK_ALIKES: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = include_str!("look_alikes.txt").lines().filter_map(|line| line.split_once(' '));
    lines.flat_map(|(latin, others)| others.chars().zip(latin.chars().cycle())).collect()
});

/// Returns a number that is equal for names that look alike, and differs for nearly all others.
pub fn look_alike_key(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let folded = fold(name);
    // A mark changes the look of a letter only if both are of one script, such as Hebrew, or are one character in
    // Unicode's composed form, such as "ë".
    let mut script = Script::Unknown;
    for c in composed(&folded).chars() {
        if is_mark(c) {
            if script_of(c) == script {
                c.hash(&mut hasher);
            }
            continue;
        }
        script = script_of(c);
        if is_inked(c) {
            // Pairs of letters, too, look like one letter.
            match c {
                'i' | 'l' | '1' | '|' => 'l'.hash(&mut hasher),
                '0' => 'o'.hash(&mut hasher),
                'd' => ['c', 'l'].iter().for_each(|c| c.hash(&mut hasher)),
                'm' => ['r', 'n'].iter().for_each(|c| c.hash(&mut hasher)),
                'w' => ['v', 'v'].iter().for_each(|c| c.hash(&mut hasher)),
                c => c.hash(&mut hasher),
            }
        }
    }
    hasher.finish()
}

/// Returns a name in plain lower-case letters, Latin ones where others look like them.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        // Some letters look like a Latin one, and what NFKD maps them to does not.
        match latin(c) {
            Some(latin) => folded.push(latin),
            None => compatible(c).for_each(|c| {
                folded.extend(latin(c).unwrap_or(c).to_lowercase().map(|c| latin(c).unwrap_or(c)));
            }),
        }
    }
    folded
}

/// Returns the Latin letter or digit that a letter of another script looks like.
fn latin(c: char) -> Option<char> {
    if c.is_ascii() { None } else { LOOK_ALIKES.get(&c).copied() }
}

fn script_of(c: char) -> Script {
    const { CodePointMapData::<Script>::new() }.get(c)
}

/// The words that stand for a person where messages are shown: the user, and nobody for what a service tells.
const RESERVED: [&str; 2] = ["You", "Notice"];

/// Whether the [`look_alike_key`] of a name is that of a word which stands for the user, or for nobody.
pub fn is_reserved(key: u64) -> bool {
    static KEYS: LazyLock<[u64; 2]> = LazyLock::new(|| RESERVED.map(look_alike_key));
    KEYS.contains(&key)
}

/// Whether a word of a name begins with the sign that begins the mark of a look-alike, or one that looks like it.
pub fn imitates_mark(name: &str) -> bool {
    let looks_like_at = |c: char| matches!(c, '@' | 'ⓐ' | 'Ⓐ') || (!c.is_ascii() && compatible(c).any(|c| c == '@'));
    name.split(char::is_whitespace).any(|word| word.starts_with(looks_like_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_equal_keys() {
        for (one, other) in [
            ("Alice Archer", "alice  archer"),
            ("Alice Archer", "Аliсе Аrсhеr"),
            ("Alice", "A1ice"),
            ("Alice", "AIice"),
            ("Bill", "Bi||"),
            ("Martha", "rnartha"),
            ("david", "clavid"),
            ("david", "davicl"),
            ("Warner", "vvarner"),
            ("Bob", "B0b"),
            ("Bob", "Ｂｏｂ"),
            ("Bob", "𝐁𝐨𝐛"),
            ("Οliver", "Oliver"),
            ("Zoë", "Zoe\u{308}"),
            ("Ёлка", "Е\u{308}лка"),
            ("Bob", "Bob\u{2800}"),
            ("Alice", "Ali\u{3f2}e"),
            ("Alice", "Αlice"),
            ("Alice", "Alicҽ"),
            ("Alice", "\u{301}Alice"),
        ] {
            assert_eq!(look_alike_key(one), look_alike_key(other), "{one} {other}");
        }
        for (one, other) in [
            ("Alice", "Alicia"),
            ("Zoë", "Zoe"),
            ("Bob", "Bop"),
            ("太郎", "次郎"),
            ("Анна", "Инна"),
            ("राम", "रमा"),
            ("Юрій", "Юрии"),
        ] {
            assert_ne!(look_alike_key(one), look_alike_key(other), "{one} {other}");
        }
    }

    /// What cannot be seen, and marks that belong to another script, tell no names apart.
    #[test]
    fn appended_characters_without_ink_change_no_key() {
        let mut count = 0;
        for c in ('\u{80}'..=char::MAX).filter(|c| !is_inked(*c)) {
            // An accent changes the letter, and some marks look like a letter of their own.
            let is_accent = is_mark(c) && !composed(&format!("e{c}")).starts_with('e');
            let is_accent = is_accent || super::latin(c).is_some();
            if !is_accent {
                assert_eq!(look_alike_key(&format!("Alice{c}")), look_alike_key("Alice"), "{c:?}");
                count += 1;
            }
        }
        assert!(count > 900_000, "{count}");
    }

    #[test]
    fn table_has_only_letters_that_nfkd_does_not_map() {
        for (letter, latin) in &*LOOK_ALIKES {
            let mapped: Vec<char> = compatible(*letter).collect();
            let plain = mapped.iter().flat_map(|c| super::latin(*c).unwrap_or(*c).to_lowercase());
            let is_mapped = mapped != [*letter] && plain.map(|c| super::latin(c).unwrap_or(c)).eq([*latin]);
            assert!(!is_mapped, "{letter} U+{:04X}", u32::from(*letter));
        }
    }

    #[test]
    fn names_that_look_like_a_reserved_word_are_recognised() {
        for name in ["You", "you", "Yоu", "Notice", "NOTICE", "Ｙｏｕ"] {
            assert!(is_reserved(look_alike_key(name)), "{name}");
        }
        for name in ["Your name", "Yousef", "Notices", "Young"] {
            assert!(!is_reserved(look_alike_key(name)), "{name}");
        }
    }

    #[test]
    fn words_that_look_like_a_mark_are_recognised() {
        for name in ["Dave @dave", "@dave", "＠dave", "Dave ﹫dave", "Dave ⓐdave"] {
            assert!(imitates_mark(name), "{name}");
        }
        for name in ["Dave · dave", "dave@example.org", "Dave (dave@example.org)"] {
            assert!(!imitates_mark(name), "{name}");
        }
    }
}

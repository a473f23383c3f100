//! Typos in messages of the scripted people, who correct them afterwards with an edit.

use fastrand::Rng;

/// Returns `text` with two neighbouring letters of one longer word swapped, or `None` if no word is long enough or the
/// two letters are the same.
pub(super) fn swap_letters(text: &str, rng: &mut Rng) -> Option<String> {
    let words: Vec<(usize, &str)> = plain_words(text).filter(|(_, word)| word.len() > 4).collect();
    let (start, word) = words.get(rng.usize(..words.len().max(1)))?;
    let at = start + 1 + rng.usize(..word.len() - 2);
    let (first, second) = (&text[at..=at], &text[at + 1..at + 2]);
    (first != second).then(|| format!("{}{second}{first}{}", &text[..at], &text[at + 2..]))
}

/// Words of lower-case ASCII letters, with their byte offsets. Addresses and code are left out, because nobody would
/// recognise a typo in them.
fn plain_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let with_offsets = text.split(' ').scan(0, |next, word| {
        let start = *next;
        *next += word.len() + 1;
        Some((start, word))
    });
    with_offsets.filter(|(_, word)| word.chars().all(|letter| letter.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_of_a_plain_word_are_swapped() {
        let text = "the kettle is at https://example.org/abcdefgh 東京";
        let swapped = swap_letters(text, &mut Rng::with_seed(1)).unwrap();
        assert_ne!(swapped, text);
        assert!(swapped.contains("https://example.org/abcdefgh 東京"), "{swapped}");
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(sorted(&swapped), sorted(text));
    }

    #[test]
    fn text_without_a_longer_word_stays() {
        assert_eq!(swap_letters("ok 👍", &mut Rng::with_seed(1)), None);
        assert_eq!(swap_letters("", &mut Rng::with_seed(1)), None);
    }
}

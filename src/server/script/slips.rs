//! Slips of the fingers, so that people in the demo have something to edit.

use fastrand::Rng;

/// `text` with two letters of one longer word swapped; `None` when there is no such word.
pub(crate) fn slip(text: &str, rng: &mut Rng) -> Option<String> {
    let words: Vec<(usize, &str)> = words(text).filter(|(_, word)| word.len() > 4).collect();
    let (start, word) = words.get(rng.usize(..words.len().max(1)))?;
    let at = start + 1 + rng.usize(..word.len() - 2);
    let (first, second) = (&text[at..=at], &text[at + 1..at + 2]);
    (first != second).then(|| format!("{}{second}{first}{}", &text[..at], &text[at + 2..]))
}

/// The plain words with their places. Addresses and code are left alone: a slip in them would be a riddle.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let placed = text.split(' ').scan(0, |next, word| {
        let start = *next;
        *next += word.len() + 1;
        Some((start, word))
    });
    placed.filter(|(_, word)| word.chars().all(|letter| letter.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_swaps_two_letters_of_a_plain_word() {
        let text = "the kettle is at https://example.org/abcdefgh 東京";
        let slipped = slip(text, &mut Rng::with_seed(1)).unwrap();
        assert_ne!(slipped, text);
        assert!(slipped.contains("https://example.org/abcdefgh 東京"), "{slipped}");
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(sorted(&slipped), sorted(text));
    }

    #[test]
    fn a_text_without_a_longer_word_has_no_slip() {
        assert_eq!(slip("ok 👍", &mut Rng::with_seed(1)), None);
        assert_eq!(slip("", &mut Rng::with_seed(1)), None);
    }
}

//! Comparison of texts that people type.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Returns the text in Unicode Normalization Form C, in which a letter and its accent are one character where possible.
///
/// Keyboards and file systems differ in how they write "é"; text that looks equal is equal in this form (Unicode
/// Standard Annex 15).
pub fn composed(text: &str) -> Cow<'_, str> {
    const { ComposingNormalizerBorrowed::new_nfc() }.normalize(text)
}

/// Returns the form in which two names are equal if they differ only in case or in how accents are written.
pub fn comparable(name: &str) -> String {
    composed(&composed(name).to_lowercase()).into_owned()
}

/// Returns a letter in Unicode Normalization Form KD, in which letters of another width or style are plain ones.
pub(super) fn compatible(c: char) -> impl Iterator<Item = char> {
    const { DecomposingNormalizerBorrowed::new_nfkd() }.normalize_iter(std::iter::once(c))
}

/// Returns a letter followed by its accents, in Unicode Normalization Form D.
pub(super) fn decomposed(c: char) -> impl Iterator<Item = char> {
    const { DecomposingNormalizerBorrowed::new_nfd() }.normalize_iter(std::iter::once(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_compare_equal_however_they_are_written() {
        for (composed, decomposed) in [("Café", "Cafe\u{301}"), ("Ångström", "A\u{30a}ngstro\u{308}m"), ("각", "각")]
        {
            assert_eq!(comparable(composed), comparable(decomposed), "{composed}");
        }
        assert_eq!(comparable("CAFÉ"), comparable("cafe\u{301}"));
        assert_ne!(comparable("Cafe"), comparable("Café"));
    }
}

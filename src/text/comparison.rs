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

/// Returns the form in which two names are equal if they also differ in accents only, which many people leave out.
pub fn without_accents(name: &str) -> String {
    comparable(name).chars().flat_map(decomposed).filter(|c| !is_accent(*c)).collect()
}

/// Whether `c` is a mark above or below a letter that many people leave out: an accent, a Hebrew point, an Arabic
/// vowel.
pub(super) fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
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
        assert_eq!(without_accents("CAFE"), without_accents("Café"));
    }
}

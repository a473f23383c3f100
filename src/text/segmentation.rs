//! Division of text into graphemes.

use unicode_segmentation::UnicodeSegmentation;

/// The graphemes of a text.
///
/// Segmentation takes a hundred instructions for each character, so it is skipped for characters that never join each
/// other, which is most text.
pub(super) struct Graphemes<'a> {
    rest: &'a str,
    /// The segmentation of `rest` if it starts with a character that may join the next one.
    segmented: Option<unicode_segmentation::Graphemes<'a>>,
}

impl<'a> Graphemes<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, segmented: None }
    }
}

impl<'a> Iterator for Graphemes<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let grapheme = if stands_alone(first) && chars.next().is_none_or(stands_alone) {
            self.segmented = None;
            &self.rest[..first.len_utf8()]
        } else {
            self.segmented.get_or_insert_with(|| self.rest.graphemes(true)).next()?
        };
        self.rest = &self.rest[grapheme.len()..];
        Some(grapheme)
    }
}

/// Whether `c` always starts a new grapheme, whatever its neighbours, and is always kept by the sanitiser.
pub fn stands_alone(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{a0}'..='\u{a8}' | '\u{aa}'..='\u{ac}' | '\u{af}'..='\u{2ff}'
        | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}'
        | '\u{2010}'..='\u{2027}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Characters are taken from around the ranges of those that stand alone, and from those that join others.
        #[test]
        fn graphemes_are_those_of_the_segmentation(
            text in "([ -~]|[\\u{a0}-\\u{300}]|[\\u{36f}-\\u{530}]|[\\u{5b0}-\\u{660}]|[\\u{900}-\\u{950}]|[\\u{200b}-\\u{2030}]|\
                      [\\u{3040}-\\u{30ff}]|[一-丂]|[ᄀ-ᇿ]|[가-각]|[🇦-🇿]|[🏻-🏿]|👩|\u{200d}|\u{fe0f}|\r|\n|\t){0,12}"
        ) {
            let segmented: Vec<_> = text.graphemes(true).collect();
            prop_assert_eq!(Graphemes::new(&text).collect::<Vec<_>>(), segmented);
        }
    }
}

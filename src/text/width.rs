//! Width of text in terminal cells. Nothing else in the program counts columns.
//!
//! Width is the sum over graphemes, independent of their neighbours. Terminals count this way and ratatui draws this
//! way; `unicode-width` applied to a whole string subtracts a cell for each Arabic lam-alef ligature and the like,
//! which no terminal does. Where terminals differ, we follow those that support graphemes (kitty, WezTerm, Ghostty,
//! foot, Windows Terminal, iTerm2): two cells for a flag, for an emoji sequence with joiners and for an emoji with a
//! presentation selector, one cell for characters of "ambiguous" width. For other terminals, `runtime/screen.rs`
//! repositions the cursor after each grapheme whose width they may judge differently.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Width of a tab, which only occurs in text that is being written. It is the same in every column, so that the width
/// of text does not depend on its place.
const TAB: usize = 4;

/// Returns the width of `text` in terminal cells.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len() + (TAB - 1) * text.bytes().filter(|byte| *byte == b'\t').count()
    } else if text.chars().all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{2ff}') && c != '\u{ad}') {
        // Latin letters take one cell each; skip the slower grapheme segmentation.
        text.chars().count()
    } else {
        graphemes(text).map(|(_, cells)| cells).sum()
    }
}

/// Returns the graphemes of `text`, each with its width in cells.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    Graphemes { rest: text, segmented: None }.map(|grapheme| (grapheme, width_of_grapheme(grapheme)))
}

/// The graphemes of a text. Segmentation takes a hundred instructions for each character, so characters that never join
/// each other are told by their code points.
struct Graphemes<'a> {
    rest: &'a str,
    /// The segmentation of `rest` if it starts with a character that may join the next one.
    segmented: Option<unicode_segmentation::Graphemes<'a>>,
}

impl<'a> Iterator for Graphemes<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let grapheme = if stands_alone(first) && chars.clone().next().is_none_or(stands_alone) {
            self.segmented = None;
            &self.rest[..first.len_utf8()]
        } else {
            self.segmented.get_or_insert_with(|| self.rest.graphemes(true)).next()?
        };
        self.rest = &self.rest[grapheme.len()..];
        Some(grapheme)
    }
}

/// Whether a character is a grapheme if the next one also stands alone: letters, digits and punctuation of the most
/// common scripts (`Grapheme_Cluster_Break=Other` in UAX #29, without Indic scripts).
fn stands_alone(c: char) -> bool {
    matches!(
        c,
        ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
            | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}' | '\u{2010}'..='\u{2027}' | '\u{2500}'..='\u{259f}'
            | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}'
    )
}

/// Returns the width of a single grapheme in cells, without segmenting it again.
pub(super) fn width_of_grapheme(grapheme: &str) -> usize {
    match grapheme.as_bytes() {
        [b' '..=b'~'] => 1,
        b"\t" => TAB,
        _ => grapheme.width(),
    }
}

/// Returns the longest prefix of `text` that fits into `cells`, ending in `…` if anything was cut. Graphemes stay
/// whole.
pub fn clip(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for (grapheme, grapheme_cells) in graphemes(text) {
        if used + grapheme_cells + 1 > cells {
            break;
        }
        used += grapheme_cells;
        out.push_str(grapheme);
    }
    if cells > 0 {
        out.push('…');
    }
    out
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
                      [\\u{2500}-\\u{25ff}]|[\\u{3000}-\\u{30ff}]|[一-丂]|[가-각]|[🇦-🇿]|[🏻-🏿]|👩|\u{200d}|\u{fe0f}|\r|\n|\t){0,12}"
        ) {
            let segmented: Vec<_> = text.graphemes(true).collect();
            prop_assert_eq!(graphemes(&text).map(|(grapheme, _)| grapheme).collect::<Vec<_>>(), segmented);
        }
    }

    #[test]
    fn characters_that_stand_alone_do_not_join_each_other() {
        let text: String = (' '..='\u{a000}').filter(|c| stands_alone(*c)).collect();
        assert_eq!(text.graphemes(true).count(), text.chars().count());
    }

    #[test]
    fn wide_and_joined_graphemes_have_known_widths() {
        for (text, cells) in [
            ("abc", 3),
            ("Grüße", 5),
            ("日本", 4),
            ("👨‍👩‍👧", 2),
            ("🇩🇪", 2),
            ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
            ("❤️", 2),
            ("❤", 1),
            ("☕\u{fe0e}", 1),
            ("1️⃣", 2),
            ("👍🏽", 2),
            ("a\u{301}\u{301}", 1),
            ("·…✓", 3),
            // One cell per letter, although a font may draw a ligature.
            ("لا", 2),
            ("שָׁלוֹם", 4),
            ("क्षि", 3),
            ("ｶﾞ", 2),
            ("\u{ad}", 0),
            ("a\tb", 6),
            ("é\t日", 7),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn text_width_is_sum_of_grapheme_widths() {
        for text in ["سلام لا", "ꓹꓼ", "א\u{200d}ל", "𐰲‍𐰃", "ⵏ⵿ⴾ", "ᨕᨗ‍ᨐ", "ក្ក", "é日🇩🇪"]
        {
            assert_eq!(width(text), text.graphemes(true).map(width).sum::<usize>(), "{text}");
        }
    }

    #[test]
    fn clip_leaves_room_for_ellipsis() {
        assert_eq!(clip("hello", 5), "hello");
        assert_eq!(clip("hello", 4), "hel…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip("hello", 0), "");
    }
}

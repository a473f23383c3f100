//! Width of text in terminal cells. Nothing else in the program counts columns.
//!
//! Width is the sum over graphemes, independent of their neighbours. Terminals count this way and ratatui draws this
//! way; `unicode-width` applied to a whole string subtracts a cell for each Arabic lam-alef ligature and the like,
//! which no terminal does. Where terminals differ, we follow those that support graphemes (kitty, WezTerm, Ghostty,
//! foot, Windows Terminal, iTerm2): two cells for a flag, for an emoji sequence with joiners and for an emoji with a
//! presentation selector, one cell for characters of "ambiguous" width. For other terminals, `runtime/screen.rs`
//! repositions the cursor after each grapheme whose width they may judge differently.

use unicode_width::UnicodeWidthStr;

use super::segmentation::Graphemes;

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
    Graphemes::new(text).map(|grapheme| (grapheme, width_of_grapheme(grapheme)))
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
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

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

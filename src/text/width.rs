//! How many terminal cells a text takes. The only place that counts columns.
//!
//! Each grapheme has its cells, whatever stands beside it. That is how a terminal counts, and how ratatui draws; over a
//! whole string `unicode-width` takes a cell off for each Arabic lam-alef and the like, which no terminal does. Where
//! terminals differ, the width is that of those which know graphemes (kitty, WezTerm, Ghostty, foot, Windows Terminal,
//! iTerm2): two cells for a flag, for a family tied by joiners and for a picture with its colour selector, one for what
//! is "ambiguous". For the others `runtime/screen.rs` puts the cursor right behind each of them.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of `text` in terminal cells.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else if text.chars().all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{2ff}') && c != '\u{ad}') {
        // Latin letters, one cell each: need not be looked through for graphemes.
        text.chars().count()
    } else {
        graphemes(text).map(|(_, cells)| cells).sum()
    }
}

/// The graphemes of `text`, each with its cells.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true).map(|grapheme| (grapheme, width_of_grapheme(grapheme)))
}

/// The width of one grapheme, which need not be looked for again.
pub(super) fn width_of_grapheme(grapheme: &str) -> usize {
    if matches!(grapheme.as_bytes(), [b' '..=b'~']) { 1 } else { grapheme.width() }
}

/// The longest head of `text` that fits into `cells`, with `…` for what was cut. Never splits a grapheme.
pub fn clip(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for (grapheme, cells_of_it) in graphemes(text) {
        if used + cells_of_it + 1 > cells {
            break;
        }
        used += cells_of_it;
        out.push_str(grapheme);
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_joined_graphemes_are_measured_in_cells() {
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
            // A letter each, although a font may tie them.
            ("لا", 2),
            ("שָׁלוֹם", 4),
            ("क्षि", 3),
            ("ｶﾞ", 2),
            ("\u{ad}", 0),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn a_text_is_as_wide_as_its_graphemes() {
        for text in ["سلام لا", "ꓹꓼ", "א\u{200d}ל", "𐰲‍𐰃", "ⵏ⵿ⴾ", "ᨕᨗ‍ᨐ", "ក្ក", "é日🇩🇪"]
        {
            assert_eq!(width(text), text.graphemes(true).map(width).sum::<usize>(), "{text}");
        }
    }

    #[test]
    fn clipping_leaves_room_for_the_ellipsis() {
        assert_eq!(clip("hello", 5), "hello");
        assert_eq!(clip("hello", 4), "hel…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip("hello", 0), "");
    }
}

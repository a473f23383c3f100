//! How many terminal cells a text takes. The only place that counts columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of `text` in terminal cells, by the tables that ratatui draws with.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The longest head of `text` that fits into `cells`, with `…` for what was cut. Never splits a grapheme.
pub fn clip(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let cells_of_it = width(grapheme);
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
        assert_eq!(width("abc"), 3);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("👨‍👩‍👧"), 2);
    }

    #[test]
    fn clipping_leaves_room_for_the_ellipsis() {
        assert_eq!(clip("hello", 5), "hello");
        assert_eq!(clip("hello", 4), "hel…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip("hello", 0), "");
    }
}

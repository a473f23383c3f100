//! Right-to-left text: its detection, and its order on screen (Unicode Standard Annex #9).

use unicode_bidi::{BidiInfo, Direction, get_base_direction};

/// Whether `text` contains a character of a right-to-left script, so that a terminal with bidirectional support would
/// reorder it.
///
/// Decided by Unicode block: every assigned or reserved character of these blocks is right-to-left.
pub fn contains_rtl(text: &str) -> bool {
    // In UTF-8, the first right-to-left block (U+0590) begins with the byte 0xD6; smaller bytes never start one.
    text.bytes().any(|byte| byte >= 0xd6) && text.chars().any(is_rtl)
}

fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

/// Whether a text is read from right to left: whether its first letter is of such a script.
pub fn is_rtl_text(text: &str) -> bool {
    get_base_direction(text) == Direction::Rtl
}

/// Whether the line of a text that contains the byte `at` is read from right to left. Each line has a direction of its
/// own, and so have all rows into which it is wrapped.
pub fn is_rtl_line(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |line_break| line_break + 1);
    is_rtl_text(text[start..].lines().next().unwrap_or_default())
}

/// Returns the order on screen, from left to right, of the graphemes of one row, as indices. `is_rtl` is the direction of
/// the text to which the row belongs. A grapheme that is shown from right to left has to be [`mirrored`].
pub fn visual_order(graphemes: &[&str], is_rtl: bool) -> Vec<(usize, bool)> {
    let text = graphemes.concat();
    let level = if is_rtl { unicode_bidi::Level::rtl() } else { unicode_bidi::Level::ltr() };
    let info = BidiInfo::new(&text, Some(level));
    let starts = graphemes.iter().scan(0, |at, grapheme| {
        *at += grapheme.len();
        Some(*at - grapheme.len())
    });
    // A row is a single paragraph, since it has no line breaks.
    let levels: Vec<_> = match info.paragraphs.first() {
        Some(paragraph) => {
            let levels = info.reordered_levels(paragraph, paragraph.range.clone());
            starts.map(|start| levels.get(start).copied().unwrap_or(level)).collect()
        }
        None => Vec::new(),
    };
    let order = BidiInfo::reorder_visual(&levels);
    order.into_iter().map(|index| (index, levels.get(index).is_some_and(unicode_bidi::Level::is_rtl))).collect()
}

/// Returns the bracket that stands for another one from right to left; the text itself if it is none.
pub fn mirrored(grapheme: &str) -> &str {
    match grapheme {
        "(" => ")",
        ")" => "(",
        "[" => "]",
        "]" => "[",
        "{" => "}",
        "}" => "{",
        "<" => ">",
        ">" => "<",
        "«" => "»",
        "»" => "«",
        "‹" => "›",
        "›" => "‹",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::graphemes;

    /// Writes a row as it is on screen.
    fn on_screen(text: &str, is_rtl: bool) -> String {
        let graphemes: Vec<_> = graphemes(text).map(|(grapheme, _)| grapheme).collect();
        let order = visual_order(&graphemes, is_rtl).into_iter();
        order.map(|(index, is_rtl)| if is_rtl { mirrored(graphemes[index]) } else { graphemes[index] }).collect()
    }

    #[test]
    fn words_are_reordered_and_numbers_are_not() {
        for (text, is_rtl, expected) in [
            ("hello", false, "hello"),
            ("שלום", true, "םולש"),
            ("שלום 12:30!", true, "!12:30 םולש"),
            ("ab שלום cd", false, "ab םולש cd"),
            ("שלום ab עולם", true, "םלוע ab םולש"),
            ("שלום (עולם)", true, "(םלוע) םולש"),
            ("", true, ""),
        ] {
            assert_eq!(on_screen(text, is_rtl), expected, "{text}");
        }
    }

    #[test]
    fn marks_stay_on_their_letters() {
        assert_eq!(on_screen("שָׁב", true), "בשָׁ");
    }

    #[test]
    fn direction_is_that_of_the_first_letter() {
        assert!(is_rtl_text("שלום hello") && is_rtl_text("12: שלום"));
        assert!(!is_rtl_text("hello שלום") && !is_rtl_text("") && !is_rtl_text("12"));
    }

    #[test]
    fn each_line_has_a_direction_of_its_own() {
        let text = "hello\n12 שלום abc\n\nabc";
        let directions = [0, 5, 6, text.find("abc").unwrap_or_default(), text.len() - 4, text.len()];
        assert_eq!(directions.map(|at| is_rtl_line(text, at)), [false, false, true, true, false, false]);
    }

    #[test]
    fn rtl_scripts_are_recognised() {
        for text in ["שלום", "a, سلام", "ﷺ", "٣", "ߒߞߏ", "𞤀"] {
            assert!(contains_rtl(text), "{text}");
        }
        for text in ["", "hello", "Grüße", "日本", "नमस्ते", "👨‍👩‍👧 ☕️", "Привет", "ภาษา"]
        {
            assert!(!contains_rtl(text), "{text}");
        }
    }
}

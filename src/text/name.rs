//! Names as they are shown: never invisible, and without blanks in which something could be hidden.

use std::borrow::Cow;

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

use super::width::graphemes;

/// Letters and symbols for which nothing is drawn: fillers of scripts, blank patterns, the stand-in for an object.
const BLANKS: [char; 10] = [
    '\u{115f}',
    '\u{1160}',
    '\u{2800}',
    '\u{303f}',
    '\u{3164}',
    '\u{fffc}',
    '\u{ffa0}',
    '\u{13441}',
    '\u{13442}',
    '\u{1d159}',
];

/// Whether a character by itself leaves a mark on the screen: letters, digits, punctuation and symbols do. Marks and
/// formatting characters do only together with others, and nobody knows what a private or unassigned character looks
/// like.
pub(super) fn is_inked(c: char) -> bool {
    use GeneralCategoryGroup as Group;
    let inked = [Group::Letter, Group::Number, Group::Punctuation, Group::Symbol];
    inked.iter().any(|group| group.contains(category(c))) && !BLANKS.contains(&c)
}

/// Whether a character combines with the one before it, such as an accent.
pub(super) fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(c))
}

fn category(c: char) -> GeneralCategory {
    const { CodePointMapData::<GeneralCategory>::new() }.get(c)
}

fn is_visible((grapheme, cells): (&str, usize)) -> bool {
    cells > 0 && grapheme.chars().any(is_inked)
}

/// Whether a name leaves a mark on the screen.
pub fn has_ink(name: &str) -> bool {
    graphemes(name).any(is_visible)
}

/// Returns a name without blanks at its ends, and with one space for each run of blanks inside.
pub fn tidy_name(name: &str) -> Cow<'_, str> {
    let is_tidy = |name: &str| name.trim_ascii().len() == name.len() && !name.contains("  ");
    if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) && is_tidy(name) {
        return Cow::Borrowed(name);
    }
    let (mut tidy, mut has_gap) = (String::with_capacity(name.len()), false);
    for (grapheme, cells) in graphemes(name) {
        if is_visible((grapheme, cells)) {
            if has_gap && !tidy.is_empty() {
                tidy.push(' ');
            }
            has_gap = false;
            tidy.push_str(grapheme);
        } else {
            has_gap |= cells > 0;
        }
    }
    Cow::Owned(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn marks_controls_and_private_characters_have_no_ink() {
        let (mut blank, mut visible) = (0, 0);
        for c in ('\0'..=char::MAX).filter(|c| !BLANKS.contains(c)) {
            use GeneralCategoryGroup as Group;
            let is_without_ink = [Group::Mark, Group::Separator, Group::Other].iter().any(|g| g.contains(category(c)));
            let name = c.to_string();
            if !is_without_ink && width(&name) > 0 {
                assert!(has_ink(&name), "{c:?}");
                visible += 1;
            } else {
                // A letter without a width of its own is drawn in the cell of another character.
                let on_blanks = is_without_ink && has_ink(&format!(" {c}\u{2800}{c}"));
                assert!(!has_ink(&name) && !on_blanks, "{c:?}");
                blank += 1;
            }
        }
        assert!(visible > 150_000 && blank > 900_000, "{visible} {blank}");
    }

    #[test]
    fn names_without_ink_are_recognised() {
        for blank in [
            "",
            " ",
            "\u{a0}",
            "\u{3000}",
            "\u{2800}",
            "\u{1680}",
            "\t",
            "\u{2003}\u{2800} \u{2028}",
            "\u{205f}",
            "\u{301}",
            "\u{1b80}",
            "\u{20e0}",
            "\u{1107f}",
            "\u{17d2}",
            "\u{e3a}",
            "\u{5b7}",
            "\u{16fe4}",
            "\u{13441}",
            "\u{13442}",
            "\u{e000}",
            "\u{378}",
            "\u{2800}\u{301}",
            " \u{301}",
            "\u{1160}",
            "\u{11a8}",
        ] {
            assert!(!has_ink(blank), "{blank:?}");
            assert_eq!(tidy_name(blank), "", "{blank:?}");
        }
        for visible in ["a", " .", "⟨U+200B⟩", "\u{2801}", "日本", "🙂", "नमस्ते", "ไทย", "שָׁלוֹם", "👩‍🚀", "🇩🇪", "1️⃣", "각"]
        {
            assert!(has_ink(visible), "{visible:?}");
            assert_eq!(tidy_name(visible), visible.trim(), "{visible:?}");
        }
    }

    #[test]
    fn blanks_of_a_name_are_collapsed() {
        let blanks = "\u{2800}".repeat(150);
        for name in [
            format!("{blanks}Fay"),
            format!("Fay{blanks}"),
            format!("Fay{}", " ".repeat(150)),
            format!("\u{a0}Fay{}", "\u{a0}".repeat(150)),
            "Fay\u{e000}".to_owned(),
            "\u{301}Fay\u{13442}\u{3000}".to_owned(),
        ] {
            assert_eq!(tidy_name(&name), "Fay");
        }
        assert_eq!(tidy_name(&format!("Fay {blanks} Day")), "Fay Day");
        assert_eq!(tidy_name("Zoe\u{308} O'Neil-Smith (work)"), "Zoe\u{308} O'Neil-Smith (work)");
        assert_eq!(tidy_name("علی\u{200c}رضا"), "علی\u{200c}رضا");
    }
}

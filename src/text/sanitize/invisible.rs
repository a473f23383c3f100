//! Invisible characters, and the contexts in which each of them is legitimate.

use unicode_width::UnicodeWidthChar;

/// Last character of a badge. A mark that follows it has no letter to combine with.
pub(super) const BADGE_END: char = '⟩';

/// Whether a badge may stand for `c`: it is in [`is_always_badged`] or [`is_contextual`].
pub(super) fn can_be_badged(c: char) -> bool {
    is_always_badged(c) || is_contextual(c)
}

/// Whether `c` is an invisible character that no text needs: direction controls, zero-width spaces, fillers that make a
/// name look empty, notation controls, language tags.
pub(super) fn is_always_badged(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Whether `c` is an invisible character that some scripts and emoji need, but that is suspicious elsewhere: joiners,
/// variation selectors, the tags of a region's flag.
pub(super) fn is_contextual(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether the contextual character `c` is legitimate after `before`. `base_follows` says that another letter or emoji
/// of the same grapheme follows.
///
/// Joiners shape letters of Arabic, Indic and other scripts (never ASCII letters), and connect two emoji. A variation
/// selector picks a form of the one character before it; a second selector, or one after a Latin letter, only hides
/// data.
pub(super) fn is_legitimate(c: char, before: Option<char>, base_follows: bool) -> bool {
    let Some(before) = before.filter(|before| *before != BADGE_END && !matches!(before, '\u{200c}' | '\u{200d}'))
    else {
        return false;
    };
    let non_ascii = !before.is_ascii();
    let shapes = non_ascii && (before.is_alphabetic() || is_mark(before)) && !is_selector(before);
    match c {
        '\u{34f}' | '\u{200c}' => shapes && before != '\u{34f}',
        '\u{200d}' => shapes || (non_ascii && base_follows),
        // The keycaps 0️⃣ to 9️⃣, #️⃣ and *️⃣ begin with ASCII.
        '\u{fe00}'..='\u{fe0f}' => {
            (non_ascii || before.is_ascii_digit() || matches!(before, '#' | '*')) && !is_mark(before)
        }
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        '\u{e0100}'..='\u{e01ef}' => {
            matches!(before, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        }
        _ => false,
    }
}

/// Whether a grapheme is the flag of a region: 🏴, the letters of the region's code as tags, the closing tag.
pub(super) fn is_region_flag(grapheme: &str) -> bool {
    let tags = grapheme.strip_prefix('\u{1f3f4}').and_then(|tags| tags.strip_suffix('\u{e007f}'));
    let Some(tags) = tags else { return false };
    let is_tag = |c| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    // A country code and a subdivision code; the longest code in use has five letters.
    (3..=6).contains(&tags.chars().take(7).count()) && tags.chars().all(is_tag)
}

/// Whether `c` combines with the character before it and takes no cell of its own.
pub(super) fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// Whether `c` is a Unicode noncharacter: a code point that will never be assigned.
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

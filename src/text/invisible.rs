//! Characters that one does not see, and where each of them is of use.

use unicode_width::UnicodeWidthChar;

/// What a badge ends with; nothing behind it has a letter to stand on.
pub(super) const BADGE_END: char = '⟩';

/// Whether a badge may stand for it: all that [`must_show`] and [`depends`] know.
pub(super) fn is_badged(c: char) -> bool {
    must_show(c) || depends(c)
}

/// Characters without width or ink that no text needs: direction controls, zero-width spaces, fillers that make a name
/// look empty, notation controls, tags.
pub(super) fn must_show(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Characters that are needed in their place and are abuse elsewhere: joiners, variation selectors, tags of a flag.
pub(super) fn depends(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether one of [`depends`] is in its place behind `before`, in a grapheme; it `ties` when another letter or picture
/// of the same grapheme follows.
///
/// Joiners shape the letters of Arabic, Indic and other scripts, none of which is ASCII; and they tie emoji, between
/// two of them. One selector picks a form of the one character before it: two, or one behind a Latin letter, only hide
/// data.
pub(super) fn is_in_place(c: char, before: Option<char>, ties: bool) -> bool {
    let Some(before) = before.filter(|before| *before != BADGE_END && !matches!(before, '\u{200c}' | '\u{200d}'))
    else {
        return false;
    };
    let foreign = !before.is_ascii();
    let shaped = foreign && (before.is_alphabetic() || is_mark(before)) && !is_selector(before);
    match c {
        '\u{34f}' | '\u{200c}' => shaped && before != '\u{34f}',
        '\u{200d}' => shaped || (foreign && ties),
        // The keycaps 0️⃣ to 9️⃣, #️⃣ and *️⃣ begin with ASCII.
        '\u{fe00}'..='\u{fe0f}' => {
            (foreign || before.is_ascii_digit() || matches!(before, '#' | '*')) && !is_mark(before)
        }
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        '\u{e0100}'..='\u{e01ef}' => {
            matches!(before, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        }
        _ => false,
    }
}

/// Whether a grapheme is the flag of a region: 🏴, the region's letters as tags, the tag that ends them.
pub(super) fn is_region_flag(grapheme: &str) -> bool {
    let tags = grapheme.strip_prefix('\u{1f3f4}').and_then(|tags| tags.strip_suffix('\u{e007f}'));
    let Some(tags) = tags else { return false };
    let tag = |c| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    // A country and a part of it; the longest code has five letters.
    (3..=6).contains(&tags.chars().count()) && tags.chars().all(tag)
}

/// Whether it stands on the character before it, without a cell of its own.
pub(super) fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// Code points that are no characters and never will be.
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

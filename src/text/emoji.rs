//! Emoji by their shortcodes, such as `:smile:` (those of GitHub, which Slack and Discord share for the most part).
//!
//! `emoji.txt` has a line for each emoji: itself, its shortcodes, what it shows, and its five skin tones if it has them.
//! It is plain text because the tables of the `emojis` crate contain pointers, which the dynamic linker would write into
//! memory at every start, whether or not an emoji is used. A test compares the file with the crate.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::width::graphemes;

const LINES: &str = include_str!("emoji.txt");

/// Separates the shortcode of an emoji from the number of its skin tone, as in Discord: `wave_tone3`.
const TONE: &str = "_tone";

/// The lines of `emoji.txt` by shortcode. Read when an emoji is needed for the first time.
static BY_CODE: LazyLock<HashMap<&str, Line>> =
    LazyLock::new(|| lines().flat_map(|line| line.codes.split(' ').map(move |code| (code, line))).collect());

/// A line of `emoji.txt`.
#[derive(Debug, Clone, Copy)]
struct Line {
    emoji: &'static str,
    codes: &'static str,
    name: &'static str,
    /// The emoji in each skin tone, from the lightest to the darkest; empty if it has no skin.
    tones: &'static str,
}

/// An emoji and one of its shortcodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmojiCode {
    /// The shortcode, without colons.
    pub code: Cow<'static, str>,
    /// The emoji.
    pub emoji: &'static str,
    /// What it shows, in English, with the skin tone if it has one.
    pub name: Cow<'static, str>,
}

/// The names of the skin tones, from the lightest to the darkest, as Unicode has them.
const TONE_NAMES: [&str; 5] = ["light", "medium-light", "medium", "medium-dark", "dark"];

impl Line {
    fn tones(self) -> impl Iterator<Item = &'static str> {
        self.tones.split(' ').filter(|tone| !tone.is_empty())
    }
}

fn lines() -> impl Iterator<Item = Line> {
    LINES.lines().map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        Line { emoji: next(), codes: next(), name: next(), tones: next() }
    })
}

/// Returns every shortcode, in the order of the Unicode list, without skin tones.
pub fn emoji_codes() -> impl Iterator<Item = EmojiCode> {
    lines().flat_map(|line| {
        line.codes.split(' ').map(move |code| EmojiCode {
            code: code.into(),
            emoji: line.emoji,
            name: line.name.into(),
        })
    })
}

/// Returns the skin tones of an emoji by its shortcode; none if it has no skin.
pub fn skin_tones(code: &str) -> Vec<EmojiCode> {
    let Some(line) = BY_CODE.get(code) else { return Vec::new() };
    // Many terminals show all tones alike, so they are named.
    let toned = (1..).zip(line.tones()).zip(TONE_NAMES).map(|((number, emoji), tone)| EmojiCode {
        code: format!("{code}{TONE}{number}").into(),
        emoji,
        name: format!("{tone} skin tone, {}", line.name).into(),
    });
    toned.collect()
}

/// Returns the emoji of a shortcode, which may end with the number of a skin tone.
pub fn emoji_of(code: &str) -> Option<&'static str> {
    if let Some(line) = BY_CODE.get(code) {
        return Some(line.emoji);
    }
    let (base, number) = code.rsplit_once(TONE)?;
    BY_CODE.get(base)?.tones().nth(number.parse::<usize>().ok()?.checked_sub(1)?)
}

/// Returns the emoji in a text that have a shortcode, in their order, each once and at most `limit` of them.
pub fn emoji_in(text: &str, limit: usize) -> Vec<&'static str> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    // An emoji is never a letter or a digit, at least not alone: the digits among them are keycaps.
    let is_candidate = |grapheme: &&str| !grapheme.is_ascii() && !grapheme.chars().all(char::is_alphanumeric);
    for grapheme in graphemes(text).map(|(grapheme, _)| grapheme).filter(is_candidate) {
        if found.len() == limit {
            break;
        }
        if let Some(emoji) = known_emoji(grapheme).filter(|emoji| !found.contains(emoji)) {
            found.push(emoji);
        }
    }
    found
}

/// Returns an emoji as `emoji.txt` has it. What is typed may lack the selector for the colored form.
fn known_emoji(grapheme: &str) -> Option<&'static str> {
    const COLORED: char = '\u{fe0f}';
    static BY_TEXT: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let all = lines().flat_map(|line| std::iter::once(line.emoji).chain(line.tones()));
        all.map(|emoji| (emoji.trim_end_matches(COLORED), emoji)).collect()
    });
    BY_TEXT.get(grapheme.trim_end_matches(COLORED)).copied()
}

/// Replaces every `:shortcode:` by its emoji, except in Markdown code and in web addresses.
///
/// A colon next to a letter or digit is none of a shortcode, so times and the like stay as they are.
pub fn replace_emoji_codes(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut paragraph = String::new();
    for line in text.split_inclusive('\n') {
        let marker = fence_of(line);
        let is_code = fence.is_some() || marker.is_some() || line.starts_with("    ") || line.starts_with('\t');
        if let Some(open) = fence {
            let closes = |marker: &str| marker.starts_with(open) && line.trim() == marker;
            fence = fence.filter(|_| !marker.is_some_and(closes));
        } else {
            fence = marker;
        }
        if is_code || line.trim().is_empty() {
            replace_in_paragraph(&std::mem::take(&mut paragraph), &mut out);
            out.push_str(line);
        } else {
            paragraph.push_str(line);
        }
    }
    replace_in_paragraph(&paragraph, &mut out);
    Cow::Owned(out)
}

/// Returns the characters with which a line begins or ends a block of code.
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let marker = &line[..line.len() - rest.len()];
    // A line such as "```x```" is code within a line.
    (marker.len() >= 3 && !(mark == '`' && rest.contains('`'))).then_some(marker)
}

/// Appends a paragraph to `out`, with emoji instead of shortcodes outside of code.
fn replace_in_paragraph(text: &str, out: &mut String) {
    let (mut at, mut before, mut is_address) = (0, ' ', false);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c == '`' {
            let span = code_span(rest);
            out.push_str(span);
            (at, before) = (at + span.len(), '`');
            continue;
        }
        is_address = (is_address || rest.starts_with("://")) && !c.is_whitespace();
        if c == ':'
            && !is_address
            && !before.is_alphanumeric()
            && before != ':'
            && let Some((emoji, length)) = leading_code(rest)
        {
            out.push_str(emoji);
            // Another shortcode may follow at once.
            (at, before) = (at + length, ' ');
            continue;
        }
        out.push(c);
        (at, before) = (at + c.len_utf8(), c);
    }
}

/// Returns the code at the beginning of a text that begins with a backtick, or the backticks if nothing closes them.
fn code_span(text: &str) -> &str {
    let rest = text.trim_start_matches('`');
    let ticks = text.len() - rest.len();
    let mut end = ticks;
    while let Some(start) = text[end..].find('`').map(|at| end + at) {
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        end = start + run;
        if run == ticks {
            return &text[..end];
        }
    }
    &text[..ticks]
}

/// Returns the emoji of the shortcode with which a text begins, and the length of the shortcode with its colons.
fn leading_code(text: &str) -> Option<(&'static str, usize)> {
    let code = &text[1..];
    let end = code.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')))?;
    let after = code[end..].strip_prefix(':')?;
    let emoji = emoji_of(&code[..end])?;
    (!after.starts_with(char::is_alphanumeric)).then_some((emoji, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shortcodes_become_emoji() {
        for (text, expected) in [
            (":smile:", "😄"),
            ("well :tada: done", "well 🎉 done"),
            (":wave::wave:", "👋👋"),
            ("(:+1:)", "(👍)"),
            (":wave_tone1: :wave_tone5:", "👋🏻 👋🏿"),
            ("`a` :tada: `b`", "`a` 🎉 `b`"),
            ("a ` b :tada:", "a ` b 🎉"),
            ("*:tada:*\n:tada:", "*🎉*\n🎉"),
            ("```\ncode\n```\n:tada:", "```\ncode\n```\n🎉"),
        ] {
            assert_eq!(replace_emoji_codes(text), expected, "{text}");
        }
    }

    #[test]
    fn other_colons_stay() {
        for text in [
            "10:30:45",
            "10:100:45",
            "at 10:100: no",
            ":nope:",
            ":Smile:",
            ":wave_tone6:",
            ":sunglasses_tone1:",
            ": smile :",
            "a:smile:b",
            "std::b::c",
            "fe80::100:1",
            "http://x/:tada:/",
            "`:tada:`",
            "``a ` :tada:``",
            "`over\n:tada:`",
            "```\n:tada:\n```",
            "~~~ text\n:tada:\n```\n:tada:",
            "```rust\n:tada:",
            "\n    :tada:",
            "\t:tada:",
        ] {
            assert_eq!(replace_emoji_codes(text), text);
        }
    }

    /// `UPDATE_DOCS=1 cargo test --lib emoji` writes the file again, after a new version of the crate.
    #[test]
    fn file_has_the_emoji_of_the_crate() {
        use emojis::SkinTone::{Dark, Light, Medium, MediumDark, MediumLight};
        let mut expected = String::new();
        for emoji in emojis::iter().filter(|emoji| emoji.shortcode().is_some()) {
            let codes: Vec<_> = emoji.shortcodes().collect();
            let tones = [Light, MediumLight, Medium, MediumDark, Dark].map(|tone| emoji.with_skin_tone(tone));
            let tones: Vec<_> = tones.into_iter().flatten().map(emojis::Emoji::as_str).collect();
            let fields = [emoji.as_str(), &codes.join(" "), emoji.name(), &tones.join(" ")].join("\t");
            expected.push_str(fields.trim_end());
            expected.push('\n');
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/emoji.txt");
            std::fs::write(path, expected).expect("a writable file");
        } else {
            assert!(LINES == expected, "src/text/emoji.txt differs from the crate");
        }
    }

    #[test]
    fn every_listed_code_has_its_emoji() {
        for EmojiCode { code, emoji, .. } in emoji_codes() {
            assert_eq!(emoji_of(&code), Some(emoji), "{code}");
            assert_eq!(replace_emoji_codes(&format!(":{code}:")), emoji, "{code}");
        }
        let tones: Vec<_> = skin_tones("wave").into_iter().map(|tone| tone.emoji).collect();
        assert_eq!(tones, ["👋🏻", "👋🏼", "👋🏽", "👋🏾", "👋🏿"]);
        let names: Vec<_> = skin_tones("wave").into_iter().map(|tone| tone.name).collect();
        assert_eq!(names[0], "light skin tone, waving hand", "terminals without tones show them all alike");
        assert_eq!(names[4], "dark skin tone, waving hand");
        assert!(skin_tones("sunglasses").is_empty() && skin_tones("nope").is_empty());
    }

    #[test]
    fn emoji_are_found_in_a_text() {
        assert_eq!(emoji_in("größer 🎉🎉 日 👋🏽 (❤) 1\u{fe0f}\u{20e3} ½", 9), ["🎉", "👋🏽", "❤️", "1️⃣"]);
        assert_eq!(emoji_in("plain", 9), [""; 0]);
        assert_eq!(emoji_in("😀😃😄", 2), ["😀", "😃"]);
    }

    proptest! {
        /// Nothing but shortcodes changes, however texts and code are mixed.
        #[test]
        fn only_shortcodes_change(parts in prop::collection::vec("[ck:`~\n 日]{0,4}|:tada:|```|`", 0..30)) {
            let text = parts.concat();
            let replaced = replace_emoji_codes(&text);
            prop_assert_eq!(replaced.replace("🎉", ":tada:"), text);
        }

        /// A second replacement changes nothing, so that a queued message can be edited and sent again.
        #[test]
        fn replaced_text_has_no_shortcodes(text in "([a-z ]|:tada:|:wave:|[`:\n]){0,20}") {
            let replaced = replace_emoji_codes(&text).into_owned();
            prop_assert_eq!(replace_emoji_codes(&replaced), replaced.as_str());
        }

        /// Text within backticks is never changed.
        #[test]
        fn code_is_never_changed(before in "[a-z ]{0,8}", code in "[a-z :]{1,20}", after in "[a-z ]{0,8}") {
            let text = format!("{before}`{code}`{after}");
            prop_assert_eq!(replace_emoji_codes(&text), text.as_str());
        }
    }
}

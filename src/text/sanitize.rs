//! Sanitising of untrusted text.
//!
//! A terminal executes the control sequences it prints, so text from a server, a file name or an error body becomes a
//! [`SafeText`] before anything else touches it. Nothing is removed silently:
//!
//! - a control character becomes its control picture, such as `␀`;
//! - a complete control sequence becomes a single `␛`, since its letters and digits would only look like noise;
//! - an invisible character becomes a badge with its code point, such as `⟨U+200B⟩`, so that readers can notice spoofing.
//!
//! Private-use characters stay: they take a cell and are drawn as an icon of a patched font or as a box. The result
//! does not depend on where the text will be shown.

mod escapes;
mod invisible;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

use super::segmentation::stands_alone;
use super::width::width;
use invisible::{
    BADGE_END, can_be_badged, is_always_badged, is_contextual, is_legitimate, is_mark, is_noncharacter, is_region_flag,
};

/// Maximum number of combining marks on one letter. Real scripts need at most five or six.
const MAX_MARKS: usize = 8;

/// Maximum number of letters or emoji joined into one grapheme; a family of four with skin tones has eight. Without a
/// limit, one grapheme could be wider than the screen and would fit on no row.
const MAX_JOINED: usize = 10;

/// Maximum number of equal invisible characters that one badge stands for.
const MAX_BADGE_COUNT: usize = 99;

/// Cells between two tab stops, as in the composer. A tab becomes the spaces up to the next one, so that columns line
/// up.
const TAB_STOPS: usize = 4;

/// Prefix of a badge.
const BADGE_START: &str = "⟨U+";

/// Text that is safe to print: no control characters except `\n`, no direction controls, no hidden characters.
/// Sanitising it again changes nothing.
///
/// Texts that look the same are equal, even if one of them has tabs where the other has spaces.
#[derive(Clone, Default)]
pub struct SafeText {
    text: Box<str>,
    /// The text with its tabs, if it has any and consists of lines.
    tabbed: Option<Box<str>>,
}

impl SafeText {
    /// Sanitises `raw` and keeps its line breaks: for message bodies.
    pub fn block(raw: &str) -> Self {
        sanitize(raw, true)
    }

    /// Sanitises `raw` into a single line, for names, titles and errors. A line break becomes a space.
    pub fn line(raw: &str) -> Self {
        sanitize(raw, false)
    }

    /// Returns the text with its tabs instead of the spaces that stand for them on the screen: to copy or store it. It
    /// contains no other control characters.
    pub fn with_tabs(&self) -> &str {
        self.tabbed.as_deref().unwrap_or(&self.text)
    }

    /// Whether the texts differ in nothing but their tabs. Earlier versions stored spaces instead, four for each tab.
    pub fn differs_only_in_tabs(&self, other: &Self) -> bool {
        let has_other_spaces = self.tabbed.is_some() != other.tabbed.is_some()
            && self.text.split_whitespace().eq(other.text.split_whitespace());
        self.tabbed != other.tabbed && (self == other || has_other_spaces)
    }

    /// Returns the text as its author may edit it, with tabs, and with badges turned back into the characters they
    /// stand for. This includes badges that somebody typed by hand, unless the sanitiser never writes a badge for that
    /// character.
    pub fn editable(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.with_tabs();
        while let Some((before, after)) = rest.split_once(BADGE_START) {
            out.push_str(before);
            match read_badge(after) {
                Some((c, count, following)) => {
                    out.extend(std::iter::repeat_n(c, count));
                    rest = following;
                }
                None => {
                    out.push_str(BADGE_START);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// Returns the text as a string slice.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for SafeText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SafeText {}

impl PartialOrd for SafeText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SafeText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for SafeText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Serialize for SafeText {
    /// Writes the text with its tabs.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.with_tabs())
    }
}

impl<'de> Deserialize<'de> for SafeText {
    /// Sanitises the text, because nothing else guarantees that it is safe.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::block(&text))
    }
}

impl Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn sanitize(raw: &str, keep_lines: bool) -> SafeText {
    if raw.bytes().all(|byte| matches!(byte, b' '..=b'~') || (keep_lines && byte == b'\n')) {
        return SafeText { text: raw.into(), tabbed: None };
    }
    let mut writer = Writer { out: String::with_capacity(raw.len() + 8), keep_lines, ..Writer::default() };
    let mut rest = raw;
    while let Some(at) = rest.find(escapes::starts_sequence) {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        let length = escapes::sequence_len(rest);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let is_escape = length.is_some() || first == 1;
        writer.out.push(if is_escape { '\u{241b}' } else { '\u{fffd}' });
        rest = &rest[length.unwrap_or(first)..];
    }
    writer.text(rest);
    let tabbed = writer.tabbed();
    SafeText { text: writer.out.into_boxed_str(), tabbed }
}

#[derive(Default)]
struct Writer {
    out: String,
    keep_lines: bool,
    /// The last badge written: its character, its count, and its byte offset in `out`.
    badge: Option<(char, usize, usize)>,
    /// Byte offset in `out` up to which the line was measured for its tabs.
    measured: usize,
    /// Width of the line up to there, in cells.
    column: usize,
    /// The tabs: the byte offset in `out` of the spaces written for each, and their number.
    tabs: Vec<(usize, usize)>,
}

impl Writer {
    /// Writes spaces up to the next tab stop.
    fn tab(&mut self) {
        self.column += width(&self.out[self.measured..]);
        let spaces = TAB_STOPS - self.column % TAB_STOPS;
        if self.keep_lines {
            self.tabs.push((self.out.len(), spaces));
        }
        self.out.extend(std::iter::repeat_n(' ', spaces));
        self.column += spaces;
        self.measured = self.out.len();
    }

    /// Returns what was written with its tabs instead of spaces, if there are any.
    fn tabbed(&self) -> Option<Box<str>> {
        let mut tabbed = String::new();
        let mut end = 0;
        for (at, spaces) in &self.tabs {
            tabbed.push_str(&self.out[end..*at]);
            tabbed.push('\t');
            end = at + spaces;
        }
        tabbed.push_str(&self.out[end..]);
        (end > 0).then(|| tabbed.into_boxed_str())
    }

    /// Writes text that contains no control sequence.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let Some(special) = rest.find(|c| !stands_alone(c)) else {
                self.out.push_str(rest);
                return;
            };
            // The special character may combine with the one before it.
            let from = rest[..special].char_indices().next_back().map_or(0, |(at, _)| at);
            self.out.push_str(&rest[..from]);
            rest = &rest[from..];
            let Some(grapheme) = rest.graphemes(true).next() else { return };
            self.grapheme(grapheme);
            rest = &rest[grapheme.len()..];
        }
    }

    fn grapheme(&mut self, grapheme: &str) {
        if matches!(grapheme, "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}" | "\u{85}") {
            self.out.push(if self.keep_lines { '\n' } else { ' ' });
            (self.measured, self.column) = (self.out.len(), 0);
            return;
        }
        let (mut before, mut marks, mut joined) = (None, 0, 0);
        let mut chars = grapheme.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\t' => {
                    self.tab();
                    continue;
                }
                '\0'..='\x1f' => {
                    self.out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
                    continue;
                }
                '\x7f' => {
                    self.out.push('\u{2421}');
                    continue;
                }
                '\u{80}'..='\u{9f}' => {
                    self.out.push('\u{fffd}');
                    continue;
                }
                _ => {}
            }
            let base_follows = chars.peek().is_some_and(|next| !is_mark(*next));
            let badged = is_always_badged(c)
                || is_contextual(c)
                    && !(is_legitimate(c, before, base_follows) || is_region_flag(grapheme))
                // A joiner that would extend a sequence of maximum length.
                || c == '\u{200d}' && joined >= MAX_JOINED;
            if badged {
                self.badge(c);
                (before, marks, joined) = (Some(BADGE_END), 0, 1);
            } else if is_mark(c) {
                marks += 1;
                if marks <= MAX_MARKS || c == '\u{200d}' {
                    self.out.push(c);
                    before = Some(c);
                }
            } else if c == '\u{fffd}' || is_noncharacter(c) {
                self.out.push('\u{fffd}');
                (before, marks, joined) = (Some('\u{fffd}'), 0, 0);
            } else {
                if joined >= MAX_JOINED {
                    self.out.push('\u{fffd}');
                    joined = 0;
                }
                self.out.push(c);
                (before, marks, joined) = (Some(c), 0, joined + 1);
            }
        }
    }

    /// Writes a badge for an invisible character, or increments the count of the badge just written for the same one.
    fn badge(&mut self, c: char) {
        let length = self.out.len();
        let (count, start) = match self.badge {
            Some((of, count, start))
                if of == c && count < MAX_BADGE_COUNT && length == start + badge(c, count).len() =>
            {
                (count + 1, start)
            }
            _ => (1, length),
        };
        self.out.truncate(start);
        self.out.push_str(&badge(c, count));
        self.badge = Some((c, count, start));
    }
}

/// Formats a badge: `⟨U+200B⟩`, or `⟨U+200B×7⟩` for seven in a row.
fn badge(c: char, count: usize) -> String {
    let times = if count > 1 { format!("×{count}") } else { String::new() };
    format!("{BADGE_START}{:04X}{times}{BADGE_END}", u32::from(c))
}

/// Whether `c` is a control character or invisible, is what [`SafeText`] shows for one, or separates lines.
pub(super) fn is_control_or_invisible(c: char) -> bool {
    c.is_control() || can_be_badged(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2400}'..='\u{2421}' | '\u{fffd}')
}

/// Returns the length of the control sequence at the start of `text`, or of the badge of an invisible character.
pub(super) fn sequence_or_badge_len(text: &str) -> Option<usize> {
    let badge = || read_badge(text.strip_prefix(BADGE_START)?).map(|(.., rest)| text.len() - rest.len());
    escapes::sequence_len(text).or_else(badge)
}

/// Parses a badge from after its prefix. Returns the character, its count, and the text after the badge.
fn read_badge(text: &str) -> Option<(char, usize, &str)> {
    // The longest badge, `10FFFF×99⟩`, has ten characters.
    let end = text.char_indices().take(10).find(|(_, c)| *c == BADGE_END)?.0;
    let (hex, times) = text[..end].split_once('×').unwrap_or((&text[..end], "1"));
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?).filter(|c| can_be_badged(*c))?;
    let count = times.parse().ok().filter(|count| (1..=MAX_BADGE_COUNT).contains(count))?;
    Some((c, count, &text[end + BADGE_END.len_utf8()..]))
}

#[cfg(test)]
mod tests;

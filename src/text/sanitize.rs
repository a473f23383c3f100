//! The one way in for text that somebody else wrote.
//!
//! A terminal obeys what it prints, so text from a server, a file name or an error body becomes a [`SafeText`] before
//! anything else touches it. What is taken out stays visible: a control character becomes its control picture, a whole
//! control sequence becomes one `␛` (its letters and digits would read like junk), and what can be seen by nobody
//! becomes a badge with its number, so that a spoof can be seen. Private-use characters stay: they have a cell and ink
//! (icons of patched fonts), or a box. Nothing here depends on where the text will stand.

use std::fmt;
use std::ops::Deref;

use unicode_segmentation::UnicodeSegmentation;

use super::escapes;
use super::invisible::{
    BADGE_END, depends, is_badged, is_in_place, is_mark, is_noncharacter, is_region_flag, must_show,
};

/// How many combining marks one letter keeps; real scripts need at most five or six.
const MARKS: usize = 8;

/// How many letters or pictures one grapheme keeps together: a family of four with skin tones has eight. Without a limit
/// one grapheme could be wider than the screen, and on none of its rows then.
const TOGETHER: usize = 10;

/// How many of the same invisible character one badge stands for.
const MOST_IN_BADGE: usize = 99;

/// How many columns a tab stands for.
const TAB: &str = "    ";

/// What a badge begins with.
const BADGE: &str = "⟨U+";

/// Text without anything a terminal would obey: no control characters except `\n`, no direction controls, nothing
/// that hides. Made safe again it is the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// Makes `raw` safe and keeps its line breaks: message bodies.
    pub fn block(raw: &str) -> Self {
        Self(sanitize(raw, true))
    }

    /// Makes `raw` safe on one line: names, titles, errors. A line break becomes a space.
    pub fn line(raw: &str) -> Self {
        Self(sanitize(raw, false))
    }

    /// The text as its author may change it: badges are the characters they stand for again. A badge that somebody
    /// wrote by hand becomes that character, too; one of a character that has no badge stays as it is.
    pub fn editable(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut rest = &*self.0;
        while let Some((before, after)) = rest.split_once(BADGE) {
            out.push_str(before);
            match read_badge(after) {
                Some((c, count, behind)) => {
                    out.extend(std::iter::repeat_n(c, count));
                    rest = behind;
                }
                None => {
                    out.push_str(BADGE);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sanitize(raw: &str, keep_lines: bool) -> Box<str> {
    if is_plain(raw.as_bytes()) || (keep_lines && raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n'))) {
        return raw.into();
    }
    let mut writer = Writer { out: String::with_capacity(raw.len() + 8), keep_lines, badge: None };
    let mut rest = raw;
    while let Some(at) = rest.find(escapes::begins) {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        let length = escapes::length(rest);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let esc = length.is_some() || first == 1;
        writer.out.push(if esc { '\u{241b}' } else { '\u{fffd}' });
        rest = &rest[length.unwrap_or(first)..];
    }
    writer.text(rest);
    writer.out.into_boxed_str()
}

fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Letters and signs that stay whatever they stand beside, and begin a grapheme each: most of what is written. These are
/// not looked through for graphemes, which takes twenty times as long.
fn stands_alone(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{a0}'..='\u{a8}' | '\u{aa}'..='\u{ac}' | '\u{af}'..='\u{2ff}'
        | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}'
        | '\u{2010}'..='\u{2027}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

struct Writer {
    out: String,
    keep_lines: bool,
    /// The badge that was written last: for what, how often, and where it begins.
    badge: Option<(char, usize, usize)>,
}

impl Writer {
    /// Text in which no sequence begins.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let Some(odd) = rest.find(|c| !stands_alone(c)) else {
                self.out.push_str(rest);
                return;
            };
            // What is odd may stand on the character before it.
            let from = rest[..odd].char_indices().next_back().map_or(0, |(at, _)| at);
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
            return;
        }
        let (mut before, mut marks, mut together) = (None, 0, 0);
        let mut chars = grapheme.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\t' => {
                    self.out.push_str(TAB);
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
            let ties = chars.peek().is_some_and(|next| !is_mark(*next));
            let hidden = must_show(c)
                || depends(c)
                    && !(is_in_place(c, before, ties) || is_region_flag(grapheme))
                // What ties another picture to a row of them that is long enough.
                || c == '\u{200d}' && together >= TOGETHER;
            if hidden {
                self.badge(c);
                (before, marks, together) = (Some(BADGE_END), 0, 1);
            } else if is_mark(c) {
                marks += 1;
                if marks <= MARKS || c == '\u{200d}' {
                    self.out.push(c);
                    before = Some(c);
                }
            } else if c == '\u{fffd}' || is_noncharacter(c) {
                self.out.push('\u{fffd}');
                (before, marks, together) = (Some('\u{fffd}'), 0, 0);
            } else {
                if together >= TOGETHER {
                    self.out.push('\u{fffd}');
                    together = 0;
                }
                self.out.push(c);
                (before, marks, together) = (Some(c), 0, together + 1);
            }
        }
    }

    /// Names an invisible character in the text, since it can make one message read as another.
    fn badge(&mut self, c: char) {
        let length = self.out.len();
        let (count, start) = match self.badge {
            Some((of, count, start)) if of == c && count < MOST_IN_BADGE && length == start + badge(c, count).len() => {
                (count + 1, start)
            }
            _ => (1, length),
        };
        self.out.truncate(start);
        self.out.push_str(&badge(c, count));
        self.badge = Some((c, count, start));
    }
}

/// `⟨U+200B⟩`, or `⟨U+200B×7⟩` for seven of them.
fn badge(c: char, count: usize) -> String {
    let times = if count > 1 { format!("×{count}") } else { String::new() };
    format!("{BADGE}{:04X}{times}{BADGE_END}", u32::from(c))
}

/// Reads a badge from behind its beginning: the character, how often, and what follows.
fn read_badge(text: &str) -> Option<(char, usize, &str)> {
    // No further than the longest badge.
    let end = text.char_indices().take(10).find(|(_, c)| *c == BADGE_END)?.0;
    let (hex, times) = text[..end].split_once('×').unwrap_or((&text[..end], "1"));
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?).filter(|c| is_badged(*c))?;
    let count = times.parse().ok().filter(|count| (1..=MOST_IN_BADGE).contains(count))?;
    Some((c, count, &text[end + BADGE_END.len_utf8()..]))
}

#[cfg(test)]
#[path = "sanitize_tests.rs"]
mod tests;

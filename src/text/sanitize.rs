//! The one way in for text that somebody else wrote.
//!
//! A terminal obeys what it prints, so text from a server, a file name or an error body becomes a [`SafeText`] before
//! anything else touches it. What is taken out stays visible: a control character becomes its control picture, a
//! direction override becomes a badge, so that a spoof can be seen.

use std::fmt;
use std::ops::Deref;

use unicode_segmentation::UnicodeSegmentation;

/// How many combining marks one grapheme keeps; real scripts need at most five or six.
const MARKS_PER_GRAPHEME: usize = 8;

/// How many columns a tab stands for.
const TAB: &str = "    ";

/// Text without anything a terminal would obey: no control characters except `\n`, no direction overrides.
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

    /// The text as its author may change it: badges are the characters they stand for again.
    pub fn editable(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut rest = &*self.0;
        while let Some((before, after)) = rest.split_once("⟨U+") {
            out.push_str(before);
            let badge =
                after.split_once('⟩').and_then(|(hex, after)| Some((u32::from_str_radix(hex, 16).ok()?, after)));
            match badge.and_then(|(code, after)| Some((char::from_u32(code)?, after))) {
                Some((c, after)) => {
                    out.push(c);
                    rest = after;
                }
                None => {
                    out.push_str("⟨U+");
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
    if raw.bytes().all(|byte| matches!(byte, b' '..=b'~') || (keep_lines && byte == b'\n')) {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len() + 8);
    for grapheme in raw.graphemes(true) {
        push_grapheme(&mut out, grapheme, keep_lines);
    }
    out.into_boxed_str()
}

fn push_grapheme(out: &mut String, grapheme: &str, keep_lines: bool) {
    if matches!(grapheme, "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}" | "\u{85}") {
        out.push(if keep_lines { '\n' } else { ' ' });
        return;
    }
    let mut marks = 0;
    for c in grapheme.chars() {
        match c {
            '\t' => out.push_str(TAB),
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
            '\x7f' => out.push('\u{2421}'),
            '\u{80}'..='\u{9f}' => out.push('\u{fffd}'),
            _ if is_direction_control(c) || is_invisible(c) => push_badge(out, c),
            _ if is_mark(c) => {
                marks += 1;
                if marks <= MARKS_PER_GRAPHEME {
                    out.push(c);
                }
            }
            _ => {
                marks = 0;
                out.push(c);
            }
        }
    }
}

/// Names an invisible character in the text, since it can make one message read as another.
fn push_badge(out: &mut String, c: char) {
    out.push_str(&format!("⟨U+{:04X}⟩", c as u32));
}

fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Zero-width characters that no script needs; ZWJ and ZWNJ are needed and stay.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn is_mark(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(0) && c != '\u{200d}' && c != '\u{200c}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_passes_unchanged() {
        assert_eq!(&*SafeText::block("Hello,\nworld"), "Hello,\nworld");
        assert_eq!(&*SafeText::block("Grüße 👨‍👩‍👧 ☕️ 日本"), "Grüße 👨‍👩‍👧 ☕️ 日本");
    }

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(&*SafeText::block("\x1b[2Jgone\x07"), "␛[2Jgone␇");
        assert_eq!(&*SafeText::line("a\u{9b}31mb"), "a\u{fffd}31mb");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(&*SafeText::line("two\r\nlines\rand\ttab"), "two lines and    tab");
    }

    #[test]
    fn a_direction_override_becomes_a_badge() {
        assert_eq!(&*SafeText::line("txt.\u{202e}exe"), "txt.⟨U+202E⟩exe");
    }

    #[test]
    fn an_author_edits_what_was_written() {
        let written = "שלום \u{200f}(1) ⟨U+zz⟩";
        assert_eq!(SafeText::block(written).editable(), written);
    }

    #[test]
    fn absurd_stacks_of_marks_are_cut() {
        let zalgo = format!("a{}", "\u{0301}".repeat(100));
        assert_eq!(SafeText::line(&zalgo).chars().count(), 1 + MARKS_PER_GRAPHEME);
    }
}

//! Removal of secrets from logs, error messages and other text for people.
//!
//! Redaction is the last line of defence. The program never writes a secret on purpose, but a server may echo one, and
//! a library may put an address that contains one into its error message.
//!
//! Text has to be redacted before it is shortened: the part of a secret before the cut would not be recognised.

mod base64;
mod entities;
mod escapes;
mod form;
mod ignorable;
mod starts;

use std::fmt;
use std::ops::Range;

use super::sanitize::SafeText;

use form::Form;
use starts::Starts;

/// Minimum length of a secret in characters. A shorter one would match inside ordinary words.
const MIN_SECRET_LEN: usize = 4;

/// Minimum length of a secret that is no ordinary word, wherever it is written.
const MIN_LONG_SECRET: usize = 8;

/// Replacement for a secret.
const MASK: &str = "***";

/// Texts that stand before a secret. The word after them is masked even if it is not a known secret.
const MARKERS: [&str; 7] = ["Bearer ", "bearer ", "Bearer%20", "Bearer+", "auth=", "apiKey=", "api_key="];

/// A set of secrets that must not appear in text for people.
///
/// An occurrence is recognised in plain text, in base64, also as a part of a longer encoded text, and in hexadecimal.
/// In each of these it may be percent-encoded, contain entities of HTML or the escapes of JSON, in any mixture, and be
/// interrupted by line breaks and by control or invisible characters. A secret of 16 characters or more is also
/// recognised with other capitals and with spaces inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The secrets, the longest first.
    needles: Vec<Needle>,
    /// How a secret, an encoding of it or a marker may start. Most text is skipped by a look into this table.
    starts: Starts,
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new()
    }
}

/// A secret and the forms in which it may be written.
#[derive(Clone, PartialEq, Eq)]
struct Needle {
    plain: Box<str>,
    forms: Vec<Form>,
}

impl Needle {
    /// Returns the number of characters in a row that tell something of the secret.
    fn piece_len(&self) -> usize {
        (self.plain.chars().count() / 3).clamp(MIN_SECRET_LEN, 6)
    }
}

impl Secrets {
    /// Creates an empty set.
    pub const fn new() -> Self {
        Self { needles: Vec::new(), starts: Starts::empty() }
    }

    /// Adds a secret. Secrets of less than four characters are ignored.
    pub fn insert(&mut self, secret: &str) {
        // Text may have been sanitised before it is redacted.
        let sanitized = SafeText::line(secret);
        for form in [secret, &sanitized] {
            let is_known = self.needles.iter().any(|needle| &*needle.plain == form);
            if form.chars().count() >= MIN_SECRET_LEN && !is_known {
                let forms = Form::of(form);
                forms.iter().for_each(|form| self.starts.insert_form(form));
                MARKERS.iter().for_each(|marker| self.starts.insert_text(marker));
                self.needles.push(Needle { plain: form.into(), forms });
            }
        }
        // A secret may be part of a longer one, of which something would remain.
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.plain.len()));
    }

    /// Adds the secrets of another set.
    pub fn extend(&mut self, other: &Self) {
        other.needles.iter().for_each(|needle| self.insert(&needle.plain));
    }

    /// Returns `text` with every secret masked, and also every word after `Bearer`, `auth=` and similar markers.
    pub fn redact(&self, text: &str) -> String {
        self.redact_until(text, usize::MAX).0
    }

    /// Returns `text` with every secret masked, and the words after markers as they are: for the texts of people.
    pub fn redact_known(&self, text: &str) -> String {
        let parts = Parts { knows_markers: false, ..self.parts(text) };
        parts.map(|part| if part.is_secret { MASK } else { part.text }).collect()
    }

    /// Returns `text` with every secret masked, except a short one inside of one of these paths, where it is an ordinary
    /// word, as `test` is in `/tmp/test/chat.log`. A path that is nothing but the secret is masked.
    pub fn redact_except_paths(&self, text: &str, paths: &[String]) -> String {
        let mut at = 0;
        let parts = self.parts(text).map(|part| {
            let (start, end) = (at, at + part.text.len());
            at = end;
            let is_within = |path: &String| {
                let mut places = text.match_indices(path.as_str()).map(|(place, _)| place..place + path.len());
                path.len() > part.text.len() && places.any(|place| place.start <= start && end <= place.end)
            };
            let is_short = part.text.chars().count() < MIN_LONG_SECRET;
            if part.is_secret && !(is_short && paths.iter().any(is_within)) { MASK } else { part.text }
        });
        parts.collect()
    }

    /// Returns the first `count` characters of the redacted text, with an ellipsis if there are more.
    pub fn redact_first_chars(&self, text: &str, count: usize) -> String {
        let (mut out, is_complete) = self.redact_until(text, count);
        if !is_complete {
            out.push('…');
        }
        out
    }

    /// Returns the first `count` characters of the redacted text, and whether that is all of it.
    fn redact_until(&self, text: &str, count: usize) -> (String, bool) {
        let mut out = String::with_capacity(text.len().min(count));
        let mut room = count;
        for part in self.parts(text) {
            let shown = if part.is_secret { MASK } else { part.text };
            let chars = shown.chars().count();
            if chars > room {
                out.extend(shown.chars().take(room));
                return (out, false);
            }
            out.push_str(shown);
            room -= chars;
        }
        (out, true)
    }

    /// Returns where secrets, their pieces and the words after markers are: for texts that cannot be searched as a
    /// whole, such as the rows of a screen. They may overlap.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut at = 0;
        let parts = self.parts(text).map(|part| {
            at += part.text.len();
            (at - part.text.len()..at, part.is_secret)
        });
        let mut spans: Vec<_> = parts.filter(|(_, is_secret)| *is_secret).map(|(span, _)| span).collect();
        for needle in &self.needles {
            let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).skip(needle.piece_len() - 1);
            let pieces = text.char_indices().map(|(at, _)| at).zip(ends).map(|(start, end)| start..end);
            spans.extend(pieces.filter(|span| needle.plain.contains(&text[span.clone()])));
        }
        spans
    }

    fn parts<'a>(&'a self, text: &'a str) -> Parts<'a> {
        Parts { secrets: self, rest: text, knows_markers: true, is_after_marker: false }
    }

    /// Whether typed text ends with a piece of a secret that is long enough to tell something: a third of it, but at
    /// least four characters and at most six.
    pub fn ends_with_piece(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| {
            let piece = text.char_indices().rev().nth(needle.piece_len() - 1).map(|(start, _)| &text[start..]);
            piece.is_some_and(|piece| needle.plain.contains(piece))
        })
    }

    /// Whether such a piece of a secret is anywhere in the text.
    pub fn has_piece(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| {
            let ends = needle.plain.char_indices().map(|(at, c)| at + c.len_utf8()).skip(needle.piece_len() - 1);
            let starts = needle.plain.char_indices().map(|(at, _)| at);
            starts.zip(ends).any(|(start, end)| text.contains(&needle.plain[start..end]))
        })
    }

    /// Returns the first place at which a secret or a marker may start, which is never in the middle of a character.
    fn find_start(&self, text: &str) -> Option<usize> {
        if self.needles.is_empty() {
            return MARKERS.iter().filter_map(|marker| text.find(marker)).min();
        }
        self.starts.find(text)
    }

    /// Returns the length of the secret that `text` starts with.
    fn match_at(&self, text: &str) -> Option<usize> {
        let escaped = escapes::decoded(text).map(|(c, _)| c);
        self.needles.iter().flat_map(|needle| &needle.forms).find_map(|form| form.prefix_len(text, escaped))
    }
}

/// A part of a text.
struct Part<'a> {
    text: &'a str,
    is_secret: bool,
}

/// Splits a text into secrets and what is between them.
struct Parts<'a> {
    secrets: &'a Secrets,
    rest: &'a str,
    /// Whether the words after markers are secrets.
    knows_markers: bool,
    /// A marker counts once: it is followed by a word, which may itself be a marker.
    is_after_marker: bool,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let first = self.rest.chars().next()?;
        let run = if self.is_after_marker { 0 } else { self.secrets.find_start(self.rest).unwrap_or(self.rest.len()) };
        let (length, is_secret) = if run > 0 {
            (run, false)
        } else {
            let secret = self.secrets.match_at(self.rest).unwrap_or(0);
            let word = if std::mem::take(&mut self.is_after_marker) { word_len(self.rest) } else { 0 };
            match (secret.max(word), marker_at(self.rest).filter(|_| self.knows_markers)) {
                (0, Some(marker)) => {
                    self.is_after_marker = true;
                    (marker.len(), false)
                }
                (0, None) => (first.len_utf8(), false),
                (length, _) => (length, true),
            }
        };
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(Part { text, is_secret })
    }
}

impl<'a> FromIterator<&'a str> for Secrets {
    fn from_iter<T: IntoIterator<Item = &'a str>>(secrets: T) -> Self {
        let mut set = Self::new();
        secrets.into_iter().for_each(|secret| set.insert(secret));
        set
    }
}

impl fmt::Debug for Secrets {
    /// Omits the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(***)")
    }
}

fn marker_at(text: &str) -> Option<&'static str> {
    MARKERS.into_iter().find(|marker| text.starts_with(marker))
}

/// Returns the length of the word after a marker. 0 for a word that is no secret.
fn word_len(text: &str) -> usize {
    if text.starts_with("Bearer") {
        return 0;
    }
    let end = text.find(|c: char| c.is_whitespace() || "\"'&,;)}]<>".contains(c)).unwrap_or(text.len());
    if text.get(..end) == Some("null") { 0 } else { end }
}

#[cfg(test)]
mod tests;

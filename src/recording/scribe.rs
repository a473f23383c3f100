//! Writes the lines of a recording, without secrets and on request without names.
//!
//! Every text passes through [`Secrets`]. A secret that is typed arrives key by key, perhaps with corrections in between.
//! So from the first keys that spell a piece of one, all that is typed is written as `*` until Enter is pressed. Nobody
//! has to know what an arrow or a deletion does to the text, and no key is held back.

use std::collections::VecDeque;

use serde::Serialize;

use crate::app::Event;
use crate::input::{Code, Key};
use crate::text::{Pseudonyms, Secrets};

use super::filter::Filtered;
use super::header::Header;
use super::line::{End, EndReason, Entry, LastScreen};

/// Number of typed characters that are remembered, for Backspace.
const MAX_TYPED: usize = 256;

/// Replacement for a paste with a piece of a secret.
const MASK: &str = "***";

/// What must not be in a recording.
pub struct Privacy {
    /// Returns the secrets that are known now.
    pub secrets: Box<dyn Fn() -> Secrets + Send>,
    /// Replaces names and texts.
    pub names: Option<Pseudonyms>,
}

/// Writes the lines of a recording.
pub struct Scribe {
    privacy: Privacy,
    /// The end of what was typed since the last Enter, without what Backspace removed.
    typed: VecDeque<char>,
    /// Whether a piece of a secret was typed since the last Enter.
    hides_keys: bool,
}

impl Scribe {
    /// Creates a writer.
    pub fn new(privacy: Privacy) -> Self {
        Self { privacy, typed: VecDeque::new(), hides_keys: false }
    }

    /// Appends the header.
    ///
    /// # Errors
    /// The header cannot be written as JSON.
    pub fn header(&self, header: &Header, out: &mut Vec<u8>) -> serde_json::Result<()> {
        self.line(header, out)
    }

    /// Appends an entry. `before` is the text before the cursor if names are hidden and the entry is a key that types
    /// text.
    ///
    /// # Errors
    /// An event cannot be written as JSON.
    pub fn entry(&mut self, mut entry: Entry, before: Option<&str>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match &mut entry.event {
            Event::Key(key) => self.key(key, before),
            Event::Paste(text) => self.paste(text),
            Event::Bytes(bytes) => hide_bytes(bytes, self.hides_keys),
            _ => {}
        }
        self.line(&entry, out)
    }

    /// Appends the last line.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn end(&mut self, end: EndReason, screen: Option<LastScreen>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let screen = screen.filter(|_| self.privacy.names.is_none());
        self.line(&End { end, screen }, out)
    }

    fn key(&mut self, key: &mut Key, before: Option<&str>) {
        if *key == Key::plain(Code::Enter) {
            self.typed.clear();
            self.hides_keys = false;
        } else if *key == Key::plain(Code::Backspace) {
            self.typed.pop_back();
        }
        let Some(c) = key.typed() else { return };
        self.remember([c]);
        let typed: String = self.typed.iter().collect();
        self.hides_keys |= (self.privacy.secrets)().ends_with_piece(&typed);
        if self.hides_keys {
            *key = Key::plain(Code::Char('*'));
        } else if let Some((names, before)) = self.privacy.names.as_ref().zip(before) {
            *key = Key::plain(Code::Char(names.typed(before, c)));
        }
    }

    /// Hides a part of a secret, to which keys may add the rest. Whole secrets are hidden like in all texts.
    fn paste(&mut self, text: &mut String) {
        self.remember(text.chars());
        let secrets = (self.privacy.secrets)();
        if secrets.has_piece(&secrets.redact(text)) {
            MASK.clone_into(text);
            self.hides_keys = true;
        }
    }

    fn remember(&mut self, text: impl IntoIterator<Item = char>) {
        self.typed.extend(text);
        self.typed.drain(..self.typed.len().saturating_sub(MAX_TYPED));
    }

    fn line(&self, value: &impl Serialize, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let (secrets, length) = ((self.privacy.secrets)(), out.len());
        let filter = |text: &str| {
            let text = secrets.redact(text);
            self.privacy.names.as_ref().map_or_else(|| text.clone(), |names| names.text(&text))
        };
        let written = serde_json::to_writer(&mut *out, &Filtered { value, filter: &filter });
        match written {
            Ok(()) => out.push(b'\n'),
            Err(_) => out.truncate(length),
        }
        written
    }
}

/// Replaces text among the bytes of a terminal, unless it is a single key. Only the test of keys reports bytes.
fn hide_bytes(bytes: &mut [u8], is_secret: bool) {
    if (bytes.len() > 1 && !bytes.starts_with(b"\x1b")) || bytes.starts_with(b"\x1b[200~") || is_secret {
        bytes.iter_mut().filter(|byte| byte.is_ascii_graphic() || !byte.is_ascii()).for_each(|byte| *byte = b'*');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn scribe(names: Option<Pseudonyms>) -> Scribe {
        Scribe::new(Privacy { secrets: Box::new(|| ["k3y-of-alice"].into_iter().collect()), names })
    }

    fn recorded(scribe: &mut Scribe, events: impl IntoIterator<Item = Event>) -> String {
        let mut out = Vec::new();
        for event in events {
            scribe.entry(Entry { at: Timestamp(7), event }, None, &mut out).expect("JSON");
        }
        scribe.end(EndReason::Quit, None, &mut out).expect("JSON");
        String::from_utf8(out).expect("JSON is text")
    }

    fn typing(text: &str) -> Vec<Event> {
        text.chars().map(|c| Event::Key(Key::plain(Code::Char(c)))).collect()
    }

    fn key(code: Code) -> Event {
        Event::Key(Key::plain(code))
    }

    fn typed(event: &Event) -> Option<char> {
        if let Event::Key(key) = event { key.typed() } else { None }
    }

    /// The characters that the keys of a recording type.
    fn typed_in(recording: &str) -> String {
        let lines = recording.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        lines.filter_map(|entry| typed(&entry.event)).collect()
    }

    #[test]
    fn pasted_secret_is_replaced() {
        let recording = recorded(&mut scribe(None), [Event::Paste("it is k3y-of-alice.".into())]);
        assert_eq!(recording.lines().next(), Some(r#"{"at":7,"event":{"Paste":"it is ***."}}"#));
    }

    #[test]
    fn typed_secret_is_replaced_after_its_first_letters() {
        let events = [typing("the k3y-of-alice, thanks"), vec![key(Code::Enter)], typing("Bye")].concat();
        let recording = recorded(&mut scribe(None), events);
        assert_eq!(typed_in(&recording), "the k3y*****************Bye");
    }

    #[test]
    fn corrected_secret_is_replaced() {
        use Code::{Backspace, Delete, Home, Left, Right};
        for (first, corrections, last, shown) in [
            ("k3y-of-alX", vec![Backspace], "ice", 3),
            ("k3yX", vec![Backspace], "-of-alice", 4),
            ("k3y-of-alXYZ", vec![Backspace, Backspace, Backspace], "ice", 3),
            ("k3y-of-al", vec![Left, Right], "ice", 3),
            ("k3y-of-alX", vec![Left, Delete], "ice", 3),
            ("3y-of-alice", vec![Home], "k", 3),
            ("alice", vec![Home], "k3y-of-", 3),
        ] {
            let corrections = corrections.into_iter().map(key).collect();
            let recording = recorded(&mut scribe(None), [typing(first), corrections, typing(last)].concat());
            let keys = first.chars().take(shown).collect::<String>() + &"*".repeat(first.len() + last.len() - shown);
            assert_eq!(typed_in(&recording), keys, "{first} {last}");
        }
    }

    #[test]
    fn secret_that_is_pasted_in_part_is_replaced() {
        let pasted = || vec![Event::Paste("k3y-of-".into())];
        let recording = recorded(&mut scribe(None), [pasted(), typing("alice")].concat());
        assert!(recording.contains(r#"{"Paste":"***"}"#), "{recording}");
        assert_eq!(typed_in(&recording), "*****");
        let recording = recorded(&mut scribe(None), [vec![Event::Paste("k3".into())], typing("y-of-alice")].concat());
        assert_eq!(typed_in(&recording), "y*********");
    }

    #[test]
    fn keys_are_shown_until_they_spell_a_piece_of_a_secret() {
        let recording = recorded(&mut scribe(None), typing("alicia, of all keys: k3"));
        assert_eq!(typed_in(&recording), "ali********************");
        let recording = recorded(&mut scribe(None), typing("Ask Bob, of all people: k3"));
        assert_eq!(typed_in(&recording), "Ask Bob, of all people: k3");
    }

    #[test]
    fn hidden_names_are_the_same_in_keys_and_texts() {
        let mut scribe = scribe(Some(Pseudonyms::new(7)));
        let mut out = Vec::new();
        let mut before = String::new();
        for event in typing("Carol") {
            let c = typed(&event);
            scribe.entry(Entry { at: Timestamp(7), event }, Some(&before), &mut out).expect("JSON");
            before.extend(c);
        }
        let notice = Event::Notice("Carol is here".into());
        scribe.entry(Entry { at: Timestamp(7), event: notice }, None, &mut out).expect("JSON");
        let recording = String::from_utf8(out).expect("text");
        let name = typed_in(&recording);
        assert_eq!(name, Pseudonyms::new(7).text("Carol"));
        assert!(recording.contains(&format!("\"{name} ")) && !recording.contains("Carol"), "{recording}");
    }
}

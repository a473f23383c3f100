//! Writes the lines of a recording, without secrets and on request without names.
//!
//! Every text passes through [`Secrets`]. A secret that is typed arrives key by key, so keys are held back as soon as
//! they spell the beginning of one, and are written as `*` if they go on to spell all of it.

use std::collections::VecDeque;

use serde::Serialize;

use crate::app::Event;
use crate::input::{Code, Key};
use crate::text::{Pseudonyms, Secrets, TypedSecret};

use super::filter::Filtered;
use super::header::Header;
use super::line::{End, EndReason, Entry, LastScreen};

/// Maximum number of entries that are held back. With more, the typed beginning of a secret is written as `*`.
const MAX_HELD: usize = 4_096;

/// Length of typed text that is remembered, in bytes. Longer secrets are recognised by their last part.
const MAX_TYPED: usize = 4_096;

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
    /// The entries that are held back. `true` marks a key that may belong to a secret.
    held: VecDeque<(Entry, bool)>,
    typed: String,
}

impl Scribe {
    /// Creates a writer.
    pub fn new(privacy: Privacy) -> Self {
        Self { privacy, held: VecDeque::new(), typed: String::new() }
    }

    /// Appends the header.
    ///
    /// # Errors
    /// The header cannot be written as JSON.
    pub fn header(&self, header: &Header, out: &mut Vec<u8>) -> serde_json::Result<()> {
        self.line(header, out)
    }

    /// Appends an entry, and what was held back before it. `before` is the text before the cursor if names are hidden
    /// and the entry is a key that types text.
    ///
    /// # Errors
    /// An event cannot be written as JSON.
    pub fn entry(&mut self, mut entry: Entry, before: Option<&str>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let typed = typed(&entry.event);
        if let Some((names, before)) = self.privacy.names.as_ref().zip(before)
            && let Event::Key(key) = &mut entry.event
            && let Some(c) = key.typed()
        {
            *key = Key::plain(Code::Char(names.typed(before, c)));
        }
        if let Event::Bytes(bytes) = &mut entry.event {
            hide_bytes(bytes, !self.held.is_empty());
        }
        match typed {
            Some(c) => self.on_typed(c),
            None if matches!(entry.event, Event::Key(_) | Event::Paste(_) | Event::Mouse(_)) => self.hide_held(),
            None => {}
        }
        match (typed, self.progress()) {
            (Some(_), TypedSecret::Complete) => {
                self.held.push_back((entry, true));
                self.hide_held();
            }
            (Some(_), TypedSecret::Beginning) => self.held.push_back((entry, true)),
            (Some(_), TypedSecret::None) => {
                self.release(out)?;
                self.line(&entry, out)?;
            }
            (None, _) if self.held.is_empty() => self.line(&entry, out)?,
            (None, _) => self.held.push_back((entry, false)),
        }
        if self.held.len() > MAX_HELD {
            self.hide_held();
        }
        if self.typed.is_empty() {
            self.release(out)?;
        }
        Ok(())
    }

    /// Appends what was held back, and the last line.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn end(&mut self, end: EndReason, screen: Option<LastScreen>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        self.hide_held();
        self.release(out)?;
        let screen = screen.filter(|_| self.privacy.names.is_none());
        self.line(&End { end, screen }, out)
    }

    fn on_typed(&mut self, c: char) {
        self.typed.push(c);
        if self.typed.len() > MAX_TYPED {
            self.typed = self.typed.chars().skip(MAX_TYPED / 8).collect();
        }
    }

    fn progress(&self) -> TypedSecret {
        if self.typed.is_empty() { TypedSecret::None } else { (self.privacy.secrets)().typed(&self.typed) }
    }

    /// Replaces the keys that are held back by asterisks, and forgets what was typed.
    fn hide_held(&mut self) {
        for (entry, is_part) in &mut self.held {
            if let (Event::Key(key), true) = (&mut entry.event, *is_part) {
                *key = Key::plain(Code::Char('*'));
            }
        }
        self.typed.clear();
    }

    fn release(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        while let Some((entry, _)) = self.held.pop_front() {
            self.line(&entry, out)?;
        }
        Ok(())
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

/// Returns the character that an event types.
fn typed(event: &Event) -> Option<char> {
    match event {
        Event::Key(key) => key.typed(),
        _ => None,
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
        let recording = recorded(&mut scribe(None), typing("the k3y-of-alice, thanks"));
        assert_eq!(typed_in(&recording), "the k3y*********, thanks");
    }

    #[test]
    fn text_that_only_begins_like_a_secret_is_complete() {
        let recording = recorded(&mut scribe(None), typing("k3y-of-bob"));
        assert_eq!(typed_in(&recording), "k3y-of-bob");
    }

    #[test]
    fn interrupted_secret_is_replaced() {
        let mut events = typing("k3y-of-ali");
        events.push(Event::FrameDrawn);
        events.push(Event::Key(Key::plain(Code::Left)));
        events.extend(typing("x"));
        let recording = recorded(&mut scribe(None), events);
        assert_eq!(typed_in(&recording), "k3y*******x");
        assert!(recording.contains("FrameDrawn"), "{recording}");
    }

    #[test]
    fn hidden_names_are_the_same_in_keys_and_texts() {
        let mut scribe = scribe(Some(Pseudonyms::new(7)));
        let mut out = Vec::new();
        let mut before = String::new();
        for event in typing("Alice") {
            let c = typed(&event);
            scribe.entry(Entry { at: Timestamp(7), event }, Some(&before), &mut out).expect("JSON");
            before.extend(c);
        }
        let notice = Event::Notice("Alice is here".into());
        scribe.entry(Entry { at: Timestamp(7), event: notice }, None, &mut out).expect("JSON");
        let recording = String::from_utf8(out).expect("text");
        let name = typed_in(&recording);
        assert_eq!(name, Pseudonyms::new(7).text("Alice"));
        assert!(recording.contains(&format!("\"{name} ")) && !recording.contains("Alice"), "{recording}");
    }
}

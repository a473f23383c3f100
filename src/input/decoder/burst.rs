//! Recognition of a paste without brackets.
//!
//! Terminals without bracketed paste, serial lines and some multiplexers send pasted text as if it were typed. Every
//! line break in it would send a message, and a line could be a command. Nobody types that fast, though: text, a line
//! break and more text within a few milliseconds are taken as one pasted text.
//!
//! Characters act at once. Only a line break directly after them is held back for a moment, in case more text follows.

use std::time::{Duration, Instant};

use super::TerminalEvent;
use super::paste::Collector;
use crate::input::key::{Code, Key};

/// Maximum pause between two bytes of a burst. A byte at 1200 baud takes 8 ms.
const GAP: Duration = Duration::from_millis(10);

/// Pause after which a recognised paste is complete. It is longer, since packets may be delayed.
const END: Duration = Duration::from_millis(50);

/// Detector of fast text.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Time of the last text key.
    last: Option<Instant>,
    /// Text keys of the bytes that are being decoded, and line breaks that are held back.
    keys: Vec<Key>,
    /// Number of keys at the start of `keys` that were held back.
    held: usize,
    /// The paste, once it is recognised.
    pasted: Option<Collector>,
}

impl Burst {
    /// Takes an event. Text is passed on by [`Burst::settle`].
    pub(super) fn push(&mut self, event: TerminalEvent, now: Instant, out: &mut Vec<TerminalEvent>) {
        match event {
            TerminalEvent::Key(key) if text_of(key).is_some() => self.keys.push(key),
            // Not from the user, who may be pasting.
            event @ (TerminalEvent::Background(_) | TerminalEvent::Name(_)) => out.push(event),
            event => {
                self.interrupt(now, out);
                out.push(event);
            }
        }
    }

    /// Passes on the text keys since the last call, which arrived together.
    pub(super) fn settle(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        if self.keys.len() == self.held {
            return;
        }
        let continues = self.last.is_some_and(|last| now.saturating_duration_since(last) <= GAP);
        self.last = Some(now);
        if self.pasted.is_none() && is_paste(&self.keys, continues) {
            self.pasted = Some(Collector::default());
        }
        if let Some(pasted) = &mut self.pasted {
            self.held = 0;
            self.keys.drain(..).filter_map(text_of).for_each(|c| pasted.push(c));
            return;
        }
        let breaks = self.keys.iter().rev().take_while(|key| is_break(**key)).count();
        let certain = self.keys.len() - breaks;
        // After text they may be part of a paste.
        self.held = if certain > 0 || continues { breaks } else { 0 };
        let certain = self.keys.len() - self.held;
        out.extend(self.keys.drain(..certain).map(TerminalEvent::Key));
    }

    /// Passes on everything, because an event follows that is no text.
    pub(super) fn interrupt(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        self.settle(now, out);
        self.release(out);
    }

    /// Returns when [`Burst::expire`] has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let pause = match (&self.pasted, self.held) {
            (Some(_), _) => END,
            (None, 0) => return None,
            (None, _) => GAP,
        };
        self.last.map(|last| last + pause)
    }

    /// Passes on what was held back for longer than its time.
    pub(super) fn expire(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.release(out);
        }
    }

    fn release(&mut self, out: &mut Vec<TerminalEvent>) {
        self.last = None;
        self.held = 0;
        if let Some(pasted) = self.pasted.take() {
            pasted.finish(out);
        }
        out.extend(self.keys.drain(..).map(TerminalEvent::Key));
    }
}

/// Returns the text that a key stands for within a paste.
fn text_of(key: Key) -> Option<char> {
    match key.code {
        Code::Enter if is_break(key) => Some('\r'),
        Code::Char(_) if is_break(key) => Some('\n'),
        Code::Tab if key == Key::plain(Code::Tab) => Some('\t'),
        _ => key.typed(),
    }
}

/// Whether a key is what a terminal sends for a line break in pasted text: Enter, or a line feed, which is Ctrl+J.
fn is_break(key: Key) -> bool {
    key == Key::plain(Code::Enter) || key == Key::new(Code::Char('j'), true, false, false)
}

/// Whether `keys` contain a line break between two texts; `continues` if text has just preceded them.
fn is_paste(keys: &[Key], continues: bool) -> bool {
    let start = if continues { Some(0) } else { keys.iter().position(|key| !is_break(*key)) };
    let Some(line_break) = start.and_then(|start| Some(start + keys[start..].iter().position(|key| is_break(*key))?))
    else {
        return false;
    };
    keys[line_break..].iter().any(|key| !is_break(*key))
}

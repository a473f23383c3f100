//! Recognition of a paste without brackets.
//!
//! Terminals without bracketed paste, serial lines and some multiplexers send pasted text as if it were typed. Every
//! line break in it would send a message, a line could be a command, and a tab would select a message on which the next
//! letters act. Nobody types that fast, though: text around a line break or a tab that arrives at once, or within a
//! pause that no hand makes, is taken as one pasted text.
//!
//! Characters act at once, and so do Enter and Tab from a hand. They are held back for a moment only directly after text
//! that was faster than that, in case more follows. A single line with a line break at its end cannot be told from a
//! typed one; it is taken as typed.

use std::time::{Duration, Instant};

use super::TerminalEvent;
use super::paste::Collector;
use crate::input::key::{Code, Key};

/// Longest pause between a text and a separator after it that is too short for a hand. A byte at 600 baud takes 17 ms.
const GAP: Duration = Duration::from_millis(20);

/// Time for which a separator after fast text is held back, and longest pause between two packets of pasted text.
const HOLD: Duration = Duration::from_millis(50);

/// Pause after which a recognised paste is complete.
const END: Duration = Duration::from_millis(100);

/// Time after a paste in which several keys at once are its rest: some terminals paste slowly, piece by piece.
const REST: Duration = Duration::from_millis(500);

/// Number of text keys at once that cannot be from a hand, even if the line or the program was a bit late.
const SEVERAL: usize = 3;

/// Number of keys at once after a separator that cannot be from a hand, even if the line stood still for a second.
const MANY: usize = 10;

/// Detector of fast text.
#[derive(Debug, Default)]
pub(super) struct Burst {
    /// Time of the last text key.
    last: Option<Instant>,
    /// Number of text keys so far that followed each other faster than a hand. 0 after separators that have acted.
    run: usize,
    /// Text keys of the bytes that are being decoded, and separators that are held back.
    keys: Vec<Key>,
    /// Number of keys at the start of `keys` that were held back.
    held: usize,
    /// The paste, once it is recognised.
    pasted: Option<Collector>,
    /// Time of the last key of the paste before.
    last_paste: Option<Instant>,
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
                self.last_paste = None;
                out.push(event);
            }
        }
    }

    /// Passes on the text keys since the last call, which arrived together.
    pub(super) fn settle(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        if self.keys.len() == self.held {
            return;
        }
        let within = |limit: Duration, since: Option<Instant>| {
            since.is_some_and(|since| now.saturating_duration_since(since) <= limit)
        };
        let arrived = self.keys.len() - self.held;
        let has_text = self.keys.iter().any(|key| !is_separator(*key));
        let pause = if self.run >= SEVERAL { HOLD } else { GAP };
        let continues = self.run > 0 && within(pause, self.last);
        let is_rest = arrived >= SEVERAL && within(REST, self.last_paste);
        if self.pasted.is_none() && (is_paste(&self.keys, continues) || is_rest) {
            self.pasted = Some(Collector::default());
        }
        self.last = Some(now);
        if let Some(pasted) = &mut self.pasted {
            self.held = 0;
            self.keys.drain(..).filter_map(text_of).for_each(|c| pasted.push(c));
            return;
        }
        // After a separator that has acted alone, what follows is typed: programs that react to the screen are fast.
        self.run = match has_text {
            _ if continues => self.run + arrived,
            true => self.keys.len(),
            false => 0,
        };
        let separators = self.keys.iter().rev().take_while(|key| is_separator(**key)).count();
        // After text they may be part of a paste.
        self.held = if has_text || continues { separators } else { 0 };
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
            (None, _) => HOLD,
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
        let last = self.last.take();
        self.held = 0;
        if let Some(pasted) = self.pasted.take() {
            self.last_paste = last;
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
        Code::Tab if is_tab(key) => Some('\t'),
        _ => key.typed(),
    }
}

/// Whether a key is what a terminal sends for a line break in pasted text: Enter, or a line feed, which is Ctrl+J.
fn is_break(key: Key) -> bool {
    key == Key::plain(Code::Enter) || key == Key::new(Code::Char('j'), true, false, false)
}

fn is_tab(key: Key) -> bool {
    key == Key::plain(Code::Tab)
}

/// Whether a key acts if it is typed, although it stands for text within a paste.
fn is_separator(key: Key) -> bool {
    is_break(key) || is_tab(key)
}

/// Whether keys that arrived at once are pasted: a separator is between two texts, or a separator is followed by a whole
/// line or by many keys. Fewer may be from a hand: a slow line delivers an Enter together with the next letters, or a Tab
/// with the key for the selected message. `continues` tells whether text has just preceded them.
fn is_paste(keys: &[Key], continues: bool) -> bool {
    let is_text = |key: &Key| !is_separator(*key);
    let (Some(first), Some(last)) = (keys.iter().position(is_text), keys.iter().rposition(is_text)) else {
        return false;
    };
    let start = if continues { 0 } else { first };
    let follows = &keys[first..];
    let is_line = last + 1 < keys.len() && follows.len() > SEVERAL;
    keys[start..last].iter().any(|key| is_separator(*key)) || first > 0 && (is_line || follows.len() >= MANY)
}

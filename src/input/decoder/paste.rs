//! Text pasted between brackets (`CSI 200 ~` and `CSI 201 ~`).
//!
//! The end may never come: the terminal or a multiplexer was interrupted, or lost it. The paste is therefore given up
//! after a pause, or when Ctrl+C is pressed, and its text so far is used. Ctrl+C counts as pressed if nothing follows
//! it; otherwise it is part of the text, where a malicious page could have put it to end the paste early.

use std::time::Duration;

use super::TerminalEvent;
use super::keys::{Meaning, Reader};
use super::parser::Unit;
use crate::input::key::{Code, Key};

/// Bytes that end a bracketed paste.
pub(super) const END_OF_PASTE: &[u8] = b"\x1b[201~";

/// Maximum size of pasted text, in bytes. It is more than fits a message, because the text may be sent as a file. The rest
/// is dropped and counted.
pub const MAX_PASTE: usize = 16 << 20;

/// Pause after which the end of a paste is no longer expected.
const PAUSE: Duration = Duration::from_secs(1);

/// Pasted text, without escape sequences and control characters except tabs and line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pasted {
    /// The text, with `\n` between lines.
    pub text: String,
    /// Number of bytes of text that were dropped because the paste was too long.
    pub dropped: usize,
}

/// Collector of pasted text.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pasted: Pasted,
    /// Whether the last character was a carriage return, which may be half of a line break.
    after_return: bool,
}

impl Collector {
    /// Appends a character, up to [`MAX_PASTE`]. Every kind of line break becomes `\n`.
    pub(super) fn push(&mut self, c: char) {
        let after_return = std::mem::replace(&mut self.after_return, c == '\r');
        let c = match c {
            '\n' if after_return => return,
            '\r' => '\n',
            c => c,
        };
        if self.pasted.dropped == 0 && self.pasted.text.len() + c.len_utf8() <= MAX_PASTE {
            self.pasted.text.push(c);
        } else {
            self.pasted.dropped += c.len_utf8();
        }
    }

    /// Appends the text as an event, if there is any.
    pub(super) fn finish(self, out: &mut Vec<TerminalEvent>) {
        if !self.pasted.text.is_empty() {
            out.push(TerminalEvent::Paste(self.pasted));
        }
    }
}

/// A bracketed paste that is being received.
#[derive(Debug, Default)]
pub(super) struct Paste {
    text: Collector,
    /// Whether an escape sequence of more than two characters has begun, such as `ESC ( B`.
    in_escape: bool,
    /// Ctrl+C, if it came last.
    interrupt: Option<Key>,
}

impl Paste {
    /// Takes one unit of the paste.
    pub(super) fn push(&mut self, unit: &Unit, reader: &mut Reader) {
        self.interrupt = match unit {
            Unit::Control(_) | Unit::Csi { .. } => interrupt(reader.read(unit).as_ref()),
            _ => None,
        };
        let in_escape = std::mem::take(&mut self.in_escape);
        match unit {
            Unit::Char(c @ ' '..='~') if in_escape => self.in_escape = is_intermediate(*c),
            Unit::Char(c) => self.text.push(*c),
            Unit::Control(byte @ (b'\t' | b'\n' | b'\r')) => self.text.push(char::from(*byte)),
            Unit::Alt(c) => self.in_escape = is_intermediate(*c),
            Unit::Control(_)
            | Unit::Csi { .. }
            | Unit::Ss3 { .. }
            | Unit::Linux { .. }
            | Unit::Mouse(_)
            | Unit::Osc(_)
            | Unit::Dcs(_) => {}
        }
    }

    /// Returns the time to wait for more of the paste.
    pub(super) fn wait_time(&self, escape_time: Duration) -> Duration {
        if self.interrupt.is_some() { escape_time } else { PAUSE }
    }

    /// Ends the paste at its closing bracket: a Ctrl+C before that was part of the text.
    pub(super) fn end(self, out: &mut Vec<TerminalEvent>) {
        self.text.finish(out);
    }

    /// Ends the paste without its closing bracket. A Ctrl+C that came last is a key.
    pub(super) fn give_up(self, out: &mut Vec<TerminalEvent>) {
        self.text.finish(out);
        out.extend(self.interrupt.map(TerminalEvent::Key));
    }
}

/// Whether a character after ESC is followed by another one.
fn is_intermediate(c: char) -> bool {
    matches!(c, ' '..='/')
}

fn interrupt(meaning: Option<&Meaning>) -> Option<Key> {
    match meaning {
        Some(Meaning::Event(TerminalEvent::Key(key))) if *key == Key::new(Code::Char('c'), true, false, false) => {
            Some(*key)
        }
        _ => None,
    }
}

//! The decoder: takes bytes as they arrive, and decides when to wait for more.

use std::time::{Duration, Instant};

use super::burst::Burst;
use super::event::TerminalEvent;
use super::keys::{Meaning, Reader};
use super::parser::{Parser, Pending, Unit};
use super::paste::{END_OF_PASTE, Paste};
use super::rest::{ANSWER_TIME, SEQUENCE_TIME};

/// Longest input without ESC that is taken for typed keys while the end of a paste is missing, in bytes.
const MAX_TYPED: usize = 64;

/// Decoder of terminal input.
#[derive(Debug)]
pub struct Decoder {
    parser: Parser,
    reader: Reader,
    burst: Burst,
    /// The bracketed paste that is being received.
    paste: Option<Paste>,
    /// Whether a paste was given up whose end may still arrive.
    lacks_end: bool,
    escape_time: Duration,
    /// Time of the last bytes.
    last: Option<Instant>,
    /// Buffer for the units of one byte, kept to avoid allocations.
    units: Vec<Unit>,
}

impl Decoder {
    /// Changes the time before an ESC is taken for the Esc key.
    pub fn set_escape_time(&mut self, escape_time: Duration) {
        self.escape_time = escape_time;
    }

    /// Creates a decoder that waits `escape_time` before an ESC is taken for the Esc key.
    pub fn new(escape_time: Duration) -> Self {
        Self {
            parser: Parser::default(),
            reader: Reader::default(),
            burst: Burst::default(),
            paste: None,
            lacks_end: false,
            escape_time,
            last: None,
            units: Vec::new(),
        }
    }

    /// Decodes bytes that arrived at `now` and appends the events that are certain.
    pub fn push(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<TerminalEvent>) {
        if bytes.is_empty() {
            return;
        }
        self.last = Some(now);
        self.parser.forget_rest(now);
        if self.lacks_end && continues_paste(bytes) {
            // The paste goes on after a long pause; the rest of it must not act as keys.
            self.begin_paste(now, out);
        }
        for byte in bytes {
            let mut units = std::mem::take(&mut self.units);
            self.parser.advance(*byte, &mut units);
            for unit in units.drain(..) {
                self.take(&unit, now, out);
            }
            self.units = units;
        }
        self.burst.settle(now, out);
    }

    /// Returns when to call [`Decoder::expire`] if no more bytes arrive; `None` if nothing is incomplete.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.paste {
            Some(paste) => Some(self.last? + paste.wait_time(self.escape_time)),
            None => self.parser_deadline().into_iter().chain(self.burst.deadline()).min(),
        }
    }

    fn parser_deadline(&self) -> Option<Instant> {
        let time = match self.parser.pending() {
            Pending::Nothing => return None,
            Pending::Key => self.escape_time,
            Pending::Sequence => self.escape_time.max(SEQUENCE_TIME),
            Pending::Answer => self.escape_time.max(ANSWER_TIME),
        };
        Some(self.last? + time)
    }

    /// Decides about incomplete input whose time is over. Does nothing before the deadline.
    pub fn expire(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        if let Some(paste) = self.paste.take() {
            self.parser = Parser::default();
            self.lacks_end = true;
            return paste.give_up(out);
        }
        self.burst.expire(now, out);
        if self.parser_deadline().is_some_and(|deadline| deadline <= now) {
            let mut units = Vec::new();
            self.parser.give_up(now, &mut units);
            for unit in units {
                self.take(&unit, now, out);
            }
            self.burst.settle(now, out);
        }
    }

    /// Interprets one unit of input.
    fn take(&mut self, unit: &Unit, now: Instant, out: &mut Vec<TerminalEvent>) {
        if let Some(paste) = &mut self.paste {
            let is_end = matches!(unit, Unit::Csi { .. }) && self.reader.read(unit) == Some(Meaning::EndOfPaste);
            if !is_end {
                return paste.push(unit, &mut self.reader);
            }
        }
        match self.reader.read(unit) {
            Some(Meaning::Event(event)) => self.burst.push(event, now, out),
            Some(Meaning::StartOfPaste) => self.begin_paste(now, out),
            Some(Meaning::EndOfPaste) => {
                self.lacks_end = false;
                self.parser.set_literal(false);
                if let Some(paste) = self.paste.take() {
                    paste.end(out);
                }
            }
            None => {}
        }
    }

    fn begin_paste(&mut self, now: Instant, out: &mut Vec<TerminalEvent>) {
        self.burst.interrupt(now, out);
        self.lacks_end = false;
        self.parser.set_literal(true);
        self.paste = Some(Paste::default());
    }
}

/// Whether bytes belong to a paste that was given up: they contain its end, or text that nobody types at once.
fn continues_paste(bytes: &[u8]) -> bool {
    bytes.windows(END_OF_PASTE.len()).any(|part| part == END_OF_PASTE)
        || bytes.split(|byte| *byte == b'\x1b').any(|text| text.len() > MAX_TYPED)
}

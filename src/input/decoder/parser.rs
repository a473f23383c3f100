//! The state machine that splits input into characters, control codes and escape sequences.
//!
//! It follows the parser of the DEC VT500 terminals, with the additions that keyboards need: ESC before any key means
//! Alt, and some terminals use final bytes that are not final bytes elsewhere. Unlike a terminal, it never carries out
//! half a sequence: a control code inside a sequence ends that sequence and counts as a key.
//!
//! A sequence may be given up too early, because the line is slow. Then the parser stays in its state and expects the
//! rest of it (see `rest`): the bytes pass through the state machine as long as they can belong to it.

use std::time::Instant;

use super::rest::Rest;
use super::state::State;

/// Maximum length of the parameters of a sequence that is understood. Longer ones are dropped.
const MAX_PARAMETERS: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const DEL: u8 = 0x7f;
/// Begins a control sequence of an 8-bit terminal (C1).
const CSI: u8 = 0x9b;

/// A unit of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A character that is no control code.
    Char(char),
    /// A control code (C0 or DEL), ESC included.
    Control(u8),
    /// A character or control code after ESC.
    Alt(char),
    /// A control sequence (CSI). `alt` means that it had a second ESC in front.
    Csi { alt: bool, parameters: String, last: u8 },
    /// A single shift (SS3), which many keys use.
    Ss3 { alt: bool, parameters: String, last: u8 },
    /// A function key of the Linux console, `CSI [ A`.
    Linux { alt: bool, last: u8 },
    /// A mouse report in the oldest encoding: `CSI M` and three bytes.
    Mouse([u8; 3]),
    /// The content of an operating system command (OSC), with which terminals answer queries.
    Osc(String),
    /// The content of a device control string (DCS), with which terminals answer other queries.
    Dcs(String),
}

/// Input that the parser is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    /// Nothing: the next byte starts something new.
    Nothing,
    /// The rest of what could already be a key, such as ESC.
    Key,
    /// The rest of a sequence.
    Sequence,
    /// The rest of an answer of the terminal.
    Answer,
}

/// The parser. Sequences may be split between calls at any byte.
#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    /// Whether the sequence had a second ESC in front.
    alt: bool,
    /// Parameters of the sequence, or the bytes of an incomplete character.
    bytes: Vec<u8>,
    /// Whether the input is pasted text, in which only standard sequences occur and no keys.
    literal: bool,
    /// Present if the sequence was given up before its end, so that its rest may still arrive.
    rest: Option<Rest>,
}

impl Parser {
    /// Sets whether the input is pasted text.
    pub(super) fn set_literal(&mut self, literal: bool) {
        self.literal = literal;
    }

    /// Forgets a sequence that was given up if its rest is no longer expected: what follows is typed.
    pub(super) fn forget_rest(&mut self, now: Instant) {
        if self.rest.as_mut().is_some_and(|rest| !rest.is_expected(now)) {
            self.reset();
        }
    }

    /// Tells whether more bytes are needed. A character is never given up, since its rest can be nothing else.
    pub(super) fn pending(&self) -> Pending {
        match (&self.rest, self.state) {
            (_, State::Ground | State::Utf8 { .. }) => Pending::Nothing,
            (_, State::TextEscape { empty: false, .. }) => Pending::Answer,
            (Some(rest), _) if !rest.has_begun => Pending::Nothing,
            (Some(rest), _) if rest.is_certain || self.is_answer() => Pending::Answer,
            (None, State::Escape | State::Text { empty: true, .. }) => Pending::Key,
            (None, State::Csi | State::Ss3) if self.bytes.is_empty() => Pending::Key,
            _ => Pending::Sequence,
        }
    }

    /// Whether the sequence can only be an answer of the terminal, judging by its first bytes.
    fn is_answer(&self) -> bool {
        match (self.state, self.bytes.as_slice()) {
            (State::Csi, [first, _, ..]) => matches!(first, b'?' | b'>' | b'='),
            (State::Text { introducer: b']', .. }, bytes) => bytes.contains(&b';'),
            (State::Text { .. }, bytes) => bytes.len() > 1,
            _ => false,
        }
    }

    /// Processes one byte and appends the units that it completes.
    pub(super) fn advance(&mut self, byte: u8, units: &mut Vec<Unit>) {
        if self.rest.as_mut().is_some_and(|rest| !rest.take(self.state, &self.bytes, byte)) {
            let is_after_escape = matches!(self.state, State::TextEscape { .. });
            self.drop_sequence(units);
            return if is_after_escape { self.begin_escape(byte, units) } else { self.ground(byte, units) };
        }
        match self.state {
            State::Ground => self.ground(byte, units),
            State::Utf8 { alt } => self.utf8(alt, byte, units),
            State::Escape => self.escape(byte, units),
            State::Csi => self.csi(byte, units),
            State::Ss3 => self.ss3(byte, units),
            State::Linux if byte.is_ascii_graphic() => {
                units.push(Unit::Linux { alt: self.alt, last: byte });
                self.reset();
            }
            State::Mouse if byte >= b' ' => {
                self.bytes.push(byte);
                if let Ok(report) = <[u8; 3]>::try_from(self.bytes.as_slice()) {
                    units.push(Unit::Mouse(report));
                    self.reset();
                }
            }
            State::Text { introducer, empty } => self.text(introducer, empty, byte, units),
            State::TextEscape { introducer, empty } if byte == b'\\' => self.finish_text(introducer, empty, units),
            State::Linux | State::Mouse => self.abort(byte, units),
            State::TextEscape { introducer, empty } => {
                if empty {
                    units.push(Unit::Alt(char::from(introducer)));
                }
                self.begin_escape(byte, units);
            }
            State::Discard if matches!(byte, 0x20..=0x3f) => {}
            State::Discard => {
                self.reset();
                if !matches!(byte, 0x40..=0x7e) {
                    self.ground(byte, units);
                }
            }
        }
    }

    /// Processes the byte after an ESC.
    fn begin_escape(&mut self, byte: u8, units: &mut Vec<Unit>) {
        self.reset();
        self.state = State::Escape;
        self.escape(byte, units);
    }

    /// Decides without further bytes. What there is of an incomplete sequence acts if it is a key, and the rest is
    /// expected a little longer.
    pub(super) fn give_up(&mut self, now: Instant, units: &mut Vec<Unit>) {
        let state = self.state;
        match state {
            State::Ground | State::Utf8 { .. } => {}
            State::Linux | State::Mouse | State::Discard => self.reset(),
            // The ESC is a key, or half of an end whose other half is lost.
            State::TextEscape { .. } => {
                self.drop_sequence(units);
                units.push(Unit::Control(ESC));
            }
            // The rest that was late has stopped as well.
            _ if self.rest.is_some() => self.drop_sequence(units),
            State::Escape | State::Csi | State::Ss3 | State::Text { .. } => {
                let is_certain = !self.has_only_introducer();
                if !is_certain {
                    self.drop_sequence(units);
                    self.state = state;
                }
                self.rest = Some(Rest::new(now, is_certain));
            }
        }
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.rest = None;
        self.bytes.clear();
    }

    /// Whether nothing of the sequence has arrived but its introducer, which is a key: Esc, or one with Alt.
    fn has_only_introducer(&self) -> bool {
        match self.state {
            State::Escape => true,
            State::Csi | State::Ss3 => self.bytes.is_empty(),
            State::Text { empty, .. } | State::TextEscape { empty, .. } => empty,
            _ => false,
        }
    }

    /// Drops an incomplete sequence. If only its introducer has arrived, that was a key; if it was given up before, the
    /// rest was typed.
    fn drop_sequence(&mut self, units: &mut Vec<Unit>) {
        if let Some(rest) = self.rest.take() {
            units.extend(rest.typed.into_iter().map(|byte| Unit::Char(char::from(byte))));
        } else if self.has_only_introducer() {
            units.extend(self.alt.then_some(Unit::Control(ESC)));
            units.push(match self.state {
                State::Csi => Unit::Alt('['),
                State::Ss3 => Unit::Alt('O'),
                State::Text { introducer, .. } | State::TextEscape { introducer, .. } => {
                    Unit::Alt(char::from(introducer))
                }
                _ => Unit::Control(ESC),
            });
        }
        self.reset();
    }

    /// Ends a sequence at a byte that cannot belong to it; the byte starts something new.
    fn abort(&mut self, byte: u8, units: &mut Vec<Unit>) {
        self.drop_sequence(units);
        self.ground(byte, units);
    }

    fn ground(&mut self, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            ESC => self.state = State::Escape,
            0..=0x1f | DEL => units.push(Unit::Control(byte)),
            b' '..=b'~' => units.push(Unit::Char(char::from(byte))),
            0x80.. => self.begin_character(false, byte),
        }
    }

    /// Starts a character of several bytes. A byte that cannot start one is dropped.
    fn begin_character(&mut self, alt: bool, byte: u8) {
        self.reset();
        if byte == CSI && self.literal {
            self.state = State::Discard;
        } else if matches!(byte, 0xc2..=0xf4) {
            self.bytes.push(byte);
            self.state = State::Utf8 { alt };
        }
    }

    fn utf8(&mut self, alt: bool, byte: u8, units: &mut Vec<Unit>) {
        self.bytes.push(byte);
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => {
                let character = text.chars().next();
                // C1 control codes, which only 8-bit terminals use, are no text.
                let shown = character.filter(|c| !c.is_control());
                units.extend(shown.map(|c| if alt { Unit::Alt(c) } else { Unit::Char(c) }));
                self.reset();
                if self.literal && character == Some(char::from(CSI)) {
                    self.state = State::Discard;
                }
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => {
                self.reset();
                self.ground(byte, units);
            }
        }
    }

    fn escape(&mut self, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            ESC => {
                if self.alt {
                    units.push(Unit::Control(ESC));
                }
                self.alt = true;
            }
            b'[' => self.state = State::Csi,
            b'O' => self.state = State::Ss3,
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::Text { introducer: byte, empty: true },
            0..=0x7f => {
                if self.alt {
                    units.push(Unit::Control(ESC));
                }
                units.push(Unit::Alt(char::from(byte)));
                self.reset();
            }
            0x80.. => self.begin_character(true, byte),
        }
    }

    fn csi(&mut self, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            b'[' if self.bytes.is_empty() && !self.literal => self.state = State::Linux,
            b'M' if self.bytes.is_empty() && !self.literal => self.state = State::Mouse,
            // rxvt ends keys with Shift in `$`, which elsewhere precedes the final byte.
            b'$' if self.is_one_number() && !self.literal => self.finish_csi(byte, units),
            0x20..=0x3f => self.parameter(byte),
            0x40..=0x7e => self.finish_csi(byte, units),
            _ => self.abort(byte, units),
        }
    }

    fn is_one_number(&self) -> bool {
        !self.bytes.is_empty() && self.bytes.iter().all(u8::is_ascii_digit)
    }

    fn ss3(&mut self, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            b'0'..=b';' if !self.literal => self.parameter(byte),
            b' '..=b'~' => {
                let parameters = self.parameters();
                let alt = self.alt;
                units.extend(parameters.map(|parameters| Unit::Ss3 { alt, parameters, last: byte }));
                self.reset();
            }
            _ => self.abort(byte, units),
        }
    }

    fn text(&mut self, introducer: u8, empty: bool, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            ESC => self.state = State::TextEscape { introducer, empty },
            BEL if !empty => self.finish_text(introducer, empty, units),
            CAN | SUB if !empty => self.reset(),
            0..=0x1f | DEL => self.abort(byte, units),
            _ => {
                self.state = State::Text { introducer, empty: false };
                self.parameter(byte);
            }
        }
    }

    /// Ends a sequence with a text. Only an OSC or DCS has a meaning, unless it is within pasted text.
    fn finish_text(&mut self, introducer: u8, empty: bool, units: &mut Vec<Unit>) {
        let unit = match introducer {
            b']' => Some(Unit::Osc as fn(String) -> Unit),
            b'P' => Some(Unit::Dcs as fn(String) -> Unit),
            _ => None,
        };
        if let Some(unit) = unit.filter(|_| !empty && !self.literal) {
            units.extend(self.parameters().map(unit));
        }
        self.reset();
    }

    fn parameter(&mut self, byte: u8) {
        // One more than the maximum marks a sequence as too long.
        if self.bytes.len() <= MAX_PARAMETERS {
            self.bytes.push(byte);
        }
    }

    /// Returns the parameters of the sequence; `None` if they are too long.
    fn parameters(&self) -> Option<String> {
        let parameters = (self.bytes.len() <= MAX_PARAMETERS).then_some(self.bytes.as_slice())?;
        Some(String::from_utf8_lossy(parameters).into_owned())
    }

    fn finish_csi(&mut self, last: u8, units: &mut Vec<Unit>) {
        let alt = self.alt;
        units.extend(self.parameters().map(|parameters| Unit::Csi { alt, parameters, last }));
        self.reset();
    }
}

//! The state machine that splits input into characters, control codes and escape sequences.
//!
//! It follows the parser of the DEC VT500 terminals, with the additions that keyboards need: ESC before any key means
//! Alt, and some terminals use final bytes that are not final bytes elsewhere. Unlike a terminal, it never carries out
//! half a sequence: a control code inside a sequence ends that sequence and counts as a key.

/// Maximum length of the parameters of a sequence that is understood. Longer ones are dropped.
const MAX_PARAMETERS: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const DEL: u8 = 0x7f;

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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    /// Within a character of several bytes; `alt` if ESC preceded it.
    Utf8 {
        alt: bool,
    },
    Escape,
    Csi,
    Ss3,
    Linux,
    Mouse,
    /// In the content of an OSC, DCS, APC, PM or SOS sequence.
    Text {
        introducer: u8,
        empty: bool,
    },
    /// After an ESC in such a content.
    TextEscape {
        introducer: u8,
        empty: bool,
    },
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
    /// Whether an ESC has just been taken for the Esc key, so that the rest of its sequence may still arrive.
    is_late: bool,
    /// Whether the sequence is such a rest. If it turns out to be no key, it is text.
    is_tail: bool,
}

impl Parser {
    /// Sets whether the input is pasted text.
    pub(super) fn set_literal(&mut self, literal: bool) {
        self.literal = literal;
    }

    /// Forgets that an ESC was taken for the Esc key: what follows is typed.
    pub(super) fn forget_escape(&mut self) {
        self.is_late = false;
    }

    /// Tells whether more bytes are needed.
    pub(super) fn pending(&self) -> Pending {
        match self.state {
            State::Ground => Pending::Nothing,
            State::Escape | State::Text { empty: true, .. } => Pending::Key,
            State::Csi | State::Ss3 if self.bytes.is_empty() && !self.is_tail => Pending::Key,
            _ => Pending::Sequence,
        }
    }

    /// Processes one byte and appends the units that it completes.
    pub(super) fn advance(&mut self, byte: u8, units: &mut Vec<Unit>) {
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
                self.reset();
                self.state = State::Escape;
                self.escape(byte, units);
            }
        }
    }

    /// Decides without further bytes. An incomplete sequence is dropped, unless what there is of it is a key.
    pub(super) fn give_up(&mut self, units: &mut Vec<Unit>) {
        match self.state {
            State::Escape => {
                units.extend(std::iter::repeat_n(Unit::Control(ESC), if self.alt { 2 } else { 1 }));
                self.is_late = true;
            }
            // The ESC is a key, or half of an end whose other half is lost.
            State::TextEscape { .. } => {
                self.drop_sequence(units);
                units.push(Unit::Control(ESC));
            }
            State::Csi | State::Ss3 | State::Text { .. } => self.drop_sequence(units),
            State::Ground | State::Utf8 { .. } | State::Linux | State::Mouse => {}
        }
        self.reset();
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.is_tail = false;
        self.bytes.clear();
    }

    /// Drops an incomplete sequence. If only its introducer has arrived, that was a key with Alt.
    fn drop_sequence(&mut self, units: &mut Vec<Unit>) {
        let introducer = match self.state {
            State::Csi if self.bytes.is_empty() => Some('['),
            State::Ss3 if self.bytes.is_empty() => Some('O'),
            State::Text { introducer, empty: true } | State::TextEscape { introducer, empty: true } => {
                Some(char::from(introducer))
            }
            _ => None,
        };
        if self.is_tail {
            let first = if self.state == State::Csi { b'[' } else { b'O' };
            let typed = std::iter::once(&first).chain(&self.bytes);
            units.extend(typed.map(|byte| Unit::Char(char::from(*byte))));
        } else if let Some(introducer) = introducer {
            if self.alt {
                units.push(Unit::Control(ESC));
            }
            units.push(Unit::Alt(introducer));
        }
        self.reset();
    }

    /// Ends a sequence at a byte that cannot belong to it; the byte starts something new.
    fn abort(&mut self, byte: u8, units: &mut Vec<Unit>) {
        self.drop_sequence(units);
        self.ground(byte, units);
    }

    fn ground(&mut self, byte: u8, units: &mut Vec<Unit>) {
        let is_late = std::mem::take(&mut self.is_late);
        match byte {
            b'[' | b'O' if is_late => {
                self.is_tail = true;
                self.state = if byte == b'[' { State::Csi } else { State::Ss3 };
            }
            ESC => self.state = State::Escape,
            0..=0x1f | DEL => units.push(Unit::Control(byte)),
            b' '..=b'~' => units.push(Unit::Char(char::from(byte))),
            0x80.. => self.begin_character(false, byte),
        }
    }

    /// Starts a character of several bytes. A byte that cannot start one is dropped.
    fn begin_character(&mut self, alt: bool, byte: u8) {
        self.reset();
        if matches!(byte, 0xc2..=0xf4) {
            self.bytes.push(byte);
            self.state = State::Utf8 { alt };
        }
    }

    fn utf8(&mut self, alt: bool, byte: u8, units: &mut Vec<Unit>) {
        self.bytes.push(byte);
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => {
                // C1 control codes, which only 8-bit terminals use, are no text.
                let character = text.chars().next().filter(|c| !c.is_control());
                units.extend(character.map(|c| if alt { Unit::Alt(c) } else { Unit::Char(c) }));
                self.reset();
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
            _ if self.is_tail && !self.continues_tail(byte) => self.abort(byte, units),
            b'[' if self.bytes.is_empty() && !self.literal => self.state = State::Linux,
            b'M' if self.bytes.is_empty() && !self.literal => self.state = State::Mouse,
            // rxvt ends keys with Shift in `$`, which elsewhere precedes the final byte.
            b'$' if self.is_one_number() && !self.literal => self.finish_csi(byte, units),
            0x20..=0x3f => self.parameter(byte),
            0x40..=0x7e => self.finish_csi(byte, units),
            _ => self.abort(byte, units),
        }
    }

    /// Whether a byte can belong to the rest of a key whose ESC came too early.
    fn continues_tail(&self, byte: u8) -> bool {
        match byte {
            b'0'..=b';' | b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' => true,
            b'~' | b'u' => !self.bytes.is_empty(),
            _ => false,
        }
    }

    fn is_one_number(&self) -> bool {
        !self.bytes.is_empty() && self.bytes.iter().all(u8::is_ascii_digit)
    }

    fn ss3(&mut self, byte: u8, units: &mut Vec<Unit>) {
        match byte {
            _ if self.is_tail && !self.continues_tail(byte) => self.abort(byte, units),
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

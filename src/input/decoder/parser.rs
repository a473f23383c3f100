//! The state machine that splits input into characters, control codes and escape sequences.
//!
//! It follows the parser of the DEC VT500 terminals, with the additions that keyboards need: ESC before any key means
//! Alt, and some terminals use final bytes that are not final bytes elsewhere. Unlike a terminal, it never carries out
//! half a sequence: a control code inside a sequence ends that sequence and counts as a key.
//!
//! A sequence may be given up too early, because the line is slow. Its rest is still recognised (`Late`), so that it
//! does not act as keys. If it turns out to be something else, it was typed, and nothing of it is lost.

use super::codes;

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
    /// In a control sequence of an 8-bit terminal within pasted text, which means nothing, not even the end of the paste.
    Discard,
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

/// The rest of a sequence that was given up. It is text if it does not complete the sequence.
#[derive(Debug, Default)]
struct Late {
    /// The bytes that have arrived so far.
    typed: Vec<u8>,
    /// Whether the rest of a key is not expected any more, only that of an answer.
    answers_only: bool,
    /// Whether more than the introducer had arrived in time, so that it was no key.
    is_certain: bool,
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
    late: Option<Late>,
}

impl Parser {
    /// Sets whether the input is pasted text.
    pub(super) fn set_literal(&mut self, literal: bool) {
        self.literal = literal;
    }

    /// Expects only the rest of an answer of the terminal, unless a rest has begun: what looks like a key is typed.
    pub(super) fn expect_answer(&mut self) {
        self.late.iter_mut().filter(|late| late.typed.is_empty()).for_each(|late| late.answers_only = true);
    }

    /// Forgets the sequence that was given up, unless its rest has begun: what follows is typed.
    pub(super) fn forget_late(&mut self) {
        if self.late.as_ref().is_some_and(|late| late.typed.is_empty()) && !self.is_in_terminator() {
            self.reset();
        }
    }

    /// Tells whether more bytes are needed. A character is never given up, since its rest can be nothing else.
    pub(super) fn pending(&self) -> Pending {
        match (&self.late, self.state) {
            (_, State::Ground | State::Utf8 { .. }) => Pending::Nothing,
            (_, State::TextEscape { empty: false, .. }) => Pending::Answer,
            (Some(late), _) if late.typed.is_empty() => Pending::Nothing,
            (Some(late), _) if late.is_certain || self.is_answer() => Pending::Answer,
            (None, State::Escape | State::Text { empty: true, .. }) => Pending::Key,
            (None, State::Csi | State::Ss3) if self.bytes.is_empty() => Pending::Key,
            _ => Pending::Sequence,
        }
    }

    fn is_in_terminator(&self) -> bool {
        matches!(self.state, State::TextEscape { .. })
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
        if let Some(late) = &self.late {
            if !self.continues_late(late, byte) {
                let is_in_terminator = self.is_in_terminator();
                self.drop_sequence(units);
                return if is_in_terminator { self.begin_escape(byte, units) } else { self.ground(byte, units) };
            }
            self.late.iter_mut().filter(|_| is_printable(byte)).for_each(|late| late.typed.push(byte));
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
    pub(super) fn give_up(&mut self, units: &mut Vec<Unit>) {
        let state = self.state;
        if self.late.is_some() {
            self.drop_sequence(units);
            units.extend(matches!(state, State::TextEscape { .. }).then_some(Unit::Control(ESC)));
            return;
        }
        let is_certain = !self.has_only_introducer();
        match state {
            State::Ground | State::Utf8 { .. } => return,
            State::Escape => {
                units.extend(std::iter::repeat_n(Unit::Control(ESC), if self.alt { 2 } else { 1 }));
                self.reset();
            }
            State::Csi | State::Ss3 | State::Text { .. } if is_certain => {}
            State::Csi | State::Ss3 | State::Text { .. } => self.drop_sequence(units),
            // The ESC is a key, or half of an end whose other half is lost.
            State::TextEscape { .. } => {
                self.drop_sequence(units);
                units.push(Unit::Control(ESC));
                return;
            }
            State::Linux | State::Mouse | State::Discard => return self.reset(),
        }
        self.state = state;
        self.late = Some(Late { is_certain, ..Late::default() });
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.late = None;
        self.bytes.clear();
    }

    /// Whether nothing of the sequence has arrived but its introducer, which is a key with Alt.
    fn has_only_introducer(&self) -> bool {
        match self.state {
            State::Escape => true,
            State::Csi | State::Ss3 => self.bytes.is_empty(),
            State::Text { empty, .. } | State::TextEscape { empty, .. } => empty,
            _ => false,
        }
    }

    /// Drops an incomplete sequence. If only its introducer has arrived, that was a key with Alt; if it was given up
    /// before, the rest was typed.
    fn drop_sequence(&mut self, units: &mut Vec<Unit>) {
        let introducer = match self.state {
            State::Csi => '[',
            State::Ss3 => 'O',
            State::Text { introducer, .. } | State::TextEscape { introducer, .. } => char::from(introducer),
            _ => return self.reset(),
        };
        if let Some(late) = self.late.take() {
            units.extend(late.typed.into_iter().map(|byte| Unit::Char(char::from(byte))));
        } else if self.has_only_introducer() {
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

    /// Whether a byte can belong to the rest of the sequence that was given up. Nobody types such a rest on purpose.
    fn continues_late(&self, late: &Late, byte: u8) -> bool {
        if late.typed.len() >= MAX_PARAMETERS {
            return false;
        }
        match self.state {
            State::Escape => matches!(byte, b'[' | b']') || !late.answers_only && matches!(byte, b'O' | b'P' | b'_'),
            State::Csi => match self.bytes.first() {
                None => matches!(byte, b'0'..=b'?') || !late.answers_only && codes::of_letter(byte).is_some(),
                Some(b'<') => matches!(byte, b'0'..=b';' | b'M' | b'm'),
                Some(b'=' | b'>' | b'?') => {
                    matches!(byte, b'$' | b'0'..=b';' | b'R' | b'S' | b'c' | b'n' | b't' | b'u' | b'y')
                }
                Some(_) => {
                    let is_last = codes::of_letter(byte).is_some() || b"~$^@cntu".contains(&byte);
                    matches!(byte, b'0'..=b';') || is_last
                }
            },
            State::Ss3 => matches!(byte, b'0'..=b';') || codes::of_letter(byte).is_some(),
            State::Text { empty: false, .. } if matches!(byte, ESC | BEL) => true,
            State::Text { introducer, .. } => is_answer_text(introducer, &self.bytes, byte),
            State::TextEscape { .. } => byte == b'\\',
            State::Ground | State::Utf8 { .. } | State::Linux | State::Mouse | State::Discard => false,
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

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Whether a byte can follow the beginning of an answer that is an OSC, a DCS or an APC: a color, the name of the terminal,
/// a setting, a picture.
fn is_answer_text(introducer: u8, begun: &[u8], byte: u8) -> bool {
    match (introducer, begun) {
        (b']', begun) if begun.iter().all(u8::is_ascii_digit) => {
            byte.is_ascii_digit() || byte == b';' && !begun.is_empty()
        }
        // 4 and from 10 to 19 are colors.
        (b']', [b'4', b';', ..] | [b'1', _, b';', ..]) => {
            byte.is_ascii_hexdigit() || matches!(byte, b'/' | b':' | b';' | b'?' | b'#' | b'r' | b'g')
        }
        (b'P', []) => matches!(byte, b'>' | b'0' | b'1' | b'!'),
        (b'_', []) => byte == b'G',
        (_, begun) => !begun.is_empty() && is_printable(byte),
    }
}

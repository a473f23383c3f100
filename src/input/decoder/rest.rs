//! The rest of a sequence that was given up, because it did not arrive in time.
//!
//! A slow line may still deliver it. It must not act as keys then, so it is expected for a while: at first that of any
//! sequence, later only that of an answer of the terminal, since no key begins like one. If it turns out to be something
//! else, it was typed, and nothing of it is lost.

use std::time::{Duration, Instant};

use super::codes;
use super::state::State;

/// Time after which the rest of a key is no longer expected. People pause longer than this between two keys, so an
/// incomplete sequence does not swallow the next key.
pub(super) const SEQUENCE_TIME: Duration = Duration::from_millis(100);

/// Time after which the rest of an answer of the terminal is no longer expected. Keys do not begin like one, so a slow line
/// may have more time than people leave between two keys.
pub(super) const ANSWER_TIME: Duration = Duration::from_millis(500);

/// Maximum length of a rest, in bytes.
const MAX_REST: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// The rest of a sequence that was given up.
#[derive(Debug)]
pub(super) struct Rest {
    /// When the sequence was given up.
    gave_up: Instant,
    /// Whether more than the introducer had arrived in time, so that it was no key.
    pub(super) is_certain: bool,
    /// Whether a part of the rest has arrived.
    pub(super) has_begun: bool,
    /// The characters that have arrived. They were typed if they do not complete the sequence.
    pub(super) typed: Vec<u8>,
    /// Whether only the rest of an answer is still expected.
    answers_only: bool,
}

impl Rest {
    /// Expects the rest of a sequence that is given up now.
    pub(super) fn new(now: Instant, is_certain: bool) -> Self {
        Self { gave_up: now, is_certain, has_begun: false, typed: Vec::new(), answers_only: false }
    }

    /// Expects less the more time has passed, unless the rest has begun. Returns whether anything is expected.
    pub(super) fn is_expected(&mut self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.gave_up);
        self.answers_only |= !self.has_begun && age > SEQUENCE_TIME;
        self.has_begun || age <= ANSWER_TIME
    }

    /// Takes a byte that can belong to the rest of a sequence of which `begun` has arrived. Returns whether it can.
    pub(super) fn take(&mut self, state: State, begun: &[u8], byte: u8) -> bool {
        let belongs = self.typed.len() < MAX_REST && self.can_continue(state, begun, byte);
        self.has_begun |= belongs;
        if belongs && is_printable(byte) {
            self.typed.push(byte);
        }
        belongs
    }

    /// Whether a byte can belong to the rest. Nobody types such a rest on purpose.
    fn can_continue(&self, state: State, begun: &[u8], byte: u8) -> bool {
        match state {
            State::Escape => matches!(byte, b'[' | b']') || !self.answers_only && matches!(byte, b'O' | b'P' | b'_'),
            State::Csi => match begun.first() {
                None => matches!(byte, b'0'..=b'?') || !self.answers_only && codes::of_letter(byte).is_some(),
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
            State::Text { introducer, .. } => is_answer_text(introducer, begun, byte),
            State::TextEscape { .. } => byte == b'\\',
            State::Ground | State::Utf8 { .. } | State::Linux | State::Mouse | State::Discard => false,
        }
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

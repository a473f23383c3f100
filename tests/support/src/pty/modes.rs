//! Terminal modes that a program has switched on and not off again, read from the bytes it wrote.
//!
//! The screen model knows some of these modes and forgets others (focus, kitty flags, synchronised update); the
//! transcript contains all of them.

use std::collections::BTreeSet;

/// Modes that are on at the end of a transcript.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerminalModes {
    /// DEC private modes that are set. The cursor's visibility (25) and autowrap (7) are on in a fresh terminal; they
    /// are listed in [`TerminalModes::off`] when they were switched off.
    pub on: BTreeSet<u16>,
    /// Modes that are on in a fresh terminal and were switched off.
    pub off: BTreeSet<u16>,
    /// Number of kitty keyboard flag sets that were pushed and not popped.
    pub kitty_depth: u32,
    /// Whether xterm's modifyOtherKeys is on.
    pub modify_other_keys: bool,
}

/// DEC private modes that are set in a fresh terminal.
const ON_BY_DEFAULT: [u16; 2] = [7, 25];

impl TerminalModes {
    /// Reads every mode change in `transcript`.
    pub fn after(transcript: &[u8]) -> Self {
        let mut modes = Self::default();
        let mut rest = transcript;
        while let Some(at) = find(rest, b"\x1b[") {
            rest = &rest[at + 2..];
            let Some(end) = rest.iter().position(|byte| (0x40..=0x7e).contains(byte)) else { break };
            modes.apply(&rest[..end], rest[end]);
            rest = &rest[end + 1..];
        }
        modes
    }

    /// Whether all modes are those of a fresh terminal: main screen, cursor shown, no mouse, paste, focus or kitty
    /// mode.
    pub fn are_fresh(&self) -> bool {
        *self == Self::default()
    }

    fn apply(&mut self, parameters: &[u8], last: u8) {
        let Some((&mark, digits)) = parameters.split_first() else { return };
        let numbers = digits.split(|byte| *byte == b';').filter_map(number);
        match (mark, last) {
            (b'?', b'h' | b'l') => numbers.for_each(|mode| self.set(mode, last == b'h')),
            (b'>', b'm') => {
                let mut numbers = numbers;
                if numbers.next() == Some(4) {
                    self.modify_other_keys = numbers.next().is_some_and(|level| level > 0);
                }
            }
            (b'>', b'u') => self.kitty_depth += 1,
            (b'<', b'u') => {
                let count = u32::from(numbers.max().unwrap_or(1));
                self.kitty_depth = self.kitty_depth.saturating_sub(count);
            }
            _ => {}
        }
    }

    fn set(&mut self, mode: u16, on: bool) {
        let (changed, set) = if ON_BY_DEFAULT.contains(&mode) { (&mut self.off, !on) } else { (&mut self.on, on) };
        if set {
            changed.insert(mode);
        } else {
            changed.remove(&mode);
        }
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

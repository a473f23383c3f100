//! Tables of the numbers and letters by which terminals name the special keys.

use crate::input::key::Code;

/// Returns the key for the number of a sequence that ends in `~`.
pub(super) fn of_number(number: u16) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => f(number - 10),
        17..=21 => f(number - 11),
        23 | 24 => f(number - 12),
        _ => return None,
    })
}

/// Returns the key for the final byte of a CSI or SS3 sequence.
pub(super) fn of_letter(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'F' => Code::End,
        b'H' => Code::Home,
        b'P'..=b'S' => f(u16::from(letter - b'P') + 1),
        _ => return None,
    })
}

/// Returns the key of the application keypad for the final byte of an SS3 sequence.
pub(super) fn of_keypad(letter: u8) -> Option<Code> {
    Some(match letter {
        b' ' => Code::Char(' '),
        b'I' => Code::Tab,
        b'M' => Code::Enter,
        b'X' => Code::Char('='),
        // From `*` to `9`, in the order of ASCII.
        b'j'..=b'y' => Code::Char(char::from(letter - b'j' + b'*')),
        _ => return None,
    })
}

/// Returns the key for a code that the kitty protocol uses for a key without a character, or for one of the keypad.
pub(super) fn of_functional(code: u32) -> Option<Code> {
    Some(match code {
        8 | 127 => Code::Backspace,
        9 => Code::Tab,
        13 | 57_414 => Code::Enter,
        27 => Code::Esc,
        57_399..=57_408 => Code::Char(char::from_digit(code - 57_399, 10)?),
        57_409 => Code::Char('.'),
        57_410 => Code::Char('/'),
        57_411 => Code::Char('*'),
        57_412 => Code::Char('-'),
        57_413 => Code::Char('+'),
        57_415 => Code::Char('='),
        57_416 => Code::Char(','),
        57_417 => Code::Left,
        57_418 => Code::Right,
        57_419 => Code::Up,
        57_420 => Code::Down,
        57_421 => Code::PageUp,
        57_422 => Code::PageDown,
        57_423 => Code::Home,
        57_424 => Code::End,
        57_426 => Code::Delete,
        _ => return None,
    })
}

/// Whether a code is in the range that the kitty protocol uses for keys, such as Caps Lock or the volume keys.
pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

fn f(number: u16) -> Code {
    Code::F(u8::try_from(number).unwrap_or_default())
}

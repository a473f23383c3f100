//! Keys and mouse events, independent of the terminal library; how keys are written in the configuration and shown.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::layout;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// A character. Upper and lower case are different keys unless Ctrl or Alt is held.
    Char(char),
    /// A function key, 1 to 12.
    F(u8),
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The key itself.
    pub code: Code,
    /// Ctrl is held.
    pub ctrl: bool,
    /// Alt is held.
    pub alt: bool,
    /// Shift is held; never set for a character without Ctrl or Alt, whose case already tells.
    pub shift: bool,
}

/// The kind of a mouse event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MouseKind {
    /// The left button was pressed.
    Click,
    /// The mouse was moved to another cell while the left button is held.
    Drag,
    /// The wheel was turned up, away from the user.
    WheelUp,
    /// The wheel was turned down, towards the user.
    WheelDown,
}

/// A mouse event at a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mouse {
    /// The kind of event.
    pub kind: MouseKind,
    /// The column, from 0.
    pub column: u16,
    /// The row, from 0.
    pub row: u16,
}

/// The text of a key in the configuration that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a key; write it like `ctrl+k`, `alt+shift+up`, `f1` or `e`")]
pub struct KeyError(pub String);

/// Names of keys in the configuration, besides single characters and `f1` to `f12`.
const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("tab", Code::Tab),
    ("esc", Code::Esc),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("left", Code::Left),
    ("right", Code::Right),
    ("up", Code::Up),
    ("down", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
    ("plus", Code::Char('+')),
];

/// Names that the program shows and the configuration does not need.
const SHOWN_NAMES: &[(&str, Code)] = &[
    ("↑", Code::Up),
    ("↓", Code::Down),
    ("←", Code::Left),
    ("→", Code::Right),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
];

impl Key {
    /// The words of which a key consists in the configuration: modifiers, and names of keys.
    pub fn words() -> impl Iterator<Item = &'static str> {
        ["ctrl", "alt", "shift"].into_iter().chain(NAMES.iter().map(|(name, _)| *name))
    }

    /// `code` without modifiers.
    pub fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    /// Creates a key in its normal form. With Ctrl or Alt, a letter is lower case and `shift` holds its case; without
    /// them a character never has `shift`, since terminals differ in reporting it. With Ctrl or Alt, a letter of
    /// another script becomes the Latin one on the same key, so that bindings work with every keyboard layout.
    pub fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char(c) if ctrl || alt => {
                let lower = c.to_lowercase().next().unwrap_or(c);
                let shift = c.is_alphabetic() && (shift || c.is_uppercase());
                Self { code: Code::Char(layout::latin(lower).unwrap_or(lower)), ctrl, alt, shift }
            }
            Code::Char(_) => Self { code, ctrl, alt, shift: false },
            _ => Self { code, ctrl, alt, shift },
        }
    }

    /// The key without Ctrl or Alt that types a Latin letter where this one types a letter of another script.
    pub fn latin(self) -> Option<Self> {
        let c = self.typed()?;
        let lower = c.to_lowercase().next().unwrap_or(c);
        let latin = layout::latin(lower)?;
        Some(Self::plain(Code::Char(if c.is_uppercase() { latin.to_ascii_uppercase() } else { latin })))
    }

    /// The special key that terminals have always sent the same byte for: Backspace for Ctrl+H, Enter for Ctrl+M, Tab
    /// for Ctrl+I and Esc for Ctrl+[.
    pub fn legacy(self) -> Option<Self> {
        let code = match self.code {
            Code::Char('h') => Code::Backspace,
            Code::Char('m') => Code::Enter,
            Code::Char('i') => Code::Tab,
            Code::Char('[') => Code::Esc,
            _ => return None,
        };
        self.ctrl.then_some(Self { code, ctrl: false, ..self })
    }

    /// The key as it is shown on terminals that only have ASCII characters.
    pub fn in_ascii(self) -> String {
        let words = [('←', "Left"), ('→', "Right"), ('↑', "Up"), ('↓', "Down")];
        words.iter().fold(self.to_string(), |text, (arrow, word)| text.replace(*arrow, word))
    }

    /// The character that the key types; `None` with Ctrl or Alt.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let error = || KeyError(text.to_owned());
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text;
        while let Some((modifier, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
            let held = match modifier {
                _ if modifier.eq_ignore_ascii_case("ctrl") => &mut ctrl,
                _ if modifier.eq_ignore_ascii_case("alt") => &mut alt,
                _ if modifier.eq_ignore_ascii_case("shift") => &mut shift,
                _ => return Err(error()),
            };
            *held = true;
            rest = after;
        }
        let mut chars = rest.chars();
        let is_meant = |(name, _): &&(&str, Code)| name.eq_ignore_ascii_case(rest);
        let code = if let Some((_, code)) = NAMES.iter().chain(SHOWN_NAMES).find(is_meant) {
            *code
        } else if let (Some(only), None) = (chars.next(), chars.next()) {
            let upper = shift && !ctrl && !alt;
            Code::Char(if upper { only.to_uppercase().next().unwrap_or(only) } else { only })
        } else {
            let number = rest.strip_prefix(['f', 'F']).and_then(|number| number.parse().ok());
            Code::F(number.filter(|number| (1..=12).contains(number)).ok_or_else(error)?)
        };
        Ok(Self::new(code, ctrl, alt, shift))
    }
}

impl Key {
    /// Parses keys with blanks in between, each written as in the configuration or as the program shows it: `ctrl+k` or
    /// `Ctrl+K`.
    ///
    /// # Errors
    /// If one is no key.
    pub fn parse_all(keys: &str) -> Result<Vec<Self>, KeyError> {
        let is_character = |word: &str| word.chars().nth(1).is_none();
        keys.split_whitespace()
            .map(|word| if is_character(word) { word.parse() } else { word.to_lowercase().parse() })
            .collect()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modified = self.ctrl || self.alt;
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) if modified => write!(f, "{}", c.to_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(number) => write!(f, "F{number}"),
            Code::Up => f.write_str("↑"),
            Code::Down => f.write_str("↓"),
            Code::Left => f.write_str("←"),
            Code::Right => f.write_str("→"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            code => write!(f, "{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, KeyError> {
        text.parse::<Key>().map(|key| key.to_string())
    }

    #[test]
    fn key_is_shown_in_the_usual_notation() {
        assert_eq!(shown("ctrl+k").as_deref(), Ok("Ctrl+K"));
        assert_eq!(shown("Alt+Shift+Down").as_deref(), Ok("Alt+Shift+↓"));
        assert_eq!(shown("f1").as_deref(), Ok("F1"));
        assert_eq!(shown("Y").as_deref(), Ok("Y"));
        assert_eq!(shown("+").as_deref(), Ok("+"));
        assert_eq!(shown("ctrl+space").as_deref(), Ok("Ctrl+Space"));
        assert_eq!("alt+shift+down".parse().map(Key::in_ascii).as_deref(), Ok("Alt+Shift+Down"));
    }

    #[test]
    fn capital_with_alt_is_normalized_to_shift() {
        assert_eq!(Key::new(Code::Char('A'), false, true, false), Key::new(Code::Char('a'), false, true, true));
        assert_eq!("shift+y".parse(), Ok(Key::plain(Code::Char('Y'))));
    }

    #[test]
    fn letter_of_another_script_is_the_key_of_a_us_keyboard() {
        assert_eq!(Key::new(Code::Char('л'), true, false, false), Key::new(Code::Char('k'), true, false, false));
        assert_eq!(Key::new(Code::Char('Σ'), false, true, false), Key::new(Code::Char('s'), false, true, true));
        assert_eq!(Key::plain(Code::Char('К')).latin(), Some(Key::plain(Code::Char('R'))));
        assert_eq!(Key::plain(Code::Char('r')).latin(), None);
        assert_eq!(Key::plain(Code::Char('л')).typed(), Some('л'));
    }

    #[test]
    fn legacy_control_codes_are_special_keys() {
        let key = |text: &str| text.parse::<Key>().unwrap();
        assert_eq!(key("ctrl+h").legacy(), Some(key("backspace")));
        assert_eq!(key("ctrl+alt+h").legacy(), Some(key("alt+backspace")));
        assert_eq!(key("ctrl+m").legacy(), Some(key("enter")));
        assert_eq!((key("h").legacy(), key("alt+h").legacy(), key("ctrl+k").legacy()), (None, None, None));
    }

    #[test]
    fn unknown_key_is_rejected() {
        assert!("hyper+k".parse::<Key>().is_err());
        assert!("f13".parse::<Key>().is_err());
        assert!("".parse::<Key>().is_err());
    }

    /// Regression test: a capital letter meant that Shift is held, although the hints are written with capitals.
    #[test]
    fn keys_are_read_as_they_are_shown() {
        let shown: Vec<String> =
            Key::parse_all("Ctrl+K ctrl+k Ctrl+Shift+K K k Enter").unwrap().iter().map(Key::to_string).collect();
        assert_eq!(shown, ["Ctrl+K", "Ctrl+K", "Ctrl+Shift+K", "K", "k", "Enter"]);
        assert!(Key::parse_all("ctrl+k hyper+x").is_err());
    }
}

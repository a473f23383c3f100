//! Translation of control codes and sequences into keys, in the encodings of xterm, VT100, rxvt, the Linux console,
//! kitty and xterm's modifyOtherKeys.

use super::mouse;
use super::parser::Unit;
use super::{TerminalEvent, codes};
use crate::input::key::{Code, Key};

/// Meaning of a unit of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Event(TerminalEvent),
    StartOfPaste,
    EndOfPaste,
}

impl From<Key> for Meaning {
    fn from(key: Key) -> Self {
        Self::Event(TerminalEvent::Key(key))
    }
}

/// Modifiers of a key.
#[derive(Debug, Clone, Copy, Default)]
struct Modifiers {
    shift: bool,
    alt: bool,
    ctrl: bool,
    /// Super or Hyper, with which a key is a shortcut of the desktop and not ours.
    desktop: bool,
}

impl Modifiers {
    const ALT: Self = Self { shift: false, alt: true, ctrl: false, desktop: false };

    /// Reads the parameter of the modifiers, such as `5` or, under the kitty protocol, `5:1` with the kind of event.
    /// Returns `None` if the key was released.
    fn read(field: Option<&str>) -> Option<Self> {
        let mut parts = field.unwrap_or_default().split(':');
        let bits = parts.next().and_then(|bits| bits.parse::<u16>().ok()).unwrap_or(1).saturating_sub(1);
        let is_release = parts.next() == Some("3");
        let has = |bit: u16| bits & bit != 0;
        let modifiers = Self { shift: has(1), alt: has(2) || has(32), ctrl: has(4), desktop: has(8) || has(16) };
        (!is_release).then_some(modifiers)
    }

    /// The same with Alt held if `alt`.
    fn with_alt(self, alt: bool) -> Self {
        Self { alt: self.alt || alt, ..self }
    }

    fn key(self, code: Code) -> Key {
        Key::new(code, self.ctrl, self.alt, self.shift)
    }
}

/// Punctuation of Greek and Hebrew keyboards, and the Latin letters on the same keys. Latin layouts have other characters
/// there, or one without a use as a shortcut (`;` in Programmer Dvorak), so the script need not be known.
const OTHER_SCRIPTS: [(char, char); 3] = [(';', 'q'), ('/', 'q'), ('\'', 'w')];

/// Translator of units. It remembers which script is typed.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Whether the last letter was of a script other than Latin. On such a keyboard some letters of the Latin layout
    /// are punctuation: Ctrl+Q is Ctrl+; on a Greek one and Ctrl+/ on a Hebrew one.
    is_other_script: bool,
}

impl Reader {
    /// Returns the meaning of a unit; `None` if it is no input of the user.
    pub(super) fn read(&mut self, unit: &Unit) -> Option<Meaning> {
        match unit {
            Unit::Char(c) => {
                self.note_script(*c);
                Some(Key::plain(Code::Char(*c)).into())
            }
            Unit::Control(byte) => Some(control(*byte, Modifiers::default()).into()),
            Unit::Alt(c) => match u8::try_from(*c) {
                // Some lines turn Enter into a line feed.
                Ok(b'\n') => Some(Modifiers::ALT.key(Code::Enter).into()),
                Ok(byte) if c.is_ascii_control() => Some(control(byte, Modifiers::ALT).into()),
                _ => Some(Modifiers::ALT.key(Code::Char(*c)).into()),
            },
            Unit::Ss3 { alt, parameters, last } => {
                // Old terminals write the modifiers alone, newer ones after a `1;`.
                let field = parameters.rsplit(';').next().filter(|field| !field.is_empty());
                let modifiers = Modifiers::read(field)?.with_alt(*alt);
                Some(ss3(*last, modifiers)?.into())
            }
            Unit::Linux { alt, last } => {
                let number = last.checked_sub(b'A').filter(|number| *number < 5)? + 1;
                Some(Modifiers::default().with_alt(*alt).key(Code::F(number)).into())
            }
            Unit::Mouse(report) => Some(Meaning::Event(TerminalEvent::Mouse(mouse::read_bytes(*report)?))),
            Unit::Csi { alt, parameters, last } => self.csi(*alt, parameters, *last),
            Unit::Osc(content) => Some(Meaning::Event(TerminalEvent::Background(background(content)?))),
            Unit::Dcs(content) => Some(Meaning::Event(TerminalEvent::Name(content.strip_prefix(">|")?.to_owned()))),
        }
    }

    fn csi(&mut self, alt: bool, parameters: &str, last: u8) -> Option<Meaning> {
        let is_mouse = matches!(last, b'M' | b'm');
        if let Some(report) = parameters.strip_prefix('<').filter(|_| is_mouse) {
            return Some(Meaning::Event(TerminalEvent::Mouse(mouse::read_sgr(report, last == b'M')?)));
        }
        if parameters.contains(|c: char| !matches!(c, '0'..=';')) {
            // Sequences with a private marker or an intermediate byte are answers to queries.
            return None;
        }
        let fields: Vec<&str> = parameters.split(';').collect();
        let modifiers = || Some(Modifiers::read(fields.get(1).copied())?.with_alt(alt));
        match last {
            b'M' => Some(Meaning::Event(TerminalEvent::Mouse(mouse::read_rxvt(parameters)?))),
            b'I' | b'O' if parameters.is_empty() => Some(Meaning::Event(TerminalEvent::Focus(last == b'I'))),
            b'u' => {
                let modifiers = modifiers().filter(|modifiers| !modifiers.desktop)?;
                Some(self.kitty(&fields, modifiers)?.into())
            }
            b'~' if fields == ["200"] => Some(Meaning::StartOfPaste),
            b'~' if fields == ["201"] => Some(Meaning::EndOfPaste),
            b'~' if fields[0] == "27" => {
                // modifyOtherKeys: 27, the modifiers, the character.
                let modifiers = modifiers().filter(|modifiers| !modifiers.desktop)?;
                Some(self.character(fields.get(2)?.parse().ok()?, None, None, modifiers)?.into())
            }
            b'~' => Some(modifiers()?.key(codes::of_number(fields[0].parse().ok()?)?).into()),
            b'$' | b'^' | b'@' => {
                // rxvt: the final byte is the modifier.
                let code = codes::of_number(parameters.parse().ok()?)?;
                let modifiers = Modifiers { shift: last != b'^', ctrl: last != b'$', ..Modifiers::default() };
                Some(modifiers.with_alt(alt).key(code).into())
            }
            b'a'..=b'd' if parameters.is_empty() => {
                let modifiers = Modifiers { shift: true, ..Modifiers::default() };
                Some(modifiers.with_alt(alt).key(codes::of_letter(last.to_ascii_uppercase())?).into())
            }
            // `CSI row ; column R` is the position of the cursor. F3 has a 1 in place of the row and its modifiers, from
            // 2 to 16, in that of the column.
            b'R' if fields.len() > 1 && !(matches!(fields[0], "" | "1") && is_modified(fields[1])) => None,
            b'Z' => Some(Modifiers { shift: true, ..modifiers()? }.key(Code::Tab).into()),
            _ => {
                let code = codes::of_letter(last)?;
                // Some terminals write the modifiers alone, without the `1;`.
                let field = if fields.len() == 1 { fields.first() } else { fields.get(1) };
                let modifiers = Modifiers::read(field.copied())?.with_alt(alt);
                // xterm calls Meta what the kitty protocol calls Super; with these keys it is Alt.
                let alt = modifiers.desktop;
                Some(modifiers.with_alt(alt).key(code).into())
            }
        }
    }

    /// Reads `CSI character : shifted : base ; modifiers ; text u`.
    fn kitty(&mut self, fields: &[&str], modifiers: Modifiers) -> Option<Key> {
        let mut keys = fields[0].split(':').map(|key| key.parse::<u32>().ok());
        let character = keys.next()??;
        let (shifted, base) = (keys.next().flatten(), keys.next().flatten());
        self.character(character, shifted, base, modifiers)
    }

    /// Returns the key for the code of a character. `shifted` is the character with Shift, `base` that of the same key
    /// on a US keyboard, if the terminal told them.
    fn character(
        &mut self,
        character: u32,
        shifted: Option<u32>,
        base: Option<u32>,
        modifiers: Modifiers,
    ) -> Option<Key> {
        if let Some(code) = codes::of_functional(character) {
            return Some(modifiers.key(code));
        }
        let c = char::from_u32(character).filter(|c| !c.is_control() && !codes::is_private(*c))?;
        self.note_script(c);
        if !modifiers.ctrl && !modifiers.alt {
            let shifted = shifted.and_then(char::from_u32).or_else(|| c.to_uppercase().next());
            return Some(Key::plain(Code::Char(shifted.filter(|_| modifiers.shift).unwrap_or(c))));
        }
        if let Some(base) = base.and_then(char::from_u32).filter(char::is_ascii_alphabetic) {
            // The position of the key matters, not its character, unless that is a Latin one.
            if (self.is_other_script && !c.is_ascii_alphanumeric()) || OTHER_SCRIPTS.contains(&(c, base)) {
                return Some(modifiers.key(Code::Char(base)));
            }
        }
        // On many keyboards punctuation needs Shift, which does not count then: Ctrl+/ is Ctrl+Shift+7 on a German one.
        let punctuation = shifted.and_then(char::from_u32).filter(|c| modifiers.shift && !c.is_alphabetic());
        Some(modifiers.key(Code::Char(punctuation.unwrap_or(c))))
    }

    fn note_script(&mut self, c: char) {
        if c.is_alphabetic() {
            self.is_other_script = !is_latin(c);
        }
    }
}

/// Whether a parameter of modifiers says that one is held, as xterm counts them.
fn is_modified(field: &str) -> bool {
    field.split(':').next().and_then(|bits| bits.parse().ok()).is_some_and(|bits: u16| (2..=16).contains(&bits))
}

/// Whether a letter is Latin.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Returns the key for a control code.
fn control(byte: u8, modifiers: Modifiers) -> Key {
    let code = match byte {
        b'\r' => Code::Enter,
        b'\t' => Code::Tab,
        0x1b => Code::Esc,
        0x7f => Code::Backspace,
        // Ctrl+H as well; `Key::legacy` tells what it is where nothing is bound to that.
        _ => {
            let c = match byte {
                0 => ' ',
                1..=0x1a => char::from(byte - 1 + b'a'),
                // Ctrl+4 to Ctrl+6 and Ctrl+/ on a US keyboard.
                0x1c..=0x1e => char::from(byte - 0x1c + b'4'),
                _ => '/',
            };
            return Modifiers { ctrl: true, ..modifiers }.key(Code::Char(c));
        }
    };
    modifiers.key(code)
}

/// Returns the key for the last byte of an SS3 sequence.
fn ss3(last: u8, modifiers: Modifiers) -> Option<Key> {
    match last {
        // rxvt: the cursor keys with Ctrl.
        b'a'..=b'd' => Some(Modifiers { ctrl: true, ..modifiers }.key(codes::of_letter(last.to_ascii_uppercase())?)),
        _ => Some(modifiers.key(codes::of_letter(last).or_else(|| codes::of_keypad(last))?)),
    }
}

/// Reads the answer to the query for the background color: red, green and blue with one to four hexadecimal digits each,
/// such as `11;rgb:ffff/ffff/ffff` (xterm, "Operating System Commands").
fn background(content: &str) -> Option<[u8; 3]> {
    let color = content.strip_prefix("11;rgb:").or_else(|| content.strip_prefix("11;rgba:"))?;
    let mut parts = color.split('/').map(|part| {
        let largest = match part.len() {
            1 => 0xf,
            2 => 0xff,
            3 => 0xfff,
            4 => 0xffff,
            _ => return None,
        };
        u8::try_from(u32::from_str_radix(part, 16).ok()? * 0xff / largest).ok()
    });
    Some([parts.next()??, parts.next()??, parts.next()??])
}

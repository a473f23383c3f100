//! Recognises a character that is percent-encoded, a character reference of HTML, or escaped as in JSON and in
//! programming languages.

use super::entities;

/// Maximum number of backslashes before an escaped character. Each nesting of JSON in JSON doubles them.
const MAX_BACKSLASHES: usize = 16;

/// Maximum depth of a percent-encoding that was itself percent-encoded (`%252F`).
const MAX_PERCENT_DEPTH: usize = 4;

/// Returns the length of `c` at the start of `text`.
pub(super) fn char_len(text: &[u8], c: char) -> Option<usize> {
    let mut buffer = [0; 4];
    let utf8 = c.encode_utf8(&mut buffer).as_bytes();
    match text.first()? {
        b'%' => percent_len(text, utf8).or_else(|| (c == '%').then_some(1)),
        b'\\' => {
            let backslashes = backslashes(text);
            let after = text.get(backslashes..)?;
            // A letter after a backslash is something else, such as the line break `\n`.
            let is_literal = !c.is_ascii_alphanumeric() && after.starts_with(utf8);
            let literal = || if c == '\\' { Some(0) } else { is_literal.then_some(utf8.len()) };
            Some(backslashes + escape_len(after, c).or_else(literal)?)
        }
        b'&' => entities::len(text, c).or_else(|| (c == '&').then_some(1)),
        // In a form that is encoded for a URL, and where a line was broken.
        b'+' | b'\n' | b'\r' | b'\t' if c == ' ' => Some(1),
        _ => text.starts_with(utf8).then_some(utf8.len()),
    }
}

/// Returns the length of the percent-encoded bytes `utf8` at the start of `text`.
fn percent_len(text: &[u8], utf8: &[u8]) -> Option<usize> {
    let mut at = 0;
    for byte in utf8 {
        at += text.get(at..)?.strip_prefix(b"%").map(|_| 1)?;
        let is_byte = |at: usize| text.get(at..at + 2).and_then(hex) == Some(u32::from(*byte));
        let depth = (0..MAX_PERCENT_DEPTH).find(|depth| is_byte(at + 2 * depth)).filter(|depth| {
            text.get(at..at + 2 * depth).is_some_and(|nested| nested.chunks(2).all(|pair| pair == b"25"))
        })?;
        at += 2 * depth + 2;
    }
    Some(at)
}

/// Returns the length of the escape of `c` at the start of `text`, which is what follows its backslashes: `n`, `u00e9`,
/// `ud83d\ude00`, `u{e9}` or `xc3\xa9`.
pub(super) fn escape_len(text: &[u8], c: char) -> Option<usize> {
    if matches!((c, text.first()?), ('\n', b'n') | ('\r', b'r') | ('\t', b't')) {
        return Some(1);
    }
    if let Some((found, length)) = braced(text) {
        return (found == c).then_some(length);
    }
    let mut bytes = [0; 4];
    let bytes = c.encode_utf8(&mut bytes).bytes().map(u32::from);
    units_len(text, b"x", 2, bytes).or_else(|| {
        let mut units = [0; 2];
        units_len(text, b"u", 4, c.encode_utf16(&mut units).iter().map(|unit| u32::from(*unit)))
    })
}

/// Returns the length of a sequence of escapes, each of them `letter` and this many hexadecimal digits. The backslashes
/// before the first one are not part of `text`.
fn units_len(text: &[u8], letter: &[u8], digits: usize, units: impl Iterator<Item = u32>) -> Option<usize> {
    let mut at = 0;
    for (index, unit) in units.enumerate() {
        let rest = text.get(at..)?;
        let backslashes = backslashes(rest);
        let found = rest.get(backslashes..)?.strip_prefix(letter)?.get(..digits)?;
        if hex(found)? != unit || (index > 0) != (backslashes > 0) {
            return None;
        }
        at += backslashes + 1 + digits;
    }
    Some(at)
}

/// Returns the character of an escape such as `u{e9}` at the start of `text`, and the length of the escape.
fn braced(text: &[u8]) -> Option<(char, usize)> {
    let digits = text.strip_prefix(b"u{")?;
    let count = digits.iter().take(7).position(|byte| *byte == b'}')?;
    let c = hex(digits.get(..count)?).and_then(char::from_u32)?;
    Some((c, count + 3))
}

/// Returns the character that an escape of any kind at the start of `text` stands for, and the length of the escape.
pub(super) fn decoded(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b'&' => entities::decoded(bytes),
        b'%' => percent_decoded(bytes),
        b'\\' => {
            let before = backslashes(bytes);
            let after = bytes.get(before..)?;
            let digits = |from: usize, count: usize| hex(after.get(from..from + count)?).and_then(char::from_u32);
            let (c, length) = match after.first()? {
                b'0' => ('\0', 1),
                b'b' => ('\u{8}', 1),
                b'f' => ('\u{c}', 1),
                b'n' => ('\n', 1),
                b'r' => ('\r', 1),
                b't' => ('\t', 1),
                b'v' => ('\u{b}', 1),
                b'x' => (digits(1, 2)?, 3),
                b'u' => braced(after).or_else(|| Some((digits(1, 4)?, 5)))?,
                _ => return None,
            };
            Some((c, before + length))
        }
        _ => None,
    }
}

/// Decodes a percent-encoded character at the start of `text`.
fn percent_decoded(text: &[u8]) -> Option<(char, usize)> {
    let (mut utf8, mut at) = (Vec::new(), 0);
    while utf8.len() < 4 {
        at += text.get(at..)?.strip_prefix(b"%").map(|_| 1)?;
        for _ in 0..MAX_PERCENT_DEPTH {
            // `%250A` is `%0A`, encoded once more.
            let is_nested = text.get(at..at + 2) == Some(b"25") && text.get(at + 2..at + 4).and_then(hex).is_some();
            at += if is_nested { 2 } else { break };
        }
        utf8.push(u8::try_from(hex(text.get(at..at + 2)?)?).ok()?);
        at += 2;
        if let Some(c) = std::str::from_utf8(&utf8).ok().and_then(|text| text.chars().next()) {
            return Some((c, at));
        }
    }
    None
}

/// Returns the number of backslashes at the start of `text`.
fn backslashes(text: &[u8]) -> usize {
    text.iter().take(MAX_BACKSLASHES).take_while(|byte| **byte == b'\\').count()
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

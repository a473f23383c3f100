//! Terminal control sequences: where one begins and ends (ECMA-48, with xterm's additions).
//!
//! Only complete sequences are recognised. An unterminated one must not swallow the text after it.

/// Whether `c` introduces a sequence: ESC, or a C1 character that stands for ESC and a letter.
pub(super) fn starts_sequence(c: char) -> bool {
    matches!(c, '\x1b' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}'..='\u{9f}')
}

/// Returns the length in bytes of the control sequence at the start of `text`; `None` if there is no complete one.
///
/// Scans no further than the next control character, so that text made only of introducers takes linear time.
pub(super) fn sequence_len(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let head = first.len_utf8();
    match first {
        '\x1b' => match chars.next()? {
            '[' => csi(text, head + 1),
            ']' | 'P' | 'X' | '^' | '_' => string(text, head + 1),
            // Character sets, single shifts, resets: intermediate bytes, then a final byte.
            ' '..='~' => intermediates_and_final(text, head, |byte| matches!(byte, b'0'..=b'~')),
            _ => None,
        },
        '\u{9b}' => csi(text, head),
        c if starts_sequence(c) => string(text, head),
        _ => None,
    }
}

/// CSI: parameter bytes, intermediate bytes, a final byte.
fn csi(text: &str, from: usize) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let parameters = rest.iter().take_while(|byte| matches!(byte, b'0'..=b'?')).count();
    intermediates_and_final(text, from + parameters, |byte| matches!(byte, b'@'..=b'~'))
}

fn intermediates_and_final(text: &str, from: usize, is_final: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let count = rest.iter().take_while(|byte| matches!(byte, b' '..=b'/')).count();
    rest.get(count).filter(|byte| is_final(**byte)).map(|_| from + count + 1)
}

/// OSC, DCS, SOS, PM, APC: anything up to BEL or ST. Terminals accept BEL only for OSC; accepting it for all is safer.
fn string(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let (at, end) = rest.char_indices().find(|(_, c)| c.is_control())?;
    match end {
        '\x07' => Some(from + at + 1),
        '\u{9c}' => Some(from + at + 2),
        '\x1b' if rest[at + 1..].starts_with('\\') => Some(from + at + 2),
        _ => None,
    }
}

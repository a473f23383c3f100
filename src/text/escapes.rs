//! Where a control sequence ends, as a terminal reads it (ECMA-48, with xterm's additions).
//!
//! Only whole sequences are known: whatever is begun and not ended hides nothing of the text behind it.

/// Whether a sequence begins with this: ESC, or the C1 character that stands for ESC and a letter.
pub(super) fn begins(c: char) -> bool {
    matches!(c, '\x1b' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}'..='\u{9f}')
}

/// The bytes of the sequence that `text` begins with; `None` when it is none or has no end.
///
/// Looks no further than the next control character, so that a text of nothing but beginnings takes linear time.
pub(super) fn length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let head = first.len_utf8();
    match first {
        '\x1b' => match chars.next()? {
            '[' => parameters(text, head + 1),
            ']' | 'P' | 'X' | '^' | '_' => string(text, head + 1),
            // A character set, a single shift, a reset: blanks and signs, then one more.
            ' '..='~' => whole(text, head, |byte| matches!(byte, b' '..=b'/'), |byte| matches!(byte, b'0'..=b'~')),
            _ => None,
        },
        '\u{9b}' => parameters(text, head),
        c if begins(c) => string(text, head),
        _ => None,
    }
}

/// CSI: parameters, signs, a letter.
fn parameters(text: &str, from: usize) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let parameters = rest.iter().take_while(|byte| matches!(byte, b'0'..=b'?')).count();
    whole(text, from + parameters, |byte| matches!(byte, b' '..=b'/'), |byte| matches!(byte, b'@'..=b'~'))
}

fn whole(text: &str, from: usize, between: impl Fn(u8) -> bool, last: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let count = rest.iter().take_while(|byte| between(**byte)).count();
    rest.get(count).filter(|byte| last(**byte)).map(|_| from + count + 1)
}

/// OSC, DCS, SOS, PM, APC: anything up to BEL or ST. Terminals end all but OSC by ST alone; here BEL ends each.
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

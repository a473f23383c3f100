//! Recognises a secret whose characters are percent-encoded or escaped as in JSON, all of them or some.

/// Maximum number of backslashes before an escaped character. Each nesting of JSON in JSON doubles them.
const MAX_BACKSLASHES: usize = 16;

/// Maximum depth of a percent-encoding that was itself percent-encoded (`%252F`).
const MAX_PERCENT_DEPTH: usize = 4;

/// Returns the length of `secret` at the start of `text`, where each of its characters may be encoded in another way.
pub(super) fn prefix_len(text: &str, secret: &str) -> Option<usize> {
    let (text, mut at, mut chars) = (text.as_bytes(), 0, secret.chars().peekable());
    let mut after_backslash = false;
    while let Some(c) = chars.next() {
        // Escaping doubles backslashes, so any number of them matches any other.
        while c == '\\' && chars.next_if_eq(&'\\').is_some() {}
        let rest = text.get(at..)?;
        // Those that belong to the escape of the next character were taken as well.
        let escape = || escape_len(rest, c).filter(|_| after_backslash);
        at += char_len(rest, c).or_else(escape)?;
        after_backslash = c == '\\';
    }
    Some(at)
}

/// Returns the length of `c` at the start of `text`.
fn char_len(text: &[u8], c: char) -> Option<usize> {
    let mut buffer = [0; 4];
    let utf8 = c.encode_utf8(&mut buffer).as_bytes();
    match text.first()? {
        b'%' => percent_len(text, utf8).or_else(|| (c == '%').then_some(1)),
        b'\\' => {
            let backslashes = text.iter().take(MAX_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
            let after = text.get(backslashes..)?;
            let literal = || if c == '\\' { Some(0) } else { after.starts_with(utf8).then_some(utf8.len()) };
            Some(backslashes + escape_len(after, c).or_else(literal)?)
        }
        b'+' if c == ' ' => Some(1),
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
/// or `ud83d\ude00`.
fn escape_len(text: &[u8], c: char) -> Option<usize> {
    if matches!((c, text.first()?), ('\n', b'n') | ('\r', b'r') | ('\t', b't')) {
        return Some(1);
    }
    let mut at = 0;
    for (index, unit) in c.encode_utf16(&mut [0; 2]).iter().enumerate() {
        let rest = text.get(at..)?;
        let backslashes = rest.iter().take(MAX_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
        let digits = rest.get(backslashes..)?.strip_prefix(b"u")?.get(..4)?;
        if hex(digits)? != u32::from(*unit) || (index > 0) != (backslashes > 0) {
            return None;
        }
        at += backslashes + 5;
    }
    Some(at)
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_recognised_in_any_encoding() {
        let secret = "a/\"\\é😀 \t";
        for text in [
            "a/\"\\é😀 \t",
            "a%2F%22%5C%C3%A9%F0%9F%98%80%20%09",
            "%61%2f\"\\%c3%a9😀+\t",
            r#"a\/\"\\é😀 \t"#,
            r"\u0061\u002f\u0022\u005C\u00e9\ud83d\uDE00\u0020\u0009",
            r#"a\\/\\\"\\\\\\u00e9\\ud83d\\ude00 \\t"#,
            "a%252F%2522%25255C%25C3%25A9😀%2520%2509",
        ] {
            assert_eq!(prefix_len(&format!("{text}…"), secret), Some(text.len()), "{text}");
        }
        for text in ["", "a", "a/\"\\é😀 ", "b/", r"\u0061\u", "a%2", "a%", "a\\"] {
            assert_eq!(prefix_len(text, secret), None, "{text}");
        }
        assert_eq!(prefix_len("100%x", "100%"), Some(4));
        assert_eq!(prefix_len("100%25x", "100%"), Some(6));
    }
}

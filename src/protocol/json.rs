//! JSON as servers write it.
//!
//! JavaScript's texts may hold half a surrogate pair, where somebody cut an emoji in two; it writes one as `\ud83d`, and
//! no Rust text can hold it. For that alone a whole page of messages would be lost: it becomes `\ufffd` instead, as
//! bytes do that are no UTF-8.

use serde_json::Value;

/// Reads JSON; `None` when it is none.
pub fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().or_else(|| {
        // Only what is broken is looked through twice.
        let text = String::from_utf8_lossy(bytes);
        let mended = mended(text.as_bytes())?;
        serde_json::from_slice(&mended).ok()
    })
}

/// The text with U+FFFD for each lone surrogate. Inside of valid JSON a backslash stands in texts alone.
fn mended(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = text.to_vec();
    let mut at = 0;
    while let Some(found) = text.get(at..)?.iter().position(|byte| *byte == b'\\') {
        at += found;
        let high = |unit: u16| (0xd800..0xdc00).contains(&unit);
        let low = |unit: u16| (0xdc00..0xe000).contains(&unit);
        at += match unit(text, at) {
            None => 2,
            Some(first) if high(first) && unit(text, at + 6).is_some_and(low) => 12,
            Some(one) => {
                if high(one) || low(one) {
                    out.get_mut(at..at + 6)?.copy_from_slice(b"\\ufffd");
                }
                6
            }
        };
    }
    Some(out)
}

/// The code unit that is escaped here, `\uXXXX`.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let hex = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let hex = std::str::from_utf8(hex).ok().filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &[u8]) -> String {
        let value = parse(json).unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(json)));
        value.as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn half_a_pair_costs_one_character() {
        for (json, text) in [
            (r#""\ud83d\ude00""#, "😀"),
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ude00b""#, "\u{fffd}b"),
            (r#""\ud83dx\ud83d\ud83d\ude00\ude00""#, "\u{fffd}x\u{fffd}😀\u{fffd}"),
            (r#""\\ud83d\ud83d\"\\""#, "\\ud83d\u{fffd}\"\\"),
            (r#""\uD800\u0041""#, "\u{fffd}A"),
        ] {
            assert_eq!(read(json.as_bytes()), text, "{json}");
        }
        assert_eq!(read(b"\"a\xffb\""), "a\u{fffd}b");
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["", "\\", "\\u", "\\ud83", "<html>\\ud83d</html>", "\"\\ud83d", "{\"\\ud83d\":}"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}

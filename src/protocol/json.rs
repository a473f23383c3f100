//! JSON parsing that tolerates broken Unicode.
//!
//! A JavaScript string may hold half of a surrogate pair, for example where an emoji was cut in two. It is written as
//! `\ud83d`, which no Rust string can represent, and would make a whole page of messages unreadable. This parser
//! replaces lone surrogates, and bytes that are not UTF-8, with U+FFFD.

use serde_json::Value;

use super::json_size::{MAX_PARSED_BYTES, fits};

/// Parses JSON. Returns `None` if `bytes` are not JSON even after broken Unicode was replaced, or would take more
/// memory than [`MAX_PARSED_BYTES`].
pub fn parse(bytes: &[u8]) -> Option<Value> {
    if !fits(bytes, MAX_PARSED_BYTES) {
        return None;
    }
    serde_json::from_slice(bytes).ok().or_else(|| {
        // Valid JSON never gets here, so only broken input is scanned a second time.
        let text = String::from_utf8_lossy(bytes);
        let replaced = replace_lone_surrogates(text.as_bytes())?;
        serde_json::from_slice(&replaced).ok()
    })
}

/// Replaces each escaped lone surrogate with `\ufffd`. In valid JSON a backslash occurs only inside of strings.
fn replace_lone_surrogates(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = text.to_vec();
    let mut at = 0;
    while let Some(offset) = text.get(at..)?.iter().position(|byte| *byte == b'\\') {
        at += offset;
        let high = |unit: u16| (0xd800..0xdc00).contains(&unit);
        let low = |unit: u16| (0xdc00..0xe000).contains(&unit);
        at += match escaped_code_unit(text, at) {
            None => 2,
            Some(first) if high(first) && escaped_code_unit(text, at + 6).is_some_and(low) => 12,
            Some(unit) => {
                if high(unit) || low(unit) {
                    out.get_mut(at..at + 6)?.copy_from_slice(b"\\ufffd");
                }
                6
            }
        };
    }
    Some(out)
}

/// Returns the UTF-16 code unit that is escaped at `at` as `\uXXXX`.
fn escaped_code_unit(text: &[u8], at: usize) -> Option<u16> {
    let hex = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let hex = std::str::from_utf8(hex).ok().filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_string(json: &[u8]) -> String {
        let value = parse(json).unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(json)));
        value.as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn lone_surrogate_becomes_replacement_character() {
        for (json, text) in [
            (r#""\ud83d\ude00""#, "😀"),
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ude00b""#, "\u{fffd}b"),
            (r#""\ud83dx\ud83d\ud83d\ude00\ude00""#, "\u{fffd}x\u{fffd}😀\u{fffd}"),
            (r#""\\ud83d\ud83d\"\\""#, "\\ud83d\u{fffd}\"\\"),
            (r#""\uD800\u0041""#, "\u{fffd}A"),
        ] {
            assert_eq!(parse_string(json.as_bytes()), text, "{json}");
        }
        assert_eq!(parse_string(b"\"a\xffb\""), "a\u{fffd}b");
    }

    #[test]
    fn json_that_takes_too_much_memory_is_rejected() {
        let objects = |count| format!("[{}]", vec![r#"{"":0}"#; count].join(","));
        assert!(parse(objects(20_000).as_bytes()).is_some());
        assert!(parse(objects(100_000).as_bytes()).is_none());
    }

    #[test]
    fn invalid_json_is_rejected() {
        for text in ["", "\\", "\\u", "\\ud83", "<html>\\ud83d</html>", "\"\\ud83d", "{\"\\ud83d\":}"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}

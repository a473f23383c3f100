//! JSON parsing that tolerates broken Unicode and deep nesting.
//!
//! A JavaScript string may hold half of a surrogate pair, for example where an emoji was cut in two. It is written as
//! `\ud83d`, which no Rust string can represent, and would make a whole page of messages unreadable. This parser
//! replaces lone surrogates, and bytes that are not UTF-8, with U+FFFD.
//!
//! A reply to a message may contain that message, which contains the one that it replies to, and so on. A long chain is
//! nested more deeply than `serde_json` reads. This parser cuts it.

use serde_json::Value;

use crate::text::{json_fits, shallow_json};

/// Maximum memory of a parsed value, in bytes. The largest ordinary reply, a page of rooms with thousands of members
/// each, takes a third of it.
const MAX_PARSED_BYTES: usize = 32 << 20;

/// Number of levels that are read of a text that is nested too deeply, or too large with all of them. A message that
/// another one quotes, on a page of the room list, ends at the eighth.
const MAX_LEVELS: usize = 32;

/// The reason why a text cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseError {
    /// It is not JSON, even after broken Unicode was replaced.
    NotJson,
    /// It would take too much memory.
    TooLarge,
}

/// Parses JSON.
///
/// # Errors
/// The text is not JSON, or takes more memory than `MAX_PARSED_BYTES`.
pub fn parse(bytes: &[u8]) -> Result<Value, ParseError> {
    if json_fits(bytes, MAX_PARSED_BYTES)
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        return Ok(value);
    }
    // Ordinary JSON never gets here, so only other texts are scanned a second time.
    let shallow = shallow_json(bytes, MAX_LEVELS);
    if !json_fits(&shallow, MAX_PARSED_BYTES) {
        return Err(ParseError::TooLarge);
    }
    let parsed = serde_json::from_slice(&shallow).ok().or_else(|| {
        let text = String::from_utf8_lossy(&shallow);
        serde_json::from_slice(&replace_lone_surrogates(text.as_bytes())?).ok()
    });
    parsed.ok_or(ParseError::NotJson)
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
        let value = parse(json).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(json)));
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
        assert!(parse(objects(20_000).as_bytes()).is_ok());
        assert_eq!(parse(objects(100_000).as_bytes()), Err(ParseError::TooLarge));
    }

    #[test]
    fn invalid_json_is_rejected() {
        for text in ["", "\\", "\\u", "\\ud83", "<html>\\ud83d</html>", "\"\\ud83d", "{\"\\ud83d\":}"] {
            assert_eq!(parse(text.as_bytes()), Err(ParseError::NotJson), "{text}");
        }
    }

    /// Regression test: a chain of 125 replies made a room and the whole room list unreadable.
    #[test]
    fn deep_nesting_is_cut() {
        let nested =
            |levels: usize, value: &str| format!(r#"{}{value}{}"#, r#"{"rTo":"#.repeat(levels), "}".repeat(levels));
        for levels in [1, 100, 200, 100_000] {
            let json = format!("[{},{}]", nested(levels, r#""\ud83d""#), nested(1, "2"));
            let value = parse(json.as_bytes()).expect("JSON");
            assert!(value[0]["rTo"].is_object() || levels == 1, "{levels}");
            assert_eq!(value[1]["rTo"], 2, "{levels}");
        }
        // Read whole, a page with these would take too much memory.
        let page = format!("[{}]", vec![nested(100, "1"); 1_000].join(","));
        assert!(parse(page.as_bytes()).is_ok_and(|page| page[999]["rTo"]["rTo"].is_object()));
    }
}

//! JSON text that is measured and cut before anybody parses it.
//!
//! Parsed JSON may be a hundred times as large as its text: every object has room for eleven members, so the seven
//! bytes of `{"":0},` become about 670. [`json_fits`] estimates the size with a single pass over the text. A parser also
//! limits how deeply values are nested; [`shallow_json`] removes what lies deeper.

/// Maximum length in bytes of a text that is not scanned, because its parsed form is small whatever it contains.
/// Ordinary replies and events are shorter.
const SMALL: usize = 16 << 10;

/// Memory of an object: a node with room for eleven members.
const OBJECT: usize = 640;

/// Memory of an object's member, if nodes are about half full.
const MEMBER: usize = 112;

/// Memory of an array: room for four elements.
const ARRAY: usize = 128;

/// Memory of an element, if the array is about half full.
const ELEMENT: usize = 64;

/// Memory of a string besides its text.
const STRING: usize = 32;

/// Whether parsed JSON takes about `limit` bytes at most.
pub fn json_fits(json: &[u8], limit: usize) -> bool {
    json.len() <= SMALL || parsed_size(json) <= limit
}

/// Returns about how many bytes a value takes at most once it is parsed. The text need not be valid JSON.
fn parsed_size(json: &[u8]) -> usize {
    let (mut size, mut rest) = (json.len(), json);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        size += match byte {
            b'{' => OBJECT,
            b'[' => ARRAY,
            b':' => MEMBER,
            b',' => ELEMENT,
            b'"' => {
                rest = after_string(after);
                STRING
            }
            _ => 0,
        };
    }
    size
}

/// Returns `json` with `null` in place of every object and list that is nested more than `levels` deep. The text need not
/// be valid JSON.
pub fn shallow_json(json: &[u8], levels: usize) -> Vec<u8> {
    let mut shallow = Vec::new();
    let (mut depth, mut at, mut kept_from) = (0_usize, 0, 0);
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => at = json.len() - after_string(json.get(at..).unwrap_or_default()).len(),
            b'{' | b'[' => {
                if depth == levels {
                    shallow.extend_from_slice(json.get(kept_from..at - 1).unwrap_or_default());
                    shallow.extend_from_slice(b"null");
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == levels {
                    kept_from = at;
                }
            }
            _ => {}
        }
    }
    if depth <= levels {
        shallow.extend_from_slice(json.get(kept_from..).unwrap_or_default());
    }
    shallow
}

/// Returns what follows the closing quotation mark of a string.
fn after_string(mut text: &[u8]) -> &[u8] {
    while let Some(at) = text.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
        let skipped = if text.get(at) == Some(&b'"') { 1 } else { 2 };
        let rest = text.get(at + skipped..).unwrap_or_default();
        if skipped == 1 {
            return rest;
        }
        text = rest;
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: parsing a reply of 8 MiB took 1 GB of memory.
    #[test]
    fn many_small_values_are_estimated_by_their_memory() {
        for (element, least) in [(r#"{"":0}"#, 640), ("[0]", 128), ("[]", 32), (r#""""#, 32), ("{}", 640), ("0", 32)] {
            let json = format!("[{}]", vec![element; 10_000].join(","));
            let size = parsed_size(json.as_bytes()) / 10_000;
            assert!((least..least + 400).contains(&size), "{element}: {size}");
            assert!(!json_fits(json.as_bytes(), 10_000 * least));
        }
        let nested = format!("{}{}", r#"{"":"#.repeat(5_000), "}".repeat(5_000));
        assert!(parsed_size(nested.as_bytes()) > 5_000 * 640);
    }

    #[test]
    fn texts_take_little_more_than_their_length() {
        let text = r#"[{,:]}\"\\"#.repeat(10_000);
        let json = format!(r#"{{"text":"{text}"}}"#);
        assert!((json.len()..json.len() + 2_000).contains(&parsed_size(json.as_bytes())));
        assert!(parsed_size(br#""never ends \"#) < 200);
    }

    #[test]
    fn only_what_is_nested_too_deeply_is_cut() {
        for (json, shallow) in [
            (r#"{"a":[1,{}],"b":[[2]]}"#, r#"{"a":[1,null],"b":[null]}"#),
            (r#"[[],[[[{"c":[3]}]]],4]"#, "[[],[null],4]"),
            (r#"["[[[[",{"{{{":"\"[[["},[["]]]"]]]"#, r#"["[[[[",{"{{{":"\"[[["},[null]]"#),
            ("5", "5"),
            ("", ""),
            ("]]][[[", "]]][[null"),
            ("[[[", "[[null"),
        ] {
            assert_eq!(String::from_utf8(shallow_json(json.as_bytes(), 2)).as_deref(), Ok(shallow), "{json}");
        }
    }

    #[test]
    fn small_texts_are_not_scanned() {
        let json = format!("[{}]", vec![r#"{"":0}"#; 2_000].join(","));
        assert!(json_fits(json.as_bytes(), 0));
    }
}

//! JSON as a list of nodes, for display: the order of members and the spelling of numbers stay as they were on the
//! wire, a text that was cut shows what there is of it, and JSON inside of strings is opened as well.
//!
//! `serde_json` sorts members, rounds numbers and reads nothing of a text that was cut.
//! This file has the nodes and writes them as code; `json_parser` reads them.

use std::ops::Range;

use super::literal::{Language, literal};

/// A JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json {
    /// The nodes in the order of the text: each container is followed by its content.
    pub nodes: Vec<JsonNode>,
    /// Whether all of the text was read.
    pub is_complete: bool,
}

/// A value in a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonNode {
    /// Number of containers around it.
    pub depth: u16,
    /// Its name, if it is a member of an object.
    pub key: Option<Box<str>>,
    /// The value.
    pub value: JsonValue,
    /// Index of the first node after its content.
    pub end: usize,
}

/// A value, without the content of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonValue {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string, without escapes.
    Text(Box<str>),
    /// A string that holds a JSON object or array, which is its content.
    Embedded(Box<str>),
    /// Anything else, as it was written.
    Scalar(Box<str>),
}

impl Default for Json {
    /// Creates a text without values, to which others can be added.
    fn default() -> Self {
        Self { nodes: Vec::new(), is_complete: true }
    }
}

impl Json {
    /// Returns the outermost object that has this id and at least so many members, unless it was cut. One inside of a
    /// string counts as well.
    pub(super) fn object_with_id(&self, id: &str, members: usize) -> Option<Self> {
        let is_id = |node: &JsonNode| {
            let value = if let JsonValue::Text(text) = &node.value { &**text == id } else { false };
            value && node.key.as_deref().is_some_and(|key| matches!(key, "id" | "_id"))
        };
        let found = self.nodes.iter().enumerate().filter(|(at, node)| {
            let inside = self.nodes.get(at + 1..node.end).unwrap_or_default();
            let own = || inside.iter().filter(|inner| inner.depth == node.depth + 1);
            let is_container = matches!(node.value, JsonValue::Object | JsonValue::Embedded(_));
            let is_cut = !self.is_complete && node.end == self.nodes.len();
            is_container && !is_cut && own().any(is_id) && own().count() >= members
        });
        let (at, node) = found.min_by_key(|(_, node)| node.depth)?;
        if let JsonValue::Embedded(text) = &node.value {
            return Some(Self::parse(text));
        }
        let nodes = self.nodes.get(at..node.end)?.iter();
        let mut nodes: Vec<_> = nodes.map(|node| JsonNode { end: node.end - at, ..node.clone() }).collect();
        nodes.first_mut()?.key = None;
        Some(Self { nodes, is_complete: true })
    }

    /// Returns the values that are not inside of another one.
    pub(super) fn values(&self) -> Vec<Self> {
        let (mut at, mut values) = (0, Vec::new());
        while let Some(node) = self.nodes.get(at) {
            let nodes = self.nodes.get(at..node.end).unwrap_or_default().iter();
            let nodes = nodes.map(|node| JsonNode { end: node.end - at, ..node.clone() }).collect();
            values.push(Self { nodes, is_complete: self.is_complete });
            at = node.end;
        }
        values
    }

    /// Adds a value before which nothing is open, such as a header.
    pub fn push(&mut self, depth: u16, key: &str, value: JsonValue) {
        let end = self.nodes.len() + 1;
        self.nodes.push(JsonNode { depth, key: Some(key.into()), value, end });
    }

    /// Adds other values as the content of a new container.
    pub fn push_below(&mut self, depth: u16, key: &str, value: JsonValue, content: Self) {
        let start = self.nodes.len() + 1;
        let end = start + content.nodes.len();
        self.nodes.push(JsonNode { depth, key: Some(key.into()), value, end });
        self.nodes.extend(content.nodes.into_iter().map(|node| JsonNode {
            depth: node.depth + depth + 1,
            end: node.end + start,
            ..node
        }));
        self.is_complete &= content.is_complete;
    }

    /// Writes the values again, with two spaces for each level. Several values become an array if `brackets`.
    pub fn pretty(&self, brackets: bool) -> String {
        self.code(Language::Json, brackets)
    }

    /// Writes the values as literals of a language. What is not JSON becomes a string, so none of it is code.
    pub(super) fn code(&self, language: Language, brackets: bool) -> String {
        if self.nodes.is_empty() {
            return if brackets { "[]".to_owned() } else { String::new() };
        }
        let mut out = String::new();
        let (start, level) = if brackets { ("[\n  ", 1) } else { ("", 0) };
        out.push_str(start);
        self.write_range(&mut out, language, 0..self.nodes.len(), level);
        out.push_str(if brackets { "\n]" } else { "" });
        out
    }

    /// Writes sibling nodes.
    fn write_range(&self, out: &mut String, language: Language, range: Range<usize>, level: usize) {
        let mut at = range.start;
        while let Some(node) = self.nodes.get(at).filter(|_| at < range.end) {
            if at > range.start {
                out.push_str(&format!(",\n{}", "  ".repeat(level)));
            }
            if let Some(key) = &node.key {
                let literal = literal(language, key);
                // This name would set the prototype of the object.
                let is_special = language == Language::JavaScript && &**key == "__proto__";
                out.push_str(&if is_special { format!("[{literal}]: ") } else { format!("{literal}: ") });
            }
            let [open, close] = match &node.value {
                JsonValue::Object => ["{", "}"],
                JsonValue::Array => ["[", "]"],
                JsonValue::Text(text) | JsonValue::Embedded(text) => {
                    out.push_str(&literal(language, text));
                    at = node.end;
                    continue;
                }
                JsonValue::Scalar(text) => {
                    let is_json = matches!(&**text, "true" | "false" | "null") || is_number(text);
                    out.push_str(&if is_json { scalar(language, text) } else { literal(language, text) });
                    at = node.end;
                    continue;
                }
            };
            out.push_str(open);
            if node.end > at + 1 {
                out.push_str(&format!("\n{}", "  ".repeat(level + 1)));
                self.write_range(out, language, at + 1..node.end, level + 1);
                out.push_str(&format!("\n{}", "  ".repeat(level)));
            }
            out.push_str(close);
            at = node.end;
        }
    }
}

/// Returns a number or a word of JSON in a language. Compilers refuse integers beyond the type that they assume.
fn scalar(language: Language, text: &str) -> String {
    let is_integer = text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains(['.', 'e', 'E']);
    let end = match language {
        Language::Json | Language::JavaScript => "",
        _ if !is_integer || text.parse::<i32>().is_ok() => "",
        Language::Rust if text.parse::<i64>().is_ok() => "_i64",
        Language::Rust if text.parse::<u64>().is_ok() => "_u64",
        Language::Rust => "_f64",
        Language::Dart if text.parse::<i64>().is_ok() => "",
        Language::Dart => ".0",
    };
    format!("{text}{end}")
}

/// Whether a text is a number of JSON. The parser is lenient.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_whole = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    is_whole && digits(fraction) && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_text_is_the_same_json() {
        let text = r#"{"a":[1,{}],"text":"a\"b\u0007","inner":"{\"x\":[1]}"}"#;
        let pretty = Json::parse(text).pretty(false);
        assert!(pretty.starts_with("{\n  \"a\": [\n    1,\n    {}\n  ],"), "{pretty}");
        let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(same(&pretty), same(text));
        let deep = format!("{}{}", "[".repeat(48), "[]; alert(1) //");
        assert!(Json::parse(&deep).pretty(false).contains("\"[]; alert(1) //\""));
        assert_eq!(same(&Json::parse("1,\"{\\\"a\\\":1}\"").pretty(true)), serde_json::json!([1, "{\"a\":1}"]));
    }

    #[test]
    fn what_is_no_number_becomes_a_string() {
        for number in ["0", "-1.50", "12345678901234567890", "1e9", "-0.1E-7"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", "-", "01", "1.", ".5", "1-process.exit", "1e", "0x1f", "1e+-2"] {
            assert!(!is_number(other), "{other}");
        }
        assert_eq!(Json::parse("[1-process.exit]").pretty(false), "[\n  \"1-process.exit\"\n]");
    }

    #[test]
    fn compilers_accept_large_integers() {
        let code =
            |language| Json::parse("1,-2147483649,18446744073709551615,123456789012345678901").code(language, true);
        assert_eq!(
            code(Language::Rust),
            "[\n  1,\n  -2147483649_i64,\n  18446744073709551615_u64,\n  123456789012345678901_f64\n]"
        );
        assert_eq!(
            code(Language::Dart),
            "[\n  1,\n  -2147483649,\n  18446744073709551615.0,\n  123456789012345678901.0\n]"
        );
    }
}

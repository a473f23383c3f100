//! Reading of JSON that may have been cut, or is no JSON.

use super::json::{Json, JsonNode, JsonValue};

/// Maximum depth of nodes. What is deeper is shown as it was written.
const MAX_DEPTH: u16 = 48;

impl Json {
    /// Reads values that are separated by commas, such as the arguments of an event.
    pub fn parse(text: &str) -> Self {
        Self::parse_below(text, 0)
    }

    fn parse_below(text: &str, depth: u16) -> Self {
        let mut parser = Parser { text, at: 0, nodes: Vec::new() };
        let is_complete = parser.values(depth).is_some();
        Self { nodes: parser.nodes, is_complete }
    }
}

/// Reads as much as it can. Every method returns `None` where the text ends early or is not JSON.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<JsonNode>,
}

impl Parser<'_> {
    fn values(&mut self, depth: u16) -> Option<()> {
        if self.peek().is_none() {
            return Some(());
        }
        loop {
            self.value(None, depth)?;
            match self.peek() {
                None => return Some(()),
                Some(b',') => self.at += 1,
                Some(_) => return None,
            }
        }
    }

    fn value(&mut self, key: Option<&str>, depth: u16) -> Option<()> {
        let index = self.nodes.len();
        let open = |parser: &mut Self, value| {
            parser.nodes.push(JsonNode { depth, key: key.map(Into::into), value, end: index + 1 });
        };
        let first = self.peek()?;
        let read = match first {
            b'{' | b'[' if depth >= MAX_DEPTH => {
                let rest = self.text.get(self.at..)?;
                open(self, JsonValue::Scalar(rest.into()));
                self.at = self.text.len();
                None
            }
            b'{' => {
                open(self, JsonValue::Object);
                self.at += 1;
                self.content(b'}', depth)
            }
            b'[' => {
                open(self, JsonValue::Array);
                self.at += 1;
                self.content(b']', depth)
            }
            b'"' => {
                let (text, is_complete) = self.string();
                let embedded = Some(Json::parse_below(&text, depth + 1)).filter(|embedded| {
                    let is_container = text.trim_start().starts_with(['{', '[']);
                    is_container
                        && depth < MAX_DEPTH / 2
                        && (embedded.is_complete || !is_complete)
                        && !embedded.nodes.is_empty()
                });
                match embedded {
                    Some(embedded) => {
                        open(self, JsonValue::Embedded(text.into()));
                        self.nodes.extend(
                            embedded.nodes.into_iter().map(|node| JsonNode { end: node.end + index + 1, ..node }),
                        );
                    }
                    None => open(self, JsonValue::Text(text.into())),
                }
                is_complete.then_some(())
            }
            _ => {
                let rest = self.text.get(self.at..)?;
                let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
                let length = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
                let word = rest.get(..length)?;
                let is_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                if !is_number && !matches!(word, "true" | "false" | "null") {
                    return None;
                }
                open(self, JsonValue::Scalar(word.into()));
                self.at += length;
                Some(())
            }
        };
        if let Some(end) = Some(self.nodes.len()).filter(|end| *end > index) {
            self.nodes[index].end = end;
        }
        read
    }

    fn content(&mut self, close: u8, depth: u16) -> Option<()> {
        if self.peek()? == close {
            self.at += 1;
            return Some(());
        }
        loop {
            let mut key = None;
            if close == b'}' {
                if self.peek()? != b'"' {
                    return None;
                }
                let (name, is_complete) = self.string();
                if !is_complete || self.peek()? != b':' {
                    return None;
                }
                self.at += 1;
                key = Some(name);
            }
            self.value(key.as_deref(), depth + 1)?;
            let next = self.peek()?;
            self.at += 1;
            match next {
                b',' => {}
                next if next == close => return Some(()),
                _ => return None,
            }
        }
    }

    /// Returns the next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    /// Reads the string at the present place. Returns its text, and whether it ends.
    fn string(&mut self) -> (String, bool) {
        let mut out = String::new();
        let mut rest = self.text.get(self.at + 1..).unwrap_or_default();
        let is_complete = loop {
            let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            rest = &rest[plain..];
            if rest.is_empty() {
                break false;
            }
            if let Some(after) = rest.strip_prefix('"') {
                rest = after;
                break true;
            }
            let (c, length) = escape(rest);
            out.push(c);
            rest = rest.get(length..).unwrap_or_default();
        };
        self.at = self.text.len() - rest.len();
        (out, is_complete)
    }
}

/// Returns the character of the escape at the start of `text`, and the length of the escape. What is not valid becomes
/// U+FFFD.
fn escape(text: &str) -> (char, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'u') => {
            let unit = |text: &str| text.get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
            let Some(first) = unit(text) else { return (char::REPLACEMENT_CHARACTER, 2) };
            let second = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(unit);
            let pair = [Some(first), second.filter(|_| (0xd800..0xdc00).contains(&first))];
            let units = pair.iter().flatten().copied().collect::<Vec<_>>();
            return match char::decode_utf16(units).next() {
                Some(Ok(c)) => (c, if c.len_utf16() == 2 { 12 } else { 6 }),
                _ => (char::REPLACEMENT_CHARACTER, 6),
            };
        }
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    (simple, 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns one line for each node.
    fn lines(text: &str) -> Vec<String> {
        let json = Json::parse(text);
        let show = |node: &JsonNode| {
            let key = node.key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
            let value = match &node.value {
                JsonValue::Object => "{}".to_owned(),
                JsonValue::Array => "[]".to_owned(),
                JsonValue::Text(text) => format!("{text:?}"),
                JsonValue::Embedded(_) => "json".to_owned(),
                JsonValue::Scalar(text) => text.to_string(),
            };
            format!("{}{key}{value} →{}", "  ".repeat(node.depth.into()), node.end)
        };
        json.nodes.iter().map(show).collect()
    }

    #[test]
    fn members_keep_their_order_and_numbers_their_spelling() {
        let text = r#"{"b":1.50,"a":[true,null,"x\ny\u00e9\ud83d\ude00"],"c":{}} , 12345678901234567890"#;
        assert_eq!(
            lines(text),
            [
                "{} →7",
                "  b: 1.50 →2",
                "  a: [] →6",
                "    true →4",
                "    null →5",
                r#"    "x\nyé😀" →6"#,
                "  c: {} →7",
                "12345678901234567890 →8",
            ]
        );
        assert!(Json::parse(text).is_complete);
    }

    /// V Chat's events carry their payload as JSON in a string.
    #[test]
    fn json_in_a_string_is_opened() {
        assert_eq!(lines(r#""{\"a\":[1]}""#), ["json →4", "  {} →4", "    a: [] →4", "      1 →4"]);
        assert_eq!(lines(r#"["[draft]","{x}"]"#), ["[] →3", "  \"[draft]\" →2", "  \"{x}\" →3"]);
    }

    #[test]
    fn text_that_was_cut_shows_what_there_is() {
        let json = Json::parse(r#"{"a":[1,{"b":"lon"#);
        assert!(!json.is_complete);
        assert_eq!(
            lines(r#"{"a":[1,{"b":"lon"#),
            ["{} →5", "  a: [] →5", "    1 →3", "    {} →5", "      b: \"lon\" →5"]
        );
        for text in ["{", "[", "{\"a\"", "{\"a\":", "[1,", "\"", "\"\\", "\"\\u12", "<html>", "{]", "[}"] {
            assert!(!Json::parse(text).is_complete, "{text}");
        }
        assert!(Json::parse(" ").is_complete);
        assert!(!Json::parse(&"[".repeat(100_000)).is_complete);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[\\[\\]{}\",:\\\\u0-9a-f é]{0,80}") {
            let json = Json::parse(&text);
            for (index, node) in json.nodes.iter().enumerate() {
                prop_assert!(node.end > index && node.end <= json.nodes.len());
            }
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                prop_assert!(json.is_complete);
                prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json.pretty(false)).ok(), Some(value));
            }
        }
    }
}

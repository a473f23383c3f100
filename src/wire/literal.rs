//! String literals of programming languages, in which a text from somebody else can only be text.
//!
//! Only characters that look and mean the same everywhere are written as they are. All others become escapes: line and
//! paragraph separators end a comment or a string in some languages, direction controls make code look like other code,
//! and the sanitiser would change invisible characters when the code is copied.

use crate::text::stands_alone;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// JSON, which is also JavaScript if it only has escapes.
    Json,
    JavaScript,
    Rust,
    Dart,
}

/// Returns a text as a string literal. In Rust it is a raw one if that is enough.
pub(super) fn literal(language: Language, text: &str) -> String {
    if language == Language::Rust && text.contains(['"', '\\']) && text.chars().all(is_plain) {
        let mut hashes = "#".to_owned();
        while text.contains(&format!("\"{hashes}")) {
            hashes.push('#');
        }
        return format!("r{hashes}\"{text}\"{hashes}");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Begins an expression.
            '$' if language == Language::Dart => out.push_str("\\$"),
            c if is_plain(c) => out.push(c),
            c if matches!(language, Language::Rust | Language::Dart) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => out.push_str(&json_escape(c)),
        }
    }
    out.push('"');
    out
}

/// Returns JSON in which all characters that are not plain are escapes. They only occur in its strings.
pub(super) fn escaped_json(text: &str) -> String {
    let is_kept = |c: char| is_plain(c) || c.is_ascii();
    text.chars().map(|c| if is_kept(c) { c.to_string() } else { json_escape(c) }).collect()
}

fn json_escape(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Whether a character means itself in every language and is kept by the sanitiser: letters and emoji, but none that
/// combine with others or are written from right to left.
fn is_plain(c: char) -> bool {
    stands_alone(c) || matches!(c, '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Texts that would be code if they were not quoted strictly.
#[cfg(test)]
pub(super) const HOSTILE: [&str; 9] = [
    "\u{2028}globalThis.hacked = true; //",
    "\u{2029}globalThis.hacked = true; //\u{85}globalThis.hacked = true; //",
    "\"}); globalThis.hacked = true; ({\"a\": \"",
    "${globalThis.hacked = true} $name `${globalThis.hacked = true}`",
    "\\\" + (globalThis.hacked = true) + \"\\",
    "*/ globalThis.hacked = true; /*\r\nglobalThis.hacked = true",
    "\u{202e}eurt = dekcah\u{202c} \u{200b}\u{feff}\0\u{7f}\u{1b}[31m",
    "r#\"raw\"# \"# + {hacked} \u{1}",
    "東京 🎉 👩\u{200d}👧 e\u{301} שלום ~ \t.",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::SafeText;

    /// Reads a literal of Rust or Dart as their compilers do. `None` if it is not one literal, or if it has a character
    /// that must not be there.
    fn read(language: Language, literal: &str) -> Option<String> {
        if let Some(raw) = literal.strip_prefix('r') {
            let hashes: String = raw.chars().take_while(|c| *c == '#').collect();
            let (text, rest) = raw.strip_prefix(&hashes)?.strip_prefix('"')?.split_once(&format!("\"{hashes}"))?;
            return (rest.is_empty() && text.chars().all(is_plain)).then(|| text.to_owned());
        }
        let mut chars = literal.strip_prefix('"')?.chars();
        let mut text = String::new();
        loop {
            text.push(match chars.next()? {
                '"' => return chars.next().is_none().then_some(text),
                '$' if language == Language::Dart => return None,
                '\\' => match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    c @ ('"' | '\\') => c,
                    '$' if language == Language::Dart => '$',
                    'u' => {
                        let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
                        char::from_u32(u32::from_str_radix(digits.strip_prefix('{')?, 16).ok()?)?
                    }
                    _ => return None,
                },
                c if is_plain(c) => c,
                _ => return None,
            });
        }
    }

    fn is_strict(text: &str) -> Result<(), TestCaseError> {
        for language in [Language::Rust, Language::Dart] {
            let literal = literal(language, text);
            prop_assert_eq!(read(language, &literal), Some(text.to_owned()), "{:?}: {}", language, literal);
        }
        for language in [Language::Json, Language::JavaScript] {
            let literal = literal(language, text);
            prop_assert!(literal.chars().all(is_plain), "{}", literal);
            prop_assert_eq!(serde_json::from_str::<String>(&literal).ok(), Some(text.to_owned()));
        }
        for language in [Language::Rust, Language::Dart, Language::Json] {
            // Copying changes nothing.
            let literal = literal(language, text);
            prop_assert_eq!(SafeText::block(&literal).to_string(), literal);
        }
        Ok(())
    }

    #[test]
    fn hostile_text_is_only_text() {
        HOSTILE.into_iter().try_for_each(is_strict).unwrap();
    }

    #[test]
    fn ordinary_text_is_readable() {
        assert_eq!(literal(Language::Json, "Grüße, 東京 🎉"), "\"Grüße, 東京 🎉\"");
        assert_eq!(literal(Language::Rust, r#"{"a":1}"#), r##"r#"{"a":1}"#"##);
        assert_eq!(escaped_json("{\n\"a\":\"\u{2028}é😀\"}"), "{\n\"a\":\"\\u2028é😀\"}");
    }

    proptest! {
        #[test]
        fn any_text_is_only_text(text in "(\\PC|\\p{C}|[\"\\\\$#{}\u{85}\u{2028}\u{2029}]){0,40}") {
            is_strict(&text)?;
        }
    }
}

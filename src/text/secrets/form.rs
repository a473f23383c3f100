//! The forms in which a secret may be written, before any encoding of single characters.

use super::{base64, escapes, ignorable};

/// Minimum length in characters of a secret that is recognised with other capitals or with spaces inside. A shorter one
/// could be ordinary words.
const MIN_DISTINCTIVE_CHARS: usize = 16;

/// Maximum number of characters that are ignored in one place, such as a line break and an indentation.
const MAX_IGNORED: usize = 16;

/// The bytes with which an encoded character may start: percent-encoding, backslashes, entities, and `+` for a space.
pub(super) const ESCAPES: [u8; 4] = *b"%\\&+";

/// One way to write a secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Form {
    text: Box<str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A secret that is longer than ordinary words.
    Distinctive,
    Base64,
    Hexadecimal,
}

impl Form {
    /// Returns the forms of `secret`: the secret itself, without its invisible characters, in base64 and in
    /// hexadecimal.
    pub(super) fn of(secret: &str) -> Vec<Self> {
        let is_distinctive = secret.chars().count() >= MIN_DISTINCTIVE_CHARS;
        let plain = if is_distinctive { Kind::Distinctive } else { Kind::Word };
        let mut forms = vec![Self { text: secret.into(), kind: plain }];
        let visible = ignorable::without(secret);
        if visible != secret && !visible.is_empty() {
            forms.push(Self { text: visible.into(), kind: plain });
        }
        forms.extend(base64::forms(secret).into_iter().map(|text| Self { text: text.into(), kind: Kind::Base64 }));
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        forms.push(Self { text: hexadecimal.into(), kind: Kind::Hexadecimal });
        forms
    }

    /// Returns the bytes with which an occurrence may start, besides [`ESCAPES`].
    pub(super) fn first_bytes(&self) -> [u8; 2] {
        let first = self.text.as_bytes().first().copied().unwrap_or_default();
        let other = if first.is_ascii_lowercase() { first.to_ascii_uppercase() } else { first.to_ascii_lowercase() };
        [first, if self.ignores_case() { other } else { first }]
    }

    /// Returns the bytes with which the second character of an occurrence may start, if the first one is a byte and
    /// neither is encoded. `None` if there is no second one.
    pub(super) fn second_bytes(&self) -> Option<[u8; 2]> {
        let second = *self.text.as_bytes().get(1)?;
        Some([second, if self.ignores_case() { swap_case(char::from(second)) as u8 } else { second }])
    }

    /// Returns the length of an occurrence at the start of `text`. `escaped` is the character that an escape at the
    /// start of `text` stands for.
    pub(super) fn prefix_len(&self, text: &str, escaped: Option<char>) -> Option<usize> {
        // Most text is refused here. An escape of a letter or a digit stands for nothing else.
        let (first, expected) = (text.as_bytes().first()?, self.first_bytes());
        if !expected.contains(first) {
            let is_escaped = |byte: &u8| !byte.is_ascii_alphanumeric() || escaped == Some(char::from(*byte));
            if !ESCAPES.contains(first) || !expected.iter().any(is_escaped) {
                return None;
            }
        }
        // What looks like an escape may belong to the secret.
        let literal = || text.starts_with(&*self.text).then_some(self.text.len());
        let length = self.encoded_len(text).or_else(literal)?;
        // The rest of a longer encoded text holds the last bits of the secret.
        let rest = if self.kind == Kind::Base64 { text.get(length..).map_or(0, base64::word_len) } else { 0 };
        Some(length + rest)
    }

    /// Returns the length of an occurrence at the start of `text` in which each character may be encoded in another
    /// way, and between which others may stand that are ignored.
    fn encoded_len(&self, text: &str) -> Option<usize> {
        let (mut at, mut chars, mut after_backslash) = (0, self.text.chars().peekable(), false);
        while let Some(c) = chars.next() {
            // Escaping doubles backslashes, so any number of them matches any other.
            while c == '\\' && chars.next_if_eq(&'\\').is_some() {}
            let mut ignored = 0;
            at += loop {
                let rest = text.get(at..)?;
                if let Some(length) = self.char_len(rest.as_bytes(), c, after_backslash) {
                    break length;
                }
                if at == 0 || ignored == MAX_IGNORED {
                    return None;
                }
                ignored += 1;
                at += ignorable::len(rest, self.kind != Kind::Word)?;
            };
            after_backslash = c == '\\';
        }
        Some(at)
    }

    fn char_len(&self, text: &[u8], c: char, after_backslash: bool) -> Option<usize> {
        let of = |c| {
            // The backslashes before an escape were taken for those of the secret.
            let escape = || escapes::escape_len(text, c).filter(|_| after_backslash);
            escapes::char_len(text, c).or_else(escape)
        };
        let other = || Some(swap_case(c)).filter(|other| self.ignores_case() && *other != c);
        of(c).or_else(|| of(other()?))
    }

    fn ignores_case(&self) -> bool {
        matches!(self.kind, Kind::Distinctive | Kind::Hexadecimal)
    }
}

fn swap_case(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix_len(text: &str, secret: &str) -> Option<usize> {
        Form::of(secret)[0].prefix_len(text, escapes::decoded(text).map(|(c, _)| c))
    }

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
            r"\x61\x2f\x22\x5c\xc3\xa9\xf0\x9f\x98\x80\x20\x09",
            r#"\u{61}/\"\\\u{e9}\u{1f600} \t"#,
            "a%252F%2522%25255C%25C3%25A9😀%2520%2509",
            "a&#x2F;&quot;&bsol;&#233;&#128512; &Tab;",
            "&#97;&sol;&amp;quot;\\&#xE9;&amp;#x1f600;&#32;&#9;",
        ] {
            assert_eq!(prefix_len(&format!("{text}…"), secret), Some(text.len()), "{text}");
        }
        for text in ["", "a", "a/\"\\é😀 ", "b/", r"\u0061\u", "a%2", "a%", "a\\", "&#97", "A/\"\\é😀 \t"] {
            assert_eq!(prefix_len(text, secret), None, "{text}");
        }
        assert_eq!(prefix_len("100%x", "100%"), Some(4));
        assert_eq!(prefix_len("100%25x", "100%"), Some(6));
        // A secret may look like an encoded one.
        for secret in ["100%25", "a&amp;b", "a\\u0062c", "&#34;a"] {
            assert_eq!(prefix_len(secret, secret), Some(secret.len()));
        }
    }

    #[test]
    fn only_long_secrets_match_with_other_capitals_or_spaces() {
        assert_eq!(prefix_len("HUNTER2", "hunter2"), None);
        assert_eq!(prefix_len("hunt er2", "hunter2"), None);
        assert_eq!(prefix_len("hunt\u{200b}er2", "hunter2"), Some(10));
        assert_eq!(prefix_len("CORRECT-horse-Battery", "Correct-Horse-Battery"), Some(21));
        assert_eq!(prefix_len("correct-\r\n    horse-battery", "correct-horse-battery"), Some(27));
        assert_eq!(prefix_len("a key\nof several\twords", "a key of several words"), Some(22));
        let far = format!("correct-{}horse-battery", " ".repeat(17));
        assert_eq!(prefix_len(&far, "correct-horse-battery"), None);
    }
}

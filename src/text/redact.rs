//! Removal of secrets from logs, error messages and other text for people.
//!
//! Redaction is the last line of defence. The program never writes a secret on purpose, but a server may echo one, and
//! a library may put an address that contains one into its error message.

use super::percent::percent_encode;

/// Minimum length of a secret in characters. A shorter one would match inside ordinary words.
const MIN_SECRET_LEN: usize = 4;

/// Replacement for a secret.
const MASK: &str = "***";

/// Returns `text` with every occurrence of the `secrets` masked, whether plain, percent-encoded or in base64. Words
/// after `Bearer`, `auth=` and similar markers are masked too, even if they are not among `secrets`.
pub fn redact<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = text.to_owned();
    for secret in secrets.into_iter().filter(|secret| secret.chars().count() >= MIN_SECRET_LEN) {
        for encoded in encodings(secret) {
            if out.contains(&encoded) {
                out = out.replace(&encoded, MASK);
            }
        }
    }
    for marker in ["Bearer ", "bearer ", "Bearer%20", "Bearer+", "auth=", "apiKey=", "api_key="] {
        if out.contains(marker) {
            out = mask_words_after(&out, marker);
        }
    }
    out
}

/// Masks the word after each occurrence of `marker`.
fn mask_words_after(text: &str, marker: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(marker) {
        out.push_str(before);
        out.push_str(marker);
        let end = after.find(|c: char| c.is_whitespace() || "\"'&,;)}]<>".contains(c)).unwrap_or(after.len());
        let word = &after[..end];
        if word.starts_with("Bearer") {
            // The word is itself a marker; the secret follows that one.
            rest = after;
            continue;
        }
        out.push_str(if word.is_empty() || word == "null" { word } else { MASK });
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// Returns the encodings in which a secret may appear in text.
fn encodings(secret: &str) -> [String; 6] {
    let standard = base64(secret, b"+/");
    let unpadded = standard.trim_end_matches('=').to_owned();
    let url_safe = base64(secret, b"-_").trim_end_matches('=').to_owned();
    let percent = percent_encode(secret);
    let form = percent.replace("%20", "+");
    [secret.to_owned(), percent, form, standard, unpadded, url_safe]
}

/// Encodes `text` in base64; `last_two` are the digits for 62 and 63, in which the alphabets differ.
fn base64(text: &str, last_two: &[u8; 2]) -> String {
    let digit = |value: u32| {
        char::from(match u8::try_from(value & 63).unwrap_or(0) {
            value @ 0..=25 => b'A' + value,
            value @ 26..=51 => b'a' + value - 26,
            value @ 52..=61 => b'0' + value - 52,
            62 => last_two[0],
            _ => last_two[1],
        })
    };
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= chunk.len() {
                out.push(digit(bits >> (18 - 6 * at)));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "k3y & m\u{f6}re?";

    #[test]
    fn secrets_are_masked_in_every_encoding() {
        // printf 'k3y & m\xc3\xb6re?' | base64
        for encoded in [KEY, "k3y%20%26%20m%C3%B6re%3F", "k3y+%26+m%C3%B6re%3F", "azN5ICYgbcO2cmU/", "azN5ICYgbcO2cmU_"]
        {
            assert_eq!(redact(&format!("<{encoded}> {encoded}"), [KEY]), "<***> ***", "{encoded}");
        }
        assert_eq!(base64("a", b"+/"), "YQ==");
        assert_eq!(base64("ab", b"+/"), "YWI=");
    }

    #[test]
    fn unknown_tokens_after_markers_are_masked() {
        let raw = "wss://x/?auth=Bearer%20eyJ.a.b&EIO=4 authorization: Bearer eyJ.a.b, (\"Bearer eyJ\")";
        let masked = "wss://x/?auth=Bearer%20***&EIO=4 authorization: Bearer ***, (\"Bearer ***\")";
        assert_eq!(redact(raw, []), masked);
        assert_eq!(redact(masked, []), masked);
        assert_eq!(redact("Bearer null; the Bearer ", []), "Bearer null; the Bearer ");
        assert_eq!(redact("Bearer Bearer eyJ auth=Bearer eyJ", []), "Bearer Bearer *** auth=Bearer ***");
    }

    #[test]
    fn short_secrets_are_ignored() {
        assert_eq!(redact("a key", ["k", "", "key"]), "a key");
    }
}

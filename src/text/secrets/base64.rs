//! The forms that a secret takes when a text that contains it is encoded in base64.

use super::escapes;

/// Minimum length of a secret, in bytes, that is recognised inside of a longer encoded text. The form of a shorter one
/// would match by chance.
const MIN_PART_BYTES: usize = 8;

/// Returns texts, one of which occurs in the encoding of every text that contains `secret`.
///
/// Three bytes become four digits, so there are three ways in which a secret may lie in its encoding. Digits that the
/// secret shares with its neighbours are left out. Both alphabets of base64 are covered.
pub(super) fn forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for last_two in [b"+/", b"-_"] {
        for shift in 0..3 {
            let bytes: Vec<u8> = std::iter::repeat_n(0, shift).chain(secret.bytes()).collect();
            let digits = encode(&bytes, *last_two);
            let form = if secret.len() >= MIN_PART_BYTES {
                // Complete digits: the first one after the shift, and the last one that ends within the secret.
                digits.get((shift * 8).div_ceil(6)..bytes.len() * 8 / 6)
            } else {
                Some(digits.as_str()).filter(|_| shift == 0)
            };
            if let Some(form) = form.filter(|form| !forms.iter().any(|known| known == form)) {
                forms.push(form.to_owned());
            }
        }
    }
    forms
}

/// Returns the length of the base64 digits at the start of `text`, including the padding. Each may be encoded once
/// more.
pub(super) fn word_len(text: &str) -> usize {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let encoded = || escapes::decoded(rest).filter(|(c, _)| is_digit(*c)).map(|(_, length)| length);
        // JSON may escape a slash with a backslash alone.
        let length = if is_digit(c) { Some(1) } else { encoded().or_else(|| escapes::char_len(rest.as_bytes(), '/')) };
        match length.and_then(|length| rest.get(length..)) {
            Some(after) => rest = after,
            None => break,
        }
    }
    text.len() - rest.len()
}

/// Encodes `bytes` without padding; `last_two` are the digits for 62 and 63, in which the alphabets differ.
fn encode(bytes: &[u8], last_two: [u8; 2]) -> String {
    let digit = |value: u32| {
        char::from(match u8::try_from(value & 63).unwrap_or(0) {
            value @ 0..=25 => b'A' + value,
            value @ 26..=51 => b'a' + value - 26,
            value @ 52..=61 => b'0' + value - 52,
            62 => last_two[0],
            _ => last_two[1],
        })
    };
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.extend((0..=chunk.len()).map(|at| digit(bits >> (18 - 6 * at))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_an_independent_implementation() {
        for (plain, encoded) in [("a", "YQ"), ("ab", "YWI"), ("abc", "YWJj"), ("k3y & m\u{f6}re?", "azN5ICYgbcO2cmU/")]
        {
            assert_eq!(encode(plain.as_bytes(), *b"+/"), encoded);
        }
    }

    #[test]
    fn secret_is_found_wherever_it_lies_in_encoded_text() {
        let forms = forms("s3cret-key");
        for before in 0..7 {
            for after in 0..7 {
                let text = format!("{}s3cret-key{}", "\u{7f}".repeat(before), "\u{7f}".repeat(after));
                for alphabet in [b"+/", b"-_"] {
                    let encoded = encode(text.as_bytes(), *alphabet);
                    assert!(forms.iter().any(|form| encoded.contains(form.as_str())), "{encoded}");
                }
            }
        }
    }
}

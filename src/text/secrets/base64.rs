//! The forms that a secret takes when a text that contains it is encoded in base64.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::escapes;

/// The alphabets of base64, which differ in two digits.
const ALPHABETS: [GeneralPurpose; 2] = [STANDARD_NO_PAD, URL_SAFE_NO_PAD];

/// Minimum length of a secret, in bytes, that is recognised inside of a longer encoded text. The form of a shorter one
/// would match by chance.
const MIN_PART_BYTES: usize = 8;

/// Returns texts, one of which occurs in the encoding of every text that contains `secret`.
///
/// Three bytes become four digits, so there are three ways in which a secret may lie in its encoding. Digits that the
/// secret shares with its neighbours are left out. Both alphabets of base64 are covered.
pub(super) fn forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for alphabet in ALPHABETS {
        for shift in 0..3 {
            let bytes: Vec<u8> = std::iter::repeat_n(0, shift).chain(secret.bytes()).collect();
            let digits = alphabet.encode(&bytes);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_found_wherever_it_lies_in_encoded_text() {
        let forms = forms("s3cret-key");
        for before in 0..7 {
            for after in 0..7 {
                let text = format!("{}s3cret-key{}", "\u{7f}".repeat(before), "\u{7f}".repeat(after));
                for alphabet in ALPHABETS {
                    let encoded = alphabet.encode(&text);
                    assert!(forms.iter().any(|form| encoded.contains(form.as_str())), "{encoded}");
                }
            }
        }
    }
}

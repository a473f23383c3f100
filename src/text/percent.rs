//! Percent-encoding of text that becomes part of a URL, and decoding.
//!
//! Everything that writes a URL by hand, or looks for an encoded secret in one, uses this module. Query pairs of REST
//! calls are encoded by the `url` crate instead.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All characters except the "unreserved" ones of RFC 3986, which need no encoding in any part of a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes every character that could have a special meaning in a URL. A space becomes `%20`.
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Decodes a percent-encoded text; `None` if the result is not valid Unicode.
pub fn percent_decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(percent_encode("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent_encode("a b&c=d/é+?#%"), "a%20b%26c%3Dd%2F%C3%A9%2B%3F%23%25");
        assert_eq!(percent_decode("/a%20b/%C3%A9").as_deref(), Some("/a b/é"));
        assert_eq!(percent_decode("/%FF"), None);
    }
}

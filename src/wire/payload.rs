//! The text of a packet or a body, as it was on the wire.

/// Maximum length of the text of one record, in bytes. A page of history would otherwise displace a hundred events.
pub const MAX_PAYLOAD_BYTES: usize = 32 << 10;

/// Text from the wire with its secrets replaced. Long ones are cut; their full length is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payload {
    /// The text, or the beginning of it. Not sanitised.
    pub text: Box<str>,
    /// Length on the wire in bytes, before anything was replaced or cut.
    pub bytes: usize,
    /// Whether `text` is only the beginning.
    pub is_cut: bool,
}

impl Payload {
    /// Creates a payload of a text whose secrets have been replaced, and which had this length before.
    pub fn new(mut redacted: String, bytes: usize) -> Self {
        let is_cut = redacted.len() > MAX_PAYLOAD_BYTES;
        redacted.truncate(redacted.floor_char_boundary(MAX_PAYLOAD_BYTES));
        Self { text: redacted.into(), bytes, is_cut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        let payload = Payload::new("é".repeat(MAX_PAYLOAD_BYTES), 2 * MAX_PAYLOAD_BYTES);
        assert_eq!(payload.text.len(), MAX_PAYLOAD_BYTES);
        assert_eq!((payload.bytes, payload.is_cut), (2 * MAX_PAYLOAD_BYTES, true));
        let payload = Payload::new(format!("a{}", "é".repeat(MAX_PAYLOAD_BYTES / 2)), 7);
        assert_eq!((payload.text.len(), payload.bytes, payload.is_cut), (MAX_PAYLOAD_BYTES - 1, 7, true));
        assert!(!Payload::new("a".into(), 1).is_cut);
    }
}

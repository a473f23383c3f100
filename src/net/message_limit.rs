//! Size limit for messages that arrive on the socket.
//!
//! The Socket.IO library parses every message before this program sees it, and copies the result twice. Neither it nor
//! the WebSocket library below it can be given a limit. The latter, however, logs each message before it returns it,
//! and `heartbeat` receives that line, measures the message here, and unwinds the library's task if it is too large.

use std::fmt::{self, Arguments, Write};

use crate::protocol;

/// Maximum length of a message, in bytes. The largest that a server has reason to send is a room with all its members.
const MAX_BYTES: usize = 4 << 20;

/// Maximum memory of a parsed message, in bytes. The library holds it three times.
const MAX_PARSED_BYTES: usize = 16 << 20;

/// Whether a message, given by its line in the log, is within the limits. Does not copy the message.
pub(super) fn is_within_limits(line: &Arguments<'_>) -> bool {
    Meter { bytes: 0 }.write_fmt(*line).is_ok()
}

/// Measures what is written to it, and fails beyond the limits. A message is written in one piece.
struct Meter {
    bytes: usize,
}

impl Write for Meter {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.bytes += part.len();
        if self.bytes <= MAX_BYTES && protocol::fits(part.as_bytes(), MAX_PARSED_BYTES) {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_is_measured_by_length_and_content() {
        let is_allowed = |message: &str| is_within_limits(&format_args!("Received message {message}"));
        let objects = |count| format!("42[\"x\",[{}]]", vec![r#"{"":0}"#; count].join(","));
        assert!(is_allowed(&objects(10_000)));
        assert!(!is_allowed(&objects(30_000)), "200 KiB that take 16 MiB");
        assert!(is_allowed(&format!("42[\"x\",\"{}\"]", "a".repeat(4_000_000))));
        assert!(!is_allowed(&format!("42[\"x\",\"{}\"]", "a".repeat(5_000_000))));
    }
}

//! Limits for messages that arrive on the socket.
//!
//! The Socket.IO library parses every message before this program sees it, copies the result twice, splits it at
//! separators, and collects the attachments of binary events. Neither it nor the WebSocket library below it can be
//! given a limit. The latter, however, logs each message before it returns it, and `heartbeat` receives that line,
//! checks the message here, and unwinds the library's task if it is refused.

use std::fmt::{self, Arguments, Write};
use std::time::Duration;

use crate::text::json_fits;

/// Beginning of the lines for received messages.
pub(super) const LINE_PREFIX: &str = "Received message ";

/// What the library logs instead of a binary message that is not UTF-8.
const BINARY_PREFIX: &str = "Binary Data<length=";

/// Maximum length of a message, in bytes. The largest that a server has reason to send is a room with all its members.
const MAX_BYTES: usize = 4 << 20;

/// Maximum memory of a parsed message, in bytes. The library holds it three times.
const MAX_PARSED_BYTES: usize = 16 << 20;

/// Maximum number of attachments of an event. No event of a service has more than one.
const MAX_ATTACHMENTS: u32 = 4;

/// Maximum length of a WebSocket control frame, in bytes (RFC 6455 §5.5). The line does not tell a ping from a message.
const CONTROL_BYTES: usize = 125;

/// The line before the answer to a WebSocket ping is sent.
const PONG_LINE: &str = "Sending pong/close";

/// Number of WebSocket pings that are allowed at any time, and in addition per second. The answers of a server that
/// does not read them stay in memory.
const PING_BURST: u64 = 1_000;
const PINGS_PER_SECOND: u64 = 10;

/// The separator of Engine.IO packets in one message. WebSocket messages have one packet each
/// (`docs/protocol/socketio.md`), and JSON escapes the character.
const PACKET_SEPARATOR: u8 = 0x1e;

/// Why a message is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is too large, or takes too much memory once parsed.
    TooLarge,
    /// No chat server sends such messages, or so many.
    Unsupported,
}

impl Refusal {
    /// Returns the reason as a sentence.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => "The message is too large.",
            Self::Unsupported => "The message is of an unsupported kind.",
        }
    }
}

/// Checks the messages of one connection.
#[derive(Debug, Default)]
pub(super) struct MessageLimit {
    /// Attachments of the current event that have not arrived yet.
    attachments: u32,
    /// Number of WebSocket pings that were answered.
    pings: u64,
}

impl MessageLimit {
    /// Checks a line of the log, `age` after the start of the connection. Returns the beginning of the received message,
    /// if the line is about one. Does not copy the rest of it.
    ///
    /// # Errors
    /// The reason to refuse the message.
    pub(super) fn check(&mut self, line: &Arguments<'_>, age: Duration) -> Result<Option<String>, Refusal> {
        if line.as_str() == Some(PONG_LINE) {
            self.pings += 1;
            let is_flood = self.pings > PING_BURST + PINGS_PER_SECOND * age.as_secs();
            return if is_flood { Err(Refusal::Unsupported) } else { Ok(None) };
        }
        let mut measured = Line::default();
        let written = measured.write_fmt(*line);
        if measured.is_other {
            return Ok(None);
        }
        if written.is_err() {
            return Err(Refusal::TooLarge);
        }
        self.check_message(&measured).map(|()| Some(measured.head))
    }

    fn check_message(&mut self, message: &Line) -> Result<(), Refusal> {
        let binary_bytes = message.binary_bytes();
        let bytes = binary_bytes.unwrap_or(message.bytes);
        if bytes > MAX_BYTES {
            return Err(Refusal::TooLarge);
        }
        let head = message.head.as_str();
        if self.attachments > 0 && head != "2" {
            self.attachments -= 1;
            return Ok(());
        }
        if message.has_separator {
            return Err(Refusal::Unsupported);
        }
        match head.as_bytes() {
            [b'0'..=b'3', ..] | [b'4', b'0'..=b'4', ..] => Ok(()),
            [b'4', b'5' | b'6', ..] => {
                self.attachments = attachments(&head[2..]).ok_or(Refusal::Unsupported)?;
                Ok(())
            }
            // A control frame with any content, or a message that the library rejects.
            _ if bytes <= CONTROL_BYTES && !head.starts_with(['b', '5', '6']) => Ok(()),
            _ => Err(Refusal::Unsupported),
        }
    }
}

/// Returns the number of attachments at the beginning of a binary packet, such as `1-["message",…]`.
fn attachments(packet: &str) -> Option<u32> {
    packet.split_once('-')?.0.parse().ok().filter(|count| *count <= MAX_ATTACHMENTS)
}

/// Measures the line that is written to it, and fails if its message is too large, or if it is about something else, so
/// that the rest is not formatted. The message is written in one piece, after the prefix of the line.
#[derive(Default)]
struct Line {
    /// Beginning of the message.
    head: String,
    /// Length of the message.
    bytes: usize,
    has_separator: bool,
    has_prefix: bool,
    /// Whether the line is about something else.
    is_other: bool,
}

/// Number of bytes of a message that are kept to find out its kind.
const HEAD_BYTES: usize = 64;

impl Line {
    /// Returns the length of a binary message that is not UTF-8.
    fn binary_bytes(&self) -> Option<usize> {
        self.head.strip_prefix(BINARY_PREFIX)?.strip_suffix('>')?.parse().ok()
    }
}

impl Write for Line {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let part = if self.has_prefix {
            part
        } else {
            self.has_prefix = true;
            let Some(rest) = part.strip_prefix(LINE_PREFIX) else {
                self.is_other = true;
                return Err(fmt::Error);
            };
            rest
        };
        self.bytes += part.len();
        self.has_separator |= part.as_bytes().contains(&PACKET_SEPARATOR);
        let kept = part.floor_char_boundary(HEAD_BYTES - self.head.len().min(HEAD_BYTES));
        self.head.push_str(&part[..kept]);
        if self.bytes <= MAX_BYTES && json_fits(part.as_bytes(), MAX_PARSED_BYTES) { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limit: &mut MessageLimit, message: &str) -> Result<(), Refusal> {
        let head = limit.check(&format_args!("Received message {message}"), Duration::ZERO)?.expect("a message");
        assert!(message.starts_with(&head));
        Ok(())
    }

    /// Checks one message of a new connection.
    fn check_first(message: &str) -> Result<(), Refusal> {
        check(&mut MessageLimit::default(), message)
    }

    #[test]
    fn message_is_measured_by_length_and_content() {
        let objects = |count| format!("42[\"x\",[{}]]", vec![r#"{"":0}"#; count].join(","));
        assert_eq!(check_first(&objects(10_000)), Ok(()));
        assert_eq!(check_first(&objects(30_000)), Err(Refusal::TooLarge), "200 KiB that take 16 MiB");
        assert_eq!(check_first(&format!("42[\"x\",\"{}\"]", "a".repeat(4_000_000))), Ok(()));
        assert_eq!(check_first(&format!("42[\"x\",\"{}\"]", "a".repeat(5_000_000))), Err(Refusal::TooLarge));
    }

    #[test]
    fn packets_of_the_services_are_accepted() {
        for message in
            ["", "0{\"sid\":\"x\"}", "2", "2probe", "3", "40{}", "41", "42[\"a\"]", "431[]", "44{}", "ping 7"]
        {
            assert_eq!(check_first(message), Ok(()), "{message}");
        }
    }

    /// Regression test: 15 MiB of separators in a binary message took 1.35 GB.
    #[test]
    fn several_packets_in_one_message_are_refused() {
        for message in ["6\u{1e}6", "42[\"a\"]\u{1e}42[\"b\"]", &"6\u{1e}".repeat(1_000)] {
            assert_eq!(check_first(message), Err(Refusal::Unsupported), "{message}");
        }
    }

    #[test]
    fn message_of_no_packet_type_is_refused() {
        let long = "x".repeat(CONTROL_BYTES + 1);
        for message in ["5", "6", "bAAAA", "Binary Data<length=126>", &long] {
            assert_eq!(check_first(message), Err(Refusal::Unsupported), "{message}");
        }
        assert_eq!(check_first("Binary Data<length=15728640>"), Err(Refusal::TooLarge));
    }

    /// Regression test: 255 attachments of 3.9 MB took 1 GB.
    #[test]
    fn event_may_have_a_few_attachments() {
        let mut limit = MessageLimit::default();
        assert_eq!(check(&mut limit, "452-[\"message\",{}]"), Ok(()));
        assert_eq!(check(&mut limit, "2"), Ok(()), "a ping in between");
        assert_eq!(check(&mut limit, "Binary Data<length=3000000>"), Ok(()));
        assert_eq!(check(&mut limit, &"text\u{1e}".repeat(100)), Ok(()), "an attachment that is UTF-8");
        assert_eq!(check(&mut limit, "Binary Data<length=3000000>"), Err(Refusal::Unsupported));
        for message in ["455-[\"message\"]", "45255-[\"message\"]", "45-[]", "45", "4699999999999-[]"] {
            assert_eq!(check_first(message), Err(Refusal::Unsupported), "{message}");
        }
    }

    /// Regression test: the answers to pings that the server did not read took 465 MB in 20 seconds.
    #[test]
    fn flood_of_pings_is_refused() {
        let mut limit = MessageLimit::default();
        let mut ping = |age| {
            assert_eq!(check(&mut limit, "2"), Ok(()), "the payload of a ping");
            limit.check(&format_args!("Sending pong/close"), Duration::from_secs(age))
        };
        assert!((0..1_000).all(|_| ping(0) == Ok(None)));
        assert_eq!(ping(0), Err(Refusal::Unsupported));
        assert_eq!(ping(60), Ok(None));
    }

    /// Regression test: 10,000 deletions were taken for pings.
    #[test]
    fn number_of_small_messages_is_not_limited() {
        let mut limit = MessageLimit::default();
        assert!((0..20_000).all(|_| check(&mut limit, "42[\"message.delete\",\"1\"]") == Ok(())));
    }

    #[test]
    fn other_lines_are_ignored() {
        let line = "x".repeat(5_000_000);
        assert_eq!(MessageLimit::default().check(&format_args!("Sending frame: {line}"), Duration::ZERO), Ok(None));
    }
}

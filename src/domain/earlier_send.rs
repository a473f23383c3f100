//! The rule by which the outbox and the command `send` tell whether an earlier send has arrived, on services that do not
//! recognise a second copy.

use crate::text::SafeText;

use super::request::Content;
use super::time::SECOND;

/// Maximum number of pages to search: about a thousand messages.
pub const MAX_SEARCH_PAGES: u32 = 40;

/// Time that the server gets to process a send before its absence is believed, in milliseconds.
pub const PROCESSING_TIME: i64 = 10 * SECOND;

/// Delay between two searches while the server may be processing a send, in milliseconds.
pub const SEARCH_INTERVAL: i64 = 2 * SECOND;

/// The content of a send, as it is compared with messages that do not name the send they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentContent {
    /// A text.
    Text(SafeText),
    /// A file. Any file may be the one, because a server may report another name for it.
    File,
    /// A forwarded message, which may consist of anything.
    Forward,
}

impl SentContent {
    /// Returns the content of a send.
    pub fn of(content: &Content) -> Self {
        match content {
            Content::Text { text, .. } => Self::Text(SafeText::block(text)),
            Content::File { .. } => Self::File,
            Content::Forward { .. } => Self::Forward,
        }
    }

    /// Whether a message with this text, and with a file or without one, may be the send.
    pub fn may_be(&self, text: &SafeText, has_file: bool) -> bool {
        match self {
            Self::Text(sent) => sent == text,
            Self::File => has_file,
            Self::Forward => true,
        }
    }
}

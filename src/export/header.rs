//! What a file says about the export as a whole.

use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// What a file says about the export as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHeader {
    /// Title of the room.
    pub title: String,
    /// Server-assigned id of the room.
    pub room: String,
    /// When the export began.
    pub exported_at: Timestamp,
    /// Time zone of the times in text and Markdown.
    pub zone: TimeZone,
    /// Reason why older messages are missing; `None` if the file goes back to the first message.
    pub missing: Option<String>,
}

//! What a file says about the export as a whole.

use crate::domain::{TimeFormat, Timestamp};

/// What a file says about the export as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHeader {
    /// Title of the room.
    pub title: String,
    /// Server-assigned id of the room.
    pub room: String,
    /// When the export began.
    pub exported_at: Timestamp,
    /// How times and dates are written in text and Markdown.
    pub times: TimeFormat,
    /// Reason why older messages are missing; `None` if the file goes back to the first message.
    pub missing: Option<String>,
}

//! Exports of rooms: the steps that the runtime carries out, and its replies.

use serde::{Deserialize, Serialize};

use crate::domain::Amendments;
use crate::export::{ExportFormat, ExportHeader, ExportedMessage};

/// File that a room is to be exported to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportTarget {
    /// Path as the user typed it; `~` is the home folder. `None` for a new file in the folder for downloads.
    pub path: Option<String>,
    /// Title of the room, after which a new file is named.
    pub name: String,
    /// Format of the file.
    pub format: ExportFormat,
    /// Whether the user has agreed to replace the file at the path.
    pub replaces: bool,
}

impl ExportTarget {
    /// Returns the command that asked for it.
    pub fn command_line(&self) -> String {
        let path = self.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
        format!("/export {}{path}", self.format.extension())
    }
}

/// Step of an export. Each has one reply, and the next step follows that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportStep {
    /// Prepare the file.
    Open(ExportTarget),
    /// Collect messages, in their order. Each block holds older messages than the one before it.
    Append(Vec<ExportedMessage>),
    /// Write the collected messages to the file, with the changes that arrived meanwhile.
    Finish(Box<ExportHeader>, Amendments),
}

/// Reply to a step of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportReply {
    /// The file can be written.
    Opened,
    /// There is a file at this path already, so nothing was prepared.
    Exists(String),
    /// The messages are collected.
    Appended,
    /// The file is complete, at this path.
    Finished(String),
    /// Nothing was written; holds the reason, a sentence.
    Failed(String),
}

//! Downloads of the files in messages: what the runtime is asked to do, and its replies.

use serde::{Deserialize, Serialize};

use crate::domain::FileToSave;

/// Download of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The file.
    pub file: FileToSave,
    /// Path to save it to, as the user typed it; `~` is the home folder.
    pub path: String,
    /// Whether the user has agreed to replace the file at the path.
    pub replaces: bool,
}

/// Reply to a request to save a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DownloadReply {
    /// So many bytes have arrived, of a total that is 0 if unknown.
    Progress(u64, u64),
    /// There is a file at this path already, so nothing was downloaded.
    Exists(String),
    /// The file is complete, at this path, with so many bytes.
    Finished(String, u64),
    /// Nothing was saved; holds the reason, a sentence.
    Failed(String),
}

//! Text that was pasted into a draft, and the files that it names.

use serde::{Deserialize, Serialize};

use super::ids::RoomId;

/// Text that was pasted into the draft of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pasted {
    /// Room of the draft.
    pub room: RoomId,
    /// Byte offset at which the text was inserted.
    pub start: usize,
    /// The text, as far as it fits the draft.
    pub text: String,
    /// The part that does not fit, and is only sent in a file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rest: String,
}

/// A file whose path was pasted, as terminals do for a file that is dropped on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedFile {
    /// Path of the file.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
}

//! The first line of a recording.

use serde::{Deserialize, Serialize};

use crate::app::Start;

/// Version of the format. It is incremented when an event changes so that older recordings cannot be read.
pub const FORMAT: u32 = 1;

/// The first line of a recording.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format. Named so that a file can be recognised by its first bytes.
    #[serde(rename = "minchat_tui_recording")]
    pub format: u32,
    /// Version of the program that recorded.
    pub program: String,
    /// Whether names and texts were replaced by invented words.
    pub names_hidden: bool,
    /// The start of the program.
    pub start: Start,
}

impl Header {
    /// Creates the header of a new recording.
    pub fn new(start: Start, names_hidden: bool) -> Self {
        Self { format: FORMAT, program: env!("CARGO_PKG_VERSION").to_owned(), names_hidden, start }
    }
}

//! The lines of a recording after the first one.

use serde::{Deserialize, Serialize};

use crate::app::Event;
use crate::domain::Timestamp;

/// An event and its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When the event reached the state.
    pub at: Timestamp,
    /// The event.
    pub event: Event,
}

/// The last line of a recording. It is missing if the program was killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Why the recording ends.
    pub end: EndReason,
    /// The last frame; `None` if it is unknown, or not the one of a replay because names were hidden.
    pub screen: Option<LastScreen>,
}

/// Why a recording ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The program ended.
    Quit,
    /// Events arrived faster than they could be written.
    Overflow,
    /// An event cannot be written, such as one with a file name that is no text.
    Unwritable,
}

/// The last frame that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastScreen {
    /// Its text, one for each row, without secrets.
    pub rows: Vec<String>,
    /// A hash of its cells with their colors, by which a replay is compared.
    pub digest: String,
}

//! The events that the decoder produces.

use super::paste::Pasted;
use crate::input::key::{Key, Mouse};

/// An event decoded from the bytes of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalEvent {
    /// A key press.
    Key(Key),
    /// A mouse event.
    Mouse(Mouse),
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// Pasted text.
    Paste(Pasted),
    /// The answer to a query for the background color: red, green and blue.
    Background([u8; 3]),
    /// The answer to a query for the name and the version of the terminal, such as `kitty(0.41.1)` (xterm, XTVERSION).
    Name(String),
}

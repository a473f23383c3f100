//! Us to the world.

use crate::domain::{AccountId, Request};

/// Something to be done outside. Data, never a closure: a test compares it, a log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the server of an account for something.
    Request(AccountId, Request),
    /// Try to connect now instead of after the delay.
    Reconnect(AccountId),
    /// Put text into the clipboard.
    Copy(String),
    /// Draw every cell again.
    Redraw,
    /// Give the terminal back to the shell until it says go on.
    Suspend,
    /// End the program.
    Quit,
}

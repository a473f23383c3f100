//! Us to the world.

use crate::domain::{AccountId, LocalId, Request, RoomId};
use crate::store::{Query, Write};

/// Something to be done outside. Data, never a closure: a test compares it, a log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the server of an account for something.
    Request(AccountId, Request),
    /// Connect anew, now: instead of after the delay, or although the connection seems to stand.
    Reconnect(AccountId),
    /// Put text into the clipboard.
    Copy(String),
    /// Look at a file that is to be sent; `Event::File` answers.
    Inspect(AccountId, FileRequest),
    /// Keep something on disk, or forget it; changes of the outbox are confirmed by `Event::Store`.
    Persist(AccountId, Write),
    /// Ask the disk for something; answered by `Event::Store`.
    Query(AccountId, Query),
    /// Start a program beside this one, such as one that can carry a call: its name and arguments.
    Spawn(Vec<String>),
    /// Write this into the log, if there is one. The screen shows nothing of it.
    Log(LogLevel, String),
    /// Draw every cell again.
    Redraw,
    /// Give the terminal back to the shell until it says go on.
    Suspend,
    /// End the program.
    Quit,
}

/// How much a line of the log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// It happens with servers that do nothing wrong.
    Debug,
    /// No server that does as it should would do it.
    Warn,
}

/// A file that somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// Where to.
    pub room: RoomId,
    /// The message it replies to.
    pub reply_to: Option<LocalId>,
    /// The path as it was typed; `~` is the home directory.
    pub path: String,
    /// As a file, whatever it is.
    pub plain: bool,
}

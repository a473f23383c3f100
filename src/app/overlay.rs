//! What can lie over the screen. One thing at a time.

use crate::domain::{MessageId, RoomId};

use super::switcher::Switcher;

/// What lies over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The switcher: rooms, people and commands by a few letters.
    Switcher(Switcher),
    /// The help, scrolled by so many lines.
    Help {
        /// Lines above the screen.
        scroll: usize,
    },
    /// Who is in the open room.
    Info,
    /// A question that wants yes or no.
    Question(Question),
}

/// Something that is asked before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Delete a message for everybody?
    DeleteMessage(MessageId),
    /// Quit although something is unsent?
    Quit,
    /// Delete a chat for everybody?
    DeleteRoom(RoomId),
}

//! The target of a jump to a message that is not loaded yet.

use crate::domain::{MessageId, RoomId};

/// The message to show once its page of the history has been loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpTarget {
    /// The room that contains the message.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// The number of pages that may still be fetched to find the message; the jump fails at zero.
    pub pages: u32,
}

/// A place from which the user has jumped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpOrigin {
    /// The room that was open.
    pub room: RoomId,
    /// The message that was selected or at the top of the screen; `None` for the end of the conversation.
    pub message: Option<MessageId>,
}

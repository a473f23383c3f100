//! The message a jump is heading for.

use crate::domain::{MessageId, RoomId};

/// A message that is being gone to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpTarget {
    /// Where it is.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// How many more pages may be fetched for it.
    pub pages: u32,
}

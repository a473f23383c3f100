//! Typing indicators: who is composing a message, and of what kind.

use serde::{Deserialize, Serialize};

use super::ids::PersonId;
use super::time::Timestamp;

/// Kind of message that somebody is composing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// Typing a text.
    Typing,
    /// Recording a voice message.
    Recording,
}

/// A person who is composing a message in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// The person.
    pub person: PersonId,
    /// The kind of message.
    pub activity: Activity,
    /// When the indicator expires unless the server repeats it; the event that ends it may be lost.
    pub until: Timestamp,
}

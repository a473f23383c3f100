//! Messages to be forwarded to a person with whom there is no direct message yet.

use crate::domain::{Message, PersonId, RoomId};

/// Messages that are forwarded once the direct message with a person is open.
#[derive(Debug, Clone)]
pub(in crate::app) struct PendingForward {
    /// The person.
    pub(in crate::app) person: PersonId,
    /// Their user name, by which the direct message was requested.
    pub(in crate::app) username: String,
    /// The room of the messages.
    pub(in crate::app) from: RoomId,
    /// The messages. Their room may be evicted from memory before the server answers.
    pub(in crate::app) messages: Vec<Message>,
}

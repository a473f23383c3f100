//! Events that a service reports to the scripted people.

/// Id that a service assigned to a user, a room or a message.
pub(crate) type Id = String;

/// Something the scripted people react to. `S` are the events that only one service has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event<S> {
    /// A user connected.
    Connected(Id),
    /// The last connection of a user ended.
    Disconnected(Id),
    /// A user sent a message.
    Message(IncomingMessage),
    /// An event that only this service has.
    Service(S),
}

/// A message that was sent in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncomingMessage {
    /// Room it was sent to.
    pub(crate) room: Id,
    /// Id of the message.
    pub(crate) message: Id,
    /// User who sent it.
    pub(crate) author: Id,
    /// Text.
    pub(crate) text: String,
    /// Members of the room, with or without the author.
    pub(crate) members: Vec<Id>,
}

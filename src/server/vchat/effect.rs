//! Effects of operations on the world: events to emit, room memberships of sockets, and events for the demo.

use serde_json::Value;

use crate::server::demo::Event;

use super::model::Id;

/// The sockets that receive an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The sockets of all members of this room.
    Room(Id),
    /// All sockets of this user.
    User(Id),
    /// The sockets of this user on this device.
    Device(Id, String),
}

/// An effect. Effects have to be carried out in their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Emit an event, whose argument is sent as one JSON string (§3.1).
    Emit {
        /// Recipients.
        to: Target,
        /// Name of the event.
        event: &'static str,
        /// Argument of the event.
        payload: Value,
    },
    /// Add the sockets of a user to a room.
    Join {
        /// The user.
        user: Id,
        /// The room.
        room: Id,
    },
    /// Remove the sockets of a user from a room.
    Leave {
        /// The user.
        user: Id,
        /// The room.
        room: Id,
    },
    /// Notify the scripted people.
    NotifyDemo(Event<CallEvent>),
}

/// A change in a call, which the scripted people react to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallEvent {
    /// A user is being called.
    Ringing {
        /// Id of the call.
        call: Id,
        /// Room of the call.
        room: Id,
        /// User who calls.
        caller: Id,
        /// User who is called.
        callee: Id,
        /// Whether it is a video call.
        video: bool,
    },
    /// The call with this id was accepted.
    Accepted(Id),
    /// The call with this id is over, whatever the reason.
    Ended(Id),
}

//! What the world tells: events with their recipients, who hears a room from now on, and cues for the scripted people.

use serde_json::Value;

use crate::server::demo::Event;

use super::model::Id;

/// Whose sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum To {
    /// Those of everybody in this room.
    Room(Id),
    /// Those of this user.
    Person(Id),
    /// Those of this user on this device.
    Device(Id, String),
}

/// One piece of news, in the order in which it is to be told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// An event. Its argument goes out as one JSON string (§3.1).
    Event {
        /// To whom.
        to: To,
        /// Its name.
        event: &'static str,
        /// What it says.
        arg: Value,
    },
    /// From now on the sockets of this user hear this room.
    Join(Id, Id),
    /// From now on they do not.
    Leave(Id, Id),
    /// For the scripted people.
    Cue(Event<CallEvent>),
}

/// A change in a call, which the scripted people react to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallEvent {
    /// Somebody is being called.
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

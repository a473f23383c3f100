//! What the world tells: events with their recipients, who hears a room from now on, and cues for the scripted people.

use serde_json::Value;

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
    Cue(Cue),
}

/// What the scripted people are told of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cue {
    /// A user connected.
    Came(Id),
    /// The last connection of a user ended.
    Left(Id),
    /// Somebody said something; what the server says for them is no cue.
    Wrote {
        /// Where.
        room: Id,
        /// Which.
        message: Id,
        /// By whom.
        author: Id,
        /// The words.
        text: String,
        /// Who else is in the room.
        others: Vec<Id>,
    },
    /// Somebody is being called.
    Rang {
        /// The call.
        meet: Id,
        /// Where.
        room: Id,
        /// By whom.
        caller: Id,
        /// Who is.
        callee: Id,
        /// Whether with video.
        video: bool,
    },
    /// A call was accepted.
    Accepted(Id),
    /// A call is over, however it ended.
    Ended(Id),
}

//! Actions that the scripted people have on V Chat only.

use std::collections::HashMap;

use crate::server::demo::{Id, Scheduler};

/// V Chat's part of the demo.
#[derive(Debug, Default)]
pub(crate) struct VChatDemo {
    /// The current call of each room: the id of the call, and the scripted person in it.
    pub(super) calls: HashMap<Id, (Id, Id)>,
}

/// Plans the actions of the people on V Chat.
pub(super) type VChatScheduler = Scheduler<VChatDemo>;

/// Actions that only V Chat has.
#[derive(Debug, Clone)]
pub(crate) enum VChatAction {
    /// Starts or stops recording a voice message.
    Recording { person: Id, room: Id, started: bool },
    /// Deletes a message for everybody.
    Delete { person: Id, room: Id, message: Id },
    /// Reports that the messages of a room were delivered.
    MarkDelivered { person: Id, room: Id },
    /// Reports that the messages of a room were seen.
    MarkSeen { person: Id, room: Id },
    /// Bans a user, or lifts the ban.
    Ban { person: Id, user: Id, banned: bool },
    /// Adds a user to a group.
    AddMember { person: Id, room: Id, user: Id },
    /// Removes a user from a group.
    RemoveMember { person: Id, room: Id, user: Id },
    /// Calls the other member of a room.
    Call { person: Id, room: Id, video: bool },
    /// Accepts a call.
    AcceptCall { person: Id, call: Id },
    /// Cancels, declines or ends a call.
    EndCall { person: Id, call: Id },
}

/// Reaction of a person to a message of their own once it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FollowUp {
    /// Deletes it.
    Delete,
}

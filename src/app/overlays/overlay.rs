//! What can lie over the screen. One thing at a time.

use crate::app::overlays::list::List;
use crate::app::overlays::search::window::Search;
use crate::app::overlays::switcher::Switcher;
use crate::domain::{LocalId, MessageId, PersonId, RoomId, RoomKind};

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
    /// A list that the server was asked for, such as the members of a group.
    List(List),
    /// Words, and the messages that hold them.
    Search(Box<Search>),
    /// A question that wants yes or no.
    Question(Question),
}

/// Something that is asked before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Delete a message of this room for everybody?
    DeleteMessage(RoomId, MessageId),
    /// Delete a message of this room for oneself?
    DeleteForMe(RoomId, MessageId),
    /// Throw a message of this room away that was not sent?
    Discard(RoomId, LocalId),
    /// Remove somebody from a group or broadcast?
    RemoveMember(Removal),
    /// Leave this group for good?
    LeaveGroup(RoomId),
    /// Quit although something is unsent?
    Quit,
    /// Delete a chat?
    DeleteRoom(RoomId),
}

/// Somebody who may have to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// From where.
    pub room: RoomId,
    /// What sort of room that is.
    pub kind: RoomKind,
    /// Who; `None` where user names do.
    pub person: Option<PersonId>,
    /// The app's name for them.
    pub username: String,
}

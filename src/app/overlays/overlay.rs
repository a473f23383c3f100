//! Boxes and questions over the screen; at most one is open at a time.

use crate::app::overlays::list::List;
use crate::app::overlays::search::window::Search;
use crate::app::overlays::switcher::Switcher;
use crate::domain::{LocalId, MessageId, PersonId, RoomId, RoomKind};

/// An open box or question over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Switcher that finds rooms, people and commands by a few letters.
    Switcher(Switcher),
    /// Help page.
    Help {
        /// Number of help lines scrolled past the top.
        scroll: usize,
    },
    /// Information about the open room.
    Info,
    /// List requested from the server, such as the members of a group.
    List(List),
    /// Search for messages that contain the typed words.
    Search(Box<Search>),
    /// Question to be answered with yes or no.
    Question(Question),
}

/// Confirmation requested before an action that cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Delete a message for everybody?
    DeleteMessage(RoomId, MessageId),
    /// Delete a message for oneself only?
    DeleteForMe(RoomId, MessageId),
    /// Discard a message that was not sent?
    Discard(RoomId, LocalId),
    /// Remove somebody from a group or broadcast?
    RemoveMember(Removal),
    /// Leave a group for good?
    LeaveGroup(RoomId),
    /// Quit although there are unsent messages?
    Quit,
    /// Delete a chat?
    DeleteRoom(RoomId),
}

/// Member whose removal is to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Room to remove the member from.
    pub room: RoomId,
    /// Kind of that room.
    pub kind: RoomKind,
    /// Id of the member; `None` on services that identify people by user name.
    pub person: Option<PersonId>,
    /// User name of the member.
    pub username: String,
}

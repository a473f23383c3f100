//! The subject of a list, and its rows.

use std::collections::HashSet;

use crate::domain::{Member, MessageId, RoomId, RoomInfo, SharedKind};
use crate::text::Link;

/// Subject of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// The members of a room.
    Members(RoomId),
    /// Archived rooms, or rooms whose title contains a text.
    Rooms {
        /// Text that the titles contain.
        title: String,
        /// Whether archived rooms are listed.
        archived: bool,
    },
    /// People whose name contains this text.
    People(String),
    /// People who can be added to a room.
    AddablePeople(RoomId),
    /// Media, links, files or voice messages of a room.
    Shared(RoomId, SharedKind),
    /// Starred messages of one room, or of all rooms.
    Stars(Option<RoomId>),
    /// People who have seen or received a message.
    SeenBy(MessageId),
    /// Past calls.
    Calls,
    /// Links in a message.
    Links,
    /// Details of a message, which has an id if the server knows it.
    Details(Option<MessageId>),
}

impl ListKind {
    /// Whether a person or a room is chosen, so that letters are the beginning of a name.
    pub(super) fn is_chooser(&self) -> bool {
        matches!(self, Self::Rooms { .. } | Self::People(_) | Self::AddablePeople(_))
    }

    /// Whether the rows are names, so that a few of their letters tell which one is meant.
    pub(super) fn lists_names(&self) -> bool {
        self.is_chooser() || matches!(self, Self::Members(_) | Self::SeenBy(_))
    }

    /// Returns the advice on how to find rows that are not shown, as the end of a notice; empty if there is none.
    pub(super) fn advice_for_others(&self) -> &'static str {
        match self {
            Self::People(_) | Self::Rooms { archived: false, .. } => " Search by name to find others.",
            // On some services only those who are known here can be listed.
            Self::AddablePeople(_) => " Type /add USER to add others.",
            _ => "",
        }
    }
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Text of the row; safe for the screen.
    pub text: String,
    /// Follows the text and is never cut off: what tells a person apart from others.
    pub mark: String,
    /// Additional information at the right end of the row.
    pub hint: String,
    /// Target that Enter opens.
    pub target: ListTarget,
}

impl ListRow {
    /// Returns the text that is searched: text and mark, as they are shown.
    pub fn title(&self) -> String {
        format!("{} {}", self.text, self.mark).trim_end().to_owned()
    }
}

/// Target of a list row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListTarget {
    /// No target; Enter does nothing.
    Nothing,
    /// A room, which may not be in the room list.
    Room(Box<RoomInfo>),
    /// A person, by user name; opens the direct message with them.
    Person(String),
    /// A person to be added to a room, by user name.
    NewMember(RoomId, String),
    /// A member of a room.
    Member(Box<Member>),
    /// A message in a room.
    Message(RoomId, MessageId),
    /// A text to copy.
    Copy(String),
    /// The JSON of a message, to copy it; without it, it has to be requested from the server.
    Json(RoomId, MessageId, Option<String>),
    /// A link to open or to copy.
    Link {
        /// The link itself.
        link: Box<Link>,
        /// Whether Enter opens the link; otherwise it copies it.
        open: bool,
    },
}

impl ListTarget {
    /// Returns what identifies the target among those of a list, whatever its other details; `None` if nothing does.
    pub(in crate::app) fn key(&self) -> Option<&str> {
        match self {
            Self::Nothing | Self::Copy(_) | Self::Json(..) => None,
            Self::Room(room) => Some(room.id.as_str()),
            Self::Person(username) | Self::NewMember(_, username) => Some(username),
            Self::Member(member) => Some(member.person.id.as_str()),
            Self::Message(_, message) => Some(message.as_str()),
            Self::Link { link, .. } => Some(&link.address),
        }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.key().is_some() && self.key() == other.key()
    }
}

/// Removes the rows whose target is among `known` or in an earlier row. A server may send any number of rows, so they
/// are not compared with each other one by one.
pub(in crate::app) fn remove_known(rows: &mut Vec<ListRow>, known: &[ListRow]) {
    let mut keys: HashSet<String> = known.iter().filter_map(|row| row.target.key().map(str::to_owned)).collect();
    rows.retain(|row| row.target.key().is_none_or(|key| keys.insert(key.to_owned())));
}

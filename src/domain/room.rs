//! A room: who is in it, what was said, what is unread.

use crate::text::SafeText;

use super::ids::{MessageId, PersonId, RoomId};
use super::message::MessageInfo;
use super::time::Timestamp;
use super::timeline::Timeline;

/// A room as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomInfo {
    /// The server's name for it.
    pub id: RoomId,
    /// Its title, as this viewer is to see it.
    pub title: SafeText,
    /// Its picture's address, as this viewer is to see it.
    pub avatar: Option<SafeText>,
    /// Everybody in it, the viewer too.
    pub participants: Vec<PersonId>,
    /// The newest message.
    pub last_message: Option<MessageInfo>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// What the app stores with it: JSON, kept as it came.
    pub metadata: Option<Box<str>>,
}

/// How much of a room is unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// Messages that are known to be unread.
    pub count: u32,
    /// There may be more: the list only tells of the last message.
    pub or_more: bool,
}

impl Unread {
    /// Whether anything is.
    pub fn any(self) -> bool {
        self.count > 0
    }
}

/// How much of a room's history is here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The page that has been asked for and not come.
    pub loading: Option<u32>,
    /// The newest page has come since the connection was last made.
    pub fresh: bool,
    /// The very first message is here.
    pub complete: bool,
    /// Live events were lost after this message: pages are fetched until they reach it.
    pub resume_from: Option<(MessageId, Timestamp)>,
}

/// A room as the program knows it.
#[derive(Debug, Clone)]
pub struct Room {
    /// What the server said last.
    pub info: RoomInfo,
    /// The messages that are here.
    pub timeline: Timeline,
    /// How much of the past is here.
    pub history: History,
    /// What is unread.
    pub unread: Unread,
    /// Who is typing, and until when that is believed.
    pub typing: Vec<(PersonId, Timestamp)>,
    /// The first message that was new when the room was opened: the "new" line stands above it.
    pub new_from: Option<MessageId>,
}

impl Room {
    /// A room of which only `info` is known.
    pub fn new(info: RoomInfo) -> Self {
        Self {
            info,
            timeline: Timeline::default(),
            history: History::default(),
            unread: Unread::default(),
            typing: Vec::new(),
            new_from: None,
        }
    }

    /// The other person of a one-to-one chat.
    pub fn peer(&self, me: &PersonId) -> Option<&PersonId> {
        match self.info.participants.as_slice() {
            [one, other] | [other, one] if one == me => Some(other),
            _ => None,
        }
    }

    /// When something last happened here: rooms are sorted by it.
    pub fn active_at(&self) -> Timestamp {
        let listed = self.info.last_message.as_ref().map(|message| message.sent_at);
        listed.or(self.info.created_at).unwrap_or_default()
    }

    /// Whether `person` is in it, as far as is known: nobody is ruled out of a room whose members are unknown.
    pub fn may_hold(&self, person: &PersonId) -> bool {
        self.info.participants.is_empty() || self.info.participants.contains(person)
    }
}

//! Conditions of a search besides its words.

use crate::text::Link;

use super::attachment::AttachmentKind;
use super::ids::{PersonId, RoomId};
use super::message::Message;
use super::time::Timestamp;

/// Conditions that a message must meet besides containing the words of a search. Empty conditions are met by all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchFilter {
    /// The author is one of these people.
    pub authors: Option<Vec<PersonId>>,
    /// It is in one of these rooms.
    pub rooms: Option<Vec<RoomId>>,
    /// It was sent at this time or later.
    pub since: Option<Timestamp>,
    /// It was sent before this time.
    pub before: Option<Timestamp>,
    /// It has all of these.
    pub has: Vec<Part>,
    /// It meets none of these conditions.
    pub excluded: Vec<Self>,
}

/// Something that a message may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A link in its text.
    Link,
    /// A file of any kind.
    File,
    /// An image.
    Image,
    /// A video.
    Video,
}

impl SearchFilter {
    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds another condition. Of several authors or rooms a message needs one; everything else must be met at once.
    pub fn add(&mut self, other: Self) {
        if let Some(authors) = other.authors {
            self.authors.get_or_insert_default().extend(authors);
        }
        if let Some(rooms) = other.rooms {
            self.rooms.get_or_insert_default().extend(rooms);
        }
        self.since = self.since.max(other.since);
        self.before = [self.before, other.before].into_iter().flatten().min();
        self.has.extend(other.has);
        self.excluded.extend(other.excluded);
    }

    /// Whether a message of this room meets all conditions.
    pub fn matches(&self, room: &RoomId, message: &Message) -> bool {
        self.authors.as_ref().is_none_or(|authors| authors.contains(&message.author))
            && self.rooms.as_ref().is_none_or(|rooms| rooms.contains(room))
            && self.since.is_none_or(|since| message.sent_at >= since)
            && self.before.is_none_or(|before| message.sent_at < before)
            && self.has.iter().all(|part| part.is_in(message))
            && !self.excluded.iter().any(|excluded| excluded.matches(room, message))
    }
}

impl Part {
    fn is_in(self, message: &Message) -> bool {
        let is_image = |kind| matches!(kind, AttachmentKind::Image | AttachmentKind::Gif);
        match self {
            Self::Link => !Link::find(&message.text).is_empty(),
            Self::File => message.attachment.is_some(),
            Self::Video => message.attachment.as_ref().is_some_and(|file| file.kind == AttachmentKind::Video),
            Self::Image => message.attachment.as_ref().is_some_and(|file| is_image(file.kind)),
        }
    }
}

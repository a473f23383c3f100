//! Changes of messages that were sent before: what events report, and how a message takes them.
//!
//! [`ServerEvent::message_change`] is the one place that knows which events change a message. Everything that has to
//! follow such changes uses it: persistence, exports, the search, pages of history.

use crate::text::SafeText;

use super::attachment::Attachment;
use super::event::ServerEvent;
use super::ids::{MessageId, PersonId, RoomId};
use super::message::{Delivery, Message, MessageInfo};
use super::request::Request;
use super::timeline::Timeline;

/// Change of a message that was sent before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageChange {
    /// The message.
    pub message: MessageId,
    /// Its room, if the event names it. Ids of messages do not repeat in other rooms.
    pub room: Option<RoomId>,
    /// Its author, if the event names one. The change is ignored if somebody else wrote the message.
    pub author: Option<PersonId>,
    /// What changes.
    pub amendment: Amendment,
}

/// What changes in a message that was sent before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    /// It was edited.
    Edited(Edit),
    /// The user has starred it, or removed the star.
    Starred(bool),
    /// A recipient has seen it.
    Seen,
    /// It was deleted for everyone, so that only a mark remains.
    Deleted,
    /// It was deleted for the user alone, so that nothing remains.
    Removed,
}

/// New content of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Its new text.
    pub text: SafeText,
    /// Its file.
    pub file: EditedFile,
}

/// File of an edited message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditedFile {
    /// As before.
    Kept,
    /// This one, or none.
    Replaced(Option<Box<Attachment>>),
}

impl EditedFile {
    /// Returns the file after the edit of a message with the file `present`.
    pub fn applied_to(&self, present: Option<Box<Attachment>>) -> Option<Box<Attachment>> {
        match self {
            Self::Kept => present,
            Self::Replaced(file) => file.clone(),
        }
    }
}

impl MessageChange {
    fn new(message: &MessageId, amendment: Amendment) -> Self {
        Self { message: message.clone(), room: None, author: None, amendment }
    }

    fn named(self, room: &RoomId, author: &PersonId) -> Self {
        Self { room: Some(room.clone()), author: Some(author.clone()), ..self }
    }

    /// Whether it is about the message with these properties.
    pub fn concerns(&self, id: &MessageId, room: &RoomId, author: &PersonId) -> bool {
        self.message == *id
            && self.room.as_ref().is_none_or(|named| named == room)
            && self.author.as_ref().is_none_or(|named| named == author)
    }
}

impl ServerEvent {
    /// Returns the change of a message that the event reports or confirms. The match is exhaustive, so that a new event
    /// cannot be forgotten by those who follow changes.
    pub fn message_change(&self) -> Option<MessageChange> {
        match self {
            Self::Edited(info) => {
                let file = EditedFile::Replaced(info.attachment.clone());
                let edit = Amendment::Edited(Edit { text: info.text.clone(), file });
                Some(MessageChange::new(&info.id, edit).named(&info.room, &info.author))
            }
            Self::Revoked { room, message, author } => {
                Some(MessageChange::new(message, Amendment::Deleted).named(room, author))
            }
            Self::Deleted(message) => Some(MessageChange::new(message, Amendment::Deleted)),
            Self::Seen(message) => Some(MessageChange::new(message, Amendment::Seen)),
            Self::Done(request) => request.message_change(),
            Self::Connection(_)
            | Self::SignedIn { .. }
            | Self::ClockSkew { .. }
            | Self::Rooms { .. }
            | Self::RoomChanged(_)
            | Self::RoomRenamed { .. }
            | Self::RoomOpened(_)
            | Self::History { .. }
            | Self::Message(_)
            | Self::RoomSeen { .. }
            | Self::RoomDelivered { .. }
            | Self::Stars { .. }
            | Self::SeenBy { .. }
            | Self::Progress { .. }
            | Self::Typing { .. }
            | Self::Presence { .. }
            | Self::LastSeen { .. }
            | Self::People { .. }
            | Self::Members { .. }
            | Self::Membership { .. }
            | Self::BlockChanged(_)
            | Self::Kicked { .. }
            | Self::FoundRooms { .. }
            | Self::IncomingCall(_)
            | Self::CallStarted { .. }
            | Self::CallAccepted { .. }
            | Self::CallEnded { .. }
            | Self::Calls(_)
            | Self::CallAccess { .. }
            | Self::Shared { .. }
            | Self::AgentAction { .. }
            | Self::Notice(_)
            | Self::Paused(_)
            | Self::Silence(_)
            | Self::Accepted { .. }
            | Self::Duplicate { .. }
            | Self::Person { .. }
            | Self::MemberAdded { .. }
            | Self::MemberRemoved { .. }
            | Self::RoomDeleted(_)
            | Self::Failed { .. }
            | Self::EventsLost => None,
        }
    }
}

impl Request {
    /// Returns the change of a message that the request makes.
    fn message_change(&self) -> Option<MessageChange> {
        let in_room = |room: &RoomId, message: &MessageId, amendment| {
            Some(MessageChange { room: Some(room.clone()), ..MessageChange::new(message, amendment) })
        };
        match self {
            Self::Edit { message, text } => {
                let edit = Edit { text: SafeText::block(text), file: EditedFile::Kept };
                Some(MessageChange::new(message, Amendment::Edited(edit)))
            }
            Self::Delete { room, message } => in_room(room, message, Amendment::Deleted),
            Self::DeleteForMe { room, message } => in_room(room, message, Amendment::Removed),
            Self::Star { room, message, on } => in_room(room, message, Amendment::Starred(*on)),
            _ => None,
        }
    }
}

impl Message {
    /// Applies changes in their order. Returns whether they changed anything. Removing the message from its timeline is the
    /// caller's task.
    pub fn amend_all<'a>(&mut self, amendments: impl IntoIterator<Item = &'a Amendment>) -> bool {
        amendments.into_iter().fold(false, |changed, amendment| self.amend(amendment) | changed)
    }

    fn amend(&mut self, amendment: &Amendment) -> bool {
        match amendment {
            Amendment::Edited(edit) => {
                let file = edit.file.applied_to(self.attachment.clone());
                self.edit(edit.text.clone(), file)
            }
            Amendment::Starred(on) => self.set_starred(*on),
            Amendment::Seen => self.advance(Delivery::Seen),
            Amendment::Deleted => self.delete(),
            Amendment::Removed => false,
        }
    }
}

impl Timeline {
    /// Applies changes that were reported before the message `id` was loaded, in their order.
    pub fn amend(&mut self, id: &MessageId, amendments: &[Amendment]) {
        if let Some(slot) = self.find(id) {
            self.change(slot, |message| message.amend_all(amendments));
        }
    }
}

impl MessageInfo {
    /// Changes the report of a message. Ignoring one that was removed is the caller's task.
    pub fn amend(&mut self, amendment: &Amendment) {
        match amendment {
            Amendment::Edited(_) if self.deleted => {}
            Amendment::Edited(edit) => {
                self.text = edit.text.clone();
                self.attachment = edit.file.applied_to(self.attachment.take());
            }
            Amendment::Starred(on) => self.starred = Some(*on),
            Amendment::Seen => self.seen = true,
            Amendment::Deleted => self.delete(),
            Amendment::Removed => {}
        }
    }
}

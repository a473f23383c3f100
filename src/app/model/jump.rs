//! The target of a jump to a message that is not loaded yet.

use crate::domain::{MessageId, PersonId, Room, RoomId, Slot, Timestamp};

/// The message to show once its page of the history has been loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpTarget {
    /// The room that contains the message.
    pub room: RoomId,
    /// What is to be selected there.
    pub goal: JumpGoal,
    /// The number of pages that may still be fetched to find it; the jump fails at zero.
    pub pages: u32,
}

/// The days whose messages are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The start of the first day.
    pub start: Timestamp,
    /// The number of days; `None` if any day will do.
    pub days: Option<i32>,
}

/// What a jump selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JumpGoal {
    /// A message.
    Message(MessageId),
    /// The first message that was sent at the start of this period or later, or else the newest message.
    Time(Period),
    /// The first unread message. The reader is named where each message tells whether it was seen.
    FirstUnread(Option<PersonId>),
}

impl JumpGoal {
    /// Returns the message to select, if it is loaded.
    pub(in crate::app) fn find(&self, room: &Room) -> Option<Slot> {
        match self {
            Self::Message(message) => room.timeline.find(message),
            Self::FirstUnread(reader) => room.first_unread(reader.as_ref()),
            Self::Time(Period { start: at, .. }) => {
                let mut messages = room.timeline.iter().filter(|(_, message)| message.id.is_some()).peekable();
                // Earlier messages may be missing, unless one is known.
                let is_reached = messages.peek().is_some_and(|(_, oldest)| oldest.sent_at < *at);
                if !is_reached && !room.history.is_complete() {
                    return None;
                }
                let newest = room.timeline.slot_at(room.timeline.len().checked_sub(1)?);
                messages.find(|(_, message)| message.sent_at >= *at).map(|(slot, _)| slot).or(newest)
            }
        }
    }

    /// Whether the message was found by its place among the unread ones.
    pub(in crate::app) fn is_first_unread(&self) -> bool {
        matches!(self, Self::FirstUnread(_))
    }

    /// Returns the subject of a sentence about it.
    pub(in crate::app) fn subject(&self) -> &'static str {
        match self {
            Self::Message(_) => "The message",
            Self::Time(_) => "That day",
            Self::FirstUnread(_) => "The first unread message",
        }
    }
}

/// A place from which the user has jumped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpOrigin {
    /// The room that was open.
    pub room: RoomId,
    /// The message that was selected or at the top of the screen; `None` for the end of the conversation.
    pub message: Option<MessageId>,
}

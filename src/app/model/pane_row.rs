//! The kinds of rows in the message pane.

use std::rc::Rc;

use crate::domain::{Slot, Timestamp};
use crate::text::{Row, StyledRow};

/// A row of the message pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaneRow {
    /// An empty row.
    Blank,
    /// The indicator that older messages are being loaded.
    Loading,
    /// A row of the sentence in [`load_error_text`](super::message_rows::load_error_text).
    LoadError {
        /// The range of bytes within the sentence.
        bytes: Row,
    },
    /// The key that requests again the page that could not be loaded.
    LoadRetry,
    /// The mark of a gap above the given message, or after the last message for `None`.
    Gap(Option<Slot>),
    /// The start of the conversation.
    Beginning,
    /// The heading of a new day.
    Day(Timestamp),
    /// The "new" line above the first unread message.
    UnreadMarker,
    /// The author of the messages below, taken from the given message.
    Author(Slot),
    /// A row of a message's text.
    Body {
        /// The message.
        slot: Slot,
        /// The range of bytes within [`body_text`](super::message_rows::body_text).
        bytes: Row,
        /// Whether this is the message's first row, which carries its time and marks.
        first: bool,
    },
    /// A row of a message's text with markup, links or mentions.
    Styled {
        /// The message.
        slot: Slot,
        /// The text of the row.
        row: Rc<StyledRow>,
        /// Whether this is the message's first row, which carries its time and marks.
        first: bool,
        /// Whether this is the last row of the text.
        last: bool,
    },
    /// The number of rows of a folded text that are not shown.
    Fold {
        /// The message.
        slot: Slot,
        /// The number of rows.
        hidden: usize,
    },
    /// A row of a system message, such as "Bob joined", which is centred and has no author.
    System {
        /// The message.
        slot: Slot,
        /// The range of bytes within [`body_text`](super::message_rows::body_text).
        bytes: Row,
        /// Whether this is the message's first row, which carries its time.
        first: bool,
    },
    /// The mark of a forwarded message.
    Forwarded(Slot),
    /// The quotation of the message that is replied to.
    Quote(Slot),
    /// The file attached to a message.
    Attachment {
        /// The message.
        slot: Slot,
        /// Whether this is the message's first row.
        first: bool,
    },
    /// A row of the picture attached to a message.
    Picture {
        /// The message.
        slot: Slot,
        /// The row within the space of the picture.
        row: u16,
    },
    /// The upload progress of an unsent message's file.
    Upload(Slot),
    /// The placeholder of a deleted message.
    Tombstone(Slot),
    /// A row of the reason why a message was not sent.
    Failure {
        /// The message.
        slot: Slot,
        /// The range of bytes within [`failure_text`](crate::app::failure_text).
        bytes: Row,
    },
    /// The note below a message that may have been sent.
    Uncertain(Slot),
    /// The note about an unconfirmed edit or deletion of a message.
    PendingChange(Slot),
    /// A note that is not a message, by its index in `Room::notes`.
    Note(usize),
}

impl PaneRow {
    /// Returns the message to which the row belongs. Headings, notes and empty rows belong to none.
    pub fn message(&self) -> Option<Slot> {
        match self {
            Self::Body { slot, .. }
            | Self::Styled { slot, .. }
            | Self::Fold { slot, .. }
            | Self::System { slot, .. }
            | Self::Forwarded(slot)
            | Self::Quote(slot)
            | Self::Attachment { slot, .. }
            | Self::Picture { slot, .. }
            | Self::Upload(slot)
            | Self::Tombstone(slot)
            | Self::Failure { slot, .. }
            | Self::Uncertain(slot)
            | Self::PendingChange(slot) => Some(*slot),
            Self::Blank
            | Self::Loading
            | Self::LoadError { .. }
            | Self::LoadRetry
            | Self::Gap(_)
            | Self::Beginning
            | Self::Day(_)
            | Self::UnreadMarker
            | Self::Author(_)
            | Self::Note(_) => None,
        }
    }

    /// Whether this is the first row of a message's content, which carries its time and marks.
    pub fn is_first(&self) -> bool {
        match self {
            Self::Body { first, .. }
            | Self::Styled { first, .. }
            | Self::System { first, .. }
            | Self::Attachment { first, .. } => *first,
            Self::Tombstone(_) => true,
            Self::Blank
            | Self::Loading
            | Self::LoadError { .. }
            | Self::LoadRetry
            | Self::Gap(_)
            | Self::Beginning
            | Self::Day(_)
            | Self::UnreadMarker
            | Self::Author(_)
            | Self::Fold { .. }
            | Self::Forwarded(_)
            | Self::Quote(_)
            | Self::Picture { .. }
            | Self::Upload(_)
            | Self::Failure { .. }
            | Self::Uncertain(_)
            | Self::PendingChange(_)
            | Self::Note(_) => false,
        }
    }
}

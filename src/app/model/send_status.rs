//! The visible status of unconfirmed messages and edits.
//!
//! The message rows, the delivery marks, the notes below messages and the message keys all use these types, so that
//! they cannot disagree.

use crate::domain::{SendFailure, Slot};

/// The status of a message that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendStatus {
    /// Waits in the outbox and was never sent, so the user can still edit or cancel it.
    Queued,
    /// Is being sent, or was sent at least once.
    Sending,
    /// The server may have received it; the client is looking for it in the history.
    Checking,
    /// The server may have received it, and the client could not find out. The user decides whether to retry.
    NeedsUser,
    /// The server rejected it, or sending was given up.
    Failed,
}

/// An edit or deletion of a message that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingChange<'a> {
    /// The new text.
    Edit(&'a str),
    /// The deletion of the message.
    Deletion,
}

/// The part of the outbox on which the rows of a room depend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueMarks {
    /// Messages that show a note about a pending edit or deletion below them.
    pub(in crate::app) with_pending_change: Vec<Slot>,
    /// Own messages that are merely queued, although the timeline lists their delivery as uncertain.
    pub(in crate::app) unsent: Vec<Slot>,
    /// Own messages that failed to send, with the cause.
    pub(in crate::app) failed: Vec<(Slot, SendFailure)>,
}

//! What is shown of what waits to be sent: one answer for the rows, the marks, the notes and the keys.

use crate::domain::Slot;

/// How far a send is that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendStatus {
    /// It waits and is not on its way: it is still the user's.
    Queued,
    /// It is on its way, or was once.
    Sending,
    /// The server may have it, which is found out.
    Checking,
    /// The server may have it, and the user decides.
    NeedsUser,
    /// The server did not take it.
    Failed,
}

/// A change of a message that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingChange<'a> {
    /// It is to say this.
    Edit(&'a str),
    /// It is to go.
    Deletion,
}

/// What the rows of a room depend on besides its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueMarks {
    /// Messages below which stands that a change of them waits.
    pub(in crate::app) with_pending_change: Vec<Slot>,
    /// Sends that only wait, though the timeline has them in doubt.
    pub(in crate::app) unsent: Vec<Slot>,
}

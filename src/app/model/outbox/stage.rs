//! Stages of an outbox entry, and the text that explains a failed one.

use crate::domain::{SendFailure, Timestamp};

/// The stage of an entry on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxStage {
    /// Being written to the store. At the given time the entry continues even without a confirmation.
    Writing(Timestamp),
    /// Waits to be sent, at least until the given time.
    Queued(Timestamp),
    /// The store is recording that the entry is about to be sent. At the given time it is sent even without a
    /// confirmation.
    Marking(Timestamp),
    /// Sent; the server has not replied yet.
    Sending,
    /// The server may have received it.
    Uncertain(Uncertain),
    /// Failed. The entry stays until the user retries or discards it.
    Failed(SendFailure),
}

/// The steps taken for an entry that the server may have received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertain {
    /// Waits to be looked for on the server, at least until the given time.
    Pending(Timestamp),
    /// Being looked for on the server.
    Checking,
    /// Not found with certainty; the user decides whether to retry.
    NeedsUser,
}

impl OutboxStage {
    /// Returns the time at which the stage ends or may end, for correction after a clock rollback.
    pub(in crate::app::model::outbox) fn time_mut(&mut self) -> Option<&mut Timestamp> {
        match self {
            Self::Writing(at) | Self::Queued(at) | Self::Marking(at) | Self::Uncertain(Uncertain::Pending(at)) => {
                Some(at)
            }
            Self::Sending | Self::Uncertain(Uncertain::Checking | Uncertain::NeedsUser) | Self::Failed(_) => None,
        }
    }
}

/// Returns the text below a message that failed to send: the reason, and what to do about it if the service said so.
///
/// `None` is the cause of a failed message without an outbox entry.
pub fn failure_text(failure: Option<&SendFailure>) -> String {
    let reason = match failure {
        Some(SendFailure::Refused(explanation)) => explanation.as_str(),
        Some(SendFailure::RoomDeleted) => "This room was deleted.",
        Some(SendFailure::OtherAccount) => "It was written by another account.",
        None => "The server rejected it.",
    };
    format!("Not sent: {reason}")
}

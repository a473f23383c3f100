//! The messages that were reported as seen most recently.
//!
//! A message that was reported is marked as seen where it is loaded. The server may report it as unseen when its room
//! is loaded again, because others have not read it; it must not be reported again then.

use crate::domain::{MessageId, RoomId, Timestamp};
use std::collections::VecDeque;

/// Maximum number of messages remembered.
const LIMIT: usize = 1_000;

/// A message that was reported as seen.
#[derive(Debug)]
struct SentReceipt {
    room: RoomId,
    message: MessageId,
    /// When it was reported.
    at: Timestamp,
}

/// The messages that were reported as seen most recently, oldest first.
#[derive(Debug, Default)]
pub struct SentReceipts(VecDeque<SentReceipt>);

impl SentReceipts {
    /// Records that a message is reported as seen now. Returns false if it was reported already.
    pub(in crate::app) fn insert(&mut self, room: &RoomId, message: &MessageId, now: Timestamp) -> bool {
        if self.0.iter().any(|sent| sent.message == *message) {
            return false;
        }
        self.record(room, message, now);
        true
    }

    /// Records that a message is reported as seen now, perhaps again.
    pub(in crate::app) fn record(&mut self, room: &RoomId, message: &MessageId, now: Timestamp) {
        self.remove(message);
        if self.0.len() >= LIMIT {
            self.0.pop_front();
        }
        self.0.push_back(SentReceipt { room: room.clone(), message: message.clone(), at: now });
    }

    /// Records that the report failed, so that it may be repeated.
    pub(in crate::app) fn remove(&mut self, message: &MessageId) {
        self.0.retain(|sent| sent.message != *message);
    }

    /// Returns the messages that were reported at this time or later.
    pub(in crate::app) fn since(&self, at: Timestamp) -> Vec<(RoomId, MessageId)> {
        let recent = self.0.iter().filter(|sent| sent.at >= at);
        recent.map(|sent| (sent.room.clone(), sent.message.clone())).collect()
    }
}

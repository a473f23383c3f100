//! The messages that were reported as seen most recently.
//!
//! A message that was reported is marked as seen where it is loaded. The server may report it as unseen when its room
//! is loaded again, because others have not read it; it must not be reported again then.

use crate::domain::MessageId;
use std::collections::VecDeque;

/// Maximum number of messages remembered.
const LIMIT: usize = 1_000;

/// The messages that were reported as seen most recently, oldest first.
#[derive(Debug, Default)]
pub struct SentReceipts(VecDeque<MessageId>);

impl SentReceipts {
    /// Records that a message is reported as seen. Returns false if it was reported already.
    pub(in crate::app) fn insert(&mut self, message: &MessageId) -> bool {
        if self.0.contains(message) {
            return false;
        }
        if self.0.len() >= LIMIT {
            self.0.pop_front();
        }
        self.0.push_back(message.clone());
        true
    }

    /// Records that the report failed, so that it may be repeated.
    pub(in crate::app) fn remove(&mut self, message: &MessageId) {
        self.0.retain(|sent| sent != message);
    }
}

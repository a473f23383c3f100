//! Test data shared by the tests of messages.

use crate::domain::{MessageId, MessageInfo, PersonId, RoomId, Timestamp};
use crate::text::SafeText;

use super::Timeline;

/// Creates a message of person `a` that was sent at `at` and whose text is its id.
pub(in crate::domain) fn info(id: &str, at: i64) -> MessageInfo {
    let message = MessageInfo::new(MessageId::new(id), RoomId::new("r"), PersonId::new("a"), Timestamp(at));
    MessageInfo { text: SafeText::block(id), ..message }
}

/// Returns the ids of all messages in order; `?` for messages without one.
pub(in crate::domain) fn ids(timeline: &Timeline) -> Vec<&str> {
    timeline.iter().map(|(_, message)| message.id.as_ref().map_or("?", MessageId::as_str)).collect()
}

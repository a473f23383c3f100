//! What follows from keys whose meaning depends on records of the wire.

use serde::{Deserialize, Serialize};

use crate::domain::{AccountId, MessageId, RoomId};
use crate::wire::CopyForm;

/// What a key in the inspector or in details has led to. Recordings contain it as an event, because they do not contain
/// the records on which it depends: a replay cannot know whether Esc closed a menu of the inspector or the inspector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireOutcome {
    /// The inspector was closed.
    Closed,
    /// A record was copied in this form.
    Copied(CopyForm),
    /// The user goes to the message of a record.
    Jump(AccountId, RoomId, MessageId),
    /// The user wanted to go to the message of a record that has none.
    NoMessage,
    /// The JSON of a message was copied.
    JsonCopied,
    /// The JSON of a message is not known, and the user wants to request it.
    JsonMissing(RoomId, MessageId),
}

//! The records that commands print, and their form in JSON.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::export::{ExportedMessage, write_json};

use super::check::{Check, Observed};

/// Version of the records, which is the first field of each. It grows when a field changes its meaning or disappears;
/// new fields and types leave it as it is.
pub const VERSION: u8 = 1;

/// A record. Its name in JSON is its `type`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// A message, from the history or new.
    Message(Box<MessageRecord>),
    /// A message whose text was replaced, as it is now.
    MessageEdited(Box<MessageRecord>),
    /// A message was deleted.
    MessageDeleted {
        /// Id of the message.
        id: String,
        /// Id of the room, if the service names it or only one room is of interest.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<String>,
    },
    /// Messages were delivered or read.
    Receipt {
        /// `delivered` or `seen`.
        status: &'static str,
        /// Id of the message; missing if everything so far is meant.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Id of the room, if the service names it.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// Id of the author of the messages, if the service names it.
        #[serde(skip_serializing_if = "Option::is_none")]
        author: Option<String>,
    },
    /// Somebody started or stopped composing a message.
    Typing {
        /// The person.
        person: PersonRecord,
        /// Id of the room, if the service names it.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// `typing`, `recording` or `stopped`.
        activity: &'static str,
    },
    /// Somebody came online or went offline.
    Presence {
        /// The person.
        person: PersonRecord,
        /// Whether the person is online.
        online: bool,
    },
    /// A room.
    Room(Box<RoomRecord>),
    /// A room disappeared.
    RoomDeleted {
        /// Id of the room.
        id: String,
    },
    /// A room has another title.
    RoomRenamed {
        /// Id of the room.
        id: String,
        /// The title.
        title: String,
    },
    /// A person.
    Person(PersonRecord),
    /// Somebody joined or left a room.
    Member {
        /// Id of the room.
        room: String,
        /// The person.
        person: PersonRecord,
        /// `added`, `removed` or `kicked`.
        change: &'static str,
    },
    /// A call is ringing, or has ended.
    Call {
        /// Id of the room.
        room: String,
        /// `ringing`, `accepted` or `ended`.
        state: &'static str,
    },
    /// An announcement of the service.
    Notice {
        /// The text.
        text: String,
    },
    /// The connection was lost or is back.
    Connection {
        /// `online` or `offline`.
        status: &'static str,
        /// Reason for being offline.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The service has a message.
    Sent {
        /// Id of the message, if the service told it.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Id of the send.
        local_id: String,
        /// Id of the room.
        room: String,
        /// Whether the service had it already from an earlier run of the same command.
        repeated: bool,
    },
    /// A change was carried out.
    Done {
        /// `edit`, `delete`, `typing` or `emit`.
        action: &'static str,
        /// Id of the message that was changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The result of a stage of `doctor`.
    Check(Check),
    /// The end of `doctor`.
    Report {
        /// Whether all stages succeeded.
        ok: bool,
        /// The first stage that failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        failed: Option<&'static str>,
        /// What was observed.
        observed: Box<Observed>,
    },
    /// An event of the socket as it was received.
    Event {
        /// Name of the event.
        event: String,
        /// Its arguments.
        args: Vec<Value>,
    },
}

/// A message with the room that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRecord {
    /// Id of the room.
    pub room: String,
    /// Title of the room, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_title: Option<String>,
    /// The message, as in exported rooms.
    #[serde(flatten)]
    pub message: ExportedMessage,
    /// Kind: `text`, `location`, `custom`, `call`, `info` or `unreadable`.
    pub kind: String,
    /// Id of the send that created it, if the service reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_id: Option<String>,
    /// Whether the user of this account wrote it.
    pub mine: bool,
    /// `sent`, `delivered` or `seen`.
    pub delivery: String,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomRecord {
    /// Id of the room.
    pub id: String,
    /// Kind: `direct`, `group`, `broadcast`, `order` or `unknown`.
    pub kind: &'static str,
    /// Title as the user sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The user's own name for the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The other person of a direct message, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<PersonRecord>,
    /// Number of participants, if the list of rooms tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants: Option<usize>,
    /// Number of unread messages, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<u32>,
    /// Whether there may be more of them, because the service does not count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub or_more: bool,
    /// Whether notifications are muted.
    pub muted: bool,
    /// Whether the room is archived.
    pub archived: bool,
    /// Newest message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Box<MessageRecord>>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRecord {
    /// Id of the person.
    pub id: String,
    /// User name; missing if unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// Name that others see; the user name or the id if there is none.
    pub name: String,
    /// Whether it is an AI agent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub agent: bool,
    /// Role in the room that was asked for, on services that have roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// Whether it is the user of this account.
    pub me: bool,
}

/// A record with its version.
#[derive(Serialize)]
struct Envelope<'a> {
    v: u8,
    #[serde(flatten)]
    record: &'a Record,
}

/// Writes a record as one line of JSON. Everything that a terminal would obey or hide is escaped, so that the text is
/// exact and the line can be looked at anywhere.
///
/// # Errors
/// The output cannot be written.
pub fn write_record(out: &mut impl Write, record: &Record) -> io::Result<()> {
    write_json(out, &Envelope { v: VERSION, record })?;
    out.write_all(b"\n")
}

/// Returns a record as JSON.
pub fn to_json(record: &Record) -> Value {
    serde_json::to_value(Envelope { v: VERSION, record }).unwrap_or_default()
}

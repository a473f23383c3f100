//! Decodes V Chat's socket events (`docs/protocol/vchat.md` §5, §6).
//!
//! An event has one argument: JSON inside of a string. Some servers send the object itself, which is accepted as well.
//! Unknown events are ignored; a known event that cannot be read is an error.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::{Activity, CallEnd, CallId, MessageId, PersonId, ServerEvent};
use crate::protocol::fields::{self, Malformed, flag_value, read_entries, text, text_value};
use crate::protocol::person_cache::ReportAuthors;
use crate::protocol::{DecodeError, parse};
use crate::text::{SafeText, Secrets};

use super::people::PersonNames;
use super::state::VChatState;
use super::{notices, refusal, voice_calls};

/// Events that V Chat is known to send.
pub const EVENTS: [&str; 17] = [
    "v1OnNewMessage",
    "v1OnUpdateMessage",
    "v1OnDeleteMessageFromAll",
    "v1OnMyOnline",
    "v1OnRoomStatusChange",
    "v1OnEnterChatRoom",
    "v1OnDeliverChatRoom",
    "v1OnBanUserChat",
    "v1OnKickGroupMember",
    "v1OnException",
    "v1OnNewCall",
    "v1OnCallAccepted",
    "v1OnCallEnded",
    "v1OnCallCanceled",
    "v1OnCallRejected",
    "v1OnCallTimeout",
    "v1OnIceCandidate",
];

/// Decodes the event `name` with the arguments `args`.
pub(super) fn decode(state: &mut VChatState, name: &str, args: &[Value]) -> Result<Vec<ServerEvent>, DecodeError> {
    let Some(argument) = args.first() else { return Ok(Vec::new()) };
    let events = match name {
        "v1OnException" => Ok(vec![ServerEvent::Notice(exception(argument, state.secrets.all()))]),
        "v1OnNewMessage" => parse_argument(argument).and_then(|payload| new_message(state, &payload)),
        "v1OnUpdateMessage" => parse_argument(argument).and_then(|payload| {
            let message = state.message_reader(ReportAuthors::IfChanged).message(&payload)?;
            Ok(vec![ServerEvent::Edited(message)])
        }),
        "v1OnDeleteMessageFromAll" => parse_object(argument).and_then(|object| Ok(vec![deletion(state, &object)?])),
        "v1OnMyOnline" => parse_argument(argument).map(|payload| presence(state, &payload)),
        "v1OnRoomStatusChange" => parse_object(argument).and_then(|object| typing(state, &object)),
        "v1OnNewCall" => parse_object(argument).and_then(|object| {
            let call = voice_calls::incoming_call(&object, state)?;
            Ok(vec![ServerEvent::IncomingCall(call)])
        }),
        "v1OnEnterChatRoom"
        | "v1OnDeliverChatRoom"
        | "v1OnBanUserChat"
        | "v1OnKickGroupMember"
        | "v1OnCallAccepted"
        | "v1OnCallEnded"
        | "v1OnCallCanceled"
        | "v1OnCallRejected"
        | "v1OnCallTimeout" => parse_object(argument).and_then(|object| Ok(vec![room_event(state, name, &object)?])),
        // This includes `v1OnIceCandidate`: a terminal transmits neither sound nor video.
        _ => return Ok(Vec::new()),
    };
    events.map_err(|reason| DecodeError { subject: name.to_owned(), reason: reason.to_owned() })
}

/// Returns the payload: the argument itself, or the JSON inside of it if it is a string.
fn parse_argument(argument: &Value) -> Result<Cow<'_, Value>, Malformed> {
    match argument {
        Value::String(json) => parse(json.as_bytes()).map(Cow::Owned).map_err(|_| "not JSON"),
        value => Ok(Cow::Borrowed(value)),
    }
}

/// Returns the payload, which must be an object.
fn parse_object(argument: &Value) -> Result<Cow<'_, Map<String, Value>>, Malformed> {
    let not_an_object = "not an object";
    match parse_argument(argument)? {
        Cow::Borrowed(value) => value.as_object().map(Cow::Borrowed).ok_or(not_an_object),
        Cow::Owned(Value::Object(object)) => Ok(Cow::Owned(object)),
        Cow::Owned(_) => Err(not_an_object),
    }
}

/// Reads a new message. A message that reports a new title also renames its room (`docs/protocol/vchat.md` §9.1,
/// item 10).
fn new_message(state: &mut VChatState, payload: &Value) -> Result<Vec<ServerEvent>, Malformed> {
    let message = state.message_reader(ReportAuthors::IfChanged).message(payload)?;
    let title = notices::new_title(payload).filter(|_| !message.deleted);
    let renamed = title.map(|title| ServerEvent::RoomRenamed { room: message.room.clone(), title });
    Ok(std::iter::once(ServerEvent::Message(message)).chain(renamed).collect())
}

/// Reads a deletion. Room and author are optional.
fn deletion(state: &mut VChatState, object: &Map<String, Value>) -> Result<ServerEvent, Malformed> {
    let message = MessageId::new(&fields::id(object, "_id").ok_or("a message has no _id")?);
    Ok(match (fields::id(object, "rId"), person_id(state, object, "sId")) {
        (Some(room), Some(author)) => ServerEvent::Revoked { room: state.people.room_id(&room), message, author },
        _ => ServerEvent::Deleted(message),
    })
}

/// Reads the reply to a presence poll (`docs/protocol/vchat.md` §5.1): a list, or a single item.
fn presence(state: &VChatState, payload: &Value) -> Vec<ServerEvent> {
    let single = std::slice::from_ref(payload);
    read_entries(payload.as_array().map_or(single, Vec::as_slice), |item| {
        let object = item.as_object().ok_or("not an object")?;
        let person = person_id(state, object, "peerId").ok_or("no peerId")?;
        Ok(ServerEvent::Presence { person, online: object.get("isOnline").is_some_and(flag_value) })
    })
}

/// Reads a typing status. The sender receives it as well, so the user's own is ignored (`docs/protocol/vchat.md` §5).
fn typing(state: &mut VChatState, object: &Map<String, Value>) -> Result<Vec<ServerEvent>, Malformed> {
    let id = fields::id(object, "userId").ok_or("no userId")?;
    let room = fields::id(object, "roomId").ok_or("no roomId")?;
    if state.session.as_ref().is_some_and(|session| session.me.as_str() == id) {
        return Ok(Vec::new());
    }
    let activity = match object.get("status").and_then(Value::as_str) {
        Some("typing") => Some(Activity::Typing),
        Some("recording") => Some(Activity::Recording),
        _ => None,
    };
    // The name is empty when the server ends the status of a person who disconnected (`docs/protocol/vchat.md` §3.2).
    let name = text(object, "name").unwrap_or_default();
    let person = PersonNames::resolve(&state.people, &id, "", &name).info(&state.people);
    Ok(vec![ServerEvent::Typing { person, room: Some(state.people.room_id(&room)), activity }])
}

/// Reads a field as a person's id, which shares the cached allocation.
fn person_id(state: &VChatState, object: &Map<String, Value>, key: &str) -> Option<PersonId> {
    fields::id(object, key).map(|id| state.people.person_id(&id))
}

/// Reads an event that consists of a room and at most a person or a call.
fn room_event(state: &mut VChatState, name: &str, object: &Map<String, Value>) -> Result<ServerEvent, Malformed> {
    let room = fields::id(object, "roomId").ok_or("no roomId")?;
    let room = state.people.room_id(&room);
    let person = person_id(state, object, "userId").ok_or("no userId");
    let call = fields::id(object, "meetId").map(|id| CallId::new(&id));
    let ended = |room, reason| ServerEvent::CallEnded { call: call.clone(), room, reason };
    Ok(match name {
        // `userId` is not the reader but the author of the messages that were read (`docs/protocol/vchat.md` §5).
        "v1OnEnterChatRoom" => ServerEvent::RoomSeen { room, author: person? },
        "v1OnDeliverChatRoom" => ServerEvent::RoomDelivered { room, author: person? },
        "v1OnKickGroupMember" => ServerEvent::Kicked { room, person: person? },
        // Both sides receive the payload as it looks to the person who changed the block. The event is therefore only a
        // hint that something changed (`docs/protocol/vchat.md` §12, question 7).
        "v1OnBanUserChat" => ServerEvent::BlockChanged(room),
        "v1OnCallAccepted" => ServerEvent::CallAccepted { call, room },
        "v1OnCallCanceled" => ended(room, CallEnd::Canceled),
        "v1OnCallRejected" => ended(room, CallEnd::Declined),
        "v1OnCallTimeout" => ended(room, CallEnd::TimedOut),
        _ => ended(room, CallEnd::Finished),
    })
}

/// Reads the text of an exception in any of its formats. The documentation shows an object; some servers send the text
/// `[object Object]` (`docs/protocol/vchat.md` §12, question 4).
fn exception(argument: &Value, secrets: &Secrets) -> SafeText {
    let inner = match argument {
        Value::String(json) => parse(json.as_bytes()).ok(),
        _ => None,
    };
    let mut value = inner.as_ref().unwrap_or(argument);
    // The text may be nested, as in `{"error": {"message": "…"}}`. No known server nests deeper than this.
    for _ in 0..3 {
        let Some(object) = value.as_object() else { break };
        let Some(next) = ["error", "message", "data"].iter().find_map(|key| object.get(*key)) else { break };
        value = next;
    }
    match text_value(value).filter(|text| !text.starts_with("[object") && !text.trim().is_empty()) {
        Some(text) => SafeText::line(&refusal::shorten(&text, secrets)),
        None => SafeText::line("The server reported an error."),
    }
}

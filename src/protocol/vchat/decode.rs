//! Socket events (§5, §6) as domain events.
//!
//! Each has one argument, JSON inside of a string; some servers send the object itself, and both are read. An event
//! nobody knows is nothing; one that is known and unreadable is an error, which costs that event and no other.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::{Activity, CallEnd, CallId, MessageId, PersonId, ServerEvent};
use crate::protocol::fields;
use crate::protocol::fields::{Unreadable, list, scalar, text, truth};
use crate::protocol::recall::Authors;
use crate::protocol::{DecodeError, parse};
use crate::text::SafeText;

use super::adapter::VChat;
use super::people::Names;
use super::{calls, notices, refusal};

/// What the event `name` with `args` means.
pub(super) fn event(vchat: &mut VChat, name: &str, args: &[Value]) -> Result<Vec<ServerEvent>, DecodeError> {
    let Some(argument) = args.first() else { return Ok(Vec::new()) };
    if name == "v1OnException" {
        return Ok(vec![ServerEvent::Notice(exception(argument))]);
    }
    let unreadable = |why: Unreadable| DecodeError { what: name.to_owned(), why: why.to_owned() };
    let one = |event: Result<ServerEvent, Unreadable>| event.map(|event| vec![event]);
    let read =
        match name {
            "v1OnNewMessage" => parsed(argument).and_then(|payload| news(vchat, &payload)),
            "v1OnUpdateMessage" => one(parsed(argument)
                .and_then(|payload| vchat.reader(Authors::News).message(&payload).map(ServerEvent::Edited))),
            "v1OnDeleteMessageFromAll" => one(object(argument).and_then(|object| {
                let id = MessageId::new(&fields::id(&object, "_id").ok_or("a message has no _id")?);
                Ok(match (fields::id(&object, "rId"), person_id(&object, "sId", vchat)) {
                    (Some(room), Some(author)) => {
                        ServerEvent::Revoked { room: vchat.recall.room(&room), message: id, author }
                    }
                    _ => ServerEvent::Deleted(id),
                })
            })),
            "v1OnMyOnline" => parsed(argument).map(|payload| presence(vchat, &payload)),
            "v1OnRoomStatusChange" => object(argument).and_then(|object| typing(vchat, &object)),
            "v1OnEnterChatRoom"
            | "v1OnDeliverChatRoom"
            | "v1OnBanUserChat"
            | "v1OnKickGroupMember"
            | "v1OnNewCall"
            | "v1OnCallAccepted"
            | "v1OnCallEnded"
            | "v1OnCallCanceled"
            | "v1OnCallRejected"
            | "v1OnCallTimeout" => one(object(argument).and_then(|object| of_room(vchat, name, &object))),
            // `v1OnIceCandidate` too: sound and picture are no matter of a terminal.
            _ => return Ok(Vec::new()),
        };
    read.map_err(unreadable)
}

/// The argument as the server meant it.
fn parsed(argument: &Value) -> Result<Cow<'_, Value>, Unreadable> {
    match argument {
        Value::String(json) => parse(json.as_bytes()).map(Cow::Owned).ok_or("it is not JSON"),
        value => Ok(Cow::Borrowed(value)),
    }
}

fn object(argument: &Value) -> Result<Cow<'_, Map<String, Value>>, Unreadable> {
    let not_one = "it is not an object";
    match parsed(argument)? {
        Cow::Borrowed(value) => value.as_object().map(Cow::Borrowed).ok_or(not_one),
        Cow::Owned(Value::Object(object)) => Ok(Cow::Owned(object)),
        Cow::Owned(_) => Err(not_one),
    }
}

/// A new message; one that reports a new title gives the room that title, too (§9.1, 10).
fn news(vchat: &mut VChat, payload: &Value) -> Result<Vec<ServerEvent>, Unreadable> {
    let message = vchat.reader(Authors::News).message(payload)?;
    let title = notices::new_title(payload).filter(|_| !message.deleted);
    let renamed = title.map(|title| ServerEvent::RoomRenamed { room: message.room.clone(), title });
    Ok(std::iter::once(ServerEvent::Message(message)).chain(renamed).collect())
}

/// Who is there of those who were asked about (§5.1).
fn presence(vchat: &VChat, payload: &Value) -> Vec<ServerEvent> {
    let one = std::slice::from_ref(payload);
    list(payload.as_array().map_or(one, Vec::as_slice), |item| {
        let object = item.as_object().ok_or("it is not an object")?;
        let person = person_id(object, "peerId", vchat).ok_or("there is no peerId")?;
        Ok(ServerEvent::Presence { person, online: object.get("isOnline").is_some_and(truth) })
    })
}

/// Somebody types, or has stopped. The sender is told, too (§5).
fn typing(vchat: &mut VChat, object: &Map<String, Value>) -> Result<Vec<ServerEvent>, Unreadable> {
    let id = fields::id(object, "userId").ok_or("there is no userId")?;
    let room = fields::id(object, "roomId").ok_or("there is no roomId")?;
    if vchat.session.as_ref().is_some_and(|session| session.me.as_str() == id) {
        return Ok(Vec::new());
    }
    let activity = match object.get("status").and_then(Value::as_str) {
        Some("typing") => Some(Activity::Typing),
        Some("recording") => Some(Activity::Recording),
        _ => None,
    };
    // A server that stops it for somebody who is gone leaves the name empty (§3.2).
    let name = text(object, "name").unwrap_or_default();
    let person = Names::of(&vchat.recall, &id, "", &name).info(&vchat.recall);
    Ok(vec![ServerEvent::Typing { person, room: Some(vchat.recall.room(&room)), activity }])
}

/// Somebody's id, sharing the allocation where they are known.
fn person_id(object: &Map<String, Value>, key: &str, vchat: &VChat) -> Option<PersonId> {
    fields::id(object, key).map(|id| vchat.recall.person_id(&id))
}

/// The events that only say where, and who or which call.
fn of_room(vchat: &mut VChat, name: &str, object: &Map<String, Value>) -> Result<ServerEvent, Unreadable> {
    if name == "v1OnNewCall" {
        return calls::call(object, vchat).map(ServerEvent::CallRings);
    }
    let room = fields::id(object, "roomId").ok_or("there is no roomId")?;
    let room = vchat.recall.room(&room);
    let person = person_id(object, "userId", vchat);
    let call = fields::id(object, "meetId").map(|id| CallId::new(&id));
    let ended = |room, how| ServerEvent::CallEnded { call: call.clone(), room, how };
    let nobody = "there is no userId";
    Ok(match name {
        // Not who has read, but whose messages were read (§5).
        "v1OnEnterChatRoom" => ServerEvent::RoomSeen { room, author: person.ok_or(nobody)? },
        "v1OnDeliverChatRoom" => ServerEvent::RoomDelivered { room, author: person.ok_or(nobody)? },
        "v1OnKickGroupMember" => ServerEvent::Kicked { room, person: person.ok_or(nobody)? },
        // Both sides get the view of the one who did it, so it only says that something has changed (§12, 7).
        "v1OnBanUserChat" => ServerEvent::BlockChanged(room),
        "v1OnCallAccepted" => ServerEvent::CallAccepted { call, room },
        "v1OnCallCanceled" => ended(room, CallEnd::Canceled),
        "v1OnCallRejected" => ended(room, CallEnd::Rejected),
        "v1OnCallTimeout" => ended(room, CallEnd::TimedOut),
        _ => ended(room, CallEnd::Finished),
    })
}

/// What the server complains of, whatever its shape: the docs show an object, some servers send `[object Object]`
/// (§12, 4).
fn exception(argument: &Value) -> SafeText {
    let inner = match argument {
        Value::String(json) => parse(json.as_bytes()),
        _ => None,
    };
    let mut value = inner.as_ref().unwrap_or(argument);
    // `{"error": {"message": "…"}}` and the like; nobody nests deeper.
    for _ in 0..3 {
        let Some(object) = value.as_object() else { break };
        let Some(next) = ["error", "message", "data"].iter().find_map(|key| object.get(*key)) else { break };
        value = next;
    }
    let said = scalar(value).filter(|said| !said.starts_with("[object") && !said.trim().is_empty());
    match said {
        Some(said) => SafeText::line(&refusal::shortened(&said)),
        None => SafeText::line("The server reported an error."),
    }
}

//! Decodes MinChat's socket events (`docs/protocol/minchat.md` §5).
//!
//! A burst may consist of a hundred thousand events. Reading a message therefore takes only a few hundred nanoseconds
//! and shares allocations with the previous one. Unknown events are ignored; a known event that cannot be read is an
//! error.

use serde_json::Value;

use crate::domain::{Activity, MessageId, ServerEvent};
use crate::protocol::fields::Malformed;
use crate::protocol::person_cache::ReportAuthors;
use crate::protocol::{DecodeError, fields, limits};
use crate::text::Secrets;

use super::objects;
use super::refusal::reports_missing_chat;
use super::state::MinChatState;

/// Events that MinChat is known to send.
pub const EVENTS: [&str; 10] = [
    "message",
    "message.update",
    "message.delete",
    "message.seen",
    "chat",
    "typing.start",
    "typing.stop",
    "user.status",
    "ai.event",
    "error",
];

/// Decodes the event `name` with the arguments `args`.
pub(super) fn decode(state: &mut MinChatState, name: &str, args: &[Value]) -> Result<Option<ServerEvent>, DecodeError> {
    let Some(payload) = args.first() else { return Ok(None) };
    let malformed = |reason: Malformed| DecodeError { subject: name.to_owned(), reason: reason.to_owned() };
    let people = &mut state.people;
    match name {
        // The socket library delivers a packet of one element, such as `["typing.stop"]`, as `message` with the name as
        // payload. No MinChat event has a meaning without a payload.
        "message" if payload.is_string() => return Ok(None),
        // The SDK ignores these events unless `success` is true (`docs/protocol/minchat.md` §5). Here only an explicit
        // `false` counts.
        "message" | "message.update" | "chat" if is_failure(payload) => return Ok(None),
        "message" => objects::message(payload, people, ReportAuthors::IfChanged, None).map(ServerEvent::Message),
        "message.update" => objects::message(payload, people, ReportAuthors::IfChanged, None).map(ServerEvent::Edited),
        "chat" => objects::room(payload, people).map(|room| ServerEvent::RoomChanged(Box::new(room))),
        "message.delete" => message_id(payload).map(ServerEvent::Deleted),
        "message.seen" => message_id(payload).map(ServerEvent::Seen),
        "typing.start" | "typing.stop" => typing(state, payload, name == "typing.start"),
        "user.status" => presence(state, payload),
        "ai.event" => agent_action(state, payload),
        // The event does not name the missing chat, and nothing that we send over the socket needs an answer. The next
        // REST call about that chat reports the same problem with its room.
        "error" if reports_missing_chat(payload) => return Ok(None),
        "error" => notice(payload, &state.secrets),
        _ => return Ok(None),
    }
    .map(Some)
    .map_err(malformed)
}

fn is_failure(payload: &Value) -> bool {
    payload.get("success") == Some(&Value::Bool(false))
}

/// Reads a bare message id (`docs/protocol/minchat.md` §5), or the id inside of an object.
fn message_id(payload: &Value) -> Result<MessageId, Malformed> {
    let id = fields::id_value(payload).or_else(|| {
        let object = payload.as_object()?;
        fields::id(object, "id").or_else(|| fields::id(object, "messageId"))
    });
    id.map(|id| MessageId::new(&id)).ok_or("no message id")
}

fn typing(state: &MinChatState, payload: &Value, on: bool) -> Result<ServerEvent, Malformed> {
    let person = objects::person(payload, &state.people)?;
    Ok(ServerEvent::Typing { person, room: None, activity: on.then_some(Activity::Typing) })
}

fn presence(state: &MinChatState, payload: &Value) -> Result<ServerEvent, Malformed> {
    let object = payload.as_object().ok_or("not an object")?;
    let id = fields::id(object, "memberId").ok_or("no memberId")?;
    // Anything but "online" means offline (`docs/protocol/minchat.md` §5).
    let online = object.get("status").and_then(Value::as_str) == Some("online");
    Ok(ServerEvent::Presence { person: state.people.person_id(&id), online })
}

fn agent_action(state: &mut MinChatState, payload: &Value) -> Result<ServerEvent, Malformed> {
    let object = payload.as_object().ok_or("not an object")?;
    let action = fields::text(object, "event").ok_or("no event")?;
    // The webhook of the same name calls the agent `ai_agent_username` (`docs/protocol/minchat.md` §6).
    let agent = fields::text(object, "chatbotUsername").or_else(|| fields::text(object, "ai_agent_username"));
    let room = fields::id(object, "chat_id").map(|room| state.people.room_id(&room));
    let agent = limits::sentence(agent.as_deref().unwrap_or("AI agent"), &state.secrets);
    Ok(ServerEvent::AgentAction { room, agent, action: limits::sentence(&action, &state.secrets) })
}

fn notice(payload: &Value, secrets: &Secrets) -> Result<ServerEvent, Malformed> {
    let message = fields::text_value(payload).or_else(|| fields::text(payload.as_object()?, "message"));
    Ok(ServerEvent::Notice(limits::sentence(message.as_deref().unwrap_or("The server reported an error."), secrets)))
}

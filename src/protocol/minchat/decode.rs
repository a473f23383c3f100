//! Socket events of §5 as domain events.
//!
//! A hundred thousand of these may come in one burst, so a message is read in a few hundred nanoseconds and shares
//! what it can with the last one. An event nobody knows is nothing; one that is known and unreadable is an error.

use serde_json::Value;

use crate::domain::{Activity, MessageId, ServerEvent};
use crate::protocol::caps;
use crate::protocol::fields::Unreadable;
use crate::protocol::recall::Authors;
use crate::protocol::{DecodeError, fields};

use super::adapter::MinChat;
use super::reply::tells_of_no_chat;
use super::wire;

/// What the event `name` with `args` means.
pub(super) fn event(minchat: &mut MinChat, name: &str, args: &[Value]) -> Result<Option<ServerEvent>, DecodeError> {
    let Some(payload) = args.first() else { return Ok(None) };
    let unreadable = |why: Unreadable| DecodeError { what: name.to_owned(), why: why.to_owned() };
    let recall = &mut minchat.recall;
    match name {
        // A packet of one element, such as `["typing.stop"]`, arrives as `message` with the name as its payload. No
        // MinChat event means anything without its payload.
        "message" if payload.is_string() => return Ok(None),
        // The SDK ignores these unless `success` is true (§5); here only a spelt-out `false` counts.
        "message" | "message.update" | "chat" if failed(payload) => return Ok(None),
        "message" => wire::message(payload, recall, Authors::News).map(ServerEvent::Message),
        "message.update" => wire::message(payload, recall, Authors::News).map(ServerEvent::Edited),
        "chat" => wire::room(payload, recall).map(|room| ServerEvent::RoomChanged(Box::new(room))),
        "message.delete" => message_id(payload).map(ServerEvent::Deleted),
        "message.seen" => message_id(payload).map(ServerEvent::Seen),
        "typing.start" | "typing.stop" => typing(minchat, payload, name == "typing.start"),
        "user.status" => presence(minchat, payload),
        "ai.event" => agent_action(minchat, payload),
        // What goes over the socket asks for nothing, and the sentence does not say which chat is meant. The first REST call
        // about that chat tells.
        "error" if tells_of_no_chat(payload) => return Ok(None),
        "error" => notice(payload),
        _ => return Ok(None),
    }
    .map(Some)
    .map_err(unreadable)
}

fn failed(payload: &Value) -> bool {
    payload.get("success") == Some(&Value::Bool(false))
}

/// The bare id (§5), or an object that holds it.
fn message_id(payload: &Value) -> Result<MessageId, Unreadable> {
    let id = fields::id_of(payload).or_else(|| {
        let object = payload.as_object()?;
        fields::id(object, "id").or_else(|| fields::id(object, "messageId"))
    });
    id.map(|id| MessageId::new(&id)).ok_or("there is no message id")
}

fn typing(minchat: &MinChat, payload: &Value, on: bool) -> Result<ServerEvent, Unreadable> {
    let person = wire::person(payload, &minchat.recall)?;
    Ok(ServerEvent::Typing { person, room: None, activity: on.then_some(Activity::Typing) })
}

fn presence(minchat: &MinChat, payload: &Value) -> Result<ServerEvent, Unreadable> {
    let object = payload.as_object().ok_or("it is not an object")?;
    let id = fields::id(object, "memberId").ok_or("there is no memberId")?;
    // "online"; anything else means offline (§5).
    let online = object.get("status").and_then(Value::as_str) == Some("online");
    Ok(ServerEvent::Presence { person: minchat.recall.person_id(&id), online })
}

fn agent_action(minchat: &mut MinChat, payload: &Value) -> Result<ServerEvent, Unreadable> {
    let object = payload.as_object().ok_or("it is not an object")?;
    let action = fields::text(object, "event").ok_or("there is no event")?;
    // The webhook of the same name calls the agent `ai_agent_username` (§6).
    let agent = fields::text(object, "chatbotUsername").or_else(|| fields::text(object, "ai_agent_username"));
    let room = fields::id(object, "chat_id").map(|room| minchat.recall.room(&room));
    let agent = caps::line(agent.as_deref().unwrap_or("AI agent"));
    Ok(ServerEvent::AgentAction { room, agent, action: caps::line(&action) })
}

fn notice(payload: &Value) -> Result<ServerEvent, Unreadable> {
    let message = fields::scalar(payload).or_else(|| fields::text(payload.as_object()?, "message"));
    Ok(ServerEvent::Notice(caps::line(message.as_deref().unwrap_or("The server reported an error."))))
}

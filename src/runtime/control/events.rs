//! Events of the control socket: what users see, in the words of the records that commands print.

use serde_json::{Map, Value, json};

use crate::app::{Event, State, is_credible};
use crate::domain::{Activity, MessageId, MessageInfo, Pause, RoomId, ServerEvent};
use crate::text::SafeText;

use super::VERSION;

/// Returns an event as an object, unless nobody is told about it.
pub(super) fn described(state: &State, event: &Event) -> Option<Value> {
    let Event::Server(account, event) = event else { return None };
    let account = state.accounts.iter().find(|known| known.id == *account)?;
    if !is_credible(account, event) {
        return None;
    }
    let mut fields = fields(event)?;
    fields.insert("v".to_owned(), VERSION.into());
    fields.insert("profile".to_owned(), account.profile.name.clone().into());
    Some(Value::Object(fields))
}

fn fields(event: &ServerEvent) -> Option<Map<String, Value>> {
    let value = match event {
        ServerEvent::Message(info) => message("message", info),
        ServerEvent::Edited(info) => message("message_edited", info),
        ServerEvent::Deleted(id) => json!({ "type": "message_deleted", "id": id.as_str() }),
        ServerEvent::Revoked { room, message, .. } => {
            json!({ "type": "message_deleted", "id": message.as_str(), "room": room.as_str() })
        }
        ServerEvent::Accepted { room, local, id, .. } => {
            let id = id.as_ref().map(MessageId::as_str);
            json!({ "type": "sent", "room": room.as_str(), "local_id": local.to_string(), "id": id })
        }
        ServerEvent::Typing { person, room, activity } => {
            let activity = match activity {
                Some(Activity::Typing) => "typing",
                Some(Activity::Recording) => "recording",
                None => "stopped",
            };
            let person = json!({ "id": person.id.as_str(), "name": person.name.as_str() });
            json!({ "type": "typing", "person": person, "room": room.as_ref().map(RoomId::as_str),
                "activity": activity })
        }
        ServerEvent::Presence { person, online } => {
            json!({ "type": "presence", "person": { "id": person.as_str() }, "online": online })
        }
        ServerEvent::Notice(text) | ServerEvent::Paused(Some(Pause { sentence: text, has_changes: true, .. })) => {
            json!({ "type": "notice", "text": text.as_str() })
        }
        ServerEvent::Connection(status) => {
            let (status, reason) = status.described();
            json!({ "type": "connection", "status": status, "reason": reason.map(SafeText::as_str) })
        }
        _ => return None,
    };
    if let Value::Object(fields) = value { Some(fields) } else { None }
}

fn message(kind: &str, info: &MessageInfo) -> Value {
    let (id, room, author) = (info.id.as_str(), info.room.as_str(), info.author.as_str());
    json!({ "type": kind, "id": id, "room": room, "author": author, "text": info.text.with_tabs(), "at": info.sent_at.0 })
}

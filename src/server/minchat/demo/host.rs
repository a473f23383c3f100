//! Performs the actions of the scripted people in their app.

use std::sync::Arc;

use serde_json::json;

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::demo::{Host, Id};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::messages::{MessageEdit, NewMessage};
use crate::server::minchat::model::{ApiError, ChatEvent};
use crate::server::minchat::tenant::Tenant;

use super::behaviour::{MinChatAction, MinChatDemo};

/// The app that the scripted people live in.
pub(crate) struct MinChatHost {
    /// The server's state.
    pub(crate) hub: Arc<Hub>,
    /// API key of the app.
    pub(crate) key: String,
}

impl MinChatHost {
    fn publish<T>(
        &self,
        operation: impl FnOnce(&mut Tenant, Timestamp) -> Result<(T, Vec<ChatEvent>), ApiError>,
    ) -> Result<T, String> {
        self.hub.publish(&self.key, None, operation).map_err(|error| error.message().to_owned())
    }
}

impl Host<MinChatDemo> for MinChatHost {
    fn connect(&self, person: &Id) -> Result<(), String> {
        self.publish(|tenant, now| {
            tenant.connect(now, person)?;
            Ok(((), vec![online_status(tenant, person)]))
        })
    }

    fn disconnect(&self, person: &Id) {
        let _ = self.publish(|tenant, now| Ok(((), tenant.disconnect(now, person))));
    }

    fn set_typing(&self, person: &Id, room: &Id, started: bool) -> Result<(), String> {
        self.publish(|tenant, now| {
            let user = typing_user(tenant, person)?;
            Ok(((), vec![tenant.set_typing(now, room, user, started)?]))
        })
    }

    fn send(&self, person: &Id, room: &Id, content: String) -> Result<Id, String> {
        let new =
            NewMessage { chat: room.clone(), author: person.clone(), text: Some(content), ..NewMessage::default() };
        self.publish(|tenant, now| {
            let (id, event) = tenant.send_message(now, new)?;
            Ok((id, vec![event]))
        })
    }

    fn perform(&self, action: MinChatAction) -> Result<(), String> {
        match action {
            MinChatAction::Heartbeat(person) => self.publish(|tenant, now| {
                tenant.touch(now, &person)?;
                Ok(((), vec![online_status(tenant, &person)]))
            }),
            MinChatAction::Edit { message, text } => self.publish(|tenant, now| {
                let edit = MessageEdit { text: Some(text), ..MessageEdit::default() };
                Ok(((), vec![tenant.edit_message(now, &message, edit)?]))
            }),
            MinChatAction::Delete { message } => {
                self.publish(|tenant, _| Ok(((), vec![tenant.delete_message(&message)?])))
            }
            MinChatAction::MarkSeen { person, message } => {
                self.publish(|tenant, now| Ok(((), vec![tenant.mark_seen(now, &message, Some(&person))?])))
            }
            MinChatAction::AgentEvent { person, chat, event } => self.publish(|tenant, _| {
                let username = tenant.user(&person)?.username.clone();
                Ok(((), vec![ChatEvent::AgentEvent { chat, username, event }]))
            }),
        }
    }
}

/// The event that a person is online, for all their chats.
fn online_status(tenant: &Tenant, person: &Id) -> ChatEvent {
    ChatEvent::PresenceChanged { chats: tenant.chats_with(person), user: person.clone(), online: true }
}

/// A person as clients describe themselves in typing events: the user object of the official SDK, whose dates are in
/// camel case.
fn typing_user(tenant: &Tenant, person: &str) -> Result<serde_json::Value, ApiError> {
    let user = tenant.user(person)?;
    let mut object = json!({
        "id": user.id,
        "username": user.username,
        "name": user.display_name(),
        "createdAt": rfc3339(user.created_at),
        "lastActive": rfc3339(user.last_active),
    });
    if let (Some(object), Some(metadata)) = (object.as_object_mut(), &user.metadata) {
        object.insert("metadata".to_owned(), metadata.clone().into());
    }
    Ok(object)
}

//! MinChat's JSON for clients, and the recipients of each [`ChatEvent`] (§2, §5). Pure functions.

use serde_json::{Map, Value, json};

use crate::server::clock::rfc3339;
use crate::server::files::Upload;

use super::model::{Chat, ChatEvent, File, Id, Message, Page, User};
use super::tenant::Tenant;

/// A Socket.IO room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SocketRoom {
    /// Sockets that have opened this chat.
    Chat(Id),
    /// All sockets of this user.
    User(Id),
}

/// A Socket.IO event and its recipients.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delivery {
    /// Name of the event.
    pub(crate) event: &'static str,
    /// Its only argument.
    pub(crate) payload: Value,
    /// Rooms that receive it. A socket in several of them receives it once.
    pub(crate) rooms: Vec<SocketRoom>,
    /// Whether to leave out the socket whose request caused the event.
    pub(crate) skip_origin: bool,
}

/// A user object.
pub(crate) fn user(user: &User) -> Value {
    let mut object = json!({
        "id": user.id,
        "username": user.username,
        "name": user.display_name(),
        "created_at": rfc3339(user.created_at),
        "last_active": rfc3339(user.last_active),
        "updated_at": rfc3339(user.updated_at),
    });
    set(&mut object, "avatar", user.avatar.clone().map(Value::String));
    set(&mut object, "metadata", user.metadata.clone().map(Value::Object));
    object
}

fn file(file: &File) -> Value {
    let mut object = json!({ "type": file.kind, "url": file.url });
    set(&mut object, "name", file.name.clone().map(Value::String));
    set(&mut object, "size", file.size.clone().map(Value::String));
    object
}

/// A message object. It contains `success`, because the official SDK ignores message events without it.
pub(crate) fn message(tenant: &Tenant, message: &Message) -> Value {
    let mut object = json!({
        "id": message.id,
        "chat_id": message.chat,
        "user_id": message.author,
        "seen": message.seen,
        "created_at": rfc3339(message.created_at),
        "updated_at": rfc3339(message.updated_at),
        "success": true,
    });
    set(&mut object, "text", message.text.clone().map(Value::String));
    set(&mut object, "file", message.file.as_ref().map(file));
    set(&mut object, "metadata", message.metadata.clone().map(Value::Object));
    set(&mut object, "user", tenant.user(&message.author).ok().map(user));
    object
}

/// A chat object as `viewer` sees it: a direct message has the name and avatar of the other user.
pub(crate) fn chat(tenant: &Tenant, chat: &Chat, viewer: &str) -> Value {
    let peer = chat.members.iter().find(|member| *member != viewer).or(chat.members.first());
    let peer = peer.and_then(|id| tenant.user(id).ok());
    let (title, avatar) = if chat.is_group {
        (chat.title.as_deref().unwrap_or("Group Chat"), chat.avatar.clone())
    } else {
        (peer.map_or("No Name", User::display_name), peer.and_then(|peer| peer.avatar.clone()))
    };
    let mut object = json!({
        "success": true,
        "id": chat.id,
        "title": title,
        "participant_user_ids": chat.members,
        "metadata": chat.metadata,
        "created_at": rfc3339(chat.created_at),
        "last_message": chat.messages.last().map(|last| message(tenant, last)),
    });
    set(&mut object, "avatar", avatar.map(Value::String));
    object
}

/// A page of a list, whose items are in the field `name`.
pub(crate) fn page(name: &str, page: &Page<Value>) -> Value {
    let mut object = Map::new();
    object.insert("success".to_owned(), true.into());
    object.insert(name.to_owned(), page.items.clone().into());
    object.insert("page".to_owned(), page.page.into());
    object.insert(format!("total_{name}"), page.total.into());
    object.insert("total_pages".to_owned(), page.pages.into());
    Value::Object(object)
}

/// An error object, for HTTP bodies and acknowledgements.
pub(crate) fn error(message: &str) -> Value {
    json!({ "success": false, "message": message })
}

/// A presence object.
pub(crate) fn presence(user: &str, online: bool) -> Value {
    json!({ "memberId": user, "status": if online { "online" } else { "offline" } })
}

/// Returns the Socket.IO events for a chat event, in the order in which they have to be sent.
pub(crate) fn deliveries(tenant: &Tenant, event: &ChatEvent) -> Vec<Delivery> {
    match event {
        ChatEvent::MessageSent { chat, message: id } => message_sent(tenant, chat, id),
        ChatEvent::MessageEdited { chat, message: id } => {
            let Ok(edited) = tenant.message(id) else { return Vec::new() };
            vec![delivery("message.update", message(tenant, edited), vec![SocketRoom::Chat(chat.clone())])]
        }
        ChatEvent::MessageDeleted { chat, message } => {
            vec![delivery("message.delete", message.clone().into(), vec![SocketRoom::Chat(chat.clone())])]
        }
        ChatEvent::MessageSeen { chat, message, author, viewer } => {
            // The official suite expects the event in the author's own room, the official React client in the room of
            // the chat and in that of the viewer.
            let mut rooms = vec![SocketRoom::Chat(chat.clone()), SocketRoom::User(author.clone())];
            rooms.extend(viewer.clone().map(SocketRoom::User));
            vec![delivery("message.seen", message.clone().into(), rooms)]
        }
        ChatEvent::Typing { chat, user, started } => {
            let name = if *started { "typing.start" } else { "typing.stop" };
            let typing = delivery(name, user.clone(), vec![SocketRoom::Chat(chat.clone())]);
            vec![Delivery { skip_origin: true, ..typing }]
        }
        ChatEvent::PresenceChanged { chats, user, online } => {
            let rooms = chats.iter().cloned().map(SocketRoom::Chat).collect();
            vec![delivery("user.status", presence(user, *online), rooms)]
        }
        ChatEvent::AgentEvent { chat, username, event } => {
            let payload = json!({ "event": event, "chatbotUsername": username, "chat_id": chat });
            vec![delivery("ai.event", payload, vec![SocketRoom::Chat(chat.clone())])]
        }
    }
}

/// The message for the room of the chat, then the chat for each other member, from their point of view.
fn message_sent(tenant: &Tenant, chat_id: &str, id: &str) -> Vec<Delivery> {
    let (Ok(target), Ok(sent)) = (tenant.chat(chat_id), tenant.message(id)) else { return Vec::new() };
    let to_chat = delivery("message", message(tenant, sent), vec![SocketRoom::Chat(target.id.clone())]);
    let mut deliveries = vec![Delivery { skip_origin: true, ..to_chat }];
    let others = target.members.iter().filter(|member| **member != sent.author);
    if target.is_group {
        // Everybody sees a group alike, so it is written once.
        let rooms: Vec<_> = others.cloned().map(SocketRoom::User).collect();
        if !rooms.is_empty() {
            deliveries.push(delivery("chat", chat(tenant, target, &sent.author), rooms));
        }
        return deliveries;
    }
    for member in others {
        let rooms = vec![SocketRoom::User(member.clone())];
        deliveries.push(delivery("chat", chat(tenant, target, member), rooms));
    }
    deliveries
}

fn delivery(event: &'static str, payload: Value, rooms: Vec<SocketRoom>) -> Delivery {
    Delivery { event, payload, rooms, skip_origin: false }
}

/// Sets a field, or leaves it out if there is no value. MinChat does not send null.
fn set(object: &mut Value, field: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(field.to_owned(), value);
    }
}

/// Describes an uploaded file as the official SDK does: with a kind, and the size as text.
pub(crate) fn describe_file(upload: &Upload, url: String) -> File {
    let size = format_size(upload.bytes.len());
    File { kind: file_kind(upload.mime()).to_owned(), url, name: upload.name.clone(), size: Some(size) }
}

/// MinChat's kind of file for a MIME type.
fn file_kind(mime: &str) -> &'static str {
    match mime.split_once('/') {
        Some(("image", rest)) if rest.ends_with("gif") => "gif",
        Some(("image", _)) => "image",
        Some(("video", _)) => "video",
        _ => "file",
    }
}

/// Size as text, such as `12.30 KB`. The SDK writes `0.00 KB` for four bytes; what the server does is not known, so the text
/// says the size.
fn format_size(bytes: usize) -> String {
    let kilobytes = bytes as f64 / 1024.0;
    if bytes < 1024 {
        format!("{bytes} B")
    } else if kilobytes < 1024.0 {
        format!("{kilobytes:.2} KB")
    } else {
        format!("{:.2} MB", kilobytes / 1024.0)
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;

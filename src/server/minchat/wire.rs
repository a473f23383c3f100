//! The MinChat dialect, outward: nouns as JSON objects, news as events with their recipients. Pure.
//!
//! Written from the protocol note, sections 2 and 5, and from nothing of the client's.

use serde_json::{Map, Value, json};

use crate::server::clock::rfc3339;
use crate::server::files::Upload;

use super::model::{Chat, File, Id, Message, News, Page, User};
use super::tenant::Tenant;

/// A room of sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Room {
    /// Those who opened this chat.
    Chat(Id),
    /// All connections of this user.
    Person(Id),
}

/// One event for the sockets in any of some rooms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cast {
    /// The event's name.
    pub(crate) event: &'static str,
    /// Its one argument.
    pub(crate) payload: Value,
    /// To whom; a socket in several of them gets it once.
    pub(crate) rooms: Vec<Room>,
    /// Not to the socket whose request caused it.
    pub(crate) spare_cause: bool,
}

/// A user object.
pub(crate) fn user(user: &User) -> Value {
    let mut object = json!({
        "id": user.id,
        "username": user.username,
        "name": user.shown(),
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

/// A message object. `success` is inside: the official SDK ignores an event without it.
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

/// A chat object as `viewer` sees it: a one-to-one chat has the other one's name and picture.
pub(crate) fn chat(tenant: &Tenant, chat: &Chat, viewer: &str) -> Value {
    let peer = chat.members.iter().find(|member| *member != viewer).or(chat.members.first());
    let peer = peer.and_then(|id| tenant.user(id).ok());
    let (title, avatar) = if chat.group {
        (chat.title.as_deref().unwrap_or("Group Chat"), chat.avatar.clone())
    } else {
        (peer.map_or("No Name", User::shown), peer.and_then(|peer| peer.avatar.clone()))
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

/// A page of `items` under `name`, with the page's numbers.
pub(crate) fn page(name: &str, page: &Page<Value>) -> Value {
    let mut object = Map::new();
    object.insert("success".to_owned(), true.into());
    object.insert(name.to_owned(), page.items.clone().into());
    object.insert("page".to_owned(), page.page.into());
    object.insert(format!("total_{name}"), page.total.into());
    object.insert("total_pages".to_owned(), page.pages.into());
    Value::Object(object)
}

/// An error, as a body and as an event.
pub(crate) fn error(message: &str) -> Value {
    json!({ "success": false, "message": message })
}

/// The words for a presence.
pub(crate) fn status(user: &str, online: bool) -> Value {
    json!({ "memberId": user, "status": if online { "online" } else { "offline" } })
}

/// Who hears what of `news`, in the order in which it is to be sent.
pub(crate) fn casts(tenant: &Tenant, news: &News) -> Vec<Cast> {
    match news {
        News::Sent { chat: place, message: id } => sent(tenant, place, id),
        News::Edited { chat, message: id } => {
            let Ok(found) = tenant.message(id) else { return Vec::new() };
            vec![cast("message.update", message(tenant, found), vec![Room::Chat(chat.clone())])]
        }
        News::Deleted { chat, message } => {
            vec![cast("message.delete", message.clone().into(), vec![Room::Chat(chat.clone())])]
        }
        News::Seen { chat, message, author, viewer } => {
            // The author's personal room is what the official suite needs; the chat's room and the viewer are what
            // the official React client needs.
            let mut rooms = vec![Room::Chat(chat.clone()), Room::Person(author.clone())];
            rooms.extend(viewer.clone().map(Room::Person));
            vec![cast("message.seen", message.clone().into(), rooms)]
        }
        News::Typing { chat, user, started } => {
            let event = if *started { "typing.start" } else { "typing.stop" };
            vec![Cast { spare_cause: true, ..cast(event, user.clone(), vec![Room::Chat(chat.clone())]) }]
        }
        News::Status { chats, user, online } => {
            let rooms = chats.iter().cloned().map(Room::Chat).collect();
            vec![cast("user.status", status(user, *online), rooms)]
        }
        News::Agent { chat, username, event } => {
            let payload = json!({ "event": event, "chatbotUsername": username, "chat_id": chat });
            vec![cast("ai.event", payload, vec![Room::Chat(chat.clone())])]
        }
    }
}

/// First the message to the room, then the chat to everybody else's personal room, each as they see it.
fn sent(tenant: &Tenant, place: &str, id: &str) -> Vec<Cast> {
    let (Ok(place), Ok(said)) = (tenant.chat(place), tenant.message(id)) else { return Vec::new() };
    let to_room = cast("message", message(tenant, said), vec![Room::Chat(place.id.clone())]);
    let mut casts = vec![Cast { spare_cause: true, ..to_room }];
    for member in place.members.iter().filter(|member| **member != said.author) {
        casts.push(cast("chat", chat(tenant, place, member), vec![Room::Person(member.clone())]));
    }
    casts
}

fn cast(event: &'static str, payload: Value, rooms: Vec<Room>) -> Cast {
    Cast { event, payload, rooms, spare_cause: false }
}

/// Sets a field that has a value; a field without one is missing, not null.
fn set(object: &mut Value, field: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(field.to_owned(), value);
    }
}

/// What was uploaded, as the service describes it: a kind, and a size in words as the official SDK says it.
pub(crate) fn described(upload: &Upload, url: String) -> File {
    let size = size(upload.bytes.len());
    File { kind: kind(upload.mime()).to_owned(), url, name: upload.name.clone(), size: Some(size) }
}

/// The service's word for a MIME type.
fn kind(mime: &str) -> &'static str {
    match mime.split_once('/') {
        Some(("image", rest)) if rest.ends_with("gif") => "gif",
        Some(("image", _)) => "image",
        Some(("video", _)) => "video",
        _ => "file",
    }
}

fn size(bytes: usize) -> String {
    let kilobytes = bytes as f64 / 1024.0;
    if kilobytes < 1024.0 { format!("{kilobytes:.2} KB") } else { format!("{:.2} MB", kilobytes / 1024.0) }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;

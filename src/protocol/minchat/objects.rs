//! Reads MinChat's user, message and chat objects (`docs/protocol/minchat.md` §2, §7) into domain types.
//!
//! Values are read by reference: the few strings that are needed are copied once, when they are sanitised.

use serde_json::{Map, Value};

use crate::domain::{
    Attachment, AttachmentKind, LocalId, MessageId, MessageInfo, MessageKind, PersonInfo, RoomId, RoomInfo, RoomKind,
    RoomSettings, Timestamp,
};
use crate::protocol::fields::{Malformed, flag_value, text, time_value};
use crate::protocol::person_cache::{PersonCache, ReportAuthors};
use crate::protocol::{fields, limits};
use crate::text::SafeText;

use super::file_size;

/// Metadata key of a message that carries its [`LocalId`]. The server stores and returns metadata unchanged
/// (`docs/protocol/minchat.md` §4).
pub(super) const LOCAL_ID_KEY: &str = "minchatTuiId";

/// Reads a user object, either in the server's snake_case form or in the SDK's camelCase form, which typing events use.
pub(super) fn person(value: &Value, people: &PersonCache) -> Result<PersonInfo, Malformed> {
    person_object(value.as_object().ok_or("a user is not an object")?, people)
}

fn person_object(object: &Map<String, Value>, people: &PersonCache) -> Result<PersonInfo, Malformed> {
    let id = fields::id(object, "id").ok_or("a user has no id")?;
    let (username, name) = names(object, &id);
    let person = PersonInfo {
        id: people.person_id(&id),
        username: limits::line(username),
        name: limits::line(name),
        last_active: time(object, "last_active", "lastActive"),
        agent: is_agent(object),
    };
    Ok(person.with_visible_name())
}

/// Returns username and display name. Each falls back to the other, and both to the id.
fn names<'a>(object: &'a Map<String, Value>, id: &'a str) -> (&'a str, &'a str) {
    let string = |key| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (username, name) = (string("username"), string("name"));
    (username.or(name).unwrap_or(id), name.or(username).unwrap_or(id))
}

/// Whether a user is an AI agent: its metadata names a chatbot (`docs/protocol/minchat.md` §6).
fn is_agent(object: &Map<String, Value>) -> bool {
    let chatbot = object.get("metadata").and_then(|metadata| metadata.get("chatbotId"));
    chatbot.is_some_and(|id| !matches!(id, Value::Null | Value::Bool(false)))
}

/// Reads a time under its snake_case or its camelCase name.
fn time(object: &Map<String, Value>, snake_case: &str, camel_case: &str) -> Option<Timestamp> {
    time_value(object.get(snake_case).or_else(|| object.get(camel_case))?)
}

/// Reads a message object. A message that does not name its chat belongs to `room`: no known client reads the chat of
/// a message on a page, so servers may leave it out there.
///
/// All fields are read in one pass. In a burst, looking up each field by its key would cost more than everything else.
pub(super) fn message(
    value: &Value,
    people: &mut PersonCache,
    report: ReportAuthors,
    room: Option<&RoomId>,
) -> Result<MessageInfo, Malformed> {
    let object = value.as_object().ok_or("a message is not an object")?;
    let (mut id, mut chat, mut sent_at, mut user, mut user_id) = (None, None, None, None, None);
    let (mut body, mut file, mut seen, mut local) = ("", None, false, None);
    for (key, value) in object {
        match key.as_str() {
            "id" => id = fields::id_value(value),
            "chat_id" => chat = fields::id_value(value),
            "created_at" | "createdAt" => sent_at = sent_at.or_else(|| time_value(value)),
            "user" => user = value.as_object(),
            "user_id" => user_id = fields::id_value(value),
            "text" => body = value.as_str().unwrap_or_default(),
            "file" => file = attachment(value),
            "seen" => seen = flag_value(value),
            "metadata" => local = local_id(value),
            _ => {}
        }
    }
    let id = id.ok_or("a message has no id")?;
    let room = chat.map(|chat| people.room_id(&chat)).or_else(|| room.cloned()).ok_or("a message has no chat_id")?;
    let sent_at = sent_at.ok_or("a message has no created_at")?;

    // The embedded user is compared with the cache before anything is built. In a burst it is nearly always known.
    let (author, author_info) = match user.and_then(|user| Some((user, fields::id(user, "id")?))) {
        Some((user, id)) => {
            let (username, name) = names(user, &id);
            let (author, is_new) = people.report(&id, username, name, is_agent(user));
            let include = is_new || report == ReportAuthors::Always;
            (author, if include { person_object(user, people).ok().map(Box::new) } else { None })
        }
        None => (people.person_id(&user_id.ok_or("a message has no user")?), None),
    };
    Ok(MessageInfo {
        id: MessageId::new(&id),
        room,
        author,
        author_info,
        sent_at,
        text: limits::message_text(body),
        attachment: file.map(Box::new),
        delivered: false,
        seen,
        local,
        kind: MessageKind::Text,
        quote: None,
        forwarded: false,
        starred: None,
        deleted: false,
    })
}

/// Reads the id under which this program sent a message. Metadata that was sent in a form, as a JSON string, may be
/// returned as it was sent.
fn local_id(metadata: &Value) -> Option<LocalId> {
    match metadata {
        Value::String(json) => local_id(&serde_json::from_str::<Map<String, Value>>(json).ok()?.into()),
        metadata => LocalId::parse(metadata.get(LOCAL_ID_KEY)?.as_str()?),
    }
}

/// Reads a message's file. `None` if it has neither a name, nor a URL, nor a type.
fn attachment(value: &Value) -> Option<Attachment> {
    let object = value.as_object()?;
    let line = |key| text(object, key).map(|text| limits::line(&text));
    let url = text(object, "url").map(|url| limits::url(&url));
    let name = line("name");
    let (size, bytes) = text(object, "size").map(|sent| file_size::size(&sent)).unwrap_or_default();
    let kind = object.get("type").and_then(Value::as_str);
    if name.is_none() && url.is_none() && kind.is_none() {
        return None;
    }
    let kind = match kind {
        Some("image") => AttachmentKind::Image,
        Some("video") => AttachmentKind::Video,
        Some("gif") => AttachmentKind::Gif,
        _ => AttachmentKind::File,
    };
    Some(Attachment { kind, name: name.unwrap_or_default(), size, bytes, url: url.unwrap_or_default(), duration: None })
}

/// Reads a chat object. A last message that cannot be read is left out, so that the room itself stays usable.
pub(super) fn room(value: &Value, people: &mut PersonCache) -> Result<RoomInfo, Malformed> {
    let object = value.as_object().ok_or("a chat is not an object")?;
    let id = people.room_id(&fields::id(object, "id").ok_or("a chat has no id")?);
    let last = object.get("last_message").filter(|last| !last.is_null());
    let last_message = last
        .and_then(|last| fields::ok_or_log(message(last, people, ReportAuthors::Always, Some(&id)), "a last message"));
    let participants = object.get("participant_user_ids").and_then(Value::as_array);
    let ids = participants.into_iter().flatten().filter_map(fields::id_value);
    Ok(RoomInfo {
        id,
        kind: RoomKind::Unknown,
        title: Some(limits::title(text(object, "title").as_deref())),
        nickname: None,
        avatar: text(object, "avatar").map(|url| limits::url(&url)),
        participants: ids.take(limits::PARTICIPANTS).map(|id| people.person_id(&id)).collect(),
        peer: None,
        unread: None,
        muted: false,
        archived: false,
        last_message,
        created_at: time(object, "created_at", "createdAt"),
        metadata: object
            .get("metadata")
            .filter(|metadata| metadata.as_object().is_some_and(|metadata| !metadata.is_empty()))
            .map(|metadata| sanitized(metadata).to_string().into_boxed_str())
            .filter(|metadata| metadata.len() <= limits::METADATA_BYTES),
        settings: RoomSettings::default(),
    })
}

/// Sanitises all texts in `value`, keys included. Afterwards JSON's escapes would hide what has to be removed.
fn sanitized(value: &Value) -> Value {
    let clean = |text: &str| SafeText::block(text).to_string();
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(values) => values.iter().map(sanitized).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (clean(key), sanitized(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

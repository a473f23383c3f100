//! The objects of §2 and §7 as they lie on the wire, and how they become domain types.
//!
//! Everything is read by reference: the few texts that survive are copied once, into their safe form, and the rest of
//! the tree is dropped as a whole.

use serde_json::{Map, Value};

use crate::domain::{
    Attachment, AttachmentKind, LocalId, MessageId, MessageInfo, MessageKind, PersonInfo, RoomInfo, RoomKind, Timestamp,
};
use crate::protocol::fields::{Unreadable, instant, text, truth};
use crate::protocol::recall::{Authors, Recall};
use crate::protocol::{caps, fields};
use crate::text::SafeText;

/// The metadata key that carries a [`LocalId`]; the server keeps and returns metadata unchanged (§4).
pub(super) const LOCAL_KEY: &str = "minchatTuiId";

/// A point in time under either of two names: the server's, and the SDK's camelCase one.
fn time(object: &Map<String, Value>, snake: &str, camel: &str) -> Option<Timestamp> {
    instant(object.get(snake).or_else(|| object.get(camel))?)
}

/// A user object, in the server's shape or, as typing events carry it, the SDK's.
pub(super) fn person(value: &Value, recall: &Recall) -> Result<PersonInfo, Unreadable> {
    known_person(value.as_object().ok_or("a user is not an object")?, recall)
}

fn known_person(object: &Map<String, Value>, recall: &Recall) -> Result<PersonInfo, Unreadable> {
    let id = fields::id(object, "id").ok_or("a user has no id")?;
    let (username, name) = names(object, &id);
    Ok(PersonInfo {
        id: recall.person_id(&id),
        username: caps::line(username),
        name: caps::line(name),
        last_active: time(object, "last_active", "lastActive"),
        agent: is_agent(object),
    })
}

/// Username and name; each stands in for the other, and the id for both.
fn names<'a>(object: &'a Map<String, Value>, id: &'a str) -> (&'a str, &'a str) {
    let string = |key| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (username, name) = (string("username"), string("name"));
    (username.or(name).unwrap_or(id), name.or(username).unwrap_or(id))
}

/// AI agents are users whose metadata names a chatbot (§6).
fn is_agent(object: &Map<String, Value>) -> bool {
    let chatbot = object.get("metadata").and_then(|metadata| metadata.get("chatbotId"));
    chatbot.is_some_and(|id| !matches!(id, Value::Null | Value::Bool(false)))
}

/// A message object. Its fields are sorted out in one pass: in a burst, looking each of them up costs more than all
/// the rest.
pub(super) fn message(value: &Value, recall: &mut Recall, authors: Authors) -> Result<MessageInfo, Unreadable> {
    let object = value.as_object().ok_or("a message is not an object")?;
    let (mut id, mut room, mut sent_at, mut user, mut user_id) = (None, None, None, None, None);
    let (mut body, mut file, mut seen, mut local) = ("", None, false, None);
    for (key, value) in object {
        match key.as_str() {
            "id" => id = fields::id_of(value),
            "chat_id" => room = fields::id_of(value),
            "created_at" | "createdAt" => sent_at = sent_at.or_else(|| instant(value)),
            "user" => user = value.as_object(),
            "user_id" => user_id = fields::id_of(value),
            "text" => body = value.as_str().unwrap_or_default(),
            "file" => file = attachment(value),
            "seen" => seen = truth(value),
            "metadata" => local = value.get(LOCAL_KEY).and_then(Value::as_str),
            _ => {}
        }
    }
    let id = id.ok_or("a message has no id")?;
    let room = room.ok_or("a message has no chat_id")?;
    let sent_at = sent_at.ok_or("a message has no created_at")?;

    // The embedded user is compared before anything is built: in a burst it is nearly always the one told before.
    let (author, author_info) = match user.and_then(|user| Some((user, fields::id(user, "id")?))) {
        Some((user, id)) => {
            let (username, name) = names(user, &id);
            let (author, news) = recall.person(&id, username, name, is_agent(user));
            let tell = news || authors == Authors::All;
            (author, if tell { known_person(user, recall).ok().map(Box::new) } else { None })
        }
        None => (recall.person_id(&user_id.ok_or("a message has no user")?), None),
    };
    Ok(MessageInfo {
        id: MessageId::new(&id),
        room: recall.room(&room),
        author,
        author_info,
        sent_at,
        text: caps::said(body),
        attachment: file.map(Box::new),
        delivered: false,
        seen,
        local: local.and_then(LocalId::parse),
        kind: MessageKind::Text,
        quote: None,
        forwarded: false,
        starred: None,
        deleted: false,
    })
}

/// A message's file. One without any field that says something is no file.
fn attachment(value: &Value) -> Option<Attachment> {
    let object = value.as_object()?;
    let line = |key| text(object, key).map(|text| caps::line(&text));
    let url = text(object, "url").map(|url| caps::address(&url));
    let (name, size) = (line("name"), line("size"));
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
    Some(Attachment {
        kind,
        name: name.unwrap_or_default(),
        size: size.unwrap_or_default(),
        url: url.unwrap_or_default(),
        duration: None,
    })
}

/// A chat object. Its last message is left out when that cannot be read: the room is worth more.
pub(super) fn room(value: &Value, recall: &mut Recall) -> Result<RoomInfo, Unreadable> {
    let object = value.as_object().ok_or("a chat is not an object")?;
    let id = fields::id(object, "id").ok_or("a chat has no id")?;
    let last = object.get("last_message").filter(|last| !last.is_null());
    let last_message = last.and_then(|last| match message(last, recall, Authors::All) {
        Ok(message) => Some(message),
        Err(why) => {
            tracing::debug!(why, "a last_message is left out");
            None
        }
    });
    let participants = object.get("participant_user_ids").and_then(Value::as_array);
    let ids = participants.into_iter().flatten().filter_map(fields::id_of);
    Ok(RoomInfo {
        id: recall.room(&id),
        kind: RoomKind::Unknown,
        title: text(object, "title").map_or_else(|| SafeText::line("No name"), |title| caps::line(&title)),
        avatar: text(object, "avatar").map(|url| caps::address(&url)),
        participants: ids.take(caps::PARTICIPANTS).map(|id| recall.person_id(&id)).collect(),
        peer: None,
        unread: None,
        muted: false,
        archived: false,
        last_message,
        created_at: time(object, "created_at", "createdAt"),
        metadata: object
            .get("metadata")
            .filter(|metadata| metadata.as_object().is_some_and(|metadata| !metadata.is_empty()))
            .map(|metadata| metadata.to_string().into_boxed_str())
            .filter(|metadata| metadata.len() <= caps::METADATA),
    })
}

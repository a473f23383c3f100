//! The socket's side of the MinChat dialect, inward: which event asks for what.
//!
//! The handlers do their work before they return a future that has nothing left to do: the library gives the future a
//! task of its own, and two messages of one client could overtake each other in there.

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Weak};

use axum::body::Bytes;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::{FromMessageParts, Value as Payload};
use socketioxide::socket::Socket;

use super::files::Upload;
use super::hub::Hub;
use super::model::{File, Refusal};
use super::talk::{Change, Draft};
use super::wire;

/// What the client says on the socket, by name. The field names are mixed because the service's are.
const EVENTS: [&str; 11] = [
    "room.user.join",
    "room.user.leave",
    "room.join",
    "room.leave",
    "message",
    "message.update",
    "message.delete",
    "message.seen",
    "typing.start",
    "typing.stop",
    "user.status",
];

/// The argument of any event; each uses some of it.
#[derive(Debug, Deserialize, Default)]
struct Request {
    #[serde(default, rename = "apiKey")]
    api_key: Option<String>,
    #[serde(default, rename = "channelUserId")]
    channel_user_id: Option<String>,
    #[serde(default, rename = "channelId")]
    channel_id: Option<String>,
    #[serde(default)]
    chat_id: Option<String>,
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default, rename = "messageId")]
    message_id: Option<String>,
    #[serde(default, rename = "lastMessageId")]
    last_message_id: Option<String>,
    #[serde(default, rename = "memberId")]
    member_id: Option<String>,
    #[serde(default)]
    user: Option<Value>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    file: Option<Attached>,
    #[serde(default)]
    metadata: Option<Value>,
}

/// A file in an event: fresh bytes, or one that has an address already.
#[derive(Debug, Deserialize)]
struct Attached {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    size: Option<String>,
    #[serde(default)]
    buffer: Blob,
}

/// Bytes, or whatever a client put in their place: the SDK sends `{}` when it loses a file.
#[derive(Debug, Default)]
struct Blob(Option<Bytes>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BlobVisitor)
    }
}

struct BlobVisitor;

impl<'de> Visitor<'de> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        Ok(Blob(Some(bytes.into())))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Blob, E> {
        Ok(Blob(Some(Bytes::copy_from_slice(bytes))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Blob, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Blob(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Blob, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Blob(None))
    }

    fn visit_unit<E>(self) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Blob, E> {
        Ok(Blob(None))
    }
}

/// Whether the client wants an answer: the two kinds of `user.status` differ in nothing else that is certain.
struct Asked(bool);

impl FromMessageParts<LocalAdapter> for Asked {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket<LocalAdapter>>,
        _: &mut Payload,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        Ok(Self(ack.is_some()))
    }
}

/// Answers every socket of `io` from `hub`. Weak, because the hub holds `io`.
pub(crate) fn listen(io: &SocketIo, hub: &Weak<Hub>) {
    let hub = hub.clone();
    io.ns("/", move |socket: SocketRef| {
        welcome(&socket, &hub);
        ready(())
    });
}

fn welcome(socket: &SocketRef, hub: &Weak<Hub>) {
    for event in EVENTS {
        let hub = hub.clone();
        let handler = move |socket: SocketRef, TryData(data): TryData<Request>, asked: Asked, ack: AckSender| {
            if let Some(hub) = hub.upgrade() {
                let request = data.map_err(|error| Refusal::invalid(format!("{event}: {error}")));
                let answer = request.and_then(|request| answer(&hub, &socket, event, request, asked.0));
                reply(&socket, event, ack, answer);
            }
            ready(())
        };
        socket.on(event, handler);
    }
    let hub = hub.clone();
    socket.on_disconnect(move |socket: SocketRef| {
        if let Some(hub) = hub.upgrade() {
            hub.drop_socket(socket.id);
        }
        ready(())
    });
}

fn reply(socket: &SocketRef, event: &str, ack: AckSender, answer: Result<Option<Value>, Refusal>) {
    match answer {
        Ok(Some(answer)) => drop(ack.send(&answer)),
        Ok(None) => {}
        Err(refusal) => {
            tracing::debug!(event, reason = refusal.message(), "refused");
            let _ = socket.emit("error", &json!({ "message": refusal.message() }));
            // The official SDK reads into the answer unguarded, so one has to come.
            let _ = ack.send(&wire::error(refusal.message()));
        }
    }
}

fn required<'a>(field: Option<&'a String>, name: &str) -> Result<&'a str, Refusal> {
    field
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::invalid(format!("{name} is required")))
}

fn answer(hub: &Hub, socket: &SocketRef, event: &str, request: Request, asked: bool) -> Result<Option<Value>, Refusal> {
    let key = required(request.api_key.as_ref(), "apiKey")?.to_owned();
    if !hub.knows(&key) {
        return Err(Refusal::BadKey);
    }
    let cause = Some(socket.id);
    match event {
        "room.user.join" => hub.attach(socket, &key, required(request.channel_user_id.as_ref(), "channelUserId")?)?,
        "room.user.leave" => hub.detach(socket, &key, required(request.channel_user_id.as_ref(), "channelUserId")?),
        "room.join" => hub.enter(socket, &key, required(request.channel_id.as_ref(), "channelId")?)?,
        "room.leave" => hub.leave(socket, &key, required(request.channel_id.as_ref(), "channelId")?),
        "message" => {
            let draft = Draft {
                chat: required(request.chat_id.as_ref(), "chat_id")?.to_owned(),
                author: required(request.user_id.as_ref(), "user_id")?.to_owned(),
                text: request.text,
                file: keep(hub, request.file)?,
                metadata: request.metadata.and_then(object),
            };
            return hub.act(&key, cause, |tenant, now| {
                let (id, news) = tenant.send(now, draft)?;
                Ok((Some(wire::message(tenant, tenant.message(&id)?)), vec![news]))
            });
        }
        "message.update" => {
            let id = required(request.message_id.as_ref(), "messageId")?;
            let file = keep(hub, request.file)?;
            let change = Change { text: request.text, file, metadata: request.metadata.and_then(object) };
            return hub.act(&key, cause, |tenant, now| {
                let news = tenant.edit(now, id, change)?;
                Ok((Some(wire::message(tenant, tenant.message(id)?)), vec![news]))
            });
        }
        "message.delete" => {
            let id = required(request.message_id.as_ref(), "messageId")?;
            hub.act(&key, cause, |tenant, _| Ok(((), vec![tenant.delete_message(id)?])))?;
        }
        "message.seen" => {
            let id = required(request.last_message_id.as_ref(), "lastMessageId")?;
            let viewer = request.user.as_ref().and_then(|user| user.get("id")).and_then(Value::as_str);
            hub.act(&key, cause, |tenant, now| Ok(((), vec![tenant.see(now, id, viewer)?])))?;
        }
        "typing.start" | "typing.stop" => {
            let chat = required(request.channel_id.as_ref(), "channelId")?;
            let user = request.user.ok_or_else(|| Refusal::invalid("user is required"))?;
            let started = event == "typing.start";
            hub.act(&key, cause, |tenant, now| Ok(((), vec![tenant.typing(now, chat, user, started)?])))?;
        }
        "user.status" => {
            let member = required(request.member_id.as_ref(), "memberId")?;
            if asked {
                let online = hub.act(&key, None, |tenant, _| Ok((tenant.is_online(member), Vec::new())))?;
                return Ok(Some(wire::status(member, online)));
            }
            let chat = required(request.channel_id.as_ref(), "channelId")?;
            hub.act(&key, cause, |tenant, now| Ok(((), vec![tenant.heartbeat(now, member, chat)?])))?;
        }
        _ => {}
    }
    Ok(None)
}

fn object(value: Value) -> Option<serde_json::Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn keep(hub: &Hub, file: Option<Attached>) -> Result<Option<File>, Refusal> {
    let Some(Attached { name, kind, url, size, buffer }) = file else { return Ok(None) };
    match (buffer.0, url) {
        (Some(bytes), _) => Ok(Some(hub.keep(Upload { name, mime: kind, bytes }))),
        (None, Some(url)) => Ok(Some(File { kind: kind.unwrap_or_else(|| "file".to_owned()), url, name, size })),
        (None, None) => Err(Refusal::invalid("the file came without its bytes")),
    }
}

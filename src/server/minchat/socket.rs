//! The socket's side of the MinChat dialect, inward: which event asks for what.
//!
//! The handlers do their work before they return a future that has nothing left to do: the library gives the future a
//! task of its own, and two messages of one client could overtake each other in there.

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Weak};

use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::{ConnectHandler, FromMessageParts, Value as Payload};
use socketioxide::socket::Socket;

use super::hub::Hub;
use super::model::{File, Refusal};
use super::request::{Attached, Attachment, Request};
use super::talk::{Change, Draft};
use super::wire;
use crate::server::files::Upload;

/// What clients say on the socket, by name.
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
    let connected = || ready(());
    // The library answers a connecting client before it calls the handler of the connection, and an event that comes
    // quickly enough would find nobody to take it. What is asked first, before the answer, is the middleware.
    io.ns(
        "/",
        connected.with(move |socket: SocketRef| {
            welcome(&socket, &hub);
            ready(Ok::<(), Infallible>(()))
        }),
    );
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

fn keep(hub: &Hub, file: Attachment) -> Result<Option<File>, Refusal> {
    let Some(Attached { name, kind, url, size, buffer }) = file.0 else { return Ok(None) };
    match (buffer.0, url) {
        (Some(bytes), _) => Ok(Some(hub.keep(Upload { name, mime: kind, bytes }))),
        (None, Some(url)) => Ok(Some(File { kind: kind.unwrap_or_else(|| "file".to_owned()), url, name, size })),
        (None, None) => Err(Refusal::invalid("the file came without its bytes")),
    }
}

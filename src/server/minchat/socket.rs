//! Handlers of the Socket.IO events that clients emit (§4).
//!
//! A handler does its work before it returns a future, and the future is ready at once. The library runs each future
//! as a task of its own, where two messages of one client could overtake each other.

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Weak};

use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::handler::{ConnectHandler, FromMessageParts, Value as Payload};
use socketioxide::socket::Socket;

use super::hub::Hub;
use super::messages::{MessageEdit, NewMessage};
use super::model::{ApiError, File};
use super::request::{EventFile, OptionalFile, Request};
use super::wire;
use crate::server::files::Upload;
use crate::server::sockets::Argument;

/// Events that clients emit.
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

/// Whether the client wants an acknowledgement. It is the only reliable difference between the two meanings of
/// `user.status`: asking for the presence of another user, and sending a heartbeat.
struct WantsAck(bool);

impl FromMessageParts<LocalAdapter> for WantsAck {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket<LocalAdapter>>,
        _: &mut Payload,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        Ok(Self(ack.is_some()))
    }
}

/// Registers the handlers for all sockets of `io`. The reference to the hub is weak because the hub holds `io`.
pub(crate) fn listen(io: &SocketIo, hub: &Weak<Hub>) {
    let hub = hub.clone();
    let on_connected = || ready(());
    // The handlers are registered in a middleware, because it runs before the client is told that it is connected. The
    // connect handler runs afterwards, and an event that arrives in between would be lost.
    io.ns(
        "/",
        on_connected.with(move |socket: SocketRef| {
            register_handlers(&socket, &hub);
            ready(Ok::<(), Infallible>(()))
        }),
    );
}

fn register_handlers(socket: &SocketRef, hub: &Weak<Hub>) {
    for event in EVENTS {
        let hub = hub.clone();
        let handler =
            move |socket: SocketRef, Argument(data): Argument<Request>, wants_ack: WantsAck, ack: AckSender| {
                if let Some(hub) = hub.upgrade() {
                    let request = data.map_err(|error| ApiError::bad_request(format!("{event}: {error}")));
                    let outcome = request.and_then(|request| handle(&hub, &socket, event, request, wants_ack.0));
                    acknowledge(&socket, event, ack, outcome);
                }
                ready(())
            };
        socket.on(event, handler);
    }
    let hub = hub.clone();
    socket.on_disconnect(move |socket: SocketRef| {
        if let Some(hub) = hub.upgrade() {
            hub.on_socket_closed(socket.id);
        }
        ready(())
    });
}

/// Sends the acknowledgement of an event, or an error event.
fn acknowledge(socket: &SocketRef, event: &str, ack: AckSender, outcome: Result<Option<Value>, ApiError>) {
    match outcome {
        Ok(Some(acknowledgement)) => drop(ack.send(&acknowledgement)),
        Ok(None) => {}
        Err(error) => {
            tracing::info!(event, reason = error.message(), "event refused");
            let _ = socket.emit("error", &json!({ "message": error.message() }));
            // The official SDK reads fields of the acknowledgement without checking that there is one.
            let _ = ack.send(&wire::error(error.message()));
        }
    }
}

fn required<'a>(field: Option<&'a String>, name: &str) -> Result<&'a str, ApiError> {
    field
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| ApiError::bad_request(format!("{name} is required")))
}

/// Handles an event; returns the acknowledgement, if there is one.
fn handle(
    hub: &Hub,
    socket: &SocketRef,
    event: &str,
    request: Request,
    wants_ack: bool,
) -> Result<Option<Value>, ApiError> {
    let key = required(request.api_key.as_ref(), "apiKey")?.to_owned();
    if !hub.has_key(&key) {
        return Err(ApiError::InvalidKey);
    }
    let origin = Some(socket.id);
    match event {
        "room.user.join" => {
            hub.join_user(socket, &key, required(request.channel_user_id.as_ref(), "channelUserId")?)?;
        }
        "room.user.leave" => hub.leave_user(socket, &key, required(request.channel_user_id.as_ref(), "channelUserId")?),
        "room.join" => hub.join_chat(socket, &key, required(request.channel_id.as_ref(), "channelId")?)?,
        "room.leave" => hub.leave_chat(socket, &key, required(request.channel_id.as_ref(), "channelId")?),
        "message" => {
            let new = NewMessage {
                chat: required(request.chat_id.as_ref(), "chat_id")?.to_owned(),
                author: required(request.user_id.as_ref(), "user_id")?.to_owned(),
                text: request.text,
                file: store_file(hub, request.file)?,
                metadata: request.metadata.and_then(object),
            };
            return hub.publish(&key, origin, |tenant, now| {
                let (id, event) = tenant.send_message(now, new)?;
                Ok((Some(wire::message(tenant, tenant.message(&id)?)), vec![event]))
            });
        }
        "message.update" => {
            let id = required(request.message_id.as_ref(), "messageId")?;
            let file = store_file(hub, request.file)?;
            let edit = MessageEdit { text: request.text, file, metadata: request.metadata.and_then(object) };
            return hub.publish(&key, origin, |tenant, now| {
                let event = tenant.edit_message(now, id, edit)?;
                Ok((Some(wire::message(tenant, tenant.message(id)?)), vec![event]))
            });
        }
        "message.delete" => {
            let id = required(request.message_id.as_ref(), "messageId")?;
            hub.publish(&key, origin, |tenant, _| Ok(((), vec![tenant.delete_message(id)?])))?;
        }
        "message.seen" => {
            let id = required(request.last_message_id.as_ref(), "lastMessageId")?;
            let viewer = request.user.as_ref().and_then(|user| user.get("id")).and_then(Value::as_str);
            hub.publish(&key, origin, |tenant, now| Ok(((), vec![tenant.mark_seen(now, id, viewer)?])))?;
        }
        "typing.start" | "typing.stop" => {
            let chat = required(request.channel_id.as_ref(), "channelId")?;
            let user = request.user.ok_or_else(|| ApiError::bad_request("user is required"))?;
            let started = event == "typing.start";
            hub.publish(&key, origin, |tenant, now| Ok(((), vec![tenant.set_typing(now, chat, user, started)?])))?;
        }
        "user.status" => {
            let member = required(request.member_id.as_ref(), "memberId")?;
            if wants_ack {
                let online = hub.with_tenant(&key, |tenant, _| Ok(tenant.is_online(member)))?;
                return Ok(Some(wire::presence(member, online)));
            }
            let chat = required(request.channel_id.as_ref(), "channelId")?;
            hub.publish(&key, origin, |tenant, now| Ok(((), vec![tenant.heartbeat(now, member, chat)?])))?;
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

/// Stores the file of an event if the event contains its bytes; a file with a URL is used as described.
fn store_file(hub: &Hub, file: OptionalFile) -> Result<Option<File>, ApiError> {
    let Some(EventFile { name, kind, url, size, buffer }) = file.0 else { return Ok(None) };
    match (buffer.0, url) {
        (Some(bytes), _) => Ok(Some(hub.store_file(Upload { name, mime: kind, bytes }))),
        (None, Some(url)) => Ok(Some(File { kind: kind.unwrap_or_else(|| "file".to_owned()), url, name, size })),
        (None, None) => Err(ApiError::bad_request("the file has neither content nor a url")),
    }
}

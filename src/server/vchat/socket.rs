//! Authentication of sockets and handlers of the events that clients emit (§3, §4).
//!
//! A handler does its work before it returns a future, and the future is ready at once. The library runs each future
//! as a task of its own, where two events of one client could overtake each other.

use std::future::ready;
use std::sync::{Arc, Mutex, Weak};

use axum::http::request::Parts;
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::handler::ConnectHandler;

use crate::server::quota::{TOO_DENSE_MESSAGE, may_parse};
use crate::server::sockets::{Argument, lock};

use super::error::{ApiError, ApiResult};
use super::hub::Hub;
use super::model::{Actor, Id};

/// Events that clients emit (§4).
const EVENTS: [&str; 5] =
    ["v1MyOnline", "v1EnterChatRoom", "v1DeliverChatRoom", "v1RoomStatusChange", "v1IceCandidate"];

/// State of a socket: its user and device, and the room in which it last typed.
#[derive(Debug, Clone)]
struct Session {
    actor: Actor,
    typing_room: Arc<Mutex<Option<Id>>>,
}

/// Registers the handlers for all sockets of `io`. The reference to the hub is weak because the hub holds `io`.
pub(crate) fn listen(io: &SocketIo, hub: &Weak<Hub>) {
    let (hub, weak) = (hub.clone(), hub.clone());
    let on_connected = move |socket: SocketRef| {
        if let Some(hub) = weak.upgrade() {
            hub.on_connected(&socket);
        }
        ready(())
    };
    // Sockets are set up in a middleware, because it runs before the client is told that it is connected. The connect
    // handler runs afterwards, and events that are emitted in between would be lost.
    io.ns("/", on_connected.with(move |socket: SocketRef| ready(on_connecting(&socket, &hub))));
}

/// Authenticates a socket and registers its handlers; the error is the text for the client.
fn on_connecting(socket: &SocketRef, hub: &Weak<Hub>) -> Result<(), String> {
    let strong = hub.upgrade().ok_or_else(|| "The server is shutting down".to_owned())?;
    let token = token(socket.req_parts()).ok_or_else(|| "Auth must be provided !".to_owned())?;
    let actor = strong.with_world(|world, _| world.authenticate(&token)).map_err(|error| error.message)?;
    let session = Session { actor, typing_room: Arc::default() };
    for event in EVENTS {
        let (hub, session) = (hub.clone(), session.clone());
        socket.on(event, move |socket: SocketRef, Argument(data): Argument<Value>| {
            if let Some(hub) = hub.upgrade() {
                let data = data.map_err(ApiError::bad_request).and_then(decode);
                if let Err(error) = data.and_then(|data| handle(&hub, &socket, &session, event, &data)) {
                    tracing::info!(event, reason = error.message, "event refused");
                    hub.emit_to_socket(socket.id, "v1OnException", &json!({ "error": error.message }));
                }
            }
            ready(())
        });
    }
    let (weak, closed) = (hub.clone(), session.clone());
    socket.on_disconnect(move |socket: SocketRef| {
        if let Some(hub) = weak.upgrade() {
            hub.remove_session(socket.id);
            hub.log_session(&closed.actor, "disconnected");
            let typing_room = lock(&closed.typing_room).clone();
            hub.with_world(|world, now| world.on_disconnected(now, &closed.actor, typing_room.as_ref()));
        }
        ready(())
    });
    strong.on_connecting(socket, &session.actor);
    strong.log_session(&session.actor, "connected");
    Ok(())
}

/// Returns the access token: the second word of the `authorization` header, or else of the query's `auth` (§3).
fn token(parts: &Parts) -> Option<String> {
    let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = || {
        let pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        pairs.into_iter().find(|(name, _)| name == "auth").map(|(_, value)| value.into_owned())
    };
    let found = header.filter(|header| !header.trim().is_empty()).or_else(query)?;
    found.split_whitespace().nth(1).map(str::to_owned)
}

/// Decodes the argument of an event. It should be a JSON string (§3.1); a plain object is accepted as well.
fn decode(data: Value) -> ApiResult<Value> {
    match data {
        Value::String(text) if !may_parse(text.as_bytes()) => Err(ApiError::bad_request(TOO_DENSE_MESSAGE)),
        Value::String(text) => {
            serde_json::from_str(&text).map_err(|error| ApiError::bad_request(format!("not JSON: {error}")))
        }
        other => Ok(other),
    }
}

fn handle(hub: &Hub, socket: &SocketRef, session: &Session, event: &str, data: &Value) -> ApiResult<()> {
    let actor = &session.actor;
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    match event {
        "v1MyOnline" => {
            let online = hub.with_world(|world, _| world.online_statuses(data))?;
            hub.emit_to_socket(socket.id, "v1OnMyOnline", &online);
            Ok(())
        }
        "v1EnterChatRoom" => hub.with_world(|world, now| world.mark_seen(now, actor, text("roomId"))),
        "v1DeliverChatRoom" => hub.with_world(|world, now| world.mark_delivered(now, actor, text("roomId"))),
        "v1RoomStatusChange" => {
            let (room, status) = (text("roomId"), text("status"));
            hub.with_world(|world, _| world.set_room_status(actor, room, status))?;
            if status != "stop" {
                *lock(&session.typing_room) = Some(room.to_owned());
            }
            Ok(())
        }
        "v1IceCandidate" => hub.with_world(|world, _| world.relay_ice_candidate(actor, data)),
        _ => Ok(()),
    }
}

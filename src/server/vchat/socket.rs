//! The socket's side of V Chat, inward (protocol note §3, §4): who may connect, and which event asks for what.
//!
//! The handlers do their work before they return a future that has nothing left to do: the library gives the future a
//! task of its own, and two events of one client could overtake each other in there.

use std::future::ready;
use std::sync::{Arc, Mutex, Weak};

use axum::http::request::Parts;
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use crate::server::sockets::lock;

use super::hub::Hub;
use super::model::{Id, Me};
use super::refusal::{Answer, Refusal};

/// What clients say, by name (§4).
const EVENTS: [&str; 5] =
    ["v1MyOnline", "v1EnterChatRoom", "v1DeliverChatRoom", "v1RoomStatusChange", "v1IceCandidate"];

/// What a socket knows of itself: who it speaks for, and where it last typed.
#[derive(Debug, Clone)]
struct Session {
    me: Me,
    typed: Arc<Mutex<Option<Id>>>,
}

/// Answers every socket of `io` from `hub`. Weak, because the hub holds `io`.
pub(crate) fn listen(io: &SocketIo, hub: &Weak<Hub>) {
    let (hub, known) = (hub.clone(), hub.clone());
    let connected = move |socket: SocketRef| {
        if let Some(hub) = known.upgrade() {
            hub.settle(&socket);
        }
        ready(())
    };
    // The library answers a connecting client before it calls the handler of the connection, and what is emitted in
    // between would pass it by. What is asked first, before the answer, is the middleware.
    io.ns("/", connected.with(move |socket: SocketRef| ready(welcome(&socket, &hub))));
}

fn welcome(socket: &SocketRef, hub: &Weak<Hub>) -> Result<(), String> {
    let strong = hub.upgrade().ok_or_else(|| "The server stops".to_owned())?;
    let token = token(socket.req_parts()).ok_or_else(|| "Auth must be provided !".to_owned())?;
    let me = strong.act(|world, _| world.bearer(&token)).map_err(|refusal| refusal.why)?;
    let session = Session { me, typed: Arc::default() };
    for event in EVENTS {
        let (hub, session) = (hub.clone(), session.clone());
        socket.on(event, move |socket: SocketRef, TryData(data): TryData<Value>| {
            if let Some(hub) = hub.upgrade() {
                let data = data.map_err(|error| Refusal::bad(error.to_string())).and_then(decoded);
                if let Err(refusal) = data.and_then(|data| answer(&hub, &socket, &session, event, &data)) {
                    tracing::debug!(event, reason = refusal.why, "refused");
                    hub.answer(socket.id, "v1OnException", &json!({ "error": refusal.why }));
                }
            }
            ready(())
        });
    }
    let (gone, left) = (hub.clone(), session.clone());
    socket.on_disconnect(move |socket: SocketRef| {
        if let Some(hub) = gone.upgrade() {
            hub.forget(socket.id);
            let typed = lock(&left.typed).clone();
            hub.act(|world, now| world.left(now, &left.me, typed.as_ref()));
        }
        ready(())
    });
    strong.attach(socket, &session.me);
    Ok(())
}

/// The token: of the header, else of the query; the second word of it (§3).
fn token(parts: &Parts) -> Option<String> {
    let header = parts.headers.get("authorization").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = || {
        let pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        pairs.into_iter().find(|(name, _)| name == "auth").map(|(_, value)| value.into_owned())
    };
    let found = header.filter(|header| !header.trim().is_empty()).or_else(query)?;
    found.split_whitespace().nth(1).map(str::to_owned)
}

/// An argument, which is one JSON string; an object as it is will do (§3.1).
fn decoded(data: Value) -> Answer<Value> {
    match data {
        Value::String(text) => serde_json::from_str(&text).map_err(|error| Refusal::bad(format!("not JSON: {error}"))),
        other => Ok(other),
    }
}

fn answer(hub: &Hub, socket: &SocketRef, session: &Session, event: &str, data: &Value) -> Answer<()> {
    let me = &session.me;
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    match event {
        "v1MyOnline" => {
            let online = hub.act(|world, _| world.online(data))?;
            hub.answer(socket.id, "v1OnMyOnline", &online);
            Ok(())
        }
        "v1EnterChatRoom" => hub.act(|world, now| world.enter(now, me, text("roomId"))),
        "v1DeliverChatRoom" => hub.act(|world, now| world.deliver(now, me, text("roomId"))),
        "v1RoomStatusChange" => {
            let (room, status) = (text("roomId"), text("status"));
            hub.act(|world, _| world.typing(me, room, status))?;
            if status != "stop" {
                *lock(&session.typed) = Some(room.to_owned());
            }
            Ok(())
        }
        "v1IceCandidate" => hub.act(|world, _| world.candidate(me, data)),
        _ => Ok(()),
    }
}

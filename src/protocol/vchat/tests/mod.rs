//! Tests of the V Chat adapter with payloads from `tests/fixtures/vchat`, and with arbitrary ones.

mod arbitrary;
mod events;
mod messages;
mod refusals;
mod replies;
mod requests;

use serde_json::Value;

use crate::domain::{Content, LocalId, MessageInfo, Request, RoomId, ServerEvent};
use crate::protocol::{Body, DecodeError, Frame, Protocol};

use super::{Credentials, VChat};

const ME: &str = "63d6683a88c3d52e0e6dffa4";
const BOB: &str = "63d6684a88c3d52e0e6dffb0";
const ROOM: &str = "63ebe4e6ed30938bc1d9203c";
const GROUP: &str = "63ebe4e6ed30938bc1d92040";
const MESSAGE: &str = "6406443f14eb1e120ecd9007";
const CALL: &str = "640f1e2e34aa1e120ecd9100";
const LOCAL: &str = "447bc1aa-bbf4-4de6-bc43-19d349398f02";

/// Loads a payload as JSON.
macro_rules! fixture {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            "../../../../tests/fixtures/vchat/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}
use fixture;

fn new() -> VChat {
    VChat::new(Credentials::HashKey("HASHKEY".into()), "7b3f0d1e-0000-4000-8000-000000000001")
}

fn sign_in() -> Request {
    Request::SignIn { username: "user1@gmail.com".into(), name: Some("user 1".into()) }
}

fn send() -> Request {
    let local = LocalId::parse(LOCAL).unwrap();
    Request::Send { room: RoomId::new(ROOM), local, content: Content::text("from here") }
}

fn signed_in() -> VChat {
    let mut vchat = new();
    let event = reply(&mut vchat, sign_in(), 201, fixture!("reply.connect"));
    assert!(matches!(event, ServerEvent::SignedIn { .. }));
    vchat
}

/// Decodes a socket event with these arguments.
fn raw(vchat: &mut VChat, name: &str, args: Vec<Value>) -> Result<Vec<ServerEvent>, DecodeError> {
    vchat.decode(Frame::Event { name: name.to_owned(), args })
}

/// Decodes a socket event, and asserts that its payload may be sent both as a string and as an object.
fn events(vchat: &mut VChat, name: &str, payload: &Value) -> Result<Vec<ServerEvent>, DecodeError> {
    let as_object = raw(vchat, name, vec![payload.clone()]);
    let as_string = raw(vchat, name, vec![Value::String(payload.to_string())]);
    let names = |events: &Result<Vec<ServerEvent>, _>| {
        let names =
            events.iter().flatten().map(|event| format!("{event:?}").split(['(', ' ']).next().map(str::to_owned));
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&as_object), names(&as_string), "{name}");
    as_object
}

/// Decodes a REST reply.
fn replies(vchat: &mut VChat, request: Request, status: u16, body: Value) -> Result<Vec<ServerEvent>, DecodeError> {
    vchat.decode(Frame::Reply { request, status, body: Body::Json(body) })
}

/// Decodes a REST reply that yields exactly one event.
fn reply(vchat: &mut VChat, request: Request, status: u16, body: Value) -> ServerEvent {
    let mut events = replies(vchat, request, status, body).unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

/// Decodes a message that arrives live.
fn message(payload: &Value) -> MessageInfo {
    match events(&mut signed_in(), "v1OnNewMessage", payload).unwrap().remove(0) {
        ServerEvent::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

//! Tests of the MinChat adapter with recorded payloads from `tests/fixtures/minchat`, and with arbitrary ones.

mod arbitrary;
mod events;
mod forms;
mod replies;
mod requests;

use serde_json::Value;

use crate::domain::{MessageInfo, Request, ServerEvent};
use crate::protocol::{Body, DecodeError, Frame, Protocol};

use super::MinChat;

const CHAT: &str = "c0mwqpv4cx000001spikespike";
const MESSAGE: &str = "c0mwqpv4cx000003spikespike";
const ALICE: &str = "cmd5vwylc0006qfe97knky6vt";
const LOCAL: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// Loads a payload as JSON.
macro_rules! fixture {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            "../../../../tests/fixtures/minchat/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}
use fixture;

/// Decodes a socket event.
fn events(minchat: &mut MinChat, name: &str, payload: Value) -> Result<Vec<ServerEvent>, DecodeError> {
    minchat.decode(Frame::Event { name: name.to_owned(), args: vec![payload] })
}

/// Decodes a socket event that yields exactly one domain event.
fn event(name: &str, payload: Value) -> ServerEvent {
    let mut events = events(&mut MinChat::new("KEY"), name, payload).unwrap();
    assert_eq!(events.len(), 1, "{name}");
    events.remove(0)
}

/// Decodes a REST reply.
fn reply(minchat: &mut MinChat, request: Request, status: u16, body: Value) -> ServerEvent {
    minchat.decode(Frame::Reply { request, status, body: Body::Json(body) }).unwrap().remove(0)
}

fn sign_in() -> Request {
    Request::SignIn { username: "alice".into(), name: Some("Alice A".into()) }
}

fn signed_in() -> MinChat {
    let mut minchat = MinChat::new("KEY");
    let event = reply(&mut minchat, sign_in(), 201, fixture!("reply.sign_in"));
    assert!(matches!(event, ServerEvent::SignedIn { .. }));
    minchat
}

fn message(event: ServerEvent) -> MessageInfo {
    match event {
        ServerEvent::Message(message) | ServerEvent::Edited(message) => message,
        other => panic!("{other:?}"),
    }
}

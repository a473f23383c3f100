//! Encoding of requests (`docs/protocol/minchat.md` §2, §4).

use serde_json::json;

use crate::domain::{Content, LocalId, MessageId, PageSerial, RoomId};
use crate::protocol::{Call, HttpCall, HttpMethod, Part};

use super::*;

fn call(request: &Request) -> HttpCall {
    match signed_in().encode(request) {
        Some(Call::Http(call)) => call,
        other => panic!("{other:?}"),
    }
}

fn emit(request: &Request) -> (&'static str, Value) {
    match signed_in().encode(request) {
        Some(Call::Emit { event, payload }) => (event, payload),
        other => panic!("{other:?}"),
    }
}

#[test]
fn socket_events_match_the_sdk() {
    let room = RoomId::new(CHAT);
    assert_eq!(emit(&Request::Announce), ("room.user.join", json!({"channelUserId": ALICE, "apiKey": "KEY"})));
    let channel = json!({"channelId": CHAT, "apiKey": "KEY"});
    assert_eq!(emit(&Request::Join { room: room.clone() }), ("room.join", channel.clone()));
    assert_eq!(emit(&Request::Leave { room: room.clone() }), ("room.leave", channel));
    let heartbeat = json!({"memberId": ALICE, "apiKey": "KEY", "channelId": CHAT});
    assert_eq!(emit(&Request::Heartbeat { room: room.clone() }), ("user.status", heartbeat));
    let (name, payload) = emit(&Request::Typing { room, on: true });
    assert_eq!((name, &payload["channelId"], &payload["apiKey"]), ("typing.start", &json!(CHAT), &json!("KEY")));
    let mut user = fixture!("event.typing.start");
    user["metadata"] = json!({"role": "admin", "n": 1, "ok": true});
    assert_eq!(payload["user"], user);
}

#[test]
fn rest_calls_match_the_protocol_note() {
    let local = LocalId::parse(LOCAL).unwrap();
    let send = call(&Request::Send { room: RoomId::new(CHAT), local, content: Content::text("hi") });
    assert_eq!(
        (send.method, send.path.as_str(), send.authorization.as_str()),
        (HttpMethod::Post, "/v1/messages", "Bearer KEY")
    );
    let body = json!({"chat_id": CHAT, "user_id": ALICE, "text": "hi", "metadata": {"minchatTuiId": LOCAL}});
    assert_eq!(send.json, Some(body));
    let history =
        call(&Request::History { room: RoomId::new(CHAT), serial: PageSerial::default(), page: 3, before: None });
    let query = [("chat_id", CHAT), ("user_id", ALICE), ("page", "3")];
    assert_eq!(history.query, query.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let direct = call(&Request::OpenDirect { username: "bob".into() });
    assert_eq!(direct.json, Some(json!({"usernames": ["alice", "bob"], "user_id": ALICE})));
    // Only a multipart body makes it a group, even untitled and with one other member.
    let group = call(&Request::CreateGroup { title: String::new(), usernames: vec!["bob".into()] });
    let form = [("user_id", ALICE), ("usernames", "alice"), ("usernames", "bob")];
    assert_eq!(group.form, Some(form.map(|(name, value)| Part::Field { name, value: value.to_owned() }).to_vec()));
    assert_eq!(group.json, None);
}

#[test]
fn hostile_id_stays_one_path_segment() {
    let path = |id: &str| call(&Request::Delete { room: RoomId::new("r"), message: MessageId::new(id) }).path;
    assert_eq!(path("abc-1_2.3~"), "/v1/messages/abc-1_2.3~");
    assert_eq!(path("../user/x?y#z"), "/v1/messages/..%2Fuser%2Fx%3Fy%23z");
    for id in [".", "..", "é/"] {
        let url = url::Url::parse(&format!("http://h{}", path(id))).unwrap();
        assert!(url.path().starts_with("/v1/messages/"), "{id}: {url}");
    }
}

#[test]
fn sign_in_without_a_name_renames_nobody() {
    let call = MinChat::new("KEY").encode(&Request::SignIn { username: "alice".into(), name: None });
    let Some(Call::Http(call)) = call else { panic!("{call:?}") };
    assert_eq!(call.json, Some(json!({"username": "alice"})));
}

#[test]
fn nothing_but_sign_in_is_encoded_before_sign_in() {
    let mut minchat = MinChat::new("SECRET");
    assert_eq!(minchat.encode(&Request::Rooms { page: 1 }), None);
    let Some(Call::Http(call)) = minchat.encode(&sign_in()) else { panic!() };
    assert_eq!(call.json, Some(json!({"username": "alice", "name": "Alice A"})));
    assert!(!format!("{minchat:?} {call:?}").contains("SECRET"));
}

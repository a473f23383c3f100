//! The V Chat sandbox from outside: real HTTP, and a websocket spoken frame by frame. Written from the protocol note,
//! whose sections the tests name.

#![allow(
    clippy::expect_used,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which the lints do not see"
)]

#[path = "vchat/client.rs"]
mod client;
mod wire;

use client::{Person, Sandbox, at};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_meet_write_read_and_type() {
    let sandbox = Sandbox::open().await;
    let (ann, bob) = (sandbox.login("ann@x").await, sandbox.login("bob@x").await);
    let (mut a, mut b) = (ann.socket(), bob.socket());
    let room = ann.room_with("bob@x").await;
    assert_eq!(ann.get("channel/").await["docs"], json!([]), "hidden until something is said");
    let said = ann.say(&room, "hello").await;
    let (to_a, to_b) = (a.wait_json("v1OnNewMessage"), b.wait_json("v1OnNewMessage"));
    assert_eq!((&to_a, &to_b), (&said, &said), "the sender hears it too");
    assert_eq!((at(&said, "c"), at(&said, "sIdentifier"), at(&said, "plm")), ("hello", "ann@x", "linux"));

    let rooms = bob.get("channel/?limit=20&page=1").await;
    let listed = &rooms["docs"][0];
    assert_eq!((at(listed, "rId"), at(listed, "rT"), at(listed, "pIdentifier")), (room.as_str(), "s", "ann@x"));
    assert_eq!((&listed["uC"], &listed["lastMessage"]["c"]), (&json!(1), &json!("hello")));
    assert_eq!((&rooms["page"], &rooms["limit"], &rooms["nextPage"]), (&json!(1), &json!(20), &Value::Null));

    b.say("v1DeliverChatRoom", json!({ "roomId": room }));
    let delivered = a.wait_json("v1OnDeliverChatRoom");
    assert_eq!((at(&delivered, "roomId"), at(&delivered, "userId")), (room.as_str(), ann.id.as_str()));
    b.say("v1EnterChatRoom", json!({ "roomId": room }));
    let seen = a.wait_json("v1OnEnterChatRoom");
    assert_eq!((at(&seen, "roomId"), at(&seen, "userId")), (room.as_str(), ann.id.as_str()));
    let page = ann.get(&format!("channel/{room}/message/?limit=30&filter=all")).await;
    assert_eq!((&page["docs"][0]["sAt"], &page["docs"][0]["dAt"]), (&seen["date"], &delivered["date"]));
    assert_eq!(bob.get(&format!("channel/{room}/un-read-count")).await, json!(0));

    b.say("v1RoomStatusChange", json!({ "roomId": room, "status": "typing" }));
    let typing = a.wait_json("v1OnRoomStatusChange");
    let wanted = json!({ "name": "bob@x", "status": "typing", "userId": bob.id, "roomId": room });
    assert_eq!(typing, wanted);

    a.say("v1MyOnline", json!([{ "peerId": bob.id, "extra": room }, { "peerId": "nobody", "extra": "x" }]));
    let online = a.wait_json("v1OnMyOnline");
    assert_eq!(online[0], json!({ "peerId": bob.id, "isOnline": true, "extra": room }));
    assert_eq!(online[1]["isOnline"], false);

    drop(b);
    let stopped = a.wait_json("v1OnRoomStatusChange");
    assert_eq!((at(&stopped, "status"), at(&stopped, "name")), ("stop", ""));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_ask_is_said_by_the_token() {
    let sandbox = Sandbox::open().await;
    let ann = sandbox.login("ann").await;
    let nobody = Person { token: None, ..ann.clone() };
    let (status, body) = nobody.ask(Method::GET, "channel/", Value::Null).await;
    assert_eq!((status, at(&body, "data")), (StatusCode::BAD_REQUEST, "authorization key in headers is required"));
    assert_eq!((at(&body, "path"), &body["statusCode"]), ("/api/v2/channel/", &json!(400)));
    assert!(body["requestInfo"].get("headers").is_none());
    let wrong = Person { token: Some("x.y.z".to_owned()), ..ann.clone() };
    assert_eq!(wrong.ask(Method::GET, "channel/", Value::Null).await.0, StatusCode::BAD_REQUEST);
    let parts = [("identifier", "ann"), ("deviceId", "d"), ("password", "0")];
    let (status, body) = nobody.form("auth/connect", &parts, &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    assert!(!body.to_string().contains("password\":\"0"), "{body}");
    sandbox.expire().await;
    assert_eq!(ann.ask(Method::GET, "channel/", Value::Null).await.0.as_u16(), 450);
    let again = sandbox.login("ann").await;
    assert_eq!((again.id.as_str(), again.get("channel").await["docs"].clone()), (ann.id.as_str(), json!([])));
    let (status, _) = again.ask(Method::POST, "auth/logout", Value::Null).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(again.ask(Method::GET, "channel/", Value::Null).await.0.as_u16(), 450);
    sandbox.stop().await;
}

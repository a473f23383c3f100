//! The V Chat sandbox from outside: real HTTP requests, and websockets driven frame by frame. The tests are written
//! from the protocol notes.

mod client;

use client::{KEY, Person, Sandbox, WITH_KEY, at};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::wire::Wire;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_chat_read_and_type() {
    let sandbox = Sandbox::start().await;
    let (ann, bob) = (sandbox.login("ann@x").await, sandbox.login("bob@x").await);
    let (mut a, mut b) = (ann.socket(), bob.socket());
    let room = ann.room_with("bob@x").await;
    assert_eq!(ann.get("channel/").await["docs"], json!([]), "hidden until there is a message");
    let sent = ann.send_text(&room, "hello").await;
    let (to_a, to_b) = (a.wait_json("v1OnNewMessage"), b.wait_json("v1OnNewMessage"));
    assert_eq!((&to_a, &to_b), (&sent, &sent), "the sender receives it too");
    assert_eq!((at(&sent, "c"), at(&sent, "sIdentifier"), at(&sent, "plm")), ("hello", "ann@x", "linux"));

    let rooms = bob.get("channel/?limit=20&page=1").await;
    let listed = &rooms["docs"][0];
    assert_eq!((at(listed, "rId"), at(listed, "rT"), at(listed, "pIdentifier")), (room.as_str(), "s", "ann@x"));
    assert_eq!((&listed["uC"], &listed["lastMessage"]["c"]), (&json!(1), &json!("hello")));
    assert_eq!((&rooms["page"], &rooms["limit"], &rooms["nextPage"]), (&json!(1), &json!(20), &Value::Null));

    b.emit("v1DeliverChatRoom", json!({ "roomId": room }));
    let delivered = a.wait_json("v1OnDeliverChatRoom");
    assert_eq!((at(&delivered, "roomId"), at(&delivered, "userId")), (room.as_str(), ann.id.as_str()));
    b.emit("v1EnterChatRoom", json!({ "roomId": room }));
    let seen = a.wait_json("v1OnEnterChatRoom");
    assert_eq!((at(&seen, "roomId"), at(&seen, "userId")), (room.as_str(), ann.id.as_str()));
    let page = ann.get(&format!("channel/{room}/message/?limit=30&filter=all")).await;
    assert_eq!((&page["docs"][0]["sAt"], &page["docs"][0]["dAt"]), (&seen["date"], &delivered["date"]));
    assert_eq!(bob.get(&format!("channel/{room}/un-read-count")).await, json!(0));

    b.emit("v1RoomStatusChange", json!({ "roomId": room, "status": "typing" }));
    let typing = a.wait_json("v1OnRoomStatusChange");
    let expected = json!({ "name": "bob@x", "status": "typing", "userId": bob.id, "roomId": room });
    assert_eq!(typing, expected);

    a.emit("v1MyOnline", json!([{ "peerId": bob.id, "extra": room }, { "peerId": "nobody", "extra": "x" }]));
    let online = a.wait_json("v1OnMyOnline");
    assert_eq!(online[0], json!({ "peerId": bob.id, "isOnline": true, "extra": room }));
    assert_eq!(online[1]["isOnline"], false);

    drop(b);
    let stopped = a.wait_json("v1OnRoomStatusChange");
    assert_eq!((at(&stopped, "status"), at(&stopped, "name")), ("stop", ""));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn token_decides_what_is_allowed() {
    let sandbox = Sandbox::start().await;
    let ann = sandbox.login("ann").await;
    let nobody = Person { token: None, ..ann.clone() };
    let (status, body) = nobody.try_call(Method::GET, "channel/", Value::Null).await;
    assert_eq!((status, at(&body, "data")), (StatusCode::BAD_REQUEST, "authorization key in headers is required"));
    assert_eq!((at(&body, "path"), &body["statusCode"]), ("/api/v2/channel/", &json!(400)));
    assert!(body["requestInfo"].get("headers").is_none());
    let wrong = Person { token: Some("x.y.z".to_owned()), ..ann.clone() };
    assert_eq!(wrong.try_call(Method::GET, "channel/", Value::Null).await.0, StatusCode::BAD_REQUEST);
    let parts = [("identifier", "ann"), ("deviceId", "d"), ("password", "0")];
    let (status, body) = nobody.form("auth/connect", &parts, &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    assert!(!body.to_string().contains("password\":\"0"), "{body}");
    ann.get("channel/").await;
    sandbox.expire().await;
    assert_eq!(ann.try_call(Method::GET, "channel/", Value::Null).await.0.as_u16(), 450);
    let second = sandbox.login("ann").await;
    assert_eq!((second.id.as_str(), second.get("channel").await["docs"].clone()), (ann.id.as_str(), json!([])));
    let (status, _) = second.try_call(Method::POST, "auth/logout", Value::Null).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(second.try_call(Method::GET, "channel/", Value::Null).await.0.as_u16(), 450);
    sandbox.stop().await;
}

/// They needed no key: anyone on the machine could send any event to anyone, and sign everybody out.
#[tokio::test(flavor = "multi_thread")]
async fn routes_for_tests_need_the_hash_key() {
    let sandbox = Sandbox::start().await;
    let ann = sandbox.login("ann").await;
    let token = format!("Bearer {}", ann.token.as_deref().unwrap());
    let emit = json!({ "identifier": "ann", "event": "x", "arg": "y" });
    for (route, body) in [("expire", &json!({})), ("remove", &emit), ("ring", &json!({ "ms": 1 })), ("emit", &emit)] {
        let foreign = ("Origin", "https://evil.example");
        let wrong = ["", "Bearer", "Bearer WRONG", KEY, &token].map(|value| vec![("Authorization", value)]);
        for headers in wrong.into_iter().chain([vec![], vec![WITH_KEY, foreign]]) {
            assert_eq!(sandbox.control(route, body, &headers).await, StatusCode::FORBIDDEN, "{route}, {headers:?}");
        }
    }
    ann.get("channel/").await;
    assert_eq!(sandbox.control("emit", &emit, &[WITH_KEY]).await, StatusCode::CREATED);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_has_no_routes_for_tests() {
    assert!(!minchat_tui::server::Options::default().test_routes);
    let options = minchat_tui::server::Options { populated: true, ..Default::default() };
    let sandbox = Sandbox::start_with(options).await;
    assert_eq!(sandbox.control("expire", &json!({}), &[WITH_KEY]).await, StatusCode::NOT_FOUND);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn socket_needs_a_token_in_header_or_query() {
    let sandbox = Sandbox::start().await;
    let ann = sandbox.login("ann").await;
    let token = ann.token.clone().unwrap();
    let connect = |query: &str, headers: &str| {
        let mut wire = Wire::open(&sandbox.url(), query, headers);
        wire.send("40");
        wire.read().unwrap()
    };
    assert_eq!(connect("", ""), r#"44{"message":"Auth must be provided !"}"#);
    assert!(connect(&format!("&auth=Bearer%20{token}"), "").starts_with("40{"));
    assert!(connect("", &format!("authorization: Bearer {token}\r\n")).starts_with("40{"));
    // The header takes precedence.
    assert!(connect(&format!("&auth=Bearer%20{token}"), "authorization: Bearer x\r\n").starts_with("44{"));
    let polling = reqwest::get(format!("{}/socket.io/?EIO=4&transport=polling", sandbox.url())).await.unwrap();
    assert!(!polling.status().is_success(), "websockets only");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_accept_strings_and_objects() {
    let sandbox = Sandbox::start().await;
    let ann = sandbox.login("ann").await;
    let mut a = ann.socket();
    a.emit_raw("v1MyOnline", json!([{ "peerId": ann.id, "extra": 1 }]));
    // An argument that is an array stays one argument, since it is inside the array of the event.
    assert_eq!(a.wait_json("v1OnMyOnline")[0]["isOnline"], true);
    a.emit_raw("v1RoomStatusChange", json!({ "roomId": "nowhere", "status": "hopping" }));
    assert!(at(&a.wait_json("v1OnException"), "error").contains("status"));
    a.emit_raw("v1EnterChatRoom", json!("{"));
    assert!(at(&a.wait_json("v1OnException"), "error").contains("JSON"));
    a.emit("v1EnterChatRoom", json!({ "roomId": "nowhere" }));
    a.wait_json("v1OnException");
    sandbox.emit(json!({ "identifier": "ann", "event": "v1OnUpdateMessage", "arg": { "odd": true } })).await;
    assert_eq!(a.wait("v1OnUpdateMessage"), json!({ "odd": true }));
    sandbox.emit(json!({ "identifier": "ann", "event": "v1OnException", "arg": "[object Object]" })).await;
    assert_eq!(a.wait("v1OnException"), json!("[object Object]"));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_stored_and_served() {
    let sandbox = Sandbox::start().await;
    let (ann, bob) = (sandbox.login("ann").await, sandbox.login("bob").await);
    let room = ann.room_with("bob").await;
    let mut b = bob.socket();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10rest";
    let parts = [("content", "📷"), ("messageType", "image")];
    let (status, sent) = ann.try_send_message(&room, &parts, &[("cat.png", "image/png", png)]).await;
    assert_eq!(status, StatusCode::CREATED, "{sent}");
    let attachment = b.wait_json("v1OnNewMessage")["msgAtt"].clone();
    assert_eq!(
        (at(&attachment, "name"), &attachment["width"], &attachment["height"]),
        ("cat.png", &json!(32), &json!(16))
    );
    assert_eq!((at(&attachment, "mimeType"), &attachment["fileSize"]), ("image/png", &json!(png.len())));
    let url = at(&attachment, "url");
    assert!(url.starts_with(&sandbox.url()));
    let served = reqwest::get(url).await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/png");
    assert_eq!(served.bytes().await.unwrap().as_ref(), png);
    let voice = [("content", "🎤 00:02"), ("messageType", "voice"), ("attachment", r#"{"duration":2000}"#)];
    let (_, sent) = ann.try_send_message(&room, &voice, &[("v.m4a", "audio/mp4", b"abc")]).await;
    assert_eq!(sent["data"]["msgAtt"]["duration"], 2000);
    let video = [("content", "🎥"), ("messageType", "video"), ("attachment", "{}")];
    let files: [(&str, &str, &[u8]); 2] = [("v.mp4", "video/mp4", b"abc"), ("t.png", "image/png", png)];
    let (_, sent) = ann.try_send_message(&room, &video, &files).await;
    let thumb = at(&sent["data"]["msgAtt"]["thumbImage"], "url");
    assert!(reqwest::get(thumb).await.unwrap().status().is_success());
    let (status, body) = ann.try_send_message(&room, &parts, &[]).await;
    assert_eq!((status, at(&body, "data")), (StatusCode::BAD_REQUEST, "file is required"));
    let face = at(&sent["data"], "sImg");
    assert!(reqwest::get(face).await.unwrap().status().is_success());
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn local_id_identifies_one_message() {
    let sandbox = Sandbox::start().await;
    let ann = sandbox.login("ann").await;
    sandbox.login("bob").await;
    let room = ann.room_with("bob").await;
    let local = client::uuid();
    let parts = [("content", "once"), ("localId", local.as_str())];
    assert_eq!(ann.try_send_message(&room, &parts, &[]).await.0, StatusCode::CREATED);
    let (status, body) = ann.try_send_message(&room, &parts, &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(at(&body, "data").starts_with("Message already in database"), "{body}");
    assert_eq!(ann.get(&format!("channel/{room}/message")).await["docs"].as_array().unwrap().len(), 1);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn group_is_created_changed_and_a_member_removed() {
    let sandbox = Sandbox::start().await;
    let (ann, bob, cleo) = (sandbox.login("ann").await, sandbox.login("bob").await, sandbox.login("cleo").await);
    let (mut b, mut c) = (bob.socket(), cleo.socket());
    let parts = [("identifiers", r#"["bob"]"#), ("groupName", "Tea")];
    let (status, room) = ann.form("channel/group", &parts, &[]).await;
    assert_eq!((status, &room["data"]["rT"]), (StatusCode::CREATED, &json!("g")), "{room}");
    let room = at(&room["data"], "rId").to_owned();
    assert_eq!(b.wait_json("v1OnNewMessage")["msgAtt"]["action"], "createGroup");
    ann.post(&format!("channel/{room}/group/members"), json!({ "identifiers": ["cleo"] })).await;
    assert_eq!(c.wait_json("v1OnNewMessage")["msgAtt"]["action"], "addGroupMember");
    ann.patch(&format!("channel/{room}/group/members/bob/admin"), Value::Null).await;
    bob.patch(&format!("channel/{room}/group/title"), json!({ "title": "Coffee" })).await;
    let page = bob.get(&format!("channel/{room}/group/members?limit=20&page=1")).await;
    assert_eq!((page["docs"].as_array().unwrap().len(), &page["docs"][1]["gR"]), (3, &json!("admin")));
    bob.delete(&format!("channel/{room}/group/members/cleo")).await;
    assert_eq!(c.wait_json("v1OnKickGroupMember"), json!({ "roomId": room, "userId": cleo.id }));
    ann.send_text(&room, "among us").await;
    assert!(b.received().contains(&"v1OnNewMessage".to_owned()));
    let received = c.received();
    assert_eq!(received.iter().filter(|event| *event == "v1OnNewMessage").count(), 1, "only the removal: {received:?}");
    assert_eq!(cleo.get(&format!("channel/{room}/group/my-info")).await["isMeOut"], true);
    assert_eq!(cleo.try_call(Method::GET, &format!("channel/{room}"), Value::Null).await.0, StatusCode::NOT_FOUND);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broadcast_accepts_members_but_not_the_sdks_placeholder() {
    let sandbox = Sandbox::start().await;
    let (ann, bob) = (sandbox.login("ann").await, sandbox.login("bob").await);
    let mut b = bob.socket();
    let parts = [("identifiers", r#"["bob"]"#), ("broadcastName", "News")];
    let (_, room) = ann.form("channel/broadcast", &parts, &[]).await;
    let room = at(&room["data"], "rId").to_owned();
    assert_eq!(b.wait_json("v1OnNewMessage")["msgAtt"]["action"], "addToBroadcast");
    let sent = ann.send_text(&room, "boils").await;
    let copy = b.wait_json("v1OnNewMessage");
    assert_eq!((&copy["pBId"], &copy["c"], copy["rId"] == sent["rId"]), (&sent["_id"], &json!("boils"), false));
    let placeholder = format!("channel/{room}/broadcast/members/%7BpeerId%7D");
    assert_eq!(ann.try_call(Method::DELETE, &placeholder, Value::Null).await.0, StatusCode::NOT_FOUND);
    ann.delete(&format!("channel/{room}/broadcast/members/bob")).await;
    assert_eq!(ann.get(&format!("channel/{room}/broadcast/my-info")).await["totalUsers"], 0);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn call_is_accepted_ended_or_times_out() {
    let ring = std::time::Duration::from_millis(300);
    let sandbox = Sandbox::start_with(minchat_tui::server::Options { ring_timeout: ring, ..Default::default() }).await;
    let (ann, bob) = (sandbox.login("ann").await, sandbox.login("bob").await);
    let (mut a, mut b) = (ann.socket(), bob.socket());
    let room = ann.room_with("bob").await;
    assert!(ann.get(&format!("call/agora-access/{room}")).await["rtcToken"].is_string());
    let create = json!({ "payload": null, "withVideo": true, "meetPlatform": "agora" });
    let call = ann.post(&format!("call/create/{room}"), create.clone()).await;
    let call = at(&call, "meetId").to_owned();
    let ringing = b.wait_json("v1OnNewCall");
    assert_eq!((at(&ringing, "meetId"), &ringing["withVideo"]), (call.as_str(), &json!(true)));
    bob.post(&format!("call/accept/{call}"), json!({ "payload": null })).await;
    assert_eq!(a.wait_json("v1OnCallAccepted"), json!({ "roomId": room, "meetId": call, "peerAnswer": null }));
    bob.post(&format!("call/end/v2/{call}"), Value::Null).await;
    assert_eq!(a.wait_json("v1OnCallEnded")["roomId"], json!(room));
    assert_eq!(a.wait_json("v1OnNewMessage")["msgAtt"]["callStatus"], "finished");
    ann.post(&format!("call/create/{room}"), create).await;
    b.wait_json("v1OnNewCall");
    assert_eq!(b.wait_json("v1OnCallTimeout")["roomId"], json!(room));
    assert_eq!(bob.get("call/active").await, Value::Null);
    assert_eq!(bob.get("call/history").await.as_array().unwrap().len(), 2);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_too_many_requests_are_refused() {
    let sandbox = Sandbox::start_with(minchat_tui::server::Options { rate_limit: Some(5), ..Default::default() }).await;
    let page = reqwest::get(sandbox.url()).await.unwrap();
    assert!(page.text().await.unwrap().contains("Congratulations V_Chat_v2 working successfully"));
    let ann = sandbox.login("ann").await;
    for path in ["nothing", "channel/x/y/z", "profile"] {
        let (status, body) = ann.try_call(Method::GET, path, Value::Null).await;
        assert_eq!((status, &body["statusCode"]), (StatusCode::NOT_FOUND, &json!(404)), "{path}");
    }
    let (status, body) = ann.try_call(Method::PATCH, "profile/name", json!(["no object"])).await;
    assert_eq!((status, body["data"].is_string()), (StatusCode::BAD_REQUEST, true));
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = ann.try_call(Method::GET, "channel", Value::Null).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_people_answer_call_and_block() {
    let options = minchat_tui::server::Options { populated: true, guest: "sam".to_owned(), ..Default::default() };
    let sandbox = Sandbox::start_with(options).await;
    let sam = sandbox.login("sam").await;
    let rooms = sam.get("channel/?limit=20&page=1").await;
    assert!(rooms["docs"].as_array().unwrap().len() >= 7, "{rooms}");
    let mut s = sam.socket();
    let room = sam.room_with("tobi").await;
    sam.send_text(&room, "call").await;
    assert_eq!(s.wait_json("v1OnEnterChatRoom")["userId"], json!(sam.id));
    let ringing = s.wait_json("v1OnNewCall");
    assert_eq!((at(&ringing, "roomId"), at(&ringing["userData"], "identifier")), (room.as_str(), "tobi"));
    sam.post(&format!("call/accept/{}", at(&ringing, "meetId")), json!({ "payload": null })).await;
    sam.send_text(&room, "hang up").await;
    s.wait_json("v1OnCallEnded");
    sam.send_text(&room, "block").await;
    assert_eq!(s.wait_json("v1OnBanUserChat")["isMeBanner"], true);
    assert_eq!(sam.try_send_message(&room, &[("content", "hey")], &[]).await.0, StatusCode::FORBIDDEN);
    sandbox.stop().await;
}

/// Requests every endpoint of the protocol tables that takes no form once, as a person with the necessary rights.
#[tokio::test(flavor = "multi_thread")]
async fn every_rest_endpoint_exists() {
    let sandbox = Sandbox::start().await;
    let (ann, bob) = (sandbox.login("ann@x").await, sandbox.login("bob@x").await);
    let (_a, _b) = (ann.socket(), bob.socket());
    sandbox.login("cleo@x").await;
    let single = ann.room_with("bob@x").await;
    let sent = ann.send_text(&single, "hello").await;
    let message = at(&sent, "_id");
    ann.patch(&format!("channel/{single}/one-seen/on"), Value::Null).await;
    let view_once = ann.send_text(&single, "look once").await;
    let view_once = at(&view_once, "_id");
    let room_of = |body: (StatusCode, Value)| at(&body.1["data"], "rId").to_owned();
    let people = ("identifiers", r#"["bob@x"]"#);
    let group = room_of(ann.form("channel/group", &[people, ("groupName", "G")], &[]).await);
    let group_message = ann.send_text(&group, "x").await;
    let group_message = at(&group_message, "_id");
    let broadcast = room_of(ann.form("channel/broadcast", &[people, ("broadcastName", "B")], &[]).await);
    let broadcast_message = ann.send_text(&broadcast, "x").await;
    let broadcast_message = at(&broadcast_message, "_id");
    let order = ann.post("channel/order", json!({ "peerId": bob.id, "orderId": "o" })).await;
    let order = at(&order, "rId");
    let none = Value::Null;
    let rows = [
        ("PATCH", "profile/lang".to_owned(), json!({ "lang": "en" })),
        ("PATCH", "profile/name".to_owned(), json!({ "fullName": "Ann" })),
        ("POST", "profile/push".to_owned(), json!({ "pushKey": "k" })),
        ("DELETE", "profile/push".to_owned(), none.clone()),
        ("GET", "profile/users/bob%40x/last-seen".to_owned(), none.clone()),
        ("GET", "profile/users?limit=20&page=1&fullName=bob".to_owned(), none.clone()),
        ("POST", "user-ban/cleo@x/ban".to_owned(), none.clone()),
        ("POST", "user-ban/cleo@x/un-ban".to_owned(), none.clone()),
        ("GET", "user-ban/cleo@x/ban".to_owned(), none.clone()),
        ("GET", "channel/?limit=20&page=1&roomType=g&mutedOnly=false".to_owned(), none.clone()),
        ("GET", format!("channel/{single}"), none.clone()),
        ("PATCH", format!("channel/{single}/deliver"), none.clone()),
        ("PATCH", format!("channel/{single}/notification/mute"), none.clone()),
        ("PATCH", format!("channel/{single}/notification/un-mute"), none.clone()),
        ("PATCH", format!("channel/{single}/archive"), none.clone()),
        ("PATCH", format!("channel/{single}/un-archive"), none.clone()),
        ("PATCH", format!("channel/{single}/one-seen/off"), none.clone()),
        ("PATCH", format!("channel/{single}/nick-name"), json!({ "name": "Bobby" })),
        ("PATCH", format!("channel/{single}/nick-name"), json!({ "name": "" })),
        ("GET", format!("channel/{single}/un-read-count"), none.clone()),
        ("GET", format!("channel/{single}/url-preview?url=https%3A%2F%2Fexample.org%2Fa"), none.clone()),
        ("PATCH", format!("channel/{single}/translate"), json!({ "transTo": "ar" })),
        ("PATCH", format!("channel/{single}/translate/stop"), none.clone()),
        ("GET", "channel/messages/stars".to_owned(), none.clone()),
        ("GET", format!("channel/{single}/single/my-info"), none.clone()),
        ("GET", format!("channel/{order}/order/my-info"), none.clone()),
        ("GET", format!("channel/{order}/group/members"), none.clone()),
        ("GET", format!("channel/{single}/message/?limit=30&filter=all"), none.clone()),
        ("GET", format!("channel/{single}/message/stars"), none.clone()),
        ("POST", format!("channel/{single}/message/{message}/star"), none.clone()),
        ("POST", format!("channel/{single}/message/{message}/un-star"), none.clone()),
        ("PATCH", format!("channel/{single}/message/{view_once}/one-seen"), none.clone()),
        ("DELETE", format!("channel/{single}/message/{view_once}/delete/all"), none.clone()),
        ("DELETE", format!("channel/{single}/message/{message}/delete/me"), none.clone()),
        ("GET", format!("channel/{group}/group/my-info"), none.clone()),
        ("GET", format!("channel/{group}/group/my-status"), none.clone()),
        ("GET", format!("channel/{group}/group/members?limit=20&page=1&name=b"), none.clone()),
        ("GET", format!("channel/{group}/group/available-users-to-add?limit=20&page=1"), none.clone()),
        ("POST", format!("channel/{group}/group/members"), json!({ "identifiers": ["cleo@x"] })),
        ("PATCH", format!("channel/{group}/group/members/cleo@x/admin"), none.clone()),
        ("DELETE", format!("channel/{group}/group/members/cleo@x"), none.clone()),
        ("PATCH", format!("channel/{group}/group/title"), json!({ "title": "H" })),
        ("PATCH", format!("channel/{group}/group/description"), json!({ "description": "d" })),
        ("PATCH", format!("channel/{group}/group/extra-data"), json!({ "k": 1 })),
        ("GET", format!("channel/{group}/group/message/{group_message}/status/seen?limit=20&page=1"), none.clone()),
        ("GET", format!("channel/{group}/group/message/{group_message}/status/deliver"), none.clone()),
        ("POST", format!("channel/{group}/group/leave"), none.clone()),
        ("GET", format!("channel/{broadcast}/broadcast/my-info"), none.clone()),
        ("GET", format!("channel/{broadcast}/broadcast/members?limit=20&page=1"), none.clone()),
        ("GET", format!("channel/{broadcast}/broadcast/available-users-to-add"), none.clone()),
        ("POST", format!("channel/{broadcast}/broadcast/members"), json!({ "identifiers": ["cleo@x"] })),
        ("DELETE", format!("channel/{broadcast}/broadcast/members/cleo@x"), none.clone()),
        ("PATCH", format!("channel/{broadcast}/broadcast/title"), json!({ "title": "C" })),
        ("GET", format!("channel/{broadcast}/broadcast/message/{broadcast_message}/status/seen"), none.clone()),
        ("GET", "call/active".to_owned(), none.clone()),
        ("GET", "call/history".to_owned(), none.clone()),
        ("GET", format!("call/agora-access/{single}"), none.clone()),
        ("DELETE", "call/history/clear".to_owned(), none.clone()),
        ("DELETE", format!("channel/{single}/clear"), none.clone()),
        ("DELETE", format!("channel/{single}"), none.clone()),
        ("POST", "auth/logout".to_owned(), none.clone()),
    ];
    for (method, path, body) in rows {
        let expected = if method == "POST" { StatusCode::CREATED } else { StatusCode::OK };
        let (status, response) = ann.try_call(method.parse().unwrap(), &path, body).await;
        assert_eq!((status, &response["code"]), (expected, &json!(2000)), "{method} {path}: {response}");
        assert!(response.get("data").is_some(), "{method} {path}: {response}");
    }
    sandbox.stop().await;
}

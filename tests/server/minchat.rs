//! The MinChat sandbox from outside: real HTTP requests, and websockets driven frame by frame, so that the tests see
//! the data on the wire.

use minchat_tui::server::{Options, ServerHandle, start};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use test_support::wire::Wire;

const KEY: &str = "CKEY";

/// A running server and an HTTP client.
struct Sandbox {
    handle: ServerHandle,
    http: Client,
    key: String,
}

impl Sandbox {
    async fn start(populated: bool) -> Self {
        let bind = "127.0.0.1:0".parse().unwrap();
        let (api_key, guest) = (KEY.to_owned(), "sam".to_owned());
        // `demo` has people and no routes for tests.
        let options = Options { bind, api_key, populated, guest, test_routes: !populated, ..Options::default() };
        Self { handle: start(options).await.unwrap(), http: Client::new(), key: KEY.to_owned() }
    }

    /// Makes a request; returns the status and the body of the response.
    async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.handle.url()));
        if !self.key.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.key));
        }
        if let Some((kind, body)) = body {
            request = request.header("Content-Type", kind).body(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Makes a GET request that must succeed.
    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Makes a request with a JSON body that must succeed.
    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, body) = self.send(method, path, Some(("application/json", body.to_string().into()))).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Makes a request that must be refused with a message; returns the status.
    async fn refused(&self, method: Method, path: &str, body: Value) -> StatusCode {
        let (status, body) = self.send(method, path, Some(("application/json", body.to_string().into()))).await;
        assert_eq!(body["success"], false, "{path}: {body}");
        assert!(body["message"].is_string(), "{path}: {body}");
        status
    }

    /// Sends a form, which must succeed.
    async fn form(&self, method: Method, path: &str, parts: &[(&str, &str)]) -> Value {
        let (status, body) = self.send(method, path, Some((FORM, form(parts, None)))).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Creates a person, or finds them; returns their id.
    async fn user(&self, username: &str) -> String {
        let user = json!({ "username": username, "name": username.to_uppercase() });
        id(&self.call(Method::POST, "/v1/user", user).await["user"])
    }

    /// Creates a chat of two people, or finds it; returns its id.
    async fn pair(&self, a: &str, b: &str) -> String {
        id(&self.call(Method::POST, "/v1/chat", json!({ "usernames": [a, b] })).await)
    }

    /// Sends a message; returns its id.
    async fn send_text(&self, chat: &str, user: &str, text: &str) -> String {
        id(&self.call(Method::POST, "/v1/messages", json!({ "chat_id": chat, "user_id": user, "text": text })).await)
    }

    /// Connects a websocket for `user` that has joined `chats`.
    fn socket(&self, user: &str, chats: &[&str]) -> Wire {
        let mut socket = Wire::connect(&self.handle.url(), &self.key);
        socket.emit("room.user.join", json!({ "channelUserId": user, "apiKey": self.key }));
        for chat in chats {
            socket.emit("room.join", json!({ "channelId": chat, "apiKey": self.key }));
        }
        assert_eq!(socket.drain(), []);
        socket
    }
}

const FORM: &str = "multipart/form-data; boundary=XX";

/// Encodes a multipart form with at most one file.
fn form(parts: &[(&str, &str)], file: Option<(&str, &str, &str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((field, name, kind, bytes)) = file {
        let head = format!("--XX\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
        body.extend(head.bytes());
        body.extend(format!("Content-Type: {kind}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// The names of these events.
fn names(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|(name, _)| name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_created_found_changed_and_deleted() {
    let sandbox = Sandbox::start(false).await;
    let metadata = r#"{"role":"admin","n":1,"ok":true}"#;
    let parts = [("username", "ann"), ("name", "Ann"), ("avatar", "http://a/b.png"), ("metadata", metadata)];
    let ann = sandbox.form(Method::POST, "/v1/user", &parts).await["user"].clone();
    assert_eq!(ann["metadata"], json!({ "role": "admin", "n": 1, "ok": true }));
    assert_eq!(sandbox.get("/v1/user?username=ann").await["user"], ann);
    assert_eq!(sandbox.get(&format!("/v1/user?id={}", id(&ann))).await["user"], ann);
    assert_eq!(sandbox.user("ann").await, id(&ann));

    let bob = sandbox.user("bob").await;
    for query in ["usernames[]=bob&usernames[]=ann", "usernames%5B%5D=bob&usernames%5B%5D=ann&usernames%5B%5D=nobody"] {
        let users = sandbox.get(&format!("/v1/user/list?{query}")).await["users"].clone();
        assert_eq!((users[0]["id"].as_str(), &users[1], users[2].is_null()), (Some(&*bob), &ann, true));
    }

    let path = format!("/v1/user/{}", id(&ann));
    let changed = sandbox.form(Method::PATCH, &path, &[("name", "Anna")]).await["user"].clone();
    assert_eq!(
        (&changed["name"], &changed["metadata"], &changed["avatar"]),
        (&json!("Anna"), &ann["metadata"], &ann["avatar"])
    );
    sandbox.call(Method::DELETE, &path, json!({})).await;
    assert_eq!(sandbox.refused(Method::GET, "/v1/user?username=ann", json!({})).await, 400);
    assert_eq!(sandbox.refused(Method::DELETE, &path, json!({})).await, 400);
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn avatar_can_be_uploaded_and_downloaded() {
    let sandbox = Sandbox::start(false).await;
    let body = form(&[("username", "ann")], Some(("avatar_file", "me.png", "image/png", b"\x89PNG\0\x1e")));
    let (_, created) = sandbox.send(Method::POST, "/v1/user", Some((FORM, body))).await;
    let response = sandbox.http.get(created["user"]["avatar"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(&response.bytes().await.unwrap()[..], b"\x89PNG\0\x1e");
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chats_are_created_listed_changed_and_deleted() {
    let sandbox = Sandbox::start(false).await;
    let (ann, bob, cy) = (sandbox.user("ann").await, sandbox.user("bob").await, sandbox.user("cy").await);
    let new = json!({ "usernames": ["ann", "bob"], "user_id": ann, "metadata": { "a": 1 } });
    let chat = sandbox.call(Method::POST, "/v1/chat", new).await;
    assert_eq!((&chat["title"], &chat["metadata"]), (&json!("BOB"), &json!({ "a": 1 })));
    assert_eq!(chat["participant_user_ids"], json!([ann, bob]));
    assert_eq!(sandbox.pair("bob", "ann").await, id(&chat));

    let parts = [("user_id", &*ann), ("usernames", "ann"), ("usernames", "bob"), ("metadata", "{\"g\":true}")];
    let group = sandbox.form(Method::POST, "/v1/chat", &parts).await;
    assert_eq!((&group["title"], &group["metadata"]), (&json!("Group Chat"), &json!({ "g": true })));
    assert_ne!(group["id"], chat["id"]);
    let titled = json!({ "user_ids": [ann, cy], "user_id": ann, "title": "Us" });
    assert_eq!(sandbox.call(Method::POST, "/v1/chat", titled).await["title"], "Us");

    assert_eq!(sandbox.get(&format!("/v1/chat/list?user_id={bob}")).await["total_chats"], 0);
    sandbox.send_text(&id(&chat), &ann, "hello").await;
    sandbox.send_text(&id(&group), &ann, "all").await;
    let list = sandbox.get(&format!("/v1/chat/list?user_id={bob}&page=1&limit=1")).await;
    assert_eq!((&list["total_chats"], &list["total_pages"], &list["page"]), (&json!(2), &json!(2), &json!(1)));
    assert_eq!(list["chats"][0]["id"], group["id"]);
    let list = sandbox.get(&format!("/v1/chat/list?user_id={bob}&page=2&limit=1")).await;
    assert_eq!(
        (&list["chats"][0]["title"], &list["chats"][0]["last_message"]["text"]),
        (&json!("ANN"), &json!("hello"))
    );

    let path = format!("/v1/chat/{}", id(&chat));
    assert_eq!(sandbox.get(&path).await["id"], chat["id"]);
    let merged = sandbox.call(Method::PATCH, &path, json!({ "metadata": { "b": 2 } })).await;
    assert_eq!(merged["metadata"], json!({ "a": 1, "b": 2 }));
    let members = format!("/v1/chat/{}/participants", id(&group));
    let added = sandbox.call(Method::POST, &members, json!({ "user_id": cy })).await;
    assert_eq!((&added["success"], &added["participant"]["id"]), (&json!(true), &json!(cy)));
    sandbox.call(Method::DELETE, &format!("{members}/{bob}"), json!({})).await;
    let (_, shown) = sandbox.send(Method::GET, &format!("/v1/chat/{}", id(&group)), None).await;
    assert_eq!(shown["participant_user_ids"], json!([ann, cy]));

    assert_eq!(sandbox.call(Method::DELETE, &path, json!({})).await["success"], true);
    assert_eq!(sandbox.refused(Method::DELETE, &path, json!({})).await, 400);
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_requests_are_refused_with_a_message() {
    let mut sandbox = Sandbox::start(false).await;
    let ann = sandbox.user("ann").await;
    for (method, path, body) in [
        (Method::POST, "/v1/user", json!({})),
        (Method::POST, "/v1/user", json!([1])),
        (Method::GET, "/v1/user", json!({})),
        (Method::GET, "/v1/chat/list", json!({})),
        (Method::GET, "/v1/chat/list?user_id=nobody", json!({})),
        (Method::POST, "/v1/chat", json!({ "usernames": ["nobody"] })),
        (Method::GET, "/v1/chat/nowhere", json!({})),
        (Method::PATCH, "/v1/chat/nowhere", json!({ "metadata": {} })),
        (Method::GET, "/v1/messages?chat_id=nowhere&user_id=nobody", json!({})),
        (Method::GET, "/v1/messages?chat_id=x&user_id=y&page=first", json!({})),
        (Method::POST, "/v1/messages", json!({ "chat_id": "nowhere", "user_id": ann, "text": "x" })),
        (Method::PATCH, "/v1/messages/nothing", json!({ "text": "x" })),
        (Method::DELETE, "/v1/messages/nothing", json!({})),
        (Method::POST, "/v1/messages/nothing/seen", json!({ "user_id": ann })),
    ] {
        assert_eq!(sandbox.refused(method.clone(), path, body).await, 400, "{method} {path}");
    }
    assert_eq!(sandbox.refused(Method::GET, "/v1/chat/%FF", json!({})).await, 400);
    assert_eq!(sandbox.refused(Method::GET, "/v1/nothing", json!({})).await, 404);
    assert_eq!(sandbox.refused(Method::PUT, "/v1/user", json!({})).await, 404);
    let large = Some(("application/json", vec![b' '; (1 << 20) + 1]));
    assert_eq!(sandbox.send(Method::POST, "/v1/user", large).await.0, 413);
    for broken in ["", "--XX", "--XX\r\n\r\n", "nothing at all"] {
        let body = Some((FORM, broken.as_bytes().to_vec()));
        assert_eq!(sandbox.send(Method::POST, "/v1/user", body).await.0, 400, "{broken:?}");
    }
    sandbox.key = "WRONG".to_owned();
    assert_eq!(sandbox.refused(Method::GET, "/v1/user?username=ann", json!({})).await, 401);
    sandbox.key = String::new();
    assert_eq!(sandbox.refused(Method::GET, "/v1/user?username=ann", json!({})).await, 401);
    sandbox.handle.stop().await;
}

/// Anyone on the machine could open apps in somebody's demo.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn demo_has_no_fixture_apps() {
    let sandbox = Sandbox::start(true).await;
    for method in [Method::GET, Method::POST] {
        assert_eq!(sandbox.refused(method, "/sdk-test", json!({ "user_id": "x" })).await, 404);
    }
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apps_are_isolated_and_fixture_apps_can_be_closed() {
    let mut sandbox = Sandbox::start(false).await;
    let ann = sandbox.user("ann").await;
    let fixture = sandbox.get("/sdk-test").await;
    sandbox.key = fixture["apiKey"].as_str().unwrap().to_owned();
    assert_eq!(sandbox.refused(Method::GET, "/v1/user?username=ann", json!({})).await, 400);
    assert_ne!(sandbox.user("ann").await, ann);
    sandbox.call(Method::POST, "/sdk-test", json!({ "user_id": fixture["userId"] })).await;
    assert_eq!(sandbox.refused(Method::GET, "/v1/user?username=ann", json!({})).await, 401);
    sandbox.key = "demo".to_owned();
    let chats = sandbox.get("/v1/chat/list?user_id=demo").await;
    let path = format!("/v1/messages?chat_id={}&user_id=demo", id(&chats["chats"][0]));
    assert_eq!(sandbox.get(&path).await["messages"].as_array().map(Vec::len), Some(3));
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn socket_message_is_relayed_acknowledged_and_not_echoed() {
    let sandbox = Sandbox::start(false).await;
    let (ann, bob) = (sandbox.user("ann").await, sandbox.user("bob").await);
    let chat = sandbox.pair("ann", "bob").await;
    let (mut at_ann, mut at_bob) = (sandbox.socket(&ann, &[&chat]), sandbox.socket(&bob, &[&chat]));
    let metadata = json!({ "minchatJSIdentifier": "2026-11-21T18:03:27.979Z", "deep": { "a": [1, null] } });
    let text = "line\nwith \"quotes\" and 東京 🍵";
    let sent = json!({ "text": text, "metadata": metadata, "apiKey": KEY, "chat_id": chat, "user_id": ann });
    let ack = at_ann.emit_with_ack("message", sent);
    assert_eq!((&ack["success"], &ack["metadata"], &ack["text"]), (&json!(true), &metadata, &json!(text)));
    assert_eq!((&ack["user"]["username"], &ack["chat_id"], &ack["seen"]), (&json!("ann"), &json!(chat), &json!(false)));
    assert_eq!(at_ann.drain(), []);
    let received = at_bob.drain();
    assert_eq!(names(&received), ["message", "chat"]);
    assert_eq!(received[0].1, ack);
    assert_eq!((&received[1].1["title"], &received[1].1["last_message"]), (&json!("ANN"), &ack));

    let change = json!({ "text": "changed", "apiKey": KEY, "messageId": ack["id"] });
    let ack = at_ann.emit_with_ack("message.update", change);
    assert_eq!((&ack["text"], &ack["metadata"]), (&json!("changed"), &metadata));
    let expected = [("message.update".to_owned(), ack.clone())];
    assert_eq!((at_ann.drain(), at_bob.drain()), (expected.to_vec(), expected.to_vec()));

    at_bob.emit("message.seen", json!({ "lastMessageId": ack["id"], "user": { "id": bob }, "apiKey": KEY }));
    let expected = [("message.seen".to_owned(), ack["id"].clone())];
    assert_eq!((at_bob.drain(), at_ann.drain()), (expected.to_vec(), expected.to_vec()));
    at_ann.emit("message.delete", json!({ "messageId": ack["id"], "apiKey": KEY }));
    let expected = [("message.delete".to_owned(), ack["id"].clone())];
    assert_eq!((at_ann.drain(), at_bob.drain()), (expected.to_vec(), expected.to_vec()));
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_over_rest_reach_the_whole_room() {
    let sandbox = Sandbox::start(false).await;
    let (ann, bob) = (sandbox.user("ann").await, sandbox.user("bob").await);
    let chat = sandbox.pair("ann", "bob").await;
    let (mut at_ann, mut at_bob) = (sandbox.socket(&ann, &[&chat]), sandbox.socket(&bob, &[]));
    let message =
        id(&sandbox.form(Method::POST, "/v1/messages", &[("chat_id", &chat), ("user_id", &ann), ("text", "x")]).await);
    let path = format!("/v1/messages/{message}");
    sandbox.form(Method::PATCH, &path, &[("text", "y")]).await;
    sandbox.call(Method::POST, &format!("{path}/seen"), json!({ "user_id": bob })).await;
    let page = sandbox.get(&format!("/v1/messages?chat_id={chat}&user_id={bob}")).await;
    assert_eq!((&page["messages"][0]["seen"], &page["messages"][0]["text"]), (&json!(true), &json!("y")));
    assert_eq!((&page["total_messages"], &page["total_pages"], &page["page"]), (&json!(1), &json!(1), &json!(1)));
    sandbox.call(Method::DELETE, &path, json!({})).await;
    assert_eq!(names(&at_ann.drain()), ["message", "message.update", "message.seen", "message.delete"]);
    assert_eq!(names(&at_bob.drain()), ["chat", "message.seen"]);
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_and_presence_reach_the_people_concerned() {
    let sandbox = Sandbox::start(false).await;
    let (ann, bob) = (sandbox.user("ann").await, sandbox.user("bob").await);
    let chat = sandbox.pair("ann", "bob").await;
    let (mut at_ann, mut at_bob) = (sandbox.socket(&ann, &[&chat]), sandbox.socket(&bob, &[&chat]));
    let user = json!({ "id": ann, "name": "ANN", "createdAt": "2026-11-21T18:03:27.979Z" });
    for event in ["typing.start", "typing.stop"] {
        at_ann.emit(event, json!({ "channelId": chat, "user": user, "apiKey": KEY }));
        assert_eq!(at_ann.drain(), []);
        assert_eq!(at_bob.drain(), [(event.to_owned(), user.clone())]);
    }
    let online = json!({ "memberId": bob, "status": "online" });
    assert_eq!(at_ann.emit_with_ack("user.status", json!({ "memberId": bob, "apiKey": KEY })), online);
    assert_eq!(at_bob.drain(), []);
    at_bob.emit("user.status", json!({ "memberId": bob, "apiKey": KEY, "channelId": chat }));
    let expected = [("user.status".to_owned(), online)];
    assert_eq!((at_bob.drain(), at_ann.drain()), (expected.to_vec(), expected.to_vec()));

    let second = sandbox.socket(&bob, &[]);
    drop(at_bob);
    drop(second);
    let offline = json!({ "memberId": bob, "status": "offline" });
    assert_eq!(at_ann.wait("user.status"), offline);
    assert_eq!(at_ann.emit_with_ack("user.status", json!({ "memberId": bob, "apiKey": KEY })), offline);
    at_ann.emit("room.leave", json!({ "channelId": chat, "apiKey": KEY }));
    at_ann.emit("room.user.leave", json!({ "channelUserId": ann, "apiKey": KEY }));
    assert_eq!(at_ann.drain(), []);
    sandbox.send_text(&chat, &bob, "are you there?").await;
    assert_eq!(at_ann.drain(), []);
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_events_are_answered_with_an_error_event() {
    let sandbox = Sandbox::start(false).await;
    let ann = sandbox.user("ann").await;
    let mut socket = sandbox.socket(&ann, &[]);
    for frame in [
        r#"42["message"]"#,
        r#"42["message",null]"#,
        r#"42["message",7]"#,
        r#"42["message",{"apiKey":7}]"#,
        r#"42["message",{"apiKey":"WRONG"}]"#,
        r#"42["message",{"apiKey":"CKEY","chat_id":"nowhere","user_id":"nobody","text":"x"}]"#,
        r#"42["message",{"apiKey":"CKEY","chat_id":"nowhere","user_id":"nobody","file":{"buffer":{}}}]"#,
        r#"42["room.join",{"apiKey":"CKEY","channelId":"nowhere"}]"#,
        r#"42["room.user.join",{"apiKey":"CKEY","channelUserId":"nobody"}]"#,
        r#"42["typing.start",{"apiKey":"CKEY","channelId":"nowhere"}]"#,
        r#"42["user.status",{"apiKey":"CKEY"}]"#,
    ] {
        socket.send(frame);
        let events = socket.drain();
        assert_eq!(names(&events), ["error"], "{frame}");
        assert!(events[0].1["message"].is_string());
    }
    socket.send(r#"42["never.heard.of",{}]"#);
    assert_eq!(socket.drain(), []);
    let refused = socket.emit_with_ack("message", json!({ "apiKey": KEY }));
    assert_eq!(refused["success"], false);
    // A packet that is not Socket.IO must not affect other sockets.
    for frame in ["42[", "4", "", "42{}", "451-[\"message\",{}]", "\u{1e}", "9"] {
        let mut other = Wire::connect(&sandbox.handle.url(), KEY);
        other.send(frame);
    }
    socket.drain();
    sandbox.user("bob").await;
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file_is_received_as_binary_and_sent_as_a_url() {
    let sandbox = Sandbox::start(false).await;
    let (ann, bob) = (sandbox.user("ann").await, sandbox.user("bob").await);
    let chat = sandbox.pair("ann", "bob").await;
    let (mut at_ann, mut at_bob) = (sandbox.socket(&ann, &[&chat]), sandbox.socket(&bob, &[&chat]));
    let file = json!({ "name": "cat.gif", "type": "image/gif", "buffer": { "_placeholder": true, "num": 0 } });
    let sent = json!({ "text": "pic", "file": file, "apiKey": KEY, "chat_id": chat, "user_id": ann });
    let bytes = [b"GIF89a\x1e\0\xff".as_slice(), &[7; 70_000]].concat();
    at_ann.send(&format!("451-[\"message\",{sent}]"));
    at_ann.send_binary(&bytes);
    let received = at_bob.wait("message");
    let file = &received["file"];
    assert_eq!((&file["type"], &file["name"], &file["size"]), (&json!("gif"), &json!("cat.gif"), &json!("68.37 KB")));
    let fetched = sandbox.http.get(file["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(fetched, bytes);

    let parts = [("chat_id", &*chat), ("user_id", &*ann)];
    let body = form(&parts, Some(("file", "page.html", "text/html", b"<script>")));
    let (status, message) = sandbox.send(Method::POST, "/v1/messages", Some((FORM, body))).await;
    assert_eq!((status, &message["file"]["type"]), (StatusCode::OK, &json!("file")));
    let page = sandbox.http.get(message["file"]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "application/octet-stream");
    sandbox.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_closes_the_sockets_and_the_port() {
    let sandbox = Sandbox::start(true).await;
    let sam = sandbox.user("sam").await;
    let mut socket = sandbox.socket(&sam, &[]);
    let url = sandbox.handle.url();
    sandbox.handle.stop().await;
    socket.wait_closed();
    assert!(sandbox.http.get(url).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_closes_the_sockets_and_frees_the_port() {
    let sandbox = Sandbox::start(false).await;
    let ann = sandbox.user("ann").await;
    let mut socket = sandbox.socket(&ann, &[]);
    drop(sandbox);
    socket.wait_closed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn demo_people_see_type_and_answer() {
    let sandbox = Sandbox::start(true).await;
    let sam = sandbox.user("sam").await;
    let chats = sandbox.get(&format!("/v1/chat/list?user_id={sam}")).await;
    let with_mara = chats["chats"].as_array().unwrap().iter().find(|chat| chat["title"] == "Mara Lindqvist").unwrap();
    let chat = id(with_mara);
    let mut socket = Wire::connect(&sandbox.handle.url(), KEY);
    socket.emit("room.user.join", json!({ "channelUserId": sam, "apiKey": KEY }));
    socket.emit("room.join", json!({ "channelId": chat, "apiKey": KEY }));
    // People only answer while a guest is connected, so wait until the server has handled the join.
    socket.drain();
    let message = sandbox.send_text(&chat, &sam, "Hello Mara!").await;
    assert_eq!(socket.wait("message.seen"), json!(message));
    assert_eq!(socket.wait("typing.start")["name"], "Mara Lindqvist");
    assert_eq!(socket.wait("typing.stop")["name"], "Mara Lindqvist");
    assert_eq!(socket.wait("message")["user"]["username"], "mara");
    sandbox.handle.stop().await;
}

//! Scripts against the sandbox servers, with HTTP and websockets over streams inside the process.
//!
//! Time is simulated, so no step has to wait. Every request must get an answer, and the server must still answer after
//! the script. A panic in a task of the server ends a fuzzer, and the property tests count it.

use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use hyper::Request;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper_util::rt::TokioIo;
use minchat_tui::server::{Limits, Options, Sandbox, Service, StorageLimits};
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::dice::Dice;
use super::script::{self, Grammar, Step};

const KEY: &str = "KEY";
const BASE: &str = "http://sandbox";
const FORM: &str = "multipart/form-data; boundary=--------edge";

pub const MINCHAT: Grammar = Grammar {
    routes: &[
        ("POST", "/v1/user"),
        ("GET", "/v1/user?id=$ID"),
        ("GET", "/v1/user?username=$ID"),
        ("GET", "/v1/user/list?usernames[]=$ID&usernames[]=a"),
        ("PATCH", "/v1/user/$ID"),
        ("DELETE", "/v1/user/$ID"),
        ("POST", "/v1/chat"),
        ("GET", "/v1/chat/list?user_id=$ID&page=18446744073709551615&limit=18446744073709551615"),
        ("GET", "/v1/chat/list?user_id=$ID&page=0&limit=0"),
        ("GET", "/v1/chat/$ID?user_id=$ID"),
        ("PATCH", "/v1/chat/$ID"),
        ("DELETE", "/v1/chat/$ID"),
        ("POST", "/v1/chat/$ID/participants"),
        ("DELETE", "/v1/chat/$ID/participants/$ID"),
        ("GET", "/v1/messages?chat_id=$ID&user_id=$ID&page=18446744073709551615"),
        ("GET", "/v1/messages?chat_id=$ID&user_id=$ID"),
        ("POST", "/v1/messages"),
        ("PATCH", "/v1/messages/$ID"),
        ("DELETE", "/v1/messages/$ID"),
        ("POST", "/v1/messages/$ID/seen"),
        ("GET", "/sdk-test"),
        ("POST", "/sdk-test"),
        ("GET", "/files/$ID"),
        ("PUT", "/nothing"),
        ("GET", "/socket.io/?EIO=4&transport=polling"),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=$ID"),
    ],
    events: &[
        "message",
        "message.update",
        "message.delete",
        "message.seen",
        "room.user.join",
        "room.user.leave",
        "room.join",
        "room.leave",
        "typing.start",
        "typing.stop",
        "user.status",
        "other",
    ],
    keys: &[
        "apiKey",
        "apiKey",
        "channelUserId",
        "channelId",
        "chat_id",
        "user_id",
        "messageId",
        "lastMessageId",
        "memberId",
        "user",
        "text",
        "file",
        "metadata",
        "usernames",
        "user_ids",
        "username",
        "name",
        "title",
        "avatar",
        "type",
        "url",
        "size",
        "buffer",
        "id",
        "chatbotId",
        "_placeholder",
        "num",
    ],
    words: &["KEY", "demo", "a", "b", "c", "$[0]", "$[1]", "$[2]", "$[3]", "$[4]", "hello", "image"],
};

pub const VCHAT: Grammar = Grammar {
    routes: &[
        ("POST", "/api/v2/auth/connect"),
        ("POST", "/api/v2/auth/logout"),
        ("PATCH", "/api/v2/profile/image"),
        ("PATCH", "/api/v2/profile/name"),
        ("PATCH", "/api/v2/profile/lang"),
        ("POST", "/api/v2/profile/push"),
        ("GET", "/api/v2/profile/users/$ID/last-seen"),
        ("GET", "/api/v2/profile/users?page=9223372036854775807&limit=-1&fullName=$ID"),
        ("POST", "/api/v2/user-ban/$ID/ban"),
        ("POST", "/api/v2/user-ban/$ID/un-ban"),
        ("GET", "/api/v2/user-ban/$ID/ban"),
        ("GET", "/api/v2/channel?page=-5&limit=9223372036854775807&title=$ID"),
        ("GET", "/api/v2/channel/messages/stars"),
        ("POST", "/api/v2/channel/order"),
        ("POST", "/api/v2/channel/peer-room/$ID"),
        ("GET", "/api/v2/channel/$ID"),
        ("DELETE", "/api/v2/channel/$ID"),
        ("DELETE", "/api/v2/channel/$ID/clear"),
        ("PATCH", "/api/v2/channel/$ID/deliver"),
        ("PATCH", "/api/v2/channel/$ID/one-seen/on"),
        ("PATCH", "/api/v2/channel/$ID/nick-name"),
        ("PATCH", "/api/v2/channel/$ID/translate"),
        ("GET", "/api/v2/channel/$ID/un-read-count"),
        ("GET", "/api/v2/channel/$ID/url-preview?url=http://$ID"),
        ("GET", "/api/v2/channel/$ID/single/my-info"),
        ("POST", "/api/v2/channel/$ID/message"),
        ("GET", "/api/v2/channel/$ID/message?limit=-9223372036854775808&lastId=$ID&filter=media&isAsc=true"),
        ("POST", "/api/v2/channel/$ID/message/$ID/star"),
        ("PATCH", "/api/v2/channel/$ID/message/$ID/one-seen"),
        ("DELETE", "/api/v2/channel/$ID/message/$ID/delete/me"),
        ("DELETE", "/api/v2/channel/$ID/message/$ID/delete/all"),
        ("POST", "/api/v2/channel/group"),
        ("POST", "/api/v2/channel/broadcast"),
        ("GET", "/api/v2/channel/$ID/group/my-info"),
        ("GET", "/api/v2/channel/$ID/group/members?page=99999999999999999999"),
        ("POST", "/api/v2/channel/$ID/group/members"),
        ("PATCH", "/api/v2/channel/$ID/group/members/$ID/admin"),
        ("DELETE", "/api/v2/channel/$ID/group/members/$ID"),
        ("POST", "/api/v2/channel/$ID/group/leave"),
        ("PATCH", "/api/v2/channel/$ID/group/title"),
        ("PATCH", "/api/v2/channel/$ID/group/extra-data"),
        ("GET", "/api/v2/channel/$ID/group/message/$ID/status/seen"),
        ("POST", "/api/v2/channel/$ID/broadcast/members"),
        ("DELETE", "/api/v2/channel/$ID/broadcast/members/$ID"),
        ("GET", "/api/v2/channel/$ID/broadcast/members"),
        ("GET", "/api/v2/call/active"),
        ("GET", "/api/v2/call/history"),
        ("POST", "/api/v2/call/create/$ID"),
        ("POST", "/api/v2/call/accept/$ID"),
        ("POST", "/api/v2/call/end/v2/$ID"),
        ("GET", "/api/v2/call/agora-access/$ID"),
        ("GET", "/files/$ID"),
        ("POST", "/__sandbox/emit"),
        ("PUT", "/api/v2"),
    ],
    events: &["v1MyOnline", "v1EnterChatRoom", "v1DeliverChatRoom", "v1RoomStatusChange", "v1IceCandidate", "other"],
    keys: &[
        "identifier",
        "identifiers",
        "peerIds",
        "peerId",
        "ids",
        "deviceId",
        "password",
        "fullName",
        "platform",
        "language",
        "pushKey",
        "lang",
        "content",
        "localId",
        "isEncrypted",
        "messageType",
        "forwardLocalId",
        "replyToLocalId",
        "attachment",
        "linkAtt",
        "file",
        "orderId",
        "orderTitle",
        "orderData",
        "groupName",
        "broadcastName",
        "extraData",
        "title",
        "description",
        "name",
        "transTo",
        "withVideo",
        "payload",
        "roomId",
        "status",
        "extra",
        "meetId",
        "duration",
        "lat",
        "long",
        "linkPreviewData",
        "desc",
        "data",
        "event",
        "arg",
        "ms",
    ],
    words: &[
        "a",
        "b",
        "c",
        "[\"b\"]",
        "[\"a\",\"b\",\"c\"]",
        "$[0]",
        "$[1]",
        "$[2]",
        "$[3]",
        "$[4]",
        "$[5]",
        "text",
        "image",
        "voice",
        "custom",
        "location",
        "true",
        "false",
        "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "67e55044-10b1-426f-9247-bb680e5fe0c9",
        "{\"duration\":5}",
        "typing",
        "stop",
        "$p",
    ],
};

/// Runs a script against MinChat. An input that is not a script chooses one.
pub fn minchat(data: &[u8]) {
    run(Service::MinChat, &script_of(data, &MINCHAT));
}

/// Runs a script against V Chat; see [`minchat`].
pub fn vchat(data: &[u8]) {
    run(Service::VChat, &script_of(data, &VCHAT));
}

/// Parses a script, or reads choices when the first byte is one that no text has.
fn script_of(data: &[u8], grammar: &Grammar) -> Vec<Step> {
    match data.split_first() {
        Some((0xff, rest)) => script::read(script::write(&mut Dice::new(rest), grammar).as_bytes()),
        _ => script::read(data),
    }
}

/// An input that reads choices from `bytes`.
pub fn choices_from(bytes: &[u8]) -> Vec<u8> {
    [&[0xff], bytes].concat()
}

fn run(service: Service, steps: &[Step]) {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(play(service, steps)));
}

async fn play(service: Service, steps: &[Step]) {
    // Small limits, so that scripts reach them.
    let storage = StorageLimits { users: 12, rooms: 12, messages: 20, bytes: 1 << 20 };
    let limits = Limits { storage, ..Limits::default() };
    let options = Options { service, api_key: KEY.into(), limits, test_routes: true, ..Options::default() };
    let server = Sandbox::new(&options, BASE).expect("a sandbox");
    let mut client = Client { service, server: &server, ids: Vec::new(), tokens: Vec::new(), sockets: Vec::new() };
    client.set_up().await;
    for step in steps {
        client.step(step).await;
    }
    client.sockets.clear();
    let path = if service == Service::VChat { "/" } else { "/v1/user?id=x" };
    let alive = client.request(0, "GET", path, None).await.expect("an answer after the script");
    assert!(alive.0 < 500, "the server fails: {alive:?}");
}

struct Client<'a> {
    service: Service,
    server: &'a Sandbox,
    /// Ids from the answers, the newest last.
    ids: Vec<String>,
    tokens: Vec<String>,
    sockets: Vec<WebSocketStream<DuplexStream>>,
}

impl Client<'_> {
    /// Creates two or three people, a room and a message, and connects a websocket for the first person.
    async fn set_up(&mut self) {
        if self.service == Service::MinChat {
            self.must("POST", "/v1/user", json!({ "username": "a" })).await;
            self.must("POST", "/v1/user", json!({ "username": "b" })).await;
            self.must("POST", "/v1/chat", json!({ "usernames": ["a", "b"] })).await;
            let (chat, a) = (self.ids[2].clone(), self.ids[0].clone());
            self.must("POST", "/v1/messages", json!({ "chat_id": chat, "user_id": a, "text": "hi" })).await;
        } else {
            for name in ["a", "b", "c"] {
                let login = json!({ "identifier": name, "deviceId": "d", "password": password(name) });
                self.must("POST", "/api/v2/auth/connect", login).await;
            }
            self.must("POST", "/api/v2/channel/peer-room/b", json!({})).await;
        }
        self.step(&Step::Connect(String::new())).await;
        self.step(&Step::SendText("40".into())).await;
    }

    /// Makes a request that must succeed.
    async fn must(&mut self, method: &str, path: &str, body: Value) {
        let answer = self.request(0, method, path, Some(body.to_string())).await.expect("an answer");
        assert!(answer.0 < 300, "{path}: {answer:?}");
    }

    /// Runs one step.
    async fn step(&mut self, step: &Step) {
        match step {
            Step::Request { who, method, path, body } => {
                let body = body.as_ref().map(|body| self.fill_in(body));
                if let Some((status, _)) = self.request(*who, method, &self.fill_in(path), body).await {
                    assert_ne!(status, 500, "{method} {path}");
                }
            }
            Step::Connect(query) if self.sockets.len() < 4 => {
                let token = self.tokens.first().map(|token| format!("&auth=Bearer%20{token}")).unwrap_or_default();
                let query = if query.is_empty() { token } else { format!("&{}", self.fill_in(query)) };
                let url = format!("ws://sandbox/socket.io/?EIO=4&transport=websocket{query}");
                if let Ok(Ok((socket, _))) = tokio::time::timeout(
                    Duration::from_secs(1),
                    tokio_tungstenite::client_async(url, self.server.connect()),
                )
                .await
                {
                    self.sockets.push(socket);
                }
            }
            Step::Connect(_) => {}
            Step::SendText(text) => self.send(Message::text(self.fill_in(text))).await,
            Step::SendBinary(bytes) => self.send(Message::binary(bytes.clone())).await,
            Step::Disconnect => drop(self.sockets.pop()),
            Step::Raw(bytes) => {
                let mut stream = self.server.connect();
                let _ = tokio::time::timeout(Duration::from_secs(1), stream.write_all(bytes)).await;
                settle().await;
            }
        }
    }

    /// Sends a message on the newest websocket, and reads everything that all of them received.
    async fn send(&mut self, message: Message) {
        if let Some(socket) = self.sockets.last_mut() {
            let _ = tokio::time::timeout(Duration::from_secs(1), socket.send(message)).await;
        }
        settle().await;
        for at in (0..self.sockets.len()).rev() {
            while let Some(heard) = self.sockets[at].next().now_or_never() {
                match heard {
                    Some(Ok(Message::Text(text))) => {
                        let json = text.find(['[', '{']).and_then(|at| serde_json::from_str(&text[at..]).ok());
                        json.iter().for_each(|json| self.remember_ids(json));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => {
                        drop(self.sockets.remove(at));
                        break;
                    }
                }
            }
        }
    }

    /// Makes a request; returns status and body, or `None` for a request that no client can send.
    async fn request(&mut self, who: usize, method: &str, path: &str, body: Option<String>) -> Option<(u16, Value)> {
        let (kind, body) = match body {
            Some(fields) if fields.starts_with('~') => (FORM, form(&fields[1..])),
            Some(json) => ("application/json", json.into_bytes()),
            None => ("", Vec::new()),
        };
        let token = self.tokens.get(who.min(self.tokens.len().saturating_sub(1))).map_or(KEY, String::as_str);
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.body(String::from_utf8_lossy(&body).into_owned()).ok()?;
        // Only valid HTTP/1.1 is a request.
        if request.uri().path_and_query().is_none() || request.method() == hyper::Method::CONNECT {
            return None;
        }
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(self.server.connect())).await.expect("a stream");
        let connection = tokio::spawn(connection);
        let sent = tokio::time::timeout(Duration::from_secs(60), sender.send_request(request)).await;
        let answer = match sent.expect("an answer in time") {
            Ok(response) => {
                let status = response.status().as_u16();
                let bytes = read_to_end(response.into_body()).await;
                let text = String::from_utf8_lossy(&bytes);
                let json: Value =
                    text.find(['[', '{']).and_then(|at| serde_json::from_str(&text[at..]).ok()).unwrap_or_default();
                self.remember_ids(&json);
                Some((status, json))
            }
            Err(error) => panic!("no answer to {method} {path}: {error}"),
        };
        connection.abort();
        answer
    }

    /// Remembers everything that looks like an id.
    fn remember_ids(&mut self, json: &Value) {
        match json {
            Value::Object(object) => {
                for (key, value) in object {
                    match value {
                        Value::String(token) if key == "accessToken" => self.tokens.push(token.clone()),
                        Value::String(id)
                            if matches!(
                                key.as_str(),
                                "id" | "_id" | "rId" | "meetId" | "sid" | "lId" | "apiKey" | "userId"
                            ) && !self.ids.contains(id) =>
                        {
                            self.ids.push(id.clone());
                        }
                        inner => self.remember_ids(inner),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.remember_ids(item)),
            Value::String(text) if text.starts_with('{') => {
                serde_json::from_str(text).iter().for_each(|inner: &Value| self.remember_ids(inner));
            }
            _ => {}
        }
        let surplus = self.ids.len().saturating_sub(16);
        self.ids.drain(..surplus);
    }

    /// Replaces `$[0]` with the newest id, `$t` with a token, and `$p` with the first person's password.
    fn fill_in(&self, text: &str) -> String {
        let mut out = text.to_owned();
        if !out.contains('$') {
            return out;
        }
        for (nth, id) in self.ids.iter().rev().enumerate() {
            out = out.replace(&format!("$[{nth}]"), id);
        }
        out = out.replace("$t", self.tokens.first().map_or("t", String::as_str));
        out.replace("$p", &password("a"))
    }
}

/// Waits until the server has nothing left to do: simulated time only passes while every task waits.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

async fn read_to_end(mut body: Incoming) -> Vec<u8> {
    let mut bytes = Vec::new();
    let frame =
        |body: &mut Incoming, context: &mut std::task::Context<'_>| std::pin::Pin::new(body).poll_frame(context);
    while let Some(Ok(part)) = std::future::poll_fn(|context| frame(&mut body, context)).await {
        bytes.extend(part.into_data().unwrap_or_else(|_| Bytes::new()));
    }
    bytes
}

/// Encodes `name=value&@file=bytes` as a form.
fn form(fields: &str) -> Vec<u8> {
    let mut out = String::new();
    for field in fields.split('&').filter(|field| !field.is_empty()) {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let (name, file) = match name.strip_prefix('@') {
            Some(name) => (name, "; filename=\"f.png\"\r\ncontent-type: image/png"),
            None => (name, ""),
        };
        out.push_str(&format!(
            "----------edge\r\ncontent-disposition: form-data; name=\"{}\"{file}\r\n\r\n{value}\r\n",
            name.replace('"', "")
        ));
    }
    (out + "----------edge--\r\n").into_bytes()
}

fn password(name: &str) -> String {
    use sha2::{Digest, Sha512};
    Sha512::digest(format!("{KEY}_{name}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

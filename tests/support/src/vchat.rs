//! A V Chat sandbox server for tests, and the people there: plain REST and a raw websocket, written from the protocol
//! notes alone.

use std::time::Duration;

use minchat_tui::domain::LocalId;
use minchat_tui::server::{FaultControl, Limits, Options, ServerHandle, Service, start};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use crate::wire::Wire;

/// The server's hash key, from which passwords are derived (§1.3).
pub const KEY: &str = "HASH";

/// The header of requests that faults do not affect.
const SPARED: (&str, &str) = ("x-sandbox-faults", "off");

/// A running sandbox without demo people.
pub struct Sandbox {
    handle: ServerHandle,
}

impl Sandbox {
    /// Starts a server on which calls ring for a minute.
    pub async fn start() -> Self {
        Self::start_with_ring(Duration::from_secs(60)).await
    }

    /// Starts a server on which calls ring for this long.
    pub async fn start_with_ring(ring: Duration) -> Self {
        Self::with(Options { ring_timeout: ring, ..Options::default() }).await
    }

    /// Starts a server with this ping interval and ping timeout.
    pub async fn start_with_heartbeat(ping: (Duration, Duration)) -> Self {
        let limits = Limits { heartbeat: Some(ping), ..Limits::default() };
        Self::with(Options { limits, ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        let bind = "127.0.0.1:0".parse().unwrap();
        let options = Options {
            bind,
            service: Service::VChat,
            api_key: KEY.to_owned(),
            seed: 1,
            populated: false,
            guest: "alice@example.org".to_owned(),
            test_routes: true,
            ..options
        };
        Self { handle: start(options).await.unwrap() }
    }

    /// The server's address.
    pub fn url(&self) -> String {
        self.handle.url()
    }

    /// The faults that the server produces. The calls of a [`Peer`] are spared.
    pub fn faults(&self) -> FaultControl {
        self.handle.faults().clone()
    }

    /// Signs a person in.
    pub async fn person(&self, identifier: &str, name: &str) -> Peer {
        Peer::sign_in(&self.url(), identifier, name).await
    }

    /// Calls one of the sandbox's own paths, which make the server do what no client can cause.
    pub async fn control(&self, path: &str, body: Value) {
        let url = format!("{}/__sandbox/{path}", self.url());
        let request = reqwest::Client::new().post(url).header("content-type", "application/json");
        let request = request.header(AUTHORIZATION, format!("Bearer {KEY}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// Sends a person an event that no other client can cause.
    pub async fn emit(&self, identifier: &str, event: &str, arg: Value) {
        self.control("emit", json!({ "identifier": identifier, "event": event, "arg": arg })).await;
    }
}

/// A person who is signed in.
pub struct Peer {
    url: String,
    token: String,
    http: reqwest::Client,
    /// The person's id on the server.
    pub id: String,
}

impl Peer {
    async fn sign_in(url: &str, identifier: &str, name: &str) -> Self {
        let password = Sha512::digest(format!("{KEY}_{identifier}"));
        let password: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut peer =
            Self { url: url.to_owned(), token: "null".to_owned(), http: reqwest::Client::new(), id: String::new() };
        let fields = [
            ("identifier", identifier),
            ("fullName", name),
            ("deviceId", identifier),
            ("password", &password),
            ("platform", "linux"),
        ];
        let data = peer.form("auth/connect", &fields).await;
        peer.token = text(&data["accessToken"]);
        peer.id = text(&data["user"]["_id"]);
        peer
    }

    /// The token of the person's session.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Makes a REST call and returns the status and the body of the answer.
    pub async fn try_call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.request(method, format!("{}/api/v2/{path}", self.url));
        let mut request = request.header(AUTHORIZATION, format!("Bearer {}", self.token)).header(SPARED.0, SPARED.1);
        if !body.is_null() {
            request = request.header("content-type", "application/json; charset=utf-8").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    /// Makes a REST call, which must succeed, and returns the `data` of the answer.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, body) = self.try_call(method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {body}");
        body["data"].clone()
    }

    /// Makes a GET request; see [`Peer::call`].
    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Makes a POST request; see [`Peer::call`].
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, body).await
    }

    /// Makes a DELETE request; see [`Peer::call`].
    pub async fn delete(&self, path: &str) -> Value {
        self.call(Method::DELETE, path, Value::Null).await
    }

    /// Posts a multipart form, which must succeed, and returns the `data` of the answer.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Value {
        let body: Value = serde_json::from_slice(&self.post_form(path, fields).await).unwrap();
        body["data"].clone()
    }

    /// Posts a multipart form, which must succeed, and returns the answer.
    async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str("--b--\r\n");
        let request = self.http.post(format!("{}/api/v2/{path}", self.url)).body(body);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        let request = request.header(SPARED.0, SPARED.1);
        let answer = request.header(AUTHORIZATION, format!("Bearer {}", self.token)).send().await.unwrap();
        let (status, body) = (answer.status(), answer.bytes().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&body));
        body.to_vec()
    }

    /// Returns the id of the one-to-one room with a person, which is created if it does not exist.
    pub async fn room_with(&self, identifier: &str) -> String {
        text(&self.post(&format!("channel/peer-room/{identifier}"), Value::Null).await["rId"])
    }

    /// Creates a group and returns its id.
    pub async fn group(&self, name: &str, identifiers: &[&str]) -> String {
        let identifiers = json!(identifiers).to_string();
        let group = self.form("channel/group", &[("identifiers", &identifiers), ("groupName", name)]).await;
        text(&group["rId"])
    }

    /// Sends a text message and returns it.
    pub async fn send_text(&self, room: &str, words: &str) -> Value {
        self.send(room, "text", words, &[]).await
    }

    /// Sends a message of this type, with extra fields, and returns it.
    pub async fn send(&self, room: &str, kind: &str, words: &str, more: &[(&str, &str)]) -> Value {
        let local = LocalId::from_random(fastrand::u128(..)).to_string();
        let mut fields = vec![("content", words), ("localId", &local), ("isEncrypted", "false"), ("messageType", kind)];
        fields.extend(more);
        self.form(&format!("channel/{room}/message/"), &fields).await
    }

    /// Replies to the message with this `lId`, and returns the `lId` of the reply. The answer is not parsed: it contains
    /// the whole chain of replies, which may be nested too deeply.
    pub async fn reply(&self, room: &str, words: &str, to: &str) -> String {
        let local = LocalId::from_random(fastrand::u128(..)).to_string();
        let fields = [("localId", local.as_str()), ("isEncrypted", "false"), ("messageType", "text")];
        let more = [("content", words), ("replyToLocalId", to)];
        self.post_form(&format!("channel/{room}/message/"), &[&fields[..], &more].concat()).await;
        local
    }

    /// Connects a websocket, which makes the person online and receives the events of all their rooms.
    pub fn socket(&self) -> Wire {
        let mut wire = Wire::open(&self.url, &format!("&auth=Bearer%20{}", self.token), "");
        wire.join();
        wire
    }
}

/// Decodes an event's argument as the server sends it: one JSON string (§3.1).
pub fn decoded(arg: &Value) -> Value {
    serde_json::from_str(arg.as_str().unwrap_or_else(|| panic!("not a string: {arg}"))).unwrap()
}

/// Encodes an event's argument as a client sends it.
pub fn encoded(arg: &Value) -> Value {
    Value::String(arg.to_string())
}

/// The string in a JSON value.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

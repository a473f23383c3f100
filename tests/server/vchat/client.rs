//! People who speak V Chat, byte by byte.

use minchat_tui::server::{Options, ServerHandle, Service, start};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use test_support::wire::Wire;

pub(crate) const KEY: &str = "SANDBOX";

pub(crate) struct Sandbox {
    running: ServerHandle,
    http: Client,
}

/// Somebody who is logged in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: Option<String>,
    pub(crate) url: String,
    pub(crate) http: Client,
}

pub(crate) struct Socket(Wire);

/// The text at a field.
pub(crate) fn at<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {object}"))
}

pub(crate) fn password(identifier: &str) -> String {
    Sha512::digest(format!("{KEY}_{identifier}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn form(parts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, mime, bytes) in files {
        let head = format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
        body.extend(format!("{head}Content-Type: {mime}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

impl Sandbox {
    pub(crate) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let options = Options { service: Service::VChat, ..options };
        Self { running: start(options).await.unwrap(), http: Client::new() }
    }

    pub(crate) fn url(&self) -> String {
        self.running.url()
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) async fn login(&self, identifier: &str) -> Person {
        let (url, http) = (self.url(), self.http.clone());
        let nobody = Person { id: String::new(), token: Some("null".to_owned()), url, http };
        let secret = password(identifier);
        let parts = [
            ("identifier", identifier),
            ("fullName", identifier),
            ("deviceId", "device-1"),
            ("password", &secret),
            ("platform", "linux"),
        ];
        let (status, body) = nobody.form("auth/connect", &parts, &[]).await;
        assert_eq!((status, &body["code"]), (StatusCode::CREATED, &json!(2000)), "{body}");
        let token = Some(at(&body["data"], "accessToken").to_owned());
        Person { id: at(&body["data"]["user"], "_id").to_owned(), token, ..nobody }
    }

    /// What the sandbox's own path answers to a page in a browser.
    pub(crate) async fn expire_from_a_page(&self) -> StatusCode {
        let request =
            self.http.post(format!("{}/__sandbox/expire", self.url())).header("Origin", "https://evil.example");
        request.send().await.unwrap().status()
    }

    pub(crate) async fn expire(&self) {
        let response = self.http.post(format!("{}/__sandbox/expire", self.url())).send().await.unwrap();
        assert!(response.status().is_success());
    }

    pub(crate) async fn emit(&self, what: Value) {
        let request = self.http.post(format!("{}/__sandbox/emit", self.url()));
        let request = request.header("Content-Type", "application/json").body(what.to_string());
        assert!(request.send().await.unwrap().status().is_success());
    }
}

impl Person {
    async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}/api/v2/{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some((kind, body)) = body {
            request = request.header("Content-Type", kind).body(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Any request, with a JSON body or, with null, none.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let body = (!body.is_null()).then(|| ("application/json; charset=utf-8", body.to_string().into_bytes()));
        self.send(method, path, body).await
    }

    pub(crate) async fn form(
        &self,
        path: &str,
        parts: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> (StatusCode, Value) {
        self.send(Method::POST, path, Some(("multipart/form-data; boundary=XX", form(parts, files)))).await
    }

    async fn data(&self, method: Method, path: &str, body: Value) -> Value {
        let wanted = if method == Method::POST { StatusCode::CREATED } else { StatusCode::OK };
        let (status, body) = self.ask(method, path, body).await;
        assert_eq!((status, &body["code"]), (wanted, &json!(2000)), "{path}: {body}");
        body["data"].clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.data(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.data(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.data(Method::PATCH, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.data(Method::DELETE, path, Value::Null).await
    }

    pub(crate) async fn room_with(&self, identifier: &str) -> String {
        at(&self.post(&format!("channel/peer-room/{identifier}"), Value::Null).await, "rId").to_owned()
    }

    /// Says something with more parts than the words; status and body.
    pub(crate) async fn try_say(
        &self,
        room: &str,
        parts: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> (StatusCode, Value) {
        let local = uuid();
        let mut all = vec![("isEncrypted", "false")];
        if !parts.iter().any(|(name, _)| *name == "localId") {
            all.push(("localId", &local));
        }
        if !parts.iter().any(|(name, _)| *name == "messageType") {
            all.push(("messageType", "text"));
        }
        all.extend(parts);
        self.form(&format!("channel/{room}/message/"), &all, files).await
    }

    pub(crate) async fn say(&self, room: &str, text: &str) -> Value {
        let (status, body) = self.try_say(room, &[("content", text)], &[]).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["data"].clone()
    }

    /// A socket that is connected and heard nothing yet.
    pub(crate) fn socket(&self) -> Socket {
        let token = self.token.as_deref().unwrap_or_default();
        let headers = format!("Authorization: Bearer {token}\r\nclint-version: 2.0.0\r\n");
        let mut wire = Wire::open(&self.url, &format!("&auth=Bearer%20{token}"), &headers);
        wire.send("40");
        let answer = wire.read().unwrap();
        assert!(answer.starts_with("40{"), "{answer}");
        Socket(wire)
    }
}

impl Socket {
    /// Emits an event as the client does: its argument is one JSON string.
    pub(crate) fn say(&mut self, event: &str, arg: Value) {
        self.0.emit(event, arg.to_string().into());
    }

    /// Emits an event with an argument as it is.
    pub(crate) fn say_raw(&mut self, event: &str, arg: Value) {
        self.0.emit(event, arg);
    }

    /// The next `event` as it came; others before it are dropped.
    pub(crate) fn wait(&mut self, event: &str) -> Value {
        self.0.wait(event)
    }

    /// What the next `event` says: its argument must be one JSON string.
    pub(crate) fn wait_json(&mut self, event: &str) -> Value {
        let arg = self.0.wait(event);
        serde_json::from_str(arg.as_str().unwrap_or_else(|| panic!("{event} came with {arg}"))).unwrap()
    }

    /// The names of all events that came until now.
    pub(crate) fn heard(&mut self) -> Vec<String> {
        let mark = uuid();
        self.say("v1MyOnline", json!([{ "peerId": "x", "extra": mark }]));
        let mut heard = Vec::new();
        loop {
            let (event, arg) = self.0.next_event();
            if event == "v1OnMyOnline" && arg.to_string().contains(&mark) {
                return heard;
            }
            heard.push(event);
        }
    }
}

/// A fresh `localId`.
pub(crate) fn uuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid().to_string()
}

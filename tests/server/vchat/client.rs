//! A V Chat sandbox and people who use it over raw HTTP and websockets.

use minchat_tui::server::{Options, ServerHandle, Service, start};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use test_support::wire::Wire;

/// The server's hash key.
pub(crate) const KEY: &str = "SANDBOX";
/// The header that the routes for tests need.
pub(crate) const WITH_KEY: (&str, &str) = ("Authorization", "Bearer SANDBOX");

/// A running V Chat sandbox without demo people.
pub(crate) struct Sandbox {
    handle: ServerHandle,
    http: Client,
}

/// A person who is logged in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: Option<String>,
    pub(crate) url: String,
    pub(crate) http: Client,
}

/// A connected websocket of a person.
pub(crate) struct Socket(Wire);

/// The string in a field.
pub(crate) fn at<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_else(|| panic!("no string `{field}` in {object}"))
}

/// Derives a person's password from the hash key (§1.3).
pub(crate) fn password(identifier: &str) -> String {
    Sha512::digest(format!("{KEY}_{identifier}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Encodes a multipart form.
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
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let options = Options { service: Service::VChat, test_routes: !options.populated, ..options };
        Self { handle: start(options).await.unwrap(), http: Client::new() }
    }

    pub(crate) fn url(&self) -> String {
        self.handle.url()
    }

    pub(crate) async fn stop(self) {
        self.handle.stop().await;
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

    /// Posts to a route for tests, with these headers; returns the status.
    pub(crate) async fn control(&self, route: &str, body: &Value, headers: &[(&str, &str)]) -> StatusCode {
        let request = self.http.post(format!("{}/__sandbox/{route}", self.url()));
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap().status()
    }

    /// Makes every login invalid.
    pub(crate) async fn expire(&self) {
        assert!(self.control("expire", &json!({}), &[WITH_KEY]).await.is_success());
    }

    /// Makes the server emit an event that no client can cause.
    pub(crate) async fn emit(&self, event: Value) {
        assert!(self.control("emit", &event, &[WITH_KEY]).await.is_success());
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

    /// Makes a request with a JSON body, or without a body for null; returns the status and the body of the response.
    pub(crate) async fn try_call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let body = (!body.is_null()).then(|| ("application/json; charset=utf-8", body.to_string().into_bytes()));
        self.send(method, path, body).await
    }

    /// Posts a multipart form; returns the status and the body of the response.
    pub(crate) async fn form(
        &self,
        path: &str,
        parts: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> (StatusCode, Value) {
        self.send(Method::POST, path, Some(("multipart/form-data; boundary=XX", form(parts, files)))).await
    }

    /// Makes a request that must succeed; returns its `data`.
    async fn data(&self, method: Method, path: &str, body: Value) -> Value {
        let expected = if method == Method::POST { StatusCode::CREATED } else { StatusCode::OK };
        let (status, body) = self.try_call(method, path, body).await;
        assert_eq!((status, &body["code"]), (expected, &json!(2000)), "{path}: {body}");
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

    /// Sends a message with these form fields; returns the status and the body of the response.
    pub(crate) async fn try_send_message(
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

    /// Sends a text message, which must succeed; returns the message.
    pub(crate) async fn send_text(&self, room: &str, text: &str) -> Value {
        let (status, body) = self.try_send_message(room, &[("content", text)], &[]).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["data"].clone()
    }

    /// Connects a websocket that has not received any event yet.
    pub(crate) fn socket(&self) -> Socket {
        let token = self.token.as_deref().unwrap_or_default();
        let headers = format!("Authorization: Bearer {token}\r\nclint-version: 2.0.0\r\n");
        let mut wire = Wire::open(&self.url, &format!("&auth=Bearer%20{token}"), &headers);
        wire.send("40");
        let packet = wire.read().unwrap();
        assert!(packet.starts_with("40{"), "{packet}");
        Socket(wire)
    }
}

impl Socket {
    /// Emits an event as the client does, with one JSON string as its argument.
    pub(crate) fn emit(&mut self, event: &str, arg: Value) {
        self.0.emit(event, arg.to_string().into());
    }

    /// Emits an event with an argument that is not encoded as a string.
    pub(crate) fn emit_raw(&mut self, event: &str, arg: Value) {
        self.0.emit(event, arg);
    }

    /// Waits for the next `event` and returns its argument. Events before it are dropped.
    pub(crate) fn wait(&mut self, event: &str) -> Value {
        self.0.wait(event)
    }

    /// Waits for the next `event` and decodes its argument, which must be one JSON string.
    pub(crate) fn wait_json(&mut self, event: &str) -> Value {
        let arg = self.0.wait(event);
        serde_json::from_str(arg.as_str().unwrap_or_else(|| panic!("{event} came with {arg}"))).unwrap()
    }

    /// Names of all events received until now.
    pub(crate) fn received(&mut self) -> Vec<String> {
        let mark = uuid();
        self.emit("v1MyOnline", json!([{ "peerId": "x", "extra": mark }]));
        let mut names = Vec::new();
        loop {
            let (event, arg) = self.0.next_event();
            if event == "v1OnMyOnline" && arg.to_string().contains(&mark) {
                return names;
            }
            names.push(event);
        }
    }
}

/// Returns a random `localId`.
pub(crate) fn uuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid().to_string()
}

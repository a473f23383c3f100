//! A MinChat sandbox server for tests, and what other people do there over plain REST.

use std::time::Duration;

use minchat_tui::server::{FaultControl, Limits, Options, ServerHandle, start};
use reqwest::Method;
use serde_json::{Value, json};

use crate::wire::Wire;

/// The server's API key.
pub const KEY: &str = "CKEY";

/// A running sandbox without demo people.
pub struct Sandbox {
    handle: ServerHandle,
    http: reqwest::Client,
}

impl Sandbox {
    /// Starts a server.
    pub async fn start() -> Self {
        Self::start_with_heartbeat(None).await
    }

    /// Starts a server with this ping interval and ping timeout.
    pub async fn start_with_heartbeat(ping: Option<(Duration, Duration)>) -> Self {
        let bind = "127.0.0.1:0".parse().unwrap();
        let limits = Limits { heartbeat: ping, ..Limits::default() };
        let options =
            Options { bind, api_key: KEY.to_owned(), guest: "alice".to_owned(), limits, ..Options::default() };
        Self { handle: start(options).await.unwrap(), http: reqwest::Client::new() }
    }

    /// The server's address.
    pub fn url(&self) -> String {
        self.handle.url()
    }

    /// The faults that the server produces. The calls of this type are spared.
    pub fn faults(&self) -> FaultControl {
        self.handle.faults().clone()
    }

    /// Makes a REST call, which must succeed, and returns the body of the answer.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.url()));
        request = request.header("Authorization", format!("Bearer {KEY}")).header("X-Sandbox-Faults", "off");
        if !body.is_null() {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let body = request.send().await.unwrap().bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_ne!(body["success"], false, "{path}: {body}");
        body
    }

    /// Creates a person, or finds them; returns their id.
    pub async fn person(&self, username: &str, name: &str) -> String {
        let user = self.call(Method::POST, "/v1/user", json!({ "username": username, "name": name })).await;
        text(&user["user"]["id"])
    }

    /// Creates a chat between a person and others and returns its id. A chat with a title is a group.
    pub async fn chat(&self, by: &str, usernames: &[&str], title: Option<&str>) -> String {
        let mut body = json!({ "usernames": usernames, "user_id": by });
        if let Some(title) = title {
            body["title"] = title.into();
        }
        text(&self.call(Method::POST, "/v1/chat", body).await["id"])
    }

    /// Sends a message in somebody's name and returns its id.
    pub async fn send_text(&self, chat: &str, by: &str, words: &str) -> String {
        let body = json!({ "chat_id": chat, "user_id": by, "text": words });
        text(&self.call(Method::POST, "/v1/messages", body).await["id"])
    }

    /// Waits until the server reports the person as online.
    pub async fn wait_online(&self, username: &str) {
        let id = text(&self.get(&format!("/v1/user?username={username}")).await["user"]["id"]);
        let mut wire = Wire::connect(&self.url(), KEY);
        while wire.emit_with_ack("user.status", json!({ "memberId": id, "apiKey": KEY }))["status"] != "online" {}
    }

    /// Makes a GET request; see [`Sandbox::call`].
    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Connects a websocket in somebody's name, which makes them online, and joins `chat`.
    pub fn socket(&self, person: &str, chat: &str) -> Wire {
        let mut wire = Wire::connect(&self.url(), KEY);
        wire.emit("room.user.join", json!({ "channelUserId": person, "apiKey": KEY }));
        wire.emit("room.join", json!({ "channelId": chat, "apiKey": KEY }));
        // The server has handled both events when it answers a later one.
        wire.drain();
        wire
    }
}

/// The string in a JSON value.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_owned()
}

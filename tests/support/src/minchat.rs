//! The server, and what others do there over plain REST.

use std::time::Duration;

use minchat_tui::server::{Limits, Options, ServerHandle, start};
use reqwest::Method;
use serde_json::{Value, json};

use crate::wire::Wire;

pub const KEY: &str = "CKEY";

pub struct Sandbox {
    running: ServerHandle,
    http: reqwest::Client,
}

impl Sandbox {
    pub async fn open() -> Self {
        Self::pinging(None).await
    }

    /// One that pings its sockets this often, and waits this long for an answer.
    pub async fn pinging(ping: Option<(Duration, Duration)>) -> Self {
        let bind = "127.0.0.1:0".parse().unwrap();
        let limits = Limits { heartbeat: ping, ..Limits::default() };
        let options =
            Options { bind, api_key: KEY.to_owned(), guest: "alice".to_owned(), limits, ..Options::default() };
        Self { running: start(options).await.unwrap(), http: reqwest::Client::new() }
    }

    pub fn url(&self) -> String {
        self.running.url()
    }

    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.url()));
        request = request.header("Authorization", format!("Bearer {KEY}"));
        if !body.is_null() {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let body = request.send().await.unwrap().bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_ne!(body["success"], false, "{path}: {body}");
        body
    }

    /// Makes somebody, or finds them; their id.
    pub async fn person(&self, username: &str, name: &str) -> String {
        let user = self.call(Method::POST, "/v1/user", json!({ "username": username, "name": name })).await;
        text(&user["user"]["id"])
    }

    /// Makes a chat of somebody with others; its id. With a title it is a group.
    pub async fn chat(&self, by: &str, usernames: &[&str], title: Option<&str>) -> String {
        let mut body = json!({ "usernames": usernames, "user_id": by });
        if let Some(title) = title {
            body["title"] = title.into();
        }
        text(&self.call(Method::POST, "/v1/chat", body).await["id"])
    }

    /// Somebody says something; the message's id.
    pub async fn say(&self, chat: &str, by: &str, words: &str) -> String {
        let body = json!({ "chat_id": chat, "user_id": by, "text": words });
        text(&self.call(Method::POST, "/v1/messages", body).await["id"])
    }

    /// Waits until the server knows that somebody listens.
    pub async fn is_online(&self, username: &str) {
        let id = text(&self.get(&format!("/v1/user?username={username}")).await["user"]["id"]);
        let mut wire = Wire::connect(&self.url(), KEY);
        while wire.ask("user.status", json!({ "memberId": id, "apiKey": KEY }))["status"] != "online" {}
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Somebody's socket: they are there, and hear what happens in `chat`.
    pub fn socket(&self, person: &str, chat: &str) -> Wire {
        let mut wire = Wire::connect(&self.url(), KEY);
        wire.emit("room.user.join", json!({ "channelUserId": person, "apiKey": KEY }));
        wire.emit("room.join", json!({ "channelId": chat, "apiKey": KEY }));
        // The server has taken both once it has answered to what came after them.
        wire.settle();
        wire
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

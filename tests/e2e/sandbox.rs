//! The server, what others do there over plain REST, and a line to it that can be cut.

use minchat_tui::server::{Options, Running, start};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::wire::Wire;

pub(crate) const KEY: &str = "CKEY";

pub(crate) struct Sandbox {
    running: Running,
    http: reqwest::Client,
}

impl Sandbox {
    pub(crate) async fn open() -> Self {
        let bind = "127.0.0.1:0".parse().unwrap();
        let options = Options { bind, api_key: KEY.to_owned(), guest: "alice".to_owned(), ..Options::default() };
        Self { running: start(options).await.unwrap(), http: reqwest::Client::new() }
    }

    pub(crate) fn url(&self) -> String {
        self.running.url()
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Value {
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
    pub(crate) async fn person(&self, username: &str, name: &str) -> String {
        let user = self.call(Method::POST, "/v1/user", json!({ "username": username, "name": name })).await;
        text(&user["user"]["id"])
    }

    /// Makes a chat of somebody with others; its id. With a title it is a group.
    pub(crate) async fn chat(&self, by: &str, usernames: &[&str], title: Option<&str>) -> String {
        let mut body = json!({ "usernames": usernames, "user_id": by });
        if let Some(title) = title {
            body["title"] = title.into();
        }
        text(&self.call(Method::POST, "/v1/chat", body).await["id"])
    }

    /// Somebody says something; the message's id.
    pub(crate) async fn say(&self, chat: &str, by: &str, words: &str) -> String {
        let body = json!({ "chat_id": chat, "user_id": by, "text": words });
        text(&self.call(Method::POST, "/v1/messages", body).await["id"])
    }

    /// Waits until the server knows that somebody listens.
    pub(crate) async fn is_online(&self, username: &str) {
        let id = text(&self.get(&format!("/v1/user?username={username}")).await["user"]["id"]);
        let mut wire = Wire::connect(&self.url(), KEY);
        while wire.ask("user.status", json!({ "memberId": id, "apiKey": KEY }))["status"] != "online" {}
    }

    async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Somebody's socket: they are there, and hear what happens in `chat`.
    pub(crate) fn socket(&self, person: &str, chat: &str) -> Wire {
        let mut wire = Wire::connect(&self.url(), KEY);
        wire.emit("room.user.join", json!({ "channelUserId": person, "apiKey": KEY }));
        wire.emit("room.join", json!({ "channelId": chat, "apiKey": KEY }));
        // The server has taken both once it has answered to what came after them.
        wire.settle();
        wire
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A line to a server that can be cut and mended.
pub(crate) struct Line {
    pub(crate) url: String,
    whole: watch::Sender<bool>,
}

impl Line {
    pub(crate) async fn to(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (whole, state) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (server, mut state) = (server.clone(), state.clone());
                if !*state.borrow_and_update() {
                    continue;
                }
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.changed() => {}
                    }
                });
            }
        });
        Self { url, whole }
    }

    /// Ends every connection, and lets none come about.
    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.whole.send_replace(true);
    }
}

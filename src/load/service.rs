//! The requests of the load generator, and the packets of its sockets, for both services.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, SERVER};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::plan::{LoadPlan, LoadService};

/// The name by which a sandbox introduces itself in its responses.
const SANDBOX: &str = "minchat-tui-sandbox";
/// Time after which a request has failed.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Boundary of forms.
const BOUNDARY: &str = "minchat-tui-load";

/// The status with which a server refuses a connection because there are too many.
pub(super) const BUSY: u16 = 503;

/// The reason of a request for which no connection could be opened.
const NO_CONNECTION: &str = "no connection";

/// A person who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Person {
    id: String,
    name: String,
    token: String,
}

/// The kind of a failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CallError {
    /// The server has refused it, with this status and text, and may have said how long to wait.
    Refused(u16, String, Option<Duration>),
    /// There was no response, for this reason.
    Unanswered(&'static str),
}

impl CallError {
    /// The kind under which it is counted.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Refused(status, ..) => status.to_string(),
            Self::Unanswered(reason) => (*reason).to_owned(),
        }
    }

    /// Whether the same request may succeed soon. Where nobody listens, nobody will.
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(status, ..) => matches!(status, 408 | 429 | 500..=599),
            Self::Unanswered(reason) => *reason != NO_CONNECTION,
        }
    }

    /// How long the server asks to wait.
    pub(super) fn wait(&self) -> Option<Duration> {
        if let Self::Refused(_, _, wait) = self { *wait } else { None }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unanswered(match &error {
            error if error.is_timeout() => "timeout",
            error if error.is_connect() => NO_CONNECTION,
            _ => "connection lost",
        })
    }
}

/// The server under load.
#[derive(Debug, Clone)]
pub(super) struct Service {
    http: Client,
    plan: LoadPlan,
    /// A word in each message, by which those of this run are recognised.
    tag: String,
}

impl Service {
    /// Prepares requests to the server of a plan. `tag` distinguishes this run from others.
    pub(super) fn new(plan: &LoadPlan, tag: String) -> Result<Self, CallError> {
        let http = Client::builder().timeout(TIMEOUT);
        // Like the chat, which uses a proxy of the environment only over TLS.
        let http = if plan.url.starts_with("https:") { http } else { http.no_proxy() };
        let http = http.build()?;
        Ok(Self { http, plan: plan.clone(), tag })
    }

    /// Whether the server is a sandbox.
    pub(super) async fn is_sandbox(&self) -> Result<bool, CallError> {
        let response = self.http.get(format!("{}/", self.plan.url)).send().await?;
        if response.status() == BUSY {
            return Err(CallError::Refused(BUSY, String::new(), None));
        }
        Ok(response.headers().get(SERVER).is_some_and(|server| server == SANDBOX))
    }

    /// Signs in the person with this number, who is created.
    pub(super) async fn sign_in(&self, number: usize) -> Result<Person, CallError> {
        let name = format!("load-{}-{number}", self.tag);
        match self.plan.service {
            LoadService::MinChat => {
                let response =
                    self.post("/v1/user", &self.plan.key, &json!({ "username": name, "name": name })).await?;
                Ok(Person { id: text(&response["user"]["id"]), name, token: self.plan.key.clone() })
            }
            LoadService::VChat => {
                let password = Sha512::digest(format!("{}_{name}", self.plan.key));
                let password: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
                let fields = [
                    ("identifier", name.as_str()),
                    ("fullName", &name),
                    ("deviceId", &name),
                    ("password", &password),
                    ("platform", "linux"),
                ];
                let response = self.form("/api/v2/auth/connect", "null", &fields).await?;
                let (id, token) = (text(&response["data"]["user"]["_id"]), text(&response["data"]["accessToken"]));
                Ok(Person { id, name, token })
            }
        }
    }

    /// Creates a room of these people and returns its id.
    pub(super) async fn create_room(&self, number: usize, members: &[&Person]) -> Result<String, CallError> {
        let title = format!("load {} {number}", self.tag);
        let Some((creator, others)) = members.split_first() else { return Ok(String::new()) };
        match self.plan.service {
            LoadService::MinChat => {
                let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
                let body = json!({ "usernames": names, "user_id": creator.id, "title": title });
                Ok(text(&self.post("/v1/chat", &creator.token, &body).await?["id"]))
            }
            LoadService::VChat => {
                let names: Vec<&str> = others.iter().map(|member| member.name.as_str()).collect();
                let fields = [("identifiers", json!(names).to_string()), ("groupName", title)];
                let fields = [(fields[0].0, fields[0].1.as_str()), (fields[1].0, fields[1].1.as_str())];
                let response = self.form("/api/v2/channel/group", &creator.token, &fields).await?;
                Ok(text(&response["data"]["rId"]))
            }
        }
    }

    /// Sends the message with this number.
    pub(super) async fn send(&self, person: &Person, room: &str, number: usize) -> Result<(), CallError> {
        let text = format!("{}{number}.", self.marker());
        match self.plan.service {
            LoadService::MinChat => {
                let body = json!({ "chat_id": room, "user_id": person.id, "text": text });
                self.post("/v1/messages", &person.token, &body).await.map(drop)
            }
            LoadService::VChat => {
                let local = format!("{}-0000-4000-8000-{number:012x}", &self.tag[..8]);
                let fields = [
                    ("content", text.as_str()),
                    ("localId", &local),
                    ("isEncrypted", "false"),
                    ("messageType", "text"),
                ];
                self.form(&format!("/api/v2/channel/{room}/message/"), &person.token, &fields).await.map(drop)
            }
        }
    }

    /// Address of the socket of a person.
    pub(super) fn socket_url(&self, person: &Person) -> String {
        let auth = match self.plan.service {
            LoadService::MinChat => String::new(),
            LoadService::VChat => format!("&auth=Bearer%20{}", person.token),
        };
        // `http` becomes `ws`, and `https` becomes `wss`.
        format!("{}/socket.io/?EIO=4&transport=websocket{auth}", self.plan.url.replacen("http", "ws", 1))
    }

    /// Packets with which a person joins a room; the server acknowledges the last one with `430`. None if the server
    /// subscribes people to their rooms by itself.
    pub(super) fn joins(&self, person: &Person, room: &str) -> Vec<String> {
        let key = &self.plan.key;
        match self.plan.service {
            LoadService::MinChat => vec![
                format!("42{}", json!(["room.user.join", { "channelUserId": person.id, "apiKey": key }])),
                format!("42{}", json!(["room.join", { "channelId": room, "apiKey": key }])),
                format!("420{}", json!(["user.status", { "memberId": person.id, "apiKey": key }])),
            ],
            LoadService::VChat => Vec::new(),
        }
    }

    fn marker(&self) -> String {
        format!("load {} number ", self.tag)
    }

    /// Returns a function that finds the number of the message in a packet, if it is the event of a message of this run.
    /// The sender receives the event as well, so packets with the id of `person` as the sender's do not count.
    pub(super) fn finder(&self, person: &Person) -> impl Fn(&str) -> Option<usize> + Send + 'static + use<> {
        let (event, own) = match self.plan.service {
            LoadService::MinChat => ("42[\"message\",", format!("\"user_id\":\"{}\"", person.id)),
            // The argument is JSON in a string.
            LoadService::VChat => ("42[\"v1OnNewMessage\",", format!("\\\"sId\\\":\\\"{}\\\"", person.id)),
        };
        let marker = self.marker();
        move |packet| {
            let (_, rest) = packet.strip_prefix(event)?.split_once(&marker)?;
            let number = rest.split('.').next()?.parse().ok()?;
            (!packet.contains(&own)).then_some(number)
        }
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> Result<Value, CallError> {
        let request = self.http.post(format!("{}{path}", self.plan.url)).header(CONTENT_TYPE, "application/json");
        respond(request.body(body.to_string()), token).await
    }

    async fn form(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Result<Value, CallError> {
        let part = |(name, value): &(&str, &str)| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body: String = fields.iter().map(part).chain([format!("--{BOUNDARY}--\r\n")]).collect();
        let request = self.http.post(format!("{}{path}", self.plan.url));
        respond(request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")).body(body), token)
            .await
    }
}

/// Makes a request and returns the body of the response.
async fn respond(request: RequestBuilder, token: &str) -> Result<Value, CallError> {
    let response = request.header(AUTHORIZATION, format!("Bearer {token}")).send().await?;
    let status = response.status();
    let wait = response.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
    let body = response.bytes().await?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status.is_success() && body["success"] != json!(false) {
        return Ok(body);
    }
    let reason = [&body["message"], &body["data"]].into_iter().find_map(Value::as_str).unwrap_or_default();
    Err(CallError::Refused(status.as_u16(), reason.to_owned(), wait.map(Duration::from_secs)))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

//! A small protocol for tests. Its sign-in returns a token that every call carries and that can expire with status 450.

use serde_json::{Value, json};

use crate::domain::{Capabilities, Content, Failure, PersonId, PersonInfo, Request, ServerEvent};
use crate::protocol::minchat::MinChat;
use crate::protocol::{Body, Call, DecodeError, Frame, Handshake, HttpCall, HttpMethod, Part, Protocol};
use crate::text::SafeText;

#[derive(Default)]
pub(super) struct FakeProtocol {
    /// The token of the latest sign-in.
    pub(super) token: String,
    /// Whether the handshake contains a value that no header can carry.
    pub(super) invalid_header: bool,
}

impl FakeProtocol {
    fn call(&self, path: &str, json: Option<Value>, form: Option<Vec<Part>>) -> Option<Call> {
        let method = if json.is_some() || form.is_some() { HttpMethod::Post } else { HttpMethod::Get };
        let query = if path == "/auth" { Vec::new() } else { vec![("token".to_owned(), self.token.clone())] };
        let authorization = format!("Bearer {}", self.token);
        Some(Call::Http(HttpCall { method, path: path.to_owned(), query, json, form, authorization }))
    }
}

impl Protocol for FakeProtocol {
    fn capabilities(&self) -> Capabilities {
        MinChat::CAPABILITIES
    }

    fn encode(&mut self, request: &Request) -> Option<Call> {
        match request {
            Request::SignIn { .. } => self.call("/auth", Some(json!({})), None),
            Request::Send { content: Content::Text { text, .. }, .. } => {
                self.call("/text", Some(json!({ "text": text })), None)
            }
            Request::Send { content: Content::File { file, .. }, .. } => {
                let content = Part::Field { name: "content", value: "📁".to_owned() };
                self.call("/file", None, Some(vec![content, Part::File { name: "file", file: (**file).clone() }]))
            }
            Request::Rooms { .. } => self.call("/rooms", None, None),
            Request::Typing { .. } => Some(Call::Emit { event: "typing", payload: json!("{}") }),
            _ => None,
        }
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        let Frame::Reply { request, status, body } = frame else { return Ok(Vec::new()) };
        let Body::Json(body) = body else { panic!("not JSON") };
        Ok(vec![match (&request, status) {
            (Request::SignIn { .. }, 200) => {
                self.token = body["token"].as_str().unwrap().to_owned();
                let id = PersonId::new(body["id"].as_str().unwrap());
                let (username, name) = (SafeText::line("alice"), SafeText::line("Alice"));
                let me = PersonInfo { id, username, name, last_active: None, agent: false };
                ServerEvent::SignedIn { me, capabilities: self.capabilities() }
            }
            (_, 200..=299) => ServerEvent::Done(request),
            _ => ServerEvent::Failed {
                request,
                failure: Failure::from_status(status),
                reason: SafeText::line(&format!("Status {status}.")),
            },
        }])
    }

    fn handshake(&self) -> Handshake {
        let token = format!("Bearer {}", self.token);
        let header = if self.invalid_header { format!("{token}\n") } else { token.clone() };
        Handshake {
            query: vec![("auth", token), ("x", "a&b=c/é+".to_owned())],
            headers: vec![("authorization", header), ("clint-version", "2.0.0".to_owned())],
        }
    }

    fn has_expired(&self, status: u16) -> bool {
        status == 450
    }
}

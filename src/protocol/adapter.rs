//! What every back end is to the rest of the program.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

use crate::domain::{Capabilities, FileFacts, Request, ServerEvent};
use crate::text::{SafeText, redact};

/// A back end: two pure functions and what it can do.
pub trait Protocol: Send {
    /// What this back end can do.
    fn capabilities(&self) -> Capabilities;

    /// The calls that carry `request` out, in order. Empty when the back end has no such thing.
    fn encode(&mut self, request: &Request) -> Vec<Call>;

    /// What `frame` means. An event nobody knows is an empty list; one that is known and cannot be read is an error,
    /// which costs that frame and nothing else.
    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError>;

    /// What the socket's opening request carries besides what the library puts there. Asked after each sign-in.
    fn handshake(&self) -> Handshake {
        Handshake::default()
    }

    /// Whether a REST answer of this status means that the sign-in has run out: signing in again and asking once more
    /// may help.
    fn has_expired(&self, _status: u16) -> bool {
        false
    }
}

/// What the socket's opening request carries. Secrets, as a rule.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    /// Pairs of the query, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
}

impl fmt::Debug for Handshake {
    /// Leaves the values out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(&'static str, String)]| pairs.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        f.debug_struct("Handshake").field("query", &names(&self.query)).field("headers", &names(&self.headers)).finish()
    }
}

/// Something to do on the wire.
#[derive(Clone, PartialEq)]
pub enum Call {
    /// A socket event with one argument, without an acknowledgement.
    Emit {
        /// The event's name.
        event: &'static str,
        /// Its argument.
        payload: Value,
    },
    /// A REST call, whose answer comes back as [`Frame::Reply`].
    Http(HttpCall),
}

impl fmt::Debug for Call {
    /// Leaves the payload out: it carries the API key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Emit { event, .. } => f.debug_struct("Emit").field("event", event).finish_non_exhaustive(),
            Self::Http(call) => f.debug_tuple("Http").field(call).finish(),
        }
    }
}

/// A REST call. The transport adds the base URL; `authorization` is here since back ends differ in it.
#[derive(Clone, PartialEq)]
pub struct HttpCall {
    /// The method.
    pub method: HttpMethod,
    /// The path below the base URL, already percent-encoded, beginning with `/`.
    pub path: String,
    /// The query, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body, if any.
    pub json: Option<Value>,
    /// The fields of a `multipart/form-data` body, if that is what it takes. Never together with `json`.
    pub form: Option<Vec<Part>>,
    /// The value of the `Authorization` header. A secret.
    pub authorization: String,
}

impl fmt::Debug for HttpCall {
    /// Leaves out what is secret (`authorization`) or private (the bodies).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpCall").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// A part of a form.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// A field.
    Field {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
    },
    /// A file, which the transport reads.
    File {
        /// The part's name.
        name: &'static str,
        /// The file.
        file: FileFacts,
    },
}

impl fmt::Debug for Part {
    /// Leaves the values out: they are passwords and what people write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { name, .. } => f.debug_tuple("Field").field(name).finish(),
            Self::File { name, .. } => f.debug_tuple("File").field(name).finish(),
        }
    }
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// GET
    Get,
    /// POST
    Post,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

/// Something that came off the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// A socket event.
    Event {
        /// The event's name.
        name: String,
        /// Its arguments.
        args: Vec<Value>,
    },
    /// The answer to a REST call.
    Reply {
        /// The request that was encoded into the call.
        request: Request,
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Body,
    },
}

/// The body of a REST answer.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// JSON.
    Json(Value),
    /// Something else, such as a proxy's error page; the beginning of it.
    Other(String),
}

impl fmt::Debug for Body {
    /// Leaves it out: a sign-in is answered with a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(_) => "Json(…)",
            Self::Other(_) => "Other(…)",
        })
    }
}

/// Takes secrets out of what a server says to the user: some repeat the headers of what they refuse.
pub(super) fn hush(events: &mut [ServerEvent], secrets: &[&str]) {
    for event in events {
        if let ServerEvent::Failed { reason: said, .. } | ServerEvent::Notice(said) = event {
            let hidden = redact(said, secrets.iter().copied());
            if hidden != **said {
                *said = SafeText::line(&hidden);
            }
        }
    }
}

/// A frame of a known kind that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the server's `{what}` cannot be read: {why}")]
pub struct DecodeError {
    /// The event or request.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
}

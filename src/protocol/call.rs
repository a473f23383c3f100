//! Outgoing messages: socket events, REST calls and the socket's opening request.
//!
//! Most of them carry secrets or private text, so their `Debug` output shows names only.

use std::fmt;

use serde_json::Value;

use crate::domain::OutgoingFile;

/// An operation on the wire.
#[derive(Clone, PartialEq)]
pub enum Call {
    /// A socket event with one argument and no acknowledgement.
    Emit {
        /// The event's name.
        event: &'static str,
        /// The argument.
        payload: Value,
    },
    /// A REST call. Its reply comes back as [`Frame::Reply`](super::Frame::Reply).
    Http(HttpCall),
}

impl fmt::Debug for Call {
    /// Omits the payload, which carries the API key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Emit { event, .. } => f.debug_struct("Emit").field("event", event).finish_non_exhaustive(),
            Self::Http(call) => f.debug_tuple("Http").field(call).finish(),
        }
    }
}

/// A REST call without the base URL, which the transport adds.
#[derive(Clone, PartialEq)]
pub struct HttpCall {
    /// The HTTP method.
    pub method: HttpMethod,
    /// The path below the base URL: percent-encoded, with a leading `/`.
    pub path: String,
    /// The query, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body, if any.
    pub json: Option<Value>,
    /// The parts of a `multipart/form-data` body, if any. Never set together with `json`.
    pub form: Option<Vec<Part>>,
    /// The value of the `Authorization` header, which differs between services. A secret.
    pub authorization: String,
}

impl fmt::Debug for HttpCall {
    /// Omits the secret (`authorization`) and everything private (query and bodies).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpCall").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// A part of a `multipart/form-data` body.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// A text field.
    Field {
        /// The field's name.
        name: &'static str,
        /// The field's value.
        value: String,
    },
    /// A file that the transport reads while it sends.
    File {
        /// The part's name.
        name: &'static str,
        /// The file on this machine.
        file: OutgoingFile,
    },
}

impl fmt::Debug for Part {
    /// Omits the values: passwords and the text of messages.
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

/// Query pairs and headers of the socket's opening request. They usually hold secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    /// Query pairs, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
}

impl fmt::Debug for Handshake {
    /// Omits the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(&'static str, String)]| pairs.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        f.debug_struct("Handshake").field("query", &names(&self.query)).field("headers", &names(&self.headers)).finish()
    }
}

//! Incoming messages: socket events and replies to REST calls.

use std::fmt;

use serde_json::Value;

use crate::domain::Request;

/// A message from the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// A socket event.
    Event {
        /// The event's name.
        name: String,
        /// The event's arguments.
        args: Vec<Value>,
    },
    /// The reply to a REST call.
    Reply {
        /// The request that was encoded into the call.
        request: Request,
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Body,
    },
}

/// The body of a REST reply.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// JSON. An empty body counts as `null`.
    Json(Value),
    /// The beginning of any other body, such as a proxy's error page.
    Other(String),
}

impl fmt::Debug for Body {
    /// Omits the contents: the reply to a sign-in holds a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(_) => "Json(…)",
            Self::Other(_) => "Other(…)",
        })
    }
}

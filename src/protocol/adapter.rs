//! The interface that every back end implements.

use thiserror::Error;

use crate::domain::{Capabilities, Request, ServerEvent};
use crate::text::Secrets;

use super::call::{Call, Handshake};
use super::frame::Frame;

/// A chat service as the rest of the program sees it: two pure functions and its capabilities.
pub trait Protocol: Send {
    /// Returns the features and limits of the service.
    fn capabilities(&self) -> Capabilities;

    /// Returns the call that carries out `request`. `None` if the service has no such feature.
    fn encode(&mut self, request: &Request) -> Option<Call>;

    /// Translates `frame` into domain events. An unknown event yields an empty list. A known event or reply that cannot
    /// be read is an error, which affects only that frame.
    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError>;

    /// Handles a request that ended without a usable reply, such as after a lost connection.
    fn on_unanswered(&mut self, _request: &Request) {}

    /// Returns the query pairs and headers that the service requires in the socket's opening request. Called after each
    /// sign-in.
    fn handshake(&self) -> Handshake {
        Handshake::default()
    }

    /// Returns the secrets of the connection: keys, tokens and what is derived from them. Text that quotes the server
    /// is searched for them before it is shortened and before anybody reads it. The secrets change with each sign-in.
    fn secrets(&self) -> &Secrets {
        static NONE: Secrets = Secrets::new();
        &NONE
    }

    /// Whether a REST reply with this status means that the session has expired, so that signing in again and repeating
    /// the call may help.
    fn has_expired(&self, _status: u16) -> bool {
        false
    }
}

/// A frame of a known kind that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot read the server's {subject} ({reason})")]
pub struct DecodeError {
    /// The name of the socket event, or the kind of reply.
    pub subject: String,
    /// The defect, such as a missing field. Never quotes the server.
    pub reason: String,
}

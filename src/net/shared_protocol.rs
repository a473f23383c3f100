//! The adapter of a connection, shared by the driver and the socket's thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Request, ServerEvent};
use crate::protocol::{Call, DecodeError, Frame, Handshake, Protocol};
use crate::text::SafeText;

/// A [`Protocol`] behind a mutex. Each call locks it for the time of one frame or one request.
#[derive(Clone)]
pub(super) struct SharedProtocol(Arc<Mutex<Box<dyn Protocol>>>);

impl SharedProtocol {
    pub(super) fn new(protocol: Box<dyn Protocol>) -> Self {
        Self(Arc::new(Mutex::new(protocol)))
    }

    /// Returns the call that carries out `request`.
    pub(super) fn encode(&self, request: &Request) -> Option<Call> {
        self.lock().encode(request)
    }

    /// Translates a frame into events.
    pub(super) fn decode(&self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        self.lock().decode(frame)
    }

    /// Handles a request that ended without a usable reply.
    pub(super) fn on_unanswered(&self, request: &Request) {
        self.lock().on_unanswered(request);
    }

    /// Returns the query and headers of the socket's opening request.
    pub(super) fn handshake(&self) -> Handshake {
        self.lock().handshake()
    }

    /// Masks the secrets of the connection in `sentence`, which may quote the server.
    pub(super) fn redact(&self, sentence: &str) -> SafeText {
        SafeText::line(&self.lock().secrets().redact(sentence))
    }

    /// Returns the first `count` characters of `text` with the secrets of the connection masked.
    pub(super) fn quote(&self, text: &str, count: usize) -> String {
        self.lock().secrets().redact_first_chars(text, count)
    }

    /// Returns `text` with the secrets of the connection masked. Not sanitised.
    pub(super) fn mask_secrets(&self, text: &str) -> String {
        self.lock().secrets().redact(text)
    }

    /// Whether a reply with this status means that the session has expired.
    pub(super) fn has_expired(&self, status: u16) -> bool {
        self.lock().has_expired(status)
    }

    /// Locks the adapter. It stays usable after a panic while decoding: its memory holds ids and names, each of which
    /// is valid by itself.
    fn lock(&self) -> MutexGuard<'_, Box<dyn Protocol>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The V Chat adapter: implements [`Protocol`] on top of `encode`, `decode` and `reply`.

use std::fmt;

use crate::domain::{Capabilities, Request, ServerEvent};
use crate::protocol::{Call, DecodeError, Frame, Handshake, Protocol};
use crate::text::Secrets;

use super::http::SIGNED_OUT;
use super::state::{Credentials, VChatState};
use super::{capabilities, decode, encode, reply, sign_in};

/// The V Chat back end of one account.
pub struct VChat {
    state: VChatState,
}

impl VChat {
    /// The capabilities of every V Chat server.
    pub const CAPABILITIES: Capabilities = capabilities::CAPABILITIES;

    /// Creates an adapter that signs in with `credentials`. `device` is the id of this device, a UUID that is the same
    /// at every start.
    pub fn new(credentials: Credentials, device: impl Into<String>) -> Self {
        Self { state: VChatState::new(credentials, device.into()) }
    }
}

impl Protocol for VChat {
    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn encode(&mut self, request: &Request) -> Option<Call> {
        match request {
            Request::LogOut => self.state.logging_out = true,
            Request::SignIn { username, .. } => {
                self.state.logging_out = false;
                if let Credentials::HashKey(key) = &self.state.credentials {
                    self.state.secrets.add_password(sign_in::password(key, username));
                }
            }
            _ => {}
        }
        encode::encode(&self.state, request)
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        match frame {
            Frame::Event { name, args } => decode::decode(&mut self.state, &name, &args),
            Frame::Reply { request, status, body } => reply::decode(&mut self.state, request, status, &body),
        }
    }

    /// After logging out has failed, the session may go on and is renewed again.
    fn on_unanswered(&mut self, request: &Request) {
        if matches!(request, Request::LogOut) {
            self.state.logging_out = false;
        }
    }

    fn secrets(&self) -> &Secrets {
        self.state.secrets.all()
    }

    /// Returns the token both in the query and in a header (`docs/protocol/vchat.md` §3): servers prefer the header,
    /// which proxies may drop.
    fn handshake(&self) -> Handshake {
        let Some(session) = &self.state.session else { return Handshake::default() };
        let bearer = session.bearer();
        Handshake {
            query: vec![("auth", bearer.clone())],
            headers: vec![("authorization", bearer), ("clint-version", "2.0.0".to_owned())],
        }
    }

    /// Whether the server has ended the session and the client can renew it, which requires the hash key. A session
    /// that the user ends is not renewed.
    fn has_expired(&self, status: u16) -> bool {
        let can_renew = matches!(self.state.credentials, Credentials::HashKey(_));
        status == SIGNED_OUT && can_renew && !self.state.logging_out
    }
}

impl fmt::Debug for VChat {
    /// Omits the credentials and the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let me = self.state.session.as_ref().map(|session| &session.me);
        f.debug_struct("VChat").field("me", &me).finish_non_exhaustive()
    }
}

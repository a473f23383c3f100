//! The MinChat adapter: implements [`Protocol`] on top of `encode`, `decode` and `reply`.

use std::fmt;

use crate::domain::{Capabilities, Request, ServerEvent};
use crate::protocol::{Call, DecodeError, Frame, Protocol};
use crate::text::Secrets;

use super::state::MinChatState;
use super::{capabilities, decode, encode, reply};

/// The MinChat back end of one account.
pub struct MinChat {
    state: MinChatState,
}

impl MinChat {
    /// The capabilities of every MinChat server.
    pub const CAPABILITIES: Capabilities = capabilities::CAPABILITIES;

    /// Creates an adapter for the app that `api_key` belongs to.
    pub fn new(api_key: impl Into<String>) -> Self {
        Self { state: MinChatState::new(api_key.into()) }
    }
}

impl Protocol for MinChat {
    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn encode(&mut self, request: &Request) -> Option<Call> {
        encode::encode(&self.state, request)
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        Ok(match frame {
            Frame::Event { name, args } => decode::decode(&mut self.state, &name, &args)?.into_iter().collect(),
            Frame::Reply { request, status, body } => vec![reply::decode(&mut self.state, request, status, &body)?],
        })
    }

    fn secrets(&self) -> &Secrets {
        &self.state.secrets
    }
}

impl fmt::Debug for MinChat {
    /// Omits the API key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinChat").field("api_key", &"***").finish_non_exhaustive()
    }
}

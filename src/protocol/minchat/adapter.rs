//! The MinChat adapter: who is signed in, and the two functions.

use std::fmt;

use crate::domain::{Capabilities, Feature, MINUTE, PresenceBy, Receipts, Request, SECOND, ServerEvent};
use crate::protocol::adapter::hush;
use crate::protocol::recall::Recall;
use crate::protocol::{Call, DecodeError, Frame, Protocol};

use super::encode::Me;
use super::{decode, encode, reply};

/// The MinChat back end. It remembers who is signed in and which names it has already told.
pub struct MinChat {
    pub(super) api_key: String,
    pub(super) me: Option<Me>,
    pub(super) recall: Recall,
}

impl MinChat {
    /// An adapter for the app that `api_key` belongs to.
    pub fn new(api_key: impl Into<String>) -> Self {
        Self { api_key: api_key.into(), me: None, recall: Recall::default() }
    }

    /// What MinChat can do. Typing is told once and holds six seconds, presence every five minutes (§4).
    pub const CAPABILITIES: Capabilities = Capabilities {
        name: "MinChat",
        features: &[Feature::Edit, Feature::Delete, Feature::Members, Feature::DeleteChatForAll],
        unnamed_rooms: true,
        by_username: false,
        page_size: 25,
        receipts: Receipts::PerMessage,
        presence: PresenceBy::Announcement(5 * MINUTE),
        typing_holds: 6 * SECOND,
        typing_quiet: 2 * SECOND,
    };
}

impl Protocol for MinChat {
    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn encode(&mut self, request: &Request) -> Vec<Call> {
        encode::encode(self, request).into_iter().collect()
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        let mut events: Vec<_> = match frame {
            Frame::Event { name, args } => decode::event(self, &name, &args)?.into_iter().collect(),
            Frame::Reply { request, status, body } => vec![reply::reply(self, request, status, &body)?],
        };
        hush(&mut events, &[&self.api_key]);
        Ok(events)
    }
}

impl fmt::Debug for MinChat {
    /// Leaves the API key out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinChat").field("api_key", &"***").finish_non_exhaustive()
    }
}

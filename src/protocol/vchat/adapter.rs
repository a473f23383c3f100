//! The V Chat adapter: how one signs in, who is signed in, and the two functions.

use std::fmt;

use crate::domain::{Capabilities, Feature, HOUR, PresenceBy, Receipts, Request, SECOND, ServerEvent, Timestamp};
use crate::protocol::adapter::hush;
use crate::protocol::recall::{Authors, Recall};
use crate::protocol::{Call, DecodeError, Frame, Handshake, Protocol};

use super::message::Reader;
use super::session::{Credentials, Session};
use super::{decode, encode, reply, session};

/// The V Chat back end. It remembers who is signed in and which names it has already told.
pub struct VChat {
    pub(super) credentials: Credentials,
    /// What the server is to call this machine: the same on every start, a UUID (§1.3).
    pub(super) device: String,
    pub(super) session: Option<Session>,
    pub(super) recall: Recall,
    /// When the newest message was sent that was read here.
    pub(super) latest: Timestamp,
}

impl VChat {
    /// An adapter that signs in with `credentials`, from the device that is called `device`.
    pub fn new(credentials: Credentials, device: impl Into<String>) -> Self {
        Self {
            credentials,
            device: device.into(),
            session: None,
            recall: Recall::default(),
            latest: Timestamp::default(),
        }
    }

    /// What V Chat can do. There is no editing (§2.3), and a deleted chat is only gone for oneself (§2.2.2). Who is
    /// there is asked every ten seconds (§3.4). Typing is told once and never repeated nor taken back by time (§4.1),
    /// so it is
    /// believed for long, and taken back only when the text is gone.
    pub const CAPABILITIES: Capabilities = Capabilities {
        name: "V Chat",
        features: &[
            Feature::Delete,
            Feature::DeleteForMe,
            Feature::Reply,
            Feature::Forward,
            Feature::Star,
            Feature::Files,
            Feature::SeenBy,
            Feature::Members,
            Feature::Roles,
            Feature::Groups,
            Feature::Broadcasts,
            Feature::Mute,
            Feature::Archive,
            Feature::FindRooms,
            Feature::FindPeople,
            Feature::Block,
            Feature::Calls,
        ],
        unnamed_rooms: false,
        by_username: true,
        page_size: 30,
        receipts: Receipts::PerRoom,
        presence: PresenceBy::Asking(10 * SECOND),
        typing_holds: 60 * SECOND,
        typing_quiet: HOUR,
    };

    /// What reads messages, and tells `authors` of them.
    pub(super) fn reader(&mut self, authors: Authors) -> Reader<'_> {
        Reader {
            recall: &mut self.recall,
            before: self.latest,
            latest: &mut self.latest,
            me: self.session.as_ref().map(|session| &session.me),
            authors,
            room: None,
        }
    }
}

impl Protocol for VChat {
    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn encode(&mut self, request: &Request) -> Vec<Call> {
        encode::encode(self, request).into_iter().collect()
    }

    fn decode(&mut self, frame: Frame) -> Result<Vec<ServerEvent>, DecodeError> {
        // Derived from the key, so no less a secret; only a sign-in carries it.
        let password = match (&frame, &self.credentials) {
            (Frame::Reply { request: Request::SignIn { username, .. }, .. }, Credentials::HashKey(key)) => {
                session::password(key, username)
            }
            _ => String::new(),
        };
        let mut events = match frame {
            Frame::Event { name, args } => decode::event(self, &name, &args)?,
            Frame::Reply { request, status, body } => reply::reply(self, request, status, &body)?,
        };
        let (Credentials::HashKey(secret) | Credentials::Token(secret)) = &self.credentials;
        let token = self.session.as_ref().map_or("", Session::token);
        hush(&mut events, &[secret, token, &password]);
        Ok(events)
    }

    /// The token in the query and in a header (§3): servers look into the header first, proxies may drop it.
    fn handshake(&self) -> Handshake {
        let Some(session) = &self.session else { return Handshake::default() };
        let bearer = session.bearer();
        Handshake {
            query: vec![("auth", bearer.clone())],
            headers: vec![("authorization", bearer), ("clint-version", "2.0.0".to_owned())],
        }
    }

    /// 450 is V Chat's "signed out" (§1.2). Without the hash key there is no other token to be had.
    fn has_expired(&self, status: u16) -> bool {
        status == 450 && matches!(self.credentials, Credentials::HashKey(_))
    }
}

impl fmt::Debug for VChat {
    /// Leaves the credentials and the token out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let me = self.session.as_ref().map(|session| &session.me);
        f.debug_struct("VChat").field("me", &me).finish_non_exhaustive()
    }
}

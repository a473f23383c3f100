//! State of the V Chat adapter between frames.

use std::fmt;

use crate::domain::{PersonId, Timestamp};
use crate::protocol::person_cache::{PersonCache, ReportAuthors};

use super::account_secrets::AccountSecrets;
use super::message::MessageReader;

/// Credentials for the sign-in. Both variants hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The hash key of the app, which must be the server's. Everybody's password is derived from it.
    HashKey(String),
    /// An access token that the app's own server obtained for this user.
    Token(String),
}

impl fmt::Debug for Credentials {
    /// Omits the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HashKey(_) => "HashKey(***)",
            Self::Token(_) => "Token(***)",
        })
    }
}

/// The signed-in user.
pub(super) struct Session {
    /// The access token. A secret.
    pub(super) token: String,
    /// The server's id of the user.
    pub(super) me: PersonId,
    /// The user's identifier, chosen by the app that the server belongs to.
    pub(super) identifier: String,
}

impl Session {
    /// Returns the value of the `authorization` header.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// State of one adapter.
pub(super) struct VChatState {
    pub(super) credentials: Credentials,
    /// Everything that must not appear in a sentence of the server.
    pub(super) secrets: AccountSecrets,
    /// Id of this device, a UUID that is the same at every start (`docs/protocol/vchat.md` §1.3).
    pub(super) device: String,
    /// Whether the user is ending the session, so that it must not be renewed.
    pub(super) logging_out: bool,
    /// The session, once signed in.
    pub(super) session: Option<Session>,
    /// People that were reported to the program.
    pub(super) people: PersonCache,
    /// Time of the newest message that was read. Used for a message without a time of its own.
    pub(super) latest: Timestamp,
}

impl VChatState {
    /// Creates the state of an adapter that is not signed in.
    pub(super) fn new(credentials: Credentials, device: String) -> Self {
        let (Credentials::HashKey(secret) | Credentials::Token(secret)) = &credentials;
        Self {
            secrets: AccountSecrets::new(secret),
            credentials,
            device,
            logging_out: false,
            session: None,
            people: PersonCache::default(),
            latest: Timestamp::default(),
        }
    }

    /// Returns a reader for messages that report their authors according to `report`.
    pub(super) fn message_reader(&mut self, report: ReportAuthors) -> MessageReader<'_> {
        MessageReader {
            people: &mut self.people,
            previous: self.latest,
            latest: &mut self.latest,
            me: self.session.as_ref().map(|session| &session.me),
            report,
            room: None,
            secrets: self.secrets.all(),
        }
    }
}

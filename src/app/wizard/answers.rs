//! The answers of the wizard that are chosen from a list.

use crate::config::{Backend, Credential, HAS_KEYRING};

/// A service to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// MinChat.
    MinChat,
    /// V Chat, with the hash key of the server.
    VChatHashKey,
    /// V Chat, with the access token of a user.
    VChatToken,
    /// The demo.
    Demo,
}

/// A place for the key or token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file of its own.
    File,
    /// The keyring.
    Keyring,
    /// The configuration file.
    Config,
    /// A program that prints it. The user types the program.
    Command,
    /// An environment variable. The user types its name.
    Variable,
}

/// An entry of the last question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Save and open the chat.
    Start,
    /// Test the connection again.
    Retry,
    /// Go back to the answers.
    Change,
}

impl Service {
    /// All services, in the order of the list.
    pub const ALL: [Self; 4] = [Self::MinChat, Self::VChatHashKey, Self::VChatToken, Self::Demo];

    /// Returns its entry in the list.
    pub fn label(self) -> &'static str {
        match self {
            Self::MinChat => "MinChat",
            Self::VChatHashKey => "V Chat, with the hash key of the server",
            Self::VChatToken => "V Chat, with an access token",
            Self::Demo => "Just show me (simulated people, no account)",
        }
    }

    pub(super) fn backend(self) -> Backend {
        match self {
            Self::MinChat | Self::Demo => Backend::MinChat,
            Self::VChatHashKey | Self::VChatToken => Backend::VChat,
        }
    }

    /// Returns what it needs to sign in.
    pub fn credential(self) -> Credential {
        match self {
            Self::MinChat | Self::Demo => Credential::ApiKey,
            Self::VChatHashKey => Credential::HashKey,
            Self::VChatToken => Credential::Token,
        }
    }
}

impl KeyPlace {
    /// Returns the places, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        let all = [Self::File, Self::Keyring, Self::Config, Self::Command, Self::Variable];
        all.into_iter().filter(|place| HAS_KEYRING || *place != Self::Keyring)
    }

    /// Returns its entry in the list.
    pub fn label(self) -> &'static str {
        match self {
            Self::File => "Keep it in a file that only you can read",
            Self::Keyring => "Keep it in the keyring",
            Self::Config => "Keep it in the configuration file",
            Self::Command => "A program prints it, such as: pass show minchat",
            Self::Variable => "An environment variable has it",
        }
    }

    /// Whether the key itself is typed, which is then hidden.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::File | Self::Keyring | Self::Config)
    }
}

impl Decision {
    /// Returns the decisions in the order of the list: the one that probably helps is the first.
    pub fn all(has_failed: bool) -> [Self; 3] {
        if has_failed { [Self::Change, Self::Retry, Self::Start] } else { [Self::Start, Self::Retry, Self::Change] }
    }

    /// Returns its entry in the list. Unless the chat `starts` then, the account is only saved.
    pub fn label(self, has_failed: bool, starts: bool) -> &'static str {
        match self {
            Self::Start if !starts => {
                if has_failed {
                    "Save anyway"
                } else {
                    "Save"
                }
            }
            Self::Start if has_failed => "Save and start anyway",
            Self::Start => "Save and start now",
            Self::Retry => "Test again",
            Self::Change => "Change the answers",
        }
    }
}

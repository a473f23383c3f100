//! Names of things. Each is its own type, so that a room can never be passed for a person.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

macro_rules! server_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an id as the server wrote it. Ids are opaque: nothing is read out of them.
            pub fn new(id: &str) -> Self {
                Self(id.into())
            }

            /// The id as the server wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

server_id! {
    /// A person, as the server names them (MinChat: `user.id`).
    PersonId
}
server_id! {
    /// A room (MinChat: a chat, also called a channel).
    RoomId
}
server_id! {
    /// A message that the server has accepted.
    MessageId
}
server_id! {
    /// A call (V Chat: `meetId`).
    CallId
}

/// Which of the configured accounts an event or effect belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AccountId(pub u16);

/// One send, for ever: every retry of it, its echo, its response and its copy in a refetched page carry this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(Uuid);

impl LocalId {
    /// Makes a version 4 id from 128 random bits.
    pub fn from_random(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    /// Reads an id back from the wire; `None` when it is not a UUID.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for LocalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

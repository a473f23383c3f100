//! Identifiers. Each kind is its own type, so that the compiler rejects a room id where a person id is expected.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

macro_rules! server_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an id as the server spells it. Ids are opaque and never parsed.
            pub fn new(id: &str) -> Self {
                Self(id.into())
            }

            /// Returns the id as the server spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|id| Self::new(&id))
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
    /// Server-assigned id of a person (MinChat: `user.id`).
    PersonId
}
server_id! {
    /// Server-assigned id of a room (MinChat calls it a chat or a channel).
    RoomId
}
server_id! {
    /// Server-assigned id of an accepted message.
    MessageId
}
server_id! {
    /// Server-assigned id of a call (V Chat: `meetId`).
    CallId
}

/// Identifies one request for a page of messages, so that its reply is recognised however late it arrives. Unique
/// within an account until the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct PageSerial(pub u64);

/// Identifies the configured account that an event or effect belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct AccountId(pub u16);

/// Client-generated id of one send, shared by all its retries. If the service returns the id, then the response, the
/// echo and every copy of the message on a page contain it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(Uuid);

impl LocalId {
    /// Creates a version 4 UUID from 128 random bits.
    pub fn from_random(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    /// Parses an id from the wire; `None` if it is not a UUID.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for LocalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// As two numbers, which no replacement of texts can change.
impl Serialize for LocalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_u64_pair().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LocalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <(u64, u64)>::deserialize(deserializer).map(|(high, low)| Self(Uuid::from_u64_pair(high, low)))
    }
}

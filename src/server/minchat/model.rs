//! The nouns of the chat service: users, chats, messages, files, and why something is refused.
//!
//! Knows no wire format and no socket.

use serde_json::{Map, Value};

use crate::domain::Timestamp;
use crate::server::body::{TOO_LARGE_MESSAGE, TOO_SLOW_MESSAGE};

/// An opaque name given by the server; ids sort in creation order.
pub(crate) type Id = String;

/// What an app attaches to users, chats and messages; kept and returned as it came.
pub(crate) type Metadata = Map<String, Value>;

/// Somebody who can take part in chats.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    /// The server's name for them.
    pub(crate) id: Id,
    /// The app's name for them, unique in the tenant.
    pub(crate) username: String,
    /// The name to show, once somebody gave one.
    pub(crate) name: Option<String>,
    /// The address of a picture.
    pub(crate) avatar: Option<String>,
    /// The app's own facts.
    pub(crate) metadata: Option<Metadata>,
    /// When they were created.
    pub(crate) created_at: Timestamp,
    /// When their name, picture or metadata last changed.
    pub(crate) updated_at: Timestamp,
    /// When they last came online or did something.
    pub(crate) last_active: Timestamp,
}

impl User {
    /// The name to show, whether or not one was given.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.username)
    }

    /// AI agents carry a bot's id in their metadata and are always there.
    pub(crate) fn is_agent(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.contains_key("chatbotId"))
    }
}

/// A conversation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chat {
    /// The server's name for it.
    pub(crate) id: Id,
    /// A group has a title and a picture of its own; a one-to-one chat shows each member the other one's.
    pub(crate) group: bool,
    /// The title given by its creator.
    pub(crate) title: Option<String>,
    /// The picture given by its creator.
    pub(crate) avatar: Option<String>,
    /// Who takes part, the creator first.
    pub(crate) members: Vec<Id>,
    /// The app's own facts.
    pub(crate) metadata: Metadata,
    /// When it was created.
    pub(crate) created_at: Timestamp,
    /// What was said, oldest first.
    pub(crate) messages: Vec<Message>,
}

impl Chat {
    /// When something last happened in it.
    pub(crate) fn last_activity(&self) -> Timestamp {
        self.messages.last().map_or(self.created_at, |message| message.created_at)
    }
}

/// Something said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// The server's name for it.
    pub(crate) id: Id,
    /// Where it was said.
    pub(crate) chat: Id,
    /// Who said it.
    pub(crate) author: Id,
    /// The words, if any.
    pub(crate) text: Option<String>,
    /// The file that came with it, if any.
    pub(crate) file: Option<File>,
    /// Whether anybody else saw it: one flag for all.
    pub(crate) seen: bool,
    /// The app's own facts.
    pub(crate) metadata: Option<Metadata>,
    /// When it was said.
    pub(crate) created_at: Timestamp,
    /// When it was last changed.
    pub(crate) updated_at: Timestamp,
}

/// A file in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// `image`, `gif`, `video` or `file`.
    pub(crate) kind: String,
    /// Where its bytes are.
    pub(crate) url: String,
    /// Its own name.
    pub(crate) name: Option<String>,
    /// Its size in words, such as `12.30 KB`.
    pub(crate) size: Option<String>,
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The API key names no app.
    BadKey,
    /// The request is wrong, and why.
    Invalid(String),
    /// The body is larger than the server takes.
    TooLarge,
    /// The body came too slowly.
    TooSlow,
    /// There is no room for more, and of what.
    Full(String),
    /// There is nothing at that address.
    NoSuchEndpoint,
}

impl Refusal {
    /// A wrong request, and why.
    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }

    /// What to tell the one who asked.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::BadKey => "invalid API key",
            Self::Invalid(why) | Self::Full(why) => why,
            Self::TooLarge => TOO_LARGE_MESSAGE,
            Self::TooSlow => TOO_SLOW_MESSAGE,
            Self::NoSuchEndpoint => "no such endpoint",
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// The items on it.
    pub(crate) items: Vec<T>,
    /// Which page it is, from one.
    pub(crate) page: usize,
    /// How many items there are on all pages.
    pub(crate) total: usize,
    /// How many pages there are.
    pub(crate) pages: usize,
}

/// Something that happened, to be told to those whom it concerns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// A message was said.
    Sent {
        /// Where.
        chat: Id,
        /// Which.
        message: Id,
    },
    /// A message was changed.
    Edited {
        /// Where.
        chat: Id,
        /// Which.
        message: Id,
    },
    /// A message is gone.
    Deleted {
        /// Where.
        chat: Id,
        /// Which.
        message: Id,
    },
    /// Somebody saw a message.
    Seen {
        /// Where.
        chat: Id,
        /// Which.
        message: Id,
        /// Who had said it.
        author: Id,
        /// Who saw it, if that was told.
        viewer: Option<Id>,
    },
    /// Somebody began or ceased to type.
    Typing {
        /// Where.
        chat: Id,
        /// Who, as they described themselves.
        user: Value,
        /// Began, or ceased.
        started: bool,
    },
    /// Somebody is there, or left.
    Status {
        /// The chats to tell.
        chats: Vec<Id>,
        /// Who.
        user: Id,
        /// There, or left.
        online: bool,
    },
    /// An AI agent did something.
    Agent {
        /// Where.
        chat: Id,
        /// The agent's username.
        username: String,
        /// What it did.
        event: String,
    },
}

//! Data types of the chat service: users, chats, messages, files, errors, and the events that changes cause.
//!
//! They do not depend on the wire format or on sockets.

use serde_json::{Map, Value};

use crate::domain::Timestamp;
use crate::server::body::{TOO_LARGE_MESSAGE, TOO_SLOW_MESSAGE};

/// An opaque id assigned by the server; ids sort in creation order.
pub(crate) type Id = String;

/// JSON data that the host app attaches to users, chats and messages. It is stored and returned unchanged.
pub(crate) type Metadata = Map<String, Value>;

/// A user of an app.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    /// Id assigned by the server.
    pub(crate) id: Id,
    /// Name assigned by the host app, unique within the tenant.
    pub(crate) username: String,
    /// Display name, if one was given.
    pub(crate) name: Option<String>,
    /// URL of a picture.
    pub(crate) avatar: Option<String>,
    /// Data of the host app.
    pub(crate) metadata: Option<Metadata>,
    /// Time of creation.
    pub(crate) created_at: Timestamp,
    /// Time of the last change of the profile.
    pub(crate) updated_at: Timestamp,
    /// Time at which the user last connected or did anything.
    pub(crate) last_active: Timestamp,
}

impl User {
    /// The display name, or the username if none was given.
    pub(crate) fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.username)
    }

    /// Whether the user is an AI agent. Agents have the id of a bot in their metadata, and are always online.
    pub(crate) fn is_agent(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.contains_key("chatbotId"))
    }
}

/// The optional fields of a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    /// Display name.
    pub(crate) name: Option<String>,
    /// URL of a picture.
    pub(crate) avatar: Option<String>,
    /// Data of the host app.
    pub(crate) metadata: Option<Metadata>,
}

/// A user to be created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewUser {
    /// Name assigned by the host app.
    pub(crate) username: String,
    /// Optional fields.
    pub(crate) profile: Profile,
}

/// A chat: a group, or a direct message between two users.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chat {
    /// Id assigned by the server.
    pub(crate) id: Id,
    /// Whether the chat has a title and avatar of its own. A direct message shows each member the name and avatar of
    /// the other.
    pub(crate) is_group: bool,
    /// Title given by the creator.
    pub(crate) title: Option<String>,
    /// URL of the avatar given by the creator.
    pub(crate) avatar: Option<String>,
    /// Members, the creator first.
    pub(crate) members: Vec<Id>,
    /// Data of the host app.
    pub(crate) metadata: Metadata,
    /// Time of creation.
    pub(crate) created_at: Timestamp,
    /// Messages, oldest first.
    pub(crate) messages: Vec<Message>,
}

impl Chat {
    /// Time of the last message, or of the creation of an empty chat.
    pub(crate) fn last_activity(&self) -> Timestamp {
        self.messages.last().map_or(self.created_at, |message| message.created_at)
    }
}

/// A chat to be created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewChat {
    /// Members, the creator first.
    pub(crate) members: Vec<Id>,
    /// Whether to create a group even for two members.
    pub(crate) is_group: bool,
    /// Title of a group.
    pub(crate) title: Option<String>,
    /// URL of the avatar of a group.
    pub(crate) avatar: Option<String>,
    /// Data of the host app.
    pub(crate) metadata: Metadata,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// Id assigned by the server.
    pub(crate) id: Id,
    /// Chat it was sent to.
    pub(crate) chat: Id,
    /// User who sent it.
    pub(crate) author: Id,
    /// Text, if any.
    pub(crate) text: Option<String>,
    /// Attached file, if any.
    pub(crate) file: Option<File>,
    /// Whether anybody else has seen it. There is one flag for all members.
    pub(crate) seen: bool,
    /// Data of the host app.
    pub(crate) metadata: Option<Metadata>,
    /// Time of sending.
    pub(crate) created_at: Timestamp,
    /// Time of the last edit.
    pub(crate) updated_at: Timestamp,
}

/// A file attached to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// `image`, `gif`, `video` or `file`.
    pub(crate) kind: String,
    /// URL of the content.
    pub(crate) url: String,
    /// File name.
    pub(crate) name: Option<String>,
    /// Size as text, such as `12.30 KB`.
    pub(crate) size: Option<String>,
}

/// Reason why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No app has this API key.
    InvalidKey,
    /// The request is invalid; the text states the reason.
    BadRequest(String),
    /// The body is larger than the server accepts.
    TooLarge,
    /// The body arrived too slowly.
    TooSlow,
    /// A storage limit is reached; the text states which one.
    StorageFull(String),
    /// No endpoint has this path and method.
    NoSuchEndpoint,
}

impl ApiError {
    /// An invalid request.
    pub(crate) fn bad_request(reason: impl Into<String>) -> Self {
        Self::BadRequest(reason.into())
    }

    /// Text for the client.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::InvalidKey => "invalid API key",
            Self::BadRequest(reason) | Self::StorageFull(reason) => reason,
            Self::TooLarge => TOO_LARGE_MESSAGE,
            Self::TooSlow => TOO_SLOW_MESSAGE,
            Self::NoSuchEndpoint => "no such endpoint",
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// Items of this page.
    pub(crate) items: Vec<T>,
    /// Number of this page, starting at 1.
    pub(crate) page: usize,
    /// Number of items on all pages.
    pub(crate) total: usize,
    /// Number of pages.
    pub(crate) pages: usize,
}

/// A change of which clients are notified.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ChatEvent {
    /// A message was sent.
    MessageSent {
        /// Its chat.
        chat: Id,
        /// Its id.
        message: Id,
    },
    /// A message was edited.
    MessageEdited {
        /// Its chat.
        chat: Id,
        /// Its id.
        message: Id,
    },
    /// A message was deleted.
    MessageDeleted {
        /// Its chat.
        chat: Id,
        /// Its id.
        message: Id,
    },
    /// A user has seen a message.
    MessageSeen {
        /// Its chat.
        chat: Id,
        /// Its id.
        message: Id,
        /// Its author.
        author: Id,
        /// The user who has seen it, if the request named one.
        viewer: Option<Id>,
    },
    /// A user started or stopped typing.
    Typing {
        /// The chat they type in.
        chat: Id,
        /// The user object that the client sent.
        user: Value,
        /// Whether they started.
        started: bool,
    },
    /// A user came online or went offline.
    PresenceChanged {
        /// The chats whose members are notified.
        chats: Vec<Id>,
        /// The user.
        user: Id,
        /// Whether they are online now.
        online: bool,
    },
    /// An AI agent emitted an event.
    AgentEvent {
        /// The chat it concerns.
        chat: Id,
        /// Username of the agent.
        username: String,
        /// Name of the event.
        event: String,
    },
}

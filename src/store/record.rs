//! JSON records for nested data in the database.
//!
//! The field names are the stored format and never change. Where a field is missing, the behaviour of the versions
//! without that field applies. Unknown fields are ignored. Each version therefore reads the records of every other one.
//! All text passes through `SafeText` again when it is read: a file is no more trustworthy than a server.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{
    Attachment, LocalId, MessageId, MessageInfo, NotifyLevel, PersonId, PersonInfo, Quote, RoomId, RoomInfo,
    RoomSettings, Timestamp,
};
use crate::text::SafeText;

use super::codes::Coded;

/// A code from `codes.rs`.
pub(super) type Code = Cow<'static, str>;

fn is_false(value: &bool) -> bool {
    !value
}

fn safe(text: &str) -> SafeText {
    SafeText::block(text)
}

/// Returns the JSON of `record`. Records have string keys and no floats, so serialization cannot fail; if it did, the
/// record would read as absent.
pub(super) fn to_json(record: &impl Serialize) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

/// Parses a record; `None` if `json` does not hold one.
pub(super) fn from_json<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// A person (`people.facts`, and `meta.value` of `me`).
#[derive(Serialize, Deserialize)]
pub(super) struct PersonRecord {
    id: String,
    username: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_active: Option<i64>,
    #[serde(default, skip_serializing_if = "is_false")]
    agent: bool,
}

impl From<&PersonInfo> for PersonRecord {
    fn from(info: &PersonInfo) -> Self {
        Self {
            id: info.id.as_str().to_owned(),
            username: info.username.to_string(),
            name: info.name.to_string(),
            last_active: info.last_active.map(|at| at.0),
            agent: info.agent,
        }
    }
}

impl From<PersonRecord> for PersonInfo {
    fn from(record: PersonRecord) -> Self {
        Self {
            id: PersonId::new(&record.id),
            username: safe(&record.username),
            name: safe(&record.name),
            last_active: record.last_active.map(Timestamp),
            agent: record.agent,
        }
    }
}

/// A quoted message.
#[derive(Serialize, Deserialize)]
pub(super) struct QuoteRecord {
    pub(super) id: String,
    author: String,
    author_name: String,
    /// Empty if the message was deleted.
    pub(super) text: String,
}

impl From<&Quote> for QuoteRecord {
    fn from(quote: &Quote) -> Self {
        Self {
            id: quote.id.as_str().to_owned(),
            author: quote.author.as_str().to_owned(),
            author_name: quote.author_name.to_string(),
            text: quote.text.with_tabs().to_owned(),
        }
    }
}

impl From<QuoteRecord> for Quote {
    fn from(record: QuoteRecord) -> Self {
        Self {
            id: MessageId::new(&record.id),
            author: PersonId::new(&record.author),
            author_name: safe(&record.author_name),
            text: safe(&record.text),
        }
    }
}

/// An attachment.
#[derive(Serialize, Deserialize)]
pub(super) struct AttachmentRecord {
    kind: Code,
    pub(super) name: String,
    size: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
}

impl From<&Attachment> for AttachmentRecord {
    fn from(file: &Attachment) -> Self {
        Self {
            kind: file.kind.code().into(),
            name: file.name.to_string(),
            size: file.size.to_string(),
            bytes: file.bytes,
            url: file.url.to_string(),
            duration: file.duration,
        }
    }
}

impl From<AttachmentRecord> for Attachment {
    fn from(record: AttachmentRecord) -> Self {
        Self {
            kind: Coded::from_code(&record.kind),
            name: safe(&record.name),
            size: safe(&record.size),
            bytes: record.bytes,
            url: safe(&record.url),
            duration: record.duration,
        }
    }
}

/// Data that only few messages have (`messages.more`).
#[derive(Serialize, Deserialize, Default)]
pub(super) struct MoreRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attachment: Option<AttachmentRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quote: Option<QuoteRecord>,
    /// The texts before edits, from the oldest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) earlier: Vec<String>,
}

impl MoreRecord {
    /// Whether the message has none of this.
    pub(super) fn is_empty(&self) -> bool {
        self.attachment.is_none() && self.quote.is_none() && self.earlier.is_empty()
    }
}

/// The newest message of a room, as the room list reported it (`rooms.last`). Without its quote, which the room list
/// does not show.
#[derive(Serialize, Deserialize)]
pub(super) struct LastRecord {
    id: String,
    author: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author_info: Option<PersonRecord>,
    at: i64,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attachment: Option<AttachmentRecord>,
    kind: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    local: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starred: Option<bool>,
    #[serde(default, skip_serializing_if = "is_false")]
    delivered: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    seen: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    forwarded: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    deleted: bool,
}

impl From<&MessageInfo> for LastRecord {
    fn from(info: &MessageInfo) -> Self {
        Self {
            id: info.id.as_str().to_owned(),
            author: info.author.as_str().to_owned(),
            author_info: info.author_info.as_deref().map(PersonRecord::from),
            at: info.sent_at.0,
            text: info.text.with_tabs().to_owned(),
            attachment: info.attachment.as_deref().map(AttachmentRecord::from),
            kind: info.kind.code().into(),
            local: info.local.map(|local| local.to_string()),
            starred: info.starred,
            delivered: info.delivered,
            seen: info.seen,
            forwarded: info.forwarded,
            deleted: info.deleted,
        }
    }
}

impl LastRecord {
    /// Returns the message as a message of `room`.
    pub(super) fn into_message(self, room: &RoomId) -> MessageInfo {
        MessageInfo {
            id: MessageId::new(&self.id),
            room: room.clone(),
            author: PersonId::new(&self.author),
            author_info: self.author_info.map(|person| Box::new(person.into())),
            sent_at: Timestamp(self.at),
            text: safe(&self.text),
            attachment: self.attachment.map(|file| Box::new(file.into())),
            delivered: self.delivered,
            seen: self.seen,
            local: self.local.as_deref().and_then(LocalId::parse),
            kind: Coded::from_code(&self.kind),
            quote: None,
            forwarded: self.forwarded,
            starred: self.starred,
            deleted: self.deleted,
        }
    }
}

/// A room without its newest message (`rooms.facts`).
#[derive(Serialize, Deserialize)]
pub(super) struct RoomRecord {
    kind: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    participants: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    peer: Option<PersonRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    muted: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    archived: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<SettingsRecord>,
}

/// The user's settings for a room.
#[derive(Serialize, Deserialize)]
struct SettingsRecord {
    #[serde(default, skip_serializing_if = "is_false")]
    muted: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    archived: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    marked_unread: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    muted_until: Option<i64>,
    /// A level by its name, which no level ever changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notify: Option<String>,
}

impl From<RoomSettings> for SettingsRecord {
    fn from(settings: RoomSettings) -> Self {
        Self {
            muted: settings.muted,
            muted_until: settings.muted_until.map(|at| at.0),
            archived: settings.archived,
            pinned: settings.pinned,
            marked_unread: settings.marked_unread,
            notify: settings.notify.map(|level| level.name().to_owned()),
        }
    }
}

impl From<SettingsRecord> for RoomSettings {
    fn from(record: SettingsRecord) -> Self {
        Self {
            muted: record.muted,
            muted_until: record.muted_until.map(Timestamp),
            archived: record.archived,
            pinned: record.pinned,
            marked_unread: record.marked_unread,
            notify: record.notify.as_deref().and_then(NotifyLevel::by_name),
        }
    }
}

impl From<&RoomInfo> for RoomRecord {
    fn from(info: &RoomInfo) -> Self {
        Self {
            kind: info.kind.code().into(),
            title: info.title.as_ref().map(ToString::to_string),
            nickname: info.nickname.as_ref().map(ToString::to_string),
            avatar: info.avatar.as_ref().map(ToString::to_string),
            participants: info.participants.iter().map(|id| id.as_str().to_owned()).collect(),
            peer: info.peer.as_deref().map(PersonRecord::from),
            unread: info.unread,
            muted: info.muted,
            archived: info.archived,
            created_at: info.created_at.map(|at| at.0),
            metadata: info.metadata.as_deref().map(str::to_owned),
            settings: (info.settings != RoomSettings::default()).then(|| info.settings.into()),
        }
    }
}

impl RoomRecord {
    /// Returns the room with this id and newest message.
    pub(super) fn into_room(self, id: RoomId, last: Option<MessageInfo>) -> RoomInfo {
        RoomInfo {
            id,
            kind: Coded::from_code(&self.kind),
            title: self.title.as_deref().map(safe),
            nickname: self.nickname.as_deref().map(safe),
            avatar: self.avatar.as_deref().map(safe),
            participants: self.participants.iter().map(|id| PersonId::new(id)).collect(),
            peer: self.peer.map(|peer| Box::new(peer.into())),
            unread: self.unread,
            muted: self.muted,
            archived: self.archived,
            last_message: last,
            created_at: self.created_at.map(Timestamp),
            metadata: self.metadata.map(String::into_boxed_str),
            settings: self.settings.map(RoomSettings::from).unwrap_or_default(),
        }
    }
}

//! What a client's event says, read leniently: what it needs is asked for where it is needed.
//!
//! The naming is mixed (`channelId` beside `chat_id`) because the service's is.

use std::fmt;

use axum::body::Bytes;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The argument of any event; each uses some of it.
#[derive(Debug, Deserialize, Default)]
pub(crate) struct Request {
    #[serde(default, rename = "apiKey")]
    pub(crate) api_key: Option<String>,
    #[serde(default, rename = "channelUserId")]
    pub(crate) channel_user_id: Option<String>,
    #[serde(default, rename = "channelId")]
    pub(crate) channel_id: Option<String>,
    #[serde(default)]
    pub(crate) chat_id: Option<String>,
    #[serde(default)]
    pub(crate) user_id: Option<String>,
    #[serde(default, rename = "messageId")]
    pub(crate) message_id: Option<String>,
    #[serde(default, rename = "lastMessageId")]
    pub(crate) last_message_id: Option<String>,
    #[serde(default, rename = "memberId")]
    pub(crate) member_id: Option<String>,
    #[serde(default)]
    pub(crate) user: Option<Value>,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) file: Attachment,
    #[serde(default)]
    pub(crate) metadata: Option<Value>,
}

/// A file in an event, or none. Not an `Option`, because inside one the library no longer finds the bytes.
#[derive(Debug, Default)]
pub(crate) struct Attachment(pub(crate) Option<Attached>);

impl<'de> Deserialize<'de> for Attachment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttachmentVisitor)
    }
}

struct AttachmentVisitor;

impl<'de> Visitor<'de> for AttachmentVisitor {
    type Value = Attachment;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a file")
    }

    fn visit_unit<E>(self) -> Result<Attachment, E> {
        Ok(Attachment(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Attachment, A::Error> {
        Attached::deserialize(MapAccessDeserializer::new(map)).map(|file| Attachment(Some(file)))
    }
}

/// A file in an event: fresh bytes, or one that has an address already.
#[derive(Debug, Deserialize)]
pub(crate) struct Attached {
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) size: Option<String>,
    #[serde(default)]
    pub(crate) buffer: Blob,
}

/// Bytes, or whatever a client put in their place: the SDK sends `{}` when it loses a file.
#[derive(Debug, Default)]
pub(crate) struct Blob(pub(crate) Option<Bytes>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BlobVisitor)
    }
}

struct BlobVisitor;

impl<'de> Visitor<'de> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        Ok(Blob(Some(bytes.into())))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Blob, E> {
        Ok(Blob(Some(Bytes::copy_from_slice(bytes))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Blob, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Blob(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Blob, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Blob(None))
    }

    fn visit_unit<E>(self) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Blob, E> {
        Ok(Blob(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Blob, E> {
        Ok(Blob(None))
    }
}

//! The argument of a client's event.
//!
//! All fields are optional; the handler of each event checks that those it needs are present. The service itself mixes
//! the spellings of the names (`channelId` and `chat_id`).

use std::fmt;

use axum::body::Bytes;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The argument of any event, with the fields of all of them.
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
    pub(crate) file: OptionalFile,
    #[serde(default)]
    pub(crate) metadata: Option<Value>,
}

/// The file of an event, if there is one. An `Option` as the field's type would not work: socketioxide does not find
/// the binary attachment inside it.
#[derive(Debug, Default)]
pub(crate) struct OptionalFile(pub(crate) Option<EventFile>);

impl<'de> Deserialize<'de> for OptionalFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OptionalFileVisitor)
    }
}

struct OptionalFileVisitor;

impl<'de> Visitor<'de> for OptionalFileVisitor {
    type Value = OptionalFile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a file")
    }

    fn visit_unit<E>(self) -> Result<OptionalFile, E> {
        Ok(OptionalFile(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OptionalFile, A::Error> {
        EventFile::deserialize(MapAccessDeserializer::new(map)).map(|file| OptionalFile(Some(file)))
    }
}

/// A file: either its bytes, or the URL of one that was uploaded before.
#[derive(Debug, Deserialize)]
pub(crate) struct EventFile {
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

/// Binary data. Values of other types are accepted as no data: the SDK sends `{}` when it has lost a file.
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

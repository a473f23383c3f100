//! JSON records of outbox payloads. The format follows the rules of `record.rs`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::{Content, LocalId, MessageId, MessageKind, OutgoingFile};

use super::codes::Coded;
use super::record::{AttachmentRecord, Code};
use super::write::OutboxPayload;

/// The payload of an outbox entry (`outbox.body`).
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum PayloadRecord {
    Text {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<String>,
    },
    File {
        path: PathRecord,
        name: String,
        kind: Code,
        mime: String,
        size: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<String>,
    },
    Forward {
        of: String,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Code>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<AttachmentRecord>,
    },
    Edit {
        message: String,
        text: String,
    },
    Delete {
        message: String,
    },
    DeleteForMe {
        message: String,
    },
}

/// A file path. One that is not valid Unicode is stored as bytes.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum PathRecord {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&Path> for PathRecord {
    fn from(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        }
    }
}

impl From<PathRecord> for PathBuf {
    fn from(record: PathRecord) -> Self {
        match record {
            PathRecord::Text(text) => text.into(),
            #[cfg(unix)]
            PathRecord::Bytes(bytes) => {
                use std::os::unix::ffi::OsStringExt;
                std::ffi::OsString::from_vec(bytes).into()
            }
            #[cfg(not(unix))]
            PathRecord::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        }
    }
}

impl From<&OutboxPayload> for PayloadRecord {
    fn from(payload: &OutboxPayload) -> Self {
        let local_id = |local: &Option<LocalId>| local.map(|local| local.to_string());
        let message_id = |message: &MessageId| message.as_str().to_owned();
        match payload {
            OutboxPayload::Send(Content::Text { text, reply_to }) => {
                Self::Text { text: text.clone(), reply_to: local_id(reply_to) }
            }
            OutboxPayload::Send(Content::File { file, reply_to }) => Self::File {
                path: file.path.as_path().into(),
                name: file.name.clone(),
                kind: file.kind.code().into(),
                mime: file.mime.clone(),
                size: file.size,
                duration: file.duration,
                reply_to: local_id(reply_to),
            },
            OutboxPayload::Send(Content::Forward { of, text, kind, attachment }) => Self::Forward {
                of: of.to_string(),
                text: text.clone(),
                // Older versions stored no kind, and the text of a file without one was its description.
                kind: (*kind != MessageKind::Text).then(|| kind.code().into()),
                attachment: attachment.as_deref().map(AttachmentRecord::from),
            },
            OutboxPayload::Edit { message, text } => Self::Edit { message: message_id(message), text: text.clone() },
            OutboxPayload::Delete { message } => Self::Delete { message: message_id(message) },
            OutboxPayload::DeleteForMe { message } => Self::DeleteForMe { message: message_id(message) },
        }
    }
}

impl PayloadRecord {
    /// Returns the payload; `None` if the record contains an invalid id.
    pub(super) fn into_payload(self) -> Option<OutboxPayload> {
        // The outer `Option` is `None` for an invalid id, the inner one for a message that is no reply.
        let reply = |reply_to: Option<String>| match reply_to {
            Some(local) => LocalId::parse(&local).map(Some),
            None => Some(None),
        };
        Some(match self {
            Self::Text { text, reply_to } => OutboxPayload::Send(Content::Text { text, reply_to: reply(reply_to)? }),
            Self::File { path, name, kind, mime, size, duration, reply_to } => {
                let file =
                    OutgoingFile { path: path.into(), name, kind: Coded::from_code(&kind), mime, size, duration };
                OutboxPayload::Send(Content::File { file: Box::new(file), reply_to: reply(reply_to)? })
            }
            Self::Forward { of, text, kind, attachment } => OutboxPayload::Send(Content::Forward {
                of: LocalId::parse(&of)?,
                text,
                kind: kind.map(|kind| Coded::from_code(&kind)).unwrap_or_default(),
                attachment: attachment.map(|attachment| Box::new(attachment.into())),
            }),
            Self::Edit { message, text } => OutboxPayload::Edit { message: MessageId::new(&message), text },
            Self::Delete { message } => OutboxPayload::Delete { message: MessageId::new(&message) },
            Self::DeleteForMe { message } => OutboxPayload::DeleteForMe { message: MessageId::new(&message) },
        })
    }
}

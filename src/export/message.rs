//! Messages as they are exported.

use serde::{Deserialize, Serialize};

use crate::domain::{Amendment, Amendments, MessageId, PersonId, Timestamp};

/// Message of an exported room. Its fields are those of the JSON format, in this order; absent ones are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedMessage {
    /// Server-assigned id.
    pub id: String,
    /// When the server accepted it.
    #[serde(with = "instant")]
    pub sent_at: Timestamp,
    /// Author; `None` for system messages, such as who joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<ExportedPerson>,
    /// Text as it was written.
    pub text: String,
    /// Texts before edits, from the oldest, as far as this program has seen them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_texts: Vec<String>,
    /// Whether it was edited.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// Whether it was deleted. Its text is empty then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// Whether it was forwarded from another room.
    #[serde(default, skip_serializing_if = "is_false")]
    pub forwarded: bool,
    /// Whether the user has starred it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub starred: bool,
    /// Message that it replies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ExportedQuote>,
    /// Attached file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ExportedFile>,
    /// Whether messages right after it could not be loaded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gap_after: bool,
}

/// Author of an exported message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPerson {
    /// Server-assigned id.
    pub id: String,
    /// User name; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// Display name, as the screen shows it.
    pub name: String,
}

/// Message that an exported message replies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedQuote {
    /// Server-assigned id.
    pub id: String,
    /// Display name of its author.
    pub author: String,
    /// Its text as a single line; empty if it was deleted.
    pub text: String,
}

/// File attached to an exported message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedFile {
    /// Kind of file, such as `image`.
    pub kind: String,
    /// File name; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Formatted size, such as `2 MB`; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub size: String,
    /// Size in bytes, if known; approximate where the service rounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Address; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

impl ExportedMessage {
    /// Returns the message with the changes since it was collected; `None` if nothing of it remains.
    pub fn amended(mut self, amendments: &Amendments) -> Option<Self> {
        if amendments.is_empty() {
            return Some(self);
        }
        let author = self.author.as_ref().map(|author| PersonId::new(&author.id));
        for amendment in amendments.due_for_text(&MessageId::new(&self.id), author.as_ref(), &self.text) {
            match amendment {
                _ if self.deleted => {}
                Amendment::Edited(edit) => self.edit(&edit.text.editable()),
                Amendment::Starred(on) => self.starred = *on,
                Amendment::Seen => {}
                Amendment::Deleted => self.delete(),
                Amendment::Removed => return None,
            }
        }
        Some(self)
    }

    /// Replaces the text.
    fn edit(&mut self, text: &str) {
        if self.text != text {
            let before = std::mem::replace(&mut self.text, text.to_owned());
            self.earlier_texts.push(before);
        }
        self.edited = true;
    }

    /// Turns the message into one that was deleted, without content.
    fn delete(&mut self) {
        self.text = String::new();
        self.earlier_texts = Vec::new();
        self.reply_to = None;
        self.file = None;
        self.deleted = true;
    }
}

impl ExportedFile {
    /// Returns a description in one line, such as `[image] cat.png (2 MB) https://…`.
    pub(super) fn summary(&self) -> String {
        let size = if self.size.is_empty() { String::new() } else { format!("({})", self.size) };
        let kind = format!("[{}]", self.kind);
        let parts = [&kind, &self.name, &size, &self.url];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Times as ISO 8601 instants, such as `2026-11-21T18:03:27.198Z`.
mod instant {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::Timestamp;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_iso())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("no time"))
    }
}

//! Multipart bodies of a send, a new group and a new broadcast (`docs/protocol/vchat.md` §2.3.1, §2.4, §2.5).

use serde_json::{Value, json};

use crate::domain::{AttachmentKind, Content, LocalId, OutgoingFile};
use crate::protocol::Part;

use super::http::field;
use super::placeholders;

/// Returns the body that sends `content` under the id `local`.
pub(super) fn message(local: LocalId, content: &Content) -> Vec<Part> {
    let common = |text: &str, kind: &str| {
        vec![
            field("content", text),
            field("localId", local.to_string()),
            field("isEncrypted", "false"),
            field("messageType", kind),
        ]
    };
    match content {
        Content::Text { text, reply_to } => {
            let mut form = common(text, "text");
            form.extend(reply_to.map(|reply_to| field("replyToLocalId", reply_to.to_string())));
            form
        }
        // The server copies everything from the forwarded message, but rejects an empty `content`.
        Content::Forward { of, text } => {
            let mut form = common(if text.is_empty() { placeholders::FILE } else { text }, "text");
            form.push(field("forwardLocalId", of.to_string()));
            form
        }
        Content::File { file, reply_to } => {
            let (kind, content, attachment) = describe(file);
            let mut form = common(&content, kind);
            form.extend(reply_to.map(|reply_to| field("replyToLocalId", reply_to.to_string())));
            form.extend(attachment.map(|attachment| field("attachment", attachment.to_string())));
            form.push(Part::File { name: "file", file: OutgoingFile::clone(file) });
            form
        }
    }
}

/// Returns the message type of a file, the placeholder text, and the attachment data that the server does not determine
/// itself.
fn describe(file: &OutgoingFile) -> (&'static str, String, Option<Value>) {
    match (file.kind, file.duration) {
        (AttachmentKind::Image | AttachmentKind::Gif, _) => ("image", placeholders::IMAGE.to_owned(), None),
        (AttachmentKind::Video, duration) => {
            let mut map = file_data(file);
            map["duration"] = json!(duration);
            map["thumbImage"] = Value::Null;
            ("video", placeholders::VIDEO.to_owned(), Some(map))
        }
        (AttachmentKind::Voice, Some(duration)) => {
            let seconds = duration / 1000;
            let content = format!("{} {:02}:{:02}", placeholders::VOICE, seconds / 60, seconds % 60);
            let mut map = file_data(file);
            map["duration"] = json!(duration);
            ("voice", content, Some(map))
        }
        // A voice message needs a duration. Without one it is sent as a plain file.
        (AttachmentKind::Voice | AttachmentKind::File, _) => ("file", placeholders::FILE.to_owned(), None),
    }
}

/// Returns the attachment data as the official client writes it. The server fills in the URL; the local path stays
/// private.
fn file_data(file: &OutgoingFile) -> Value {
    json!({
        "name": file.name,
        "url": null,
        "filePath": null,
        "assetsPath": null,
        "bytes": null,
        "mimeType": file.mime,
        "fileSize": file.size,
        "fileHash": null,
    })
}

/// Returns the body that creates a group or broadcast. `title_field` is the name of the field for the title.
pub(super) fn group(title_field: &'static str, title: &str, identifiers: &[&str]) -> Vec<Part> {
    let mut form = vec![field("identifiers", json!(identifiers).to_string())];
    if !title.is_empty() {
        form.push(field(title_field, title));
    }
    form
}

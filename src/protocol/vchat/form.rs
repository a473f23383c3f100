//! The forms of a send (§2.3.1) and of a new group (§2.4, §2.5).

use serde_json::{Value, json};

use crate::domain::{AttachmentKind, Content, FileFacts, LocalId};
use crate::protocol::Part;

use super::call::field;
use super::words;

/// What a send consists of.
pub(super) fn message(local: LocalId, content: &Content) -> Vec<Part> {
    let part = |text: &str, kind: &str| {
        vec![
            field("content", text),
            field("localId", local.to_string()),
            field("isEncrypted", "false"),
            field("messageType", kind),
        ]
    };
    match content {
        Content::Text { text, reply_to } => {
            let mut form = part(text, "text");
            form.extend(reply_to.map(|reply_to| field("replyToLocalId", reply_to.to_string())));
            form
        }
        // The server copies everything from the source; it wants a text all the same, and never an empty one.
        Content::Forward { of, text } => {
            let mut form = part(if text.is_empty() { words::FILE } else { text }, "text");
            form.push(field("forwardLocalId", of.to_string()));
            form
        }
        Content::File { file, reply_to } => {
            let (kind, content, attachment) = described(file);
            let mut form = part(&content, kind);
            form.extend(reply_to.map(|reply_to| field("replyToLocalId", reply_to.to_string())));
            form.extend(attachment.map(|attachment| field("attachment", attachment.to_string())));
            form.push(Part::File { name: "file", file: FileFacts::clone(file) });
            form
        }
    }
}

/// The type of a file's message, the text that goes with it by convention, and what the server cannot find out itself.
fn described(file: &FileFacts) -> (&'static str, String, Option<Value>) {
    match (file.kind, file.duration) {
        (AttachmentKind::Image | AttachmentKind::Gif, _) => ("image", words::IMAGE.to_owned(), None),
        (AttachmentKind::Video, duration) => {
            let mut map = file_map(file);
            map["duration"] = json!(duration);
            map["thumbImage"] = Value::Null;
            ("video", words::VIDEO.to_owned(), Some(map))
        }
        (AttachmentKind::Voice, Some(duration)) => {
            let seconds = duration / 1000;
            let content = format!("{} {:02}:{:02}", words::VOICE, seconds / 60, seconds % 60);
            let mut map = file_map(file);
            map["duration"] = json!(duration);
            ("voice", content, Some(map))
        }
        // Voice must say how long it is, so what does not say it is sent as a plain file.
        (AttachmentKind::Voice | AttachmentKind::File, _) => ("file", words::FILE.to_owned(), None),
    }
}

/// A file as the official client describes it. The server fills in where it lies; where it lay here is nobody's
/// business.
fn file_map(file: &FileFacts) -> Value {
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

/// A group or broadcast, whose title goes by the name of `title_name`.
pub(super) fn group(title_name: &'static str, title: &str, identifiers: &[&str]) -> Vec<Part> {
    let mut form = vec![field("identifiers", json!(identifiers).to_string())];
    if !title.is_empty() {
        form.push(field(title_name, title));
    }
    form
}

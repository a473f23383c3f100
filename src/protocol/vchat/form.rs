//! Multipart bodies of a send, a new group and a new broadcast (`docs/protocol/vchat.md` §2.3.1, §2.4, §2.5).

use serde_json::{Value, json};

use crate::domain::{Attachment, AttachmentKind, Content, LocalId, MessageKind, OutgoingFile};
use crate::protocol::Part;
use crate::protocol::form_field::field;

use super::{message_body, placeholders};

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
        Content::Forward { of, text, kind, attachment } => {
            let (kind, content, attachment) = describe_source(text, *kind, attachment.as_deref());
            let mut form = common(&content, kind);
            form.push(field("forwardLocalId", of.to_string()));
            form.extend(attachment.map(|attachment| field("attachment", attachment.to_string())));
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
            let content = voice_text(duration);
            let mut map = file_data(file);
            map["duration"] = json!(duration);
            ("voice", content, Some(map))
        }
        // A voice message needs a duration. Without one it is sent as a plain file.
        (AttachmentKind::Voice | AttachmentKind::File, _) => ("file", placeholders::FILE.to_owned(), None),
    }
}

/// Returns the message type, the text and the attachment data of a forwarded message.
///
/// Related servers copy all of it from the source, but check it before (`docs/protocol/vchat.md` §2.3.1). The official
/// client sends what it knows about the source, and so does this one. Of a custom message only the text is known.
fn describe_source(
    text: &str,
    kind: MessageKind,
    attachment: Option<&Attachment>,
) -> (&'static str, String, Option<Value>) {
    let text_or = |placeholder: &str| if text.is_empty() { placeholder } else { text }.to_owned();
    let Some(file) = attachment else {
        return match (kind, message_body::location_data(text)) {
            (MessageKind::Location, Some(data)) => ("location", placeholders::LOCATION.to_owned(), Some(data)),
            (MessageKind::Custom, _) => ("custom", text_or(placeholders::FILE), Some(json!({"data": {}}))),
            _ => ("text", text_or(placeholders::FILE), None),
        };
    };
    let data = || json!({"name": file.name.as_str(), "url": file.url.as_str(), "duration": file.duration});
    match (file.kind, file.duration) {
        (AttachmentKind::Image | AttachmentKind::Gif, _) => ("image", text_or(placeholders::IMAGE), None),
        (AttachmentKind::Video, _) => ("video", text_or(placeholders::VIDEO), Some(data())),
        (AttachmentKind::Voice, Some(duration)) => ("voice", text_or(&voice_text(duration)), Some(data())),
        (AttachmentKind::Voice | AttachmentKind::File, _) => ("file", text_or(placeholders::FILE), None),
    }
}

/// Returns the text of a voice message with this duration in milliseconds.
fn voice_text(duration: u32) -> String {
    let seconds = duration / 1000;
    format!("{} {:02}:{:02}", placeholders::VOICE, seconds / 60, seconds % 60)
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

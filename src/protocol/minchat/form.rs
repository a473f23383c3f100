//! Multipart bodies: a message with a file, an edit, a new group, the user's profile (`docs/protocol/minchat.md` §2).

use serde_json::json;

use crate::domain::{AttachmentKind, LocalId, OutgoingFile, RoomId};
use crate::protocol::Part;
use crate::protocol::form_field::field;

use super::objects::LOCAL_ID_KEY;
use super::state::Me;

/// Media type of a file of unknown content.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Returns the body that sends `file`. Metadata is a JSON string, as in every multipart body of the SDK.
///
/// The file comes last, because servers that store a file while they read the body may ignore the fields after it.
pub(super) fn file_message(me: &Me, room: &RoomId, local: LocalId, file: &OutgoingFile) -> Vec<Part> {
    let metadata = json!({LOCAL_ID_KEY: local.to_string()});
    vec![
        field("chat_id", room.as_str()),
        field("user_id", &me.id),
        field("metadata", metadata.to_string()),
        Part::File { name: "file", file: OutgoingFile { mime: media_type(file), ..file.clone() } },
    ]
}

/// Returns the media type from which the server derives the kind of a file (`docs/protocol/minchat.md` §4). An image or
/// video that is sent as a plain file is not declared as one.
fn media_type(file: &OutgoingFile) -> String {
    let is_media = ["image/", "video/"].iter().any(|kind| file.mime.starts_with(kind));
    if file.kind == AttachmentKind::File && is_media { UNKNOWN_TYPE.to_owned() } else { file.mime.clone() }
}

/// Returns the body that edits a message.
pub(super) fn edit(text: &str) -> Vec<Part> {
    vec![field("text", text)]
}

/// Returns the body that creates a group. The same call with a JSON body would turn an untitled group of two into their
/// direct message (`docs/protocol/minchat.md` §2.2).
pub(super) fn group(me: &Me, title: &str, usernames: &[String]) -> Vec<Part> {
    let mut form = vec![field("user_id", &me.id)];
    if !title.is_empty() {
        form.push(field("title", title));
    }
    // The creator comes first (`docs/protocol/minchat.md` §2, row 7).
    form.push(field("usernames", &me.username));
    form.extend(usernames.iter().filter(|name| **name != me.username).map(|name| field("usernames", name)));
    form
}

/// Returns the body that changes the user's name and keeps the rest of the profile (`docs/protocol/minchat.md` §2.1).
pub(super) fn name(name: &str) -> Vec<Part> {
    vec![field("name", name)]
}

/// Returns the body that replaces the user's picture.
pub(super) fn picture(file: &OutgoingFile) -> Vec<Part> {
    vec![Part::File { name: "avatar_file", file: file.clone() }]
}

//! V Chat's JSON for the types of [`model`](super::model) (§8).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;

use super::model::{FileInfo, Images, Message, User};

/// A time, or null.
pub(crate) fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| rfc3339(at).into())
}

/// A `userImages` object.
pub(crate) fn images(images: &Images) -> Value {
    json!({ "fullImage": images.full, "chatImage": images.chat, "smallImage": images.small })
}

/// A user object, which serves as both VIdentifierUser and VBaseUser (§8.3).
pub(crate) fn user(user: &User) -> Value {
    json!({
        "_id": user.id,
        "identifier": user.identifier,
        "fullName": user.display_name(),
        "userImages": images(&user.images),
    })
}

/// A message object in events and in the response to a send (§8.1): the fields of the genuine server's sample and those
/// of the sibling.
pub(crate) fn message(message: &Message) -> Value {
    let mut object = message_without_reply(message);
    object["rTo"] = message.reply_to.iter().rev().fold(Value::Null, |earlier, replied| {
        let mut replied = Value::clone(replied);
        replied["rTo"] = earlier;
        replied
    });
    object
}

/// A message object without `rTo`.
pub(super) fn message_without_reply(message: &Message) -> Value {
    json!({
        "_id": message.id,
        "sId": message.sender,
        "sIdentifier": message.sender_identifier,
        "sName": message.sender_name,
        "sImg": message.sender_image,
        "plm": message.platform,
        "rId": message.room,
        "c": message.content,
        "isEncrypted": message.is_encrypted,
        "mT": message.kind.name(),
        "msgAtt": message.attachment,
        "sAt": time(message.seen_at),
        "dAt": time(message.delivered_at),
        "forId": message.forward_of,
        "dltAt": time(message.deleted_at),
        "pBId": message.parent,
        "dF": message.deleted_for,
        "stars": message.starred_by,
        "lId": message.local_id,
        "linkAtt": message.link,
        "peerData": message.peer_data,
        "mentions": message.mentions,
        "isOneSeen": message.is_view_once,
        "oneSeenBy": message.viewed_by,
        "createdAt": rfc3339(message.created_at),
        "updatedAt": rfc3339(message.updated_at),
    })
}

/// A message object in lists, with flags for `viewer` instead of the lists of users (§2.3.2).
pub(crate) fn listed_message(listed: &Message, viewer: &str) -> Value {
    let mut object = message(listed);
    if let Some(object) = object.as_object_mut() {
        for user_list in ["oneSeenBy", "dF", "stars", "mentions"] {
            object.remove(user_list);
        }
        let has_viewer = |users: &[String]| users.iter().any(|user| user == viewer);
        object.insert("isStared".to_owned(), has_viewer(&listed.starred_by).into());
        object.insert("isOneSeenByMe".to_owned(), has_viewer(&listed.viewed_by).into());
        object.insert("isDeletedFromMe".to_owned(), has_viewer(&listed.deleted_for).into());
    }
    object
}

/// A file object (§8.2).
pub(crate) fn file(file: &FileInfo) -> Value {
    json!({
        "name": file.name,
        "url": file.url,
        "mimeType": file.mime,
        "fileSize": file.size,
        "fileHash": file.hash,
    })
}

/// A file object of an image.
pub(crate) fn image(info: &FileInfo) -> Value {
    let mut object = file(info);
    object["width"] = info.dimensions.0.into();
    object["height"] = info.dimensions.1.into();
    object
}

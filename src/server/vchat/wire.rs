//! The nouns as V Chat writes them (protocol note §8). Written from the note and from nothing of the client's.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;

use super::model::{Images, Message, Stored, User};

/// A date, or null.
pub(crate) fn date(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| rfc3339(at).into())
}

/// `userImages`.
pub(crate) fn images(images: &Images) -> Value {
    json!({ "fullImage": images.full, "chatImage": images.chat, "smallImage": images.small })
}

/// A VIdentifierUser, which is also a VBaseUser (§8.3).
pub(crate) fn user(user: &User) -> Value {
    json!({
        "_id": user.id,
        "identifier": user.identifier,
        "fullName": user.shown(),
        "userImages": images(&user.images),
    })
}

/// A message as events and the answer to a send have it (§8.1): the genuine sample's fields and the sibling's.
pub(crate) fn message(message: &Message) -> Value {
    json!({
        "_id": message.id,
        "sId": message.sender,
        "sIdentifier": message.sender_identifier,
        "sName": message.sender_name,
        "sImg": message.sender_image,
        "plm": message.platform,
        "rId": message.room,
        "c": message.content,
        "isEncrypted": message.encrypted,
        "mT": message.sort.name(),
        "msgAtt": message.attachment,
        "rTo": message.reply,
        "sAt": date(message.seen),
        "dAt": date(message.delivered),
        "forId": message.forward_of,
        "dltAt": date(message.deleted),
        "pBId": message.parent,
        "dF": message.gone_for,
        "stars": message.stars,
        "lId": message.local,
        "linkAtt": message.link,
        "peerData": message.peer,
        "mentions": message.mentions,
        "isOneSeen": message.one_seen,
        "oneSeenBy": message.one_seen_by,
        "createdAt": rfc3339(message.created_at),
        "updatedAt": rfc3339(message.updated_at),
    })
}

/// A message in a list, as `viewer` sees it (§2.3.2): their own flags instead of everybody's.
pub(crate) fn listed(said: &Message, viewer: &str) -> Value {
    let mut object = message(said);
    if let Some(object) = object.as_object_mut() {
        for everybodys in ["oneSeenBy", "dF", "stars", "mentions"] {
            object.remove(everybodys);
        }
        let has = |users: &[String]| users.iter().any(|user| user == viewer);
        object.insert("isStared".to_owned(), has(&said.stars).into());
        object.insert("isOneSeenByMe".to_owned(), has(&said.one_seen_by).into());
        object.insert("isDeletedFromMe".to_owned(), has(&said.gone_for).into());
    }
    object
}

/// The common file map (§8.2).
pub(crate) fn file(file: &Stored) -> Value {
    json!({
        "name": file.name,
        "url": file.url,
        "mimeType": file.mime,
        "fileSize": file.size,
        "fileHash": file.hash,
    })
}

/// The file map of a picture.
pub(crate) fn picture(stored: &Stored) -> Value {
    let mut object = file(stored);
    object["width"] = stored.extent.0.into();
    object["height"] = stored.extent.1.into();
    object
}

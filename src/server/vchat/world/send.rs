//! Sending messages, by the rules of §2.3.1.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, FileInfo, Message, MessageKind, RoomKind};
use crate::server::vchat::wire;

use super::memory::{files_bytes, message_bytes};
use super::state::World;

/// Maximum size of the messages that a reply embeds, in bytes of JSON. A chain of short ones may be nested more deeply than
/// most parsers read, but a page of such chains has only a few megabytes. No limit of the real service is known.
const MAX_CHAIN_BYTES: usize = 128 << 10;

/// A message to be sent, with the unparsed fields of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewMessage {
    /// `content`.
    pub(crate) content: String,
    /// `localId`.
    pub(crate) local_id: String,
    /// `isEncrypted`.
    pub(crate) is_encrypted: String,
    /// `messageType`.
    pub(crate) kind: String,
    /// `forwardLocalId`.
    pub(crate) forward_of: Option<String>,
    /// `replyToLocalId`.
    pub(crate) reply_to: Option<String>,
    /// `attachment`, a JSON text.
    pub(crate) attachment: Option<String>,
    /// `linkAtt`, a JSON text.
    pub(crate) link: Option<String>,
    /// The file, and the thumbnail of a video.
    pub(crate) files: Vec<FileInfo>,
}

impl World {
    /// Row 27: sends a message. Everything is checked, in the order of the rules, before anything is changed.
    pub(crate) fn send_message(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        room: &str,
        new: &NewMessage,
    ) -> ApiResult<Value> {
        let (kind, is_encrypted, attachment) = validate(new)?;
        let target = self.member_room(&actor.user, room)?;
        if target.peer(&actor.user).is_some_and(|peer| self.is_banned(&actor.user, peer)) {
            return Err(ApiError::no_access());
        }
        if self.messages_by_local_id.contains_key(&new.local_id) {
            return Err(ApiError::forbidden(format!("Message already in database {}", new.local_id)));
        }
        let is_broadcast = target.kind == RoomKind::Broadcast;
        let copies = if is_broadcast { 1 + target.recipients.len() } else { 1 };
        let mut message = self.new_message(now, actor, room, kind, new.content.clone())?;
        message.local_id.clone_from(&new.local_id);
        message.is_encrypted = is_encrypted;
        message.attachment = attachment;
        if let Some(link) = &new.link {
            message.link = parse_json(link, "linkAtt")?;
        }
        if let Some(source) = &new.forward_of {
            let source = self.message_by_local_id(actor, source);
            let source = source.ok_or_else(|| ApiError::forbidden("The forwarded message not found"))?;
            (message.content, message.kind) = (source.content.clone(), source.kind);
            (message.attachment, message.forward_of) = (source.attachment.clone(), Some(source.local_id.clone()));
        } else if let Some(target) = &new.reply_to {
            let target = self.message_by_local_id(actor, target).filter(|target| target.room == room);
            let target = target.ok_or_else(|| ApiError::forbidden("The replied message not found"))?;
            message.reply_to = reply_chain(target);
        }
        if message.kind == MessageKind::Text {
            message.mentions = object_ids(&message.content);
        }
        // The reservation only checks the quota: `store_message` charges each copy.
        let bytes = (message_bytes(&message) + files_bytes(&new.files)).saturating_mul(copies);
        self.reserve(bytes)?;
        self.quota.release(bytes);
        if is_broadcast {
            self.send_copies(now, actor, room, &message)?;
        }
        self.store_message(message)
    }

    /// Returns the message with this `lId`, if the user is a member of its room.
    fn message_by_local_id(&self, actor: &Actor, local_id: &str) -> Option<&Message> {
        let (room, id) = self.messages_by_local_id.get(local_id)?;
        self.member_room(&actor.user, room).ok()?.message(id)
    }

    /// Sends copies of a broadcast message to the direct rooms of the recipients (rule 6). Users with a ban are
    /// skipped.
    fn send_copies(&mut self, now: Timestamp, actor: &Actor, room: &str, original: &Message) -> ApiResult<()> {
        let recipients = &self.member_room(&actor.user, room)?.recipients;
        let recipients: Vec<_> = recipients.iter().map(|(user, _)| user.clone()).collect();
        for user in recipients.into_iter().filter(|user| *user != actor.user) {
            if self.is_banned(&actor.user, &user) {
                continue;
            }
            let single = self.single_room(now, &actor.user, &user)?;
            let peer_data = wire::user(self.user(&user)?);
            let copy = Message {
                id: self.ids.next(now),
                local_id: self.ids.next_local_id(),
                room: single,
                parent: Some(original.id.clone()),
                peer_data,
                receipts: Vec::new(),
                ..original.clone()
            };
            self.store_message(copy)?;
        }
        Ok(())
    }
}

fn parse_json(text: &str, name: &str) -> ApiResult<Value> {
    serde_json::from_str(text).map_err(|_| ApiError::bad_request(format!("{name} must be a json string")))
}

/// Returns what a reply to `target` embeds: the message itself, the one that it replies to, and so on (rule 3), as far as
/// that fits into [`MAX_CHAIN_BYTES`].
fn reply_chain(target: &Message) -> Vec<Arc<Value>> {
    let mut bytes = 0;
    let mut chain = vec![Arc::new(wire::message_without_reply(target))];
    chain.extend(target.reply_to.iter().cloned());
    let fitting = chain.iter().take_while(|message| {
        bytes += message.to_string().len();
        bytes <= MAX_CHAIN_BYTES
    });
    let count = fitting.count().max(1);
    chain.truncate(count);
    chain
}

/// Checks the fields of a message; returns its kind, whether it is encrypted, and its attachment.
fn validate(new: &NewMessage) -> ApiResult<(MessageKind, bool, Value)> {
    if new.content.is_empty() {
        return Err(ApiError::bad_request("content should not be empty"));
    }
    // Only the hyphenated form of 36 characters is accepted: a different spelling of the same UUID would be another
    // key.
    let is_uuid = Uuid::try_parse(&new.local_id).is_ok() && new.local_id.len() == 36;
    if !is_uuid {
        return Err(ApiError::bad_request("localId must be a UUID"));
    }
    let kind = MessageKind::from_name(&new.kind);
    let kind = kind.filter(|kind| !matches!(kind, MessageKind::Call | MessageKind::Info)).ok_or_else(|| {
        ApiError::bad_request(
            "messageType must be one of the following values: text, image, file, video, voice, location, custom",
        )
    })?;
    let is_encrypted = match new.is_encrypted.as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(ApiError::bad_request("isEncrypted must be a boolean string")),
    };
    // A forward takes the attachment of the forwarded message.
    let attachment = if new.forward_of.is_some() { Value::Null } else { attachment(kind, new)? };
    Ok((kind, is_encrypted, attachment))
}

/// Returns `msgAtt` (§8.2), made from the attachment and the files of the request.
fn attachment(kind: MessageKind, new: &NewMessage) -> ApiResult<Value> {
    let file = || new.files.first().ok_or_else(|| ApiError::bad_request("file is required"));
    let given = || {
        let text = new.attachment.as_deref();
        let text = text.ok_or_else(|| ApiError::bad_request("attachment must be a json string"))?;
        let given = parse_json(text, "attachment")?;
        if given.is_object() { Ok(given) } else { Err(ApiError::bad_request("attachment must be a json object")) }
    };
    Ok(match kind {
        MessageKind::Text | MessageKind::Call | MessageKind::Info => Value::Null,
        MessageKind::Image => wire::image(file()?),
        MessageKind::File => wire::file(file()?),
        MessageKind::Voice => {
            let duration = given()?.get("duration").and_then(Value::as_i64);
            let duration = duration.ok_or_else(|| ApiError::bad_request("attachment.duration is required"))?;
            let mut voice = wire::file(file()?);
            voice["duration"] = duration.into();
            voice
        }
        MessageKind::Video => {
            let given = given()?;
            let mut video = wire::file(file()?);
            video["duration"] = given.get("duration").and_then(Value::as_i64).into();
            video["thumbImage"] = new.files.get(1).map_or(Value::Null, wire::image);
            video
        }
        MessageKind::Location => location(&given()?)?,
        MessageKind::Custom => {
            let given = given()?;
            // Clients read only `{"data":{…}}`, so data without this wrapper is wrapped.
            if given.get("data").is_some_and(Value::is_object) { given } else { json!({ "data": given }) }
        }
    })
}

/// Returns the attachment of a location. The sibling expects `description` and the SDK sends `desc`; both are accepted,
/// and clients receive `desc` (§12, question 2).
fn location(given: &Value) -> ApiResult<Value> {
    let text = |object: &Value, name: &str| match object.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let missing = |name: &str| ApiError::bad_request(format!("attachment.{name} is required"));
    let preview = given.get("linkPreviewData").filter(|preview| preview.is_object());
    let preview = preview.ok_or_else(|| missing("linkPreviewData"))?;
    if text(preview, "title").is_none() {
        return Err(missing("linkPreviewData.title"));
    }
    if preview.get("desc").is_none() && preview.get("description").is_none() {
        return Err(missing("linkPreviewData.description"));
    }
    Ok(json!({
        "lat": text(given, "lat").ok_or_else(|| missing("lat"))?,
        "long": text(given, "long").ok_or_else(|| missing("long"))?,
        "linkPreviewData": {
            "image": preview.get("image").filter(|image| image.is_object()),
            "title": text(preview, "title"),
            "desc": text(preview, "desc").or_else(|| text(preview, "description")),
            "link": text(preview, "link"),
        },
    }))
}

/// Returns every run of 24 hexadecimal digits in a text (rule 4).
fn object_ids(text: &str) -> Vec<String> {
    let runs = text.split(|letter: char| !letter.is_ascii_hexdigit());
    let mut ids = Vec::new();
    for run in runs {
        ids.extend(run.as_bytes().chunks_exact(24).filter_map(|id| String::from_utf8(id.to_vec()).ok()));
    }
    ids
}

//! Approximate memory that rooms and messages need, in bytes.

use std::sync::Arc;

use serde_json::Value;

use crate::server::quota::{ENTRY_BYTES, json_bytes};
use crate::server::vchat::model::{FileInfo, Member, Message, Room};

/// Bytes of an entry that refers to a user, such as a membership, receipt or star.
pub(super) const USER_ENTRY_BYTES: usize = 128;

/// Memory of a message.
pub(super) fn message_bytes(message: &Message) -> usize {
    let values = [&message.attachment, &message.link, &message.peer_data];
    // The rest of the chain is shared with the message that this one replies to.
    let replied = message.reply_to.first().map_or(0, |replied| json_bytes(replied));
    let chain = message.reply_to.len() * size_of::<Arc<Value>>();
    let texts = [&message.content, &message.sender_name, &message.sender_identifier, &message.sender_image];
    let users = message.receipts.len()
        + message.deleted_for.len()
        + message.starred_by.len()
        + message.viewed_by.len()
        + message.mentions.len();
    4 * ENTRY_BYTES
        + replied
        + chain
        + values.into_iter().map(json_bytes).sum::<usize>()
        + texts.into_iter().map(String::len).sum::<usize>()
        + USER_ENTRY_BYTES * users
}

/// Memory of a room and its messages.
pub(super) fn room_bytes(room: &Room) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let member = |member: &Member| 2 * USER_ENTRY_BYTES + text(&member.nickname) + text(&member.translate_to);
    let extra = room.extra.iter().flatten().map(|(key, value)| key.len() + 2 * json_bytes(value));
    let order = room.order.as_ref().map_or(0, |order| {
        order.id.len() + text(&order.title) + text(&order.image) + order.data.as_ref().map_or(0, json_bytes)
    });
    ENTRY_BYTES
        + room.title.len()
        + text(&room.description)
        + room.members.iter().map(member).sum::<usize>()
        + USER_ENTRY_BYTES * room.recipients.len()
        + extra.sum::<usize>()
        + order
        + room.messages.iter().map(message_bytes).sum::<usize>()
}

/// Memory that the descriptions of files add to a message.
pub(super) fn files_bytes(files: &[FileInfo]) -> usize {
    files.iter().map(|file| ENTRY_BYTES + file.name.len() + file.mime.len() + file.url.len()).sum()
}

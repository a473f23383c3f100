//! Memory quota of a [`Tenant`].

use crate::server::quota::{ENTRY_BYTES, FULL_MESSAGE};

use super::limits::object_bytes;
use super::model::{ApiError, Chat, File, Message, User};
use super::tenant::Tenant;

impl Tenant {
    /// Reserves memory for data that is about to be stored.
    pub(super) fn reserve(&mut self, bytes: usize) -> Result<(), ApiError> {
        if self.quota.needs_recount(bytes) {
            let used = self.count_bytes();
            self.quota.set_used(used);
        }
        if self.quota.try_reserve(bytes) { Ok(()) } else { Err(ApiError::StorageFull(FULL_MESSAGE.to_owned())) }
    }

    fn count_bytes(&self) -> usize {
        self.chats.values().map(chat_bytes).sum::<usize>() + self.users.values().map(user_bytes).sum::<usize>()
    }
}

fn user_bytes(user: &User) -> usize {
    let metadata = user.metadata.as_ref().map_or(0, object_bytes);
    ENTRY_BYTES + 2 * user.username.len() + text_bytes(&user.name) + text_bytes(&user.avatar) + metadata
}

fn chat_bytes(chat: &Chat) -> usize {
    let entries = ENTRY_BYTES * (1 + chat.members.len());
    let texts = text_bytes(&chat.title) + text_bytes(&chat.avatar) + object_bytes(&chat.metadata);
    entries + texts + chat.messages.iter().map(stored_message_bytes).sum::<usize>()
}

fn stored_message_bytes(message: &Message) -> usize {
    let file = |file: &File| file.url.len() + text_bytes(&file.name) + text_bytes(&file.size);
    let file = message.file.as_ref().map_or(0, file);
    ENTRY_BYTES + text_bytes(&message.text) + file + message.metadata.as_ref().map_or(0, object_bytes)
}

fn text_bytes(text: &Option<String>) -> usize {
    text.as_ref().map_or(0, String::len)
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;

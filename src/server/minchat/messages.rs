//! Messages of a [`Tenant`]: sending, editing, deleting, seen marks and typing.

use serde_json::Value;

use crate::domain::Timestamp;

use super::limits;
use super::model::{ApiError, ChatEvent, File, Id, Message, Metadata, Page};
use super::tenant::{PAGE_SIZE, Tenant};

/// A message to be sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewMessage {
    /// Chat to send it to.
    pub(crate) chat: Id,
    /// User who sends it.
    pub(crate) author: Id,
    /// Text, if any.
    pub(crate) text: Option<String>,
    /// Attached file, if any.
    pub(crate) file: Option<File>,
    /// Data of the host app.
    pub(crate) metadata: Option<Metadata>,
}

/// A change to a message. Fields that are `None` stay as they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageEdit {
    /// New text.
    pub(crate) text: Option<String>,
    /// New file.
    pub(crate) file: Option<File>,
    /// Metadata to merge into the existing one.
    pub(crate) metadata: Option<Metadata>,
}

impl Tenant {
    /// Returns a page of 25 messages, oldest first. Page 1 has the newest messages.
    pub(crate) fn history(&self, chat: &str, viewer: &str, page: usize) -> Result<Page<&Message>, ApiError> {
        let chat = self.chat(chat)?;
        // The viewer has to exist, but need not be a member. It is not known whether the real service requires
        // membership. A sandbox that refuses too much would be a greater obstacle than one that returns too much.
        self.viewer(viewer)?;
        let (page, total) = (page.max(1), chat.messages.len());
        let end = total.saturating_sub((page - 1).saturating_mul(PAGE_SIZE));
        let items = chat.messages[end.saturating_sub(PAGE_SIZE)..end].iter().collect();
        Ok(Page { items, page, total, pages: total.div_ceil(PAGE_SIZE) })
    }

    /// Returns the message `id`.
    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        let chat = self.chats_by_message.get(id).and_then(|chat| self.chats.get(chat));
        // Searched from the end, because nearly all requests are about recent messages.
        chat.and_then(|chat| chat.messages.iter().rev().find(|message| message.id == id))
            .ok_or_else(|| ApiError::bad_request("message not found"))
    }

    fn message_mut(&mut self, id: &str) -> Result<&mut Message, ApiError> {
        let chat = self.chats_by_message.get(id).and_then(|chat| self.chats.get_mut(chat));
        chat.and_then(|chat| chat.messages.iter_mut().rev().find(|message| message.id == id))
            .ok_or_else(|| ApiError::bad_request("message not found"))
    }

    /// Sends a message and returns its id. The oldest messages beyond the limit of the chat are dropped.
    pub(crate) fn send_message(&mut self, now: Timestamp, new: NewMessage) -> Result<(Id, ChatEvent), ApiError> {
        let NewMessage { chat, author, text, file, metadata } = new;
        let text = text.filter(|text| !text.is_empty());
        if text.is_none() && file.is_none() {
            return Err(ApiError::bad_request("text or file is required"));
        }
        self.user(&author)?;
        if !self.chat(&chat)?.members.contains(&author) {
            return Err(ApiError::bad_request("the user is not a participant of the chat"));
        }
        self.reserve(limits::message_bytes(text.as_deref(), file.as_ref(), metadata.as_ref())?)?;
        self.touch(now, &author)?;
        let id = self.ids.next(now);
        let message = Message {
            id: id.clone(),
            chat: chat.clone(),
            author,
            text,
            file,
            seen: false,
            metadata,
            created_at: now,
            updated_at: now,
        };
        let max = self.limits.messages;
        let target = self.chat_mut(&chat)?;
        target.messages.push(message);
        let surplus = target.messages.len().saturating_sub(max);
        let dropped: Vec<Message> = target.messages.drain(..surplus).collect();
        for message in dropped {
            self.chats_by_message.remove(&message.id);
            self.quota.mark_freed();
        }
        self.chats_by_message.insert(id.clone(), chat.clone());
        Ok((id.clone(), ChatEvent::MessageSent { chat, message: id }))
    }

    /// Edits a message. Anyone with the API key may edit any message: the request does not name a user.
    pub(crate) fn edit_message(&mut self, now: Timestamp, id: &str, edit: MessageEdit) -> Result<ChatEvent, ApiError> {
        let existing = self.message(id)?.metadata.clone().into_iter().flatten();
        // Metadata is merged key by key, as for chats, so that an edit does not remove the keys it does not repeat.
        let metadata = edit.metadata.map(|more| existing.chain(more).collect());
        self.reserve(limits::message_bytes(edit.text.as_deref(), edit.file.as_ref(), metadata.as_ref())?)?;
        let message = self.message_mut(id)?;
        if edit.text.is_none() && edit.file.is_none() && metadata.is_none() {
            return Err(ApiError::bad_request("text, file or metadata is required"));
        }
        message.text = edit.text.or(message.text.take());
        message.file = edit.file.or(message.file.take());
        message.metadata = metadata.or(message.metadata.take());
        message.updated_at = now;
        Ok(ChatEvent::MessageEdited { chat: message.chat.clone(), message: message.id.clone() })
    }

    /// Deletes a message.
    pub(crate) fn delete_message(&mut self, id: &str) -> Result<ChatEvent, ApiError> {
        let chat = self.message(id)?.chat.clone();
        self.chats_by_message.remove(id);
        self.quota.mark_freed();
        self.chat_mut(&chat)?.messages.retain(|message| message.id != id);
        Ok(ChatEvent::MessageDeleted { chat, message: id.to_owned() })
    }

    /// Marks a message as seen. The event is repeated for a message that was seen before: the official React client
    /// sends the request again until it receives the event.
    pub(crate) fn mark_seen(&mut self, now: Timestamp, id: &str, viewer: Option<&str>) -> Result<ChatEvent, ApiError> {
        if let Some(viewer) = viewer {
            self.touch(now, viewer)?;
        }
        let message = self.message_mut(id)?;
        message.seen = true;
        Ok(ChatEvent::MessageSeen {
            chat: message.chat.clone(),
            message: message.id.clone(),
            author: message.author.clone(),
            viewer: viewer.map(str::to_owned),
        })
    }

    /// Reports that a user starts or stops typing. `user` is passed on as the client sent it.
    pub(crate) fn set_typing(
        &mut self,
        now: Timestamp,
        chat: &str,
        user: Value,
        started: bool,
    ) -> Result<ChatEvent, ApiError> {
        let chat = self.chat(chat)?.id.clone();
        limits::check_typing_user(&user)?;
        if let Some(id) = user.get("id").and_then(Value::as_str) {
            self.touch(now, id)?;
        }
        Ok(ChatEvent::Typing { chat, user, started })
    }
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;

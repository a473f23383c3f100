//! What people in a tenant say to each other: send, edit, delete, see, type. The other half of [`Tenant`].

use serde_json::Value;

use crate::domain::Timestamp;

use crate::server::quota::{is_too_deep, json_bytes};

use super::caps::{self, NAME};
use super::model::{File, Id, Message, Metadata, News, Page, Refusal};
use super::tenant::{PAGE, Tenant};

/// Something to be said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Where.
    pub(crate) chat: Id,
    /// By whom.
    pub(crate) author: Id,
    /// The words, if any.
    pub(crate) text: Option<String>,
    /// The file, if any.
    pub(crate) file: Option<File>,
    /// The app's own facts.
    pub(crate) metadata: Option<Metadata>,
}

/// A change to something said; what is not given stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// The new words.
    pub(crate) text: Option<String>,
    /// The new file.
    pub(crate) file: Option<File>,
    /// Facts to add.
    pub(crate) metadata: Option<Metadata>,
}

impl Tenant {
    /// The `page`th newest 25 messages of a chat, oldest first.
    pub(crate) fn history(&self, chat: &str, viewer: &str, page: usize) -> Result<Page<&Message>, Refusal> {
        let chat = self.chat(chat)?;
        // Only the existence of the viewer is asked for: whether the real service also wants them to be a member is
        // not known, and a client that shows too little is worse in a sandbox than one that could show too much.
        self.viewer(viewer)?;
        let (page, total) = (page.max(1), chat.messages.len());
        let end = total.saturating_sub((page - 1).saturating_mul(PAGE));
        let items = chat.messages[end.saturating_sub(PAGE)..end].iter().collect();
        Ok(Page { items, page, total, pages: total.div_ceil(PAGE) })
    }

    /// The message called `id`.
    pub(crate) fn message(&self, id: &str) -> Result<&Message, Refusal> {
        let chat = self.places.get(id).and_then(|chat| self.chats.get(chat));
        // From the end, because what is asked for is nearly always recent.
        chat.and_then(|chat| chat.messages.iter().rev().find(|message| message.id == id))
            .ok_or_else(|| Refusal::invalid("message not found"))
    }

    fn message_mut(&mut self, id: &str) -> Result<&mut Message, Refusal> {
        let chat = self.places.get(id).and_then(|chat| self.chats.get_mut(chat));
        chat.and_then(|chat| chat.messages.iter_mut().rev().find(|message| message.id == id))
            .ok_or_else(|| Refusal::invalid("message not found"))
    }

    /// Says something.
    pub(crate) fn send(&mut self, now: Timestamp, draft: Draft) -> Result<(Id, News), Refusal> {
        let Draft { chat, author, text, file, metadata } = draft;
        let text = text.filter(|text| !text.is_empty());
        if text.is_none() && file.is_none() {
            return Err(Refusal::invalid("text or file is required"));
        }
        self.user(&author)?;
        if !self.chat(&chat)?.members.contains(&author) {
            return Err(Refusal::invalid("the user is not a participant of the chat"));
        }
        self.room_for(caps::said(text.as_deref(), file.as_ref(), metadata.as_ref())?)?;
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
        let most = self.kept.messages;
        let place = self.chat_mut(&chat)?;
        place.messages.push(message);
        let surplus = place.messages.len().saturating_sub(most);
        let gone: Vec<Message> = place.messages.drain(..surplus).collect();
        for message in gone {
            self.places.remove(&message.id);
            self.quota.mark_freed();
        }
        self.places.insert(id.clone(), chat.clone());
        Ok((id.clone(), News::Sent { chat, message: id }))
    }

    /// Changes something said. The API key is enough to do it: no request says who asks.
    pub(crate) fn edit(&mut self, now: Timestamp, id: &str, change: Change) -> Result<News, Refusal> {
        let known = self.message(id)?.metadata.clone().into_iter().flatten();
        // Added key by key as in a chat's metadata: an edit that does not repeat the sender's keys keeps them.
        let metadata = change.metadata.map(|more| known.chain(more).collect());
        self.room_for(caps::said(change.text.as_deref(), change.file.as_ref(), metadata.as_ref())?)?;
        let message = self.message_mut(id)?;
        if change.text.is_none() && change.file.is_none() && metadata.is_none() {
            return Err(Refusal::invalid("text, file or metadata is required"));
        }
        message.text = change.text.or(message.text.take());
        message.file = change.file.or(message.file.take());
        message.metadata = metadata.or(message.metadata.take());
        message.updated_at = now;
        Ok(News::Edited { chat: message.chat.clone(), message: message.id.clone() })
    }

    /// Takes something back.
    pub(crate) fn delete_message(&mut self, id: &str) -> Result<News, Refusal> {
        let chat = self.message(id)?.chat.clone();
        self.places.remove(id);
        self.quota.mark_freed();
        self.chat_mut(&chat)?.messages.retain(|message| message.id != id);
        Ok(News::Deleted { chat, message: id.to_owned() })
    }

    /// `viewer` saw a message. It is news even if it was seen before: the official React client repeats the request
    /// until it hears the event.
    pub(crate) fn see(&mut self, now: Timestamp, id: &str, viewer: Option<&str>) -> Result<News, Refusal> {
        if let Some(viewer) = viewer {
            self.touch(now, viewer)?;
        }
        let message = self.message_mut(id)?;
        message.seen = true;
        Ok(News::Seen {
            chat: message.chat.clone(),
            message: message.id.clone(),
            author: message.author.clone(),
            viewer: viewer.map(str::to_owned),
        })
    }

    /// Somebody began or ceased to type. They are passed on as they describe themselves.
    pub(crate) fn typing(&mut self, now: Timestamp, chat: &str, user: Value, started: bool) -> Result<News, Refusal> {
        let chat = self.chat(chat)?.id.clone();
        if json_bytes(&user) > NAME || is_too_deep(&user) {
            return Err(Refusal::invalid(format!("user is larger than {NAME} bytes")));
        }
        if let Some(id) = user.get("id").and_then(Value::as_str) {
            self.touch(now, id)?;
        }
        Ok(News::Typing { chat, user, started })
    }
}

#[cfg(test)]
#[path = "talk_tests.rs"]
mod tests;

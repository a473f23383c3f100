//! One app's people and chats: a pure reducer. Time comes in as an argument, news goes out as data.
//!
//! What people say to each other is in the neighbour `talk`, who is there in `presence`; all are one type. Knows no wire format, no sockets, no
//! clock. Where the protocol note leaves the real service's behaviour open, the choice is said in a comment.

use std::collections::HashMap;

use crate::domain::Timestamp;

use crate::server::limits::StorageLimits;
use crate::server::quota::{ENTRY_BYTES, Quota};

use super::caps::{self, NAME};
use super::ids::Ids;
use super::model::{Chat, Id, Metadata, Page, Refusal, User};

/// Items on a page unless the caller asks for another number.
pub(crate) const PAGE: usize = 25;
/// The largest page that can be asked for.
const LARGEST_PAGE: usize = 100;

/// What kind of app a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody's app.
    Own,
    /// The canned app behind the key `demo`: any user, known or not, has something to read.
    Demo,
    /// Made by the test fixture `/sdk-test`.
    Fixture,
}

/// Who is to be created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewUser {
    /// The app's name for them.
    pub(crate) username: String,
    /// What else is known.
    pub(crate) facts: Facts,
}

/// What may be said of a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The name to show.
    pub(crate) name: Option<String>,
    /// The address of a picture.
    pub(crate) avatar: Option<String>,
    /// The app's own facts.
    pub(crate) metadata: Option<Metadata>,
}

/// A chat to be started.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewChat {
    /// Who takes part, the creator first.
    pub(crate) members: Vec<Id>,
    /// Asked for as a group, whatever the number of members.
    pub(crate) group: bool,
    /// The title, for a group.
    pub(crate) title: Option<String>,
    /// The picture, for a group.
    pub(crate) avatar: Option<String>,
    /// The app's own facts.
    pub(crate) metadata: Metadata,
}

/// One app: its users, chats and who is connected.
#[derive(Debug)]
pub(crate) struct Tenant {
    kind: Kind,
    pub(super) ids: Ids,
    pub(super) users: HashMap<Id, User>,
    names: HashMap<String, Id>,
    pub(super) chats: HashMap<Id, Chat>,
    /// Which chat a message is in.
    pub(super) places: HashMap<Id, Id>,
    /// How many connections each user has.
    pub(super) connections: HashMap<Id, usize>,
    pub(super) kept: StorageLimits,
    pub(super) quota: Quota,
}

impl Tenant {
    /// An app without users.
    #[cfg(test)]
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        Self::keeping(kind, seed, StorageLimits::default())
    }

    /// An app without users that keeps no more than `kept`.
    pub(crate) fn keeping(kind: Kind, seed: u64, kept: StorageLimits) -> Self {
        Self {
            quota: Quota::new(kept.bytes),
            kept,
            kind,
            ids: Ids::new(seed),
            users: HashMap::new(),
            names: HashMap::new(),
            chats: HashMap::new(),
            places: HashMap::new(),
            connections: HashMap::new(),
        }
    }

    /// What kind of app it is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The user called `id`.
    pub(crate) fn user(&self, id: &str) -> Result<&User, Refusal> {
        self.users.get(id).ok_or_else(|| Refusal::invalid("user not found"))
    }

    /// The user whom the app calls `username`.
    pub(crate) fn user_named(&self, username: &str) -> Result<&User, Refusal> {
        let id = self.names.get(username).ok_or_else(|| Refusal::invalid("user not found"))?;
        self.user(id)
    }

    /// The chat called `id`.
    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, Refusal> {
        self.chats.get(id).ok_or_else(|| Refusal::invalid("chat not found"))
    }

    pub(super) fn chat_mut(&mut self, id: &str) -> Result<&mut Chat, Refusal> {
        self.chats.get_mut(id).ok_or_else(|| Refusal::invalid("chat not found"))
    }

    /// Creates a user, or answers with the one who has that username already.
    ///
    /// Whether the real service overwrites the facts of a user who exists is not known. Here facts that were never
    /// given are filled in and the others stay, so that logging in does not undo a change made elsewhere.
    pub(crate) fn create_user(&mut self, now: Timestamp, new: NewUser) -> Result<Id, Refusal> {
        let NewUser { username, facts } = new;
        if username.trim().is_empty() {
            return Err(Refusal::invalid("username is required"));
        }
        caps::short("username", &username, NAME)?;
        self.room_for(ENTRY_BYTES + 2 * username.len() + caps::facts(&facts)?)?;
        if let Some(user) = self.names.get(&username).and_then(|id| self.users.get_mut(id)) {
            user.name = user.name.take().or(facts.name);
            user.avatar = user.avatar.take().or(facts.avatar);
            user.metadata = user.metadata.take().or(facts.metadata);
            return Ok(user.id.clone());
        }
        caps::count(self.users.len(), self.kept.users, "users")?;
        let id = self.ids.next(now);
        self.names.insert(username.clone(), id.clone());
        let Facts { name, avatar, metadata } = facts;
        let user = User {
            id: id.clone(),
            username,
            name,
            avatar,
            metadata,
            created_at: now,
            updated_at: now,
            last_active: now,
        };
        self.users.insert(id.clone(), user);
        Ok(id)
    }

    /// Changes what was given and keeps the rest.
    pub(crate) fn update_user(&mut self, now: Timestamp, id: &str, facts: Facts) -> Result<(), Refusal> {
        self.user(id)?;
        self.room_for(caps::facts(&facts)?)?;
        let user = self.users.get_mut(id).ok_or_else(|| Refusal::invalid("user not found"))?;
        user.name = facts.name.or(user.name.take());
        user.avatar = facts.avatar.or(user.avatar.take());
        user.metadata = facts.metadata.or(user.metadata.take());
        user.updated_at = now;
        Ok(())
    }

    /// Removes a user with all that they said; a chat in which nobody else said anything is then in no list.
    pub(crate) fn delete_user(&mut self, id: &str) -> Result<(), Refusal> {
        let user = self.users.remove(id).ok_or_else(|| Refusal::invalid("user not found"))?;
        self.quota.mark_freed();
        self.names.remove(&user.username);
        self.connections.remove(id);
        for chat in self.chats.values_mut() {
            chat.members.retain(|member| member != id);
            chat.messages.retain(|message| message.author != id);
        }
        let chats = &self.chats;
        self.places.retain(|message, chat| {
            chats.get(chat).is_some_and(|chat| chat.messages.iter().any(|known| known.id == *message))
        });
        Ok(())
    }

    /// Starts a chat. One-to-one with the same two people it is the same chat again; a group is always a new one.
    ///
    /// What happens to the metadata given for a chat that exists is not known of the real service: it is not used.
    pub(crate) fn start_chat(&mut self, now: Timestamp, new: NewChat) -> Result<Id, Refusal> {
        let NewChat { mut members, group, title, avatar, metadata } = new;
        let mut met = std::collections::HashSet::new();
        members.retain(|member| met.insert(member.clone()));
        if members.is_empty() {
            return Err(Refusal::invalid("usernames is required"));
        }
        for member in &members {
            self.user(member)?;
        }
        let group = group || title.is_some() || members.len() > 2;
        if !group && let Some(chat) = self.one_to_one(&members) {
            return Ok(chat);
        }
        caps::count(self.chats.len(), self.kept.rooms, "chats")?;
        for (name, text) in [("title", &title), ("avatar", &avatar)] {
            caps::short(name, text.as_deref().unwrap_or_default(), NAME)?;
        }
        self.room_for(ENTRY_BYTES * (1 + members.len()) + 2 * NAME + caps::metadata(Some(&metadata))?)?;
        let id = self.ids.next(now);
        let chat =
            Chat { id: id.clone(), group, title, avatar, members, metadata, created_at: now, messages: Vec::new() };
        self.chats.insert(id.clone(), chat);
        Ok(id)
    }

    fn one_to_one(&self, members: &[Id]) -> Option<Id> {
        let same = |chat: &&Chat| {
            !chat.group && chat.members.len() == members.len() && members.iter().all(|id| chat.members.contains(id))
        };
        self.chats.values().find(same).map(|chat| chat.id.clone())
    }

    /// The chats of `user` in which something was said, newest activity first.
    pub(crate) fn chats_of(&self, user: &str, page: usize, limit: Option<usize>) -> Result<Page<&Chat>, Refusal> {
        let user = self.viewer(user)?;
        let mut chats: Vec<&Chat> =
            (self.chats.values()).filter(|chat| !chat.messages.is_empty() && chat.members.contains(&user.id)).collect();
        chats.sort_by(|a, b| (b.last_activity(), &b.id).cmp(&(a.last_activity(), &a.id)));
        Ok(paginate(&chats, page, limit.unwrap_or(PAGE)))
    }

    /// The user who looks at something; in the canned app everybody who is unknown or has nothing of their own looks
    /// with the eyes of `demo`.
    pub(crate) fn viewer(&self, id: &str) -> Result<&User, Refusal> {
        let talks = || self.chats.values().any(|c| !c.messages.is_empty() && c.members.iter().any(|m| m == id));
        match self.kind {
            Kind::Demo if !talks() => self.user_named("demo"),
            Kind::Own | Kind::Fixture | Kind::Demo => self.user(id),
        }
    }

    /// Adds to a chat's metadata, key by key, and answers with all of it.
    pub(crate) fn merge_metadata(&mut self, chat: &str, more: Metadata) -> Result<&Metadata, Refusal> {
        let whole = self.chat(chat)?.metadata.clone().into_iter().chain(more).collect();
        self.room_for(caps::metadata(Some(&whole))?)?;
        let chat = self.chat_mut(chat)?;
        chat.metadata = whole;
        Ok(&chat.metadata)
    }

    /// Removes a chat with all that was said in it.
    pub(crate) fn delete_chat(&mut self, id: &str) -> Result<(), Refusal> {
        let chat = self.chats.remove(id).ok_or_else(|| Refusal::invalid("chat not found"))?;
        self.quota.mark_freed();
        for message in &chat.messages {
            self.places.remove(&message.id);
        }
        Ok(())
    }

    /// Adds somebody to a chat; somebody who is in it stays in it.
    pub(crate) fn add_member(&mut self, chat: &str, user: &str) -> Result<(), Refusal> {
        let user = self.user(user)?.id.clone();
        self.chat(chat)?;
        self.room_for(ENTRY_BYTES)?;
        let chat = self.chat_mut(chat)?;
        if !chat.members.contains(&user) {
            chat.members.push(user);
            // A chat that two people shared has become a group; otherwise it would be found as theirs again.
            chat.group = chat.group || chat.members.len() > 2;
        }
        Ok(())
    }

    /// Takes somebody out of a chat; somebody who is not in it stays out of it.
    pub(crate) fn remove_member(&mut self, chat: &str, user: &str) -> Result<(), Refusal> {
        let user = self.user(user)?.id.clone();
        self.chat_mut(chat)?.members.retain(|member| *member != user);
        Ok(())
    }
}

/// The `page`th run of `limit` items, from one.
pub(super) fn paginate<T: Clone>(items: &[T], page: usize, limit: usize) -> Page<T> {
    let (page, limit) = (page.max(1), limit.clamp(1, LARGEST_PAGE));
    let start = (page - 1).saturating_mul(limit).min(items.len());
    let end = start.saturating_add(limit).min(items.len());
    Page { items: items[start..end].to_vec(), page, total: items.len(), pages: items.len().div_ceil(limit) }
}

#[cfg(test)]
#[path = "tenant_tests.rs"]
mod tests;

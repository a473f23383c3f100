//! The data of one app: a pure reducer. Requests and the time go in, results and [`ChatEvent`]s come out.
//!
//! [`Tenant`] is implemented in several files: users and chats here, messages in `messages`, connections in
//! `presence`, the memory quota in `storage`. It does not depend on the wire format, sockets or the clock. Where
//! `docs/protocol/minchat.md` leaves the behaviour of the real service open, a comment states the choice.
//!
//! [`ChatEvent`]: super::model::ChatEvent

use std::collections::{HashMap, HashSet};

use crate::domain::Timestamp;
use crate::server::limits::StorageLimits;
use crate::server::quota::{ENTRY_BYTES, Quota};

use super::ids::Ids;
use super::limits::{self, MAX_NAME_BYTES};
use super::model::{ApiError, Chat, Id, Metadata, NewChat, NewUser, Page, Profile, User};

/// Items on a page, unless the client asks for another number.
pub(crate) const PAGE_SIZE: usize = 25;
/// Items on the largest page that a client can ask for.
const MAX_PAGE_SIZE: usize = 100;

/// Kind of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TenantKind {
    /// The app of the server's API key.
    Regular,
    /// The app of the key `demo`, in which every user, even an unknown one, can read a chat.
    Demo,
    /// An app created by the test fixture `/sdk-test`.
    Fixture,
}

/// One app: its users, chats and connections.
#[derive(Debug)]
pub(crate) struct Tenant {
    kind: TenantKind,
    pub(super) ids: Ids,
    pub(super) users: HashMap<Id, User>,
    ids_by_username: HashMap<String, Id>,
    pub(super) chats: HashMap<Id, Chat>,
    /// The chat of each message.
    pub(super) chats_by_message: HashMap<Id, Id>,
    /// Number of connections of each connected user.
    pub(super) connections: HashMap<Id, usize>,
    pub(super) limits: StorageLimits,
    pub(super) quota: Quota,
}

impl Tenant {
    /// Creates an empty app with the default limits.
    #[cfg(test)]
    pub(crate) fn new(kind: TenantKind, seed: u64) -> Self {
        Self::with_limits(kind, seed, StorageLimits::default())
    }

    /// Creates an empty app.
    pub(crate) fn with_limits(kind: TenantKind, seed: u64, limits: StorageLimits) -> Self {
        Self {
            quota: Quota::new(limits.bytes),
            limits,
            kind,
            ids: Ids::new(seed),
            users: HashMap::new(),
            ids_by_username: HashMap::new(),
            chats: HashMap::new(),
            chats_by_message: HashMap::new(),
            connections: HashMap::new(),
        }
    }

    /// Kind of the app.
    pub(crate) fn kind(&self) -> TenantKind {
        self.kind
    }

    /// Returns the user `id`.
    pub(crate) fn user(&self, id: &str) -> Result<&User, ApiError> {
        self.users.get(id).ok_or_else(|| ApiError::bad_request("user not found"))
    }

    /// Returns the user with this username.
    pub(crate) fn user_by_username(&self, username: &str) -> Result<&User, ApiError> {
        let id = self.ids_by_username.get(username).ok_or_else(|| ApiError::bad_request("user not found"))?;
        self.user(id)
    }

    /// Returns the chat `id`.
    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, ApiError> {
        self.chats.get(id).ok_or_else(|| ApiError::bad_request("chat not found"))
    }

    pub(super) fn chat_mut(&mut self, id: &str) -> Result<&mut Chat, ApiError> {
        self.chats.get_mut(id).ok_or_else(|| ApiError::bad_request("chat not found"))
    }

    /// Creates a user, or returns the existing one with this username.
    ///
    /// It is not known whether the real service overwrites the profile of an existing user. Here only fields that were
    /// never set are filled in, so that logging in does not undo a change made elsewhere.
    pub(crate) fn create_user(&mut self, now: Timestamp, new: NewUser) -> Result<Id, ApiError> {
        let NewUser { username, profile } = new;
        if username.trim().is_empty() {
            return Err(ApiError::bad_request("username is required"));
        }
        limits::check_length("username", &username, MAX_NAME_BYTES)?;
        self.reserve(ENTRY_BYTES + 2 * username.len() + limits::profile_bytes(&profile)?)?;
        if let Some(user) = self.ids_by_username.get(&username).and_then(|id| self.users.get_mut(id)) {
            user.name = user.name.take().or(profile.name);
            user.avatar = user.avatar.take().or(profile.avatar);
            user.metadata = user.metadata.take().or(profile.metadata);
            return Ok(user.id.clone());
        }
        limits::check_count(self.users.len(), self.limits.users, "users")?;
        let id = self.ids.next(now);
        self.ids_by_username.insert(username.clone(), id.clone());
        let Profile { name, avatar, metadata } = profile;
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

    /// Changes the fields that `profile` contains and keeps the others.
    pub(crate) fn update_user(&mut self, now: Timestamp, id: &str, profile: Profile) -> Result<(), ApiError> {
        self.user(id)?;
        self.reserve(limits::profile_bytes(&profile)?)?;
        let user = self.users.get_mut(id).ok_or_else(|| ApiError::bad_request("user not found"))?;
        user.name = profile.name.or(user.name.take());
        user.avatar = profile.avatar.or(user.avatar.take());
        user.metadata = profile.metadata.or(user.metadata.take());
        user.updated_at = now;
        Ok(())
    }

    /// Deletes a user and all their messages. Chats without messages of others no longer appear in any list.
    pub(crate) fn delete_user(&mut self, id: &str) -> Result<(), ApiError> {
        let user = self.users.remove(id).ok_or_else(|| ApiError::bad_request("user not found"))?;
        self.quota.mark_freed();
        self.ids_by_username.remove(&user.username);
        self.connections.remove(id);
        let chats_by_message = &mut self.chats_by_message;
        for chat in self.chats.values_mut() {
            chat.members.retain(|member| member != id);
            chat.messages.retain(|message| {
                let stays = message.author != id;
                if !stays {
                    chats_by_message.remove(&message.id);
                }
                stays
            });
        }
        Ok(())
    }

    /// Starts a chat. There is one direct message for two users; a group is always new.
    ///
    /// It is not known whether the real service uses metadata sent for an existing chat. Here it is ignored.
    pub(crate) fn start_chat(&mut self, now: Timestamp, new: NewChat) -> Result<Id, ApiError> {
        let NewChat { mut members, is_group, title, avatar, metadata } = new;
        let mut unique = HashSet::new();
        members.retain(|member| unique.insert(member.clone()));
        if members.is_empty() {
            return Err(ApiError::bad_request("usernames is required"));
        }
        for member in &members {
            self.user(member)?;
        }
        let is_group = is_group || title.is_some() || members.len() > 2;
        if !is_group && let Some(chat) = self.direct_chat(&members) {
            return Ok(chat);
        }
        limits::check_count(self.chats.len(), self.limits.rooms, "chats")?;
        for (name, text) in [("title", &title), ("avatar", &avatar)] {
            limits::check_length(name, text.as_deref().unwrap_or_default(), MAX_NAME_BYTES)?;
        }
        let metadata_bytes = limits::metadata_bytes(Some(&metadata))?;
        self.reserve(ENTRY_BYTES * (1 + members.len()) + 2 * MAX_NAME_BYTES + metadata_bytes)?;
        let id = self.ids.next(now);
        let messages = Vec::new();
        let chat = Chat { id: id.clone(), is_group, title, avatar, members, metadata, created_at: now, messages };
        self.chats.insert(id.clone(), chat);
        Ok(id)
    }

    fn direct_chat(&self, members: &[Id]) -> Option<Id> {
        let is_same = |chat: &&Chat| {
            !chat.is_group && chat.members.len() == members.len() && members.iter().all(|id| chat.members.contains(id))
        };
        self.chats.values().find(is_same).map(|chat| chat.id.clone())
    }

    /// Returns a page of the chats of `user` that have messages, latest activity first.
    pub(crate) fn chats_of(&self, user: &str, page: usize, limit: Option<usize>) -> Result<Page<&Chat>, ApiError> {
        let user = self.viewer(user)?;
        let mut chats: Vec<&Chat> =
            (self.chats.values()).filter(|chat| !chat.messages.is_empty() && chat.members.contains(&user.id)).collect();
        chats.sort_by(|a, b| (b.last_activity(), &b.id).cmp(&(a.last_activity(), &a.id)));
        Ok(paginate(&chats, page, limit.unwrap_or(PAGE_SIZE)))
    }

    /// Returns the user whose view of the app `id` gets: the user `id`, but in the demo app the user `demo` for
    /// everyone who is unknown or has no messages.
    pub(crate) fn viewer(&self, id: &str) -> Result<&User, ApiError> {
        let has_messages = || {
            let mut chats = self.chats.values();
            chats.any(|chat| !chat.messages.is_empty() && chat.members.iter().any(|member| member == id))
        };
        match self.kind {
            TenantKind::Demo if !has_messages() => self.user_by_username("demo"),
            TenantKind::Regular | TenantKind::Fixture | TenantKind::Demo => self.user(id),
        }
    }

    /// Merges `more` into the metadata of a chat key by key, and returns the result.
    pub(crate) fn merge_metadata(&mut self, chat: &str, more: Metadata) -> Result<&Metadata, ApiError> {
        let merged = self.chat(chat)?.metadata.clone().into_iter().chain(more).collect();
        self.reserve(limits::metadata_bytes(Some(&merged))?)?;
        let chat = self.chat_mut(chat)?;
        chat.metadata = merged;
        Ok(&chat.metadata)
    }

    /// Deletes a chat and its messages.
    pub(crate) fn delete_chat(&mut self, id: &str) -> Result<(), ApiError> {
        let chat = self.chats.remove(id).ok_or_else(|| ApiError::bad_request("chat not found"))?;
        self.quota.mark_freed();
        for message in &chat.messages {
            self.chats_by_message.remove(&message.id);
        }
        Ok(())
    }

    /// Adds a user to a chat. Does nothing if they are a member.
    pub(crate) fn add_member(&mut self, chat: &str, user: &str) -> Result<(), ApiError> {
        let user = self.user(user)?.id.clone();
        self.chat(chat)?;
        self.reserve(ENTRY_BYTES)?;
        let chat = self.chat_mut(chat)?;
        if !chat.members.contains(&user) {
            chat.members.push(user);
            // Otherwise `start_chat` would return this chat for the first two members once the third has left.
            chat.is_group = chat.is_group || chat.members.len() > 2;
        }
        Ok(())
    }

    /// Removes a user from a chat. Does nothing if they are not a member.
    pub(crate) fn remove_member(&mut self, chat: &str, user: &str) -> Result<(), ApiError> {
        let user = self.user(user)?.id.clone();
        self.chat_mut(chat)?.members.retain(|member| *member != user);
        Ok(())
    }
}

/// Returns the given page of `items`; pages start at 1.
fn paginate<T: Clone>(items: &[T], page: usize, limit: usize) -> Page<T> {
    let (page, limit) = (page.max(1), limit.clamp(1, MAX_PAGE_SIZE));
    let start = (page - 1).saturating_mul(limit).min(items.len());
    let end = start.saturating_add(limit).min(items.len());
    Page { items: items[start..end].to_vec(), page, total: items.len(), pages: items.len().div_ceil(limit) }
}

#[cfg(test)]
#[path = "tenant_tests.rs"]
mod tests;

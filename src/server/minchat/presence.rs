//! Presence of users: connections, heartbeats and the time of their last activity. A part of [`Tenant`].

use crate::domain::Timestamp;

use super::model::{ApiError, ChatEvent, Id, User};
use super::tenant::Tenant;

impl Tenant {
    /// Adds a connection of `user`.
    pub(crate) fn connect(&mut self, now: Timestamp, user: &str) -> Result<(), ApiError> {
        self.touch(now, user)?;
        *self.connections.entry(user.to_owned()).or_default() += 1;
        Ok(())
    }

    /// Removes a connection of `user`. The end of the last one is reported to all their chats.
    pub(crate) fn disconnect(&mut self, now: Timestamp, user: &str) -> Vec<ChatEvent> {
        let Some(count) = self.connections.get_mut(user) else { return Vec::new() };
        *count = count.saturating_sub(1);
        if *count > 0 {
            return Vec::new();
        }
        self.connections.remove(user);
        let _ = self.touch(now, user);
        vec![ChatEvent::PresenceChanged { chats: self.chats_with(user), user: user.to_owned(), online: false }]
    }

    /// Ids of all chats that `user` is a member of.
    pub(crate) fn chats_with(&self, user: &str) -> Vec<Id> {
        let mut chats: Vec<Id> = (self.chats.values())
            .filter(|chat| chat.members.iter().any(|member| member == user))
            .map(|chat| chat.id.clone())
            .collect();
        chats.sort();
        chats
    }

    /// Whether `user` is connected or an AI agent.
    pub(crate) fn is_online(&self, user: &str) -> bool {
        self.connections.contains_key(user) || self.users.get(user).is_some_and(User::is_agent)
    }

    /// Handles a heartbeat of `user`, which is reported to `chat`.
    pub(crate) fn heartbeat(&mut self, now: Timestamp, user: &str, chat: &str) -> Result<ChatEvent, ApiError> {
        let chat = self.chat(chat)?.id.clone();
        self.touch(now, user)?;
        Ok(ChatEvent::PresenceChanged { chats: vec![chat], user: user.to_owned(), online: true })
    }

    /// Updates the time at which `user` was last active.
    pub(crate) fn touch(&mut self, now: Timestamp, user: &str) -> Result<(), ApiError> {
        let user = self.users.get_mut(user).ok_or_else(|| ApiError::bad_request("user not found"))?;
        user.last_active = user.last_active.max(now);
        Ok(())
    }
}

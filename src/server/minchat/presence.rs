//! Who is there: connections, heartbeats, and when somebody last did something. A part of [`Tenant`].

use crate::domain::Timestamp;

use super::model::{Id, News, Refusal, User};
use super::tenant::Tenant;

impl Tenant {
    /// One more connection of `user`.
    pub(crate) fn connect(&mut self, now: Timestamp, user: &str) -> Result<(), Refusal> {
        self.touch(now, user)?;
        *self.connections.entry(user.to_owned()).or_default() += 1;
        Ok(())
    }

    /// One connection of `user` less; the last one is news to the rooms of their chats.
    pub(crate) fn disconnect(&mut self, now: Timestamp, user: &str) -> Vec<News> {
        let Some(count) = self.connections.get_mut(user) else { return Vec::new() };
        *count = count.saturating_sub(1);
        if *count > 0 {
            return Vec::new();
        }
        self.connections.remove(user);
        let _ = self.touch(now, user);
        vec![News::Status { chats: self.chats_with(user), user: user.to_owned(), online: false }]
    }

    /// The ids of all chats that `user` takes part in.
    pub(crate) fn chats_with(&self, user: &str) -> Vec<Id> {
        let mut chats: Vec<Id> = (self.chats.values())
            .filter(|chat| chat.members.iter().any(|member| member == user))
            .map(|chat| chat.id.clone())
            .collect();
        chats.sort();
        chats
    }

    /// Whether `user` is there: connected, or an AI agent.
    pub(crate) fn is_online(&self, user: &str) -> bool {
        self.connections.contains_key(user) || self.users.get(user).is_some_and(User::is_agent)
    }

    /// A heartbeat of `user` in `chat`.
    pub(crate) fn heartbeat(&mut self, now: Timestamp, user: &str, chat: &str) -> Result<News, Refusal> {
        let chat = self.chat(chat)?.id.clone();
        self.touch(now, user)?;
        Ok(News::Status { chats: vec![chat], user: user.to_owned(), online: true })
    }

    /// `user` is still there.
    pub(crate) fn stay(&mut self, now: Timestamp, user: &str) -> Result<(), Refusal> {
        self.touch(now, user)
    }

    /// `user` did something.
    pub(super) fn touch(&mut self, now: Timestamp, user: &str) -> Result<(), Refusal> {
        let user = self.users.get_mut(user).ok_or_else(|| Refusal::invalid("user not found"))?;
        user.last_active = user.last_active.max(now);
        Ok(())
    }
}

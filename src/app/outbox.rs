//! Sends that the server has not confirmed.

use std::collections::HashMap;

use crate::domain::{Content, LocalId, RoomId};
use crate::text::SafeText;

/// Sends that the server has not confirmed, by their identity. The text as it was typed is kept here: what stands in
/// the timeline has been made safe for the screen.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    sends: HashMap<LocalId, Unconfirmed>,
}

/// A send that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Where to.
    pub room: RoomId,
    /// What, as it was typed.
    pub content: Content,
    /// Why it failed, if it did.
    pub reason: Option<SafeText>,
}

impl Outbox {
    /// Takes a send in.
    pub fn insert(&mut self, local: LocalId, room: RoomId, content: Content) {
        self.sends.insert(local, Unconfirmed { room, content, reason: None });
    }

    /// A send.
    pub fn get(&self, local: LocalId) -> Option<&Unconfirmed> {
        self.sends.get(&local)
    }

    /// Notes why a send failed, or that it is tried again.
    pub fn set_reason(&mut self, local: LocalId, reason: Option<SafeText>) {
        if let Some(send) = self.sends.get_mut(&local) {
            send.reason = reason;
        }
    }

    /// Lets a send go: it was confirmed or discarded.
    pub fn remove(&mut self, local: LocalId) -> Option<Unconfirmed> {
        self.sends.remove(&local)
    }

    /// Lets go of all but the sends that `waits` says still wait.
    pub fn retain(&mut self, mut waits: impl FnMut(LocalId) -> bool) {
        self.sends.retain(|local, _| waits(*local));
    }

    /// Lets go of all sends to a room that is no more.
    pub fn forget_room(&mut self, room: &RoomId) {
        self.sends.retain(|_, send| send.room != *room);
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.sends.is_empty()
    }
}

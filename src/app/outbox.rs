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
    /// How much of its file is sent, in percent, as far as is known.
    pub percent: Option<u8>,
}

impl Outbox {
    /// Takes a send in.
    pub fn insert(&mut self, local: LocalId, room: RoomId, content: Content) {
        self.sends.insert(local, Unconfirmed { room, content, reason: None, percent: None });
    }

    /// A send.
    pub fn get(&self, local: LocalId) -> Option<&Unconfirmed> {
        self.sends.get(&local)
    }

    /// Notes why a send failed, or that it is tried again: from the beginning.
    pub fn set_reason(&mut self, local: LocalId, reason: Option<SafeText>) {
        if let Some(send) = self.sends.get_mut(&local) {
            send.reason = reason;
            send.percent = None;
        }
    }

    /// Notes how much of a send's file is sent; says whether the whole percent changed.
    pub fn set_progress(&mut self, local: LocalId, sent: u64, total: u64) -> bool {
        let percent = sent.min(total).saturating_mul(100).checked_div(total).and_then(|part| u8::try_from(part).ok());
        let Some(send) = self.sends.get_mut(&local).filter(|send| send.percent != percent) else { return false };
        send.percent = percent;
        true
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

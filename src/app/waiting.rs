//! What is shown of what waits to be sent: one answer for the rows, the marks, the notes and the keys.

use crate::domain::{Delivery, Message, Room, SECOND, Slot, Timestamp};
use crate::store::OutboxPayload;

use super::account::{Account, ConnectionState};
use super::context::Scene;
use super::outbox::{Doubt, OutboxEntry, Stage};

/// A change that is made sooner than this, in milliseconds, is not told of: a note would only flicker.
const MOMENT: i64 = SECOND;

/// How far a send is that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// It waits and is not on its way: it is still the user's.
    Waits,
    /// It is on its way, or was once.
    UnderWay,
    /// The server may have it, which is found out.
    LookedFor,
    /// The server may have it, and the user decides.
    Asks,
    /// The server did not take it.
    Failed,
}

/// A change of a message that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// It is to say this.
    Edit(&'a str),
    /// It is to go.
    Deletion,
}

/// What the rows of a room depend on besides its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages below which stands that a change of them waits.
    pub(super) changed: Vec<Slot>,
    /// Sends that only wait, though the timeline has them in doubt.
    pub(super) resting: Vec<Slot>,
}

impl Account {
    /// How far `message` of the open room is, if it is a send that the server has not confirmed.
    pub fn unsent(&self, message: &Message) -> Option<Unsent> {
        let local = message.local.as_deref().filter(|_| message.id.is_none())?;
        match (self.outbox.get(*local), message.delivery) {
            (Some(entry), _) => Some(self.unsent_entry(entry)),
            (None, Delivery::Failed) => Some(Unsent::Failed),
            (None, Delivery::Uncertain) => Some(Unsent::Asks),
            (None, _) => None,
        }
    }

    fn unsent_entry(&self, entry: &OutboxEntry) -> Unsent {
        // What the disk knows as never handed over is looked for all the same before it goes out; that needs a connection.
        let rests = !entry.doubtful && self.connection != ConnectionState::Online;
        match &entry.stage {
            Stage::Failed(_) => Unsent::Failed,
            Stage::Uncertain(Doubt::Ask) => Unsent::Asks,
            Stage::Uncertain(Doubt::Look(_)) if rests => Unsent::Waits,
            Stage::Uncertain(_) => Unsent::LookedFor,
            Stage::Writing(_) | Stage::Queued(_) if !entry.doubtful => Unsent::Waits,
            Stage::Writing(_) | Stage::Queued(_) | Stage::Noting(_) | Stage::Sending => Unsent::UnderWay,
        }
    }

    /// How much goes out once there is a connection.
    pub fn waiting(&self) -> usize {
        self.outbox.iter().filter(|entry| !entry.is_put_aside()).count()
    }
}

impl<'a> Scene<'a> {
    /// How far an own message has come, as its mark says.
    pub fn shown_delivery(self, message: &Message) -> Delivery {
        let waits = self.account.unsent(message) == Some(Unsent::Waits) || self.change_of(message).is_some();
        if waits { Delivery::Queued } else { message.delivery }
    }

    /// The newest change of `message` that waits, or has been under way for longer than a moment.
    pub fn change_of(self, message: &Message) -> Option<Change<'a>> {
        let id = message.id.as_ref().filter(|_| !message.deleted)?;
        let changes = self.account.outbox.iter().filter(|entry| entry.changes() == Some(id) && self.is_told(entry));
        changes.last().map(|entry| match &entry.what {
            OutboxPayload::Edit { text, .. } => Change::Edit(text),
            _ => Change::Deletion,
        })
    }

    fn is_told(self, entry: &OutboxEntry) -> bool {
        match entry.stage {
            Stage::Queued(_) | Stage::Uncertain(_) => true,
            Stage::Writing(_) | Stage::Noting(_) | Stage::Sending => self.server_time() - entry.at >= MOMENT,
            Stage::Failed(_) => false,
        }
    }

    /// When the next change has been under way for a moment.
    pub(super) fn change_told_at(self) -> Option<Timestamp> {
        let untold = self.account.outbox.iter().filter(|entry| entry.changes().is_some() && !self.is_told(entry));
        untold.map(|entry| self.now + (entry.at + MOMENT - self.server_time()).max(1)).min()
    }

    /// What the rows of `room` depend on.
    pub(super) fn waiting_in(self, room: &Room) -> Waiting {
        let mut waiting = Waiting::default();
        for entry in self.account.outbox.iter().filter(|entry| entry.room == room.info.id) {
            if let Some(message) = entry.changes() {
                let told = room.timeline.find(message).filter(|_| self.is_told(entry));
                waiting.changed.extend(told);
            } else if self.account.unsent_entry(entry) == Unsent::Waits {
                waiting.resting.extend(room.timeline.find_local(entry.local));
            }
        }
        waiting
    }
}

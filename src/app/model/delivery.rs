//! How far our own messages have come, as the screen shows it.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::Scene;
use crate::app::model::outbox::{OutboxEntry, Stage, Uncertain};
use crate::app::model::send_status::{Change, Unsent, Waiting};
use crate::domain::{Delivery, Message, Room, SECOND, Timestamp};
use crate::store::OutboxPayload;

/// A change that is made sooner than this, in milliseconds, is not told of: a note would only flicker.
const MOMENT: i64 = SECOND;

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
            Stage::Uncertain(Uncertain::NeedsUser) => Unsent::Asks,
            Stage::Uncertain(Uncertain::Pending(_)) if rests => Unsent::Waits,
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
    pub(in crate::app) fn change_told_at(self) -> Option<Timestamp> {
        let untold = self.account.outbox.iter().filter(|entry| entry.changes().is_some() && !self.is_told(entry));
        untold.map(|entry| self.now + (entry.at + MOMENT - self.server_time()).max(1)).min()
    }

    /// What the rows of `room` depend on.
    pub(in crate::app) fn waiting_in(self, room: &Room) -> Waiting {
        let mut waiting = Waiting::default();
        for entry in self.account.outbox.iter().filter(|entry| entry.room == room.info.id) {
            if let Some(message) = entry.changes() {
                let told = room.timeline.find(message).filter(|_| self.is_told(entry));
                waiting.changed.extend(told);
            } else if self.account.unsent_entry(entry) == Unsent::Waits {
                waiting.resting.extend(room.timeline.find_own_send(entry.local));
            }
        }
        waiting
    }
}

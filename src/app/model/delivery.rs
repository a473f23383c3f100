//! How far our own messages have come, as the screen shows it.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::Scene;
use crate::app::model::outbox::{OutboxEntry, Stage, Uncertain};
use crate::app::model::send_status::{PendingChange, QueueMarks, SendStatus};
use crate::domain::{Delivery, Message, Room, SECOND, Timestamp};
use crate::store::OutboxPayload;

/// A change that is made sooner than this, in milliseconds, is not told of: a note would only flicker.
const NOTE_DELAY: i64 = SECOND;

impl Account {
    /// How far `message` of the open room is, if it is a send that the server has not confirmed.
    pub fn send_status(&self, message: &Message) -> Option<SendStatus> {
        let local = message.local.as_deref().filter(|_| message.id.is_none())?;
        match (self.outbox.get(*local), message.delivery) {
            (Some(entry), _) => Some(self.entry_status(entry)),
            (None, Delivery::Failed) => Some(SendStatus::Failed),
            (None, Delivery::Uncertain) => Some(SendStatus::NeedsUser),
            (None, _) => None,
        }
    }

    fn entry_status(&self, entry: &OutboxEntry) -> SendStatus {
        // What the disk knows as never handed over is looked for all the same before it goes out; that needs a connection.
        let is_unsent = !entry.maybe_sent && self.connection != ConnectionState::Online;
        match &entry.stage {
            Stage::Failed(_) => SendStatus::Failed,
            Stage::Uncertain(Uncertain::NeedsUser) => SendStatus::NeedsUser,
            Stage::Uncertain(Uncertain::Pending(_)) if is_unsent => SendStatus::Queued,
            Stage::Uncertain(_) => SendStatus::Checking,
            Stage::Writing(_) | Stage::Queued(_) if !entry.maybe_sent => SendStatus::Queued,
            Stage::Writing(_) | Stage::Queued(_) | Stage::Marking(_) | Stage::Sending => SendStatus::Sending,
        }
    }

    /// How much goes out once there is a connection.
    pub fn queued_count(&self) -> usize {
        self.outbox.iter().filter(|entry| !entry.needs_user()).count()
    }
}

impl<'a> Scene<'a> {
    /// How far an own message has come, as its mark says.
    pub fn shown_delivery(self, message: &Message) -> Delivery {
        let waits =
            self.account.send_status(message) == Some(SendStatus::Queued) || self.pending_change(message).is_some();
        if waits { Delivery::Queued } else { message.delivery }
    }

    /// The newest change of `message` that waits, or has been under way for longer than a moment.
    pub fn pending_change(self, message: &Message) -> Option<PendingChange<'a>> {
        let id = message.id.as_ref().filter(|_| !message.deleted)?;
        let changes = self
            .account
            .outbox
            .iter()
            .filter(|entry| entry.changed_message() == Some(id) && self.is_change_shown(entry));
        changes.last().map(|entry| match &entry.payload {
            OutboxPayload::Edit { text, .. } => PendingChange::Edit(text),
            _ => PendingChange::Deletion,
        })
    }

    fn is_change_shown(self, entry: &OutboxEntry) -> bool {
        match entry.stage {
            Stage::Queued(_) | Stage::Uncertain(_) => true,
            Stage::Writing(_) | Stage::Marking(_) | Stage::Sending => {
                self.server_time() - entry.written_at >= NOTE_DELAY
            }
            Stage::Failed(_) => false,
        }
    }

    /// When the next change has been under way for a moment.
    pub(in crate::app) fn next_change_note_at(self) -> Option<Timestamp> {
        let hidden = self
            .account
            .outbox
            .iter()
            .filter(|entry| entry.changed_message().is_some() && !self.is_change_shown(entry));
        hidden.map(|entry| self.now + (entry.written_at + NOTE_DELAY - self.server_time()).max(1)).min()
    }

    /// What the rows of `room` depend on.
    pub(in crate::app) fn queue_marks(self, room: &Room) -> QueueMarks {
        let mut marks = QueueMarks::default();
        for entry in self.account.outbox.iter().filter(|entry| entry.room == room.info.id) {
            if let Some(message) = entry.changed_message() {
                let slot = room.timeline.find(message).filter(|_| self.is_change_shown(entry));
                marks.with_pending_change.extend(slot);
            } else if self.account.entry_status(entry) == SendStatus::Queued {
                marks.unsent.extend(room.timeline.find_own_send(entry.local));
            }
        }
        marks
    }
}

//! The delivery status of own messages as the screen shows it.
//!
//! Combines the timeline with the outbox; the types are in `send_status`.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::composer::Composer;
use crate::app::model::context::Scene;
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::stage::{OutboxStage, Uncertain};
use crate::app::model::send_status::{PendingChange, QueueMarks, SendStatus};
use crate::domain::{Delivery, Message, Room, RoomId, SECOND, Timestamp};
use crate::store::OutboxPayload;

/// Milliseconds before an unconfirmed edit or deletion is noted below its message. Without the delay the note would
/// flicker, because most changes are confirmed sooner.
const NOTE_DELAY: i64 = SECOND;

impl Account {
    /// Returns the send status of `message` in the open room; `None` once the server has confirmed it.
    pub fn send_status(&self, message: &Message) -> Option<SendStatus> {
        let local = message.local.as_deref().filter(|_| message.id.is_none())?;
        match (self.outbox.get(*local), message.delivery) {
            (Some(entry), _) => Some(self.entry_status(entry)),
            (None, Delivery::Failed) => Some(SendStatus::Failed),
            (None, Delivery::Uncertain) => Some(SendStatus::NeedsUser),
            (None, _) => None,
        }
    }

    /// Returns the send status of a message in the outbox.
    pub(in crate::app) fn entry_status(&self, entry: &OutboxEntry) -> SendStatus {
        // A restored entry is looked for on the server even if the store marks it as never sent. That needs a
        // connection, and until there is one the entry is shown as queued.
        let is_unsent = !entry.maybe_sent() && self.connection != ConnectionState::Online;
        match entry.stage() {
            OutboxStage::Failed(_) => SendStatus::Failed,
            OutboxStage::Uncertain(Uncertain::NeedsUser) => SendStatus::NeedsUser,
            OutboxStage::Uncertain(Uncertain::Pending(_)) if is_unsent => SendStatus::Queued,
            OutboxStage::Uncertain(_) => SendStatus::Checking,
            OutboxStage::Writing(_) | OutboxStage::Queued(_) if !entry.maybe_sent() => SendStatus::Queued,
            OutboxStage::Writing(_) | OutboxStage::Queued(_) | OutboxStage::Marking(_) | OutboxStage::Sending => {
                SendStatus::Sending
            }
        }
    }

    /// Returns the number of entries waiting to be sent or confirmed, without those that need a decision by the user.
    pub fn queued_count(&self) -> usize {
        self.outbox.iter().filter(|entry| !self.waits_for_user(entry)).count()
    }

    /// Returns the number of messages and changes that were not sent, or perhaps not, and wait for the user.
    pub fn unsent_count(&self) -> usize {
        self.outbox.iter().filter(|entry| self.waits_for_user(entry)).count()
    }

    /// Whether any of them is for this room.
    pub fn has_unsent(&self, room: &RoomId) -> bool {
        self.outbox.in_room(room).any(|entry| self.waits_for_user(entry))
    }

    /// Whether an entry waits for a decision by the user, or for the end of an edit that was left in the draft of another
    /// room. Nothing on screen would tell that it holds up those after it.
    fn waits_for_user(&self, entry: &OutboxEntry) -> bool {
        let is_left = |draft: &Composer| draft.edited_send() == Some(entry.local());
        entry.needs_user() || self.drafts.values().any(is_left)
    }
}

impl<'a> Scene<'a> {
    /// Returns the delivery state shown by the mark of an own message.
    pub fn shown_delivery(self, message: &Message) -> Delivery {
        let is_queued =
            self.account.send_status(message) == Some(SendStatus::Queued) || self.pending_change(message).is_some();
        if is_queued { Delivery::Queued } else { message.delivery }
    }

    /// Returns the newest unconfirmed edit or deletion of `message` that is queued or has been under way for longer
    /// than `NOTE_DELAY`.
    pub fn pending_change(self, message: &Message) -> Option<PendingChange<'a>> {
        let id = message.id.as_ref().filter(|_| !message.deleted)?;
        let changes = self
            .account
            .outbox
            .iter()
            .filter(|entry| entry.changed_message() == Some(id) && self.is_change_shown(entry));
        changes.last().map(|entry| match entry.payload() {
            OutboxPayload::Edit { text, .. } => PendingChange::Edit(text),
            _ => PendingChange::Deletion,
        })
    }

    fn is_change_shown(self, entry: &OutboxEntry) -> bool {
        match entry.stage() {
            OutboxStage::Queued(_) | OutboxStage::Uncertain(_) => true,
            OutboxStage::Writing(_) | OutboxStage::Marking(_) | OutboxStage::Sending => {
                self.server_time() - entry.written_at() >= NOTE_DELAY
            }
            OutboxStage::Failed(_) => false,
        }
    }

    /// Returns when the next edit or deletion has been under way long enough to be noted.
    pub(in crate::app) fn next_change_note_at(self) -> Option<Timestamp> {
        let hidden = self
            .account
            .outbox
            .iter()
            .filter(|entry| entry.changed_message().is_some() && !self.is_change_shown(entry));
        hidden.map(|entry| self.now + (entry.written_at() + NOTE_DELAY - self.server_time()).max(1)).min()
    }

    /// Collects the part of the outbox on which the rows of `room` depend.
    pub(in crate::app) fn queue_marks(self, room: &Room) -> QueueMarks {
        let mut marks = QueueMarks::default();
        for entry in self.account.outbox.in_room(&room.info.id) {
            if let Some(message) = entry.changed_message() {
                let slot = room.timeline.find(message).filter(|_| self.is_change_shown(entry));
                marks.with_pending_change.extend(slot);
            } else if self.account.entry_status(entry) == SendStatus::Queued {
                marks.unsent.extend(room.timeline.find_own_send(entry.local()));
            } else if let Some(failure) = entry.failure() {
                let slot = room.timeline.find_own_send(entry.local());
                marks.failed.extend(slot.map(|slot| (slot, failure.clone())));
            }
        }
        marks
    }
}

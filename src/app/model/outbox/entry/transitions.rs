//! Transitions of an outbox entry between its stages.

use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::stage::{OutboxStage, Uncertain};
use crate::domain::{Content, Message, Request, SECOND, SendFailure, Timestamp};
use crate::store;
use crate::store::{OutboxPayload, OutboxWrite};
use crate::text::SafeText;

/// Maximum delay between two attempts, in milliseconds.
const MAX_DELAY: i64 = 60 * SECOND;

impl OutboxEntry {
    /// Records that the store has written the entry, or failed to (`on_disk`).
    pub(in crate::app) fn on_stored(&mut self, on_disk: bool, now: Timestamp) {
        self.on_disk |= on_disk;
        if let OutboxStage::Writing(_) = self.stage {
            self.stage = OutboxStage::Queued(now);
        }
    }

    /// Records that the store has written a mark, or failed to. If the entry is marked (`is_marked`) then, the caller
    /// hands it over.
    pub(in crate::app) fn on_mark_stored(&mut self) {
        self.unconfirmed_marks = self.unconfirmed_marks.saturating_sub(1);
    }

    /// Records that the store did not answer in time. The entry continues without it: one that was being written is
    /// queued, and one that was being marked counts as marked.
    pub(in crate::app) fn on_store_timeout(&mut self, now: Timestamp) {
        self.unconfirmed_marks = 0;
        if let OutboxStage::Writing(_) = self.stage {
            self.stage = OutboxStage::Queued(now);
        }
    }

    /// Begins an attempt to send the entry, and returns what has to be written to the store before. If that is nothing,
    /// the entry is marked (`is_marked`) already. Otherwise it waits for the store until `store_deadline`.
    pub(in crate::app) fn begin_attempt(
        &mut self,
        server_time: Timestamp,
        store_deadline: Timestamp,
    ) -> Vec<OutboxWrite> {
        let mut writes = Vec::new();
        if !matches!(self.stage, OutboxStage::Queued(_) | OutboxStage::Uncertain(Uncertain::Pending(_)))
            || self.needs_search()
        {
            return writes;
        }
        self.stage = OutboxStage::Marking(store_deadline);
        let is_announced = std::mem::take(&mut self.written_as_sent) && self.written_at <= server_time;
        if self.written_at > server_time {
            // The entry was written while the local clock was ahead. An entry sent now cannot have been written later
            // than now.
            self.written_at = server_time;
            writes.push(OutboxWrite::Put(self.to_stored()));
        }
        self.attempts = self.attempts.saturating_add(1);
        if !is_announced {
            writes.push(self.mark());
        }
        writes
    }

    /// Hands a marked entry over to the connection as the returned request. `synced_to` is the time of
    /// the newest message received in its room.
    pub(in crate::app) fn hand_over(&mut self, now: Timestamp, synced_to: Option<Timestamp>) -> Option<Request> {
        if !self.is_marked() {
            return None;
        }
        self.stage = OutboxStage::Sending;
        self.attempted_at = Some(now);
        self.upload = None;
        self.is_canceled = false;
        self.sent_after = synced_to;
        Some(self.request())
    }

    /// Records that `sent` of `total` bytes of its file have been uploaded.
    pub(in crate::app) fn on_progress(&mut self, now: Timestamp, sent: u64, total: u64) {
        self.upload.get_or_insert_default().record(now, sent, total);
    }

    /// Records that the user wants to cancel the upload. Returns whether it is being uploaded.
    pub(in crate::app) fn request_cancel(&mut self) -> bool {
        self.is_canceled |= self.is_uploading();
        self.is_uploading()
    }

    /// Queues an entry that the server has certainly not received for an attempt after a delay, which grows with each
    /// failure. `chance` is a random number from 0 to 1000 that spreads the attempts.
    pub(in crate::app) fn requeue(&mut self, now: Timestamp, chance: i64) {
        if self.stage == OutboxStage::Sending {
            self.failures = self.failures.saturating_add(1);
            self.upload = None;
            self.stage = OutboxStage::Queued(now + retry_delay(self.failures, chance));
        }
    }

    /// Records at the time `now` that the server may have received the entry, which is looked for from `search_at` on.
    /// In the store it is already marked as uncertain.
    pub(in crate::app) fn on_uncertain(&mut self, now: Timestamp, search_at: Timestamp) {
        if self.stage == OutboxStage::Sending {
            // The request may have been on its way all the time until now.
            self.attempted_at = Some(now);
            self.stage = OutboxStage::Uncertain(Uncertain::Pending(search_at));
            self.maybe_sent = true;
            self.on_interrupted();
        }
    }

    /// Records that its upload has ended without a reply. That counts only if part of the file was transferred.
    pub(in crate::app) fn on_interrupted(&mut self) {
        if self.upload.take().is_some_and(|upload| upload.done() > 0) {
            self.interruptions = self.interruptions.saturating_add(1);
        }
    }

    /// Records that the server rejected the entry, or does not have it and will not be sent it again. Returns the write to
    /// the store.
    pub(in crate::app) fn on_rejected(&mut self, reason: SafeText) -> Option<OutboxWrite> {
        (self.stage == OutboxStage::Sending || self.is_being_checked()).then(|| self.fail(SendFailure::Refused(reason)))
    }

    /// Records that the room of the entry was deleted. Returns the writes to the store: an edit becomes a message, so
    /// that its text is preserved. A deletion is pointless then, and the caller removes it.
    pub(in crate::app) fn on_room_deleted(&mut self) -> Vec<OutboxWrite> {
        let mut writes = Vec::new();
        if self.stage == OutboxStage::Failed(SendFailure::RoomDeleted) {
            return writes;
        }
        if let OutboxPayload::Edit { text, .. } = &mut self.payload {
            self.payload = OutboxPayload::Send(Content::text(std::mem::take(text)));
            writes.push(OutboxWrite::Put(self.to_stored()));
        }
        writes.push(self.fail(SendFailure::RoomDeleted));
        writes
    }

    /// Records that another account has signed in: the entry fails, unless it has failed already, and its room is no
    /// longer listed. Returns the write to the store.
    pub(in crate::app) fn on_account_changed(&mut self) -> OutboxWrite {
        self.in_timeline = false;
        let failure = self.failure().cloned();
        self.fail(failure.unwrap_or(SendFailure::OtherAccount))
    }

    /// Starts looking for the entry on the server if that is due, and returns whether it was.
    pub(in crate::app) fn start_search(&mut self, now: Timestamp) -> bool {
        let is_due = self.is_search_due(now);
        if is_due {
            self.stage = OutboxStage::Uncertain(Uncertain::Checking);
        }
        is_due
    }

    /// Schedules another search, at `at`, instead of the current one.
    pub(in crate::app) fn search_again(&mut self, at: Timestamp) {
        if self.is_being_checked() {
            self.stage = OutboxStage::Uncertain(Uncertain::Pending(at));
        }
    }

    /// Schedules another search after a delay, because the current one failed. `chance` is a random number from 0 to
    /// 1000 that spreads the searches.
    pub(in crate::app) fn on_search_failed(&mut self, now: Timestamp, chance: i64) {
        if self.is_being_checked() {
            self.failures = self.failures.saturating_add(1);
            self.search_again(now + retry_delay(self.failures, chance));
        }
    }

    /// Queues the entry again, because the search has shown that the server does not have it.
    pub(in crate::app) fn resend(&mut self, now: Timestamp) {
        if self.is_being_checked() {
            self.stage = OutboxStage::Queued(now);
        }
    }

    /// Leaves the decision to the user, because the search was inconclusive.
    pub(in crate::app) fn ask_user(&mut self) {
        if self.is_being_checked() {
            self.stage = OutboxStage::Uncertain(Uncertain::NeedsUser);
        }
    }

    /// Queues an entry that waits for the user's decision again. Returns the write to the store.
    pub(in crate::app) fn retry(&mut self, now: Timestamp) -> Option<OutboxWrite> {
        if !self.needs_user() {
            return None;
        }
        self.stage = OutboxStage::Queued(now);
        self.failures = 0;
        self.interruptions = 0;
        self.upload = None;
        // The store is told that the entry was not sent, so the next attempt has to be written again.
        self.written_as_sent = false;
        Some(self.mark())
    }

    /// Replaces the text of a message that is not being sent and that the server does not have. Returns what has to be
    /// written to the store.
    pub(in crate::app) fn rewrite(&mut self, new: String) -> Option<OutboxWrite> {
        let is_unsent = match self.stage {
            OutboxStage::Writing(_) | OutboxStage::Queued(_) | OutboxStage::Failed(_) => true,
            OutboxStage::Uncertain(Uncertain::Pending(_)) => !self.maybe_sent,
            OutboxStage::Marking(_) | OutboxStage::Sending | OutboxStage::Uncertain(_) => false,
        };
        let OutboxPayload::Send(Content::Text { text, .. }) = &mut self.payload else { return None };
        if !is_unsent {
            return None;
        }
        // The next attempt has to wait until the new text is on disk.
        self.written_as_sent = false;
        if let Some(message) = &mut self.timeline_message {
            message.text = SafeText::block(&new);
        }
        *text = new;
        Some(OutboxWrite::Put(self.to_stored()))
    }

    /// Makes a queued entry due `now` and an uncertain one due at `search_at`, unless it is due earlier.
    pub(in crate::app) fn expedite(&mut self, now: Timestamp, search_at: Timestamp) {
        self.failures = 0;
        match &mut self.stage {
            OutboxStage::Queued(at) => *at = (*at).min(now),
            OutboxStage::Uncertain(Uncertain::Pending(at)) => *at = (*at).min(search_at),
            _ => {}
        }
    }

    /// Removes and returns the message that represents a new entry in the timeline; `None` for a restored entry.
    pub(in crate::app) fn take_message(&mut self) -> Option<Message> {
        self.timeline_message.take().map(|message| *message)
    }

    /// Records that the entry was added to the timeline of its room.
    pub(in crate::app) fn on_shown(&mut self) {
        self.in_timeline = true;
    }

    /// Returns all local times of the entry, for correction after a clock rollback.
    pub(in crate::app::model::outbox) fn times_mut(&mut self) -> impl Iterator<Item = &mut Timestamp> {
        self.stage.time_mut().into_iter().chain(&mut self.attempted_at)
    }

    fn fail(&mut self, failure: SendFailure) -> OutboxWrite {
        self.stage = OutboxStage::Failed(failure);
        self.upload = None;
        self.mark()
    }

    /// Returns the write that records the stage in the store.
    fn mark(&mut self) -> OutboxWrite {
        self.unconfirmed_marks = self.unconfirmed_marks.saturating_add(1);
        let stage = match &self.stage {
            OutboxStage::Writing(_) | OutboxStage::Queued(_) => store::StoredStage::Queued,
            OutboxStage::Marking(_) | OutboxStage::Sending | OutboxStage::Uncertain(_) => store::StoredStage::Uncertain,
            OutboxStage::Failed(failure) => store::StoredStage::Failed(failure.clone()),
        };
        OutboxWrite::Mark { local: self.local, stage, attempts: self.attempts }
    }
}

/// Returns the delay after a number of consecutive failures, in milliseconds.
///
/// `chance` is a random number from 0 to 1000 that spreads the attempts.
fn retry_delay(failures: u32, chance: i64) -> i64 {
    let full = (SECOND << failures.saturating_sub(1).min(6)).min(MAX_DELAY);
    full / 2 + full / 2 * chance / 1_000
}

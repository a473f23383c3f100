//! Entry of the outbox, from the moment the user writes it until the server has confirmed it.

mod transitions;

use crate::app::model::outbox::stage::{OutboxStage, Uncertain};
use crate::app::model::transfer::Transfer;
use crate::domain::{Content, LocalId, Message, MessageId, Request, RoomId, SendFailure, Timestamp};
use crate::store;
use crate::store::{Entry, OutboxPayload};

/// Number of interruptions after which an upload is repeated automatically.
const MAX_INTERRUPTIONS: u32 = 3;

/// A message, edit or deletion that the server has not confirmed.
///
/// An entry is a state machine, and only these transitions change its stage. A transition that the current stage does
/// not allow changes nothing. Transitions that require a write to the store return it.
///
/// | from | transition | to |
/// | --- | --- | --- |
/// | `Writing` | `on_stored`, `on_store_timeout` | `Queued` |
/// | `Queued`, or `Pending` if it is an edit or deletion | `begin_attempt` | `Marking` |
/// | `Marking`, once the mark is written | `hand_over` | `Sending` |
/// | `Sending` | `requeue`: the server has certainly not received it | `Queued` |
/// | | `on_uncertain`: the server may have received it | `Pending` |
/// | `Sending`, `Checking` | `on_rejected`: the server refuses it, or the upload was interrupted too often | `Failed` |
/// | `Pending`, if it is a message | `start_search` | `Checking` |
/// | `Checking` | `search_again`, `on_search_failed` | `Pending` |
/// | | `resend`: the server does not have it | `Queued` |
/// | | `ask_user`: the search was inconclusive | `NeedsUser` |
/// | `Failed`, `NeedsUser` | `retry`: the user's decision | `Queued` |
/// | any | `on_room_deleted`, `on_account_changed` | `Failed` |
///
/// `Pending`, `Checking` and `NeedsUser` are the steps of `OutboxStage::Uncertain`. `expedite` makes waiting entries due
/// without changing their stage. A confirmed or discarded entry is removed from the outbox, whatever its stage.
///
/// Invariants, which the tests check for every transition in every stage and for random sequences of transitions:
///
/// - A failed entry, or one that waits for the user's decision, is sent again only after `retry`.
/// - An entry is sent only from `Marking`, and only after the store has confirmed the mark or failed to do so in time.
/// - A late confirmation by the store never moves an entry to an earlier stage.
/// - What may have been sent, or is on disk, remains marked as such.
/// - The identifier and the room never change. The content changes only if the user edits it (`rewrite`), or if the
///   room is deleted: an edit becomes a message, so that its text is preserved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    local: LocalId,
    room: RoomId,
    payload: OutboxPayload,
    /// The time at which the user wrote it, by the server's clock as far as known.
    written_at: Timestamp,
    stage: OutboxStage,
    /// The number of attempts to send it that have begun.
    attempts: u32,
    /// The progress of its file upload, if known.
    upload: Option<Box<Transfer>>,
    /// Whether the user has asked to cancel the upload.
    is_canceled: bool,
    /// Whether the store has confirmed it.
    on_disk: bool,
    /// Whether the server may have received it in an attempt without a reply, in this run or an earlier one.
    maybe_sent: bool,
    /// Whether it is shown in the timeline of its room.
    in_timeline: bool,
    /// The message to show in the timeline. `None` for restored entries, whose message is built from `payload`.
    timeline_message: Option<Box<Message>>,
    /// The time of the newest message received in its room when it was sent, by the server's clock.
    sent_after: Option<Timestamp>,
    /// The time until which the last attempt may have reached the server: when it was handed over or its outcome became
    /// uncertain; for an entry restored from disk that may have been sent, the time of the start.
    attempted_at: Option<Timestamp>,
    /// The number of consecutive failed attempts, which determines the delay before the next one.
    failures: u32,
    /// The number of uploads that ended after part of the file was transferred, since the user last wanted it sent.
    interruptions: u32,
    /// The number of stage marks written to the store that it has not confirmed.
    unconfirmed_marks: u32,
    /// Whether it was written to the store as possibly sent, so that the first attempt needs no further write.
    written_as_sent: bool,
}

impl OutboxEntry {
    /// Creates an entry that was never sent. It is about to be written to the store, and waits for it until
    /// `store_deadline`.
    pub(in crate::app) fn new(
        local: LocalId,
        room: RoomId,
        payload: OutboxPayload,
        written_at: Timestamp,
        store_deadline: Timestamp,
    ) -> Self {
        Self {
            local,
            room,
            payload,
            written_at,
            stage: OutboxStage::Writing(store_deadline),
            attempts: 0,
            upload: None,
            is_canceled: false,
            on_disk: false,
            maybe_sent: false,
            in_timeline: false,
            timeline_message: None,
            sent_after: None,
            attempted_at: None,
            failures: 0,
            interruptions: 0,
            unconfirmed_marks: 0,
            written_as_sent: false,
        }
    }

    /// Sets the message that represents a new entry in the timeline.
    pub(in crate::app) fn with_message(self, message: Option<Message>) -> Self {
        Self { timeline_message: message.map(Box::new), ..self }
    }

    /// Makes the first write of a new entry record that it may have been sent, because it will be sent right after.
    pub(in crate::app) fn written_as_sent(self) -> Self {
        Self { written_as_sent: true, ..self }
    }

    /// Creates an entry from the store at the start of the program; `None` for a failed edit or deletion, because its
    /// text was returned to the user when it failed.
    ///
    /// Entries that did not fail are searched for on the server, even those never marked as sent: a disk that did not
    /// respond may have missed the mark.
    pub(in crate::app) fn restored(stored: Entry, now: Timestamp) -> Option<Self> {
        let Entry { local, room, payload, stage, attempts, at } = stored;
        let maybe_sent = attempts > 0 || stage != store::StoredStage::Queued;
        let stage = match (stage, &payload) {
            (store::StoredStage::Failed(failure), OutboxPayload::Send(_)) => OutboxStage::Failed(failure),
            (store::StoredStage::Failed(_), _) => return None,
            (store::StoredStage::Queued | store::StoredStage::Uncertain, _) => {
                OutboxStage::Uncertain(Uncertain::Pending(now))
            }
        };
        let attempted_at = maybe_sent.then_some(now);
        let entry = Self::new(local, room, payload, at, now);
        Some(Self { stage, attempts, maybe_sent, attempted_at, on_disk: true, ..entry })
    }

    /// Returns the permanent identifier, which is sent along so that the server's copy can be recognised.
    pub fn local(&self) -> LocalId {
        self.local
    }

    /// Returns the room it is sent to.
    pub fn room(&self) -> &RoomId {
        &self.room
    }

    /// Returns the content as the user typed it. The copy in the timeline has been sanitised for the screen.
    pub fn payload(&self) -> &OutboxPayload {
        &self.payload
    }

    /// Converts the entry into its content.
    pub(in crate::app) fn into_payload(self) -> OutboxPayload {
        self.payload
    }

    /// Returns the time at which the user wrote it, by the server's clock as far as known.
    pub fn written_at(&self) -> Timestamp {
        self.written_at
    }

    /// Returns the stage.
    pub fn stage(&self) -> &OutboxStage {
        &self.stage
    }

    /// Returns the cause of the failure if the entry failed.
    pub fn failure(&self) -> Option<&SendFailure> {
        match &self.stage {
            OutboxStage::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Returns the number of attempts to send it that have begun.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether its upload has been interrupted.
    pub fn was_interrupted(&self) -> bool {
        self.interruptions > 0
    }

    /// Returns the number of consecutive failed attempts.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether its upload was interrupted so often that only the user may repeat it: a file is not transferred again and
    /// again to a server that closes the connection because the file is too large.
    pub(in crate::app) fn is_interrupted_too_often(&self) -> bool {
        self.interruptions > MAX_INTERRUPTIONS
    }

    /// Returns the progress of its file upload, if known.
    pub fn upload(&self) -> Option<&Transfer> {
        self.upload.as_deref()
    }

    /// Whether its file is being uploaded and some of it is left, so that it can be canceled.
    pub fn is_uploading(&self) -> bool {
        let is_transferred = self.upload().is_some_and(Transfer::is_complete);
        self.stage == OutboxStage::Sending && self.has_file() && !is_transferred
    }

    /// Whether it is a message with a file of this machine.
    pub(in crate::app) fn has_file(&self) -> bool {
        matches!(self.payload, OutboxPayload::Send(Content::File { .. }))
    }

    /// Whether the user has asked to cancel the upload.
    pub fn is_canceled(&self) -> bool {
        self.is_canceled
    }

    /// Whether the store has confirmed it.
    pub fn is_on_disk(&self) -> bool {
        self.on_disk
    }

    /// Whether the server may have received it in an attempt without a reply, in this run or an earlier one.
    pub fn maybe_sent(&self) -> bool {
        self.maybe_sent
    }

    /// Whether the server cannot have received it.
    pub(in crate::app) fn was_never_sent(&self) -> bool {
        match self.stage {
            OutboxStage::Writing(_) | OutboxStage::Queued(_) => true,
            OutboxStage::Marking(_) => self.attempts == 1,
            OutboxStage::Sending | OutboxStage::Uncertain(_) | OutboxStage::Failed(_) => false,
        }
    }

    /// Returns the time of the newest message received in its room when it was sent, by the server's clock. The
    /// server's copy cannot be older.
    pub(in crate::app) fn sent_after(&self) -> Option<Timestamp> {
        self.sent_after
    }

    /// Returns the time until which the last attempt may have reached the server, which may process it for some time
    /// after that.
    pub(in crate::app) fn attempted_at(&self) -> Option<Timestamp> {
        self.attempted_at
    }

    /// Whether it is a message that has to be added to the timeline of its room.
    pub(in crate::app) fn is_hidden_send(&self) -> bool {
        !self.in_timeline && self.is_send() && !matches!(self.stage, OutboxStage::Writing(_))
    }

    /// Returns the time until which it waits for the store.
    pub(in crate::app) fn store_deadline(&self) -> Option<Timestamp> {
        match self.stage {
            OutboxStage::Writing(until) | OutboxStage::Marking(until) => Some(until),
            _ => None,
        }
    }

    /// Returns the time at which it can be sent or searched for.
    pub(in crate::app) fn due_at(&self) -> Option<Timestamp> {
        match self.stage {
            OutboxStage::Queued(at) | OutboxStage::Uncertain(Uncertain::Pending(at)) => Some(at),
            _ => None,
        }
    }

    /// Whether the next step for it is a search on the server.
    pub(in crate::app) fn needs_search(&self) -> bool {
        self.is_send() && matches!(self.stage, OutboxStage::Uncertain(Uncertain::Pending(_)))
    }

    /// Whether it can be looked for on the server now.
    pub(in crate::app) fn is_search_due(&self, now: Timestamp) -> bool {
        self.needs_search() && self.due_at().is_some_and(|at| at <= now)
    }

    /// Whether it is being looked for on the server.
    pub(in crate::app) fn is_being_checked(&self) -> bool {
        self.stage == OutboxStage::Uncertain(Uncertain::Checking)
    }

    /// Whether an attempt to send it has begun and the server has not replied yet.
    pub fn is_in_flight(&self) -> bool {
        matches!(self.stage, OutboxStage::Marking(_) | OutboxStage::Sending)
    }

    /// Whether the store has recorded that it is about to be sent, so that it can be handed over.
    pub(in crate::app) fn is_marked(&self) -> bool {
        matches!(self.stage, OutboxStage::Marking(_)) && self.unconfirmed_marks == 0
    }

    /// Whether the user has to decide about the entry. Later entries do not wait for that decision.
    pub fn needs_user(&self) -> bool {
        matches!(self.stage, OutboxStage::Failed(_) | OutboxStage::Uncertain(Uncertain::NeedsUser))
    }

    /// Whether it is a new message.
    pub(in crate::app) fn is_send(&self) -> bool {
        matches!(self.payload, OutboxPayload::Send(_))
    }

    /// Returns the lane in which the entry is sent, identified by its room and by whether it is a file. Entries of a
    /// lane are sent in order, so a slow upload does not delay text.
    pub(in crate::app) fn lane(&self) -> (RoomId, bool) {
        (self.room.clone(), matches!(self.payload, OutboxPayload::Send(Content::File { .. })))
    }

    /// Returns the message that the entry edits or deletes; `None` for a new message.
    pub fn changed_message(&self) -> Option<&MessageId> {
        self.payload.changed_message()
    }

    /// Returns the request for this entry. It is the same for each attempt.
    pub fn request(&self) -> Request {
        let room = self.room.clone();
        match self.payload.clone() {
            OutboxPayload::Send(content) => Request::Send { room, local: self.local, content },
            OutboxPayload::Edit { message, text } => Request::Edit { message, text },
            OutboxPayload::Delete { message } => Request::Delete { room, message },
            OutboxPayload::DeleteForMe { message } => Request::DeleteForMe { room, message },
        }
    }

    /// Returns the entry in the form in which the store holds it.
    pub(in crate::app) fn to_stored(&self) -> Entry {
        Entry {
            local: self.local,
            room: self.room.clone(),
            payload: self.payload.clone(),
            stage: if self.written_as_sent { store::StoredStage::Uncertain } else { store::StoredStage::Queued },
            // The first attempt is written in advance.
            attempts: self.attempts + u32::from(self.written_as_sent),
            at: self.written_at,
        }
    }
}

#[cfg(test)]
mod tests;

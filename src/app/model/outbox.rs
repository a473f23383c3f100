//! Durable send queue: messages, edits and deletions that the server has not confirmed yet.
//!
//! This module holds the entries and their stages. `features/outbox` moves them through the stages, writes them to the
//! store and reconciles entries that the server may already have.

use crate::domain::{Content, LocalId, Message, MessageId, PageSerial, Request, RoomId, SendFailure, Timestamp};
use crate::store::{Entry, OutboxPayload};
use std::collections::HashMap;

/// The maximum number of entries. Nobody types that many, so reaching the limit indicates a fault. Further text stays in
/// the composer.
pub(in crate::app) const MAX_ENTRIES: usize = 1_000;

/// The entries that the server has not confirmed, in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    pub(in crate::app) entries: Vec<OutboxEntry>,
    /// The running searches for messages that the server may have, by room.
    pub(in crate::app) reconciliations: HashMap<RoomId, Reconcile>,
    /// Whether the store failed to confirm a write in time. Until it confirms one, no entry waits for it.
    pub(in crate::app) store_unresponsive: bool,
    /// The time at which the queue has to be advanced even if no event arrives.
    pub(in crate::app) wake_at: Option<Timestamp>,
}

/// A message, edit or deletion that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The permanent identifier of the entry, which is sent along so that the server's copy can be recognised.
    pub local: LocalId,
    /// The room it is sent to.
    pub room: RoomId,
    /// The content as the user typed it. The copy in the timeline has been sanitised for the screen.
    pub payload: OutboxPayload,
    /// The time at which the user wrote it, by the server's clock as far as known.
    pub written_at: Timestamp,
    /// The stage of the entry.
    pub stage: Stage,
    /// The number of times it was sent.
    pub attempts: u32,
    /// The progress of its file upload in percent, if known.
    pub percent: Option<u8>,
    /// Whether the store has confirmed it.
    pub on_disk: bool,
    /// Whether the server may have received it in an attempt without a reply, in this run or an earlier one.
    pub maybe_sent: bool,
    /// Whether it is shown in the timeline of its room.
    pub(in crate::app) in_timeline: bool,
    /// The message to show in the timeline. `None` for restored entries, whose message is built from `payload`.
    pub(in crate::app) timeline_message: Option<Box<Message>>,
    /// The time of the newest message received in its room when it was sent, by the server's clock. The server's copy
    /// cannot be older.
    pub(in crate::app) sent_after: Option<Timestamp>,
    /// The time of the last attempt; for an entry restored from disk that may have been sent, the time of the start. The
    /// server may process a request for some time after that.
    pub(in crate::app) attempted_at: Option<Timestamp>,
    /// The number of consecutive failed attempts, which determines the delay before the next one.
    pub(in crate::app) failures: u32,
    /// The number of stage marks written to the store that it has not confirmed.
    pub(in crate::app) unconfirmed_marks: u32,
    /// Whether it was written to the store as possibly sent, so that the first attempt needs no further write.
    pub(in crate::app) written_as_sent: bool,
}

/// The stage of an entry on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Being written to the store. At the given time the entry continues even without a confirmation.
    Writing(Timestamp),
    /// Waits to be sent, at least until the given time.
    Queued(Timestamp),
    /// The store is recording that the entry is about to be sent. At the given time it is sent even without a
    /// confirmation.
    Marking(Timestamp),
    /// Sent; the server has not replied yet.
    Sending,
    /// The server may have received it.
    Uncertain(Uncertain),
    /// Failed. The entry stays until the user retries or discards it.
    Failed(SendFailure),
}

/// The steps taken for an entry that the server may have received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertain {
    /// Waits to be looked for on the server, at least until the given time.
    Pending(Timestamp),
    /// Being looked for on the server.
    Checking,
    /// Not found with certainty; the user decides whether to retry.
    NeedsUser,
}

/// Returns the text below a message that failed to send: the reason, and what to do about it if the service said so.
///
/// `None` is the cause of a failed message without an outbox entry.
pub fn failure_text(failure: Option<&SendFailure>) -> String {
    let reason = match failure {
        Some(SendFailure::Refused(explanation)) => explanation.as_str(),
        Some(SendFailure::RoomDeleted) => "This room was deleted.",
        Some(SendFailure::OtherAccount) => "It was written by another account.",
        None => "rejected by the server",
    };
    format!("Not sent: {reason}")
}

impl OutboxEntry {
    /// Creates an entry that has never been sent.
    pub(in crate::app) fn new(
        local: LocalId,
        room: RoomId,
        payload: OutboxPayload,
        written_at: Timestamp,
        stage: Stage,
    ) -> Self {
        Self {
            local,
            room,
            payload,
            written_at,
            stage,
            attempts: 0,
            percent: None,
            on_disk: false,
            maybe_sent: false,
            in_timeline: false,
            timeline_message: None,
            sent_after: None,
            attempted_at: None,
            failures: 0,
            unconfirmed_marks: 0,
            written_as_sent: false,
        }
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
            stage: if self.written_as_sent { crate::store::Stage::Uncertain } else { crate::store::Stage::Queued },
            attempts: self.attempts,
            at: self.written_at,
        }
    }

    pub(in crate::app) fn is_send(&self) -> bool {
        matches!(self.payload, OutboxPayload::Send(_))
    }

    /// Returns the lane in which the entry is sent, identified by its room and by whether it is a file. Entries of a
    /// lane are sent in order, so a slow upload does not delay text.
    pub(in crate::app) fn lane(&self) -> (RoomId, bool) {
        (self.room.clone(), matches!(self.payload, OutboxPayload::Send(Content::File { .. })))
    }

    /// Whether the user has to decide about the entry. Later entries do not wait for that decision.
    pub fn needs_user(&self) -> bool {
        matches!(self.stage, Stage::Failed(_) | Stage::Uncertain(Uncertain::NeedsUser))
    }

    /// Returns the message that the entry edits or deletes; `None` for a new message.
    pub fn changed_message(&self) -> Option<&MessageId> {
        match &self.payload {
            OutboxPayload::Send(_) => None,
            OutboxPayload::Edit { message, .. }
            | OutboxPayload::Delete { message }
            | OutboxPayload::DeleteForMe { message } => Some(message),
        }
    }
}

impl Outbox {
    /// Returns the entry with this identifier.
    pub fn get(&self, local: LocalId) -> Option<&OutboxEntry> {
        self.entries.iter().find(|entry| entry.local == local)
    }

    /// Returns all entries, in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the outbox has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an entry would be lost if the program ended now.
    pub fn is_at_risk(&self) -> bool {
        self.entries.iter().any(|entry| !entry.on_disk)
    }

    /// Returns the entries of `room` that the server cannot have received.
    pub(in crate::app) fn never_sent(&self, room: &RoomId) -> Vec<LocalId> {
        let never_sent = |entry: &&OutboxEntry| match entry.stage {
            Stage::Writing(_) | Stage::Queued(_) => true,
            Stage::Marking(_) => entry.attempts == 1,
            Stage::Sending | Stage::Uncertain(_) | Stage::Failed(_) => false,
        };
        self.entries.iter().filter(|entry| entry.room == *room).filter(never_sent).map(|entry| entry.local).collect()
    }

    /// Returns the text that `message` will have after its newest queued edit.
    pub fn edit_of(&self, message: &MessageId) -> Option<&str> {
        self.entries.iter().rev().find_map(|entry| match &entry.payload {
            OutboxPayload::Edit { message: of, text } if of == message => Some(text.as_str()),
            _ => None,
        })
    }

    /// Returns when the queue has to be advanced even if no event arrives.
    pub(in crate::app) fn next_wake(&self) -> Option<Timestamp> {
        self.wake_at
    }

    /// Returns all times held by the outbox, for correction after a clock rollback.
    pub(in crate::app) fn times_mut(&mut self) -> impl Iterator<Item = &mut Timestamp> {
        let times = self.entries.iter_mut().flat_map(|entry| {
            let stage = match &mut entry.stage {
                Stage::Writing(at)
                | Stage::Queued(at)
                | Stage::Marking(at)
                | Stage::Uncertain(Uncertain::Pending(at)) => Some(at),
                Stage::Sending | Stage::Uncertain(Uncertain::Checking | Uncertain::NeedsUser) | Stage::Failed(_) => {
                    None
                }
            };
            stage.into_iter().chain(&mut entry.attempted_at)
        });
        times
            .chain(
                self.reconciliations.values_mut().flat_map(|search| [&mut search.started_at, &mut search.restart_at]),
            )
            .chain(&mut self.wake_at)
    }

    /// Records the upload progress of a file in bytes, and returns whether the whole percentage changed.
    pub fn set_progress(&mut self, local: LocalId, sent: u64, total: u64) -> bool {
        let percent = sent.min(total).saturating_mul(100).checked_div(total).and_then(|part| u8::try_from(part).ok());
        let Some(send) = self.get_mut(local).filter(|send| send.percent != percent) else { return false };
        send.percent = percent;
        true
    }

    pub(in crate::app) fn get_mut(&mut self, local: LocalId) -> Option<&mut OutboxEntry> {
        self.entries.iter_mut().find(|entry| entry.local == local)
    }

    pub(in crate::app) fn remove(&mut self, local: LocalId) -> Option<OutboxEntry> {
        let at = self.entries.iter().position(|entry| entry.local == local)?;
        Some(self.entries.remove(at))
    }
}

/// A search through the newest pages of a room for messages that may have reached the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Reconcile {
    /// The request for the page that is expected next.
    pub(in crate::app) serial: PageSerial,
    /// The number of that page.
    pub(in crate::app) page: u32,
    /// The time at which the search began. Its pages say nothing about requests processed after that.
    pub(in crate::app) started_at: Timestamp,
    /// The earliest time at which the server can have received any of the messages, by its own clock.
    pub(in crate::app) since: Timestamp,
    /// The time at which the search starts over, in case a reply never arrives.
    pub(in crate::app) restart_at: Timestamp,
}

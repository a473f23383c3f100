//! What is to reach the server, and how far it has come.

use crate::domain::{Content, LocalId, Message, MessageId, Request, RoomId, Timestamp};
use crate::store::{Entry, OutboxPayload};
use crate::text::SafeText;
use std::collections::HashMap;

/// So many entries wait at most. Nobody types as many; beyond that something is wrong, and the text stays where it is.
pub(in crate::app) const MAX_ENTRIES: usize = 1_000;

/// What is to reach the server, in the order it was written.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    pub(in crate::app) entries: Vec<OutboxEntry>,
    pub(in crate::app) reconciliations: HashMap<RoomId, Reconcile>,
    /// The disk did not confirm in time: nothing waits for it until it does.
    pub(in crate::app) store_unresponsive: bool,
    pub(in crate::app) wake_at: Option<Timestamp>,
}

/// Something that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its identity, for ever.
    pub local: LocalId,
    /// Where to.
    pub room: RoomId,
    /// What, as it was typed: what stands in the timeline has been made safe for the screen.
    pub payload: OutboxPayload,
    /// When it was written.
    pub written_at: Timestamp,
    /// How far it has come.
    pub stage: Stage,
    /// How often it was handed over.
    pub attempts: u32,
    /// How much of its file is sent, in percent, as far as is known.
    pub percent: Option<u8>,
    /// It is on disk.
    pub on_disk: bool,
    /// The server may have it from an attempt whose answer never came, here or before the program was started.
    pub maybe_sent: bool,
    /// It stands in its room's timeline.
    pub(in crate::app) in_timeline: bool,
    /// How it is to stand there; what was restored is put together from `what`.
    pub(in crate::app) shape: Option<Box<Message>>,
    /// What had been heard in its room when it was handed over, by the server's clock: no copy of it is older.
    pub(in crate::app) sent_after: Option<Timestamp>,
    /// How often in a row it could not be handed over.
    pub(in crate::app) failures: u32,
    /// Notes of its stage that the disk has not confirmed.
    pub(in crate::app) unconfirmed_marks: u32,
}

/// How far an entry has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The disk has been told, and has not confirmed. It is taken as if it had then.
    Writing(Timestamp),
    /// It waits, until then at least.
    Queued(Timestamp),
    /// The disk has been told that it is handed over, and has not confirmed. It is taken as if it had then.
    Marking(Timestamp),
    /// It was handed over, and the server has not answered.
    Sending,
    /// The server may have it.
    Uncertain(Uncertain),
    /// The server did not take it, and why.
    Failed(SafeText),
}

/// What is done about an entry that the server may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertain {
    /// It is looked for, then at the earliest.
    Pending(Timestamp),
    /// It is being looked for.
    Checking,
    /// The user decides.
    NeedsUser,
}

impl OutboxEntry {
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
            shape: None,
            sent_after: None,
            failures: 0,
            unconfirmed_marks: 0,
        }
    }

    /// The request that carries it out; the same each time.
    pub fn request(&self) -> Request {
        let room = self.room.clone();
        match self.payload.clone() {
            OutboxPayload::Send(content) => Request::Send { room, local: self.local, content },
            OutboxPayload::Edit { message, text } => Request::Edit { message, text },
            OutboxPayload::Delete { message } => Request::Delete { room, message },
            OutboxPayload::DeleteForMe { message } => Request::DeleteForMe { room, message },
        }
    }

    /// It as the disk keeps it.
    pub(in crate::app) fn to_stored(&self) -> Entry {
        Entry {
            local: self.local,
            room: self.room.clone(),
            what: self.payload.clone(),
            stage: crate::store::Stage::Queued,
            attempts: self.attempts,
            at: self.written_at,
        }
    }

    pub(in crate::app) fn is_send(&self) -> bool {
        matches!(self.payload, OutboxPayload::Send(_))
    }

    /// The line it stands in: its room's, for files or for all else.
    pub(in crate::app) fn lane(&self) -> (RoomId, bool) {
        (self.room.clone(), matches!(self.payload, OutboxPayload::Send(Content::File { .. })))
    }

    /// The user has to say what becomes of it; nothing waits for that.
    pub fn needs_user(&self) -> bool {
        matches!(self.stage, Stage::Failed(_) | Stage::Uncertain(Uncertain::NeedsUser))
    }

    /// The message that it changes.
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
    /// An entry.
    pub fn get(&self, local: LocalId) -> Option<&OutboxEntry> {
        self.entries.iter().find(|entry| entry.local == local)
    }

    /// All entries, in the order they were written.
    pub fn iter(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.entries.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether something would be lost if the program ended now.
    pub fn is_at_risk(&self) -> bool {
        self.entries.iter().any(|entry| !entry.on_disk)
    }

    /// The entries of `room` that no server can have taken.
    pub(in crate::app) fn never_sent(&self, room: &RoomId) -> Vec<LocalId> {
        let never_sent = |entry: &&OutboxEntry| match entry.stage {
            Stage::Writing(_) | Stage::Queued(_) => true,
            Stage::Marking(_) => entry.attempts == 1,
            Stage::Sending | Stage::Uncertain(_) | Stage::Failed(_) => false,
        };
        self.entries.iter().filter(|entry| entry.room == *room).filter(never_sent).map(|entry| entry.local).collect()
    }

    /// The text that `message` will have, once what waits is carried out.
    pub fn edit_of(&self, message: &MessageId) -> Option<&str> {
        self.entries.iter().rev().find_map(|entry| match &entry.payload {
            OutboxPayload::Edit { message: of, text } if of == message => Some(text.as_str()),
            _ => None,
        })
    }

    /// When time alone brings something about.
    pub(in crate::app) fn wakes_at(&self) -> Option<Timestamp> {
        self.wake_at
    }

    /// All the times at which something is to be done.
    pub(in crate::app) fn times_mut(&mut self) -> impl Iterator<Item = &mut Timestamp> {
        let stages = self.entries.iter_mut().filter_map(|entry| match &mut entry.stage {
            Stage::Writing(at) | Stage::Queued(at) | Stage::Marking(at) | Stage::Uncertain(Uncertain::Pending(at)) => {
                Some(at)
            }
            Stage::Sending | Stage::Uncertain(Uncertain::Checking | Uncertain::NeedsUser) | Stage::Failed(_) => None,
        });
        stages
            .chain(self.reconciliations.values_mut().map(|reconcile| &mut reconcile.restart_at))
            .chain(&mut self.wake_at)
    }

    /// Notes how much of a send's file is sent; says whether the whole percent changed.
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

/// A look through the newest pages of a room, for all that may have been sent there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Reconcile {
    /// The page that comes next.
    pub(in crate::app) page: u32,
    /// So many answers of the newest page are still to come.
    pub(in crate::app) answers_left: u32,
    /// The oldest message of this page: what is older is on the next.
    pub(in crate::app) oldest: Option<(Timestamp, MessageId)>,
    /// Nothing that is looked for can be older.
    pub(in crate::app) since: Timestamp,
    /// When it is begun anew.
    pub(in crate::app) restart_at: Timestamp,
}

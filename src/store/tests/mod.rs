//! Stores in folders of their own, asked from outside.

mod any;
mod compatibility;
mod crash;
mod holes;
mod outbox;
mod pruning;
mod round_trips;
mod searching;
mod troubles;
mod two;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use crate::domain::{
    Content, Delivery, LocalId, Message, MessageId, MessageKind, PersonId, RoomId, RoomInfo, RoomKind, Timestamp,
};
use crate::store::{
    Answer, At, Batch, Entry, Found, OutboxPayload, OutboxWrite, Past, Problem, Query, Snapshot, Stage, Step, Store,
    StoreLocation, Write,
};
use crate::text::SafeText;

/// Nothing takes as long; it ends a test that would hang.
const LONG: Duration = Duration::from_secs(60);

/// A store and its ears.
pub(super) struct Desk {
    pub(super) store: Store,
    answers: Receiver<Answer>,
    asked: u64,
    /// All that was said but answers to questions.
    pub(super) heard: Vec<Answer>,
}

impl Desk {
    /// Opens a store and waits for what was in it.
    pub(super) fn open(place: StoreLocation) -> (Self, Snapshot) {
        let (tell, answers) = channel();
        let store = Store::open(place, move |answer| drop(tell.send(answer)));
        let mut desk = Self { store, answers, asked: 0, heard: Vec::new() };
        let snapshot = loop {
            match desk.next() {
                Answer::Loaded(snapshot) => break *snapshot,
                other => desk.heard.push(other),
            }
        };
        (desk, snapshot)
    }

    fn next(&self) -> Answer {
        self.answers.recv_timeout(LONG).expect("an answer")
    }

    pub(super) fn write(&self, writes: impl IntoIterator<Item = Write>) {
        writes.into_iter().for_each(|write| self.store.write(write));
    }

    /// Waits until all that was written has been carried out.
    pub(super) fn settle(&mut self) {
        self.find("", None);
    }

    pub(super) fn find(&mut self, text: &str, room: Option<RoomId>) -> Found {
        self.find_page(text, room, 0, 100)
    }

    pub(super) fn find_page(&mut self, text: &str, room: Option<RoomId>, skip: u32, limit: u32) -> Found {
        self.asked += 1;
        self.store.ask(Query::Find { id: self.asked, text: text.to_owned(), room, skip, limit });
        loop {
            match self.next() {
                Answer::Found(found) if found.id == self.asked => return found,
                other => self.heard.push(other),
            }
        }
    }

    /// The texts that are found.
    pub(super) fn texts(&mut self, text: &str) -> Vec<String> {
        self.find(text, None).hits.iter().map(|hit| hit.message.text.to_string()).collect()
    }

    pub(super) fn past(&mut self, name: &str, at: At, limit: u32) -> Past {
        self.asked += 1;
        self.store.ask(Query::Past { id: self.asked, room: room(name), at, limit });
        loop {
            match self.next() {
                Answer::Past { id, past, .. } if id == self.asked => return past,
                other => self.heard.push(other),
            }
        }
    }

    /// Puts something into the outbox; returns whether it is on disk.
    pub(super) fn send(&mut self, entry: Entry) -> bool {
        let local = entry.local;
        self.write([Write::Outbox(OutboxWrite::Put(entry))]);
        self.confirmed(local, Step::Put)
    }

    pub(super) fn confirmed(&mut self, of: LocalId, which: Step) -> bool {
        loop {
            match self.next() {
                Answer::Kept { local, step, on_disk } if (local, step) == (of, which) => return on_disk,
                other => self.heard.push(other),
            }
        }
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let problem =
            |answer: &Answer| if let Answer::Problem(problem) = answer { Some(problem.clone()) } else { None };
        self.heard.iter().filter_map(problem).collect()
    }

    /// Ends it as the program does.
    pub(super) fn close(self) {
        assert!(self.store.close(LONG));
    }
}

/// What a store holds, looked at by a new one.
pub(super) fn reopened(place: &StoreLocation) -> Snapshot {
    let (desk, snapshot) = Desk::open(place.clone());
    assert_eq!(desk.heard, []);
    desk.close();
    snapshot
}

/// A place for a store that goes with the test.
pub(super) fn place() -> (TempDir, StoreLocation) {
    let dir = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::new(dir.path().join("data").join("store.db"));
    (dir, place)
}

/// The file beside the database with this ending.
pub(super) fn beside(place: &StoreLocation, ending: &str) -> PathBuf {
    let mut name = place.file.clone().into_os_string();
    name.push(ending);
    name.into()
}

pub(super) fn room(name: &str) -> RoomId {
    RoomId::new(name)
}

pub(super) fn room_info(name: &str) -> RoomInfo {
    RoomInfo {
        id: room(name),
        kind: RoomKind::Group,
        title: SafeText::line(name),
        avatar: None,
        participants: Vec::new(),
        peer: None,
        unread: None,
        muted: false,
        archived: false,
        last_message: None,
        created_at: Some(Timestamp(1)),
        metadata: None,
    }
}

pub(super) fn message(id: &str, at: i64) -> Message {
    Message {
        id: Some(MessageId::new(id)),
        local: None,
        author: PersonId::new("ann"),
        sent_at: Timestamp(at),
        text: SafeText::block(id),
        attachment: None,
        delivery: Delivery::Sent,
        edited: false,
        deleted: false,
        kind: MessageKind::Text,
        forwarded: false,
        starred: false,
        quote: None,
        revision: 0,
    }
}

pub(super) fn saying(id: &str, at: i64, text: &str) -> Message {
    Message { text: SafeText::block(text), ..message(id, at) }
}

pub(super) fn batch(name: &str, messages: Vec<Message>) -> Batch {
    Batch { room: room(name), messages, after: None, before: None, from_start: false }
}

pub(super) fn entry(number: u128, name: &str, text: &str) -> Entry {
    Entry {
        local: LocalId::from_random(number),
        room: room(name),
        what: OutboxPayload::Send(Content::text(text)),
        stage: Stage::Queued,
        attempts: 0,
        at: Timestamp(1),
    }
}

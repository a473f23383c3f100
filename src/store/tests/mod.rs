//! Tests of stores in temporary folders, through the public interface.

mod compatibility;
mod crash;
mod deletion;
mod device_id;
mod edits;
mod failures;
mod gaps;
mod late;
mod outbox;
mod pruning;
mod round_trips;
mod search;
mod strategies;
mod two_accounts;
mod two_clients;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use crate::domain::{
    Content, Delivery, Edit, EditedFile, LocalId, Message, MessageId, MessageKind, PersonId, RoomId, RoomInfo,
    RoomKind, SearchFilter, Timestamp,
};
use crate::store::{
    Answer, Batch, Entry, HistoryPosition, OutboxPayload, OutboxStep, OutboxWrite, Problem, Query, SearchResults,
    Snapshot, Store, StoreLocation, StoredPage, StoredStage, Write,
};
use crate::text::SafeText;

/// Limit after which a hanging test fails. Nothing takes nearly as long.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The edit of a message in the room `r`.
fn edit(id: &str, author: Option<&str>, text: &str, file: EditedFile) -> Write {
    let edit = Edit { text: SafeText::block(text), file };
    Write::Edit { room: room("r"), message: MessageId::new(id), author: author.map(PersonId::new), edit }
}

/// A store and the answers that it has sent.
pub(super) struct TestStore {
    pub(super) store: Store,
    receiver: Receiver<Answer>,
    last_query: u64,
    /// All answers except those to queries.
    pub(super) answers: Vec<Answer>,
}

impl TestStore {
    /// Opens a store and waits for its snapshot.
    pub(super) fn open(location: StoreLocation) -> (Self, Snapshot) {
        let mut store = Self::open_unread(location);
        let snapshot = loop {
            match store.next() {
                Answer::Loaded(snapshot) => break *snapshot,
                other => store.answers.push(other),
            }
        };
        (store, snapshot)
    }

    /// Opens a store that may not be readable yet.
    pub(super) fn open_unread(location: StoreLocation) -> Self {
        let (sender, receiver) = channel();
        let store = Store::open(location, move |answer| drop(sender.send(answer)));
        Self { store, receiver, last_query: 0, answers: Vec::new() }
    }

    /// Lets a store that cannot be used try again, which it does after some rounds of work. Returns the data if it could
    /// be read.
    pub(super) fn retry(&mut self) -> Option<Snapshot> {
        for _ in 0..20 {
            self.settle();
        }
        let loaded =
            |answer: &Answer| if let Answer::Loaded(snapshot) = answer { Some(*snapshot.clone()) } else { None };
        self.answers.iter().find_map(loaded)
    }

    fn next(&self) -> Answer {
        self.receiver.recv_timeout(TIMEOUT).expect("an answer")
    }

    pub(super) fn write(&self, writes: impl IntoIterator<Item = Write>) {
        writes.into_iter().for_each(|write| self.store.write(write));
    }

    /// Waits until all writes so far have been carried out.
    pub(super) fn settle(&mut self) {
        self.search("", None);
    }

    pub(super) fn search(&mut self, text: &str, room: Option<RoomId>) -> SearchResults {
        self.newest_matches(text, room, 100)
    }

    pub(super) fn newest_matches(&mut self, text: &str, room: Option<RoomId>, limit: u32) -> SearchResults {
        let text = text.to_owned();
        self.results(Query::Search { id: self.last_query + 1, text, filter: SearchFilter::default(), room, limit })
    }

    /// Searches all rooms for messages that meet conditions.
    pub(super) fn search_with(&mut self, text: &str, filter: SearchFilter) -> SearchResults {
        let text = text.to_owned();
        self.results(Query::Search { id: self.last_query + 1, text, filter, room: None, limit: 100 })
    }

    fn results(&mut self, query: Query) -> SearchResults {
        self.last_query += 1;
        self.store.query(query);
        loop {
            match self.next() {
                Answer::SearchResults(results) if results.id == self.last_query => return results,
                other => self.answers.push(other),
            }
        }
    }

    /// Searches all rooms and returns the texts of the matches.
    pub(super) fn matches(&mut self, text: &str) -> Vec<String> {
        self.search(text, None).matches.iter().map(|found| found.message.text.to_string()).collect()
    }

    pub(super) fn history(&mut self, name: &str, at: HistoryPosition, limit: u32) -> StoredPage {
        self.last_query += 1;
        self.store.query(Query::History { id: self.last_query, room: room(name), at, limit });
        loop {
            match self.next() {
                Answer::History { id, page, .. } if id == self.last_query => return page,
                other => self.answers.push(other),
            }
        }
    }

    /// Adds an outbox entry, and returns whether it is on disk.
    pub(super) fn send(&mut self, entry: Entry) -> bool {
        let local = entry.local;
        self.write([Write::Outbox(OutboxWrite::Put(entry))]);
        self.wait_for_confirmation(local, OutboxStep::Put)
    }

    /// Waits for the confirmation of an outbox write, and returns whether it is on disk.
    pub(super) fn wait_for_confirmation(&mut self, of: LocalId, kind: OutboxStep) -> bool {
        loop {
            match self.next() {
                Answer::OutboxConfirmed { local, step, on_disk } if (local, step) == (of, kind) => return on_disk,
                other => self.answers.push(other),
            }
        }
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let problem =
            |answer: &Answer| if let Answer::Problem(problem) = answer { Some(problem.clone()) } else { None };
        self.answers.iter().filter_map(problem).collect()
    }

    /// Closes the store as the program does.
    pub(super) fn close(self) {
        assert!(self.store.close(TIMEOUT));
    }
}

/// Reopens a store, which must work without a problem, and returns its snapshot.
pub(super) fn reopen(location: &StoreLocation) -> Snapshot {
    let (store, snapshot) = TestStore::open(location.clone());
    assert_eq!(store.answers, []);
    store.close();
    snapshot
}

/// The location of a new store. The folder is deleted with the returned guard.
pub(super) fn temp_location() -> (TempDir, StoreLocation) {
    let dir = tempfile::tempdir().expect("a folder");
    let location = StoreLocation::new(dir.path().join("data").join("store.db"));
    (dir, location)
}

/// The database file with `suffix` appended to its name.
pub(super) fn file_with_suffix(location: &StoreLocation, suffix: &str) -> PathBuf {
    let mut name = location.file.clone().into_os_string();
    name.push(suffix);
    name.into()
}

pub(super) fn room(name: &str) -> RoomId {
    RoomId::new(name)
}

pub(super) fn room_info(name: &str) -> RoomInfo {
    RoomInfo {
        id: room(name),
        kind: RoomKind::Group,
        title: Some(SafeText::line(name)),
        nickname: None,
        avatar: None,
        participants: Vec::new(),
        peer: None,
        unread: None,
        muted: false,
        archived: false,
        last_message: None,
        created_at: Some(Timestamp(1)),
        metadata: None,
        settings: Default::default(),
    }
}

/// A message by ann, whose text is its id.
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
        earlier: None,
        revision: 0,
    }
}

pub(super) fn message_with_text(id: &str, at: i64, text: &str) -> Message {
    Message { text: SafeText::block(text), ..message(id, at) }
}

/// A batch of which neither end is known.
pub(super) fn batch(name: &str, messages: Vec<Message>) -> Batch {
    Batch { room: room(name), messages, after: None, before: None, from_start: false }
}

/// A queued text message.
pub(super) fn entry(number: u128, name: &str, text: &str) -> Entry {
    Entry {
        local: LocalId::from_random(number),
        room: room(name),
        payload: OutboxPayload::Send(Content::text(text)),
        stage: StoredStage::Queued,
        attempts: 0,
        at: Timestamp(1),
    }
}

//! The outbox and drafts: entries are on disk when they are confirmed, in their order and with their ids.

use crate::domain::{LocalId, MessageId, SendFailure};
use crate::store::{Draft, Entry, OutboxPayload, OutboxStep, OutboxWrite, StoredStage, Write};
use crate::text::SafeText;

use super::{TestStore, entry, reopen, room, temp_location};

fn local(number: u128) -> LocalId {
    LocalId::from_random(number)
}

#[test]
fn entries_keep_their_order_and_ids() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    for number in [5, 3, 9, 1] {
        assert!(store.send(entry(number, if number > 4 { "a" } else { "b" }, "text")));
    }
    let edit = Entry {
        payload: OutboxPayload::Edit { message: MessageId::new("m"), text: "new".to_owned() },
        ..entry(7, "a", "")
    };
    assert!(store.send(edit.clone()));
    // Replacing an entry keeps its place, and a mark changes nothing but the stage.
    assert!(store.send(entry(3, "b", "better")));
    let failed = StoredStage::Failed(SendFailure::Refused(SafeText::line("No such room.")));
    store.write([
        Write::Outbox(OutboxWrite::Mark { local: local(9), stage: failed.clone(), attempts: 2 }),
        Write::Outbox(OutboxWrite::Remove(local(5))),
        Write::Outbox(OutboxWrite::Mark { local: local(5), stage: StoredStage::Uncertain, attempts: 1 }),
    ]);
    assert!(store.wait_for_confirmation(local(9), OutboxStep::Mark));
    assert!(store.wait_for_confirmation(local(5), OutboxStep::Remove));
    assert!(store.wait_for_confirmation(local(5), OutboxStep::Mark));
    store.close();
    let nine = Entry { stage: failed, attempts: 2, ..entry(9, "a", "text") };
    assert_eq!(reopen(&location).outbox, [entry(3, "b", "better"), nine, entry(1, "b", "text"), edit]);
}

#[test]
fn order_survives_restarts() {
    let (_dir, location) = temp_location();
    let mut expected = Vec::new();
    for number in 0..6 {
        let (mut store, snapshot) = TestStore::open(location.clone());
        assert_eq!(snapshot.outbox, expected);
        let entry = entry(100 - number, "a", "text");
        assert!(store.send(entry.clone()));
        expected.push(entry);
        if number == 3 {
            let removed = expected.remove(0).local;
            store.write([Write::Outbox(OutboxWrite::Remove(removed))]);
        }
        store.close();
    }
}

#[test]
fn newest_draft_is_stored_until_removed() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let draft = |text: &str| Some(Draft { text: text.to_owned(), cursor: 3, context: Some("{}".to_owned()) });
    for length in 1..200 {
        store.write([Write::Draft { room: room("a"), draft: draft(&"x".repeat(length)) }]);
    }
    store.write([Write::Draft { room: room("b"), draft: draft("sent") }]);
    store.settle();
    store.write([Write::Draft { room: room("b"), draft: None }]);
    store.close();
    assert_eq!(reopen(&location).drafts, draft(&"x".repeat(199)).map(|draft| (room("a"), draft)).as_slice());
}

/// Regression test: a crash between the two writes brought back a draft that had already been sent.
#[test]
fn writes_together_are_in_one_transaction() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let conn = rusqlite::Connection::open(&location.file).expect("the file");
    let drafts = || conn.query_row("SELECT count(*) FROM drafts", [], |row| row.get::<_, i64>(0)).expect("a number");
    for number in 0..20 {
        let draft = Draft { text: "hello".to_owned(), ..Draft::default() };
        store.write([Write::Draft { room: room("a"), draft: Some(draft) }]);
        store.settle();
        assert_eq!(drafts(), 1);
        let sent = Write::Outbox(OutboxWrite::Put(entry(number, "a", "hello")));
        store.store.write_atomic(vec![sent, Write::Draft { room: room("a"), draft: None }]);
        assert!(store.wait_for_confirmation(local(number), OutboxStep::Put));
        assert_eq!(drafts(), 0, "at {number}");
    }
    store.close();
}

#[test]
fn draft_is_written_without_a_request() {
    let (_dir, location) = temp_location();
    let (store, _) = TestStore::open(location.clone());
    store.write([Write::Draft { room: room("a"), draft: Some(Draft { text: "half".to_owned(), ..Draft::default() }) }]);
    // A second connection sees what the store has committed.
    let conn = rusqlite::Connection::open(&location.file).expect("the file");
    let text = || conn.query_row("SELECT text FROM drafts", [], |row| row.get::<_, String>(0));
    let found = (0..600).find_map(|_| {
        std::thread::park_timeout(std::time::Duration::from_millis(100));
        text().ok()
    });
    assert_eq!(found.as_deref(), Some("half"));
    drop(store);
}

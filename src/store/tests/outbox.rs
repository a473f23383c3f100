//! What the user sent is on disk before anybody says so, in its order, under its name.

use crate::domain::{LocalId, MessageId};
use crate::store::{Draft, Entry, OutboxPayload, OutboxWrite, Stage, Step, Write};
use crate::text::SafeText;

use super::{Desk, entry, place, reopened, room};

fn local(number: u128) -> LocalId {
    LocalId::from_random(number)
}

#[test]
fn entries_keep_their_order_and_their_names() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    for number in [5, 3, 9, 1] {
        assert!(desk.send(entry(number, if number > 4 { "a" } else { "b" }, "text")));
    }
    let edit = Entry {
        what: OutboxPayload::Edit { message: MessageId::new("m"), text: "new".to_owned() },
        ..entry(7, "a", "")
    };
    assert!(desk.send(edit.clone()));
    // Another content of one that is there keeps its place; a mark changes nothing else.
    assert!(desk.send(entry(3, "b", "better")));
    let failed = Stage::Failed { reason: SafeText::line("No such room.") };
    desk.write([
        Write::Outbox(OutboxWrite::Mark { local: local(9), stage: failed.clone(), attempts: 2 }),
        Write::Outbox(OutboxWrite::Remove(local(5))),
        Write::Outbox(OutboxWrite::Mark { local: local(5), stage: Stage::Uncertain, attempts: 1 }),
    ]);
    assert!(desk.confirmed(local(9), Step::Mark));
    assert!(desk.confirmed(local(5), Step::Remove));
    assert!(desk.confirmed(local(5), Step::Mark));
    desk.close();
    let nine = Entry { stage: failed, attempts: 2, ..entry(9, "a", "text") };
    assert_eq!(reopened(&place).outbox, [entry(3, "b", "better"), nine, entry(1, "b", "text"), edit]);
}

#[test]
fn an_order_survives_any_number_of_starts() {
    let (_dir, place) = place();
    let mut expected = Vec::new();
    for number in 0..6 {
        let (mut desk, snapshot) = Desk::open(place.clone());
        assert_eq!(snapshot.outbox, expected);
        let entry = entry(100 - number, "a", "text");
        assert!(desk.send(entry.clone()));
        expected.push(entry);
        if number == 3 {
            let gone = expected.remove(0).local;
            desk.write([Write::Outbox(OutboxWrite::Remove(gone))]);
        }
        desk.close();
    }
}

#[test]
fn a_draft_is_the_newest_one_and_goes_when_it_is_sent() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    let draft = |text: &str| Some(Draft { text: text.to_owned(), cursor: 3, about: Some("{}".to_owned()) });
    for length in 1..200 {
        desk.write([Write::Draft { room: room("a"), draft: draft(&"x".repeat(length)) }]);
    }
    desk.write([Write::Draft { room: room("b"), draft: draft("sent") }]);
    desk.settle();
    desk.write([Write::Draft { room: room("b"), draft: None }]);
    desk.close();
    assert_eq!(reopened(&place).drafts, draft(&"x".repeat(199)).map(|draft| (room("a"), draft)).as_slice());
}

/// Killed in between, what was sent came back to be sent again.
#[test]
fn what_is_kept_together_is_on_disk_together() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    let conn = rusqlite::Connection::open(&place.file).expect("the file");
    let drafts = || conn.query_row("SELECT count(*) FROM drafts", [], |row| row.get::<_, i64>(0)).expect("a number");
    for number in 0..20 {
        let draft = Draft { text: "hello".to_owned(), ..Draft::default() };
        desk.write([Write::Draft { room: room("a"), draft: Some(draft) }]);
        desk.settle();
        assert_eq!(drafts(), 1);
        let sent = Write::Outbox(OutboxWrite::Put(entry(number, "a", "hello")));
        desk.store.write_together(vec![sent, Write::Draft { room: room("a"), draft: None }]);
        assert!(desk.confirmed(local(number), Step::Put));
        assert_eq!(drafts(), 0, "at {number}");
    }
    desk.close();
}

#[test]
fn a_draft_is_on_disk_without_anybody_asking_for_it() {
    let (_dir, place) = place();
    let (desk, _) = Desk::open(place.clone());
    desk.write([Write::Draft { room: room("a"), draft: Some(Draft { text: "half".to_owned(), ..Draft::default() }) }]);
    // Another connection sees what the store has committed, while the store goes on.
    let conn = rusqlite::Connection::open(&place.file).expect("the file");
    let text = || conn.query_row("SELECT text FROM drafts", [], |row| row.get::<_, String>(0));
    let found = (0..600).find_map(|_| {
        std::thread::park_timeout(std::time::Duration::from_millis(100));
        text().ok()
    });
    assert_eq!(found.as_deref(), Some("half"));
    drop(desk);
}

//! Two clients that open the same store: the second one reads it, reports that, and writes nothing.

use crate::domain::MessageId;
use crate::store::{Batch, Draft, Problem, Write};

use super::{TestStore, batch, entry, message, reopen, room, room_info, temp_location};

#[test]
fn second_client_only_reads_the_history() {
    let (_dir, location) = temp_location();
    let (mut first, _) = TestStore::open(location.clone());
    first.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", vec![message("m", 1)])),
        Write::Draft { room: room("r"), draft: Some(Draft::default()) },
    ]);
    assert!(first.send(entry(1, "r", "mine")));
    first.settle();

    let (mut second, snapshot) = TestStore::open(location.clone());
    assert_eq!(second.problems(), [Problem::SecondClient]);
    assert_eq!(snapshot.rooms.len(), 1);
    assert_eq!(snapshot.histories[0].1.messages, [message("m", 1)]);
    assert_eq!((snapshot.outbox, snapshot.drafts), (vec![], vec![]), "only one of them may send the entries");
    second.write([Write::Messages(batch("r", vec![message("theirs", 2)])), Write::Wipe]);
    let after = Some(MessageId::new("m"));
    first.write([Write::Messages(Batch { after, ..batch("r", vec![message("later", 3)]) })]);
    first.settle();
    assert_eq!(second.matches("later"), ["later"]);
    assert_eq!(second.problems().len(), 1, "reported once");

    // The remaining client stays a reader; only the next start can write.
    first.close();
    second.close();
    let snapshot = reopen(&location);
    assert_eq!(snapshot.outbox, [entry(1, "r", "mine")]);
    assert_eq!(snapshot.histories[0].1.messages.len(), 2);
}

#[test]
fn second_client_starts_empty_while_the_store_is_created() {
    let (_dir, location) = temp_location();
    std::fs::create_dir_all(location.file.parent().expect("a folder")).expect("a folder");
    let lock = std::fs::File::create(location.lock_file()).expect("a lock");
    lock.lock().expect("ours");
    let (mut second, snapshot) = TestStore::open(location.clone());
    assert_eq!(second.problems(), [Problem::SecondClient]);
    assert_eq!(snapshot, crate::store::Snapshot::default());
    // Regression test: it saved nothing for as long as it ran.
    assert!(second.send(entry(2, "r", "of the second")), "it is on disk");
    second.close();
    assert!(!location.file.exists());
    drop(lock);
    assert_eq!(reopen(&location).outbox, [entry(2, "r", "of the second")]);
}

fn draft(text: &str) -> Write {
    Write::Draft { room: room("r"), draft: Some(Draft { text: text.to_owned(), ..Draft::default() }) }
}

fn texts(snapshot: &crate::store::Snapshot) -> Vec<&str> {
    snapshot.drafts.iter().map(|(_, draft)| draft.text.as_str()).collect()
}

#[test]
fn second_client_keeps_its_drafts_and_outbox() {
    let (_dir, location) = temp_location();
    let (mut first, _) = TestStore::open(location.clone());
    first.write([draft("of the first")]);
    first.settle();
    let (mut second, _) = TestStore::open(location.clone());
    assert!(second.send(entry(2, "r", "of the second")), "it is on disk");
    second.write([draft("of the second")]);
    second.close();
    // While the first one runs, the next second client continues where the last one has ended.
    let (second, snapshot) = TestStore::open(location.clone());
    assert_eq!(
        (texts(&snapshot), &snapshot.outbox[..]),
        (vec!["of the second"], &[entry(2, "r", "of the second")][..])
    );
    // A third one has a side store of its own.
    let (third, snapshot) = TestStore::open(location.clone());
    assert_eq!((third.problems(), texts(&snapshot)), (vec![Problem::SecondClient], vec![]));
    [third, second, first].into_iter().for_each(TestStore::close);
    let snapshot = reopen(&location);
    assert_eq!(texts(&snapshot), ["of the first\nof the second"]);
    assert_eq!(snapshot.outbox, [entry(2, "r", "of the second")]);
    let left = std::fs::read_dir(location.file.parent().expect("a folder")).expect("the folder");
    let left = left.filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|it| it == "db")));
    assert_eq!(left.count(), 1, "the side stores are removed");
    assert_eq!(reopen(&location), snapshot, "nothing is taken over twice");
}

/// A text that a second client had without a room was written nowhere.
#[test]
fn second_client_keeps_its_text_without_a_room() {
    let (_dir, location) = temp_location();
    let roomless = |text: &str| Some(Draft { text: text.to_owned(), ..Draft::default() });
    let (mut first, _) = TestStore::open(location.clone());
    first.write([Write::RoomlessDraft(roomless("of the first"))]);
    first.settle();
    let (second, snapshot) = TestStore::open(location.clone());
    assert_eq!(snapshot.roomless_draft, None, "that is on the screen of the first one");
    second.write([Write::RoomlessDraft(roomless("of the second"))]);
    second.close();
    let (second, snapshot) = TestStore::open(location.clone());
    assert_eq!(snapshot.roomless_draft, roomless("of the second"));
    [second, first].into_iter().for_each(TestStore::close);
    assert_eq!(reopen(&location).roomless_draft, roomless("of the first\nof the second"));
    assert_eq!(reopen(&location).roomless_draft, roomless("of the first\nof the second"), "taken over once");
}

#[test]
fn side_store_of_a_running_client_is_left_alone() {
    let (_dir, location) = temp_location();
    let (first, _) = TestStore::open(location.clone());
    let (mut second, _) = TestStore::open(location.clone());
    assert!(second.send(entry(2, "r", "of the second")));
    first.close();
    let (third, snapshot) = TestStore::open(location.clone());
    assert_eq!(snapshot.outbox, [], "only the second one may send it");
    third.close();
    second.close();
    assert_eq!(reopen(&location).outbox, [entry(2, "r", "of the second")]);
}

/// Regression test: the draft of a room that a second client had left came back.
#[test]
fn draft_of_a_forgotten_room_is_removed_from_the_side_store() {
    for forget in [Write::ForgetRoom(room("r")), Write::Wipe] {
        let (_dir, location) = temp_location();
        let (first, _) = TestStore::open(location.clone());
        let (mut second, _) = TestStore::open(location.clone());
        second.write([draft("of the second")]);
        assert!(second.send(entry(2, "r", "of the second")));
        second.settle();
        second.write([forget]);
        [second, first].into_iter().for_each(TestStore::close);
        let snapshot = reopen(&location);
        assert_eq!((texts(&snapshot), snapshot.outbox.len()), (vec![], 0));
    }
}

/// Regression test: an entry of a newer version was removed with the side store that it was in.
#[test]
fn unreadable_entry_of_a_side_store_is_kept_and_reported() {
    let (_dir, location) = temp_location();
    let (first, _) = TestStore::open(location.clone());
    let (mut second, _) = TestStore::open(location.clone());
    second.write([draft("of the second")]);
    assert!(second.send(entry(2, "r", "of the second")));
    second.close();
    let side = rusqlite::Connection::open(location.file.with_extension("2.db")).expect("the side store");
    side.execute_batch(
        "INSERT INTO outbox (local, room, body, stage, attempts, at)
             VALUES ('00000000-0000-4000-8000-000000000009', 1, '{\"do\":\"react\",\"with\":\"x\"}', 'queued', 0, 1);",
    )
    .expect("an entry");
    drop(side);
    let (second, _) = TestStore::open(location.clone());
    assert_eq!(second.problems(), [Problem::SecondClient, Problem::UnreadableEntries(1)]);
    [second, first].into_iter().for_each(TestStore::close);
    for _ in 0..2 {
        let (store, snapshot) = TestStore::open(location.clone());
        assert_eq!(store.problems(), [Problem::UnreadableEntries(1)]);
        assert_eq!(
            (texts(&snapshot), &snapshot.outbox[..]),
            (vec!["of the second"], &[entry(2, "r", "of the second")][..])
        );
        store.close();
    }
}

/// Regression test: a second client saved nothing more once it had read a damaged page of the first one's file.
#[test]
fn side_store_works_on_without_the_main_file() {
    let (_dir, location) = temp_location();
    let (mut first, _) = TestStore::open(location.clone());
    let messages = (0..500).map(|number| message(&format!("m{number}"), number)).collect();
    first.write([Write::Rooms(vec![room_info("r")]), Write::Messages(batch("r", messages))]);
    first.settle();
    let (mut second, _) = TestStore::open(location.clone());
    first.close();
    let bytes = std::fs::read(&location.file).expect("the file");
    let mut damaged = bytes.clone();
    damaged[4096..].fill(0xff);
    std::fs::write(&location.file, damaged).expect("damage");
    assert_eq!(second.matches("m4"), Vec::<String>::new());
    assert!(second.send(entry(2, "r", "of the second")), "it is on disk");
    assert_eq!(second.problems(), [Problem::SecondClient]);
    second.close();
    std::fs::write(&location.file, bytes).expect("no damage");
    assert_eq!(reopen(&location).outbox, [entry(2, "r", "of the second")]);
}

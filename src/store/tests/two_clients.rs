//! Two clients that open the same store: the second one reads it, reports that, and writes nothing.

use crate::domain::MessageId;
use crate::store::{Batch, Draft, Problem, Write};

use super::{TestStore, batch, entry, message, reopen, room, room_info, temp_location};

#[test]
fn second_client_only_reads() {
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
    assert_eq!(second.problems(), [Problem::InUse]);
    assert_eq!(snapshot.rooms.len(), 1);
    assert_eq!(snapshot.histories[0].1.messages, [message("m", 1)]);
    assert_eq!((snapshot.outbox, snapshot.drafts), (vec![], vec![]), "only one of them may send the entries");
    assert!(!second.send(entry(2, "r", "theirs")), "it is confirmed as not on disk");
    second.write([Write::Messages(batch("r", vec![message("theirs", 2)])), Write::Wipe]);
    let after = Some(MessageId::new("m"));
    first.write([Write::Messages(Batch { after, ..batch("r", vec![message("later", 3)]) })]);
    first.settle();
    assert_eq!(second.matches("later"), ["later"]);
    assert_eq!(second.problems().len(), 1, "reported once");

    // The remaining client stays a reader; only the next start can write.
    first.close();
    assert!(!second.send(entry(3, "r", "theirs")));
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
    let (second, snapshot) = TestStore::open(location.clone());
    assert_eq!(second.problems(), [Problem::InUse]);
    assert_eq!(snapshot, crate::store::Snapshot::default());
    second.close();
    assert!(!location.file.exists());
}

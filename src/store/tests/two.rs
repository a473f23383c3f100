//! Two clients on one store: the second one sees it, says so, and writes nothing.

use crate::domain::MessageId;
use crate::store::{Batch, Draft, Problem, Write};

use super::{Desk, batch, entry, message, place, reopened, room, room_info};

#[test]
fn the_second_reads_and_says_that_it_does_not_write() {
    let (_dir, place) = place();
    let (mut first, _) = Desk::open(place.clone());
    first.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", vec![message("m", 1)])),
        Write::Draft { room: room("r"), draft: Some(Draft::default()) },
    ]);
    assert!(first.send(entry(1, "r", "mine")));
    first.settle();

    let (mut second, snapshot) = Desk::open(place.clone());
    assert_eq!(second.problems(), [Problem::InUse]);
    assert_eq!(snapshot.rooms.len(), 1);
    assert_eq!(snapshot.pasts[0].1.messages, [message("m", 1)]);
    assert_eq!((snapshot.outbox, snapshot.drafts), (vec![], vec![]), "only one of the two may send them");
    assert!(!second.send(entry(2, "r", "theirs")), "it is not on disk, and says so");
    second.write([Write::Messages(batch("r", vec![message("theirs", 2)])), Write::Wipe]);
    let after = Some(MessageId::new("m"));
    first.write([Write::Messages(Batch { after, ..batch("r", vec![message("later", 3)]) })]);
    first.settle();
    assert_eq!(second.texts("later"), ["later"]);
    assert_eq!(second.problems().len(), 1, "once");

    // The one that is left is still only a reader; the next start is not.
    first.close();
    assert!(!second.send(entry(3, "r", "theirs")));
    second.close();
    let snapshot = reopened(&place);
    assert_eq!(snapshot.outbox, [entry(1, "r", "mine")]);
    assert_eq!(snapshot.pasts[0].1.messages.len(), 2);
}

#[test]
fn the_second_of_a_store_that_is_just_being_made_starts_empty() {
    let (_dir, place) = place();
    std::fs::create_dir_all(place.file.parent().expect("a folder")).expect("a folder");
    let lock = std::fs::File::create(place.lock()).expect("a lock");
    lock.lock().expect("ours");
    let (second, snapshot) = Desk::open(place.clone());
    assert_eq!(second.problems(), [Problem::InUse]);
    assert_eq!(snapshot, crate::store::Snapshot::default());
    second.close();
    assert!(!place.file.exists());
}

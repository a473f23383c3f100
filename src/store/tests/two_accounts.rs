//! Two stores in one process, as two accounts have them: each has its own data, and answers never cross over.

use crate::domain::LocalId;
use crate::store::{Draft, HistoryPosition, OutboxStep, OutboxWrite, StoreLocation, StoredStage, Write};

use super::{TestStore, batch, entry, message_with_text, reopen, room, room_info};

/// Both accounts use the same ids for rooms, messages, outbox entries and queries, as two servers may.
#[test]
fn two_open_stores_do_not_mix() {
    let dir = tempfile::tempdir().expect("a folder");
    let location = |user| StoreLocation::for_account(dir.path(), "default", &["minchat", "https://x", user]);
    let (ann, bob) = (location("ann"), location("bob"));
    let (mut first, _) = TestStore::open(ann.clone());
    let (mut second, _) = TestStore::open(bob.clone());
    for n in 0..20 {
        for (store, name) in [(&mut first, "ann"), (&mut second, "bob")] {
            let text = format!("{name} {n}");
            store.write([
                Write::Rooms(vec![room_info("r")]),
                Write::Messages(batch("r", vec![message_with_text(&n.to_string(), n, &text)])),
                Write::Draft { room: room("r"), draft: Some(Draft { text: text.clone(), ..Draft::default() }) },
                Write::Outbox(OutboxWrite::Put(entry(n.unsigned_abs().into(), "r", &text))),
            ]);
        }
        assert!(first.wait_for_confirmation(LocalId::from_random(n.unsigned_abs().into()), OutboxStep::Put));
        assert!(second.wait_for_confirmation(LocalId::from_random(n.unsigned_abs().into()), OutboxStep::Put));
    }
    assert_eq!((first.matches("ann").len(), first.matches("bob").len()), (20, 0));
    assert_eq!((second.matches("ann").len(), second.matches("bob").len()), (0, 20));
    let texts =
        |messages: Vec<crate::domain::Message>| messages.into_iter().all(|message| message.text.starts_with("bob"));
    assert!(texts(second.history("r", HistoryPosition::Newest, 50).messages));

    // A wipe and the end of one store leave the other one alone.
    first.write([Write::Wipe]);
    first.settle();
    first.close();
    let failed = OutboxWrite::Mark { local: LocalId::from_random(3), stage: StoredStage::Uncertain, attempts: 1 };
    second.write([Write::Outbox(failed)]);
    assert!(second.wait_for_confirmation(LocalId::from_random(3), OutboxStep::Mark));
    assert_eq!((second.problems(), second.matches("bob").len()), (vec![], 20));
    second.close();
    assert_eq!(reopen(&ann), crate::store::Snapshot::default());
    let snapshot = reopen(&bob);
    assert_eq!(snapshot.outbox.len(), 20);
    assert_eq!(snapshot.drafts[0].1.text, "bob 19");
}

#[test]
fn second_store_works_while_the_first_is_unusable() {
    let dir = tempfile::tempdir().expect("a folder");
    let damaged = StoreLocation::new(dir.path().join("damaged.db"));
    std::fs::write(&damaged.file, b"not a database..".repeat(10)).expect("a file");
    let (mut first, _) = TestStore::open(damaged);
    let (mut second, _) = TestStore::open(StoreLocation::new(dir.path().join("good.db")));
    assert!(!first.send(entry(1, "r", "text")));
    assert!(second.send(entry(1, "r", "text")));
    assert_eq!((first.problems().len(), second.problems()), (1, vec![]));
    first.close();
    second.close();
}

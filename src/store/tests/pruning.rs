//! Pruning: the store stays within the retention limits.

use rusqlite::Connection;

use crate::store::{Edge, HistoryPosition, Retention, StoreLocation, Write};

use super::{TestStore, batch, message, room, temp_location};

fn count(location: &StoreLocation, table: &str) -> i64 {
    let conn = Connection::open(&location.file).expect("the file");
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a number")
}

#[test]
fn oldest_messages_of_the_largest_room_are_deleted() {
    let (_dir, location) = temp_location();
    let location = StoreLocation { retention: Retention { total: 700, per_room: 10_000 }, ..location };
    let (store, _) = TestStore::open(location.clone());
    let messages = |name: &str, count| (0..count).map(|n| message(&format!("{name}{n:04}"), n)).collect();
    store.write([Write::Messages(batch("quiet", messages("q", 20)))]);
    for part in 0..4 {
        let piece: Vec<_> = messages("b", 1200).split_off(part * 300).into_iter().take(300).collect();
        store.write([Write::Messages(batch("busy", piece))]);
    }
    store.close();
    // After a restart, the next message continues the pruning.
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Messages(batch("busy", vec![message("b9999", 9999)]))]);
    store.settle();
    while count(&location, "messages") > 700 {
        std::thread::yield_now();
    }
    assert_eq!(
        store.history("quiet", HistoryPosition::Newest, 50).messages.len(),
        20,
        "a busy room costs a quiet one nothing"
    );
    let busy = store.history("busy", HistoryPosition::Newest, 2000);
    assert_eq!(busy.edge, Edge::Gap);
    assert_eq!(count(&location, "messages"), 700);
    assert_eq!(store.matches("b0001"), [""; 0]);
    assert_eq!(store.matches("b1199"), ["b1199"]);
    store.close();
}

#[test]
fn each_room_has_a_limit() {
    let (_dir, location) = temp_location();
    let location = StoreLocation { retention: Retention { total: 10_000, per_room: 30 }, ..location };
    let (mut store, _) = TestStore::open(location.clone());
    for name in ["a", "b"] {
        store.write([Write::Messages(batch(name, (0..80).map(|n| message(&format!("{name}{n:02}"), n)).collect()))]);
    }
    store.settle();
    while count(&location, "messages") > 60 {
        std::thread::yield_now();
    }
    let page = store.history("a", HistoryPosition::Newest, 100);
    assert_eq!((page.messages.len(), page.edge), (30, Edge::Gap));
    assert_eq!(page.messages.first(), Some(&message("a50", 50)));
}

#[test]
fn forgotten_room_is_deleted_completely() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Messages(batch("a", (0..900).map(|n| message(&format!("m{n}"), n)).collect()))]);
    store.settle();
    store.write([Write::ForgetRoom(room("a"))]);
    while count(&location, "messages") + count(&location, "rooms") > 0 {
        std::thread::yield_now();
    }
}

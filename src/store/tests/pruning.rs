//! The store stays as small as it is to be, and the index with it.

use rusqlite::Connection;

use crate::store::{At, Edge, Retention, StoreLocation, Write};

use super::{Desk, batch, message, place, room};

fn count(place: &StoreLocation, table: &str) -> i64 {
    let conn = Connection::open(&place.file).expect("the file");
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a number")
}

#[test]
fn the_oldest_of_the_fullest_room_go_first() {
    let (_dir, place) = place();
    let place = StoreLocation { keep: Retention { overall: 700, per_room: 10_000 }, ..place };
    let (desk, _) = Desk::open(place.clone());
    let messages = |name: &str, count| (0..count).map(|n| message(&format!("{name}{n:04}"), n)).collect();
    desk.write([Write::Messages(batch("quiet", messages("q", 20)))]);
    for part in 0..4 {
        let piece: Vec<_> = messages("b", 1200).split_off(part * 300).into_iter().take(300).collect();
        desk.write([Write::Messages(batch("busy", piece))]);
    }
    desk.close();
    // Pruning goes on where it was left, with the next message.
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([Write::Messages(batch("busy", vec![message("b9999", 9999)]))]);
    desk.settle();
    while count(&place, "messages") > 700 {
        std::thread::yield_now();
    }
    assert_eq!(desk.past("quiet", At::Newest, 50).messages.len(), 20, "a busy room costs the quiet one nothing");
    let busy = desk.past("busy", At::Newest, 2000);
    assert_eq!(busy.edge, Edge::Hole);
    assert_eq!(count(&place, "messages"), 700);
    assert_eq!(desk.texts("b0001"), [""; 0]);
    assert_eq!(desk.texts("b1199"), ["b1199"]);
    desk.close();
    assert_eq!(count(&place, "messages"), count(&place, "words_docsize"), "the index holds what the table holds");
}

#[test]
fn a_room_has_its_own_limit() {
    let (_dir, place) = place();
    let place = StoreLocation { keep: Retention { overall: 10_000, per_room: 30 }, ..place };
    let (mut desk, _) = Desk::open(place.clone());
    for name in ["a", "b"] {
        desk.write([Write::Messages(batch(name, (0..80).map(|n| message(&format!("{name}{n:02}"), n)).collect()))]);
    }
    desk.settle();
    while count(&place, "messages") > 60 {
        std::thread::yield_now();
    }
    let past = desk.past("a", At::Newest, 100);
    assert_eq!((past.messages.len(), past.edge), (30, Edge::Hole));
    assert_eq!(past.messages.first(), Some(&message("a50", 50)));
}

#[test]
fn a_forgotten_room_is_swept_out() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([Write::Messages(batch("a", (0..900).map(|n| message(&format!("m{n}"), n)).collect()))]);
    desk.settle();
    desk.write([Write::ForgetRoom(room("a"))]);
    while count(&place, "messages") + count(&place, "rooms") > 0 {
        std::thread::yield_now();
    }
    desk.close();
    assert_eq!(count(&place, "words_docsize"), 0);
}

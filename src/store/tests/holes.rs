//! A room of which only parts are here is never shown as if they were the whole.

use proptest::prelude::*;

use crate::domain::MessageId;
use crate::store::{At, Batch, Edge, Past, Write};

use super::{Desk, batch, message, place, room};

fn ids(past: &Past) -> Vec<&str> {
    past.messages.iter().map(|message| message.id.as_ref().map_or("?", MessageId::as_str)).collect()
}

fn page(ids: std::ops::Range<i64>) -> Batch {
    batch("r", ids.map(|n| message(&n.to_string(), n)).collect())
}

fn before(id: i64) -> At {
    At::Before(MessageId::new(&id.to_string()))
}

fn after(id: i64) -> At {
    At::After(MessageId::new(&id.to_string()))
}

#[test]
fn history_stops_at_a_hole_and_goes_on_when_it_is_filled() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place);
    desk.write([Write::Messages(page(0..5)), Write::Messages(page(10..15))]);
    let newest = desk.past("r", At::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["10", "11", "12", "13", "14"], Edge::Hole));
    assert_eq!(desk.past("r", before(10), 50), Past { messages: Vec::new(), edge: Edge::Hole });
    // Without a connection what is older is shown all the same.
    let beyond = desk.past("r", At::Beyond(MessageId::new("10")), 2);
    assert_eq!((ids(&beyond), beyond.edge), (vec!["3", "4"], Edge::More));
    let nothing = desk.past("r", At::Beyond(MessageId::new("0")), 2);
    assert_eq!(nothing, Past { messages: Vec::new(), edge: Edge::Hole });
    let newer = desk.past("r", after(2), 50);
    assert_eq!((ids(&newer), newer.edge), (vec!["3", "4"], Edge::Hole));

    // The older page of which the server says that it stands before 10 reaches what was known.
    desk.write([Write::Messages(Batch { before: Some(MessageId::new("10")), ..page(4..10) })]);
    let older = desk.past("r", before(10), 4);
    assert_eq!((ids(&older), older.edge), (vec!["6", "7", "8", "9"], Edge::More));
    let older = desk.past("r", before(6), 50);
    assert_eq!((ids(&older), older.edge), (vec!["0", "1", "2", "3", "4", "5"], Edge::Hole));

    desk.write([Write::Messages(Batch { from_start: true, ..page(0..1) })]);
    assert_eq!(desk.past("r", before(3), 50).edge, Edge::Start);
    assert_eq!(desk.past("r", before(0), 50), Past { messages: Vec::new(), edge: Edge::Start });
}

#[test]
fn a_live_message_joins_what_it_follows_and_nothing_else() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place);
    let live = |n: i64, after: i64| Batch { after: Some(MessageId::new(&after.to_string())), ..page(n..n + 1) };
    desk.write([Write::Messages(page(0..3)), Write::Messages(live(3, 2)), Write::Messages(live(9, 8))]);
    let newest = desk.past("r", At::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["9"], Edge::Hole), "8 never came here");
    assert_eq!(ids(&desk.past("r", before(3), 50)), ["0", "1", "2"]);
}

#[test]
fn who_leaves_hands_the_hole_on() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place);
    desk.write([Write::Messages(page(0..3)), Write::Messages(page(10..13))]);
    desk.write([Write::Remove { room: room("r"), message: MessageId::new("10") }]);
    let newest = desk.past("r", At::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["11", "12"], Edge::Hole));
    // The server's time puts 11 behind 12.
    desk.write([Write::Messages(batch("r", vec![message("11", 20)]))]);
    let newest = desk.past("r", At::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["11"], Edge::Hole));
    assert_eq!(desk.past("r", before(12), 50).edge, Edge::Hole);
}

#[test]
fn what_is_not_here_is_a_hole() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place);
    desk.write([Write::Messages(page(0..3))]);
    for at in [before(77), after(77)] {
        assert_eq!(desk.past("r", at, 50), Past { messages: Vec::new(), edge: Edge::Hole });
    }
    assert_eq!(desk.past("nowhere", At::Newest, 50), Past { messages: Vec::new(), edge: Edge::Hole });
}

/// A piece of a room of forty messages: where it begins, how long it is, which ends are told.
fn piece() -> impl Strategy<Value = (i64, i64, bool, bool)> {
    (0..40_i64, 1..8_i64, any::<bool>(), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever pieces came in whatever order: two messages stand side by side only if they do so on the server.
    #[test]
    fn no_hole_is_ever_skipped(pieces in proptest::collection::vec(piece(), 1..12)) {
        let (_dir, place) = place();
        let (mut desk, _) = Desk::open(place);
        let id = |n: i64| Some(MessageId::new(&n.to_string()));
        for (start, length, told_before, told_after) in pieces {
            let end = (start + length).min(40);
            desk.write([Write::Messages(Batch {
                after: id(start - 1).filter(|_| told_after),
                before: id(end).filter(|_| told_before),
                from_start: start == 0,
                ..page(start..end)
            })]);
        }
        for from in 0..40 {
            for past in [desk.past("r", before(from), 50), desk.past("r", after(from), 50)] {
                let times: Vec<i64> = past.messages.iter().map(|message| message.sent_at.0).collect();
                prop_assert!(times.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{:?}", times);
                prop_assert!(times.is_empty() || times.contains(&(from - 1)) || times.contains(&(from + 1)));
                let is_start = past.edge == Edge::Start;
                prop_assert!(!is_start || times.first() == Some(&0) || (times.is_empty() && from == 0));
            }
        }
        prop_assert_eq!(desk.problems(), []);
    }
}

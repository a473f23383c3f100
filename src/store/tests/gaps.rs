//! Gaps in the stored history: a room of which only parts are stored is never presented as complete.

use proptest::prelude::*;

use crate::domain::MessageId;
use crate::store::{Batch, Edge, HistoryPosition, StoredPage, Write};

use super::{TestStore, batch, message, room, temp_location};

fn ids(page: &StoredPage) -> Vec<&str> {
    page.messages.iter().map(|message| message.id.as_ref().map_or("?", MessageId::as_str)).collect()
}

fn page(ids: std::ops::Range<i64>) -> Batch {
    batch("r", ids.map(|n| message(&n.to_string(), n)).collect())
}

fn before(id: i64) -> HistoryPosition {
    HistoryPosition::Before(MessageId::new(&id.to_string()))
}

#[test]
fn history_stops_at_a_gap_until_it_is_filled() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    store.write([Write::Messages(page(0..5)), Write::Messages(page(10..15))]);
    let newest = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["10", "11", "12", "13", "14"], Edge::Gap));
    assert_eq!(store.history("r", before(10), 50), StoredPage { messages: Vec::new(), edge: Edge::Gap });
    // Without a connection, messages beyond the gap can be shown all the same.
    let beyond = store.history("r", HistoryPosition::BeforeAcrossGap(MessageId::new("10")), 2);
    assert_eq!((ids(&beyond), beyond.edge), (vec!["3", "4"], Edge::More));
    let nothing = store.history("r", HistoryPosition::BeforeAcrossGap(MessageId::new("0")), 2);
    assert_eq!(nothing, StoredPage { messages: Vec::new(), edge: Edge::Gap });

    // A page that the server places directly before 10 closes the gap.
    store.write([Write::Messages(Batch { before: Some(MessageId::new("10")), ..page(4..10) })]);
    let older = store.history("r", before(10), 4);
    assert_eq!((ids(&older), older.edge), (vec!["6", "7", "8", "9"], Edge::More));
    let older = store.history("r", before(6), 50);
    assert_eq!((ids(&older), older.edge), (vec!["0", "1", "2", "3", "4", "5"], Edge::Gap));

    store.write([Write::Messages(Batch { from_start: true, ..page(0..1) })]);
    assert_eq!(store.history("r", before(3), 50).edge, Edge::Start);
    assert_eq!(store.history("r", before(0), 50), StoredPage { messages: Vec::new(), edge: Edge::Start });
}

/// The second copy of a message in a page made the store refuse the whole page.
#[test]
fn message_that_a_page_repeats_is_stored_once() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    let at = |id: &str, time| message(id, time);
    store.write([Write::Messages(batch("r", vec![at("z", 5)]))]);
    let repeated = batch("r", vec![at("a", 5), at("b", 5), at("a", 5), at("z", 5)]);
    store.write([Write::Messages(Batch { before: Some(MessageId::new("z")), ..repeated })]);
    let all = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&all), all.edge), (vec!["a", "b", "z"], Edge::Gap));
}

#[test]
fn live_message_only_joins_its_stored_predecessor() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    let live = |n: i64, after: i64| Batch { after: Some(MessageId::new(&after.to_string())), ..page(n..n + 1) };
    store.write([Write::Messages(page(0..3)), Write::Messages(live(3, 2)), Write::Messages(live(9, 8))]);
    let newest = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["9"], Edge::Gap), "8 is not stored");
    assert_eq!(ids(&store.history("r", before(3), 50)), ["0", "1", "2"]);
}

#[test]
fn removed_message_passes_its_gap_on() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    store.write([Write::Messages(page(0..3)), Write::Messages(page(10..13))]);
    store.write([Write::RemoveMessage { room: room("r"), message: MessageId::new("10") }]);
    let newest = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["11", "12"], Edge::Gap));
    // The server corrects the time of 11, which moves it after 12.
    store.write([Write::Messages(batch("r", vec![message("11", 20)]))]);
    let newest = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&newest), newest.edge), (vec!["11"], Edge::Gap));
    assert_eq!(store.history("r", before(12), 50).edge, Edge::Gap);
}

#[test]
fn unknown_messages_and_rooms_are_gaps() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    store.write([Write::Messages(page(0..3))]);
    assert_eq!(store.history("r", before(77), 50), StoredPage { messages: Vec::new(), edge: Edge::Gap });
    assert_eq!(
        store.history("nowhere", HistoryPosition::Newest, 50),
        StoredPage { messages: Vec::new(), edge: Edge::Gap }
    );
}

/// A piece of a room of forty messages: its start, its length, and whether its two ends are known.
fn piece() -> impl Strategy<Value = (i64, i64, bool, bool)> {
    (0..40_i64, 1..8_i64, any::<bool>(), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever pieces arrive in whatever order: two messages are neighbours only if they are so on the server.
    #[test]
    fn gap_is_never_skipped(pieces in proptest::collection::vec(piece(), 1..12)) {
        let (_dir, location) = temp_location();
        let (mut store, _) = TestStore::open(location);
        let id = |n: i64| Some(MessageId::new(&n.to_string()));
        for (start, length, before_known, after_known) in pieces {
            let end = (start + length).min(40);
            store.write([Write::Messages(Batch {
                after: id(start - 1).filter(|_| after_known),
                before: id(end).filter(|_| before_known),
                from_start: start == 0,
                ..page(start..end)
            })]);
        }
        for from in 0..40 {
            let page = store.history("r", before(from), 50);
            let times: Vec<i64> = page.messages.iter().map(|message| message.sent_at.0).collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{:?}", times);
            prop_assert!(times.is_empty() || times.contains(&(from - 1)));
            let is_start = page.edge == Edge::Start;
            prop_assert!(!is_start || times.first() == Some(&0) || (times.is_empty() && from == 0));
        }
        prop_assert_eq!(store.problems(), []);
    }

    /// Pages are fetched from the newest to the oldest, and some of them again, with the message before the page.
    #[test]
    fn pages_keep_the_order_of_the_room(
        sizes in proptest::collection::vec(1..6_i64, 1..10),
        again in proptest::collection::vec((0..40_i64, 1..8_i64), 0..4),
        per_millisecond in 1..7_i64,
    ) {
        let (_dir, location) = temp_location();
        let (mut store, _) = TestStore::open(location);
        let name = |n: i64| format!("m{n:02}");
        let id = |n: i64| Some(MessageId::new(&name(n)));
        let page = |ids: std::ops::Range<i64>| {
            batch("r", ids.map(|n| message(&name(n), n / per_millisecond)).collect())
        };
        let count: i64 = sizes.iter().sum();
        let mut end = count;
        for size in sizes {
            let before = id(end).filter(|_| end < count);
            store.write([Write::Messages(Batch { before, from_start: end == size, ..page(end - size..end) })]);
            end -= size;
        }
        for (start, size) in again {
            let (start, end) = (start.min(count), (start + size).min(count));
            let after = id(start - 1).filter(|_| start > 0 && size % 2 == 0);
            store.write([Write::Messages(Batch { before: id(end), after, ..page(start..end) })]);
        }
        let all = store.history("r", HistoryPosition::Newest, 100);
        let expected: Vec<String> = (0..count).map(name).collect();
        prop_assert_eq!((ids(&all), all.edge), (expected.iter().map(String::as_str).collect(), Edge::Start));
    }
}

/// Messages of the same millisecond at the edge of two pages changed places, and one of them was skipped when the
/// messages before the other one were requested.
#[test]
fn page_of_the_same_millisecond_is_stored_before() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    let page = |ids: &[&str], before: Option<&str>| Batch {
        before: before.map(MessageId::new),
        ..batch("r", ids.iter().map(|id| message(id, 7)).collect())
    };
    store.write([Write::Messages(page(&["e", "f"], None)), Write::Messages(page(&["c", "d"], Some("e")))]);
    store.write([Write::Messages(Batch { from_start: true, ..page(&["a", "b"], Some("c")) })]);
    let all = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&all), all.edge), (vec!["a", "b", "c", "d", "e", "f"], Edge::Start));
    let older = store.history("r", HistoryPosition::Before(MessageId::new("e")), 3);
    assert_eq!((ids(&older), older.edge), (vec!["b", "c", "d"], Edge::More));
    assert_eq!(store.matches("a"), ["a"], "the search finds messages that were moved");
}

/// A store of an earlier version may have them in the wrong order.
#[test]
fn wrong_order_of_the_same_millisecond_is_corrected() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    store.write([Write::Messages(batch("r", ["a", "c", "b", "d"].map(|id| message(id, 7)).to_vec()))]);
    let known = Batch { before: Some(MessageId::new("c")), ..batch("r", vec![message("b", 7)]) };
    store.write([Write::Messages(known)]);
    let all = store.history("r", HistoryPosition::Newest, 50);
    assert_eq!((ids(&all), all.edge), (vec!["a", "b", "c", "d"], Edge::Gap));
}

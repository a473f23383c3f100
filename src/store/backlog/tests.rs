//! What the queue replaces, what it drops, and in which order it gives things back.

use crate::domain::{LocalId, MessageId, Timestamp};
use crate::store::tests::{batch, entry, message, room, room_info};
use crate::store::{At, Draft};

use super::*;

fn draft(name: &str, text: &str) -> Write {
    Write::Draft { room: room(name), draft: Some(Draft { text: text.to_owned(), ..Draft::default() }) }
}

fn pending(writes: impl IntoIterator<Item = Write>) -> Pending {
    let mut pending = Pending::default();
    writes.into_iter().for_each(|write| pending.push(write));
    pending
}

#[test]
fn the_newest_draft_replaces_the_older_and_keeps_its_place() {
    let mut pending = pending([draft("a", "1"), draft("b", "x"), draft("a", "2"), Write::Heard(Timestamp(1))]);
    pending.push(draft("a", "3"));
    assert_eq!(pending.take().lazy, [draft("a", "3"), draft("b", "x"), Write::Heard(Timestamp(1))]);
    pending.push(draft("a", "4"));
    assert_eq!(pending.take().lazy, [draft("a", "4")]);
    assert_eq!(pending.weight, 0);
    assert!(pending.newest.is_empty());
}

#[test]
fn a_forgotten_room_takes_back_what_waits_for_it_and_nothing_that_comes_later() {
    let mut pending = pending([
        draft("a", "1"),
        Write::Rooms(vec![room_info("a"), room_info("b")]),
        Write::Messages(batch("a", vec![message("m", 1)])),
        Write::ForgetRoom(room("a")),
        draft("a", "2"),
    ]);
    let work = pending.take();
    assert_eq!(work.urgent, [Write::ForgetRoom(room("a"))]);
    assert_eq!(work.lazy, [Write::Rooms(vec![room_info("b")]), draft("a", "2")]);
}

#[test]
fn a_wipe_takes_everything_back_but_the_outbox_in_its_order() {
    let put = Write::Outbox(OutboxWrite::Put(entry(1, "a", "hi")));
    let mut pending = pending([draft("a", "1"), put.clone(), Write::Wipe]);
    assert_eq!(pending.take(), Work { urgent: vec![put, Write::Wipe], ..Work::default() });
}

#[test]
fn forgetting_the_history_leaves_what_the_user_writes() {
    let mut pending = pending([draft("a", "1"), Write::Rooms(vec![room_info("a")]), Write::ForgetHistory]);
    assert_eq!(pending.take().lazy, [draft("a", "1")]);
}

#[test]
fn too_many_messages_are_dropped_oldest_first_and_nothing_else_is() {
    let page = |n: usize| Write::Messages(batch("a", (0..50).map(|i| message(&format!("{n}-{i}"), 1)).collect()));
    let tombstone = Write::Tombstone { room: room("a"), message: MessageId::new("m"), author: None };
    let mut pending = pending([draft("a", "1"), tombstone.clone()]);
    (0..MOST / 50 + 1).for_each(|n| pending.push(page(n)));
    let (_, lazy) = pending.take_all();
    assert_eq!(lazy[..2], [draft("a", "1"), tombstone]);
    assert_eq!(lazy.last(), Some(&page(MOST / 50)));
    let left: usize = lazy.iter().map(weight).sum();
    assert!(left <= MOST * 3 / 4 + 50, "{left}");
    assert_eq!(pending.weight, 0);
}

#[test]
fn questions_wait_for_the_writes_before_them_and_only_the_newest_of_a_kind_is_asked() {
    let page = |n: usize| Write::Messages(batch("a", (0..CHUNK).map(|i| message(&format!("{n}-{i}"), 1)).collect()));
    let mut pending = pending([page(0), page(1)]);
    let find = |id| Query::Find { id, text: "x".to_owned(), room: None, skip: 0, limit: 1 };
    let past = |id, name| Query::Past { id, room: room(name), at: At::Newest, limit: 1 };
    [find(1), past(2, "a"), past(3, "b"), find(4), past(5, "a")].into_iter().for_each(|query| pending.ask(query));
    let first = pending.take();
    assert_eq!((first.lazy.len(), first.queries.len()), (1, 0));
    assert!(pending.is_pressing(), "the second half has lingered with the first");
    let second = pending.take();
    assert_eq!(second.lazy.len(), 1);
    assert_eq!(second.queries, [past(3, "b"), find(4), past(5, "a")]);
    assert!(pending.is_empty());
}

#[test]
fn a_draft_lingers_and_a_send_does_not() {
    let mut pending = pending([draft("a", "1")]);
    assert!(!pending.is_pressing());
    pending.push(Write::Outbox(OutboxWrite::Remove(LocalId::from_random(1))));
    assert!(pending.is_pressing());
}

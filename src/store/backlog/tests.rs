//! Replacement, dropping and order of writes in the backlog.

use crate::domain::{LocalId, MessageId, SearchFilter, Timestamp};
use crate::store::tests::{batch, entry, message, room, room_info};
use crate::store::{Draft, HistoryPosition};

use super::*;

fn draft(name: &str, text: &str) -> Write {
    Write::Draft { room: room(name), draft: Some(Draft { text: text.to_owned(), ..Draft::default() }) }
}

fn backlog(writes: impl IntoIterator<Item = Write>) -> Backlog {
    let mut backlog = Backlog::default();
    writes.into_iter().for_each(|write| backlog.push(write));
    backlog
}

#[test]
fn newest_draft_replaces_the_older_one_in_place() {
    let mut backlog = backlog([draft("a", "1"), draft("b", "x"), draft("a", "2"), Write::SyncedAt(Timestamp(1))]);
    backlog.push(draft("a", "3"));
    assert_eq!(backlog.take().deferred, [draft("a", "3"), draft("b", "x"), Write::SyncedAt(Timestamp(1))]);
    backlog.push(draft("a", "4"));
    assert_eq!(backlog.take().deferred, [draft("a", "4")]);
    assert_eq!(backlog.weight, 0);
    assert!(backlog.latest.is_empty());
}

#[test]
fn forget_room_cancels_only_earlier_writes_about_it() {
    let mut backlog = backlog([
        draft("a", "1"),
        Write::Rooms(vec![room_info("a"), room_info("b")]),
        Write::Messages(batch("a", vec![message("m", 1)])),
        Write::ForgetRoom(room("a")),
        draft("a", "2"),
    ]);
    let work = backlog.take();
    assert_eq!(work.urgent, [Write::ForgetRoom(room("a"))]);
    assert_eq!(work.deferred, [Write::Rooms(vec![room_info("b")]), draft("a", "2")]);
}

#[test]
fn wipe_cancels_everything_but_outbox_writes() {
    let put = Write::Outbox(OutboxWrite::Put(entry(1, "a", "hi")));
    let mut backlog = backlog([draft("a", "1"), put.clone(), Write::Wipe]);
    assert_eq!(backlog.take(), Work { urgent: vec![put, Write::Wipe], ..Work::default() });
}

#[test]
fn forget_history_does_not_cancel_drafts() {
    let mut backlog = backlog([draft("a", "1"), Write::Rooms(vec![room_info("a")]), Write::ForgetHistory]);
    assert_eq!(backlog.take().deferred, [draft("a", "1")]);
}

#[test]
fn excess_messages_are_dropped_oldest_first() {
    let page = |n: usize| Write::Messages(batch("a", (0..50).map(|i| message(&format!("{n}-{i}"), 1)).collect()));
    let tombstone = Write::Tombstone { room: room("a"), message: MessageId::new("m"), author: None };
    let mut backlog = backlog([draft("a", "1"), tombstone.clone()]);
    (0..MAX_MESSAGES / 50 + 1).for_each(|n| backlog.push(page(n)));
    let (_, deferred) = backlog.take_all();
    assert_eq!(deferred[..2], [draft("a", "1"), tombstone]);
    assert_eq!(deferred.last(), Some(&page(MAX_MESSAGES / 50)));
    let remaining: usize = deferred.iter().map(weight).sum();
    assert!(remaining <= MAX_MESSAGES * 3 / 4 + 50, "{remaining}");
    assert_eq!(backlog.weight, 0);
}

#[test]
fn queries_wait_for_writes_and_newer_ones_replace_older() {
    let page =
        |n: usize| Write::Messages(batch("a", (0..MAX_TRANSACTION).map(|i| message(&format!("{n}-{i}"), 1)).collect()));
    let mut backlog = backlog([page(0), page(1)]);
    let search = |id| Query::Search { id, text: "x".to_owned(), filter: SearchFilter::default(), room: None, limit: 1 };
    let history = |id, name| Query::History { id, room: room(name), at: HistoryPosition::Newest, limit: 1 };
    [search(1), history(2, "a"), history(3, "b"), search(4), history(5, "a")]
        .into_iter()
        .for_each(|query| backlog.query(query));
    let first = backlog.take();
    assert_eq!((first.deferred.len(), first.queries.len()), (1, 0));
    assert!(backlog.is_due(), "the second half has lingered together with the first");
    let second = backlog.take();
    assert_eq!(second.deferred.len(), 1);
    assert_eq!(second.queries, [history(3, "b"), search(4), history(5, "a")]);
    assert!(backlog.is_empty());
}

#[test]
fn drafts_are_deferred_and_outbox_writes_are_not() {
    let mut backlog = backlog([draft("a", "1")]);
    assert!(!backlog.is_due());
    backlog.push(Write::Outbox(OutboxWrite::Remove(LocalId::from_random(1))));
    assert!(backlog.is_due());
}

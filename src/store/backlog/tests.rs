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
    assert_eq!(work.urgent, [UrgentWrite::new(Write::ForgetRoom(room("a")))]);
    assert_eq!(work.deferred, [Write::Rooms(vec![room_info("b")]), draft("a", "2")]);
}

#[test]
fn wipe_cancels_everything_but_outbox_writes() {
    let put = Write::Outbox(OutboxWrite::Put(entry(1, "a", "hi")));
    let mut backlog = backlog([draft("a", "1"), put.clone(), Write::Wipe]);
    assert_eq!(backlog.take(), Work { urgent: [put, Write::Wipe].map(UrgentWrite::new).into(), ..Work::default() });
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

/// A message with its draft: the entry, and the text that the draft has then.
fn sent(number: u128, text: &str) -> Vec<Write> {
    vec![draft("a", text), Write::Outbox(OutboxWrite::Put(entry(number, "a", "hi")))]
}

/// Regression test: only a part of the deferred writes is taken, and the draft is the newest of them.
#[test]
fn draft_is_taken_with_the_entry_that_it_became() {
    let page: Vec<_> = (0..2 * MAX_TRANSACTION).map(|number| message(&number.to_string(), 1)).collect();
    let mut backlog = backlog([draft("a", "hi"), draft("b", "x"), Write::Messages(batch("a", page))]);
    backlog.push_all(sent(1, ""));
    backlog.push(draft("a", "next"));
    let work = backlog.take();
    assert_eq!(work.urgent[0].drafts, [draft("a", "next")], "the newer text belongs to it");
    assert_eq!(work.deferred[0], draft("b", "x"));
    assert!(!work.deferred.iter().any(|write| draft_of(write) == draft_of(&draft("a", ""))));
}

#[test]
fn newest_draft_survives_its_obsolete_entry() {
    let remove = |number| Write::Outbox(OutboxWrite::Remove(LocalId::from_random(number)));
    for (obsolete, expected) in [(1, "of 2"), (2, "of 2")] {
        let mut backlog = Backlog::default();
        [1, 2].into_iter().for_each(|number| backlog.push_all(sent(number, &format!("of {number}"))));
        backlog.urgent_mut().for_each(|urgent| urgent.is_reported = true);
        let Write::Outbox(put) = &backlog.urgent[obsolete - 1].write else { panic!("an entry") };
        let local = put.local();
        backlog.drop_obsolete(&Write::Outbox(OutboxWrite::Remove(local)));
        let work = backlog.take();
        let drafts = work.urgent.iter().flat_map(|urgent| &urgent.drafts).chain(&work.deferred);
        assert_eq!(drafts.last(), Some(&draft("a", expected)));
        assert_eq!(work.urgent.len(), 1);
    }
    let mut backlog = Backlog::default();
    backlog.push_all(sent(1, "x"));
    backlog.urgent_mut().for_each(|urgent| urgent.is_reported = true);
    backlog.drop_obsolete(&Write::ForgetRoom(room("a")));
    assert!(backlog.is_empty(), "the draft goes with its room");
    backlog.push(remove(1));
    assert!(backlog.is_due());
}

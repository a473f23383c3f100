//! Tests of pages, scrolling and selection.

use super::*;
use crate::domain::{RoomId, SharedKind};

fn rows(names: std::ops::Range<u32>) -> Vec<ListRow> {
    let row = |n: u32| ListRow {
        text: n.to_string(),
        mark: String::new(),
        hint: String::new(),
        target: ListTarget::Person(n.to_string()),
    };
    names.map(row).collect()
}

#[test]
fn next_page_is_requested_once_near_the_end() {
    let mut list = List::waiting(ListKind::People("a".into()));
    assert_eq!(list.next_page(), None, "the first page has not arrived");
    list.take(1, rows(0..30), true);
    assert_eq!(list.next_page(), None, "the end is far");
    list.step(25);
    assert_eq!(list.next_page(), Some(2));
    (list.page, list.loading) = (2, true);
    assert_eq!(list.next_page(), None, "it is requested already");
    list.take(2, rows(29..50), false);
    assert_eq!(list.rows.len(), 50, "nobody is listed twice");
    list.step(100);
    assert_eq!((list.selected, list.next_page()), (49, None));
}

/// Regression test: a server that repeats the last row of a page as the next page was asked forever.
#[test]
fn page_of_known_rows_is_the_last_one() {
    let mut list = List::waiting(ListKind::People("a".into()));
    list.take(1, rows(0..3), true);
    assert_eq!(list.next_page(), Some(2));
    (list.page, list.loading) = (2, true);
    list.take(2, rows(2..3), true);
    assert_eq!((list.rows.len(), list.next_page()), (3, None));
}

#[test]
fn endless_list_is_cut_with_a_notice() {
    let last_row = |kind| {
        let mut list = List::waiting(kind);
        list.take(1, rows(0..20_000), true);
        assert_eq!((list.rows.len(), list.more), (MAX_LIST_ROWS + 1, false));
        list.rows.last().map(|row| row.text.clone()).unwrap_or_default()
    };
    let people = last_row(ListKind::People("a".into()));
    assert_eq!(people, "Only the first 10000 are shown. Search by name to find others.");
    let addable = last_row(ListKind::AddablePeople(RoomId::new("r")));
    assert_eq!(addable, "Only the first 10000 are shown. Type /add USER to add others.");
    let shared = last_row(ListKind::Shared(RoomId::new("r"), SharedKind::Media));
    assert_eq!(shared, "Only the first 10000 are shown.", "messages of one kind cannot be searched by name");
}

#[test]
fn selection_stays_visible_with_minimal_scrolling() {
    let mut list = List::waiting(ListKind::Calls);
    list.take(1, rows(0..40), false);
    let inside = Region { x: 0, y: 0, width: 64, height: 18 };
    list.step(20);
    list.settle(inside);
    assert_eq!(list.first, 3);
    list.step(-1);
    list.settle(inside);
    assert_eq!(list.first, 3, "moving up inside the screen scrolls nothing");
    list.step(-18);
    list.settle(inside);
    assert_eq!(list.first, 1);
}

#[test]
fn reload_keeps_the_selection() {
    let mut list = List::waiting(ListKind::Calls);
    list.take(1, rows(0..5), false);
    list.step(3);
    list.take(1, rows(1..5), false);
    assert_eq!(list.selected().map(|row| row.text.as_str()), Some("3"));
}

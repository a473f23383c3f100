//! Rooms of which the connection receives no live events: V Chat sends those of 700 rooms.

use minchat_tui::domain::{ConnectionStatus, MINUTE, Request, RoomInfo, RoomKind, SECOND, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// The first `count` rooms of a list, in which each has a message a second older than the one before.
fn groups(count: i64) -> Vec<RoomInfo> {
    (0..count).map(|n| group(n, &format!("g{n}"), -n * SECOND, 0)).collect()
}

/// A group with this newest message and unread count.
fn group(n: i64, id: &str, at: i64, unread: u32) -> RoomInfo {
    listed_room(&format!("q{n}"), &format!("Team {n}"), RoomKind::Group, unread, sent_message(id, "carol", id, at))
}

/// Number of requests for the first page of the list since the last call. There are none for other pages.
fn list_requests(story: &mut Story) -> usize {
    let lists: Vec<Request> =
        take_requests(story).into_iter().filter(|request| matches!(request, Request::Rooms { .. })).collect();
    assert!(lists.iter().all(|request| *request == Request::Rooms { page: 1 }), "{lists:?}");
    lists.len()
}

/// A V Chat story with this many rooms.
fn story_with(count: i64) -> Story {
    let mut story = Story::online_on(VCHAT, 80, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: groups(count) });
    story.effects.clear();
    story
}

/// Regression test: a message in the oldest of 900 rooms was shown after the next reconnect only.
#[test]
fn rooms_without_live_events_are_read_every_minute() {
    let mut story = story_with(701);
    assert_eq!(list_requests(story.wait(59 * SECOND)), 0);
    assert_eq!(list_requests(story.wait(2 * SECOND)), 1);
    // The oldest room has moved to the top. The page ends with a known room, so no other is requested.
    let mut page = groups(19);
    page.insert(0, group(700, "hello", MINUTE, 1));
    story.server(ServerEvent::Rooms { page: 1, pages: 36, rooms: page });
    story.shows("Team 700").shows("Carol Chen: hello  1");
    assert_eq!(list_requests(&mut story), 0);
    assert_eq!(list_requests(story.wait(61 * SECOND)), 1, "and so on");
}

#[test]
fn list_is_not_read_again_without_need() {
    let mut story = story_with(700);
    assert_eq!(list_requests(story.wait(10 * MINUTE)), 0, "all rooms are live");
    let mut story = story_with(701);
    let reason = SafeText::line("The connection was lost.");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 20 * MINUTE, reason }));
    assert_eq!(list_requests(story.wait(10 * MINUTE)), 0, "there is no connection");
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    assert_eq!(list_requests(&mut story), 1);
    assert_eq!(list_requests(story.wait(10 * MINUTE)), 0, "it is being loaded");
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: groups(701) });
    assert_eq!(list_requests(story.wait(61 * SECOND)), 1);
    let mut story = Story::online_on(MINCHAT, 80, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: groups(701) });
    story.effects.clear();
    assert_eq!(list_requests(story.wait(10 * MINUTE)), 0, "MinChat sends the events of all rooms");
}

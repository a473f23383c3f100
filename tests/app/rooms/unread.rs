//! What stays unread: messages in groups of which others have seen the last one, and those that arrive just before the
//! user leaves.

use minchat_tui::domain::{Capabilities, ConnectionStatus, MessageInfo, Request, RoomInfo, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::sent_message;
use test_support::story::*;

use super::listing::{arrives, four_rooms, unread};

/// The group of [`four_rooms`], which is not open, in the server's list.
fn list(last: MessageInfo) -> ServerEvent {
    let group: RoomInfo = room_on(MINCHAT, "r2", "Release crew", &["bob", "carol"], in_room("r2", last));
    ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group] }
}

fn reconnects(story: &mut Story) {
    let offline = ConnectionStatus::Offline { reason: SafeText::line("gone"), retry_in: 1_000 };
    story.server(ServerEvent::Connection(offline)).server(ServerEvent::Connection(ConnectionStatus::Online));
}

/// A group with two unread messages, one of which mentions the user.
fn group() -> Story {
    let mut story = four_rooms(MINCHAT);
    story.keys("ctrl+b home enter");
    arrives(&mut story, "r2", "g2", "bob", "one @me");
    arrives(&mut story, "r2", "g3", "bob", "two");
    assert_eq!(unread(&story, "r2"), 2);
    story
}

fn mentions(story: &Story) -> u32 {
    story.state.account().rooms.get(&room_id("r2")).expect("the group").unread().mentions
}

/// Regression test: MinChat only says whether anybody has seen a message, so that each reconnect lost the unread messages
/// of a group once another member had seen the newest one.
#[test]
fn group_stays_unread_though_another_member_has_seen_it() {
    let mut story = group();
    let newest = MessageInfo { seen: true, ..message("g3", "bob", "two", 1_000) };
    story.server(ServerEvent::Seen(message_id("g3")));
    reconnects(&mut story);
    for _ in 0..2 {
        story.server(list(newest.clone()));
        assert_eq!((unread(&story, "r2"), mentions(&story)), (2, 1));
    }
    // What is written on another device of the user answers it.
    story.server(list(message("g4", "me", "yes", 800_000)));
    assert_eq!((unread(&story, "r2"), mentions(&story)), (0, 0));
    // A message that arrived meanwhile is new here, whoever has seen it.
    story.server(list(MessageInfo { seen: true, ..message("g5", "bob", "three", 900_000) }));
    assert_eq!(unread(&story, "r2"), 1);
    story.keys("alt+a").shows("Message Release crew").wait(2_000);
    let page = vec![MessageInfo { seen: true, ..in_room("r2", message("g5", "bob", "three", 900_000)) }];
    story.history("r2", 1, 1, page).wait(2_000);
    assert_eq!(unread(&story, "r2"), 0);
    story.keys("alt+down").server(list(MessageInfo { seen: true, ..message("g5", "bob", "three", 900_000) }));
    assert_eq!(unread(&story, "r2"), 0, "it was read");
}

/// Without an earlier run, everything in all groups would be unread.
#[test]
fn group_that_is_new_here_is_read_if_anybody_has_seen_it() {
    let mut story = Story::online(100, 24);
    story.server(list(MessageInfo { seen: true, ..message("g1", "bob", "old", -60_000) }));
    assert_eq!(unread(&story, "r2"), 0);
}

/// Regression test: what arrived in the last half second before the user left a room was read here, and nowhere else.
#[test]
fn message_that_arrives_just_before_leaving_stays_unread() {
    let leave: [fn(&mut Story); 2] = [|story| _ = story.keys("alt+down"), |story| _ = story.keys("ctrl+b end enter")];
    for (can, leave) in [MINCHAT, VCHAT].into_iter().flat_map(|can| leave.map(|leave| (can, leave))) {
        for (millis, expected) in [(100, 1), (2_000, 0)] {
            let mut story = room_on_screen(can);
            arrives(&mut story, "r1", "b1", "alice", "blink");
            story.wait(millis);
            leave(&mut story);
            assert_eq!(unread(&story, "r1"), expected, "after {millis} ms");
            let is_reported = story.requests().iter().any(|request| matches!(request, Request::Seen { .. }));
            assert_eq!(is_reported, expected == 0, "as the server knows");
        }
    }
}

fn room_on_screen(can: Capabilities) -> Story {
    let mut story = four_rooms(can);
    story.keys("ctrl+b home enter").shows("Message Alice Archer").wait(2_000).effects.clear();
    story
}

/// Regression test: the line was gone when the user came back to a room that was marked as unread.
#[test]
fn line_is_where_the_messages_were_marked_as_unread() {
    let mut story = Story::chat(100, 24);
    let page = (1..=4).map(|n| seen(sent_message(&format!("m{n}"), "alice", &format!("number {n}."), n * 1_000)));
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
    let page: Vec<MessageInfo> = page.collect();
    story.history("r1", 1, 1, page.clone()).server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.keys("tab up u").shows("Marked as unread").keys("alt+down").wait(2_000);
    assert_eq!(unread(&story, "r1"), 2);
    story.keys("alt+up").shows("Message Alice Archer").history("r1", 1, 1, page);
    let pane = story.pane();
    let line = pane.find("New messages").unwrap_or_else(|| panic!("no line on\n{pane}"));
    assert!(pane[..line].contains("number 2.") && pane[line..].contains("number 3."), "{pane}");
}

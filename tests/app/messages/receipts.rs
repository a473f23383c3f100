//! Receipts and unread counts.

use minchat_tui::app::Event;
use minchat_tui::config::SeenReceipts;
use minchat_tui::domain::{
    Capabilities, ConnectionStatus, Failure, MINUTE, MessageInfo, Request, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

fn seen_request(room: &str, message: &str) -> Request {
    Request::Seen { room: room_id(room), message: message_id(message) }
}

fn delivered(room: &str) -> Request {
    Request::Delivered { room: room_id(room) }
}

fn receive(story: &mut Story, room: &str, id: &str, author: &str, at: i64) {
    story.server(ServerEvent::Message(in_room(room, sent_message(id, author, &format!("text of {id}"), at))));
}

fn unread_of(story: &Story, room: &str) -> u32 {
    story.state.account().rooms.get(&room_id(room)).expect("a room").unread().count
}

#[test]
fn received_message_is_reported_delivered_and_seen_once() {
    let mut story = vchat_story(100, 24);
    receive(&mut story, "r1", "m3", "alice", 10);
    assert_eq!(take_requests(&mut story), [delivered("r1")]);
    story.wait(299);
    assert_eq!(take_requests(&mut story), []);
    story.wait(1);
    assert_eq!(take_requests(&mut story), [seen_request("r1", "m3")]);
    story.wait(MINUTE);
    assert_eq!(take_requests(&mut story), [], "reported once, since group messages are never marked as seen");
}

/// A receipt that failed, such as because the connection was lost, was never repeated.
#[test]
fn failed_receipt_is_repeated_unless_it_is_refused() {
    for mut story in [vchat_story(100, 24), Story::chat(100, 24)] {
        let fail = |story: &mut Story, failure| {
            let (request, reason) = (seen_request("r1", "m3"), SafeText::line("No."));
            story.server(ServerEvent::Failed { request, failure, reason });
            story.wait(MINUTE);
            take_requests(story).into_iter().filter(|request| *request == seen_request("r1", "m3")).count()
        };
        receive(&mut story, "r1", "m3", "alice", 10);
        story.wait(1_000);
        assert!(take_requests(&mut story).contains(&seen_request("r1", "m3")));
        assert_eq!(fail(&mut story, Failure::NotSent), 1);
        assert_eq!(fail(&mut story, Failure::Uncertain), 1);
        assert_eq!(fail(&mut story, Failure::Refused), 0);
    }
}

/// Receipts are not answered, so those that a dying connection takes with it cannot be told from others.
#[test]
fn receipts_of_the_last_minutes_of_a_connection_are_repeated() {
    for mut story in [vchat_story(100, 24), Story::chat(100, 24)] {
        let reconnect_after = |story: &mut Story, millis| {
            story.wait(millis);
            let reason = SafeText::line("The connection was lost.");
            story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
            story.server(ServerEvent::Connection(ConnectionStatus::Online));
            let page = [two_messages(), vec![sent_message("m3", "alice", "text of m3", 10)]].concat();
            story.history("r1", 1, 1, page);
            story.wait(1_000);
            take_requests(story).into_iter().filter(|request| *request == seen_request("r1", "m3")).count()
        };
        receive(&mut story, "r1", "m3", "alice", 10);
        story.wait(1_000);
        assert!(take_requests(&mut story).contains(&seen_request("r1", "m3")));
        assert_eq!(reconnect_after(&mut story, MINUTE), 1);
        assert_eq!(reconnect_after(&mut story, 2 * MINUTE), 1, "the connection was dead all the time");
        assert_eq!(reconnect_after(&mut story, 4 * MINUTE), 0);
        story.types("/read").keys("enter");
        let is_for_room = take_requests(&mut story).contains(&seen_request("r1", "m3"));
        assert_eq!(reconnect_after(&mut story, MINUTE), usize::from(is_for_room), "reported again");
    }
}

/// Regression test: a list that the server had read before our receipt, but after another message, counted what was read
/// here. Without receipts, every list did.
#[test]
fn unread_count_leaves_out_what_was_read_here() {
    for seen in [SeenReceipts::Focused, SeenReceipts::OnReply, SeenReceipts::Never] {
        let mut story = vchat_story(100, 24);
        story.state.account_mut().profile.seen = seen;
        receive(&mut story, "r1", "m3", "alice", 10);
        receive(&mut story, "r1", "m4", "alice", 20);
        story.wait(1_000).event(Event::Focus(false));
        receive(&mut story, "r1", "m5", "alice", 30);
        assert_eq!(unread_of(&story, "r1"), 1, "{seen:?}");
        let last = sent_message("m5", "alice", "text of m5", 30);
        let list = vec![listed_room("r1", "Alice Archer", RoomKind::Direct, 3, last)];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: list });
        assert_eq!(unread_of(&story, "r1"), 1, "{seen:?}");
        story.shows(" 1 │");
    }
}

#[test]
fn own_message_is_neither_reported_nor_counted() {
    let mut story = vchat_story(100, 24);
    receive(&mut story, "r3", "b2", "me", 10);
    receive(&mut story, "r1", "m3", "me", 20);
    story.wait(MINUTE);
    assert_eq!(take_requests(&mut story), []);
    assert_eq!((unread_of(&story, "r3"), unread_of(&story, "r1")), (0, 0));
}

#[test]
fn burst_is_reported_once_per_room() {
    let mut story = vchat_story(100, 24);
    let message = |n: i64| ServerEvent::Message(sent_message(&format!("n{n}"), "alice", "x", n));
    for n in 0..5 {
        // No frame is drawn in between.
        let event = Event::Server(minchat_tui::domain::AccountId(0), message(n));
        assert_eq!(minchat_tui::app::update(&mut story.state, story.now, event), []);
    }
    story.server(message(5));
    assert_eq!(take_requests(&mut story), [delivered("r1")]);
    story.wait(300);
    assert_eq!(take_requests(&mut story), [seen_request("r1", "n5")]);
}

#[test]
fn opening_an_unread_room_reports_it_seen() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 0, 2]) });
    story.shows(" 2 │").keys("alt+a").shows("Message Bob Brown…");
    let page = vec![
        in_room("r3", sent_message("b0", "bob", "older", -2 * 3_600_000)),
        in_room("r3", sent_message("b1", "bob", "old news", -3_600_000)),
    ];
    assert!(take_requests(&mut story).contains(&Request::History {
        room: room_id("r3"),
        serial: ANY_SERIAL,
        page: 1,
        before: None
    }));
    story.wait(1_000);
    assert_eq!(take_requests(&mut story), [], "no message is on the screen yet");
    story.history("r3", 1, 1, page);
    story.wait(400);
    assert_eq!(take_requests(&mut story), [seen_request("r3", "b1")]);
    story.lacks(" 2 │");
    story.keys("alt+up alt+down alt+up alt+down").wait(5_000);
    assert!(!take_requests(&mut story).iter().any(|request| matches!(request, Request::Seen { .. })));
}

#[test]
fn new_messages_line_is_above_the_servers_unread_count() {
    let mut story = vchat_story(100, 30);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 2, 0]) });
    story.keys("alt+down");
    let page = ["g4 bob", "g3 carol", "g2 me", "g1 carol"].iter().enumerate().map(|(n, line)| {
        let (id, author) = line.split_once(' ').expect("two words");
        in_room("r2", sent_message(id, author, id, -120_000 - i64::try_from(n).expect("small") * 1_000))
    });
    let page: Vec<_> = page.collect();
    story.history("r2", 1, 1, page);
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("g2") < at("── New messages") && at("── New messages") < at("g3") && at("g3") < at("g4"), "{pane}");
}

/// The unread count reaches further back than the newest page.
#[test]
fn new_messages_line_waits_for_its_page() {
    let mut story = vchat_story(100, 20);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 40, 0]) });
    story.keys("alt+down");
    let nth = |n: i64| in_room("r2", sent_message(&format!("g{n:02}"), "carol", &format!("line {n:02}"), -n * 1_000));
    story.history("r2", 1, 9, (1..=30).map(nth).collect());
    story.lacks("── New messages");
    story.keys("ctrl+home");
    let before = Some(message_id("g30"));
    assert!(take_requests(&mut story).contains(&Request::History {
        room: room_id("r2"),
        serial: ANY_SERIAL,
        page: 2,
        before
    }));
    story.history("r2", 2, 9, (31..=60).map(nth).collect());
    story.keys("ctrl+home").keys("pagedown");
    let slot = story.state.scene().open_room().and_then(|room| room.unread_marker.slot()).expect("the new line");
    let above = story.state.scene().open_room().expect("a room").timeline.get(slot).text.to_string();
    assert_eq!(above, "line 40");
}

#[test]
fn unread_count_adds_messages_since_the_list() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 3, 0]) });
    assert_eq!(unread_of(&story, "r2"), 3);
    receive(&mut story, "r2", "g1", "carol", -120_000);
    assert_eq!(unread_of(&story, "r2"), 3, "the list includes it");
    receive(&mut story, "r2", "g0", "carol", -130_000);
    assert_eq!(unread_of(&story, "r2"), 3, "older messages are included too");
    receive(&mut story, "r2", "g2", "bob", 10);
    receive(&mut story, "r2", "g2", "bob", 10);
    assert_eq!(unread_of(&story, "r2"), 4);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 3, 0]) });
    assert_eq!(unread_of(&story, "r2"), 4, "the list was read before that message arrived");
    let mut rooms = three_rooms([0, 0, 0]);
    rooms[1].last_message = Some(in_room("r2", sent_message("g2", "bob", "text of g2", 10)));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    assert_eq!(unread_of(&story, "r2"), 0, "read on another device");
}

#[test]
fn room_receipt_marks_all_own_messages_only() {
    let mut story = vchat_story(100, 24);
    receive(&mut story, "r1", "m3", "me", 10);
    receive(&mut story, "r1", "m4", "alice", 20);
    receive(&mut story, "r1", "m5", "me", 30);
    assert!(story.row_with("text of m3").ends_with('✓') && !story.row_with("text of m3").ends_with("✓✓"));
    story.server(ServerEvent::RoomDelivered { room: room_id("r1"), author: person_id("alice") });
    assert!(story.row_with("text of m5").ends_with(" ✓"), "{}", story.screen());
    story.server(ServerEvent::RoomDelivered { room: room_id("r1"), author: person_id("me") });
    for row in ["text of m3", "text of m5"] {
        assert!(story.row_with(row).ends_with("✓·"), "{}", story.screen());
    }
    story.types("not there yet").keys("enter");
    story.server(ServerEvent::RoomSeen { room: room_id("r1"), author: person_id("me") });
    for row in ["Hello Alice", "text of m3", "text of m5"] {
        assert!(story.row_with(row).ends_with("✓✓"), "{}", story.screen());
    }
    assert!(story.row_with("not there yet").ends_with('…'), "a queued message has not been seen");
    story.server(ServerEvent::RoomDelivered { room: room_id("r1"), author: person_id("me") });
    assert!(story.row_with("text of m5").ends_with("✓✓"), "receipts never go back");
}

#[test]
fn missed_messages_are_reported_seen_after_reconnecting() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 4_000,
        reason: SafeText::line("The network is down."),
    }));
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let page = [two_messages(), vec![sent_message("m3", "alice", "while you were away", 5)]].concat();
    story.history("r1", 1, 1, page);
    story.effects.clear();
    story.wait(300);
    assert_eq!(take_requests(&mut story), [seen_request("r1", "m3")]);
}

#[test]
fn nothing_is_seen_without_focus_or_while_scrolled_up() {
    let mut story = vchat_story(100, 24);
    for n in 0..40 {
        receive(&mut story, "r1", &format!("n{n}"), "alice", n);
    }
    story.wait(1_000);
    story.effects.clear();
    story.keys("pageup");
    receive(&mut story, "r1", "late", "alice", 100);
    story.wait(1_000);
    assert_eq!(take_requests(&mut story), [delivered("r1")]);
    assert_eq!(unread_of(&story, "r1"), 1);
    story.shows("1 new message").event(Event::Focus(false)).keys("ctrl+end").wait(1_000);
    assert_eq!(take_requests(&mut story), []);
    story.event(Event::Focus(true)).wait(300);
    assert_eq!(take_requests(&mut story), [seen_request("r1", "late")]);
    assert_eq!(unread_of(&story, "r1"), 0);
}

/// An unread room whose newest message was sent by the user on another device.
#[test]
fn newest_message_may_be_our_own() {
    let mut story = vchat_story(100, 24);
    receive(&mut story, "r2", "g2", "carol", 10);
    receive(&mut story, "r2", "g3", "me", 20);
    assert_eq!(unread_of(&story, "r2"), 1);
    story.effects.clear();
    story.keys("alt+a");
    let page =
        vec![in_room("r2", sent_message("g2", "carol", "x", 10)), in_room("r2", sent_message("g3", "me", "y", 20))];
    story.history("r2", 1, 1, page).wait(300);
    let seen: Vec<_> = take_requests(&mut story).into_iter().filter(|r| matches!(r, Request::Seen { .. })).collect();
    assert_eq!(seen, [seen_request("r2", "g3")]);
}

#[test]
fn deleted_message_in_a_page_is_an_empty_tombstone() {
    let mut story = vchat_story(100, 24);
    let deleted = MessageInfo { deleted: true, ..sent_message("m2", "alice", "still on the wire", -60_000) };
    story.history("r1", 1, 1, vec![two_messages().remove(0), deleted]);
    story.lacks("How are you?").lacks("still on the wire").shows("Message deleted");
    let fresh = MessageInfo { deleted: true, ..sent_message("m0", "alice", "never here", -300_000) };
    story.history("r1", 1, 1, vec![fresh, two_messages().remove(0)]);
    story.lacks("never here");
    assert_eq!(story.pane().matches("Message deleted").count(), 2, "{}", story.screen());
}

/// The list was on its way when the room was read, and made it unread again.
#[test]
fn list_older_than_our_receipt_makes_nothing_unread() {
    let mut story = vchat_story(100, 24);
    receive(&mut story, "r1", "m3", "alice", 10);
    story.wait(300);
    assert_eq!(take_requests(&mut story), [delivered("r1"), seen_request("r1", "m3")]);
    let mut rooms = three_rooms([1, 0, 0]);
    rooms[0].last_message = Some(sent_message("m3", "alice", "text of m3", 10));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    story.wait(1_000);
    assert_eq!((take_requests(&mut story), unread_of(&story, "r1")), (vec![], 0));
}

/// A list of two rooms, of which the second one has this last message and count.
fn list_with(can: Capabilities, last: MessageInfo, unread: u32) -> ServerEvent {
    let first = room_on(can, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000));
    let second = RoomInfo {
        last_message: Some(in_room("r2", last.clone())),
        unread: (!can.events_omit_room).then_some(unread),
        ..room_on(can, "r2", "Release crew", &["bob", "carol"], last)
    };
    ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![first, second] }
}

/// Regression test: MinChat's list, which was on its way when a message arrived, made that message read.
#[test]
fn list_older_than_a_live_message_keeps_it_unread() {
    for can in [MINCHAT, VCHAT] {
        for author in ["bob", "me"] {
            let mut story = Story::chat_on(can, 100, 24);
            let old = seen(message("g1", author, "old", -90_000));
            story.server(list_with(can, old.clone(), 0));
            receive(&mut story, "r2", "g2", "bob", 10);
            receive(&mut story, "r2", "g3", "me", 20);
            receive(&mut story, "r2", "g4", "bob", 30);
            assert_eq!(unread_of(&story, "r2"), 2);
            story.server(list_with(can, old, 0));
            assert_eq!(unread_of(&story, "r2"), 2, "the list was read before these messages arrived");
            story.shows("Release crew").server(list_with(can, message("g4", "bob", "text of g4", 30), 2)).wait(2_000);
            assert_eq!(unread_of(&story, "r2"), 2);
            story.server(list_with(can, seen(message("g4", "bob", "text of g4", 30)), 0));
            let left = if can == MINCHAT { 2 } else { 0 };
            assert_eq!(unread_of(&story, "r2"), left, "read on another device, or on MinChat by another member");
        }
    }
}

/// Regression test: the list was on its way when the room was marked as read, and made it unread again.
#[test]
fn list_older_than_the_mark_as_read_makes_nothing_unread() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        let last = message("g1", "bob", "ship it", -90_000);
        story.server(list_with(can, last.clone(), 1));
        assert_eq!(unread_of(&story, "r2"), 1);
        story.types("/read all").keys("enter").shows("1 room was marked as read.");
        story.server(list_with(can, last, 1));
        assert_eq!(unread_of(&story, "r2"), 0);
    }
}

/// Regression test: one more than the largest count was none, or a panic.
#[test]
fn largest_count_stays_the_largest() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.server(list_with(VCHAT, message("g1", "bob", "ship it", -90_000), u32::MAX));
    receive(&mut story, "r2", "g2", "bob", 10);
    assert_eq!(unread_of(&story, "r2"), u32::MAX);
    story.keys("alt+down");
    receive(&mut story, "r2", "g3", "bob", 20);
    receive(&mut story, "r2", "g4", "bob", 30);
    story.shows("Release crew").shows("text of g4");
}

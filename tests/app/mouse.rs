//! The mouse: the wheel scrolls what is below the pointer, and a click opens, answers or places the cursor; dragging
//! selects text.

use minchat_tui::app::{Effect, Focus};
use minchat_tui::domain::{MINUTE, Request, ServerEvent};
use minchat_tui::input::MouseKind::{Drag, WheelDown, WheelUp};
use test_support::story::vchat::*;
use test_support::story::*;

/// A chat with Alice, with 67 rooms below it in the list.
fn many_rooms() -> Story {
    let mut story = Story::chat(100, 24);
    let rooms = (0..67).map(|n| {
        let last = message(&format!("x{n}"), "bob", "hi", -10 * MINUTE - i64::from(n));
        room(&format!("x{n}"), &format!("Room {n:02}"), &["bob", "carol"], last)
    });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
    let long = (0..40).map(|n| seen(message(&format!("l{n}"), "alice", &format!("line {n:02}"), n))).collect();
    story.history("r1", 1, 1, long);
    story.keys("alt+down alt+up").shows("Alice Archer").shows("Room 00").shows("line 39");
    story
}

#[test]
fn wheel_over_the_room_list_scrolls_the_list() {
    let mut story = many_rooms();
    story.mouse(WheelDown, "Room 00").mouse(WheelDown, "Room 02").lacks("Room 02").shows("Room 04");
    story.shows("line 39").shows("Message Alice Archer");
    story.server(ServerEvent::Message(seen(message("m9", "alice", "one more", MINUTE)))).lacks("Room 02");
    for _ in 0..60 {
        story.event(wheel_at(WheelDown, 3, 3));
    }
    story.shows("Room 66").shows("one more");
    for _ in 0..60 {
        story.event(wheel_at(WheelUp, 3, 3));
    }
    story.shows("Room 00").shows("one more");
}

#[test]
fn opening_a_room_shows_it_in_a_scrolled_list() {
    let mut story = many_rooms();
    story.mouse(WheelDown, "Room 00").mouse(WheelDown, "Room 02").lacks("Room 00");
    story.keys("alt+down");
    assert_eq!(story.state.ui.open, Some(room_id("x0")));
    story.shows("# Room 00").shows("Message Room 00");
    story.mouse(WheelDown, "Room 02").mouse(WheelDown, "Room 04").clicks("Room 09").shows("Message Room 09");
}

#[test]
fn wheel_over_the_messages_scrolls_the_messages() {
    let mut story = many_rooms();
    story.mouse(WheelUp, "line 38").shows("Room 00");
    assert!(!story.pane().contains("line 39"), "{}", story.screen());
    story.mouse(WheelDown, "line 30");
    assert!(story.pane().contains("line 39"), "{}", story.screen());
}

#[test]
fn click_on_a_switcher_entry_opens_it() {
    let mut story = many_rooms();
    story.keys("ctrl+k").types("room 4").clicks("Room 42").lacks("Go to").shows("Message Room 42");
    story.keys("ctrl+k").types("next room").clicks("Next room").shows("Message Room");
    assert_ne!(story.state.ui.open, Some(room_id("x42")), "the action was run");
}

#[test]
fn wheel_scrolls_the_switcher() {
    let mut story = many_rooms();
    story.keys("ctrl+k").mouse(WheelDown, "› ").mouse(WheelDown, "› ").shows("Go to");
    let line = story.screen().lines().find(|line| line.contains("╭─ Go to")).map(str::to_owned);
    assert!(line.is_some(), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.state.ui.open, Some(room_id("x6")), "the selection stays visible");
}

#[test]
fn click_answers_a_question() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up d").shows("Delete this message for everyone?");
    story.clicks("Delete this message").shows("Delete this message");
    story.clicks("n no").lacks("Delete this message");
    assert_eq!(story.requests(), []);
    story.keys("d").wait(400).clicks("yes    n no").lacks("Delete this message");
    let deleted = story.requests().into_iter().any(|request| matches!(request, Request::Delete { .. }));
    assert!(deleted, "{}", story.screen());
}

#[test]
fn click_outside_an_overlay_is_ignored() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up d").clicks("Online").shows("Delete this message");
}

#[test]
fn click_on_a_row_of_a_list_opens_it() {
    let mut story = Story::chat(120, 24);
    let text = "https://one.example/ and https://two.example/";
    story.server(ServerEvent::Message(message("m3", "alice", text, 5))).keys("tab o").shows("Links");
    story.effects.clear();
    story.clicks("two.example ").shows("Opening two.example");
    assert!(story.effects.contains(&Effect::OpenLink(
        vec!["open-it".into(), "https://two.example/".into()],
        "https://two.example/".into()
    )));
}

#[test]
fn click_on_a_match_jumps_to_its_message() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+f").types("hello").clicks("Hello Alice").lacks("Search all rooms");
    let slot = story.state.ui.selected().expect("a selected message");
    assert_eq!(story.state.scene().open_room().unwrap().timeline.get(slot).id, Some(message_id("m1")));
}

#[test]
fn wheel_scrolls_the_help_and_stops_at_its_end() {
    let mut story = Story::chat(100, 24);
    story.keys("f1").mouse(WheelDown, "Here and now").lacks("Here and now").shows("Next unread room");
    for _ in 0..100 {
        story.event(wheel_at(WheelDown, 50, 10));
    }
    story.shows("/quit").mouse(WheelUp, "/quit").shows("Keys and commands");
}

#[test]
fn click_in_the_composer_places_the_cursor() {
    let mut story = Story::chat(100, 24);
    story.types("hello 日本 world").keys("tab").clicks("本 world").types("X");
    assert_eq!(story.state.ui.composer.text(), "hello 日X本 world");
    story.keys("end alt+enter").types("second row").clicks("row").types("Y");
    assert_eq!(story.state.ui.composer.text(), "hello 日X本 world\nsecond Yrow");
    story.keys("ctrl+up").clicks("hello");
    assert_eq!(story.state.ui.focus, Focus::Composer);
}

#[test]
fn dragging_in_the_composer_selects_text() {
    let mut story = Story::chat(100, 24);
    story.types("hello 日本 world").clicks("本 world").mouse(Drag, "world");
    assert_eq!(story.state.ui.composer.selected_text(), Some("本 "));
    story.mouse(Drag, "hello");
    assert_eq!(story.state.ui.composer.selected_text(), Some("hello 日"));
    story.types("X");
    assert_eq!(story.state.ui.composer.text(), "X本 world");
    story.clicks("Hello Alice").mouse(Drag, "X本");
    assert_eq!(story.state.ui.composer.selected_text(), None, "the click was elsewhere");
}

/// The key after it would have replaced the draft.
#[test]
fn click_in_a_box_ends_the_drag_before_it() {
    let mut story = Story::chat(100, 24);
    story.types("a draft").clicks("a draft").keys("f1").clicks("Here and now").keys("esc").mouse(Drag, "draft");
    assert_eq!(story.state.ui.composer.selected_text(), None);
}

/// Above and below the visible rows, the text scrolls under the pointer.
#[test]
fn dragging_beyond_the_composer_selects_further_rows() {
    let mut story = Story::chat(100, 24);
    let rows: Vec<String> = (10..40).map(|row| format!("row {row}")).collect();
    for row in &rows {
        story.types(row).keys("alt+enter");
    }
    story.shows("row 39").lacks("row 12").clicks("row 39");
    for _ in 0..30 {
        story.event(wheel_at(Drag, 0, 3));
    }
    let selected = story.state.ui.composer.selected_text().unwrap_or_default();
    assert!(selected.starts_with("row 10") && selected.ends_with("row 38\n"), "{selected}");
    story.shows("row 10");
    for _ in 0..30 {
        story.event(wheel_at(Drag, 99, 23));
    }
    assert_eq!(story.state.ui.composer.selected_text(), Some("row 39\n"));
}

/// The list was laid out as if the call took no row, so the last rows were below its box.
#[test]
fn selected_row_is_visible_during_a_call() {
    let mut story = vchat_story(80, 16);
    story.server(incoming_call("c1", "r3", "bob", true)).types("/people a").keys("enter");
    let request = Request::FindPeople { name: "a".into(), page: 1 };
    let people = (0..30).map(|n| person(&format!("a{n}"), &format!("Anna {n:02}"))).collect();
    story.server(ServerEvent::People { request, more: false, people }).keys("ctrl+end").shows("Anna 29");
}

fn wheel_at(kind: minchat_tui::input::MouseKind, column: u16, row: u16) -> minchat_tui::app::Event {
    minchat_tui::app::Event::Mouse(minchat_tui::input::Mouse { kind, column, row })
}

#[test]
fn mouse_is_left_to_the_terminal_and_taken_back() {
    let mut story = Story::chat(100, 24);
    story.keys("f9").shows("The mouse selects text as in other programs. F9 takes it back.");
    assert!(story.effects.contains(&Effect::Mouse(false)));
    story.keys("f9").shows("The mouse clicks and scrolls.");
    assert!(story.effects.contains(&Effect::Mouse(true)));
}

#[test]
fn click_jumps_to_the_newest_message_and_opens_the_room_info() {
    let mut story = Story::chat(100, 24);
    for number in 0..40 {
        story.server(ServerEvent::Message(message(&format!("n{number}"), "alice", "more", number + 1)));
    }
    story.keys("pageup").shows("Jump to latest").clicks("Jump to latest").lacks("Jump to latest");
    story.clicks(" online").shows("Me Myself @me");
}

//! The way to the first unread message of a room, which may be many pages back.

use minchat_tui::app::Focus;
use minchat_tui::domain::{Failure, MessageInfo, Request, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// Number of messages in the room.
const ALL: i64 = 200;

/// Alice's messages, of which the last `unread` were not seen.
fn messages(unread: i64) -> Vec<MessageInfo> {
    let number = |n: i64| MessageInfo {
        seen: n < ALL - unread,
        ..sent_message(&format!("m{n:03}"), "alice", &format!("number {n}."), (n - ALL) * 1_000)
    };
    (0..ALL).map(number).collect()
}

/// Answers the requests for pages until there are no more, and returns how many there were.
fn answer(story: &mut Story, size: usize, all: &[MessageInfo]) -> usize {
    let mut count = 0;
    loop {
        let requests = story.requests();
        let mut pages = requests.into_iter().filter_map(|request| match request {
            Request::History { room, serial, page, before } if room == room_id("r1") => {
                Some((room, serial, page, before))
            }
            _ => None,
        });
        let Some((room, serial, page, before)) = pages.next() else { return count };
        let end = match before.and_then(|before| all.iter().position(|message| message.id == before)) {
            Some(end) => end,
            None => all.len().saturating_sub((page as usize - 1) * size),
        };
        let shown = all[end.saturating_sub(size)..end].to_vec();
        let pages = if end <= size { page } else { page + 1 };
        story.server(ServerEvent::History { room, serial, page, pages, total: None, messages: shown });
        count += 1;
    }
}

/// A long room with unread messages that has just been opened.
fn minchat(unread: i64) -> (Story, Vec<MessageInfo>) {
    let all = messages(unread);
    let mut story = Story::online(100, 24);
    let last = all.last().expect("messages").clone();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    answer(&mut story, 25, &all);
    (story, all)
}

#[test]
fn key_goes_to_the_first_unread_message_many_pages_back() {
    let (mut story, all) = minchat(150);
    story
        .shows("number 199.")
        .lacks("number 50.")
        .keys("alt+home")
        .shows("Loading earlier messages. Press Esc to stop.");
    assert!(answer(&mut story, 25, &all) >= 5);
    story.shows("number 50.").shows("number 49.").lacks("Loading earlier messages");
    assert!(matches!(story.state.ui.focus, Focus::Message(_)));
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("number 49.") < at("New messages") && at("New messages") < at("number 50."), "{pane}");
    story.keys("ctrl+o").shows("number 199.");
}

#[test]
fn first_unread_message_is_found_where_the_server_counts() {
    let all = messages(0);
    let mut story = Story::online_on(VCHAT, 100, 24);
    let last = all.last().expect("messages").clone();
    let info = listed_room("r1", "Alice Archer", RoomKind::Direct, 120, last);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
    answer(&mut story, 30, &all);
    story.keys("alt+home");
    answer(&mut story, 30, &all);
    story.shows("number 80.");
}

#[test]
fn first_unread_message_on_screen_is_selected_without_a_request() {
    let (mut story, all) = minchat(5);
    answer(&mut story, 25, &all);
    story.keys("alt+home").shows("number 195.");
    let selected = story.state.ui.selected().expect("a selection");
    let text = story.state.scene().open_room().map(|room| room.timeline.get(selected).text.to_string());
    assert_eq!(text.as_deref(), Some("number 195."));
    assert_eq!(answer(&mut story, 25, &all), 0);
}

#[test]
fn room_without_unread_messages_says_so() {
    let mut story = Story::chat(100, 24);
    story.keys("alt+home").shows("Nothing is unread in this room.");
}

#[test]
fn loading_can_be_stopped_and_can_fail() {
    let (mut story, all) = minchat(150);
    story.keys("alt+home").keys("esc").shows("Stopped.");
    answer(&mut story, 25, &all);
    story.keys("alt+home");
    let request = story.requests().into_iter().find(|request| matches!(request, Request::History { .. }));
    let (failure, reason) = (Failure::Refused, SafeText::line("Slow down."));
    story.server(ServerEvent::Failed { request: request.expect("a page"), failure, reason });
    story.shows("Could not load messages: Slow down.");
}

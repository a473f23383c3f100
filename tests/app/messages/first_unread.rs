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

/// A long room with unread messages on V Chat, which counts them.
fn vchat(unread: u32) -> (Story, Vec<MessageInfo>) {
    let all = messages(0);
    let mut story = Story::online_on(VCHAT, 100, 24);
    let last = all.last().expect("messages").clone();
    let info = listed_room("r1", "Alice Archer", RoomKind::Direct, unread, last);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
    answer(&mut story, 30, &all);
    (story, all)
}

/// Returns the text below the line "New messages".
fn marked(story: &Story) -> Option<String> {
    let room = story.state.scene().open_room()?;
    room.unread_marker.slot().map(|slot| room.timeline.get(slot).text.to_string())
}

/// The newest of many unread messages were shown, and nothing told of the others.
#[test]
fn unread_messages_above_the_screen_are_announced() {
    let (mut story, all) = vchat(80);
    story.shows("80 new messages · Alt+Home").wait(5_000).shows("80 new messages · Alt+Home");
    story.keys("alt+home");
    answer(&mut story, 30, &all);
    story.shows("number 120.").lacks("80 new messages").keys("ctrl+end").shows("number 199.").lacks("80 new");
    // Each message tells whether it was seen, so that the number is known as far as they are loaded.
    let (mut story, all) = minchat(80);
    story.shows("+ new messages · Alt+Home").wait(5_000).shows("+ new messages · Alt+Home");
    story.keys("alt+home");
    answer(&mut story, 25, &all);
    assert_eq!(marked(&story).as_deref(), Some("number 120."));
    story.shows("number 120.").lacks("· Alt+Home").keys("ctrl+end").shows("number 199.").lacks("· Alt+Home");
}

/// The line moved above the message that had just arrived, and the place of the others was lost.
#[test]
fn line_stays_until_its_message_was_on_screen() {
    for (mut story, all) in [minchat(80), vchat(80)] {
        story.wait(5_000).keys("pageup");
        answer(&mut story, 30, &all);
        story.server(ServerEvent::Message(sent_message("new", "alice", "one more", 60_000))).wait(1_000);
        story.shows("1 new message · Ctrl+End").keys("ctrl+end").shows("one more").shows("new messages · Alt+Home");
        story.wait(1_000).keys("alt+home");
        answer(&mut story, 30, &all);
        assert_eq!(marked(&story).as_deref(), Some("number 120."), "{}", story.screen());
        // From now on, the line may move.
        story.keys("ctrl+end").wait(1_000).keys("pageup").wait(1_000);
        story.server(ServerEvent::Message(sent_message("newer", "alice", "and another", 70_000)));
        assert_eq!(marked(&story).as_deref(), Some("and another"));
    }
}

#[test]
fn announcement_ends_with_a_message_or_another_room() {
    for (mut story, _) in [minchat(80), vchat(80)] {
        story.wait(1_000).shows("new messages · Alt+Home").types("hello").keys("enter").lacks("· Alt+Home");
        assert_eq!(marked(&story), None);
    }
    for (mut story, _) in [minchat(80), vchat(80)] {
        story.wait(1_000).types("/read").keys("enter").lacks("· Alt+Home");
    }
    let (mut story, _) = minchat(5);
    story.wait(1_000).lacks("· Alt+Home");
}

/// Each message of MinChat has a receipt of its own.
#[test]
fn messages_above_the_screen_are_not_reported_as_seen() {
    let (mut story, _) = minchat(80);
    story.wait(5_000);
    let seen = |request: Request| match request {
        Request::Seen { message, .. } => Some(message.as_str().to_owned()),
        _ => None,
    };
    let seen: Vec<String> = story.requests().into_iter().filter_map(seen).collect();
    assert!(seen.contains(&"m199".to_owned()) && seen.iter().all(|id| id.as_str() > "m175"), "{seen:?}");
}

/// Messages that arrive while the terminal has no focus scroll off the screen unread.
#[test]
fn messages_that_arrive_without_the_focus_are_announced() {
    for mut story in [Story::chat(100, 24), vchat_story(100, 24)] {
        story.wait(1_000).event(minchat_tui::app::Event::Focus(false));
        for n in 0..40_i64 {
            story.server(ServerEvent::Message(sent_message(
                &format!("n{n}"),
                "alice",
                &format!("line {n}"),
                n * 1_000,
            )));
        }
        story.event(minchat_tui::app::Event::Focus(true)).wait(1_000).shows("40 new messages · Alt+Home");
        story.keys("alt+home").shows("line 0").lacks("· Alt+Home");
    }
}

/// On screens without a line below the header, the activity line has it.
#[test]
fn small_screens_announce_unread_messages_too() {
    let (mut story, _) = vchat(80);
    story.event(minchat_tui::app::Event::Resize(minchat_tui::app::Size { width: 80, height: 14 }));
    story.shows("80 new messages · Alt+Home");
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

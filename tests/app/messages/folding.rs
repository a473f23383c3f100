//! Long messages, which are folded.

use minchat_tui::domain::{Delivery, MINUTE, ServerEvent};
use test_support::story::*;

/// The chat with Alice, whose last message has this many lines.
fn long_message(lines: usize) -> Story {
    let mut story = Story::chat(100, 60);
    let text: String = (1..=lines).map(|line| format!("log line {line}\n")).collect();
    story.server(ServerEvent::Message(message("m3", "alice", text.trim_end(), MINUTE)));
    story
}

#[test]
fn message_of_more_than_thirty_rows_is_folded() {
    let mut story = long_message(30);
    story.shows("log line 30").lacks("more rows");
    let mut story = long_message(45);
    story.shows("log line 20").lacks("log line 21").shows("25 more rows · Ctrl+↑, z show all");
}

#[test]
fn folded_message_is_shown_in_full_and_folded_again() {
    let mut story = long_message(45);
    story
        .keys("tab")
        .shows("25 more rows · z show all")
        .keys("z")
        .shows("log line 45")
        .lacks("more rows")
        .shows("z fold");
    story.keys("z").shows("25 more rows");
    story.clicks("25 more rows").shows("log line 45");
}

/// The key in the hint selected a newer message, of which the other key said that it is not long enough.
#[test]
fn hint_of_an_older_message_names_no_key_that_selects_another() {
    let mut story = long_message(45);
    story.shows("25 more rows · Ctrl+↑, z show all");
    story.server(ServerEvent::Message(message("m4", "alice", "short", 2 * MINUTE)));
    story.shows("25 more rows · select it, then z").lacks("Ctrl+↑, z");
    story.keys("ctrl+up up").shows("25 more rows · z show all").keys("z").shows("log line 45").lacks("more rows");
}

#[test]
fn end_of_a_tall_message_is_shown_while_it_is_selected() {
    let mut story = Story::chat(80, 24);
    let text: String = (1..=100).map(|line| format!("log line {line}.\n")).collect();
    story.server(ServerEvent::Message(message("m3", "alice", text.trim_end(), MINUTE)));
    story.keys("tab z ctrl+end").shows("log line 100.").wait(5_000).shows("log line 100.");
    story.server(ServerEvent::Message(message("m4", "bob", "And?", 2 * MINUTE))).shows("And?").shows("log line 100.");
}

/// Regression test: the end of the message was shown, far below what had been read.
#[test]
fn unfolded_message_is_read_on_from_its_beginning() {
    let mut story = Story::chat(80, 24);
    let text: String = (1..=100).map(|line| format!("log line {line}.\n")).collect();
    story.server(ServerEvent::Message(message("m3", "alice", text.trim_end(), MINUTE)));
    story.keys("tab z").shows("log line 1.").shows("log line 15.").lacks("log line 30.");
    story.keys("pagedown").shows("log line 25.");
}

#[test]
fn short_message_cannot_be_folded() {
    let mut story = long_message(3);
    story.keys("tab").lacks("z fold").keys("z").shows("This message is not long enough to be folded.");
}

#[test]
fn folded_message_is_copied_whole() {
    let mut story = long_message(45);
    story.keys("tab y");
    let copied = story.effects.iter().find_map(|effect| match effect {
        minchat_tui::app::Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert!(copied.is_some_and(|text| text.ends_with("log line 45")));
}

#[test]
fn folded_message_is_reported_as_seen() {
    let mut story = long_message(45);
    story.wait(5_000);
    let room = story.state.scene().open_room().unwrap();
    let slot = room.timeline.find(&message_id("m3")).unwrap();
    assert_eq!(room.timeline.get(slot).delivery, Delivery::Seen);
}

#[test]
fn search_result_in_the_folded_part_is_shown() {
    let mut story = long_message(45);
    story.keys("ctrl+f").types("line 44").keys("enter").shows("log line 44").lacks("more rows");
}

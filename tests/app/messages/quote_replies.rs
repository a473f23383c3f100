//! Replies on a service without them: the other message is quoted in the text.

use minchat_tui::domain::{Content, MessageInfo, Request, ServerEvent};

use test_support::story::vchat::take_send;
use test_support::story::*;

fn story_with(text: &str) -> Story {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(in_room("r1", MessageInfo { ..message("q1", "alice", text, 10) })));
    story
}

#[test]
fn reply_quotes_the_message_above_the_draft() {
    let mut story = story_with("First line\n\nSecond line");
    story.types("draft").keys("ctrl+up r");
    assert_eq!(story.state.ui.composer.text(), "> Alice Archer: First line\n> Second line\ndraft");
    story.types("!").keys("enter");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::text("> Alice Archer: First line\n> Second line\ndraft!"));
}

#[test]
fn long_quotation_is_shortened() {
    let mut story = story_with(&format!("{}\n2\n3\n4\n5\n6", "x".repeat(300)));
    story.keys("tab r");
    let text = story.state.ui.composer.text();
    assert_eq!(text, format!("> Alice Archer: {}…\n> 2\n> 3\n> 4\n> …\n", "x".repeat(200)));
}

/// A draft that begins with a slash would be a command; below a quotation it is text.
#[test]
fn quoted_text_is_never_a_command() {
    let mut story = story_with("/quit");
    story.types("/quit").keys("ctrl+up r").keys("enter");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::text("> Alice Archer: /quit\n/quit"));
}

#[test]
fn deleted_message_is_not_quoted() {
    let mut story = story_with("gone");
    story.server(ServerEvent::Deleted(message_id("q1")));
    story.keys("tab r").shows("Deleted messages cannot be quoted.");
    assert_eq!(story.state.ui.composer.text(), "");
}

#[test]
fn esc_removes_a_quotation_without_an_answer() {
    let mut story = Story::chat(100, 24);
    story.keys("tab r").shows("› > Alice Archer: How are you?").shows("Esc cancel reply").keys("esc");
    assert!(story.state.ui.composer.is_empty(), "{}", story.screen());
    story.keys("ctrl+y").shows("› > Alice Archer: How are you?");
    story.types("fine").keys("esc").shows("fine");
}

/// Only a quotation without an answer could be taken back; afterwards it was text like any other.
#[test]
fn esc_removes_a_quotation_and_leaves_its_answer() {
    let mut story = Story::chat(100, 24);
    story.keys("tab r").types("Very well").keys("left").shows("Esc cancel reply").keys("esc");
    assert_eq!(story.state.ui.composer.text(), "Very well");
    story.lacks("Esc cancel reply").types("!").shows("› Very wel!l");
    story
        .keys("backspace alt+z alt+z alt+z")
        .shows("› > Alice Archer: How are you?")
        .keys("esc")
        .lacks("> Alice Archer");
    // What the user has quoted stays.
    let mut story = Story::chat(100, 24);
    story.types("> mine").keys("alt+enter").types("answer").keys("esc").shows("› > mine");
    // A changed quotation is the user's text.
    let mut story = Story::chat(100, 24);
    story.keys("tab r").types("so").keys("up end").types("?").keys("esc");
    assert_eq!(story.state.ui.composer.text(), "> Alice Archer: How are you??\nso");
}

#[test]
fn answer_is_shown_below_the_quotation() {
    let mut story = Story::chat(100, 24);
    story.keys("tab r").types("Very well").keys("enter");
    let quoted = story.row_with("▎ Alice Archer: How are you?");
    let answer = story.row_with("Very well");
    assert!(!answer.contains('▎') && quoted.contains('▎'), "{}", story.screen());
}

/// It said that replying is not supported, on top of a reply.
#[test]
fn quoted_message_is_unknown_where_replies_are_text() {
    story_with("> bob: Tea?\nYes").keys("tab q").shows("MinChat does not tell which message is quoted.");
    story_with("Yes").keys("tab q").shows("This message is not a reply.");
}

/// The room list showed what was quoted instead of what was said.
#[test]
fn room_list_shows_the_answer_and_not_the_quotation() {
    let mut story = story_with("> Bob Brown: Tea?\n> Or coffee?\n\nYes please");
    let list =
        |story: &Story| story.screen().lines().map(|row| row.chars().take(26).collect()).collect::<Vec<String>>();
    let rows = list(&story);
    assert!(rows.iter().any(|row| row.contains("Yes please")), "{}", story.screen());
    assert!(!rows.iter().any(|row| row.contains("Tea?")), "{}", story.screen());
    // The server's list may have the message before it is loaded, and a quotation may be longer than a preview.
    let long = format!("> Bob Brown: {}\nCertainly", "tea ".repeat(200));
    let info = room("r2", "Bob Brown", &["bob"], message("b9", "bob", &long, 20));
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    assert!(list(&story).iter().any(|row| row.contains("Certainly")), "{}", story.screen());
}

/// Each reply to a reply quoted all those before it.
#[test]
fn reply_to_a_reply_quotes_only_what_was_said() {
    let mut story = story_with("> Bob Brown: Tea?\n\nYes please\nWith milk");
    story.keys("tab r");
    assert_eq!(story.state.ui.composer.text(), "> Alice Archer: Yes please\n> With milk\n");
    let mut story = story_with("> a quotation by itself");
    story.keys("tab r");
    assert_eq!(story.state.ui.composer.text(), "> Alice Archer: > a quotation by itself\n");
}

/// Regression test: the other person got back their own words.
#[test]
fn quotation_without_a_reply_is_not_sent() {
    let mut story = story_with("Is it done?");
    story.keys("ctrl+up r enter").shows("Write your reply below the quotation.");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Send { .. })));
    story.types("Yes").keys("enter");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::text("> Alice Archer: Is it done?\nYes"));
}

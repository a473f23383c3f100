//! The way back after a jump to another message.

use minchat_tui::app::Focus;
use minchat_tui::domain::MessageInfo;

use test_support::story::vchat::*;
use test_support::story::*;

/// A conversation of forty messages, of which the last one quotes the first.
fn long_story() -> Story {
    let number = |n: i64| sent_message(&format!("m{n}"), "alice", &format!("number {n}"), (n - 50) * 1_000);
    let mut page: Vec<MessageInfo> = (1..=40).map(number).collect();
    let quoted = quote(&page[0]);
    page.push(MessageInfo { quote: Some(Box::new(quoted)), ..sent_message("m41", "alice", "as you said", -1_000) });
    vchat_story_with(100, 24, 1, &page)
}

#[test]
fn ctrl_o_returns_from_a_quoted_message() {
    let mut story = long_story();
    story.keys("tab q");
    assert!(story.pane().contains("number 1 "), "{}", story.screen());
    story.keys("ctrl+o");
    assert!(story.pane().contains("as you said"), "{}", story.screen());
    assert!(matches!(story.state.ui.focus, Focus::Message(_)), "the message with the quotation is selected");
    story.keys("ctrl+o").shows("There is no jump to go back from.");
}

/// Esc left the pane where the selection was, although the composer had the focus.
#[test]
fn esc_leaves_the_selection_for_the_newest_message() {
    let mut story = long_story();
    story.keys("tab home esc");
    assert!(story.pane().contains("as you said"), "{}", story.screen());
    assert_eq!(story.state.ui.focus, Focus::Composer);
    story.keys("ctrl+o");
    assert!(story.pane().contains("number 1 "), "{}", story.screen());
}

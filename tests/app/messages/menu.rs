//! The menu of a message, and marks on several messages.

use minchat_tui::app::{Effect, Focus};
use minchat_tui::domain::{Content, Request, ServerEvent};

use test_support::story::vchat::*;
use test_support::story::*;

fn copied(story: &Story) -> Option<&str> {
    story
        .effects
        .iter()
        .rev()
        .find_map(|effect| if let Effect::Copy(text) = effect { Some(text.as_str()) } else { None })
}

#[test]
fn enter_on_a_message_shows_what_can_be_done() {
    let mut story = vchat_story(100, 24);
    story.keys("tab enter").shows("Reply").shows("Forward").shows("Star or unstar").shows("Copy the text");
    story.lacks("Retry a failed message").lacks("Open the link or file");
    story.keys("down enter").shows("Forward to");
}

#[test]
fn menu_of_a_message_takes_the_keys_shown_in_it() {
    let mut story = vchat_story(100, 24);
    story.keys("tab enter y").lacks("Star or unstar").shows("Copied.");
    assert_eq!(copied(&story), Some("How are you?"));
    story.keys("tab enter r").shows("Replying to Alice Archer: How are you?");
}

#[test]
fn menu_takes_clicks_and_closes_with_esc() {
    let mut story = vchat_story(100, 24);
    story.keys("tab enter").clicks("Copy the text").shows("Copied.");
    story.keys("enter").shows("Star or unstar").keys("esc").lacks("Star or unstar");
    assert!(matches!(story.state.ui.focus, Focus::Message(_)), "the message stays selected");
}

#[test]
fn menu_without_replies_offers_to_quote() {
    let mut story = Story::chat(100, 24);
    story.keys("tab enter").shows("Reply").lacks("Forward").lacks("Star or unstar");
}

#[test]
fn home_and_end_select_the_first_and_last_message() {
    for (first, last) in [("home", "end"), ("g", "G")] {
        let mut story = vchat_story(100, 24);
        story.keys("tab").keys(first);
        let oldest = story.state.ui.selected();
        story.keys(last);
        assert_ne!(story.state.ui.selected(), oldest);
        story.keys(first);
        assert_eq!(story.state.ui.selected(), oldest);
    }
}

#[test]
fn slash_on_a_message_opens_the_search() {
    let mut story = vchat_story(100, 24);
    story.keys("tab /").shows("Search");
}

#[test]
fn marked_messages_are_copied_in_order_with_their_authors() {
    let mut story = vchat_story(100, 24);
    story.keys("tab space up space").shows("2 marked").shows("y copy");
    assert_eq!(story.pane().matches('▌').count(), 2, "{}", story.screen());
    story.keys("y").shows("Copied 2 messages.").lacks("▌");
    let [one, two] = <[_; 2]>::try_from(two_messages()).expect("two");
    assert_eq!(copied(&story), Some(&*format!("Me Myself: {}\nAlice Archer: {}", &*one.text, &*two.text)));
}

#[test]
fn marked_messages_are_forwarded_together() {
    let mut story = vchat_story(100, 24);
    story.keys("tab space up space f").shows("Forward to").keys("down enter").shows("Forwarding 2 messages to");
    let forwarded: Vec<_> = take_requests(&mut story)
        .into_iter()
        .filter_map(|request| match request {
            Request::Send { content: Content::Forward { of, .. }, .. } => Some(of),
            _ => None,
        })
        .collect();
    assert_eq!(forwarded.first(), Some(&local_id_of("m1")), "one after the other, from the oldest");
}

#[test]
fn only_own_marked_messages_are_deleted() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::Message(sent_message("o1", "me", "mine", 10)));
    story.server(ServerEvent::Message(sent_message("o2", "me", "mine too", 20)));
    story.keys("tab space up space up space d");
    story.shows("Delete 2 messages for everyone?").shows("One marked message is not yours and stays.");
    story.confirms().lacks("▌");
    let deletions = take_requests(&mut story).into_iter().filter(|request| matches!(request, Request::Delete { .. }));
    assert_eq!(deletions.count(), 1, "the second one waits for the first");
}

#[test]
fn esc_removes_the_marks_before_it_leaves_the_selection() {
    let mut story = vchat_story(100, 24);
    story.keys("tab space").shows("1 marked").keys("space").lacks("marked").keys("space up esc").lacks("marked");
    assert!(matches!(story.state.ui.focus, Focus::Message(_)));
    story.keys("esc");
    assert_eq!(story.state.ui.focus, Focus::Composer);
}

/// A message that is deleted meanwhile is neither copied nor forwarded.
#[test]
fn deleted_message_loses_its_mark() {
    let mut story = vchat_story(100, 24);
    story.keys("tab space up space").server(ServerEvent::Deleted(message_id("m2"))).keys("y");
    assert!(copied(&story).is_some_and(|text| !text.contains("How are you?")), "{:?}", copied(&story));
}

/// Regression test: the menu was titled "Message" and offered to reply, although several messages were marked.
#[test]
fn menu_of_marked_messages_tells_how_many_and_what_concerns_all() {
    let mut story = vchat_story(100, 24);
    story.keys("tab space enter").shows("─ 1 marked message ─").keys("esc");
    story.keys("up space enter").shows("─ 2 marked messages ─").shows("Copy the text").shows("Forward");
    story.lacks("Reply").keys("y").shows("Copied 2 messages.");
    story.keys("enter").shows("─ Message ─").shows("Reply");
}

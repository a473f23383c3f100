//! Pages of messages that could not be loaded.

use minchat_tui::domain::{MINUTE, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    failed_first_page_is_explained_and_requested_again(100, 24);
}

/// Fails every request for a page during this time. Returns the number of requests.
fn fail_pages(story: &mut Story, millis: i64) -> usize {
    let mut failed = 0;
    for _half_second in 0..millis / 500 {
        let requests = story.wait(500).requests();
        for request in requests.into_iter().filter(|request| matches!(request, Request::History { .. })) {
            let reason = SafeText::line("It cannot be read (no list).");
            story.server(ServerEvent::Failed { request, failure: Failure::Uncertain, reason });
            failed += 1;
        }
    }
    failed
}

/// The pane looked like an empty room as soon as the notice was gone, and V Chat was never asked again.
fn failed_first_page_is_explained_and_requested_again(mut story: Story) {
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.keys("alt+down").shows("Message Bob Brown…");
    assert_eq!(fail_pages(&mut story, 500), 1);
    assert!((1..=3).contains(&fail_pages(&mut story, 8_000)), "it is requested again");
    story.lacks("Loading earlier messages");
    let explanation = "Could not load messages: It cannot be read (no list).";
    story.shows(explanation).shows("Alt+G load");
    assert!(fail_pages(&mut story, 30 * MINUTE) <= 3, "not for ever");
    story.shows(explanation).keys("alt+g").lacks(explanation);
    assert_eq!(fail_pages(&mut story, 500), 1);
    story.shows(explanation).keys("alt+g");
    story.history("r2", 1, 1, vec![in_room("r2", message("b1", "bob", "old news", -3_600_000))]);
    story.lacks("Could not load").lacks("Alt+G load").shows("Start of the conversation");
}

/// Beside the explanation, the list said "No rooms yet".
#[test]
fn room_list_that_failed_is_not_called_empty() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::online_on(can, 100, 24);
        story.shows("Loading rooms");
        let reason = SafeText::line("It cannot be read (no list).");
        let request = Request::Rooms { page: 1 };
        story.server(ServerEvent::Failed { request, failure: Failure::Uncertain, reason });
        story.shows("The room list could not be loaded.").shows("Rooms not loaded").lacks("No rooms yet");
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
        story.shows("No rooms yet").lacks("Rooms not loaded");
    }
}

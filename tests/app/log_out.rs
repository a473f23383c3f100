//! Logging out: the question, the request, and what follows.

use minchat_tui::app::Effect;
use minchat_tui::domain::{Failure, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

fn quits(story: &Story) -> bool {
    story.effects.contains(&Effect::Quit)
}

#[test]
fn logging_out_asks_and_quits_once_the_server_has_answered() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("/logout").keys("enter").shows("End the login of this device and quit?").keys("n");
    assert_eq!(story.requests(), []);
    story.types("/logout").keys("enter").confirms().shows("Logging out…");
    assert_eq!(story.requests(), [Request::LogOut]);
    story.server(ServerEvent::Failed {
        request: Request::LogOut,
        failure: Failure::NotSent,
        reason: SafeText::line("Not connected."),
    });
    story.shows("Not logged out: Not connected.");
    assert!(!quits(&story));
    story.types("/logout").keys("enter").confirms().server(ServerEvent::Done(Request::LogOut));
    assert!(quits(&story));
}

#[test]
fn unknown_outcome_of_logging_out_is_reported_as_such() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("/logout").keys("enter").confirms();
    let reason = SafeText::line("The connection was lost.");
    story.server(ServerEvent::Failed { request: Request::LogOut, failure: Failure::Uncertain, reason });
    story.shows("You may still be logged in. Type /logout again. The connection was lost.");
    assert!(!quits(&story));
}

#[test]
fn logging_out_warns_of_unsent_text() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("waits").keys("enter").types("/logout").keys("enter");
    story.shows("Unsent text will be lost, including 1 queued message.");
}

#[test]
fn service_without_logins_of_devices_says_so() {
    let mut story = Story::chat(100, 24);
    story.types("/logout").keys("enter").shows("MinChat does not support logging out.");
    assert_eq!(story.requests(), []);
}

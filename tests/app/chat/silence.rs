//! A server that does not respond although the connection seems to be up.

use minchat_tui::app::deadline;
use minchat_tui::domain::{ConnectionStatus, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    status_bar_counts_the_silence(100, 24);
}

fn status_bar_counts_the_silence(mut story: Story) {
    story.shows("● Online ").lacks("no response");
    story.server(ServerEvent::Silence(Some(5_200))).shows("● Online · no response for 5 s");
    story.wait(799).shows("no response for 5 s").wait(1).shows("no response for 6 s");
    story.wait(3_000).shows("no response for 9 s");
    story.server(ServerEvent::Silence(None)).shows("● Online ").lacks("no response");
}

/// Each frame would show the same.
#[test]
fn silent_server_is_counted_once_a_second() {
    let mut story = Story::chat(100, 24);
    let before = deadline(&story.state);
    story.server(ServerEvent::Silence(Some(5_200)));
    assert_eq!(deadline(&story.state), Some(story.now + 800));
    story.server(ServerEvent::Silence(None));
    assert_eq!(deadline(&story.state), before);
}

#[test]
fn lost_connection_ends_the_silence() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Silence(Some(20_000))).shows("no response");
    let reason = SafeText::line("The server has been silent for 25 s. Check the network.");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
    story.shows("Reconnecting in 1 s").lacks("no response");
    story.server(ServerEvent::Connection(ConnectionStatus::Online)).shows("● Online ").lacks("no response");
}

#[test]
fn narrow_status_bar_shows_the_seconds() {
    let mut story = Story::chat(40, 12);
    story.server(ServerEvent::Silence(Some(5_200))).shows("no response for 5 s");
    story.types("hello").keys("up").shows("● 5 s?");
}

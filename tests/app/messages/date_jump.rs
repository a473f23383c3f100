//! Jumps to the messages of a day.

use minchat_tui::domain::{DAY, DateFormat, MessageInfo};

use test_support::story::vchat::*;
use test_support::story::*;

/// One message a day for ten days, the last one a day ago.
fn days(first: i64, last: i64) -> Vec<MessageInfo> {
    (first..=last)
        .map(|day| sent_message(&format!("d{day}"), "alice", &format!("day {day}"), (day - 11) * DAY))
        .collect()
}

fn selected_text(story: &Story) -> String {
    let room = story.state.scene().open_room().expect("a room");
    story.state.ui.selected().map(|slot| room.timeline.get(slot).text.to_string()).unwrap_or_default()
}

#[test]
fn date_selects_the_first_message_of_that_day_or_later() {
    let mut story = vchat_story_with(100, 24, 1, &days(1, 10));
    story.types("/date 4 days ago").keys("enter");
    assert_eq!(selected_text(&story), "day 7");
    story.keys("esc").types("/date first").keys("enter");
    assert_eq!(selected_text(&story), "day 1");
    story.keys("esc").types("/date today").keys("enter");
    assert_eq!(selected_text(&story), "day 10", "nothing was written today");
    story.keys("ctrl+o").keys("ctrl+o");
    assert_eq!(selected_text(&story), "day 1");
}

#[test]
fn earlier_pages_are_loaded_for_a_date() {
    let mut story = vchat_story_with(100, 24, 2, &days(6, 10));
    story.types("/date 8 days ago").keys("enter").shows("Loading earlier messages");
    story.history("r1", 2, 2, days(1, 5));
    assert_eq!(selected_text(&story), "day 3");
}

#[test]
fn date_that_is_none_is_explained() {
    let mut story = vchat_story(100, 24);
    story.types("/date someday").keys("enter").shows("Use a date such as 2026-11-03");
    story.keys("ctrl+w").types("2999-01-01").keys("enter").shows("That day is in the future.");
}

/// Regression test: a day without messages led to another one without a word.
#[test]
fn day_without_messages_is_said() {
    let mut story = vchat_story_with(100, 24, 1, &days(6, 10));
    story.types("/date 2020-01-01").keys("enter");
    story.shows("No messages on 1 Jan 2020. The next are of 16 Nov 2026.");
    assert_eq!(selected_text(&story), "day 6");
    story.keys("esc").types("/date today").keys("enter");
    story.shows("No messages on 21 Nov 2026 or later. The newest is of 20 Nov 2026.");
    assert_eq!(selected_text(&story), "day 10");
    for without in ["yesterday", "this week", "first"] {
        story.keys("esc").wait(10_000).types(&format!("/date {without}")).keys("enter").lacks("No messages");
    }
    story.keys("esc").types("/date last week").keys("enter");
    story.shows("No messages in the week of 9 Nov 2026. The next are of 16 Nov 2026.");
    story.state.options.times.dates = DateFormat::Iso;
    story.keys("esc").types("/date 2020-01-01").keys("enter");
    story.shows("No messages on 2020-01-01. The next are of 2026-11-16.");
}

//! Stories that went wrong once.

use super::*;

/// Regression test: a server that returned its newest page for every number was asked for 100 pages of a gap, because
/// none of them ended right before the gap.
#[test]
fn server_stuck_on_a_numbered_page_is_soon_left_alone() {
    let mut story = loaded_story(true);
    story.apply(&Step::Disconnect { fail: true });
    story.post(20, false, false);
    story.apply(&Step::Connect);
    story.answer(0, false);
    story.fail(0);
    story.joined = true;
    story.apply(&Step::JoinConfirmed);
    story.post(2, false, true);
    assert_eq!(story.sync.gaps.len(), 1);
    story.stuck_at = Some(story.server.len());
    story.requested = 0;
    // The connection works, so the gap is filled.
    while !story.in_flight.is_empty() {
        story.answer(0, false);
    }
    assert!(story.requested <= 5, "{} requests", story.requested);
}

/// A story with ten messages, the newest page of which is loaded.
fn loaded_story(by_number: bool) -> Story {
    let mut story = Story::new(by_number, 3);
    story.post(10, false, false);
    story.connect();
    story.joined = true;
    story.apply(&Step::JoinConfirmed);
    story.answer(0, false);
    story
}

fn assert_everything_is_loaded(mut story: Story) {
    story.settle();
    assert_eq!(story.loaded(), (0..story.server.len()).collect::<Vec<_>>());
}

/// Regression test: a newest page that was requested before live events were lost, and arrived afterwards, ended the
/// search for missed messages, so that some of them were never fetched.
#[test]
fn stale_newest_page_does_not_hide_lost_messages() {
    let mut story = loaded_story(true);
    story.request_newest();
    story.apply(&Step::LoseEvents { count: 20 });
    assert_eq!(story.in_flight.len(), 2);
    story.apply(&Step::Answer { which: 0, as_requested: true });
    assert_eq!(story.in_flight.len(), 1, "the newest page was requested a third time");
    assert_everything_is_loaded(story);
}

/// Regression test: an older page that was requested before the connection was lost was taken for a page of missed
/// messages, which ended the search for them.
#[test]
fn older_page_of_a_lost_connection_does_not_hide_lost_messages() {
    for by_number in [true, false] {
        let mut story = loaded_story(by_number);
        assert!(story.scroll());
        story.apply(&Step::Disconnect { fail: false });
        story.post(20, false, false);
        story.apply(&Step::Connect);
        // The newest page arrives first, and the next page of missed messages is requested.
        story.answer(1, false);
        assert_eq!(story.in_flight.len(), 2);
        story.answer(0, true);
        assert_everything_is_loaded(story);
    }
}

/// Regression test: an empty newest page that was requested before events were lost made the room look complete.
#[test]
fn empty_stale_page_does_not_end_an_empty_room() {
    let mut story = Story::new(false, 3);
    story.connect();
    story.joined = true;
    story.request_newest();
    story.apply(&Step::LoseEvents { count: 10 });
    story.answer(0, true);
    assert!(!story.sync.is_complete());
    assert_everything_is_loaded(story);
}

/// Regression test: the failure of a page that nobody waits for any more stopped the loading of the current one.
#[test]
fn failure_of_a_stale_page_does_not_stop_loading() {
    let mut story = loaded_story(true);
    story.request_newest();
    story.apply(&Step::LoseEvents { count: 20 });
    story.fail(0);
    assert!(!story.sync.has_load_failed());
    assert_everything_is_loaded(story);
}

/// Regression test: a page that was requested for a gap arrived after the gap had grown at its newer end. It was taken
/// for one that adjoins the new end, and the message in between was never loaded.
#[test]
fn page_for_a_gap_that_has_grown_does_not_hide_messages() {
    use Step::{Connect, FillGap, JoinConfirmed, RequestNewest};
    let post = |count| Step::Post { count, same_time: false };
    let answer = |which| Step::Answer { which, as_requested: false };
    let fail = |which| Step::Fail { which };
    let lose = || Step::LoseEvents { count: 1 };
    let mut story = Story::new(true, 1);
    // Found by the property test above.
    let gap_is_filled =
        [post(2), Connect, answer(0), lose(), lose(), answer(1), post(3), fail(0), answer(0), post(3), answer(0)];
    let gap_is_filled = gap_is_filled.into_iter().chain([answer(0), fail(0), Step::Unload { keep: 4 }, FillGap]);
    let gap_grows = [post(1), RequestNewest, answer(1), JoinConfirmed, answer(1), answer(2), fail(0), lose()];
    gap_is_filled.chain(gap_grows).for_each(|step| story.apply(&step));
    assert_everything_is_loaded(story);
}

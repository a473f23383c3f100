//! A day goes by, in which thousands come and go, type and read: what the program keeps of that comes to an end.

use test_support::day::{Day, SECONDS};

/// How long all that the state holds is when it is written down: nothing can grow without that growing, private or not.
fn length(day: &Day) -> usize {
    format!("{:?}", day.state).len()
}

/// The longest that it is within some hours.
fn longest(day: &mut Day, hours: u32) -> usize {
    let mut longest = 0;
    for second in 0..hours * 3_600 {
        day.advance_second();
        if second % 600 == 0 {
            longest = longest.max(length(day));
        }
    }
    longest
}

fn assert_bounded(mut day: Day) {
    let hours = SECONDS / 3_600;
    let before_noon = longest(&mut day, hours / 2);
    let after_noon = longest(&mut day, hours / 2);
    assert!(after_noon <= before_noon + before_noon / 20, "{before_noon}, then {after_noon}");
    let state = &day.state;
    assert!(state.account().people.len() <= 20_000, "{} people", state.account().people.len());
    let typing: usize = state.account().rooms.iter().map(|room| room.typing.len()).sum();
    // Two a second, believed for a minute at most.
    assert!(typing <= 120, "{typing} type");
    let more = [
        state.account().room_sync.requested.len(),
        state.account().arrived.len(),
        state.account().lookups.len(),
        state.account().pending_messages.len(),
    ];
    assert!(more.iter().all(|count| *count <= 1_000), "{more:?}");
    assert!(state.account().outbox.is_empty() && state.account().drafts.is_empty());
}

#[test]
fn a_day_on_minchat_leaves_no_more_behind_than_half_a_day() {
    assert_bounded(Day::on_minchat());
}

#[test]
fn a_day_on_vchat_leaves_no_more_behind_than_half_a_day() {
    assert_bounded(Day::on_vchat());
}

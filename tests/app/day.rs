//! A day on which thousands of people come and go, type and read: the state stops growing.

use test_support::day::{Day, SECONDS};

/// Length of the whole state as debug text. No field, private or not, can grow without making it longer.
fn length(day: &Day) -> usize {
    format!("{:?}", day.state).len()
}

/// Maximum length within some hours.
fn max_length(day: &mut Day, hours: u32) -> usize {
    let mut max_length = 0;
    for second in 0..hours * 3_600 {
        day.advance_second();
        if second % 600 == 0 {
            max_length = max_length.max(length(day));
        }
    }
    max_length
}

fn assert_bounded(mut day: Day) {
    let hours = SECONDS / 3_600;
    let before_noon = max_length(&mut day, hours / 2);
    let after_noon = max_length(&mut day, hours / 2);
    assert!(after_noon <= before_noon + before_noon / 20, "{before_noon}, then {after_noon}");
    let state = &day.state;
    assert!(state.account().people.len() <= 20_000, "{} people", state.account().people.len());
    let typing: usize = state.account().rooms.iter().map(|room| room.typing.len()).sum();
    // Two people start per second, and each is shown for a minute at most.
    assert!(typing <= 120, "{typing} people type");
    let more = [
        state.account().room_sync.requested.len(),
        state.account().rooms_with_arrivals.len(),
        state.account().member_lookups.len(),
        state.account().pending_messages.len(),
    ];
    assert!(more.iter().all(|count| *count <= 1_000), "{more:?}");
    assert!(state.account().outbox.is_empty() && state.account().drafts.is_empty());
}

#[test]
fn state_stops_growing_after_half_a_day_on_minchat() {
    assert_bounded(Day::on_minchat());
}

#[test]
fn state_stops_growing_after_half_a_day_on_vchat() {
    assert_bounded(Day::on_vchat());
}

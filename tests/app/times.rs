//! Times and dates on the screen.

use minchat_tui::app::Event;
use minchat_tui::domain::{Clock, DateFormat};
use test_support::story::*;

#[test]
fn times_and_dates_are_written_as_the_user_chose() {
    let mut story = Story::chat(100, 24);
    story.shows("Alice Archer  17:59").shows("Saturday 21 November 2026");
    story.state.options.times.clock = Clock::Hours12;
    story.state.options.times.dates = DateFormat::MonthDay;
    story.event(Event::Focus(true)).shows("Alice Archer  5:59pm").shows("Saturday, November 21, 2026");
    story.types("hello").keys("enter tab");
    let row = story.row_with("  hello");
    assert!(row.trim_end().ends_with("6:00pm  …"), "{}", story.screen());
}

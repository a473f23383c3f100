//! The key that goes back to the room in which the user was before.

use minchat_tui::domain::ServerEvent;
use test_support::story::vchat::*;

#[test]
fn last_room_alternates_between_two_rooms() {
    let mut story = vchat_story(100, 24);
    story.keys("alt+o").shows("There is no other room to go back to.").shows("Message Alice Archer");
    story.keys("alt+down").shows("# Release crew").keys("alt+down").shows("Message Bob Brown");
    story.types("half a sentence").keys("alt+o").shows("# Release crew").lacks("half a sentence");
    story.keys("ctrl+6").shows("│ Bob Brown").shows("half a sentence");
}

/// Regression test: the room before a deleted one was forgotten.
#[test]
fn deleted_room_is_not_the_last_one() {
    let mut story = vchat_story(100, 24);
    story.keys("alt+down").shows("# Release crew").keys("alt+down").shows("Message Bob Brown");
    let open = story.state.ui.open.clone().expect("an open room");
    story.server(ServerEvent::RoomDeleted(open)).keys("alt+o").shows("# Release crew");
}

/// As with `cd`.
#[test]
fn go_with_a_dash_is_the_last_room() {
    let mut story = vchat_story(100, 24);
    story.keys("alt+down").types("/go -").keys("enter").shows("Message Alice Archer");
}

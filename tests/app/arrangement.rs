//! Arrangement of the screen: the member list, hidden and resized lists, and the space between messages.

use minchat_tui::app::{Event, Size};
use minchat_tui::domain::{Failure, MINUTE, Member, MemberRole, PersonId, Request, ServerEvent};
use minchat_tui::input::{Mouse, MouseKind};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

fn member(username: &str, name: &str, role: MemberRole) -> Member {
    Member { person: person(username, name), role: Some(role) }
}

/// A group on MinChat, which names its members.
fn group(width: u16, height: u16) -> Story {
    let mut story = Story::online(width, height);
    let last = message("g2", "carol", "I am here", -MINUTE);
    let rooms = vec![room("r2", "Release crew", &["bob", "carol"], last)];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    let page = vec![
        seen(message("g1", "bob", "Who is here?", -2 * MINUTE)),
        seen(message("g2", "carol", "I am here", -MINUTE)),
    ];
    story.history("r2", 1, 1, page);
    story
}

/// A group on V Chat, which lists its members on request.
fn vchat_group(width: u16, height: u16) -> Story {
    let mut story = vchat_story(width, height);
    story.keys("alt+down").shows("# Release crew");
    story.requests();
    story
}

#[test]
fn member_list_shows_who_is_in_the_room() {
    let mut story = group(120, 24);
    story.lacks("Members").keys("f3").shows("Members").shows("Bob Brown").shows("Carol Chen").shows("Me Myself");
    let row = story.row_with("● Me Myself");
    assert!(row.trim_end().ends_with("you"), "{row}");
    story.keys("f3").lacks("Members");
}

#[test]
fn people_who_are_online_come_first_in_the_member_list() {
    let mut story = group(120, 24);
    story.keys("f3");
    story.server(ServerEvent::Presence { person: PersonId::new("carol"), online: true });
    let screen = story.screen();
    let at = |name: &str| screen.lines().position(|row| row.contains(name)).unwrap_or_else(|| panic!("{screen}"));
    assert!(at("● Carol Chen") < at("○ Bob Brown"), "{screen}");
}

#[test]
fn member_list_is_requested_where_rooms_do_not_name_members() {
    let mut story = vchat_group(120, 24);
    story.keys("f3").shows("Members").shows("Loading");
    let requests = story.requests();
    let Some(Request::Members { room, page: 1, .. }) = requests.first() else { panic!("{requests:?}") };
    let (room, owner) = (room.clone(), member("bob", "Bob Brown", MemberRole::Owner));
    story.server(ServerEvent::Members { room: room.clone(), page: 1, more: true, members: vec![owner] });
    assert!(matches!(story.requests().as_slice(), [Request::Members { page: 2, .. }]));
    let others = vec![member("carol", "Carol Chen", MemberRole::Member)];
    story.server(ServerEvent::Members { room: room.clone(), page: 2, more: false, members: others });
    let row = story.row_with("Bob Brown");
    assert!(row.trim_end().ends_with("owner"), "{row}");
    // The service tells how many are online, but not who.
    story.shows("│   Carol Chen").lacks("│ Loading");
}

/// Regression test: the list of a direct chat, whose members are known, said "Loading…" for ever after a group's list had
/// been left before it was complete.
#[test]
fn member_list_of_another_room_is_not_loading() {
    let mut story = vchat_group(120, 24);
    story.keys("f3").shows("│ Loading");
    story.keys("alt+up").lacks("│ Loading");
}

#[test]
fn member_list_says_that_it_could_not_be_loaded() {
    let mut story = vchat_group(120, 24);
    story.keys("f3");
    let request = story.requests().remove(0);
    let reason = SafeText::line("Out of order");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason }).shows("Could not be loaded.");
}

#[test]
fn narrow_screen_lists_the_members_in_a_box() {
    let mut story = group(80, 24);
    story.keys("f3").shows("─ Release crew").shows("Bob Brown").shows("@bob").keys("esc").lacks("@bob");
    assert!(!story.state.terminal.arrangement.members_shown);
    story.event(Event::Resize(Size { width: 120, height: 20 })).keys("f3").shows("Members");
}

#[test]
fn room_list_is_hidden_and_shown_again() {
    let mut story = group(100, 24);
    story.keys("f4").lacks("I am here                 │").shows("The room list is hidden. Ctrl+B goes to it");
    assert_eq!(story.state.ui.regions.rooms.width, 0);
    story.keys("ctrl+b");
    assert!(story.state.ui.regions.rooms.width > 0, "{}", story.screen());
    story.keys("esc");
    assert_eq!(story.state.ui.regions.rooms.width, 0);
    story.keys("f4");
    assert!(story.state.ui.regions.rooms.width > 0, "{}", story.screen());
}

#[test]
fn lists_are_resized_by_keys_within_limits() {
    let mut story = group(120, 24);
    story.keys("f3");
    let widths = |story: &Story| (story.state.ui.regions.rooms.width, story.state.ui.regions.members.width);
    let (rooms, members) = widths(&story);
    story.keys("alt+= alt+= alt+_");
    assert_eq!(widths(&story), (rooms + 4, members - 2));
    story.keys("alt+- alt++");
    assert_eq!(widths(&story), (rooms + 2, members));
    for _ in 0..60 {
        story.keys("alt+= alt++");
    }
    let messages = story.state.ui.regions.messages.width;
    assert!(messages >= 46, "{messages}\n{}", story.screen());
    for _ in 0..60 {
        story.keys("alt+- alt+_");
    }
    assert_eq!(widths(&story), (12, 12));
}

#[test]
fn divider_is_dragged_with_the_mouse() {
    let mut story = group(120, 24);
    story.keys("f3");
    let regions = story.state.ui.regions;
    let at = |kind, column| Event::Mouse(Mouse { kind, column, row: 5 });
    story.event(at(MouseKind::Drag, 50));
    assert_eq!(story.state.ui.regions, regions, "nothing was grabbed");
    story.event(at(MouseKind::Click, regions.divider.x)).event(at(MouseKind::Drag, 30)).event(at(MouseKind::Drag, 28));
    assert_eq!(story.state.ui.regions.rooms.width, 28);
    let divider = story.state.ui.regions.members_divider.x;
    story.event(at(MouseKind::Click, divider)).event(at(MouseKind::Drag, divider + 5));
    assert_eq!(story.state.ui.regions.members.width, regions.members.width - 5);
    assert_eq!(story.state.ui.regions.rooms.width, 28);
}

#[test]
fn compact_screen_has_no_blank_rows_and_one_row_per_room() {
    let mut story = group(100, 30);
    let last = message("m2", "alice", "How are you?", -2 * MINUTE);
    story.server(ServerEvent::Message(in_room("r1", last.clone())));
    story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![
            room("r2", "Release crew", &["bob", "carol"], message("g2", "carol", "I am here", -MINUTE)),
            room("r1", "Alice Archer", &["alice"], last),
        ],
    });
    story.keys("f7").shows("The screen is compact. F7 makes it roomy.");
    insta::assert_snapshot!("compact", story.screen());
    story.keys("f7").shows("The screen is roomy. F7 makes it compact.");
    insta::assert_snapshot!("roomy", story.screen());
}

/// Nothing told that the room list went on below.
#[test]
fn hidden_rooms_are_marked_beside_the_list() {
    let mut story = Story::chat(100, 24);
    story.lacks("▼").lacks("▲");
    let rooms = (0..20).map(|n| {
        let last = message(&format!("x{n}"), "bob", "hi", -10 * MINUTE - i64::from(n));
        room(&format!("x{n}"), &format!("Room {n:02}"), &["bob", "carol"], last)
    });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
    story.shows("▼").lacks("▲");
    story.keys("ctrl+b end").shows("▲").lacks("▼");
}

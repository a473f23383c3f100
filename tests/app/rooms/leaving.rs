//! Leaving groups on a service without group kinds, such as MinChat.

use minchat_tui::domain::{MessageInfo, PersonInfo, Request, ServerEvent};
use test_support::story::*;

/// A group with Bob and Carol.
fn group() -> Story {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::SignedIn { me: person("me", "Me Myself"), capabilities: MINCHAT });
    let last = message("g1", "carol", "ship it", -30_000);
    let crew = room("r2", "Release crew", &["bob", "carol"], last.clone());
    story.server(ServerEvent::RoomChanged(Box::new(crew)));
    story.types("/go Release").keys("enter");
    story.history("r2", 1, 1, vec![seen(in_room("r2", last))]);
    story.wait(2_000).effects.clear();
    story
}

/// Regression test: `/leave` was not possible, while `/remove` of oneself left at once.
#[test]
fn leaving_and_removing_oneself_ask_the_same_question() {
    for command in ["/leave", "/remove me", "/remove @me"] {
        let mut story = group();
        story.types(command).keys("enter").shows("Leave Release crew? You will no longer receive its messages.");
        assert_eq!(story.requests(), [], "{command}");
        story.keys("n").shows("› Message Release crew");
        story.types(command).keys("enter").confirms();
        assert_eq!(story.requests(), [Request::LeaveGroup { room: room_id("r2") }], "{command}");
        story.server(ServerEvent::MemberRemoved { room: room_id("r2"), person: person_id("me") });
        story.shows("You left Release crew.").lacks("# Release crew");
    }
}

#[test]
fn another_spelling_of_the_own_name_removes_nobody() {
    let mut story = group();
    story.types("/remove ME").keys("enter").confirms();
    let find = Request::FindPerson { username: "ME".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&find));
    let me: PersonInfo = person("me", "Me Myself");
    story.server(ServerEvent::Person { request: find, person: Some(me) });
    story.shows("This is you. Type /leave to leave the group.");
    assert_eq!(story.requests(), []);
}

#[test]
fn direct_message_cannot_be_left() {
    let mut story = group();
    story.keys("alt+down").shows("› Message Alice Archer").effects.clear();
    story.types("/leave").keys("enter").shows("Only groups can be left. /delete-chat deletes this room.");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::LeaveGroup { .. })));
}

/// A direct message whose title is the former name of the other person asked the question of a group.
#[test]
fn leaving_a_room_of_two_says_that_it_may_be_direct() {
    let mut story = group();
    story.keys("alt+down").shows("› Message Alice Archer");
    let request = Request::Person { id: person_id("alice"), username: "alice".into() };
    story.server(ServerEvent::Person { request, person: Some(person("alice", "Alice Baker")) }).effects.clear();
    story.types("/leave").keys("enter").shows("Leave Alice Archer? It has two members, so it may be a direct");
    story.confirms();
    assert_eq!(story.requests(), [Request::LeaveGroup { room: room_id("r1") }]);
}

#[test]
fn room_of_two_is_not_left_while_the_other_person_is_unknown() {
    let mut story = group();
    let last = MessageInfo { author_info: None, ..message("d1", "dave", "hello", -20_000) };
    story.server(ServerEvent::RoomChanged(Box::new(room("r3", "Dave Drake", &["dave"], last))));
    story.types("/go Dave").keys("enter").shows("› Message Dave Drake").wait(2_000).effects.clear();
    story.types("/leave").keys("enter").shows("this is a direct message. Try again later.").lacks("Leave Dave");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::LeaveGroup { .. })));
}

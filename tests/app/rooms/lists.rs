//! Lists that cover the screen: members, people and rooms.

use minchat_tui::domain::{MemberRole, Request, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;

use super::{chat, group, group_info, list_members, member, status};
use test_support::story::*;

#[test]
fn members_are_requested_and_listed_with_their_roles() {
    let mut story = group();
    story.keys("f2").shows("Members of Release crew").shows("Loading…");
    assert_eq!(story.requests(), [Request::Members { room: room_id("r2"), kind: RoomKind::Group, page: 1 }]);
    let all = [("carol", MemberRole::Owner), ("bob", MemberRole::Admin), ("me", MemberRole::Member)];
    list_members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
    story.shows("Carol Chen @carol").lacks("Loading…").lacks("Unknown user");
    assert!(story.row_with("@carol").contains("owner"), "{}", story.screen());
    assert!(story.row_with("@bob").contains("admin"), "{}", story.screen());
    assert!(story.row_with("@me").contains("you "), "{}", story.screen());
    story.keys("down enter").lacks("Members of");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "bob".into() }]);
}

#[test]
fn direct_message_needs_no_request_for_members() {
    let mut story = chat();
    story.keys("f2").shows("Alice Archer @alice").shows("Me Myself @me");
    assert_eq!(story.requests(), []);
}

#[test]
fn empty_list_is_explained() {
    let mut story = chat();
    story.types("/people xyz").keys("enter").shows("People matching xyz");
    let request = Request::FindPeople { name: "xyz".into(), page: 1 };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::People { request, more: false, people: Vec::new() });
    story.shows("No matches");
    assert!(!status(&story).contains("Enter"), "the list has no row to open: {}", status(&story));
    story.keys("enter").shows("No matches").keys("esc").lacks("No matches");
}

#[test]
fn refused_search_does_not_claim_no_matches() {
    let mut story = chat();
    story.types("/rooms ship").keys("enter").shows("Rooms matching ship");
    let request = story.requests().pop().expect("a search");
    story.server(ServerEvent::Failed {
        request,
        failure: Failure::Refused,
        reason: SafeText::line("You ask too often."),
    });
    story.lacks("No matches").lacks("Rooms matching").shows("You ask too often.");
}

#[test]
fn people_are_loaded_by_page_and_enter_opens_a_chat() {
    let mut story = chat();
    story.types("/people a").keys("enter");
    let page = |page: u32, of: std::ops::Range<u32>, more| ServerEvent::People {
        request: Request::FindPeople { name: "a".into(), page },
        more,
        people: of.map(|n| person(&format!("a{n}"), &format!("Anna {n}"))).collect(),
    };
    story.effects.clear();
    story.server(page(1, 0..30, true)).shows("Anna 0 @a0");
    assert_eq!(story.requests(), [], "the end of the list is far away");
    story.keys("pagedown pagedown");
    assert_eq!(story.requests(), [Request::FindPeople { name: "a".into(), page: 2 }]);
    story.server(page(2, 30..40, false));
    for _ in 0..9 {
        story.keys("pagedown");
    }
    story.shows("Anna 39 @a39").lacks("Anna 1 @a1").keys("enter");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "a39".into() }]);
}

/// The answer to an abandoned search filled the list of the next search.
#[test]
fn answer_to_another_search_is_ignored() {
    let mut story = chat();
    story.types("/people a").keys("enter esc").types("/people b").keys("enter");
    let request = Request::FindPeople { name: "a".into(), page: 1 };
    story.server(ServerEvent::People { request, more: true, people: vec![person("anna", "Anna")] });
    story.lacks("Anna").shows("Loading…");
}

#[test]
fn archived_room_is_listed_only_while_open() {
    let mut story = chat();
    let old = RoomInfo { archived: true, ..group_info() };
    story.types("/archived").keys("enter").shows("Archived rooms");
    let request = Request::FindRooms { title: String::new(), archived: true, page: 1 };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::FoundRooms { request, more: false, rooms: vec![old.clone()] });
    story.shows("Release crew").keys("enter").shows("Message Release crew…").shows("# Release crew").shows("archived");
    assert!(story.requests().contains(&Request::History {
        room: room_id("r2"),
        serial: ANY_SERIAL,
        page: 1,
        before: None
    }));
    story.keys("alt+down").shows("Message Alice Archer…").lacks("Release crew");
    story.server(ServerEvent::Message(in_room("r2", message("g2", "bob", "anybody?", 10)))).lacks("Release crew");
    story.server(ServerEvent::RoomChanged(Box::new(old))).lacks("Release crew");
}

#[test]
fn archiving_a_room_keeps_its_queued_messages() {
    let mut story = group();
    story.types("on its way").keys("enter").effects.clear();
    story.types("/archive").keys("enter");
    let request = Request::Archive { room: room_id("r2"), on: true };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request));
    story.shows("Release crew was archived. /archived lists it.").shows("Message Alice Archer…");
    story.lacks("# Release crew");
    assert!(!story.state.account().outbox.is_empty(), "the queued message is lost");
    story.types("/archived").keys("enter");
    let request = Request::FindRooms { title: String::new(), archived: true, page: 1 };
    let rooms = vec![RoomInfo { archived: true, ..group_info() }];
    story.server(ServerEvent::FoundRooms { request, more: false, rooms });
    story.keys("enter").shows("on its way").effects.clear();
    story.types("/unarchive").keys("enter");
    let request = Request::Archive { room: room_id("r2"), on: false };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request)).shows("Release crew is no longer archived.");
    story.keys("alt+down").shows("# Release crew");
}

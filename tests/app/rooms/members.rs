//! Members of a group and their roles.

use minchat_tui::domain::{
    Member, MemberRole, Membership, MessageInfo, MessageKind, Request, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;

use super::{chat, group, group_info, list_members, member, membership, membership_requests, status};
use test_support::story::*;

#[test]
fn selected_member_is_promoted_demoted_and_removed() {
    let mut story = group();
    membership(
        &mut story,
        "r2",
        Membership { role: Some(MemberRole::Owner), members: Some(3), ..Membership::default() },
    );
    story.keys("f2");
    let all = [("me", MemberRole::Owner), ("bob", MemberRole::Member), ("carol", MemberRole::Member)];
    list_members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
    story.effects.clear();
    assert!(!status(&story).contains("promote"), "nobody can promote themselves: {}", status(&story));
    story.keys("p").shows("This is you.").wait(7_000).effects.clear();
    story.keys("down");
    assert!(status(&story).contains("P promote") || status(&story).contains("p promote"), "{}", status(&story));
    story.keys("p").confirms();
    let promote = Request::SetRole { room: room_id("r2"), username: "bob".into(), role: MemberRole::Admin };
    assert_eq!(story.requests(), std::slice::from_ref(&promote));
    story.server(ServerEvent::Done(promote)).shows("Bob Brown is now an admin.");
    assert!(story.row_with("@bob").contains("admin"), "{}", story.screen());
    story.wait(7_000);
    assert!(status(&story).contains("demote") && !status(&story).contains("promote"), "{}", status(&story));
    story.keys("p").shows("This member is already an admin.").effects.clear();
    story.keys("x").shows("Remove Bob Brown from Release crew?").keys("n").shows("@bob");
    story.keys("x").effects.clear();
    story.confirms();
    let remove =
        Request::RemoveMember { room: room_id("r2"), kind: RoomKind::Group, person: None, username: "bob".into() };
    assert!(story.requests().contains(&remove), "{:?}", story.requests());
    story.effects.clear();
    story.server(ServerEvent::Done(remove)).shows("Bob Brown was removed.").lacks("@bob");
    let requests = story.requests();
    assert!(requests.iter().any(|request| matches!(request, Request::Members { page: 1, .. })), "{requests:?}");
    assert!(requests.iter().any(|request| matches!(request, Request::Membership { .. })), "{requests:?}");
}

/// Regression test: on a narrow screen, letters changed the selected member without being named anywhere.
#[test]
fn letters_of_the_member_list_are_shown_at_every_size() {
    for (width, height) in [(40, 12), (60, 20), (71, 24), (72, 24), (80, 24), (120, 30)] {
        let mut story = group();
        story.event(minchat_tui::app::Event::Resize(minchat_tui::app::Size { width, height }));
        membership(&mut story, "r2", Membership { role: Some(MemberRole::Owner), ..Membership::default() });
        story.keys("f2");
        let all = [("me", MemberRole::Owner), ("bob", MemberRole::Member), ("carol", MemberRole::Admin)];
        list_members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
        story.lacks("P promote").keys("down");
        for shown in ["p promote", "x remove"] {
            assert!(story.screen().to_lowercase().contains(shown), "{shown} at {width}x{height}:\n{}", story.screen());
        }
        story.keys("down");
        assert!(story.screen().to_lowercase().contains("d demote"), "{width}x{height}:\n{}", story.screen());
    }
}

#[test]
fn member_list_shows_the_known_presence() {
    let mut story = group();
    story.keys("f2");
    let members = [("me", MemberRole::Owner), ("bob", MemberRole::Admin), ("carol", MemberRole::Member)];
    list_members(&mut story, 1, false, members.map(|(name, role)| member(name, role)).to_vec());
    story.server(ServerEvent::Presence { person: person_id("bob"), online: true });
    assert!(story.row_with("@bob").contains("admin, online"), "{}", story.screen());
    assert!(!story.row_with("@carol").contains("online"), "{}", story.screen());
    assert!(story.row_with("@me").contains("you, owner "), "{}", story.screen());
}

#[test]
fn ordinary_member_cannot_manage_others() {
    let mut story = group();
    membership(&mut story, "r2", Membership { role: Some(MemberRole::Member), ..Membership::default() });
    story.keys("f2");
    list_members(&mut story, 1, false, vec![member("bob", MemberRole::Member)]);
    story.effects.clear();
    assert!(!status(&story).contains("promote") && !status(&story).contains("remove"), "{}", status(&story));
    story.keys("x").shows("Only admins can manage the members");
    assert_eq!(story.requests(), []);
}

#[test]
fn role_command_checks_the_role() {
    let mut story = group();
    story.types("/role bob boss").keys("enter").shows("There is no such role").keys("ctrl+w");
    story.types("owner").keys("enter").shows("The owner of a group cannot be changed");
    assert_eq!(story.requests(), []);
    story.keys("ctrl+u").types("/role @bob Admin").keys("enter").confirms();
    assert_eq!(
        story.requests(),
        [Request::SetRole { room: room_id("r2"), username: "bob".into(), role: MemberRole::Admin }]
    );
    story.keys("alt+up").effects.clear();
    story.types("/role bob admin").keys("enter").shows("Only groups have roles.").keys("ctrl+u");
    story.types("/rename Us").keys("enter").shows("Only groups and broadcasts can be renamed").keys("ctrl+u");
    story.types("/leave").keys("enter").shows("Only groups can be left.");
    assert!(!story.requests().iter().any(Request::is_answered), "invalid commands cause no request");
}

#[test]
fn members_are_added_by_user_name_where_possible() {
    let mut story = group();
    story.types("/add @dora").keys("enter");
    let add = Request::AddMember { room: room_id("r2"), kind: RoomKind::Group, person: None, username: "dora".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&add));
    story.server(ServerEvent::Done(add)).shows("dora was added.");
}

#[test]
fn group_is_renamed() {
    let mut story = group();
    story.types("/rename Crew of two").keys("enter");
    let rename = Request::Rename { room: room_id("r2"), kind: RoomKind::Group, title: "Crew of two".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&rename));
    story.server(ServerEvent::Done(rename)).shows("# Crew of two").shows("Message Crew of two…");
}

#[test]
fn leaving_a_group_asks_and_keeps_its_history() {
    let mut story = group();
    story.types("/leave").keys("enter").shows("Leave Release crew?");
    assert_eq!(story.requests(), []);
    story.confirms();
    let leave = Request::LeaveGroup { room: room_id("r2") };
    assert_eq!(story.requests(), std::slice::from_ref(&leave));
    story.server(ServerEvent::Done(leave));
    story.shows("You left Release crew.").shows("You are no longer in this group. It is read-only.");
    story.shows("# Release crew").shows("ship it");
    story.types("/leave").keys("enter").shows("You are no longer in this group.").lacks("Leave Release crew?");
}

#[test]
fn removed_user_is_told_and_can_still_read() {
    let mut story = group();
    story.types("half a th").effects.clear();
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("me") });
    story.shows("You were removed from Release crew.").shows("It is read-only.").lacks("half a th");
    assert_eq!(story.requests(), [Request::Typing { room: room_id("r2"), on: false }]);
    // The first sign of having been added again is a message from a member.
    let joined = MessageInfo { kind: MessageKind::Info, ..message("g2", "bob", "you joined", 10) };
    story.server(ServerEvent::Message(in_room("r2", joined)));
    assert_eq!(membership_requests(&mut story), 1);
    membership(&mut story, "r2", Membership::default());
    story.shows("› half a th").lacks("It is read-only.");
}

/// The server had read the membership before it removed the user, and answered afterwards.
#[test]
fn old_answer_does_not_undo_a_removal() {
    let mut story = group();
    story.effects.clear();
    // Somebody else was removed, so the membership is requested.
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("bob") });
    assert_eq!(membership_requests(&mut story), 1);
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("me") }).shows("It is read-only.");
    membership(&mut story, "r2", Membership::default());
    story.shows("It is read-only.");
    let joined = MessageInfo { kind: MessageKind::Info, ..message("g2", "bob", "you joined", 10) };
    story.server(ServerEvent::Message(in_room("r2", joined)));
    assert_eq!(membership_requests(&mut story), 1);
    membership(&mut story, "r2", Membership::default());
    story.lacks("It is read-only.");
}

#[test]
fn removal_of_another_member_is_noted_once() {
    let mut story = group();
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("bob") });
    story.lacks("was removed");
    assert_eq!(membership_requests(&mut story), 1, "the number of members has changed");
    // On a service that lists the members of a room and sends no message about a removal.
    let mut story = Story::chat(100, 24);
    let info = room("r1", "Alice Archer", &["alice", "bob"], message("m2", "alice", "How are you?", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
    story.server(ServerEvent::Kicked { room: room_id("r1"), person: person_id("alice") });
    story.shows("Alice Archer was removed");
}

#[test]
fn created_broadcast_is_opened() {
    let mut story = chat();
    story.types("/broadcast News: alice, bob").keys("enter");
    let usernames = vec!["alice".to_owned(), "bob".to_owned()];
    assert_eq!(story.requests(), [Request::CreateBroadcast { title: "News".into(), usernames }]);
    let info =
        RoomInfo { kind: RoomKind::Broadcast, title: Some(SafeText::line("News")), last_message: None, ..group_info() };
    story.server(ServerEvent::RoomOpened(Box::new(info))).shows("» News").shows("Message News (each member gets it)…");
    membership(&mut story, "r2", Membership { members: Some(2), ..Membership::default() });
    story.shows("2 members").keys("f2");
    let requested = Request::Members { room: room_id("r2"), kind: RoomKind::Broadcast, page: 1 };
    assert!(story.requests().contains(&requested));
    let reader = |name: &str| Member { person: person(name, name_of(name)), role: None };
    list_members(&mut story, 1, false, vec![reader("alice"), reader("bob")]);
    assert!(status(&story).contains("remove") && !status(&story).contains("promote"), "{}", status(&story));
}

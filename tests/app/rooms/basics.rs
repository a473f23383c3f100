//! The room list and the header: unread counts, presence and typing.

use minchat_tui::app::{Event, deadline};
use minchat_tui::domain::{
    Activity, ConnectionStatus, MINUTE, MemberRole, Membership, PersonInfo, Request, RoomInfo, RoomKind, SECOND,
    ServerEvent,
};
use minchat_tui::text::SafeText;

use super::{chat, group, group_info, list_members, member, membership, membership_requests};
use test_support::story::*;

#[test]
fn message_in_an_unlisted_room_requests_it_once() {
    let mut story = chat();
    let first = in_room("r2", message("g2", "bob", "one", 10));
    story
        .server(ServerEvent::Message(first))
        .server(ServerEvent::Message(in_room("r2", message("g3", "bob", "two", 20))));
    let requested = Request::Room { room: room_id("r2") };
    assert_eq!(story.requests().iter().filter(|request| **request == requested).count(), 1);
    let info = RoomInfo {
        unread: Some(2),
        last_message: Some(in_room("r2", message("g3", "bob", "two", 20))),
        ..group_info()
    };
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    assert!(story.screen().lines().nth(1).is_some_and(|row| row.contains(" 2 ")), "{}", story.screen());
    story.shows("Bob Brown: two");
}

#[test]
fn messages_during_a_room_request_are_kept() {
    let mut story = chat();
    story.server(ServerEvent::Message(in_room("r2", message("g2", "bob", "one", 10))));
    story.server(ServerEvent::Message(in_room("r2", message("g3", "bob", "two", 20))));
    // This answer was read before the second message was sent.
    let last = in_room("r2", message("g2", "bob", "one", 10));
    let info = RoomInfo { unread: Some(1), last_message: Some(last), ..group_info() };
    story.server(ServerEvent::RoomChanged(Box::new(info))).shows("Bob Brown: two");
    assert!(story.screen().lines().nth(1).is_some_and(|row| row.contains(" 2 ")), "{}", story.screen());
}

#[test]
fn message_in_an_archived_room_leaves_it_archived() {
    let mut story = chat();
    story.server(ServerEvent::Message(in_room("r2", message("g2", "bob", "one", 10))));
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { archived: true, ..group_info() })));
    story.lacks("Release crew").effects.clear();
    story.server(ServerEvent::Message(in_room("r2", message("g3", "bob", "two", 20))));
    assert_eq!(story.requests(), [Request::Delivered { room: room_id("r2") }], "the room is known now");
    story.lacks("Release crew");
}

#[test]
fn unread_count_is_the_servers() {
    let mut story = chat();
    let update = RoomInfo {
        unread: Some(12),
        last_message: Some(in_room("r2", message("g9", "bob", "news", 10))),
        ..group_info()
    };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![update.clone()] }).shows("12 │");
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![RoomInfo { unread: Some(0), ..update }] });
    story.lacks("12 │");
}

#[test]
fn presence_is_requested_every_ten_seconds_while_online() {
    let mut story = Story::online_on(VCHAT, 100, 24);
    story.effects.clear();
    let alice = room_on(VCHAT, "r1", "Alice Archer", &["alice"], message("m2", "alice", "hi", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![alice, group_info()] });
    let ask = Request::Presence { people: vec![(person_id("alice"), room_id("r1"))] };
    let requested = |story: &mut Story| story.requests().iter().filter(|request| **request == ask).count();
    assert_eq!(requested(&mut story), 1);
    story.wait(60 * SECOND);
    assert_eq!(requested(&mut story), 6);
    story
        .server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason: SafeText::line("down") }));
    story.wait(60 * SECOND);
    assert_eq!(requested(&mut story), 0);
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    assert_eq!(requested(&mut story), 1);
}

#[test]
fn only_presence_requests_wake_an_idle_program() {
    let mut story = chat();
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.history("r1", 1, 1, vec![]).wait(10 * SECOND).wait(1);
    let next = deadline(&story.state).expect("the next presence request");
    story.wait(next - story.now);
    assert!(matches!(story.requests().last(), Some(Request::Presence { .. })));
    assert_eq!(deadline(&story.state).map(|at| at - story.now), Some(10 * SECOND));
}

#[test]
fn presence_is_not_announced_where_it_is_requested() {
    let mut story = chat();
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online))
        .wait(10 * MINUTE);
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Heartbeat { .. })));
}

/// Every answer "offline" moved the time to a minute ago.
#[test]
fn last_seen_does_not_move_with_each_request() {
    let mut story = chat();
    let offline = ServerEvent::Presence { person: person_id("alice"), online: false };
    story.server(ServerEvent::LastSeen { person: person_id("alice"), at: story.now + -3 * 60 * MINUTE });
    story.server(offline.clone());
    story.shows("last seen ");
    let before = story.row_with("last seen");
    story.wait(10 * SECOND).server(offline.clone()).wait(10 * SECOND).server(offline.clone());
    assert_eq!(story.row_with("last seen"), before);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true }).shows("● Alice Archer");
    story.server(offline.clone()).shows("last seen 1 min ago").wait(4 * MINUTE).server(offline);
    story.shows("last seen 5 min ago");
}

#[test]
fn typing_and_recording_are_shown_in_their_room() {
    let mut story = group();
    let busy = |who: &str, room: &str, activity| ServerEvent::Typing {
        person: person(who, name_of(who)),
        room: Some(room_id(room)),
        activity: Some(activity),
    };
    story.server(busy("bob", "r2", Activity::Recording)).shows("Bob Brown is recording…");
    story.server(busy("carol", "r2", Activity::Typing)).shows("Carol Chen is typing, Bob Brown is recording…");
    story.server(busy("alice", "r1", Activity::Recording));
    assert!(story.screen().lines().nth(1).is_some_and(|row| row.contains("Alice Archer is rec")), "{}", story.screen());
    story.keys("alt+up alt+down").shows("Carol Chen is typing, Bob Brown is recording…");
    story.wait(59 * SECOND).shows("is typing");
    story.wait(SECOND).lacks("is typing").lacks("is rec");
}

#[test]
fn group_header_shows_members_online_and_topic() {
    let mut story = group();
    let about = Some(SafeText::block("All about\nthe release"));
    let role = Some(MemberRole::Admin);
    membership(
        &mut story,
        "r2",
        Membership { members: Some(12), online: Some(3), role, description: about, ..Membership::default() },
    );
    let header = story.row_with("12 members");
    assert!(header.contains("Release crew  All about"), "{header}");
    assert!(header.contains("12 members, 3 online · admin"), "{header}");
    assert!(!header.contains("the release"), "{header}");
}

/// "3 members, 3 online" stood above a list in which one of them was offline.
#[test]
fn members_who_are_offline_are_not_counted_as_online() {
    for key in ["f2", "f3"] {
        let mut story = group();
        story.event(minchat_tui::app::Event::Resize(minchat_tui::app::Size { width: 140, height: 24 }));
        story.keys(key);
        let members = ["me", "bob", "dave"].map(|name| member(name, MemberRole::Member));
        list_members(&mut story, 1, false, members.to_vec());
        let counted = Membership { members: Some(3), online: Some(3), ..Membership::default() };
        membership(&mut story, "r2", counted);
        story.shows("3 members, 3 online");
        story.server(ServerEvent::LastSeen { person: person_id("bob"), at: BEGIN + -600_000 });
        story.shows("3 members, 2 online");
        story.server(ServerEvent::Presence { person: person_id("bob"), online: true }).shows("3 members, 3 online");
    }
}

/// The number stayed what it was when the room was opened, while the room list showed more people online.
#[test]
fn number_of_people_online_is_requested_again() {
    let mut story = group();
    let counted = |online| Membership { members: Some(12), online: Some(online), ..Membership::default() };
    list_members(&mut story, 1, false, vec![member("bob", MemberRole::Member)]);
    membership(&mut story, "r2", counted(1));
    story.shows("12 members, 1 online").effects.clear();
    story.server(ServerEvent::Presence { person: person_id("bob"), online: true }).wait(SECOND);
    assert_eq!(membership_requests(&mut story), 1);
    membership(&mut story, "r2", counted(5));
    story.shows("12 members, 5 online").wait(MINUTE);
    assert_eq!(membership_requests(&mut story), 1, "not everybody's presence is known");
    story.keys("alt+up").effects.clear();
    story.wait(10 * MINUTE);
    assert_eq!(membership_requests(&mut story), 0, "no number is on screen");
}

#[test]
fn muted_room_is_marked_and_still_counted() {
    let mut story = chat();
    story.types("/mute").keys("enter");
    let mute = Request::Mute { room: room_id("r1"), on: true };
    assert_eq!(story.requests(), std::slice::from_ref(&mute));
    story.server(ServerEvent::Done(mute)).shows("Alice Archer is muted.").shows("⊘ 17:59");
    story.event(Event::Focus(false));
    story.server(ServerEvent::Message(message("m3", "alice", "Hey", 10))).shows(" 1 │");
    story.types("/unmute").keys("enter").server(ServerEvent::Done(Request::Mute { room: room_id("r1"), on: false }));
    story.lacks("⊘").shows("is no longer muted");
}

#[test]
fn other_person_is_known_from_the_room_list() {
    let mut story = chat();
    let bob = PersonInfo { username: SafeText::line("bob@example.org"), ..person("bob", "Bob Brown") };
    let listed = room_on(VCHAT, "r3", "Bobby", &["bob"], message("b1", "me", "hi", -5));
    let listed = RoomInfo { peer: Some(Box::new(bob)), ..listed };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed.clone()] });
    // An update without the other person does not forget them, nor does a message without their user name.
    let mut message = in_room("r3", message("b2", "bob", "again", 5));
    message.author_info = Some(Box::new(PersonInfo { username: SafeText::default(), ..person("bob", "Bob Brown") }));
    story.server(ServerEvent::Message(message));
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { peer: None, kind: RoomKind::Unknown, ..listed })));
    story.effects.clear();
    story.types("/go Bobby").keys("enter");
    let requests = story.requests();
    let username = || "bob@example.org".to_owned();
    let membership = Request::Membership { room: room_id("r3"), kind: RoomKind::Direct, username: username() };
    assert!(requests.contains(&membership), "{requests:?}");
    assert!(requests.contains(&Request::Person { id: person_id("bob"), username: username() }), "{requests:?}");
}

#[test]
fn help_and_switcher_offer_supported_features() {
    let help = |can| {
        let mut story = Story::chat_on(can, 100, 400);
        story.keys("f1").screen()
    };
    let (minchat, vchat) = (help(MINCHAT), help(VCHAT));
    for both in ["/dm USER", "/delete-chat", "/add [USER]", "/mute", "/archived", "/pin"] {
        assert!(minchat.contains(both) && vchat.contains(both), "no {both} on\n{minchat}\n{vchat}");
    }
    for one in ["/block [USER]", "/role USER", "/calls", "Make a member an admin"] {
        assert!(!minchat.contains(one) && vchat.contains(one), "{one} on\n{minchat}\n{vchat}");
    }
    assert!(minchat.contains("Edit my last message") && !vchat.contains("Edit my last message"));
    let mut story = chat();
    story.keys("ctrl+k").types("/mut").shows("/mute  Mute this room").keys("enter").shows("› /mute");
    story.keys("enter");
    assert_eq!(story.requests(), [Request::Mute { room: room_id("r1"), on: true }]);
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k").types("/mut").shows("/mute  Mute this room").keys("esc ctrl+k").types("/cal").lacks("/calls");
}

/// Regression test: the first person who wrote saw their message marked as seen, although nobody was there.
#[test]
fn room_that_appears_later_is_not_opened() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::online_on(can, 100, 24);
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() }).shows("No rooms yet");
        let last = message("m1", "alice", "Is anybody there?", 10);
        let info =
            RoomInfo { unread: (can == VCHAT).then_some(1), ..room_on(can, "r1", "Alice Archer", &["alice"], last) };
        story.effects.clear();
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] }).wait(5_000);
        story.shows("No room is open").shows("Alice Archer");
        assert_eq!(story.state.ui.open, None);
        assert!(!story.requests().iter().any(|request| matches!(request, Request::Seen { .. })));
        story.keys("alt+a").shows("Is anybody there?");
    }
}

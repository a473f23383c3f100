//! Rooms, people, members and how one stands in a room, on a service that has all of it. Keys and events in, effects and
//! screens out; each test is named for what a user would miss, or for a bug.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/story/mod.rs"]
mod story;

use minchat_tui::app::{Event, deadline};
use minchat_tui::domain::{
    Access, Activity, Link, MINUTE, Member, MemberRole, MessageInfo, MessageKind, PersonInfo, Request, RoomInfo,
    RoomKind, SECOND, ServerEvent, Standing,
};
use minchat_tui::text::SafeText;
use story::*;

fn chat() -> Story {
    Story::chat_on(VCHAT_CAN, 100, 24)
}

/// Alice's chat, with a group beside it that is open.
fn crew() -> Story {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] });
    story.types("/go Release").keys("enter");
    story.history("r2", 1, 1, vec![seen(in_room("r2", message("g1", "carol", "ship it", -3_600_000)))]);
    story.wait(2_000).effects.clear();
    story
}

fn crew_info() -> RoomInfo {
    room_on(VCHAT_CAN, "r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -3_600_000))
}

fn member(username: &str, role: MemberRole) -> Member {
    Member { person: person(username, name_of(username)), role: Some(role) }
}

fn members(story: &mut Story, page: u32, more: bool, members: Vec<Member>) {
    story.server(ServerEvent::Members { room: room_id("r2"), page, more, members });
}

fn standing(story: &mut Story, room: &str, standing: Standing) {
    story.server(ServerEvent::Standing { room: room_id(room), standing });
}

fn access(access: Access) -> Standing {
    Standing { access, ..Standing::default() }
}

fn asks_standing(story: &mut Story) -> usize {
    story.requests().iter().filter(|request| matches!(request, Request::Standing { .. })).count()
}

fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_members_of_a_group_are_asked_for_and_listed_with_their_roles() {
    let mut story = crew();
    story.keys("f2").shows("Members of Release crew").shows("loading…");
    assert_eq!(story.requests(), [Request::Members { room: room_id("r2"), kind: RoomKind::Group, page: 1 }]);
    let all = [("carol", MemberRole::Owner), ("bob", MemberRole::Admin), ("me", MemberRole::Member)];
    members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
    story.shows("Carol Chen @carol").lacks("loading…").lacks("somebody the server has not named");
    assert!(story.row_with("@carol").contains("owner"), "{}", story.screen());
    assert!(story.row_with("@bob").contains("admin"), "{}", story.screen());
    assert!(story.row_with("@me").contains("you "), "{}", story.screen());
    story.keys("down enter").lacks("Members of");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "bob".into() }]);
}

#[test]
fn a_chat_of_two_needs_no_list_to_say_who_is_in_it() {
    let mut story = chat();
    story.keys("f2").shows("Alice Archer @alice").shows("Me Myself @me");
    assert_eq!(story.requests(), []);
}

#[test]
fn an_answer_with_nothing_in_it_is_a_sentence() {
    let mut story = chat();
    story.types("/people xyz").keys("enter").shows("People called xyz");
    let request = Request::FindPeople { name: "xyz".into(), page: 1 };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::People { request, more: false, people: Vec::new() });
    story.shows("Nobody is called that.");
    assert!(!status(&story).contains("Enter"), "there is nothing to go to: {}", status(&story));
    story.keys("enter").shows("Nobody is called that.").keys("esc").lacks("Nobody is called that.");
}

#[test]
fn a_search_that_was_refused_does_not_say_that_there_is_nothing() {
    let mut story = chat();
    story.types("/rooms ship").keys("enter").shows("Rooms called ship");
    let request = story.requests().pop().expect("a search");
    story.server(ServerEvent::Failed { request, reason: SafeText::line("You ask too often.") });
    story.lacks("No room is called that.").lacks("Rooms called").shows("You ask too often.");
}

#[test]
fn people_are_found_page_by_page_and_enter_opens_their_chat() {
    let mut story = chat();
    story.types("/people a").keys("enter");
    let page = |page: u32, of: std::ops::Range<u32>, more| ServerEvent::People {
        request: Request::FindPeople { name: "a".into(), page },
        more,
        people: of.map(|n| person(&format!("a{n}"), &format!("Anna {n}"))).collect(),
    };
    story.effects.clear();
    story.server(page(1, 0..30, true)).shows("Anna 0 @a0");
    assert_eq!(story.requests(), [], "the end is far");
    story.keys("pagedown pagedown");
    assert_eq!(story.requests(), [Request::FindPeople { name: "a".into(), page: 2 }]);
    story.server(page(2, 30..40, false));
    for _ in 0..9 {
        story.keys("pagedown");
    }
    story.shows("Anna 39 @a39").lacks("Anna 1 @a1").keys("enter");
    assert_eq!(story.requests(), [Request::OpenDirect { username: "a39".into() }]);
}

/// The answer to a search that was given up filled the list of the next one.
#[test]
fn the_answer_to_another_search_is_ignored() {
    let mut story = chat();
    story.types("/people a").keys("enter esc").types("/people b").keys("enter");
    let request = Request::FindPeople { name: "a".into(), page: 1 };
    story.server(ServerEvent::People { request, more: true, people: vec![person("anna", "Anna")] });
    story.lacks("Anna").shows("loading…");
}

#[test]
fn an_archived_room_is_in_the_list_only_while_it_is_open() {
    let mut story = chat();
    let old = RoomInfo { archived: true, ..crew_info() };
    story.types("/archived").keys("enter").shows("Rooms that were put away");
    let request = Request::FindRooms { title: String::new(), archived: true, page: 1 };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::FoundRooms { request, more: false, rooms: vec![old.clone()] });
    story.shows("Release crew").keys("enter").shows("Write to Release crew…").shows("# Release crew").shows("put away");
    assert!(story.requests().contains(&Request::History { room: room_id("r2"), page: 1, before: None }));
    story.keys("alt+down").shows("Write to Alice Archer…").lacks("Release crew");
    story.server(ServerEvent::Message(in_room("r2", message("g2", "bob", "anybody?", 10)))).lacks("Release crew");
    story.server(ServerEvent::RoomChanged(Box::new(old))).lacks("Release crew");
}

#[test]
fn a_room_that_is_put_away_leaves_the_list_and_keeps_what_was_not_sent() {
    let mut story = crew();
    story.types("on its way").keys("enter").effects.clear();
    story.types("/archive").keys("enter");
    let request = Request::Archive { room: room_id("r2"), on: true };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request));
    story.shows("Release crew was put away. /archived shows it.").shows("Write to Alice Archer…");
    story.lacks("# Release crew");
    assert!(!story.state.outbox.is_empty(), "the message that waits is lost");
    story.types("/archived").keys("enter");
    let request = Request::FindRooms { title: String::new(), archived: true, page: 1 };
    let rooms = vec![RoomInfo { archived: true, ..crew_info() }];
    story.server(ServerEvent::FoundRooms { request, more: false, rooms });
    story.keys("enter").shows("on its way").effects.clear();
    story.types("/unarchive").keys("enter");
    let request = Request::Archive { room: room_id("r2"), on: false };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request)).shows("Release crew is back in the list.");
    story.keys("alt+down").shows("# Release crew");
}

#[test]
fn the_chosen_member_is_promoted_demoted_and_removed() {
    let mut story = crew();
    standing(&mut story, "r2", Standing { role: Some(MemberRole::Owner), members: Some(3), ..Standing::default() });
    story.keys("f2");
    let all = [("me", MemberRole::Owner), ("bob", MemberRole::Member), ("carol", MemberRole::Member)];
    members(&mut story, 1, false, all.map(|(name, role)| member(name, role)).to_vec());
    story.effects.clear();
    assert!(!status(&story).contains("promote"), "nobody promotes themselves: {}", status(&story));
    story.keys("p").shows("This is you.").wait(7_000).effects.clear();
    story.keys("down");
    assert!(status(&story).contains("P promote") || status(&story).contains("p promote"), "{}", status(&story));
    story.keys("p");
    let promote = Request::SetRole { room: room_id("r2"), username: "bob".into(), role: MemberRole::Admin };
    assert_eq!(story.requests(), std::slice::from_ref(&promote));
    story.server(ServerEvent::Done(promote)).shows("Bob Brown is an admin now.");
    assert!(story.row_with("@bob").contains("admin"), "{}", story.screen());
    story.wait(7_000);
    assert!(status(&story).contains("demote") && !status(&story).contains("promote"), "{}", status(&story));
    story.keys("p").shows("They are an admin already.").effects.clear();
    story.keys("x");
    let remove =
        Request::RemoveMember { room: room_id("r2"), kind: RoomKind::Group, person: None, username: "bob".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&remove));
    story.server(ServerEvent::Done(remove)).shows("Bob Brown was removed.").lacks("@bob");
    let requests = story.requests();
    assert!(requests.iter().any(|request| matches!(request, Request::Members { page: 1, .. })), "{requests:?}");
    assert!(requests.iter().any(|request| matches!(request, Request::Standing { .. })), "{requests:?}");
}

#[test]
fn a_mere_member_is_offered_nothing_to_do_with_the_others() {
    let mut story = crew();
    standing(&mut story, "r2", Standing { role: Some(MemberRole::Member), ..Standing::default() });
    story.keys("f2");
    members(&mut story, 1, false, vec![member("bob", MemberRole::Member)]);
    story.effects.clear();
    assert!(!status(&story).contains("promote") && !status(&story).contains("remove"), "{}", status(&story));
    story.keys("x").shows("Only admins can change the members");
    assert_eq!(story.requests(), []);
}

#[test]
fn a_role_is_given_by_command_and_a_wrong_one_is_told() {
    let mut story = crew();
    story.types("/role bob boss").keys("enter").shows("A role is member or admin");
    story.types("/role bob owner").keys("enter").shows("A group keeps its owner");
    assert_eq!(story.requests(), []);
    story.types("/role @bob Admin").keys("enter");
    assert_eq!(
        story.requests(),
        [Request::SetRole { room: room_id("r2"), username: "bob".into(), role: MemberRole::Admin }]
    );
    story.keys("alt+up").effects.clear();
    story.types("/role bob admin").keys("enter").shows("Only groups have roles.");
    story.types("/rename Us").keys("enter").shows("Only groups and broadcasts have a title");
    story.types("/leave").keys("enter").shows("Only a group can be left.");
    assert!(!story.requests().iter().any(Request::is_answered), "nothing of it can be asked");
}

#[test]
fn members_are_added_by_user_name_where_that_will_do() {
    let mut story = crew();
    story.types("/add @dora").keys("enter");
    let add = Request::AddMember { room: room_id("r2"), kind: RoomKind::Group, person: None, username: "dora".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&add));
    story.server(ServerEvent::Done(add)).shows("dora was added.");
}

#[test]
fn a_group_gets_another_title() {
    let mut story = crew();
    story.types("/rename Crew of two").keys("enter");
    let rename = Request::Rename { room: room_id("r2"), kind: RoomKind::Group, title: "Crew of two".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&rename));
    story.server(ServerEvent::Done(rename)).shows("# Crew of two").shows("Write to Crew of two…");
}

#[test]
fn leaving_a_group_asks_and_leaves_it_to_be_read() {
    let mut story = crew();
    story.types("/leave").keys("enter").shows("Leave Release crew?");
    assert_eq!(story.requests(), []);
    story.keys("y");
    let leave = Request::LeaveGroup { room: room_id("r2") };
    assert_eq!(story.requests(), std::slice::from_ref(&leave));
    story.server(ServerEvent::Done(leave));
    story.shows("You have left Release crew.").shows("You are not in this group any more: it can be read only.");
    story.shows("# Release crew").shows("ship it");
    story.types("/leave").keys("enter").shows("You are not in this group any more.").lacks("Leave Release crew?");
}

#[test]
fn who_is_thrown_out_can_read_and_is_told() {
    let mut story = crew();
    story.types("half a th").effects.clear();
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("me") });
    story.shows("You were removed from Release crew.").shows("it can be read only.").lacks("half a th");
    assert_eq!(story.requests(), [Request::Typing { room: room_id("r2"), on: false }]);
    // Taken in again: the members' message is the first that is heard of it.
    let joined = MessageInfo { kind: MessageKind::Info, ..message("g2", "bob", "you joined", 10) };
    story.server(ServerEvent::Message(in_room("r2", joined)));
    assert_eq!(asks_standing(&mut story), 1);
    standing(&mut story, "r2", Standing::default());
    story.shows("› half a th").lacks("it can be read only.");
}

#[test]
fn of_somebody_elses_going_a_line_is_written_once() {
    let mut story = crew();
    story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("bob") });
    story.lacks("was removed");
    assert_eq!(asks_standing(&mut story), 1, "the numbers have changed");
    // Where the service tells who is in a room and writes no message about it.
    let mut story = Story::chat(100, 24);
    let told = room("r1", "Alice Archer", &["alice", "bob"], message("m2", "alice", "How are you?", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![told] });
    story.server(ServerEvent::Kicked { room: room_id("r1"), person: person_id("alice") });
    story.shows("Alice Archer was removed");
}

#[test]
fn a_room_is_asked_how_we_stand_in_it_when_it_is_opened_and_after_a_reconnect() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] }).effects.clear();
    let group = Request::Standing { room: room_id("r2"), kind: RoomKind::Group, username: String::new() };
    let single = Request::Standing { room: room_id("r1"), kind: RoomKind::Single, username: "alice".into() };
    story.keys("alt+down");
    assert!(story.requests().contains(&group));
    story.keys("alt+down");
    assert!(story.requests().contains(&single));
    story.server(ServerEvent::Link(Link::Connecting)).server(ServerEvent::Link(Link::Online));
    assert!(story.requests().contains(&single));
    // MinChat says how one stands by taking what is sent, or not.
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Link(Link::Connecting)).server(ServerEvent::Link(Link::Online));
    assert_eq!(asks_standing(&mut story), 0);
}

#[test]
fn a_room_of_somebody_blocked_closes_and_gives_back_what_was_written() {
    let mut story = chat();
    story.types("I meant to say").effects.clear();
    story.server(ServerEvent::BlockChanged(room_id("r1")));
    let requests = story.requests();
    assert_eq!(
        requests,
        [Request::Standing { room: room_id("r1"), kind: RoomKind::Single, username: "alice".into() }],
        "both sides are told the same"
    );
    standing(&mut story, "r1", access(Access::BlockedByMe));
    story.shows("You have blocked Alice Archer. /unblock ends that.").lacks("I meant to say").lacks("›");
    assert_eq!(story.requests(), [Request::Typing { room: room_id("r1"), on: false }]);
    story.types("hello").keys("enter ctrl+j").event(Event::Paste("pasted".into()));
    story.shows("You have blocked Alice Archer.").lacks("hello").lacks("pasted");
    assert_eq!(story.requests(), [], "nothing is sent, nor told as typing");
    story.types("/unblock").shows("› /unblock").keys("enter");
    let unblock = Request::Block { username: "alice".into(), on: false };
    assert_eq!(story.requests(), std::slice::from_ref(&unblock));
    story.shows("You have blocked Alice Archer.");
    story.server(ServerEvent::Done(unblock)).shows("Alice Archer is not blocked any more.");
    assert_eq!(asks_standing(&mut story), 1);
    standing(&mut story, "r1", access(Access::Open));
    story.shows("› I meant to say");
}

#[test]
fn who_is_blocked_is_told_by_whom_and_a_waiting_send_stays() {
    let mut story = chat();
    story.types("before").keys("enter");
    let send = story.requests().into_iter().find(|request| matches!(request, Request::Send { .. })).expect("a send");
    standing(&mut story, "r1", access(Access::BlockedByPeer));
    story.shows("Alice Archer has blocked you.").shows("before");
    story.server(ServerEvent::Failed { request: send, reason: SafeText::line("You dont have access") });
    story.shows("not sent: You dont have access");
    story.keys("tab x").shows("It waits as a draft").shows("Alice Archer has blocked you.");
    standing(&mut story, "r1", access(Access::Open));
    story.shows("› before");
}

#[test]
fn a_half_written_command_survives_the_opening_and_the_draft_comes_after_it() {
    let mut story = chat();
    story.types("later");
    standing(&mut story, "r1", access(Access::BlockedByMe));
    story.types("/inf");
    standing(&mut story, "r1", access(Access::Open));
    story.shows("› /inf").keys("backspace backspace backspace backspace").shows("› later");
}

#[test]
fn the_draft_of_a_closed_room_is_not_carried_into_another() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] });
    story.types("for Alice");
    standing(&mut story, "r1", access(Access::BlockedByPeer));
    story.types("/half").keys("alt+down").shows("Write to Release crew…").lacks("for Alice").lacks("/half");
    story.keys("alt+up").shows("Alice Archer has blocked you.");
    standing(&mut story, "r1", access(Access::Open));
    story.shows("› for Alice");
}

#[test]
fn an_order_that_is_done_is_closed() {
    let mut story = chat();
    let order = RoomInfo {
        kind: RoomKind::Order,
        ..room_on(VCHAT_CAN, "o1", "Order 1001", &["bob"], message("o", "bob", "paid", 5))
    };
    story.server(ServerEvent::Opened(Box::new(order))).shows("¤ Order 1001");
    standing(&mut story, "o1", access(Access::Done));
    story.shows("This order is closed.");
}

#[test]
fn blocking_takes_the_other_side_unless_somebody_is_named() {
    let mut story = chat();
    story.types("/block").keys("enter").types("/block @bob").keys("enter");
    let block = |username: &str| Request::Block { username: username.into(), on: true };
    assert_eq!(story.requests(), [block("alice"), block("bob")]);
    let mut story = crew();
    story.types("/block").keys("enter").shows("write it as /block USER.");
    story.types("/unblock").keys("enter").shows("write it as /unblock USER.");
}

#[test]
fn a_message_in_a_room_that_is_not_listed_asks_for_that_room_once() {
    let mut story = chat();
    let first = in_room("r2", message("g2", "bob", "one", 10));
    story
        .server(ServerEvent::Message(first))
        .server(ServerEvent::Message(in_room("r2", message("g3", "bob", "2", 20))));
    assert_eq!(story.requests(), [Request::Room { room: room_id("r2") }]);
    let info =
        RoomInfo { unread: Some(2), last_message: Some(in_room("r2", message("g3", "bob", "two", 20))), ..crew_info() };
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    assert!(story.screen().lines().nth(1).is_some_and(|row| row.contains(" 2 ")), "{}", story.screen());
    story.shows("Bob Brown: two");
}

#[test]
fn a_message_in_a_room_that_was_put_away_leaves_it_there() {
    let mut story = chat();
    story.server(ServerEvent::Message(in_room("r2", message("g2", "bob", "one", 10))));
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { archived: true, ..crew_info() })));
    story.lacks("Release crew").effects.clear();
    story.server(ServerEvent::Message(in_room("r2", message("g3", "bob", "two", 20))));
    assert_eq!(story.requests(), [], "it is known now");
    story.lacks("Release crew");
}

#[test]
fn what_the_server_counts_is_what_is_unread() {
    let mut story = chat();
    let news = RoomInfo {
        unread: Some(12),
        last_message: Some(in_room("r2", message("g9", "bob", "news", 10))),
        ..crew_info()
    };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![news.clone()] }).shows("12 │");
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![RoomInfo { unread: Some(0), ..news }] });
    story.lacks("12 │");
}

#[test]
fn who_is_there_is_asked_at_once_and_every_ten_seconds_while_online() {
    let mut story = Story::online_on(VCHAT_CAN, 100, 24);
    story.effects.clear();
    let alice = room_on(VCHAT_CAN, "r1", "Alice Archer", &["alice"], message("m2", "alice", "hi", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![alice, crew_info()] });
    let ask = Request::Presence { people: vec![(person_id("alice"), room_id("r1"))] };
    let asked = |story: &mut Story| story.requests().iter().filter(|request| **request == ask).count();
    assert_eq!(asked(&mut story), 1);
    story.wait(60 * SECOND);
    assert_eq!(asked(&mut story), 6);
    story.server(ServerEvent::Link(Link::Offline { retry_in: 1_000, reason: SafeText::line("down") }));
    story.wait(60 * SECOND);
    assert_eq!(asked(&mut story), 0);
    story.server(ServerEvent::Link(Link::Online));
    assert_eq!(asked(&mut story), 1);
}

#[test]
fn nothing_but_the_question_who_is_there_wakes_an_idle_program() {
    let mut story = chat();
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.history("r1", 1, 1, vec![]).wait(10 * SECOND).wait(1);
    let next = deadline(&story.state).expect("the next question");
    story.wait(next - story.now);
    assert!(matches!(story.requests().last(), Some(Request::Presence { .. })));
    assert_eq!(deadline(&story.state).map(|at| at - story.now), Some(10 * SECOND));
}

#[test]
fn no_rooms_are_told_that_we_are_here_where_one_is_asked() {
    let mut story = chat();
    story.server(ServerEvent::Link(Link::Connecting)).server(ServerEvent::Link(Link::Online)).wait(10 * MINUTE);
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Heartbeat { .. })));
}

/// Every answer "not there" moved it to a minute ago.
#[test]
fn last_seen_stays_where_it_was_however_often_one_asks() {
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
fn typing_and_recording_are_told_apart_in_the_room_they_name() {
    let mut story = crew();
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
fn the_header_of_a_group_says_how_many_are_there_and_what_it_is_about() {
    let mut story = crew();
    let about = Some(SafeText::block("All about\nthe release"));
    let role = Some(MemberRole::Admin);
    standing(
        &mut story,
        "r2",
        Standing { members: Some(12), online: Some(3), role, description: about, ..Standing::default() },
    );
    let header = story.row_with("12 members");
    assert!(header.contains("Release crew  All about"), "{header}");
    assert!(header.contains("12 members, 3 online · admin"), "{header}");
    assert!(!header.contains("the release"), "{header}");
}

#[test]
fn a_muted_room_is_marked_and_still_counted() {
    let mut story = chat();
    story.types("/mute").keys("enter");
    let mute = Request::Mute { room: room_id("r1"), on: true };
    assert_eq!(story.requests(), std::slice::from_ref(&mute));
    story.server(ServerEvent::Done(mute)).shows("Alice Archer is muted.").shows("⊘ 17:59");
    story.event(Event::Focus(false));
    story.server(ServerEvent::Message(message("m3", "alice", "Hey", 10))).shows(" 1 │");
    story.types("/unmute").keys("enter").server(ServerEvent::Done(Request::Mute { room: room_id("r1"), on: false }));
    story.lacks("⊘").shows("not muted any more");
}

#[test]
fn a_broadcast_is_opened_when_it_was_made() {
    let mut story = chat();
    story.types("/broadcast News: alice, bob").keys("enter");
    let usernames = vec!["alice".to_owned(), "bob".to_owned()];
    assert_eq!(story.requests(), [Request::CreateBroadcast { title: "News".into(), usernames }]);
    let info = RoomInfo { kind: RoomKind::Broadcast, title: SafeText::line("News"), last_message: None, ..crew_info() };
    story.server(ServerEvent::Opened(Box::new(info))).shows("» News").shows("Write to News…");
    standing(&mut story, "r2", Standing { members: Some(2), ..Standing::default() });
    story.shows("2 members").keys("f2");
    let asked = Request::Members { room: room_id("r2"), kind: RoomKind::Broadcast, page: 1 };
    assert!(story.requests().contains(&asked));
    let reader = |name: &str| Member { person: person(name, name_of(name)), role: None };
    members(&mut story, 1, false, vec![reader("alice"), reader("bob")]);
    assert!(status(&story).contains("remove") && !status(&story).contains("promote"), "{}", status(&story));
}

#[test]
fn the_other_side_is_known_from_the_list() {
    let mut story = chat();
    let bob = PersonInfo { username: SafeText::line("bob@example.org"), ..person("bob", "Bob Brown") };
    let listed = room_on(VCHAT_CAN, "r3", "Bobby", &["bob"], message("b1", "me", "hi", -5));
    let listed = RoomInfo { peer: Some(Box::new(bob)), ..listed };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed.clone()] });
    // Neither news that leave the other side out make them forgotten, nor a message that leaves their user name out.
    let mut message = in_room("r3", message("b2", "bob", "again", 5));
    message.author_info = Some(Box::new(PersonInfo { username: SafeText::default(), ..person("bob", "Bob Brown") }));
    story.server(ServerEvent::Message(message));
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { peer: None, kind: RoomKind::Unsaid, ..listed })));
    story.effects.clear();
    story.types("/go Bobby").keys("enter");
    let requests = story.requests();
    let username = || "bob@example.org".to_owned();
    let standing = Request::Standing { room: room_id("r3"), kind: RoomKind::Single, username: username() };
    assert!(requests.contains(&standing), "{requests:?}");
    assert!(requests.contains(&Request::Person { id: person_id("bob"), username: username() }), "{requests:?}");
}

#[test]
fn help_and_switcher_offer_what_the_service_can_do() {
    let help = |can| {
        let mut story = Story::chat_on(can, 100, 90);
        story.keys("f1").screen()
    };
    let (minchat, vchat) = (help(CAN), help(VCHAT_CAN));
    for both in ["/dm USER", "/delete-chat", "/add USER"] {
        assert!(minchat.contains(both) && vchat.contains(both), "no {both} on\n{minchat}\n{vchat}");
    }
    for one in ["/mute", "/role USER", "/archived", "make a member an admin"] {
        assert!(!minchat.contains(one) && vchat.contains(one), "{one} on\n{minchat}\n{vchat}");
    }
    assert!(minchat.contains("edit my last message") && !vchat.contains("edit my last message"));
    let mut story = chat();
    story.keys("ctrl+k").types("/mut").shows("/mute: mute this room").keys("enter").shows("› /mute");
    story.keys("enter");
    assert_eq!(story.requests(), [Request::Mute { room: room_id("r1"), on: true }]);
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k").types("/mut").lacks("/mute");
}

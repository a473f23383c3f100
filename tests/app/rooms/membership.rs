//! Membership: when a room accepts messages, and what happens to a draft when it no longer does.

use minchat_tui::app::Event;
use minchat_tui::domain::{
    ConnectionStatus, Failure, Membership, Request, RoomAccess, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;

use super::{access, chat, group, group_info, membership, membership_requests};
use test_support::story::*;

#[test]
fn membership_is_requested_on_opening_and_reconnecting() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group_info()] }).effects.clear();
    let group = Request::Membership { room: room_id("r2"), kind: RoomKind::Group, username: String::new() };
    let single = Request::Membership { room: room_id("r1"), kind: RoomKind::Direct, username: "alice".into() };
    story.keys("alt+down");
    assert!(story.requests().contains(&group));
    story.keys("alt+down");
    assert!(story.requests().contains(&single));
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    assert!(story.requests().contains(&single));
    // On MinChat, membership only shows when a send is accepted or refused.
    let mut story = Story::chat(100, 24);
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    assert_eq!(membership_requests(&mut story), 0);
}

#[test]
fn blocking_closes_the_room_and_keeps_the_draft() {
    let mut story = chat();
    story.types("I meant to say").effects.clear();
    story.server(ServerEvent::BlockChanged(room_id("r1")));
    let requests = story.requests();
    assert_eq!(
        requests,
        [Request::Membership { room: room_id("r1"), kind: RoomKind::Direct, username: "alice".into() }],
        "both sides are told the same"
    );
    membership(&mut story, "r1", access(RoomAccess::BlockedByMe));
    story.shows("You blocked Alice Archer. Type /unblock to write again.").lacks("I meant to say").lacks("›");
    assert_eq!(story.requests(), [Request::Typing { room: room_id("r1"), on: false }]);
    story.types("hello").keys("enter ctrl+j").event(Event::Paste("pasted".into()));
    story.shows("You blocked Alice Archer.").lacks("hello").lacks("pasted");
    assert_eq!(story.requests(), [], "nothing is sent or announced as typing");
    story.types("/unblock").shows("› /unblock").keys("enter");
    let unblock = Request::Block { username: "alice".into(), on: false };
    assert_eq!(story.requests(), std::slice::from_ref(&unblock));
    story.shows("You blocked Alice Archer.");
    story.server(ServerEvent::Done(unblock)).shows("Alice Archer is no longer blocked.");
    assert_eq!(membership_requests(&mut story), 1);
    membership(&mut story, "r1", access(RoomAccess::Open));
    story.shows("› I meant to say");
}

#[test]
fn blocked_user_is_told_and_queued_sends_stay() {
    let mut story = chat();
    story.types("before").keys("enter");
    let send = story.requests().into_iter().find(|request| matches!(request, Request::Send { .. })).expect("a send");
    membership(&mut story, "r1", access(RoomAccess::BlockedByPeer));
    story.shows("Alice Archer blocked you.").shows("before");
    story.server(ServerEvent::Failed {
        request: send,
        failure: Failure::Refused,
        reason: SafeText::line("You dont have access"),
    });
    story.shows("Not sent: You dont have access");
    story.keys("tab x").shows("Saved as a draft").shows("Alice Archer blocked you.");
    membership(&mut story, "r1", access(RoomAccess::Open));
    story.shows("› before");
}

#[test]
fn typed_command_survives_reopening_before_the_draft() {
    let mut story = chat();
    story.types("later");
    membership(&mut story, "r1", access(RoomAccess::BlockedByMe));
    story.types("/inf");
    membership(&mut story, "r1", access(RoomAccess::Open));
    story.shows("› /inf").keys("backspace backspace backspace backspace").shows("› later");
}

#[test]
fn draft_of_a_closed_room_stays_in_its_room() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group_info()] });
    story.types("for Alice");
    membership(&mut story, "r1", access(RoomAccess::BlockedByPeer));
    story.types("/half").keys("alt+down").shows("Message Release crew…").lacks("for Alice").lacks("/half");
    story.keys("alt+up").shows("Alice Archer blocked you.");
    membership(&mut story, "r1", access(RoomAccess::Open));
    story.shows("› for Alice");
}

#[test]
fn completed_order_is_closed() {
    let mut story = chat();
    let order = RoomInfo {
        kind: RoomKind::Order,
        ..room_on(VCHAT, "o1", "Order 1001", &["bob"], message("o", "bob", "paid", 5))
    };
    story.server(ServerEvent::RoomOpened(Box::new(order))).shows("¤ Order 1001");
    membership(&mut story, "o1", access(RoomAccess::Closed));
    story.shows("This order is closed.");
}

#[test]
fn block_command_defaults_to_the_other_person() {
    let mut story = chat();
    story.types("/block").keys("enter").confirms().types("/block @bob").keys("enter").confirms();
    let block = |username: &str| Request::Block { username: username.into(), on: true };
    assert_eq!(story.requests(), [block("alice"), block("bob")]);
    let mut story = group();
    story.types("/block").keys("enter").shows("Type /block USER.").keys("ctrl+u");
    story.types("/unblock").keys("enter").shows("Type /unblock USER.");
}

fn not_found(request: Request, failure: Failure) -> ServerEvent {
    ServerEvent::Failed { request, failure, reason: SafeText::line("Room not found") }
}

/// MinChat tells only those who stay. Whoever was removed wrote into a room that refused every message.
#[test]
fn refused_message_closes_a_room_that_we_were_removed_from() {
    let last = || in_room("r2", message("g1", "carol", "ship it", -3_600_000));
    let crew = || room("r2", "Release crew", &["bob", "carol"], last());
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew()] });
    story.types("/go Release").keys("enter").history("r2", 1, 1, vec![seen(last())]);
    story.wait(2_000).shows("3 members").types("on its way").keys("enter").types("a draft");
    let send = story.requests().into_iter().find(|request| matches!(request, Request::Send { .. })).expect("a send");
    let reason = SafeText::line("The server refused the request: the user is not a participant of the chat");
    story.server(ServerEvent::Failed { request: send, failure: Failure::NotMember, reason });
    story.shows("on its way").shows("Not sent: You are no longer a member of this group.").lacks("3 members");
    story.shows("You are no longer in this group. It is read-only.").shows("You are no longer in Release crew.");
    story.effects.clear();
    story.keys("enter");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Send { .. })));
    // Added again.
    story.server(ServerEvent::RoomChanged(Box::new(crew()))).lacks("no longer in this group").shows("3 members");
    story.shows("a draft");
    assert!(story.requests().contains(&Request::Join { room: room_id("r2") }));
}

/// The server says "Room not found" to members it has removed; the client told them that the group was deleted.
#[test]
fn removed_member_is_not_told_that_the_group_was_deleted() {
    let mut story = group();
    story.server(not_found(Request::Room { room: room_id("r2") }, Failure::NotFound));
    let asks = |request: &Request| matches!(request, Request::Membership { room, .. } if *room == room_id("r2"));
    assert!(story.requests().iter().any(asks), "removed or deleted? only the membership tells");
    let membership = Membership { access: RoomAccess::NotMember, ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r2"), membership });
    story.lacks("deleted").shows("no longer in this group");
}

#[test]
fn deleted_group_leaves_the_list_once_its_membership_is_gone() {
    let mut story = group();
    story.server(not_found(Request::Room { room: room_id("r2") }, Failure::NotFound));
    story.shows("Release crew");
    let asks = |request: &Request| matches!(request, Request::Membership { room, .. } if *room == room_id("r2"));
    let request = story.requests().into_iter().rfind(asks).expect("a request for the membership");
    story.server(not_found(request, Failure::Refused)).shows("was deleted");
    assert!(story.state.account().rooms.get(&room_id("r2")).is_none());
}

/// A refused send in a group. The membership has been requested.
fn refused_send() -> (Story, Request) {
    let mut story = group();
    story.types("on its way").keys("enter");
    let send = story.requests().into_iter().find(|request| matches!(request, Request::Send { .. })).expect("a send");
    story.server(not_found(send, Failure::Refused)).lacks("Not sent");
    let asks = |request: &Request| matches!(request, Request::Membership { room, .. } if *room == room_id("r2"));
    let request = story.requests().into_iter().rfind(asks).expect("a request for the membership");
    (story, request)
}

/// An expired token refuses every request. The group was said to be deleted, with all queued messages and the draft.
#[test]
fn refused_requests_do_not_mean_that_the_group_was_deleted() {
    let (mut story, request) = refused_send();
    story.server(not_found(request, Failure::Refused));
    story.shows("Not sent:").lacks("deleted").shows("Release crew");
}

/// The message stayed "sending" and blocked its room until the next start.
#[test]
fn failure_that_waits_for_the_membership_survives_a_reconnect() {
    let (mut story, _) = refused_send();
    story.server(ServerEvent::EventsLost).shows("Not sent:").shows("on its way");
}

/// The message under way was said to have failed because "This chat was deleted".
#[test]
fn send_of_a_removed_member_says_so() {
    for (failure, told_before) in
        [(Failure::NotFound, false), (Failure::Refused, false), (Failure::NotFound, true), (Failure::Refused, true)]
    {
        let mut story = group();
        story.types("on its way").keys("enter");
        let is_send = |request: &Request| matches!(request, Request::Send { .. });
        let send = story.requests().into_iter().find(is_send).expect("a send");
        if told_before {
            membership(&mut story, "r2", access(RoomAccess::NotMember));
        }
        story.server(not_found(send, failure));
        if !told_before {
            assert_eq!(membership_requests(&mut story), 1, "removed or deleted? only the membership tells");
            story.lacks("Not sent");
            membership(&mut story, "r2", access(RoomAccess::NotMember));
        }
        story.shows("│   Not sent: You are no longer a member of this group.").lacks("deleted").shows("on its way");
    }
}

#[test]
fn send_that_a_group_refuses_keeps_its_reason() {
    for answer in [Some(RoomAccess::Open), None] {
        let mut story = group();
        story.types("on its way").keys("enter");
        let is_send = |request: &Request| matches!(request, Request::Send { .. });
        let request = story.requests().into_iter().find(is_send).expect("a send");
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("Too rude.") });
        let verify = story.requests().pop().expect("a request for the membership");
        match answer {
            Some(open) => membership(&mut story, "r2", access(open)),
            None => drop(story.server(not_found(verify, Failure::NotSent))),
        }
        story.shows("Not sent: Too rude.");
        assert_eq!(membership_requests(&mut story), 0, "it is not asked again");
    }
}

/// The server refuses to delete a group for somebody who left it, or says that it did and lists it again. The client
/// said "was deleted" either way.
#[test]
fn group_that_was_left_is_deleted_or_said_to_stay() {
    let delete = Request::DeleteRoom { room: room_id("r2") };
    let not_a_member = || {
        let mut story = group();
        membership(&mut story, "r2", access(RoomAccess::NotMember));
        story.types("/delete-chat").keys("enter").shows("Delete Release crew").confirms();
        assert_eq!(story.requests(), std::slice::from_ref(&delete));
        story
    };
    let list = |rooms: Vec<RoomInfo>| ServerEvent::Rooms { page: 1, pages: 1, rooms };
    let stays = "Release crew was not deleted: the server keeps groups that you left.";
    for answer in [
        ServerEvent::RoomDeleted(room_id("r2")),
        not_found(delete.clone(), Failure::NotFound),
        not_found(delete.clone(), Failure::Refused),
    ] {
        let mut story = not_a_member();
        story.server(answer.clone());
        assert!(story.requests().contains(&Request::Rooms { page: 1 }), "does the server still list it?");
        story.server(list(vec![group_info()])).shows(stays).shows("# Release crew");

        let mut story = not_a_member();
        story.server(answer).server(list(Vec::new())).shows("Release crew was deleted.").lacks("# Release crew");
    }
    let mut story = not_a_member();
    story.server(not_found(delete, Failure::NotSent)).shows("Room not found").shows("# Release crew");
}

/// The server acknowledged the deletion of a room and kept it. The room was said to be deleted until the list was loaded
/// again.
#[test]
fn acknowledged_deletion_is_verified_in_the_list() {
    for (can, stays) in [(MINCHAT, true), (MINCHAT, false), (VCHAT, true), (VCHAT, false)] {
        let mut story = Story::chat_on(can, 100, 24);
        let alice = room_on(can, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000));
        story.types("/delete-chat").keys("enter").confirms().effects.clear();
        story.server(ServerEvent::RoomDeleted(room_id("r1"))).shows("Alice Archer was deleted.");
        assert!(story.requests().contains(&Request::Rooms { page: 1 }), "does the server still list it?");
        let rooms = if stays { vec![alice] } else { Vec::new() };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        let told = if stays { "Alice Archer was not deleted, although the server said so." } else { "was deleted." };
        story.shows(told);
        assert_eq!(story.state.account().rooms.is_empty(), !stays, "{}", story.screen());
    }
}

/// The room list omits archived rooms, so a group that the server had refused to delete was said to be deleted.
#[test]
fn refused_deletion_of_an_archived_group_is_reported() {
    let delete = Request::DeleteRoom { room: room_id("r2") };
    for failure in [Failure::NotFound, Failure::Refused] {
        let mut story = group();
        story.server(ServerEvent::RoomOpened(Box::new(RoomInfo { archived: true, ..group_info() })));
        membership(&mut story, "r2", access(RoomAccess::NotMember));
        story.types("/delete-chat").keys("enter").confirms().effects.clear();
        story.server(not_found(delete.clone(), failure)).shows("Not deleted: Room not found");
        assert_eq!(story.requests(), []);
        story.shows("# Release crew");
    }
}

/// The answer to a request from before the deletion decided about it, or a page that cannot contain the group.
#[test]
fn list_read_after_a_deletion_decides_about_it() {
    let delete = Request::DeleteRoom { room: room_id("r2") };
    let alice = || room_on(VCHAT, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000));
    let list = |page, rooms: Vec<RoomInfo>| ServerEvent::Rooms { page, pages: 2, rooms };
    for stays in [true, false] {
        let mut story = group();
        membership(&mut story, "r2", access(RoomAccess::NotMember));
        story.server(list(1, vec![alice()])).effects.clear();
        story.types("/delete-chat").keys("enter").confirms();
        story.server(not_found(delete.clone(), Failure::Refused)).effects.clear();
        // The group moved to page 1 after that was read.
        story.server(list(2, Vec::new())).lacks("was deleted").shows("# Release crew");
        assert!(story.requests().contains(&Request::Rooms { page: 1 }), "it is read again");
        story.server(list(1, vec![alice()])).lacks("was deleted");
        assert_eq!(story.requests(), [Request::Rooms { page: 2 }]);
        let rooms = if stays { vec![group_info()] } else { Vec::new() };
        let told = if stays { "Release crew was not deleted" } else { "Release crew was deleted." };
        story.server(list(2, rooms)).shows(told);
    }
}

/// V Chat sends empty pages to former members, and the history seemed to begin with the newest messages.
#[test]
fn empty_page_of_a_left_group_does_not_end_its_history() {
    let is_page = |request: &Request| matches!(request, Request::History { .. });
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group_info()] });
    story.types("/go Release").keys("enter");
    story.history("r2", 1, 2, vec![seen(in_room("r2", message("g1", "carol", "ship it", -3_600_000)))]);
    story.history("r2", 2, 3, vec![seen(in_room("r2", message("g0", "carol", "earlier", -7_200_000)))]);
    story.wait(2_000);
    story.server(ServerEvent::EventsLost).effects.clear();
    story.history("r2", 1, 1, Vec::new());
    story.lacks("Start of the conversation").shows("Messages are missing");
    membership(&mut story, "r2", access(RoomAccess::NotMember));
    story.shows("no longer in this group").effects.clear();
    story.server(ServerEvent::EventsLost).wait(120_000).keys("pageup pageup alt+up alt+down");
    story.wait(2_000).lacks("Start of the conversation");
    let pages: Vec<Request> = story.requests().into_iter().filter(is_page).collect();
    let of_group = |request: &&Request| matches!(request, Request::History { room, .. } if *room == room_id("r2"));
    assert_eq!(pages.iter().filter(of_group).count(), 0, "{pages:?}");
    story.keys("alt+g").shows("You are no longer in this group");
}

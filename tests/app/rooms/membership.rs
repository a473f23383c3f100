//! Where one can write, and what becomes of what was written where one cannot.

use minchat_tui::app::Event;
use minchat_tui::domain::{Access, ConnectionStatus, Request, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;

use super::{access, asks_standing, chat, crew, crew_info, membership};
use test_support::story::*;

#[test]
fn a_room_is_asked_how_we_stand_in_it_when_it_is_opened_and_after_a_reconnect() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] }).effects.clear();
    let group = Request::Membership { room: room_id("r2"), kind: RoomKind::Group, username: String::new() };
    let single = Request::Membership { room: room_id("r1"), kind: RoomKind::Single, username: "alice".into() };
    story.keys("alt+down");
    assert!(story.requests().contains(&group));
    story.keys("alt+down");
    assert!(story.requests().contains(&single));
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    assert!(story.requests().contains(&single));
    // MinChat says how one stands by taking what is sent, or not.
    let mut story = Story::chat(100, 24);
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
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
        [Request::Membership { room: room_id("r1"), kind: RoomKind::Single, username: "alice".into() }],
        "both sides are told the same"
    );
    membership(&mut story, "r1", access(Access::BlockedByMe));
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
    membership(&mut story, "r1", access(Access::Open));
    story.shows("› I meant to say");
}

#[test]
fn who_is_blocked_is_told_by_whom_and_a_waiting_send_stays() {
    let mut story = chat();
    story.types("before").keys("enter");
    let send = story.requests().into_iter().find(|request| matches!(request, Request::Send { .. })).expect("a send");
    membership(&mut story, "r1", access(Access::BlockedByPeer));
    story.shows("Alice Archer has blocked you.").shows("before");
    story.server(ServerEvent::Failed {
        request: send,
        failure: Failure::Refused,
        reason: SafeText::line("You dont have access"),
    });
    story.shows("Not sent: You dont have access");
    story.keys("tab x").shows("It waits as a draft").shows("Alice Archer has blocked you.");
    membership(&mut story, "r1", access(Access::Open));
    story.shows("› before");
}

#[test]
fn a_half_written_command_survives_the_opening_and_the_draft_comes_after_it() {
    let mut story = chat();
    story.types("later");
    membership(&mut story, "r1", access(Access::BlockedByMe));
    story.types("/inf");
    membership(&mut story, "r1", access(Access::Open));
    story.shows("› /inf").keys("backspace backspace backspace backspace").shows("› later");
}

#[test]
fn the_draft_of_a_closed_room_is_not_carried_into_another() {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] });
    story.types("for Alice");
    membership(&mut story, "r1", access(Access::BlockedByPeer));
    story.types("/half").keys("alt+down").shows("Message Release crew…").lacks("for Alice").lacks("/half");
    story.keys("alt+up").shows("Alice Archer has blocked you.");
    membership(&mut story, "r1", access(Access::Open));
    story.shows("› for Alice");
}

#[test]
fn an_order_that_is_done_is_closed() {
    let mut story = chat();
    let order = RoomInfo {
        kind: RoomKind::Order,
        ..room_on(VCHAT, "o1", "Order 1001", &["bob"], message("o", "bob", "paid", 5))
    };
    story.server(ServerEvent::Opened(Box::new(order))).shows("¤ Order 1001");
    membership(&mut story, "o1", access(Access::Closed));
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

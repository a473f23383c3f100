//! Stars, read receipts of a message, and the call history.

use minchat_tui::app::{ListTarget, Overlay};
use minchat_tui::domain::{
    CallEnd, CallId, CallRecord, CallStatus, Delivery, MINUTE, MessageInfo, Request, RoomKind, SECOND, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

/// Rows of the open list, each with its text and hint, and whether more rows are still loading.
fn list(story: &Story) -> (Vec<String>, bool) {
    let Some(Overlay::List(list)) = &story.state.ui.overlay else { panic!("no list on\n{}", story.screen()) };
    (list.rows.iter().map(|row| format!("{} | {}", row.text, row.hint)).collect(), list.loading)
}

#[test]
fn star_is_shown_once_the_server_has_it() {
    let mut story = vchat_story(100, 24);
    let star = |on| Request::Star { room: room_id("r1"), message: message_id("m2"), on };
    story.keys("tab *");
    assert_eq!(take_requests(&mut story), [star(true)]);
    assert!(!story.row_with("How are you?").ends_with('★'));
    story.server(ServerEvent::Done(star(true)));
    assert!(story.row_with("How are you?").ends_with('★'), "{}", story.screen());
    story.history("r1", 1, 1, two_messages());
    assert!(story.row_with("How are you?").ends_with('★'), "a page without stars removes none");
    story.keys("*");
    assert_eq!(take_requests(&mut story), [star(false)]);
    story.server(ServerEvent::Failed {
        request: star(false),
        failure: Failure::Refused,
        reason: SafeText::line("Try later."),
    });
    story.shows("Star not removed: Try later.");
    let unstarred = MessageInfo { starred: Some(false), ..two_messages().remove(1) };
    story.history("r1", 1, 1, vec![two_messages().remove(0), unstarred]);
    story.lacks("★");
}

#[test]
fn starred_messages_are_listed() {
    let mut story = vchat_story(100, 24);
    story.types("/stars").keys("enter");
    assert_eq!(take_requests(&mut story), [Request::Stars { room: Some(room_id("r1")) }]);
    assert_eq!(list(&story), (vec![], true));
    let starred = MessageInfo { starred: Some(true), ..two_messages().remove(1) };
    story.server(ServerEvent::Stars { room: None, messages: vec![starred.clone()] });
    assert_eq!(list(&story), (vec![], true), "the answer belongs to another request");
    story.server(ServerEvent::Stars { room: Some(room_id("r1")), messages: vec![starred.clone()] });
    assert_eq!(list(&story), (vec!["Alice Archer: How are you? | 17:59".into()], false));
    story.keys("esc");
    assert!(story.row_with("How are you?").ends_with('★'), "{}", story.screen());
    story.types("/stars all").keys("enter");
    assert_eq!(take_requests(&mut story), [Request::Stars { room: None }]);
    story.server(ServerEvent::Stars { room: None, messages: vec![starred] });
    assert_eq!(list(&story), (vec!["Alice Archer: How are you? | Alice Archer, 17:59".into()], false));
    let Some(Overlay::List(list)) = &story.state.ui.overlay else { panic!("no list") };
    assert_eq!(list.rows[0].target, ListTarget::Message(room_id("r1"), message_id("m2")));
}

#[test]
fn failed_list_closes_with_the_reason() {
    let mut story = vchat_story(100, 24);
    story.types("/stars").keys("enter");
    let request = take_requests(&mut story).remove(0);
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("No stars today.") });
    story.shows("No stars today.");
    assert!(story.state.ui.overlay.is_none());
}

/// The group, with a selected message of the user.
fn open_group() -> Story {
    let mut story = vchat_story(100, 24);
    story.keys("alt+down");
    let page = vec![
        in_room("r2", sent_message("g1", "carol", "ship it", -120_000)),
        in_room("r2", sent_message("g2", "me", "shipped", -MINUTE)),
    ];
    story.history("r2", 1, 1, page);
    story.wait(1_000);
    story.effects.clear();
    story.keys("tab");
    story
}

/// The tick of the message whose readers are listed.
fn tick(story: &Story) -> Delivery {
    let room = story.state.scene().open_room().expect("a room");
    room.timeline.get(room.timeline.find(&message_id("g2")).expect("the message")).delivery
}

#[test]
fn receipts_of_a_group_message_merge_two_answers() {
    let mut story = open_group();
    story.keys("v");
    let ask =
        |seen| Request::SeenBy { room: room_id("r2"), kind: RoomKind::Group, message: message_id("g2"), seen, page: 1 };
    assert_eq!(take_requests(&mut story), [ask(true), ask(false)]);
    let (bob, carol) = (person("bob", "Bob Brown"), person("carol", "Carol Chen"));
    let answer = |seen, people| ServerEvent::SeenBy { message: message_id("g2"), seen, people, next: None };
    story.server(answer(false, vec![(bob.clone(), Some(BEGIN)), (carol.clone(), None)]));
    assert_eq!(list(&story), (vec!["Bob Brown | received".into(), "Carol Chen | received".into()], true));
    assert_eq!(tick(&story), Delivery::Delivered, "the tick agrees with the list");
    story.server(answer(true, vec![(carol, Some(BEGIN + 3 * MINUTE))]));
    assert_eq!(list(&story), (vec!["Carol Chen | seen 18:03".into(), "Bob Brown | received".into()], false));
    assert_eq!(tick(&story), Delivery::Seen);
}

/// Regression test: the list ended after 49 people, without a hint that there were others.
#[test]
fn all_pages_of_readers_are_listed() {
    let mut story = open_group();
    story.keys("v");
    let ask = |seen, page| {
        let (room, message) = (room_id("r2"), message_id("g2"));
        Request::SeenBy { room, kind: RoomKind::Group, message, seen, page }
    };
    take_requests(&mut story);
    let people = |numbers: std::ops::Range<u32>| {
        numbers.map(|n| (person(&format!("p{n}"), &format!("Person {n:02}")), None)).collect::<Vec<_>>()
    };
    let mut answer = |seen, people, next, requested: &[Request]| {
        story.server(ServerEvent::SeenBy { message: message_id("g2"), seen, people, next });
        assert_eq!(take_requests(&mut story), requested);
        list(&story)
    };
    answer(false, people(60..65), Some(2), &[ask(false, 2)]);
    answer(true, people(0..49), Some(2), &[ask(true, 2)]);
    // The same page again, for the ticks.
    assert!(answer(true, people(0..49), Some(2), &[]).1, "it is still loading");
    assert!(answer(true, people(49..60), None, &[]).1);
    let (rows, is_loading) = answer(false, people(65..66), None, &[]);
    assert!(!is_loading);
    let expected = (0..66).map(|n| format!("Person {n:02} | {}", if n < 60 { "seen" } else { "received" }));
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

#[test]
fn receipts_are_listed_if_one_answer_fails() {
    let mut story = open_group();
    story.keys("v");
    let requests = take_requests(&mut story);
    let people = vec![(person("bob", "Bob Brown"), None)];
    story.server(ServerEvent::SeenBy { message: message_id("g2"), seen: true, people, next: None });
    story.server(ServerEvent::Failed {
        request: requests[1].clone(),
        failure: Failure::Refused,
        reason: SafeText::line("Busy."),
    });
    assert_eq!(list(&story), (vec!["Bob Brown | seen".into()], false));
    story.keys("esc v");
    for request in take_requests(&mut story) {
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("Busy.") });
    }
    assert!(story.state.ui.overlay.is_none(), "the list is empty");
    story.shows("Busy.").keys("up v").shows("Only your own messages show");
}

/// Regression test: the service does not know the readers of a deleted message, and its error was shown.
#[test]
fn list_of_readers_closes_when_the_message_is_deleted() {
    let (room, message) = (room_id("r2"), message_id("g2"));
    let revoked = ServerEvent::Revoked { room: room.clone(), message: message.clone(), author: person_id("me") };
    let deleted = Request::Delete { room: room.clone(), message: message.clone() };
    let removed = Request::DeleteForMe { room: room.clone(), message: message.clone() };
    for event in [revoked, ServerEvent::Done(deleted), ServerEvent::Done(removed)] {
        for is_filled in [true, false] {
            let mut story = open_group();
            story.keys("v");
            let requests = take_requests(&mut story);
            if is_filled {
                let people = vec![(person("bob", "Bob Brown"), None)];
                story.server(ServerEvent::SeenBy { message: message.clone(), seen: true, people, next: None });
            }
            story.keys("f1").server(event.clone());
            story.keys("esc").shows("The message was deleted.");
            assert!(story.state.ui.overlay.is_none(), "{}", story.screen());
            for request in requests {
                let (failure, reason) = (Failure::Refused, SafeText::line("Message not found"));
                story.server(ServerEvent::Failed { request, failure, reason }).lacks("Message not found");
            }
        }
    }
    let mut story = open_group();
    story.keys("v");
    let page = vec![MessageInfo { deleted: true, ..in_room("r2", sent_message("g2", "me", "", -MINUTE)) }];
    story.history("r2", 1, 1, page).shows("The message was deleted.");
    assert!(story.state.ui.overlay.is_none(), "{}", story.screen());
}

#[test]
fn receipts_of_a_direct_message_are_shown_in_words() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::Message(sent_message("m3", "me", "Are you there?", 10)));
    story.keys("tab v").shows("Sent, not delivered to Alice Archer yet.");
    story.server(ServerEvent::RoomDelivered { room: room_id("r1"), author: person_id("me") });
    story.keys("v").shows("Delivered to Alice Archer, not seen yet.");
    story.server(ServerEvent::RoomSeen { room: room_id("r1"), author: person_id("me") });
    story.keys("v").shows("Alice Archer has seen it.");
    assert_eq!(take_requests(&mut story), []);
}

#[test]
fn call_history_is_listed_in_words() {
    let mut story = vchat_story(100, 24);
    story.types("/calls").keys("enter");
    assert_eq!(take_requests(&mut story), [Request::Calls]);
    let record = |status, ended| CallRecord {
        id: CallId::new("c1"),
        room: Some(room_id("r3")),
        peer: person("bob", "Bob Brown"),
        video: true,
        status,
        started_at: BEGIN + -MINUTE,
        ended_at: ended,
    };
    let finished = record(CallStatus::Ended(CallEnd::Finished), Some(BEGIN + -MINUTE + 12 * SECOND));
    let missed = CallRecord { video: false, ..record(CallStatus::Ended(CallEnd::TimedOut), None) };
    story.server(ServerEvent::Calls(vec![finished, missed]));
    let rows = vec!["Bob Brown: video call, 0:12 | 17:59".into(), "Bob Brown: voice call, not answered | 17:59".into()];
    assert_eq!(list(&story), (rows, false));
}

/// The late answers about another message counted, and the list was complete without one of its own.
#[test]
fn receipts_of_another_message_do_not_count() {
    let mut story = open_group();
    story.keys("v");
    let late = |seen| ServerEvent::SeenBy { message: message_id("g1"), seen, people: Vec::new(), next: None };
    story.server(late(true)).server(late(false));
    assert_eq!(list(&story), (Vec::<String>::new(), true));
    let people = vec![(person("bob", "Bob Brown"), None)];
    let answer = |seen, people| ServerEvent::SeenBy { message: message_id("g2"), seen, people, next: None };
    story.server(answer(false, people));
    assert_eq!(list(&story), (vec!["Bob Brown | received".into()], true));
    let kind = RoomKind::Group;
    let request = Request::SeenBy { room: room_id("r2"), kind, message: message_id("g1"), seen: true, page: 1 };
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("Busy.") });
    assert_eq!(list(&story), (vec!["Bob Brown | received".into()], true));
    story.server(answer(true, Vec::new()));
    assert_eq!(list(&story), (vec!["Bob Brown | received".into()], false));
}

/// The user's own messages in a group, of which the service reports nothing by itself.
fn own_messages(story: &Story) -> Vec<(String, Delivery)> {
    let room = story.state.scene().open_room().expect("a room");
    let own = room.timeline.iter().filter(|(_, message)| message.author == me().id);
    own.map(|(_, message)| (message.text.to_string(), message.delivery)).collect()
}

/// They stayed ✓ for ever, although everybody saw them, and the list of readers changed only one of them.
#[test]
fn group_messages_are_marked_as_seen() {
    let ask = |id: &str| Request::SeenBy {
        room: room_id("r2"),
        kind: RoomKind::Group,
        message: message_id(id),
        seen: true,
        page: 1,
    };
    let seen_by = |id: &str, people| ServerEvent::SeenBy { message: message_id(id), seen: true, people, next: None };
    let bob = || vec![(person("bob", "Bob Brown"), None)];
    let mut story = vchat_story(100, 24);
    story.keys("alt+down");
    let own = |id: &str, text: &str, at: i64| in_room("r2", sent_message(id, "me", text, at));
    story.history("r2", 1, 1, vec![own("g1", "ship it", -120_000), own("g2", "shipped", -MINUTE)]);
    assert!(story.requests().contains(&ask("g2")), "when the group is opened");
    story.server(seen_by("g2", Vec::new()));
    use Delivery::{Seen, Sent};
    assert_eq!(own_messages(&story), [("ship it".into(), Sent), ("shipped".into(), Sent)]);
    // Somebody has written, so the service knows more.
    story.server(ServerEvent::Message(in_room("r2", message("g3", "bob", "great", 10)))).wait(2_000);
    assert!(story.requests().contains(&ask("g2")), "when somebody writes");
    story.server(ServerEvent::Message(in_room("r2", message("g4", "bob", "really", 20)))).wait(2_000);
    assert!(!story.requests().contains(&ask("g2")), "one request at a time");
    story.server(ServerEvent::Message(own("g5", "thanks", 30)));
    story.server(seen_by("g2", bob()));
    assert_eq!(own_messages(&story), [("ship it".into(), Seen), ("shipped".into(), Seen), ("thanks".into(), Sent)]);
    // A failure is no news: nobody has asked for anything.
    story.server(ServerEvent::Message(in_room("r2", message("g6", "bob", "sure", 40)))).wait(2_000);
    assert!(story.requests().contains(&ask("g5")));
    let reason = SafeText::line("Busy.");
    story.server(ServerEvent::Failed { request: ask("g5"), failure: Failure::NotSent, reason }).lacks("Busy.");
    story.keys("alt+up alt+down");
    assert!(story.requests().contains(&ask("g5")), "when it is opened again");
    story.server(seen_by("g5", bob()));
    story.server(ServerEvent::Message(in_room("r2", message("g7", "bob", "bye", 50)))).wait(2_000);
    assert!(!story.requests().iter().any(|request| matches!(request, Request::SeenBy { .. })), "it is known");
}

//! What may have been sent.

use super::*;

/// A send of which nobody knows whether it arrived, when it is time to look for it.
fn doubted(story: &mut Story, text: &str) -> Request {
    write(story, text);
    let request = one(story);
    fail(story, &request, Failure::Uncertain);
    assert!(story.row_with(text).ends_with('?'), "{}", story.screen());
    story.wait(2_100);
    request
}

#[test]
fn what_arrived_although_the_answer_was_lost_is_found_and_not_sent_again() {
    for mut story in both() {
        let request = doubted(&mut story, "hello");
        assert!(asks_page(&mut story));
        page(&mut story, &[becomes(&request, "m3", 50)]);
        assert!(story.row_with("hello").ends_with('✓'), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn what_did_not_arrive_is_sent_again_under_the_same_identity() {
    for mut story in both() {
        let request = doubted(&mut story, "hello");
        page(&mut story, &[]);
        assert_eq!(one(&mut story), request);
        assert!(story.row_with("hello").ends_with('…'), "{}", story.screen());
    }
}

/// A page that was asked for before the doubt says nothing about it.
#[test]
fn a_page_from_before_does_not_count() {
    for mut story in both() {
        write(&mut story, "hello");
        let request = one(&mut story);
        story.server(ServerEvent::Gap);
        fail(&mut story, &request, Failure::Uncertain);
        story.wait(2_100);
        story.effects.clear();
        let open = story.state.scene().open_room().unwrap().history.asked;
        assert!(open >= 2, "{open}");
        story.history("r1", 1, 1, vec![seen(message("m2", "alice", "How are you?", -60_000))]);
        assert_eq!(texts(&mut story), [""; 0], "sent again on the word of an old page");
        page(&mut story, &[becomes(&request, "m3", 50)]);
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn a_page_that_cannot_be_had_is_asked_for_again() {
    for mut story in both() {
        let request = doubted(&mut story, "hello");
        story.effects.clear();
        let history = Request::History { room: room_id("r1"), page: 1, before: None };
        fail(&mut story, &history, Failure::NotSent);
        assert_eq!(texts(&mut story), [""; 0]);
        story.wait(1_100);
        assert!(asks_page(&mut story));
        page(&mut story, &[]);
        assert_eq!(one(&mut story), request);
    }
}

#[test]
fn what_follows_waits_until_the_doubt_is_over() {
    for mut story in both() {
        let first = doubted(&mut story, "one");
        write(&mut story, "two");
        assert_eq!(texts(&mut story), [""; 0]);
        page(&mut story, &[becomes(&first, "m3", 50)]);
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn a_service_that_refuses_second_copies_says_that_it_has_it() {
    let [_, mut story] = both();
    let request = doubted(&mut story, "hello");
    page(&mut story, &[]);
    assert_eq!(one(&mut story), request);
    story.server(ServerEvent::Duplicate { room: room_id("r1"), local: local_of(&request) });
    assert!(story.row_with("hello").ends_with('✓'), "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
}

/// On a server that does not return the identity of sends.
fn forgetful() -> Story {
    let [mut story, _] = both();
    write(&mut story, "first");
    let request = one(&mut story);
    let info = MessageInfo { local: None, ..becomes(&request, "m3", 10) };
    let local = local_of(&request);
    let id = Some(info.id.clone());
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: Some(Box::new(info)) });
    assert_eq!(story.state.account().returns_locals, Some(false));
    story
}

fn first() -> MessageInfo {
    message("m3", "me", "first", 10)
}

#[test]
fn where_the_identity_is_not_returned_the_user_decides() {
    let mut story = forgetful();
    let request = doubted(&mut story, "hello");
    page(&mut story, &[first(), message("m4", "me", "hello", 50)]);
    story.shows("May have been sent · s retry · x discard");
    assert_eq!(story.pane().matches("  hello").count(), 2, "beside its likely copy:\n{}", story.screen());
    story.wait(60_000);
    assert_eq!(texts(&mut story), [""; 0]);
    // Nobody is held up by it.
    write(&mut story, "next");
    assert_eq!(texts(&mut story), ["next"]);
    told(&mut story);
    story.keys("ctrl+up up s");
    assert_eq!(texts(&mut story), [""; 0]);
    assert_eq!(told(&mut story), ["queued"]);
    let next = story.state.account().outbox.iter().find(|entry| entry.local != local_of(&request)).unwrap().request();
    accept(&mut story, &next, "m5");
    assert_eq!(one(&mut story), request);
}

#[test]
fn what_is_discarded_in_doubt_is_gone_here() {
    let mut story = forgetful();
    doubted(&mut story, "hello");
    page(&mut story, &[first(), message("m4", "me", "hello", 50)]);
    story.keys("ctrl+up x").shows("Discarded here.");
    assert_eq!(story.pane().matches("  hello").count(), 1, "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn before_anything_was_confirmed_a_likely_copy_is_enough_to_ask() {
    let [mut story, _] = both();
    doubted(&mut story, "hello");
    page(&mut story, &[message("m4", "me", "hello", 50)]);
    story.shows("May have been sent · s retry · x discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// A copy looked older than what was written, and it was sent twice.
#[test]
fn a_server_whose_clock_is_behind_shows_its_copies_too() {
    let [mut story, _] = both();
    let ahead = -10 * 60_000;
    story.server(ServerEvent::Clock { ahead });
    doubted(&mut story, "hello");
    page(&mut story, &[message("m4", "me", "hello", ahead + 50)]);
    story.shows("May have been sent · s retry · x discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

#[test]
fn while_it_is_looked_for_it_cannot_be_sent_again() {
    let [mut story, _] = both();
    write(&mut story, "hello");
    let request = one(&mut story);
    fail(&mut story, &request, Failure::Uncertain);
    story.keys("tab s").shows("It may have been sent: it is looked for on the server first");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// The answer names nothing, and what is told of the message afterwards does not name its send: it stood there twice for
/// good, and what the server returns went unnoticed.
#[test]
fn what_is_told_after_an_answer_that_names_nothing_is_the_same_message() {
    for on_page in [false, true] {
        let [mut story, _] = both();
        write(&mut story, "hello");
        let request = one(&mut story);
        let (room, local) = (room_id("r1"), local_of(&request));
        story.server(ServerEvent::Accepted { room, local, id: None, message: None });
        let info = MessageInfo { local: None, ..becomes(&request, "m3", 50) };
        if on_page {
            story.server(ServerEvent::Gap);
            page(&mut story, &[info]);
        } else {
            story.server(ServerEvent::Message(info));
        }
        assert_eq!(story.pane().matches("  hello").count(), 1, "{}", story.screen());
        assert_eq!(story.state.account().returns_locals, Some(false));
    }
}

/// In a busy room the pages of two minutes were never seen through, and the user was asked about each send.
#[test]
fn in_a_busy_room_it_is_enough_to_look_back_to_what_stood_there_when_it_was_sent() {
    let [mut story, _] = both();
    write(&mut story, "first");
    let request = one(&mut story);
    accept(&mut story, &request, "m3");
    let before = message("before", "alice", "before", 1_000);
    story.server(ServerEvent::Message(before.clone()));
    story.wait(1_000);
    let request = doubted(&mut story, "hello");
    story.effects.clear();
    // Five pages of what was said since, and the one that was there before.
    let said = |page: i64, place: i64| {
        let number = page * 25 + place;
        message(&format!("b{number}"), "alice", "busy", 9_000 - number * 10)
    };
    let full = |page: i64| (0..25).map(|place| said(page, place)).rev().collect::<Vec<_>>();
    for page in 1..5 {
        story.history("r1", page, 40, full(page.into()));
        story.wait(100);
        assert_eq!(texts(&mut story), [""; 0], "after page {page}");
    }
    let old = seen(message("m2", "alice", "How are you?", -60_000));
    story.history("r1", 5, 40, [old, before].into_iter().chain(full(5)).collect());
    assert_eq!(one(&mut story), request);
}

/// What another device said went for what waited here: it was shown as sent, and nobody ever got it.
#[test]
fn what_was_never_handed_over_is_not_taken_for_what_another_device_said() {
    for on_page in [false, true] {
        let [mut story, _] = both();
        cut(&mut story);
        write(&mut story, "ok");
        let phone = message("m3", "me", "ok", 50);
        if on_page {
            page(&mut story, &[phone]);
        } else {
            story.server(ServerEvent::Message(phone));
        }
        assert_eq!(story.state.account().outbox.len(), 1, "{}", story.screen());
        online(&mut story);
        assert_eq!(texts(&mut story), ["ok"], "{}", story.screen());
    }
}

/// A connection that came back at once had it looked for before the server could have taken it, and it was sent twice.
#[test]
fn a_connection_that_is_back_at_once_looks_for_it_no_sooner() {
    for mut story in both() {
        write(&mut story, "hello");
        let request = one(&mut story);
        fail(&mut story, &request, Failure::Uncertain);
        cut(&mut story);
        online(&mut story);
        page(&mut story, &[]);
        story.wait(500);
        assert_eq!(texts(&mut story), [""; 0], "sent again half a second after the line was cut");
        story.wait(2_000);
        page(&mut story, &[becomes(&request, "m3", 50)]);
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

/// The answer to a send tells nothing of its identity on MinChat, and the adapter put it there: the server was taken for one
/// that returns it, and what had arrived was sent again without a word.
#[test]
fn an_answer_of_minchats_without_the_identity_is_noticed() {
    use minchat_tui::protocol::{Body, Frame, Protocol};
    let [mut story, _] = both();
    write(&mut story, "from here");
    let request = one(&mut story);
    let mut minchat = minchat_tui::protocol::minchat::MinChat::new("key");
    let mut answer: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/minchat/reply.sent.json")).expect("JSON");
    (answer["user_id"], answer["user"]["id"]) = ("me".into(), "me".into());
    answer["id"] = "m3".into();
    answer["created_at"] = "2026-11-21T18:00:01Z".into();
    let body = Body::Json(answer);
    for event in minchat.decode(Frame::Reply { request, status: 201, body }).expect("an answer") {
        story.server(event);
    }
    story.wait(60_000);
    doubted(&mut story, "hello");
    page(&mut story, &[message("m3", "me", "from here", 1_000), message("m4", "me", "hello", 61_000)]);
    story.shows("May have been sent · s retry · x discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// Its own clock was an hour ahead, which the server told only later: what stood further back was not looked at.
#[test]
fn what_was_written_before_the_servers_clock_was_known_is_looked_for_all_the_same() {
    let [mut story, _] = both();
    cut(&mut story);
    story.now = story.now + 3_600_000;
    write(&mut story, "hello");
    story.server(ServerEvent::Clock { ahead: -3_600_000 });
    online(&mut story);
    let request = one(&mut story);
    fail(&mut story, &request, Failure::Uncertain);
    story.wait(2_100);
    story.effects.clear();
    let said = (0..25).map(|n| message(&format!("b{n:02}"), "alice", "busy", 10_000 + n));
    let open = story.state.scene().open_room().unwrap().history.asked;
    for _ in 0..open {
        story.history("r1", 1, 9, said.clone().collect());
    }
    assert_eq!(texts(&mut story), [""; 0], "sent again although only what is newer was seen");
    // After a crash it is looked for as far back.
    let kept = story.outbox_writes.iter().rev().find_map(|write| match write {
        OutboxWrite::Put(entry) => Some(entry.at),
        _ => None,
    });
    assert!(kept < Some(BEGIN + 60_000), "{kept:?}");
}

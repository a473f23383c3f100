//! Sends whose answer was lost: the message may have been sent or not.

use super::*;

/// Sends a message whose answer is lost, and waits until it is time to check.
fn send_uncertain(story: &mut Story, text: &str) -> Request {
    send_text(story, text);
    let request = single_change(story);
    fail(story, &request, Failure::Uncertain);
    assert!(story.row_with(text).ends_with('?'), "{}", story.screen());
    story.wait(2_100);
    request
}

#[test]
fn arrived_message_is_found_and_not_sent_again() {
    for mut story in both() {
        let request = send_uncertain(&mut story, "hello");
        assert!(requests_page(&mut story));
        page(&mut story, &[message_of(&request, "m3", 50)]);
        assert!(story.row_with("hello").ends_with('✓'), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn missing_message_is_sent_again_with_its_local_id() {
    for mut story in both() {
        let request = send_uncertain(&mut story, "hello");
        page(&mut story, &[]);
        assert_eq!(single_change(&mut story), request);
        assert!(story.row_with("hello").ends_with('…'), "{}", story.screen());
    }
}

/// A page that was requested before the send says nothing about it.
#[test]
fn page_requested_before_the_send_does_not_count() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        story.server(ServerEvent::EventsLost);
        fail(&mut story, &request, Failure::Uncertain);
        story.wait(2_100);
        story.effects.clear();
        let open = story.state.scene().open_room().unwrap().history.unanswered(1).count();
        assert!(open >= 2, "{open}");
        story.history("r1", 1, 1, vec![seen(message("m2", "alice", "How are you?", -60_000))]);
        assert_eq!(texts(&mut story), [""; 0], "sent again because of an old page");
        page(&mut story, &[message_of(&request, "m3", 50)]);
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

/// The ten seconds counted from the attempt, so that they were over when a call had timed out.
#[test]
fn send_that_times_out_is_searched_for_ten_seconds_more() {
    let [mut story, _] = both();
    send_text(&mut story, "hello");
    let request = single_change(&mut story);
    story.wait(30_000);
    fail(&mut story, &request, Failure::Uncertain);
    story.wait(2_100);
    answer_page(&mut story, &[]);
    assert_eq!(texts(&mut story), [""; 0], "sent again two seconds after the time-out");
    story.wait(2_100);
    page(&mut story, &[message_of(&request, "m3", 50)]);
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn failed_page_is_requested_again() {
    for mut story in both() {
        let request = send_uncertain(&mut story, "hello");
        story.effects.clear();
        let history = Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None };
        fail(&mut story, &history, Failure::NotSent);
        assert_eq!(texts(&mut story), [""; 0]);
        story.wait(1_100);
        assert!(requests_page(&mut story));
        page(&mut story, &[]);
        assert_eq!(single_change(&mut story), request);
    }
}

#[test]
fn later_messages_wait_for_an_uncertain_one() {
    for mut story in both() {
        let first = send_uncertain(&mut story, "one");
        send_text(&mut story, "two");
        assert_eq!(texts(&mut story), [""; 0]);
        page(&mut story, &[message_of(&first, "m3", 50)]);
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn duplicate_refusal_confirms_an_uncertain_send() {
    let [_, mut story] = both();
    let request = send_uncertain(&mut story, "hello");
    page(&mut story, &[]);
    assert_eq!(single_change(&mut story), request);
    story.server(ServerEvent::Duplicate { room: room_id("r1"), local: local_of(&request) });
    assert!(story.row_with("hello").ends_with('✓'), "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
}

/// On a server that does not return local ids.
fn chat_without_local_ids() -> Story {
    let [mut story, _] = both();
    send_text(&mut story, "first");
    let request = single_change(&mut story);
    let info = MessageInfo { local: None, ..message_of(&request, "m3", 10) };
    let local = local_of(&request);
    let id = Some(info.id.clone());
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: Some(Box::new(info)) });
    assert_eq!(story.state.account().echoes_local_ids, Some(false));
    story
}

fn first() -> MessageInfo {
    message("m3", "me", "first", 10)
}

#[test]
fn user_decides_if_the_server_returns_no_local_ids() {
    let mut story = chat_without_local_ids();
    let request = send_uncertain(&mut story, "hello");
    page(&mut story, &[first(), message("m4", "me", "hello", 50)]);
    story.shows("May have been sent · s retry · d discard");
    assert_eq!(story.pane().matches("  hello").count(), 2, "next to its likely copy:\n{}", story.screen());
    story.wait(60_000);
    assert_eq!(texts(&mut story), [""; 0]);
    // Other messages do not wait for it.
    send_text(&mut story, "next");
    assert_eq!(texts(&mut story), ["next"]);
    store_writes(&mut story);
    story.keys("ctrl+up up s");
    assert_eq!(texts(&mut story), [""; 0]);
    assert_eq!(store_writes(&mut story), ["queued"]);
    let next = story.state.account().outbox.iter().find(|entry| entry.local() != local_of(&request)).unwrap().request();
    accept(&mut story, &next, "m5");
    assert_eq!(single_change(&mut story), request);
}

#[test]
fn discarded_uncertain_message_is_removed() {
    let mut story = chat_without_local_ids();
    send_uncertain(&mut story, "hello");
    page(&mut story, &[first(), message("m4", "me", "hello", 50)]);
    story.keys("ctrl+up d").shows("Discard this message? It may have been sent.");
    story.confirms().shows("Discarded here.");
    assert_eq!(story.pane().matches("  hello").count(), 1, "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn likely_copy_is_enough_to_ask_the_user() {
    let [mut story, _] = both();
    send_uncertain(&mut story, "hello");
    page(&mut story, &[message("m4", "me", "hello", 50)]);
    story.shows("May have been sent · s retry · d discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// The server's copy looked older than the send, which was therefore repeated.
#[test]
fn copy_is_found_if_the_servers_clock_is_behind() {
    let [mut story, _] = both();
    let ahead = -10 * 60_000;
    story.server(ServerEvent::ClockSkew { ahead });
    send_uncertain(&mut story, "hello");
    page(&mut story, &[message("m4", "me", "hello", ahead + 50)]);
    story.shows("May have been sent · s retry · d discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

#[test]
fn message_being_checked_cannot_be_retried() {
    let [mut story, _] = both();
    send_text(&mut story, "hello");
    let request = single_change(&mut story);
    fail(&mut story, &request, Failure::Uncertain);
    story.keys("tab s").shows("It may have been sent. The server is being checked.");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// The answer names no message, and later events of the message do not name its send. The message was shown twice for
/// good, and the local id that the server returns was not recognised.
#[test]
fn events_after_an_anonymous_answer_match_the_send() {
    for on_page in [false, true] {
        let [mut story, _] = both();
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        let (room, local) = (room_id("r1"), local_of(&request));
        story.server(ServerEvent::Accepted { room, local, id: None, message: None });
        let info = MessageInfo { local: None, ..message_of(&request, "m3", 50) };
        if on_page {
            story.server(ServerEvent::EventsLost);
            page(&mut story, &[info]);
        } else {
            story.server(ServerEvent::Message(info));
        }
        assert_eq!(story.pane().matches("  hello").count(), 1, "{}", story.screen());
        assert_eq!(story.state.account().echoes_local_ids, Some(false));
    }
}

/// In a busy room the pages of two minutes were never read completely, and the user was asked about each send.
#[test]
fn check_stops_at_the_newest_message_before_the_send() {
    let [mut story, _] = both();
    send_text(&mut story, "first");
    let request = single_change(&mut story);
    accept(&mut story, &request, "m3");
    let before = message("before", "alice", "before", 1_000);
    story.server(ServerEvent::Message(before.clone()));
    story.wait(1_000);
    let request = send_uncertain(&mut story, "hello");
    story.effects.clear();
    // Five pages of later messages, and the one from before the send.
    let said = |page: i64, place: i64| {
        let number = page * 25 + place;
        message(&format!("b{number}"), "alice", "busy", 9_000 - number * 10)
    };
    let full = |page: i64| (0..25).map(|place| said(page, place)).rev().collect::<Vec<_>>();
    let old = seen(message("m2", "alice", "How are you?", -60_000));
    let last: Vec<_> = [old, before].into_iter().chain(full(5)).collect();
    // The second search begins when the server has had enough time for the send.
    for _search in 0..2 {
        assert_eq!(texts(&mut story), [""; 0]);
        for page in 1..5 {
            story.history("r1", page, 40, full(page.into()));
            story.wait(100);
            assert_eq!(texts(&mut story), [""; 0], "after page {page}");
        }
        story.wait(10_000);
        story.history("r1", 5, 40, last.clone());
    }
    assert_eq!(single_change(&mut story), request);
}

/// A message of another device was taken for a queued one, which was shown as sent and never delivered.
#[test]
fn unsent_message_is_not_another_devices_message() {
    for on_page in [false, true] {
        let [mut story, _] = both();
        disconnect(&mut story);
        send_text(&mut story, "ok");
        let phone = message("m3", "me", "ok", 50);
        if on_page {
            page(&mut story, &[phone]);
        } else {
            story.server(ServerEvent::Message(phone));
        }
        assert_eq!(story.state.account().outbox.len(), 1, "{}", story.screen());
        reconnect(&mut story);
        assert_eq!(texts(&mut story), ["ok"], "{}", story.screen());
    }
}

/// After an immediate reconnect the client checked before the server could have stored the message, and sent it twice.
#[test]
fn immediate_reconnect_does_not_check_sooner() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::Uncertain);
        disconnect(&mut story);
        reconnect(&mut story);
        answer_page(&mut story, &[]);
        story.wait(500);
        assert_eq!(texts(&mut story), [""; 0], "sent again half a second after the connection was cut");
        story.wait(2_000);
        page(&mut story, &[message_of(&request, "m3", 50)]);
        assert_eq!(texts(&mut story), [""; 0]);
        assert!(story.state.account().outbox.is_empty());
    }
}

/// MinChat's answer to a send does not contain the local id, but the adapter inserted it. The server was taken for one
/// that returns it, and messages that had arrived were sent again without a question.
#[test]
fn minchat_answer_without_the_local_id_is_recognised() {
    use minchat_tui::protocol::{Body, Frame, Protocol};
    let [mut story, _] = both();
    send_text(&mut story, "from here");
    let request = single_change(&mut story);
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
    send_uncertain(&mut story, "hello");
    page(&mut story, &[message("m3", "me", "from here", 1_000), message("m4", "me", "hello", 61_000)]);
    story.shows("May have been sent · s retry · d discard");
    assert_eq!(texts(&mut story), [""; 0]);
}

/// The client's clock was an hour ahead, which it learned later. Older pages were not checked.
#[test]
fn check_reaches_back_despite_a_fast_client_clock() {
    let [mut story, _] = both();
    disconnect(&mut story);
    story.now = story.now + 3_600_000;
    send_text(&mut story, "hello");
    story.server(ServerEvent::ClockSkew { ahead: -3_600_000 });
    reconnect(&mut story);
    let request = single_change(&mut story);
    fail(&mut story, &request, Failure::Uncertain);
    story.wait(2_100);
    story.effects.clear();
    let said = (0..25).map(|n| message(&format!("b{n:02}"), "alice", "busy", 10_000 + n));
    let open = story.state.scene().open_room().unwrap().history.unanswered(1).count();
    for _ in 0..open {
        story.history("r1", 1, 9, said.clone().collect());
    }
    assert_eq!(texts(&mut story), [""; 0], "sent again although only newer messages were checked");
    // After a crash the check reaches as far back.
    let marked = story.outbox_writes.iter().rev().find_map(|write| match write {
        OutboxWrite::Put(entry) => Some(entry.at),
        _ => None,
    });
    assert!(marked < Some(BEGIN + 60_000), "{marked:?}");
}

/// Sends a file, whose answer is lost, and waits until it is time to check.
fn send_uncertain_file(story: &mut Story) -> Request {
    story.types("/send plan.pdf").keys("enter");
    let request = story.effects.iter().find_map(|effect| match effect {
        Effect::Inspect(_, request) => Some(request.clone()),
        _ => None,
    });
    let file = OutgoingFile {
        path: "/home/me/plan.pdf".into(),
        name: "plan.pdf".into(),
        kind: AttachmentKind::File,
        mime: "application/pdf".into(),
        size: 3_000,
        duration: None,
    };
    story.event(Event::File(AccountId(0), request.expect("an inspection"), Ok(file)));
    let request = single_change(story);
    fail(story, &request, Failure::Uncertain);
    story.wait(2_100);
    request
}

fn pdf(id: &str, local: Option<LocalId>) -> MessageInfo {
    let line = SafeText::line;
    let (name, size, url) = (line("9f3-plan.pdf"), line("3 KB"), line("https://files.example/9f3-plan.pdf"));
    let attachment = Attachment { kind: AttachmentKind::File, name, size, bytes: None, url, duration: None };
    MessageInfo { local, attachment: Some(Box::new(attachment)), ..message(id, "me", "", 50) }
}

#[test]
fn arrived_file_is_found_and_not_sent_again() {
    for mut story in both() {
        let request = send_uncertain_file(&mut story);
        page(&mut story, &[pdf("m3", Some(local_of(&request)))]);
        assert!(story.row_with("9f3-plan.pdf").ends_with('✓'), "{}", story.screen());
        assert_eq!(changes(&mut story), []);
        assert!(story.state.account().outbox.is_empty());
    }
}

/// A server may keep the metadata of a JSON body but not that of a form.
#[test]
fn file_without_its_id_is_not_sent_again() {
    let [mut story, _] = both();
    send_text(&mut story, "first");
    let first = single_change(&mut story);
    accept(&mut story, &first, "m3");
    assert_eq!(story.state.account().echoes_local_ids, Some(true));
    send_uncertain_file(&mut story);
    page(&mut story, &[message_of(&first, "m3", 10), pdf("m4", None)]);
    story.shows("May have been sent · s retry · d discard");
    assert_eq!(changes(&mut story), []);
}

/// A former member gets no pages. The message was said to be checked for ever.
#[test]
fn uncertain_send_to_a_left_group_is_not_searched_for() {
    for (mut story, is_recognised) in both().into_iter().zip([false, true]) {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::Uncertain);
        let membership = Membership { access: RoomAccess::NotMember, ..Membership::default() };
        story.server(ServerEvent::Membership { room: room_id("r1"), membership }).effects.clear();
        story.wait(20_000);
        if is_recognised {
            // The server refuses it, or recognises the second copy.
            assert_eq!(single_change(&mut story), request);
        } else {
            story.shows("May have been sent · s retry · d discard");
            assert!(!requests_page(&mut story));
        }
    }
}

/// Regression test: the times of messages were wrong by as much as the clock was set back, until the next sign-in.
#[test]
fn clock_that_is_set_back_keeps_the_servers_time() {
    for mut story in both() {
        story.server(ServerEvent::ClockSkew { ahead: 60_000 });
        send_text(&mut story, "one");
        story.now = story.now + -3_600_000;
        send_text(&mut story, "two");
        for _ in 0..100 {
            story.now = story.now + -2_000;
            story.keys("left").wait(2_000);
        }
        send_text(&mut story, "three");
        let times = story.outbox_writes.iter().filter_map(|write| match write {
            OutboxWrite::Put(entry) => Some(entry.at),
            _ => None,
        });
        let times: Vec<_> = times.collect();
        assert!(times.iter().all(|at| (BEGIN + 60_000..BEGIN + 120_000).contains(at)), "{times:?}");
    }
}

//! Order and back-off of sends, and retries by the user.

use minchat_tui::app::Event;

use super::*;

#[test]
fn messages_are_sent_one_at_a_time_in_order() {
    for mut story in both() {
        for text in ["one", "two", "three"] {
            send_text(&mut story, text);
        }
        let first = single_change(&mut story);
        assert_eq!(text_of(&first), "one");
        fail(&mut story, &first, Failure::NotSent);
        story.shows("Queued for another attempt: The server says no.");
        assert_eq!(texts(&mut story), [""; 0]);
        story.wait(1_000);
        let retry = single_change(&mut story);
        assert_eq!(retry, first);
        accept(&mut story, &retry, "m3");
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn retries_back_off_and_never_stop() {
    let [mut story, _] = both();
    send_text(&mut story, "hello");
    let mut waits = Vec::new();
    for _ in 0..9 {
        let request = single_change(&mut story);
        let since = story.now;
        fail(&mut story, &request, Failure::RetryLater);
        assert!(story.row_with("hello").ends_with('…'), "{}", story.screen());
        while story
            .state
            .account()
            .outbox
            .iter()
            .any(|entry| matches!(entry.stage(), minchat_tui::app::OutboxStage::Queued(_)))
        {
            story.wait(100);
        }
        waits.push(story.now - since);
    }
    assert!(waits[0] <= 1_100 && waits[8] >= 30_000 && waits.iter().all(|wait| *wait <= 60_100), "{waits:?}");
}

#[test]
fn offline_messages_are_queued_and_sent_later() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        story.wait(30_000);
        assert!(story.row_with("  one").ends_with('…'), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
        reconnect(&mut story);
        let first = single_change(&mut story);
        assert_eq!(text_of(&first), "one");
        accept(&mut story, &first, "m3");
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn reconnecting_ends_the_back_off() {
    let [mut story, _] = both();
    send_text(&mut story, "hello");
    for _ in 0..8 {
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        disconnect(&mut story);
        reconnect(&mut story);
    }
    assert_eq!(texts(&mut story), ["hello"]);
}

#[test]
fn refused_send_blocks_nothing_and_keeps_its_local_id() {
    for mut story in both() {
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        let first = single_change(&mut story);
        store_writes(&mut story);
        fail(&mut story, &first, Failure::Refused);
        story.shows("Not sent: The server says no.");
        assert_eq!(store_writes(&mut story), ["failed", "uncertain"]);
        let second = single_change(&mut story);
        assert_eq!(text_of(&second), "two");
        story.keys("tab up s").lacks("Not sent: The");
        assert_eq!(texts(&mut story), [""; 0]);
        accept(&mut story, &second, "m3");
        assert_eq!(single_change(&mut story), first);
    }
}

#[test]
fn long_failure_reason_is_shown_completely() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        let reason = "The server no longer accepts the token. It has probably expired: sign in again with a new token.";
        let reason = SafeText::line(reason);
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
        story.shows("Not sent: The server no longer accepts the token.").shows("with a new token.");
    }
}

#[test]
fn discarded_message_leaves_the_store() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::Refused);
        store_writes(&mut story);
        story.keys("tab x").shows("› hello");
        assert_eq!(store_writes(&mut story), ["remove"]);
        assert!(story.state.account().outbox.is_empty());
    }
}

/// The notice said " was deleted." without a name.
#[test]
fn deletion_of_an_unknown_room_is_reported_if_text_is_lost() {
    let [mut story, _] = both();
    story.server(ServerEvent::RoomDeleted(room_id("r9"))).lacks("deleted");
    let entry = minchat_tui::store::Entry {
        local: LocalId::from_random(7),
        room: room_id("r9"),
        payload: minchat_tui::store::OutboxPayload::Send(minchat_tui::domain::Content::text("hello")),
        stage: minchat_tui::store::StoredStage::Queued,
        attempts: 0,
        at: BEGIN,
    };
    story.state.with_shown(&mut Vec::new(), |cx| minchat_tui::app::restore_outbox(cx, vec![entry]));
    story.server(ServerEvent::RoomDeleted(room_id("r9")));
    story.shows("A room was deleted. 1 queued message was discarded.");
}

/// The notice said "You left ." without a name.
#[test]
fn leaving_an_unknown_room_is_not_reported() {
    let [mut story, _] = both();
    story.server(ServerEvent::MemberRemoved { room: room_id("r9"), person: me().id }).lacks("You left");
}

#[test]
fn deleting_a_room_discards_its_queue_with_a_notice() {
    let [mut story, _] = both();
    disconnect(&mut story);
    send_text(&mut story, "hello");
    store_writes(&mut story);
    story.server(ServerEvent::RoomDeleted(room_id("r1")));
    story.shows("Alice Archer was deleted. 1 queued message was discarded.");
    assert_eq!(store_writes(&mut story), ["remove"]);
}

/// A retry due in a second waited for a day.
#[test]
fn clock_rollback_delays_no_retry() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        story.now = story.now + -86_400_000;
        story.event(Event::Tick).wait(61_000);
        assert_eq!(texts(&mut story), ["hello"]);
    }
}

/// A message that was refused could be seen only in its own room.
#[test]
fn message_that_was_not_sent_is_visible_from_everywhere() {
    for mut story in super::deleted_rooms::two_chats() {
        send_text(&mut story, "lost in the list");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::Refused);
        story.keys("alt+down").lacks("lost in the list").shows("1 not sent");
        let marked = |story: &Story| {
            let screen = story.screen();
            let row =
                screen.lines().skip_while(|row| !row.contains("Alice Archer")).nth(1).unwrap_or_default().to_owned();
            row.split('│').next().is_some_and(|row| row.contains('✗'))
        };
        assert!(marked(&story), "{}", story.screen());
        story.keys("alt+up tab x").lacks("not sent").keys("alt+down");
        assert!(!marked(&story), "{}", story.screen());
    }
}

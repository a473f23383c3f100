//! The outbox and the store: every change is stored before it is shown or sent.

use minchat_tui::app::{Effect, Event, LogLevel};
use minchat_tui::domain::{AccountId, LocalId, Request, SendFailure, ServerEvent, Timestamp};
use minchat_tui::store::{Answer, Entry, OutboxPayload, OutboxStep, OutboxWrite, StoredStage};
use minchat_tui::text::SafeText;

use super::*;

/// Completes the store's oldest write.
fn complete_write(story: &mut Story) {
    let write = story.outbox_writes.remove(0);
    story.event(Event::Store(AccountId(0), store_answer(&write)));
}

#[test]
fn send_is_stored_before_it_is_shown_and_sent() {
    for mut story in both() {
        story.store_answers = false;
        send_text(&mut story, "hello");
        assert!(matches!(
            story.outbox_writes.as_slice(),
            [OutboxWrite::Put(Entry { stage: StoredStage::Uncertain, attempts: 1, .. })]
        ));
        assert!(!story.pane().contains("hello"), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
        complete_write(&mut story);
        assert!(story.row_with("hello").ends_with('…'), "{}", story.screen());
        assert!(story.outbox_writes.is_empty(), "one write is enough");
        let request = single_change(&mut story);
        accept(&mut story, &request, "m3");
        assert!(story.row_with("hello").ends_with('✓'));
        assert_eq!(store_writes(&mut story), ["remove"]);
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn repeated_store_answer_sends_once() {
    let [mut story, _] = both();
    send_text(&mut story, "hello");
    let request = single_change(&mut story);
    let local = local_of(&request);
    for step in [OutboxStep::Put, OutboxStep::Mark, OutboxStep::Mark] {
        story.event(Event::Store(AccountId(0), Answer::OutboxConfirmed { local, step, on_disk: true }));
    }
    assert_eq!(texts(&mut story), [""; 0]);
}

#[test]
fn hanging_disk_delays_nothing_and_is_reported_once() {
    for mut story in both() {
        story.store_answers = false;
        send_text(&mut story, "hello");
        story.wait(900);
        assert!(!story.pane().contains("hello"));
        story.wait(200).shows("The disk does not respond");
        assert_eq!(texts(&mut story), ["hello"]);
        story.wait(10_000).lacks("The disk does not respond");
        send_text(&mut story, "again");
        story.wait(1).lacks("The disk does not respond");
        assert!(story.row_with("again").ends_with('…'), "{}", story.screen());
    }
}

#[test]
fn message_for_a_full_outbox_stays_in_the_composer() {
    let [mut story, _] = both();
    disconnect(&mut story);
    for n in 0..1_000 {
        story.event(Event::Paste(format!("{n}")));
        story.event(Event::Key("enter".parse().unwrap()));
    }
    send_text(&mut story, "one more");
    story.shows("1000 messages are queued already").shows("› one more");
    assert_eq!(story.state.account().outbox.len(), 1_000);
}

#[test]
fn quitting_asks_only_about_unstored_messages() {
    for (keeps, asks) in [(false, true), (true, false)] {
        let [mut story, _] = both();
        story.state.account_mut().drafts_are_durable = keeps;
        disconnect(&mut story);
        send_text(&mut story, "hello");
        story.effects.clear();
        story.keys("ctrl+q");
        assert_eq!(story.screen().contains("1 queued message"), asks, "{}", story.screen());
        assert_eq!(story.effects.contains(&Effect::Quit), !asks);
    }
}

fn entry(bits: u128, text: &str, stage: StoredStage) -> Entry {
    Entry {
        local: LocalId::from_random(bits),
        room: room_id("r1"),
        payload: OutboxPayload::Send(minchat_tui::domain::Content::text(text)),
        stage,
        attempts: 1,
        at: BEGIN + -5_000,
    }
}

/// The program after a start with these stored entries, online and with its rooms.
fn restarted(entries: Vec<Entry>) -> Story {
    let mut story = Story::new(100, 24);
    let mut effects = Vec::new();
    story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, entries));
    assert!(effects.is_empty());
    story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    reconnect(&mut story);
    let last = message("m2", "alice", "How are you?", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    story
}

#[test]
fn queued_messages_are_checked_and_sent_after_a_crash() {
    let failed = StoredStage::Failed(SendFailure::Refused(SafeText::line("Mind your language.")));
    let entries =
        vec![entry(1, "one", StoredStage::Queued), entry(2, "two", failed), entry(3, "three", StoredStage::Uncertain)];
    let on_server = MessageInfo { local: Some(entries[0].local), ..message("m3", "me", "one", -4_000) };
    let mut story = restarted(entries);
    story.shows("May have been sent · checking…").shows("Not sent: Mind your language.");
    assert_eq!(texts(&mut story), [""; 0]);
    page(&mut story, &[on_server]);
    assert!(story.row_with("  one").ends_with('✓'), "{}", story.screen());
    assert_eq!(texts(&mut story), ["three"]);
    assert_eq!(store_writes(&mut story), ["remove", "uncertain"]);
    story.shows("Not sent: Mind your language.");
}

#[test]
fn stored_change_of_a_foreign_message_is_rejected() {
    for mut story in both() {
        disconnect(&mut story);
        let change = |bits, payload| Entry { payload, ..entry(bits, "", StoredStage::Queued) };
        let (theirs, ours) = (message_id("m2"), message_id("m1"));
        let entries = vec![
            change(1, OutboxPayload::Edit { message: theirs.clone(), text: "I owe you money".into() }),
            change(2, OutboxPayload::Delete { message: theirs }),
            change(3, OutboxPayload::Delete { message: ours.clone() }),
        ];
        let mut effects = Vec::new();
        story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, entries));
        assert!(effects.is_empty());
        reconnect(&mut story);
        let warnings = story.effects.iter().filter(|effect| matches!(effect, Effect::Log(LogLevel::Warn, _))).count();
        assert_eq!(warnings, 2, "{:?}", story.effects);
        assert_eq!(
            single_change(&mut story),
            Request::Delete { room: room_id("r1"), message: ours },
            "it is not held up"
        );
        assert_eq!(store_writes(&mut story), ["remove", "remove", "uncertain"]);
        story.shows("someone else wrote that message").shows("› I owe you money");
    }
}

#[test]
fn queued_message_appears_with_its_room() {
    let unlisted = Entry { room: room_id("r9"), attempts: 0, ..entry(1, "to a new room", StoredStage::Queued) };
    let mut story = restarted(vec![unlisted.clone()]);
    assert_eq!(texts(&mut story), [""; 0]);
    let info = room("r9", "Carol Chen", &["carol"], message("c1", "carol", "hi", -1));
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    let requested = |request: &Request| matches!(request, Request::History { room, .. } if *room == room_id("r9"));
    assert!(story.requests().iter().any(requested));
    story.history("r9", 1, 1, vec![in_room("r9", seen(message("c1", "carol", "hi", -1)))]);
    assert!(matches!(single_change(&mut story), Request::Send { local, .. } if local == unlisted.local));
}

/// Such a message was queued invisibly forever. `deleted_rooms` tests what follows.
#[test]
fn room_of_a_queued_message_is_requested() {
    let unlisted =
        |number| Entry { room: room_id("r9"), ..entry(number, "to a room that is gone", StoredStage::Queued) };
    let mut story = restarted(vec![unlisted(1), unlisted(2)]);
    let requested = Request::History { room: room_id("r9"), serial: ANY_SERIAL, page: 1, before: None };
    assert_eq!(story.requests().iter().filter(|request| **request == requested).count(), 1);
    assert_eq!(texts(&mut story), [""; 0]);
    assert_eq!(story.state.account().outbox.len(), 2, "both entries are kept");
}

#[test]
fn old_entry_is_searched_on_older_pages() {
    let old = Entry { at: Timestamp(BEGIN.0 - 3_600_000), ..entry(1, "long ago", StoredStage::Uncertain) };
    let mut story = restarted(vec![old]);
    let newest = vec![message("m8", "alice", "later", -60_000)];
    // The second search begins when the server has had enough time for the send.
    for _search in 0..2 {
        assert_eq!(texts(&mut story), [""; 0]);
        story.wait(10_000);
        while story.state.scene().open_room().unwrap().history.unanswered(1).count() > 0 {
            story.history("r1", 1, 3, newest.clone());
        }
        let older = |request: &Request| matches!(request, Request::History { page: 2, before: Some(_), .. });
        let requested = story.requests();
        assert!(requested.iter().any(older), "{requested:?}");
        story.history("r1", 2, 3, vec![message("m1", "alice", "before it all", -7_200_000)]);
    }
    assert_eq!(texts(&mut story), ["long ago"]);
}

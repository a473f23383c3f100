//! Details of a message.

use std::sync::Arc;

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{AccountId, ConnectionStatus, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use minchat_tui::wire::{CallNumber, CallOutcome, Increment, Moment, Payload, Record, RecordKind, RecordSubject};

use crate::persistence::disk::Disk;
use crate::persistence::drafts::{chat, go_online};
use test_support::story::vchat::*;
use test_support::story::*;

#[test]
fn details_show_ids_time_and_delivery() {
    let mut story = vchat_story(100, 24);
    story.keys("tab up i").shows("Details").shows("Author: Me Myself").shows("Sent: 2026-").shows("Delivery: seen");
    story.shows("Message id: m1").shows("Room id: r1").shows("Text: Hello Alice");
}

#[test]
fn each_detail_can_be_copied() {
    let mut story = vchat_story(100, 24);
    story.keys("tab i").clicks("Message id: m2").shows("Copied.");
    assert!(story.effects.contains(&Effect::Copy("m2".to_owned())));
    story.keys("i end enter");
    let everything = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert!(everything.is_some_and(|text| text.contains("Message id: m2\n") && text.ends_with("Text: How are you?")));
}

#[test]
fn earlier_texts_are_kept_until_the_message_is_deleted() {
    let mut story = vchat_story(100, 24);
    for text in ["How is it?", "How is it going?"] {
        story.server(ServerEvent::Edited(MessageInfo { ..sent_message("m2", "alice", text, -60_000) }));
    }
    story.keys("tab i").shows("Text: How is it going?").shows("Earlier text: How is it?");
    story.shows("Earlier text: How are you?").keys("esc");
    story
        .server(ServerEvent::Deleted(message_id("m2")))
        .keys("i")
        .shows("Marks: edited, deleted")
        .lacks("How are you?");
}

/// Earlier texts were forgotten when the program ended.
#[test]
fn earlier_texts_survive_a_restart() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for text in ["How is it?", "How is it going?"] {
        run.story.server(ServerEvent::Edited(message("m2", "alice", text, -60_000)));
    }
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Text: How is it going?").shows("Earlier text: How is it?");
    run.story.shows("Earlier text: How are you?").keys("esc");
    // A page of the server does not know them.
    go_online(&mut run);
    run.story.server(ServerEvent::Edited(message("m2", "alice", "How are things?", -60_000)));
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Text: How are things?").shows("Earlier text: How is it going?");
    run.story.shows("Earlier text: How are you?").keys("esc");
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Deleted(message_id("m2")));
    run.kill();
    let mut run = disk.start_loaded();
    run.story.keys("tab i").shows("Marks: edited, deleted").lacks("Earlier text");
}

/// Records as they arrive while details are shown.
fn reply(seq: u64, text: &str) -> Event {
    let body = Payload::new(text.to_owned(), text.len());
    let outcome = CallOutcome::Reply { status: 200, body, problem: None };
    let kind = RecordKind::CallFinished { call: CallNumber(seq), micros: 1_000, outcome };
    let record = Record { seq, at: Moment::default(), account: AccountId(0), subject: RecordSubject::default(), kind };
    Event::Wire(Increment { records: vec![Arc::new(record)], missed: 0 })
}

#[test]
fn json_is_found_or_requested_from_the_server() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.keys("tab up i").shows("Raw JSON: not stored, but the server has it");
        assert!(story.effects.iter().any(|effect| matches!(effect, Effect::ReadWire(true))));
        story.event(reply(1, r#"{"messages":[{"id":"m2","text":"x","userId":"u","at":1}]}"#));
        story.shows("Raw JSON: not stored").clicks("Raw JSON").shows("Requesting the message from the server.");
        let request = story.requests().pop();
        let Some(Request::History { page, before, .. }) = request else { panic!("{request:?}") };
        let by_number = can.paging.by_number;
        assert_eq!((page, before), (if by_number { 1 } else { 2 }, Some(message_id("m2"))), "the page before m2");
        story.event(reply(2, r#"{"messages":[{"id":"m1","text":"Hello Alice","userId":"u","at":1.50}]}"#));
        story.shows(r#"Raw JSON: { "id": "m1", "text": "Hello Alice""#).clicks("Copy everything");
        let copied = story.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        });
        assert!(
            copied.is_some_and(|text| text.contains("Raw JSON: {\n") && text.contains("\"at\": 1.50")),
            "{copied:?}"
        );
    }
}

#[test]
fn json_that_cannot_be_requested_is_explained() {
    let mut story = Story::chat(100, 24);
    let reason = SafeText::line("gone");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
    story
        .keys("tab i")
        .clicks("Raw JSON")
        .shows("The JSON is not stored, and cannot be requested now.")
        .shows("Details");
}

//! The inspector: its screens, filter, search, tree, groups, and the way from a message to its records and back.

use std::sync::Arc;

use minchat_tui::app::{Effect, Event, Focus};
use minchat_tui::domain::{AccountId, ConnectionStatus, LocalId, MessageId, RoomId};
use minchat_tui::text::SafeText;
use minchat_tui::wire::{
    CallBody, CallNumber, CallOutcome, Handshake, Increment, Moment, Payload, Record, RecordKind, RecordSubject,
    StartedCall, Topic,
};
use test_support::story::*;

use crate::frames::at_every_size;

/// Numbers records and gives them times, one after the other.
#[derive(Default)]
struct Wire {
    records: Vec<Arc<Record>>,
}

impl Wire {
    fn push(&mut self, after_micros: u64, subject: RecordSubject, kind: RecordKind) -> &mut Self {
        let (seq, micros) = self.records.last().map_or((1, 0), |last| (last.seq + 1, last.at.micros));
        let micros = micros + after_micros;
        let at = Moment { wall: BEGIN + i64::try_from(micros / 1_000).unwrap(), micros };
        self.records.push(Arc::new(Record { seq, at, account: AccountId(0), subject, kind }));
        self
    }

    fn received(&mut self, after_micros: u64, subject: RecordSubject, text: &str) -> &mut Self {
        let kind = RecordKind::Received { payload: payload(text), problem: None };
        self.push(after_micros, subject, kind)
    }

    /// Returns the records as the runtime reports them.
    fn event(&mut self) -> Event {
        Event::Wire(Increment { records: std::mem::take(&mut self.records), missed: 0 })
    }
}

fn payload(text: &str) -> Payload {
    Payload::new(text.to_owned(), text.len())
}

fn about(topic: Topic, room: &str, message: Option<&str>, local: Option<u128>) -> RecordSubject {
    RecordSubject {
        topic: Some(topic),
        room: Some(RoomId::new(room)),
        message: message.map(MessageId::new),
        local: local.map(LocalId::from_random),
    }
}

/// A connection that is made, a send with everything that follows, and frames that are wrong.
fn traffic() -> Wire {
    let mut wire = Wire::default();
    let call = |number, path: &str, text: &str| {
        RecordKind::CallStarted(Box::new(StartedCall {
            call: CallNumber(number),
            method: "POST",
            base: "http://127.0.0.1:4000".into(),
            path: path.into(),
            query: Vec::new(),
            headers: vec![("authorization".into(), "Bearer ***".into())],
            body: CallBody::Json(payload(text)),
        }))
    };
    let reply = |number, micros, status, text: &str| RecordKind::CallFinished {
        call: CallNumber(number),
        micros,
        outcome: CallOutcome::Reply { status, body: payload(text), problem: None },
    };
    let sent = || about(Topic::Send, "r1", None, Some(7));
    wire.push(0, RecordSubject::default(), RecordKind::Connection(ConnectionStatus::Online));
    wire.received(900, RecordSubject::default(), "2");
    let body = r#"{"chat_id":"r1","text":"It\u001b[31m works","user_id":"me"}"#;
    wire.push(2_000_000, sent(), call(1, "/v1/messages", body));
    wire.push(41_250, sent(), reply(1, 41_250, 201, r#"{"id":"m9","success":true}"#));
    let echo = r#"42["message",{"id":"m9","chat_id":"r1","text":"It\u001b[31m works","user":{"id":"me","name":"Me"},"n":1.50}]"#;
    wire.received(3_100, about(Topic::Message, "r1", Some("m9"), Some(7)), echo);
    wire.received(800, about(Topic::Event, "r1", None, None), r#"42["typing.start",{"id":"alice"}]"#);
    wire.received(
        1_400_000,
        RecordSubject { room: None, ..about(Topic::Seen, "", Some("m9"), None) },
        r#"42["message.seen","m9"]"#,
    );
    let problem = Some("a message has no chat_id".into());
    let broken = RecordKind::Received { payload: payload(r#"42["message",{"id":"m10"}]"#), problem };
    wire.push(20_000, RecordSubject::default(), broken);
    let in_text = r#"42["v1OnNewMessage","{\"_id\":\"x\",\"c\":\"Hi\"}"]"#;
    wire.received(50_000, about(Topic::Message, "r1", Some("x"), None), in_text);
    wire.push(9_000, RecordSubject::default(), call(2, "/v1/upload", "{}"));
    wire.push(5_000_000, RecordSubject::default(), reply(2, 5_000_000, 502, "<html>Bad gateway"));
    let reason = SafeText::line("The connection to http://127.0.0.1:4000 was lost.");
    let offline = ConnectionStatus::Offline { retry_in: 1_000, reason };
    wire.push(10_000, RecordSubject::default(), RecordKind::Connection(offline));
    wire
}

/// A chat with the inspector, which has received the traffic.
fn inspecting(width: u16, height: u16) -> Story {
    let mut story = Story::chat(width, height);
    story.effects.clear();
    story.keys("f12");
    assert_eq!(story.effects, [Effect::ReadWire(true)]);
    story.effects.clear();
    story.event(traffic().event());
    story
}

#[test]
fn calls_and_packets_are_listed_beside_the_selected_one() {
    at_every_size("inspector", |width, height| {
        let mut story = inspecting(width, height);
        // The echo.
        story.keys("home").keys("down down down down");
        story
    });
}

#[test]
fn escape_sequences_of_the_wire_never_reach_the_screen() {
    let mut story = inspecting(120, 40);
    story.keys("home").keys("down down down down");
    story.shows("␛").lacks("\u{1b}");
}

#[test]
fn newest_record_is_selected_until_the_user_scrolls() {
    let mut story = inspecting(120, 30);
    story.shows("connection: offline");
    let wire = traffic();
    let mut next = wire.records.len() as u64;
    let mut ping = |story: &mut Story| {
        next += 1;
        let at = Moment { wall: BEGIN, micros: next * 10_000_000 };
        let kind = RecordKind::Received { payload: payload("2"), problem: None };
        let record = Record { seq: next, at, account: AccountId(0), subject: RecordSubject::default(), kind };
        story.event(Event::Wire(Increment { records: vec![Arc::new(record)], missed: 0 }));
    };
    ping(&mut story);
    story.shows("packet: ping").keys("up up").shows("502");
    ping(&mut story);
    story.shows("status: 502").keys("end").shows("packet: ping");
}

#[test]
fn filter_takes_words_and_conditions() {
    let mut story = inspecting(120, 30);
    story
        .keys("f")
        .shows("event:… room:… as:… in out error")
        .types("error")
        .shows("3 of 12 records")
        .lacks("typing.start");
    story.keys("esc").shows("12 records");
    story.keys("f").types("event:message in").keys("enter").shows("Filter: event:message in").shows("4 of 12");
    story.keys("f").types("room:alice out").keys("enter").shows("1 of 12").shows("POST /v1/messages");
    story.keys("f").types("no such thing").shows("No matches");
}

#[test]
fn search_goes_from_match_to_match() {
    let mut story = inspecting(120, 30);
    story.keys("/").types("m9").keys("enter");
    // From the newest record around to the oldest.
    story.shows("body:").keys("n").shows("event: message").keys("n").shows("event: message.seen");
    story.keys("n").shows("status: 201").keys("N").shows("event: message.seen").keys("esc");
    assert!(story.state.ui.overlay.is_none());
}

#[test]
fn search_tells_where_it_is() {
    let mut story = inspecting(120, 30);
    story.keys("/").types("m9").shows("1 of 3").keys("enter").shows("Search: m9").shows("1 of 3").lacks("wrapped");
    story.keys("n").shows("2 of 3").keys("n").shows("3 of 3").lacks("wrapped");
    story.keys("n").shows("1 of 3 · wrapped").keys("N").shows("3 of 3 · wrapped").keys("N").shows("2 of 3");
    story.keys("up").lacks("2 of 3");
    story.keys("/").types("nowhere").shows("No matches").keys("enter").shows("No matches").shows("Inspector");
}

#[test]
fn record_without_message_says_so() {
    let mut story = inspecting(120, 30);
    story.keys("home enter").shows("Inspector").shows("This record is about no message. Press Tab for its details.");
}

#[test]
fn tree_is_folded_and_json_in_a_string_is_opened() {
    let mut story = inspecting(120, 30);
    story.keys("home").keys("down down down down down down down down").shows("JSON in a string").shows("_id: \"x\"");
    story.keys("tab end left").shows("_id: \"x\"");
    story.keys("left").lacks("_id: \"x\"").keys("space").shows("_id: \"x\"");
    story.keys("home left").keys("up").shows("problem: a message has no chat_id");
}

#[test]
fn group_shows_send_response_echo_and_receipt_together() {
    let mut story = inspecting(120, 30);
    story.keys("g");
    let names = ["POST /v1/messages", "POST /v1/messages", "message", "message.seen"];
    let screen = story.screen();
    let rows: Vec<&str> = screen.lines().filter(|row| row.contains(" → ") || row.contains(" ← ")).collect();
    for (row, name) in rows.iter().skip(1).zip(names) {
        assert!(row.contains(name), "{screen}");
    }
    story.keys("g");
    let screen = story.screen();
    let rows: Vec<&str> = screen.lines().filter(|row| row.contains(" ← ")).collect();
    assert!(rows[3].contains("typing.start"), "{screen}");
}

#[test]
fn paused_inspector_catches_up() {
    let mut story = inspecting(120, 30);
    story.keys("p").shows("paused");
    let mut wire = traffic();
    wire.received(1, RecordSubject::default(), "3");
    let all = wire.records.clone();
    story.event(Event::Wire(Increment { records: all[12..].to_vec(), missed: 0 })).lacks("pong");
    story.keys("p").lacks("paused");
    assert_eq!(story.effects, [Effect::ReadWire(true)]);
    // The runtime answers with everything.
    story.event(Event::Wire(Increment { records: all, missed: 0 })).shows("13 records").shows("pong");
}

#[test]
fn record_is_copied_in_the_chosen_form() {
    let mut story = inspecting(120, 30);
    story.keys("home down down c").shows("Copy as").shows("curl").keys("down enter");
    let [Effect::Copy(text)] = &story.effects[..] else { panic!("{:?}", story.effects) };
    assert!(text.starts_with("curl -X POST 'http://127.0.0.1:4000/v1/messages'"), "{text}");
    assert!(text.contains("Bearer ***"), "{text}");
    story.shows("Copied as curl.");
    story.effects.clear();
    // The reply has the call to which it is the answer.
    story.wait(10_000).keys("down c").shows("curl").shows("Test fixture").keys("down enter");
    let [Effect::Copy(text)] = &story.effects[..] else { panic!("{:?}", story.effects) };
    assert!(text.starts_with("curl -X POST 'http://127.0.0.1:4000/v1/messages'"), "{text}");
    story
        .wait(10_000)
        .keys("down c")
        .lacks("curl")
        .shows("Test fixture")
        .keys("esc")
        .lacks("Copy as")
        .shows("Inspector");
}

/// Regression test: V Chat refused the copied programs, because nothing said who they were.
#[test]
fn copied_socket_program_has_the_credentials_of_the_opening() {
    let opening = |name: &str| {
        let pair = |key: &str| (key.into(), format!("{name} ***").into());
        let base = "http://127.0.0.1:4000".into();
        RecordKind::Opening(Box::new(Handshake {
            base,
            query: vec![pair("auth")],
            headers: vec![pair("authorization")],
        }))
    };
    let mut wire = Wire::default();
    wire.push(0, RecordSubject::default(), opening("Old")).push(10, RecordSubject::default(), opening("Bearer"));
    wire.received(10, RecordSubject::default(), r#"42["typing.start",{"id":"alice"}]"#);
    wire.push(10, RecordSubject::default(), opening("New"));
    let copied = |event: Event, first: &'static [&str]| {
        let mut story = Story::chat(120, 30);
        story.keys("f12").event(event);
        for keys in first {
            story.keys(keys);
        }
        story.effects.clear();
        story.keys("c down enter");
        let [Effect::Copy(text)] = &story.effects[..] else { panic!("{:?}", story.effects) };
        text.clone()
    };
    let code = copied(wire.event(), &["home", "down down"]);
    let options = r#"query: { "auth": "Bearer ***" }, extraHeaders: { "authorization": "Bearer ***" }"#;
    assert!(code.contains(options) && code.contains("socket.on(\"typing.start\""), "{code}");
    // The ring has lost the opening.
    wire.received(10, RecordSubject::default(), r#"42["typing.start",{"id":"alice"}]"#);
    let code = copied(wire.event(), &["end"]);
    assert!(code.starts_with("// The opening request is no longer recorded"), "{code}");
}

#[test]
fn record_leads_to_its_message_and_message_to_its_records() {
    let mut story = Story::chat(100, 30);
    story.history("r1", 1, 1, vec![message("m8", "alice", "Before", -60_000), message("m9", "me", "It works", 0)]);
    story.keys("f12").event(traffic().event());
    story.keys("end").keys("up up up up up").shows("message.seen").keys("enter").lacks("Inspector");
    assert!(matches!(story.state.ui.focus, Focus::Message(_)), "the receipt names no room, but its group does");
    assert!(story.effects.contains(&Effect::ReadWire(false)));
    story.effects.clear();
    story.keys("W").event(traffic().event()).shows("one message").shows("4 of 12 records").lacks("typing.start");
    story.keys("esc").lacks("Inspector").keys("up W").event(traffic().event()).shows("No records");
}

#[test]
fn nothing_is_read_while_the_inspector_is_closed() {
    let mut story = inspecting(80, 24);
    story.keys("f12").lacks("Inspector");
    assert_eq!(story.effects, [Effect::ReadWire(false)]);
    story.effects.clear();
    story.types("/inspect").keys("enter").shows("Inspector");
    story.effects.clear();
    // Another account may have been shown in the meantime; the next records show that nobody reads them.
    story.state.ui.overlay = None;
    story.event(traffic().event());
    assert_eq!(story.effects, [Effect::ReadWire(false)]);
}

/// Sends a message in 41 ms, whose echo arrives 3 ms later.
#[test]
fn latency_line_shows_the_steps_of_sends() {
    for (width, height) in [(120, 40), (80, 24), (40, 12)] {
        let mut story = Story::chat(width, height);
        story.keys("f11").shows("no message sent yet").event(traffic().event());
        assert!(story.effects.contains(&Effect::ReadWire(true)));
        story.shows("response 41.2 ms (p95 41.2 ms)");
        if width >= 80 {
            story.shows("echo 44.3 ms (p95 44.3 ms)");
        }
        insta::assert_snapshot!(format!("latency_{width}x{height}"), story.row_with("response"));
        if width >= 120 {
            story
                .shows("seen 1.4 s")
                .shows("heard now")
                .wait(12_000)
                .shows("heard 7 s ago")
                .wait(61_000)
                .shows("heard 1:08 ago");
        }
        // The inspector reads the same records.
        story.effects.clear();
        story.keys("f12").event(traffic().event()).shows("12 records").keys("esc").shows("response 41.2 ms");
        assert_eq!(story.effects, [Effect::ReadWire(true)]);
        story.keys("f11").lacks("response");
        assert_eq!(story.effects, [Effect::ReadWire(true), Effect::ReadWire(false)]);
    }
}

#[test]
fn inspector_works_on_every_size() {
    for (width, height) in [(1, 1), (8, 3), (20, 6), (40, 12), (96, 9), (300, 80)] {
        let mut story = inspecting(width, height);
        story.keys("home down tab right left space f").types("event:x").keys("esc / esc c down enter g p p end pageup");
    }
}

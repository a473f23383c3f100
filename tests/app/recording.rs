//! Recordings: a replay ends with the recorded screen, says what is damaged, and hides secrets and names.

use std::io::BufReader;
use std::sync::Arc;

use minchat_tui::app::{Effect, Event, Size, hide_wire, layout};
use minchat_tui::domain::{
    AccountId, Activity, Capabilities, DAY, Membership, MessageInfo, Request, RoomInfo, RoomKind, ServerEvent,
    Timestamp,
};
use minchat_tui::dump::{digest, rows};
use minchat_tui::input::MouseKind;
use minchat_tui::recording::{
    EndReason, Entry, Header, LastScreen, Player, Privacy, Recording, RecordingError, Scribe,
};
use minchat_tui::text::{Pseudonyms, SafeText, Secrets};
use minchat_tui::wire::{Increment, Moment, Payload, Record, RecordKind, RecordSubject, Topic};
use ratatui::buffer::Buffer;
use test_support::story::vchat::*;
use test_support::story::*;

/// A part of a story, and the size of its screen.
type Plot = (&'static str, u16, u16, fn(&mut Story));

/// What happens in a chat with Alice. Each is recorded and replayed on both back ends.
const PLOTS: [Plot; 24] = [
    ("nothing", 80, 24, |_| {}),
    ("message arrives", 80, 24, |story| {
        story.server(ServerEvent::Message(message("m3", "alice", "Are you **there**? https://example.com", 0)));
    }),
    ("message is sent", 80, 24, |story| {
        story.types("On my way 🎉").keys("enter");
        story.wait(3_000);
    }),
    ("draft in several lines", 60, 20, |story| {
        story.types("one").keys("alt+enter").types("two").keys("up left backspace").types("X");
    }),
    ("paste", 80, 24, |story| {
        story.event(Event::Paste("two\nlines\tand a tab \u{1b}[31m".into()));
    }),
    ("switcher", 80, 24, |story| {
        story.keys("ctrl+k").types("al");
    }),
    ("search", 80, 24, |story| {
        story.keys("ctrl+f").types("how");
        story.wait(1_000);
    }),
    ("help", 80, 24, |story| {
        story.keys("f1 pagedown");
    }),
    ("menu of a message", 80, 24, |story| {
        story.keys("tab up enter");
    }),
    ("details of a message", 80, 24, |story| {
        story.keys("tab up i");
    }),
    ("resize", 80, 24, |story| {
        story.event(Event::Resize(Size { width: 50, height: 16 })).types("small");
        story.event(Event::Resize(Size { width: 120, height: 40 }));
    }),
    ("mouse", 80, 24, |story| {
        story.mouse(MouseKind::WheelUp, "How are you").clicks("How are you");
    }),
    ("edit", 80, 24, |story| {
        story.server(ServerEvent::Edited(message("m2", "alice", "How was it?", -60_000)));
    }),
    ("deletion", 80, 24, |story| {
        story.server(ServerEvent::Deleted(message_id("m2")));
    }),
    ("typing and presence", 80, 24, |story| {
        let person = person("alice", "Alice Archer");
        story.server(ServerEvent::Presence { person: person.id.clone(), online: true });
        story.server(ServerEvent::Typing { person, room: Some(room_id("r1")), activity: Some(Activity::Typing) });
        story.wait(500);
    }),
    ("wide and right-to-left text", 70, 24, |story| {
        story.server(ServerEvent::Message(message("m3", "alice", "東京 👩‍👩‍👧 שלום עולם", 0)));
        story.server(ServerEvent::Message(message("m4", "alice", "\u{202e}evil\u{200b}", 1)));
    }),
    ("another room", 80, 24, |story| {
        let last = message("b1", "bob", "Lunch?", 5);
        let info = listed_room("r3", "Bob Brown", RoomKind::Direct, 1, last);
        story.server(ServerEvent::RoomChanged(Box::new(info)));
        story.keys("alt+down");
    }),
    ("connection is lost", 80, 24, |story| {
        let reason = SafeText::line("The server does not answer");
        let status = minchat_tui::domain::ConnectionStatus::Offline { retry_in: 9_000, reason };
        story.server(ServerEvent::Connection(status)).wait(2_500);
        story.types("later").keys("enter");
    }),
    ("commands", 80, 24, |story| {
        story.types("/mute").keys("enter").wait(100).types("/so");
    }),
    ("search result and back", 80, 24, |story| {
        say_a_lot(story);
        story.keys("ctrl+f").types("Line 7");
        story.wait(1_000).keys("enter");
        story.wait(1_000).keys("ctrl+o").wait(3_000);
    }),
    ("older match", 80, 24, |story| {
        say_a_lot(story);
        story.keys("ctrl+f").types("conversation");
        story.wait(1_000).keys("enter");
        story.wait(1_000).keys("n").wait(500).keys("n").wait(3_000);
    }),
    ("day on an earlier page", 80, 24, |story| {
        let days = |first: i64, last: i64| {
            let day = |day: i64| {
                let sent = sent_message(&format!("d{day}"), "bob", &format!("day {day}"), (day - 11) * DAY);
                MessageInfo { room: room_id("r3"), ..sent }
            };
            (first..=last).map(day).collect::<Vec<_>>()
        };
        let last = days(10, 10).remove(0);
        let info = listed_room("r3", "Bob Brown", RoomKind::Direct, 1, last);
        story.server(ServerEvent::RoomChanged(Box::new(info)));
        story.keys("alt+down").history("r3", 1, 2, days(6, 10)).wait(500);
        story.types("/date 8 days ago").keys("enter").shows("Loading earlier messages");
        let requested = story.effects.iter().rev().find_map(|effect| match effect {
            Effect::Request(_, Request::History { page, .. }) => Some(*page),
            _ => None,
        });
        let page = requested.expect("a request");
        story.history("r3", page, page, days(1, 5)).wait(500).shows("day 3");
    }),
    ("first unread message", 80, 24, |story| {
        let last = message("b9", "bob", "Unread 9", 9);
        let info = RoomInfo { unread: Some(5), ..listed_room("r3", "Bob Brown", RoomKind::Direct, 1, last) };
        story.server(ServerEvent::RoomChanged(Box::new(info)));
        story.keys("alt+a");
        story.history(
            "r3",
            1,
            1,
            (0..10).map(|n| message(&format!("b{n}"), "bob", &format!("Unread {n}"), n)).collect(),
        );
        story.wait(3_000).keys("ctrl+o").wait(500);
    }),
    ("many messages", 80, 24, |story| {
        say_a_lot(story);
        story.keys("pageup pageup");
    }),
];

/// Sixty messages arrive.
fn say_a_lot(story: &mut Story) {
    for number in 0..60 {
        let text = format!("Line {number} of a long conversation that is wrapped somewhere on the screen");
        story.server(ServerEvent::Message(message(&format!("n{number}"), "alice", &text, i64::from(number))));
    }
}

/// Records a story with the writer of the program, which leaves out what goes over the wire.
fn record(story: &Story, secrets: &[&str], names: Option<Pseudonyms>) -> String {
    let known: Secrets = secrets.iter().copied().collect();
    let names_hidden = names.is_some();
    let mut scribe = Scribe::new(Privacy { secrets: Box::new(move || known.clone()), names });
    let mut out = Vec::new();
    scribe.header(&Header::new(story.start.clone(), names_hidden), &mut out).expect("JSON");
    for entry in story.entries.iter().filter(|entry| !matches!(entry.event, Event::Wire(_))) {
        scribe.entry(entry.clone(), None, &mut out).expect("JSON");
    }
    let shown = story.terminal.shown();
    let screen = LastScreen { rows: rows(shown), digest: digest(shown) };
    scribe.end(EndReason::Quit, Some(screen), &mut out).expect("JSON");
    String::from_utf8(out).expect("JSON is text")
}

fn read(recording: &str) -> Recording {
    Recording::read(BufReader::new(recording.as_bytes())).expect("a recording")
}

/// Replays a recording and returns its last frame.
fn replay(recording: Recording) -> Buffer {
    let mut player = Player::new(recording);
    let mut last = Buffer::default();
    while player.step(|state| last = frame_of(state).0) {}
    last
}

fn told(can: Capabilities, (_, width, height, plot): Plot) -> Story {
    let mut story = Story::chat_on(can, width, height);
    plot(&mut story);
    story
}

#[test]
fn replay_ends_with_the_recorded_screen() {
    for can in [MINCHAT, VCHAT] {
        for plot in PLOTS {
            let story = told(can, plot);
            // A page that the test gives although nobody has asked for it changes the state without an event.
            let start = Story::chat_on(can, plot.1, plot.2).entries.len();
            let is_unasked = |entry: &&Entry| format!("{entry:?}").contains(&format!("{UNASKED:?}"));
            assert_eq!(story.entries.iter().skip(start).find(is_unasked), None, "{} on {}", plot.0, can.name);
            let recording = read(&record(&story, &[], None));
            assert_eq!((recording.damage.as_ref(), recording.entries.len()), (None, story.entries.len()), "{}", plot.0);
            assert_eq!(recording.entries, story.entries, "{}", plot.0);
            let screen = recording.end.clone().and_then(|end| end.screen).expect("a screen");
            let replayed = replay(recording);
            assert_eq!(rows(&replayed).join("\n"), story.screen(), "{} on {}", plot.0, can.name);
            assert_eq!((&replayed, digest(&replayed)), (story.terminal.shown(), screen.digest), "{}", plot.0);
        }
    }
}

#[test]
fn cut_recording_is_replayed_up_to_the_cut() {
    let story = told(MINCHAT, PLOTS[2]);
    let recording = record(&story, &[], None);
    let cut = read(&recording[..recording.rfind("FrameDrawn").expect("a frame")]);
    let damage = cut.damage.clone().expect("a damaged line");
    assert_eq!((damage.line, damage.reason.as_str()), (cut.entries.len() + 2, "it is cut off"));
    assert!(rows(&replay(cut)).join("\n").contains("How are you?"));
}

#[test]
fn damaged_line_is_named() {
    let recording = record(&told(MINCHAT, PLOTS[0]), &[], None);
    let mut lines: Vec<&str> = recording.lines().collect();
    lines[3] = r#"{"at":1,"event":"Nonsense"}"#;
    let damage = read(&(lines.join("\n") + "\n")).damage.expect("a damaged line");
    assert_eq!(damage.line, 4);
    assert!(damage.reason.contains("Nonsense"), "{}", damage.reason);
}

#[test]
fn other_versions_and_files_are_rejected() {
    let error = |text: &str| Recording::read(text.as_bytes()).expect_err("no recording").to_string();
    let newer = error("{\"minchat_tui_recording\":99,\"program\":\"7.1.0\",\"more\":1}\n");
    assert!(newer.contains("version 99") && newer.contains("minchat-tui 7.1.0"), "{newer}");
    assert_eq!(error("[profile.alice]\n"), "it is no recording of minchat-tui");
    assert!(matches!(Recording::read(&b""[..]), Err(RecordingError::Foreign)));
    let cut = error("{\"minchat_tui_recording\":1,\"pro");
    assert!(cut.starts_with("line 1 is damaged: EOF"), "{cut}");
}

#[test]
fn recording_has_no_secret() {
    let mut story = Story::chat(80, 24);
    story.event(Event::Paste("the key is s3cr3t-k3y".into())).keys("enter");
    story.types("and s3cr3t-k3y again").keys("enter");
    story.server(ServerEvent::Notice(SafeText::line("apiKey=s3cr3t-k3y is wrong")));
    let recording = record(&story, &["s3cr3t-k3y"], None);
    assert!(!recording.contains("s3cr3t-k3y"), "{recording}");
    let player = replay(read(&recording));
    assert!(rows(&player).join("\n").contains("How are you?"));
}

#[test]
fn hidden_names_are_nowhere_and_the_replay_works() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 80, 24);
        story.server(ServerEvent::Membership { room: room_id("r1"), membership: Membership::default() });
        let text =
            MessageInfo { sent_at: Timestamp(BEGIN.0 + 5), ..message("m3", "alice", "Dinner in Lisbon, me?", 5) };
        story.server(ServerEvent::Message(text));
        let names = Pseudonyms::new(3);
        let recording = record(&story, &[], Some(names.clone()));
        for word in ["Alice", "alice", "Archer", "Hello", "Dinner", "Lisbon", "api.minchat"] {
            assert!(!recording.contains(word), "{word} in {recording}");
        }
        let read = read(&recording);
        assert_eq!((read.damage.as_ref(), read.end.as_ref().and_then(|end| end.screen.as_ref())), (None, None));
        let screen = rows(&replay(read)).join("\n");
        assert!(screen.contains(&names.text("Dinner in Lisbon, me?")), "{screen}");
        assert!(screen.contains(&names.text("Alice Archer")) && !screen.contains("Alice"), "{screen}");
    }
}

/// Regression test: a replay has no records, so the copy menu and the details were not open there. Esc then closed the
/// inspector too early, the next keys were pressed in the chat, and nothing said what was copied or where a record led.
#[test]
fn keys_in_the_inspector_are_replayed_without_records() {
    let record = |seq: u64, id: &str| {
        let text = format!(r#"42["message",{{"id":"{id}","chat_id":"r1","text":"How?","user":{{"id":"alice"}}}}]"#);
        let at = Moment { wall: BEGIN, micros: seq };
        let (room, message) = (Some(room_id("r1")), Some(message_id(id)));
        let subject = RecordSubject { topic: Some(Topic::Message), room, message, local: None };
        let kind = RecordKind::Received { payload: Payload::new(text.clone(), text.len()), problem: None };
        Arc::new(Record { seq, at, account: AccountId(0), subject, kind })
    };
    let without = Record { subject: RecordSubject::default(), ..(*record(3, "m2")).clone() };
    let records = vec![record(1, "m1"), record(2, "m2"), Arc::new(without)];
    for can in [MINCHAT, VCHAT] {
        for (keys, then) in [
            // The menu, closed without and with a copy.
            ("f12 c esc esc", "typed"),
            ("f12 c down enter esc", "typed"),
            ("f12 c enter", "/"),
            // Details, which Esc leaves first; then the field of the filter, and letters in it.
            ("f12 right down esc esc", "typed"),
            ("f12 right left left esc", "typed"),
            ("f12 tab right enter left esc esc", "typed"),
            ("f12 / m e s c esc esc", "typed"),
            ("f12 / m e s enter c esc / esc esc", "typed"),
            // A record without a message, and the message of one.
            ("f12 end enter", ""),
            ("f12 home enter", ""),
            ("f12 home enter esc", "typed"),
            // Still open at the end, below the help too.
            ("f12 c", ""),
            ("f12 right", ""),
            ("f12 f1", ""),
            // Details of a message, whose JSON is known or has to be requested.
            ("tab up i end up enter", ""),
            ("tab up i end up enter esc", "typed"),
            // The latency line.
            ("f11 f12 c esc esc", "typed"),
        ] {
            for knows in [true, false] {
                let mut story = Story::chat_on(can, 100, 30);
                let mut presses = keys.split(' ');
                for key in presses.by_ref() {
                    story.keys(key);
                    if knows && ["f12", "i"].contains(&key) {
                        story.event(Event::Wire(Increment { records: records.clone(), missed: 0 }));
                    }
                }
                story.types(then);
                hide_wire(&mut story.state);
                layout(&mut story.state);
                let expected = rows(&frame_of(&story.state).0).join("\n");
                let mut player = Player::new(read(&record_of(&story)));
                while player.step(|_| {}) {}
                hide_wire(&mut player.state);
                layout(&mut player.state);
                let replayed = rows(&frame_of(&player.state).0).join("\n");
                assert_eq!(replayed, expected, "{keys} on {}, records: {knows}", can.name);
            }
        }
    }
}

fn record_of(story: &Story) -> String {
    record(story, &[], None)
}

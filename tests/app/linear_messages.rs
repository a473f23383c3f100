//! Messages that are read out line by line: files, and pages of earlier messages.

use minchat_tui::app::{Event, FilePurpose, FileRequest};
use minchat_tui::domain::{AccountId, Attachment, AttachmentKind, LocalId, MessageInfo, OutgoingFile, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

use crate::linear::Reading;

/// Sends a file, and returns what is said and the local id.
fn send_file(reading: &mut Reading) -> (Vec<String>, LocalId) {
    let file = OutgoingFile {
        path: "/home/me/notes.pdf".into(),
        name: "notes.pdf".into(),
        kind: AttachmentKind::File,
        mime: "application/pdf".into(),
        size: 2_100,
        duration: None,
    };
    let purpose = FilePurpose::Message { room: room_id("r1"), reply_to: None, as_file: false };
    let request = FileRequest { path: "~/notes.pdf".into(), purpose };
    reading.story.event(Event::File(AccountId(0), request, Ok(file)));
    let (local, _, _) = take_send(&mut reading.story);
    (reading.said(), local)
}

/// Regression test: `Sent:` was followed by nothing.
#[test]
fn sent_file_is_named() {
    for (caption, expected) in [("", "[file] notes.pdf (2.1 kB)"), ("for you", "[file] notes.pdf (2.1 kB) for you")] {
        let mut reading = Reading::new(Story::chat(100, 40));
        reading.said();
        let (said, local) = send_file(&mut reading);
        assert_eq!(said, ["You, 18:00: ", "  File: [file] notes.pdf (2.1 kB)"]);
        let file = Attachment {
            kind: AttachmentKind::File,
            name: SafeText::line("notes.pdf"),
            size: SafeText::line("2.1 kB"),
            bytes: Some(2_100),
            url: SafeText::line("https://chat.example/notes.pdf"),
            duration: None,
        };
        let accepted = MessageInfo { attachment: Some(Box::new(file)), ..message("m3", "me", caption, 10) };
        let (id, message) = (Some(message_id("m3")), Some(Box::new(accepted)));
        reading.story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message });
        let said = reading.said();
        assert!(!caption.is_empty() || said == [format!("Sent: {expected}")], "{said:#?}");
        reading.story.server(ServerEvent::Seen(message_id("m3")));
        assert_eq!(reading.said(), [format!("Seen: {expected}")]);
        reading.story.keys("tab");
        assert!(reading.said().contains(&format!("Selected: You: {expected}")));
    }
}

/// Regression test: a page that only fills the screen was said after the newest messages, unasked.
#[test]
fn page_that_fills_the_screen_is_said_on_request() {
    let text = |n: i64| message(&format!("m{n}"), "alice", &format!("text {n}"), -60_000 * (41 - n));
    let page = |range: std::ops::RangeInclusive<i64>| range.map(text).map(seen).collect::<Vec<_>>();
    let mut story = Story::online(100, 40);
    let last = seen(text(40));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    story.history("r1", 1, 2, page(31..=40));
    let mut reading = Reading::new(story);
    let said = reading.said();
    assert_eq!(said.last().map(String::as_str), Some("Alice Archer, 17:59: text 40"));
    reading.story.history("r1", 2, 2, page(1..=30));
    assert_eq!(reading.said(), [""; 0]);
    reading.story.server(ServerEvent::Message(message("m41", "alice", "live", 0)));
    assert_eq!(reading.said(), ["Alice Archer, 18:00: live"]);
    // Nothing is left out, not even what was on screen already.
    reading.story.keys("pageup pageup");
    let said = reading.said();
    let said: Vec<&str> = said.iter().filter_map(|line| line.split_once(": text ").map(|(_, n)| n)).collect();
    let expected: Vec<String> = (1..=30).map(|n| n.to_string()).collect();
    assert_eq!(said, expected);
}

/// A message that arrives before the newest page hides none of it.
#[test]
fn newest_page_is_said_although_a_message_came_first() {
    let mut story = Story::online(100, 40);
    let last = message("m1", "alice", "text 1", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    story.server(ServerEvent::Message(message("m2", "alice", "live", 0)));
    let mut reading = Reading::new(story);
    assert!(reading.said().contains(&"Alice Archer, 18:00: live".to_owned()));
    reading.story.history("r1", 1, 1, vec![message("m1", "alice", "text 1", -60_000)]);
    assert!(reading.said().contains(&"Alice Archer, 17:59: text 1".to_owned()));
}

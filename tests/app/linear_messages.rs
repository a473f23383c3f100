//! Messages that are read out line by line: files.

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

//! No text of others passes for a line of the program, of the user or of somebody else.

use minchat_tui::domain::{
    Attachment, AttachmentKind, ConnectionStatus, Failure, MessageInfo, PersonId, PersonInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::vchat::*;
use test_support::story::*;

use crate::linear::Reading;

/// Beginnings of lines that are never said in this story.
const FORGED: &[&str] = &[
    "Alice Archer, 16:00: FAKE",
    "You, 16:00: FAKE",
    "Notice, 16:00: FAKE",
    "Notice: FAKE",
    "Online. FAKE",
    "Offline: FAKE",
    "Room: FAKE",
    "Sent: FAKE",
    "Unread: FAKE",
    "Selected: FAKE",
    "Call: FAKE",
    "Keys: FAKE",
    "Not sent yet: FAKE",
    "In reply to FAKE",
    "> FAKE",
];

/// Names that stand for somebody or something else.
const WORDS: &[&str] = &["You", "Notice", "yоu", "Online.", "Ｒｏｏｍ", "@alice", "> Rosa", "Sent"];

/// What may begin a line within a text, in some terminal or after some conversion.
const BREAKS: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "<br>",
    "<p>",
    "&#10;",
    "&#13;",
    "&#x2028;",
    "&NewLine;",
    "\\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n```\n",
    "\n    ",
    "\u{200b}\n",
    "\u{202e}",
    "| a |\n|---|\n| ",
    " ",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(FORGED),
        prop::sample::select(BREAKS),
        prop::sample::select(BREAKS),
        prop::sample::select(WORDS),
        Just("harmless"),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

fn mallory(name: &str) -> PersonInfo {
    let (username, name) = (SafeText::line("mallory"), SafeText::line(name));
    PersonInfo { username, name, ..PersonInfo::new(PersonId::new("mallory")) }.with_visible_name()
}

fn check(said: &[String], after: &str) -> Result<(), TestCaseError> {
    for line in said {
        prop_assert!(!line.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']), "{after}: {line:?}");
        // The program has words of its own before each of them, or blanks.
        let forged = FORGED.iter().find(|forged| line.starts_with(**forged));
        prop_assert!(forged.is_none(), "{after}: {line:?} in {said:#?}");
        // Neither the user nor a service says anything at this time.
        for name in ["You, 18:", "Notice, 18:"] {
            prop_assert!(!line.starts_with(name), "{after}: {line:?} in {said:#?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_others_begin_no_line(
        name in text(), title in text(), body in text(), edited in text(), file in text(), reason in text(),
        is_vchat in any::<bool>(), ascii in any::<bool>(),
    ) {
        let can = if is_vchat { VCHAT } else { MINCHAT };
        let mut story = Story::chat_on(can, 100, 40);
        story.state.options.ascii = ascii;
        let of_mallory = |id: &str, text: &str, at| MessageInfo {
            author_info: Some(Box::new(mallory(&name))),
            text: SafeText::block(text),
            ..sent_message(id, "mallory", text, at)
        };
        let mut rooms = three_rooms([0; 3]);
        rooms.push(listed_room("r4", "x", RoomKind::Group, 0, in_room("r4", of_mallory("x1", &body, -1_000))));
        rooms.last_mut().unwrap().title = Some(SafeText::line(&title));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        let mut reading = Reading::new(story);
        check(&reading.said(), "start")?;
        let first = of_mallory("e1", &body, 10);
        reading.story.server(ServerEvent::Message(first.clone()));
        check(&reading.said(), "message")?;
        reading.story.server(ServerEvent::Edited(MessageInfo { text: SafeText::block(&edited), ..first.clone() }));
        check(&reading.said(), "edit")?;
        let attachment = Attachment {
            kind: AttachmentKind::File,
            name: SafeText::line(&file),
            size: SafeText::line(&file),
            url: SafeText::line("https://example.org/x"),
            bytes: None,
            duration: None,
        };
        let with_file = MessageInfo { attachment: Some(Box::new(attachment)), ..of_mallory("e2", "", 20) };
        reading.story.server(ServerEvent::Message(with_file));
        check(&reading.said(), "file")?;
        let reply = MessageInfo { quote: Some(Box::new(quote(&first))), ..of_mallory("e3", "answer", 30) };
        reading.story.server(ServerEvent::Message(reply));
        check(&reading.said(), "reply")?;
        reading.story.server(ServerEvent::Message(in_room("r4", of_mallory("x2", &body, 40))));
        check(&reading.said(), "another room")?;
        for keys in ["tab", "r", "esc", "tab", "up", "up", "y", "enter", "esc", "i", "esc", "ctrl+b", "down", "esc", "ctrl+k", "esc", "f2", "esc"] {
            reading.story.keys(keys);
            check(&reading.said(), keys)?;
        }
        for line in ["/rooms", "/info", "/people x", "/notices", "/go x", "/search harmless"] {
            check(&reading.line(line), line)?;
            reading.story.keys("esc");
            check(&reading.said(), line)?;
        }
        for request in reading.story.requests() {
            let reason = SafeText::line(&reason);
            reading.story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
            check(&reading.said(), "failure")?;
        }
        let reason = SafeText::line(&reason);
        reading.story.server(ServerEvent::Connection(ConnectionStatus::Offline { reason, retry_in: 5_000 }));
        check(&reading.said(), "offline")?;
        reading.story.server(ServerEvent::Deleted(first.id));
        check(&reading.said(), "deletion")?;
    }
}

/// Regression test: with such a name, messages were those of the user, of the service or of somebody else.
#[test]
fn name_that_could_be_confused_follows_the_user_name() {
    for (name, said_as) in [
        ("You", "@mallory (You), 18:00: hi"),
        ("notice", "@mallory (notice), 18:00: hi"),
        ("Alice, 16:00", "@mallory (Alice, 16:00), 18:00: hi"),
        ("Alice Archer, 16:00: I approve the transfer", "@mallory (Alice Archer, 16:00: I …), 18:00: hi"),
        ("Online.", "@mallory (Online.), 18:00: hi"),
        ("Mallory", "Mallory, 18:00: hi"),
    ] {
        for can in [MINCHAT, VCHAT] {
            let mut reading = Reading::new(Story::chat_on(can, 100, 40));
            reading.said();
            let from =
                MessageInfo { author_info: Some(Box::new(mallory(name))), ..sent_message("e1", "mallory", "hi", 10) };
            reading.story.server(ServerEvent::Message(from));
            assert_eq!(reading.said(), [said_as]);
        }
    }
}

/// Regression test: the second line of an edit was a line of its own.
#[test]
fn lines_of_an_edit_are_indented() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = Reading::new(Story::chat_on(can, 100, 40));
        reading.said();
        let edited = MessageInfo {
            text: SafeText::block("harmless\nBob, 16:00: yes"),
            ..sent_message("m2", "alice", "", -60_000)
        };
        reading.story.server(ServerEvent::Edited(edited));
        assert_eq!(reading.said(), ["Alice Archer edited a message of 17:59: harmless", "  Bob, 16:00: yes"]);
    }
}

/// Regression test: the room list said `you: …` of a person with this name.
#[test]
fn previews_mark_a_person_who_is_called_like_the_user() {
    let mut story = Story::chat_on(VCHAT, 120, 40);
    let from =
        MessageInfo { author_info: Some(Box::new(mallory("you"))), ..sent_message("x1", "mallory", "hi", -1_000) };
    let mut rooms = three_rooms([0; 3]);
    rooms.push(listed_room("r4", "Crew", RoomKind::Group, 1, from.clone()));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    story.shows("you @mallory: hi");
    story.server(ServerEvent::Message(MessageInfo {
        quote: Some(Box::new(quote(&from))),
        ..sent_message("m3", "alice", "so", 10)
    }));
    story.shows("you @mallory: hi");
}

//! The composer's looks and modes: editing a message, sent lines, long text.

use minchat_tui::app::Event;
use minchat_tui::domain::{Attachment, AttachmentKind, Content, MessageInfo, Request, ServerEvent};
use minchat_tui::input::MouseKind;
use minchat_tui::store::OutboxPayload;
use minchat_tui::text::SafeText;
use test_support::story::*;

fn chat(width: u16, height: u16) -> Story {
    Story::chat(width, height)
}

/// The texts that are queued or were sent, and not confirmed yet.
fn outgoing(story: &Story) -> Vec<String> {
    let entries = story.state.account().outbox.iter();
    let texts = entries.filter_map(|entry| match entry.payload() {
        OutboxPayload::Send(Content::Text { text, .. }) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn edited_message_is_named_and_marked() {
    for (width, height) in [(100, 24), (40, 12)] {
        let mut story = chat(width, height);
        story.keys("up").shows("Editing message: Hello Alice").shows("✎ Hello Alice");
        assert!(story.screen().matches("✎ Hello Alice").count() == 2, "in the pane and in the composer");
        story.keys("esc").lacks("✎").lacks("Editing message");
    }
}

/// After a file, the key began an edit whose Enter deletes the file.
#[test]
fn file_without_a_text_is_not_edited_by_the_key() {
    let mut story = chat(100, 24);
    let file = Attachment {
        kind: AttachmentKind::File,
        name: SafeText::line("notes.txt"),
        size: SafeText::line("2 kB"),
        bytes: None,
        url: SafeText::line("https://files.example/notes.txt"),
        duration: None,
    };
    let message = MessageInfo { attachment: Some(Box::new(file)), ..message("m3", "me", "", 10) };
    story.server(ServerEvent::Message(message)).shows("notes.txt").keys("up").shows("Editing message: Hello Alice");
}

/// Only plain text had the mark.
#[test]
fn edited_message_with_a_link_or_mention_is_marked() {
    for text in ["see https://example.org", "hello @carol", "two rows\nhttps://example.org"] {
        let mut story = chat(100, 24);
        story.server(ServerEvent::Message(message("m3", "me", text, 10))).keys("up").shows("Editing message");
        let pane = story.pane();
        assert_eq!(pane.matches(" ✎ ").count(), 1, "{pane}");
    }
}

/// The placeholder of a new message was shown.
#[test]
fn emptied_edit_offers_to_delete_the_message() {
    let mut story = chat(100, 24);
    story.keys("up ctrl+u").shows("Enter deletes the message").lacks("Message Alice Archer…").effects.clear();
    story.keys("enter").shows("Delete this message for everyone?").keys("n").shows("Editing message");
    assert_eq!(story.requests(), []);
    story.types("  ").keys("enter").shows("Delete this message for everyone?").confirms().lacks("Editing message");
    assert_eq!(story.requests(), [Request::Delete { room: room_id("r1"), message: message_id("m1") }]);
    story.shows("Message Alice Archer…");
}

#[test]
fn changed_edit_is_discarded_only_after_a_question() {
    let mut story = chat(100, 24);
    story.keys("up esc").lacks("Discard your changes").lacks("Editing message");
    story.keys("up").types("!").keys("esc").shows("Hello Alice!").shows("Discard your changes to this message?");
    story
        .keys("esc")
        .shows("✎ Hello Alice!")
        .keys("esc")
        .confirms()
        .lacks("Editing message")
        .shows("Message Alice Archer…");
    story.keys("ctrl+y").shows("› Hello Alice!");
}

#[test]
fn sent_lines_come_back_and_the_draft_returns() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.types("first").keys("enter").types("/info").keys("enter esc").types("second").keys("enter");
        story
            .types("a draft")
            .keys("alt+p")
            .shows("› second")
            .keys("alt+p")
            .shows("› /info")
            .keys("alt+p")
            .shows("› first");
        // What was sent before the program started is known from the messages.
        story.keys("alt+p").shows("› Hello Alice").keys("alt+p").shows("There is no older line of yours here.");
        story.keys("alt+n alt+n alt+n alt+n").shows("› a draft");
        story.keys("alt+n").shows("There is no newer line of yours here.").shows("› a draft");
        story.keys("alt+p alt+p enter").shows("Alice Archer @alice").keys("esc");
        // A changed line is a draft of its own, to which the walk returns.
        story.keys("alt+p alt+p").shows("› second").types("!").keys("alt+p alt+n").shows("› second!").keys("enter");
        assert_eq!(outgoing(&story), ["first", "second", "second!"]);
    }
}

#[test]
fn sent_lines_belong_to_their_room() {
    let mut story = chat(100, 24);
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.types("for Alice").keys("enter alt+down").shows("Message Bob Brown…");
    story.keys("alt+p").shows("There is no older line of yours here.").lacks("› for Alice");
}

#[test]
fn sent_slash_text_is_not_a_command_when_it_returns() {
    let mut story = chat(100, 24);
    story.event(Event::Paste("/quit".into())).keys("enter");
    story.keys("alt+p").shows("› /quit").keys("enter");
    assert_eq!(outgoing(&story), ["/quit", "/quit"]);
}

#[test]
fn composer_grows_to_a_third_and_scrolls() {
    let mut story = chat(100, 30);
    for line in 1..=15 {
        story.types(&format!("line {line}")).keys("alt+enter");
    }
    assert_eq!(story.state.ui.regions.composer.height, 9);
    story.shows("─ 7 above ─").lacks("below").lacks("  line 7\n").shows("  line 15");
    // The text stays where it is until the cursor would leave it.
    story.keys("up up up up up up up up").shows("─ 7 above ─").shows("› line 8");
    story.keys("up up").shows("─ 5 above · 2 below ─").shows("› line 6").shows("  line 14").lacks("  line 15");
    story.mouse(MouseKind::Click, "line 14").types("X").shows("Xline 14").shows("5 above · 2 below");
}

#[test]
fn space_left_is_shown_near_the_limit() {
    for (width, height) in [(100, 24), (40, 12)] {
        let mut story = chat(width, height);
        story.event(Event::Paste("x".repeat(58_000))).lacks(" left").keys("ctrl+u");
        story.event(Event::Paste("x".repeat(65_000))).shows("535 B left").types("yy").shows("533 B left");
        story.keys("backspace").shows("534 B left").keys("ctrl+u").lacks(" left");
    }
}

//! Edits, deletions, receipts and the display of messages.

use minchat_tui::app::Event;
use minchat_tui::domain::{Attachment, AttachmentKind, MessageInfo, Request, RoomInfo, SECOND, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    deletion_asks_first_and_leaves_a_tombstone_in_place(60, 24);
    file_is_shown_with_kind_name_and_size(100, 24);
    escape_sequence_in_a_message_is_shown_as_text(100, 24);
    jump_to_latest_wins_over_a_pending_selection(60, 12);
}

#[test]
fn up_in_an_empty_composer_edits_the_last_own_message() {
    let mut story = Story::chat(100, 24);
    story.keys("up");
    story.shows("✎ Hello Alice").shows("Editing message");
    story.types("!").keys("enter");
    let edit = Request::Edit { message: message_id("m1"), text: "Hello Alice!".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&edit));
    story.server(ServerEvent::Done(edit));
    story.shows("Hello Alice! (edited)");
    story.server(ServerEvent::Edited(message("m1", "me", "Hello Alice!", -120_000)));
    assert_eq!(story.screen().matches("(edited)").count(), 1);
}

#[test]
fn refused_edit_restores_the_text() {
    let mut story = Story::chat(100, 24);
    story.keys("up").types("!").keys("enter");
    let edit = story.requests().pop().expect("an edit");
    story.server(ServerEvent::Failed { request: edit, failure: Failure::Refused, reason: SafeText::line("Too late.") });
    story.shows("Not edited: Too late.").shows("✎ Hello Alice!");
}

fn deletion_asks_first_and_leaves_a_tombstone_in_place(mut story: Story) {
    story.server(ServerEvent::Message(message("m3", "me", "one line and\nanother\nand a third", 10)));
    story.server(ServerEvent::Message(seen(message("m4", "alice", "below", 20))));
    let below = story.screen().lines().position(|row| row.contains("below")).expect("a row");
    story.effects.clear();
    story.keys("tab up d");
    story.shows("Delete this message for everyone?");
    assert_eq!(story.requests(), []);
    story.confirms();
    assert_eq!(story.requests(), [Request::Delete { room: room_id("r1"), message: message_id("m3") }]);
    story.server(ServerEvent::Deleted(message_id("m3")));
    let screen = story.screen();
    assert!(screen.lines().nth(below).is_some_and(|line| line.contains("below")), "{screen}");
    story.shows("Message deleted");
    story.lacks("another");
}

#[test]
fn only_own_messages_offer_edit_and_delete() {
    let mut story = Story::chat(100, 24);
    story.keys("tab");
    let hints = story.screen().lines().last().unwrap_or_default().to_owned();
    assert!(hints.contains("Y copy") || hints.contains("y copy"), "{hints}");
    assert!(!hints.contains("edit"), "{hints}");
    story.keys("e").shows("Only your own messages can be edited.");
}

#[test]
fn message_is_seen_after_a_moment_on_the_focused_screen() {
    let mut story = Story::chat(100, 24);
    story.event(Event::Focus(false));
    story.server(ServerEvent::Message(message("m3", "alice", "Anybody there?", 10)));
    story.wait(10 * SECOND);
    assert_eq!(story.requests(), []);
    story.shows("── New messages ──");
    story.event(Event::Focus(true)).wait(299);
    assert_eq!(story.requests(), []);
    story.wait(1);
    assert_eq!(story.requests(), [Request::Seen { room: room_id("r1"), message: message_id("m3") }]);
    story.wait(10 * SECOND);
    assert_eq!(story.requests(), [], "a receipt is sent once");
}

/// MinChat sends a receipt for each message; a message with a file has two rows that could count as its end.
#[test]
fn seen_receipt_is_sent_once_per_message() {
    let photo = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line("https://files.example/cat.png"),
        duration: None,
    };
    let with_photo = MessageInfo { attachment: Some(Box::new(photo)), ..message("g1", "bob", "my cat", -60_000) };
    for unseen in [message("g1", "bob", "hello all", -60_000), message("g1", "bob", "", -60_000), with_photo] {
        let mut story = Story::online(100, 24);
        let page = || vec![seen(message("g0", "carol", "first", -90_000)), unseen.clone()];
        for _load_and_reload in 0..2 {
            let last = MessageInfo { seen: false, ..unseen.clone() };
            let info = room("r1", "Team", &["bob", "carol"], last.clone());
            let rooms = vec![RoomInfo { last_message: Some(last), ..info }];
            story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
            story.history("r1", 1, 1, page());
            story.wait(2_000);
        }
        // The room leaves the list and returns. The server reports the message as unseen until everybody has seen it.
        story.server(ServerEvent::RoomDeleted(room_id("r1")));
        let info = room("r1", "Team", &["bob", "carol"], unseen.clone());
        let info = RoomInfo { last_message: Some(unseen.clone()), ..info };
        story.server(ServerEvent::RoomChanged(Box::new(info)));
        story.history("r1", 1, 1, page()).wait(2_000);
        let sent: Vec<_> = story.requests().into_iter().filter(|r| matches!(r, Request::Seen { .. })).collect();
        assert_eq!(sent, [Request::Seen { room: room_id("r1"), message: message_id("g1") }], "{unseen:?}");
    }
}

fn file_is_shown_with_kind_name_and_size(mut story: Story) {
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line("https://files.example/cat.png"),
        duration: None,
    };
    let with_file = MessageInfo { attachment: Some(Box::new(file)), ..message("m3", "alice", "", 10) };
    story.server(ServerEvent::Message(with_file));
    story.shows("[image] cat.png (2 MB)");
}

fn escape_sequence_in_a_message_is_shown_as_text(mut story: Story) {
    story.server(ServerEvent::Message(message("m3", "alice", "\u{1b}[2J<x>boo</x>", 10)));
    story.shows("␛<x>boo</x>");
}

#[test]
fn agent_event_is_a_line_in_the_room() {
    let mut story = Story::chat(100, 24);
    let (agent, action) = (SafeText::line("alice"), SafeText::line("ai_handoff"));
    story.server(ServerEvent::AgentAction { room: Some(room_id("r1")), agent, action });
    story.shows("Alice Archer: ai handoff");
}

/// Keys arrive faster than frames: a selection that was still to be shown scrolled the pane up again.
fn jump_to_latest_wins_over_a_pending_selection(mut story: Story) {
    for n in 0..30 {
        story.server(ServerEvent::Message(message(&format!("n{n}"), "alice", &format!("line {n}."), n)));
    }
    story.keys("tab k k k k k k");
    for key in ["k", "k", "esc", "ctrl+end"] {
        let key = Event::Key(key.parse().expect("a key"));
        minchat_tui::app::update(&mut story.state, story.now, key);
    }
    story.event(Event::Focus(true)).shows("line 29.");
}

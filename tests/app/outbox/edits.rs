//! Queued edits and deletions.

use super::*;

#[test]
fn offline_edit_is_shown_as_queued_and_made_later() {
    let [mut story, _] = both();
    disconnect(&mut story);
    story.keys("up").types("!").keys("enter");
    story.shows("The message will be edited once you are online.");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    assert_eq!(changes(&mut story), []);
    story.keys("up").shows("✎ Hello Alice!").keys("esc");
    reconnect(&mut story);
    let edit = single_change(&mut story);
    assert_eq!(edit, Request::Edit { message: message_id("m1"), text: "Hello Alice!".into() });
    story.server(ServerEvent::Done(edit));
    story.shows("Hello Alice! (edited)");
    assert!(story.state.account().outbox.is_empty());
    assert_eq!(store_writes(&mut story), ["put", "uncertain", "remove"]);
}

/// An edit back to a text that an earlier queued edit had was thrown away as "already queued".
#[test]
fn edit_back_to_an_earlier_queued_text_is_queued() {
    let [mut story, _] = both();
    disconnect(&mut story);
    for (keys, typed) in [("up", "!"), ("up", "?"), ("up backspace", "")] {
        story.keys(keys).types(typed).keys("enter").lacks("already queued");
    }
    // The same text once more changes nothing.
    story.keys("up").keys("enter").shows("This change is already queued.");
    reconnect(&mut story);
    for text in ["Hello Alice!", "Hello Alice!?", "Hello Alice!"] {
        let edit = single_change(&mut story);
        assert_eq!(edit, Request::Edit { message: message_id("m1"), text: text.into() });
        story.server(ServerEvent::Done(edit));
    }
    story.shows("Hello Alice! (edited)");
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn offline_deletion_follows_earlier_messages() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        story.keys("tab up up up d").confirms().shows("The message will be deleted once you are online.");
        reconnect(&mut story);
        let send = single_change(&mut story);
        assert_eq!(text_of(&send), "one");
        accept(&mut story, &send, "m3");
        let delete = single_change(&mut story);
        assert_eq!(delete, Request::Delete { room: room_id("r1"), message: message_id("m1") });
        story.server(ServerEvent::Done(delete)).shows("Message deleted");
    }
}

#[test]
fn uncertain_change_is_repeated_and_its_refusal_ignored() {
    for mut story in both() {
        story.keys("tab up d").confirms();
        let delete = single_change(&mut story);
        fail(&mut story, &delete, Failure::Uncertain);
        story.wait(1_100);
        assert_eq!(single_change(&mut story), delete);
        story.server(ServerEvent::Deleted(message_id("m1")));
        fail(&mut story, &delete, Failure::Refused);
        story.lacks("Not deleted");
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn refused_edit_restores_the_text_and_leaves_the_store() {
    let [mut story, _] = both();
    story.keys("up").types("!").keys("enter");
    let edit = single_change(&mut story);
    store_writes(&mut story);
    fail(&mut story, &edit, Failure::Refused);
    story.shows("Not edited: The server says no.").shows("✎ Hello Alice!");
    assert_eq!(store_writes(&mut story), ["remove"]);
}

/// The text of the edit was lost without a trace.
#[test]
fn refused_edit_is_kept_beside_a_new_draft() {
    let [mut story, _] = both();
    story.keys("up").types(" again").keys("enter");
    let edit = single_change(&mut story);
    story.types("something else");
    fail(&mut story, &edit, Failure::Refused);
    story.shows("something else").shows("Not edited: The server says no.");
    story.keys("enter").shows("✎ Hello Alice again");
}

/// A rejected edit was lost if its message was not loaded, as after a restart.
#[test]
fn refused_edit_of_an_unloaded_message_restores_its_text() {
    use minchat_tui::store::{Entry, OutboxPayload, StoredStage};
    let [mut story, _] = both();
    disconnect(&mut story);
    let payload = OutboxPayload::Edit { message: message_id("m0"), text: "What I meant".into() };
    let (local, room) = (LocalId::from_random(7), room_id("r1"));
    let entry = Entry { local, room, payload, stage: StoredStage::Uncertain, attempts: 1, at: BEGIN };
    story.state.with_shown(&mut Vec::new(), |cx| minchat_tui::app::restore_outbox(cx, vec![entry]));
    reconnect(&mut story);
    let edit = single_change(&mut story);
    fail(&mut story, &edit, Failure::Refused);
    story.shows("What I meant");
}

/// An action of another person removed the user's draft.
#[test]
fn draft_survives_deletion_of_its_message_or_room() {
    let [mut story, _] = both();
    story.keys("up").types(" at last");
    story.server(ServerEvent::Deleted(message_id("m1")));
    story.shows("The message you were editing was deleted. Your text would be a new message.");
    story.shows("› Hello Alice at last");
    for mut story in both() {
        story.types("a long letter");
        story.server(ServerEvent::RoomDeleted(room_id("r1")));
        story.shows("Alice Archer was deleted.").shows("a long letter");
    }
}

/// The draft of another room stayed an edit of the deleted message, which the server refused again and again.
#[test]
fn edit_in_a_draft_ends_with_its_message() {
    for (typed, shown) in [(" at last", "› Hello Alice at last"), ("", "Message Alice")] {
        let [mut story, _] = both();
        let bob = in_room("r2", message("b1", "bob", "old news", -3_600_000));
        let alice = message("m2", "alice", "How are you?", -60_000);
        let rooms = vec![room("r1", "Alice Archer", &["alice"], alice), room("r2", "Bob Brown", &["bob"], bob)];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        story.keys("up").types(typed).keys("alt+down").shows("Message Bob");
        story.server(ServerEvent::Deleted(message_id("m1")));
        story.keys("alt+up").shows(shown).lacks("Editing message");
    }
}

/// The deletion was missed, and a page shows it.
#[test]
fn edit_ends_when_a_page_shows_the_deletion() {
    let [mut story, _] = both();
    story.keys("up").types(" at last");
    story.server(ServerEvent::EventsLost);
    story.history("r1", 1, 1, vec![seen(message("m2", "alice", "How are you?", -60_000))]);
    story.shows("› Hello Alice at last").shows("Your text would be a new message.");
}

#[test]
fn refused_edit_of_a_deleted_message_is_a_new_text() {
    let [mut story, _] = both();
    story.keys("up").types(" at last").keys("enter");
    let edit = single_change(&mut story);
    story.server(ServerEvent::Deleted(message_id("m1")));
    fail(&mut story, &edit, Failure::Refused);
    story.shows("Not edited: The server says no.").shows("› Hello Alice at last").lacks("Editing message");
}

/// The reply of the waiting draft was lost when a command beside it was run.
#[test]
fn command_beside_a_draft_keeps_the_reply_of_the_draft() {
    let mut story = test_support::story::vchat::vchat_story(100, 24);
    story.keys("tab r").types("draft");
    let draft = std::mem::take(&mut story.state.ui.composer);
    story.state.account_mut().drafts.insert(room_id("r1"), draft);
    story.types("/help").keys("enter").keys("esc");
    story.shows("Replying to Alice Archer").shows("› draft");
}

/// Removing the last letter beside a waiting draft ended the reply.
#[test]
fn waiting_draft_returns_after_the_reply_is_canceled() {
    let mut story = test_support::story::vchat::vchat_story(100, 24);
    story.types("draft");
    let draft = std::mem::take(&mut story.state.ui.composer);
    story.keys("tab r").shows("Replying to Alice Archer");
    story.state.account_mut().drafts.insert(room_id("r1"), draft);
    story.types("x").keys("backspace").shows("Replying to Alice Archer").lacks("› draft");
    story.keys("esc").lacks("Replying to").shows("› draft");
}

//! Queued messages on the screen, and cancelling them.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{AccountId, Attachment, AttachmentKind, Feature, LocalId, OutgoingFile};
use minchat_tui::store::{Entry, OutboxPayload, StoredStage};

use super::*;

/// The row below the one with `text`.
#[track_caller]
fn below(story: &Story, text: &str) -> String {
    let pane = story.pane();
    let mut rows = pane.lines().skip_while(|row| !row.contains(text));
    rows.nth(1).unwrap_or_else(|| panic!("nothing below `{text}` on\n{pane}")).trim().to_owned()
}

/// A queued edit and a queued deletion looked alike: the old text with a mark.
#[test]
fn queued_edit_and_deletion_are_described() {
    let [mut story, _] = both();
    disconnect(&mut story);
    story.keys("up").types(", my dear").keys("enter");
    assert_eq!(below(&story, "  Hello Alice"), "Edit queued: Hello Alice, my dear");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    story.keys("up").types("est").keys("alt+enter").types("Alice").keys("enter");
    assert_eq!(below(&story, "  Hello Alice"), "Edit queued: Hello Alice, my dearest Alice");
    story.keys("tab up d").confirms();
    assert_eq!(below(&story, "  Hello Alice"), "Deletion queued");
    story.wait(2_000);
    reconnect(&mut story);
    for _two_edits in 0..2 {
        let edit = single_change(&mut story);
        story.server(ServerEvent::Done(edit));
    }
    story.shows("Deletion queued").lacks("Edit queued");
    let delete = single_change(&mut story);
    story.server(ServerEvent::Done(delete)).shows("Message deleted").lacks("Deletion queued");
}

#[test]
fn slow_change_is_described() {
    let [mut story, _] = both();
    story.keys("up").types("!").keys("enter");
    let edit = single_change(&mut story);
    story.wait(900).lacks("Edit queued");
    story.wait(200).shows("Edit queued: Hello Alice!");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    story.server(ServerEvent::Done(edit)).lacks("Edit queued").shows("Hello Alice! (edited)");
}

#[test]
fn note_below_a_message_is_one_safe_row() {
    let [mut story, _] = both();
    disconnect(&mut story);
    story.keys("up").event(Event::Paste(format!("\u{202e}{}", " and so on".repeat(20)))).keys("enter");
    let note = below(&story, "  Hello Alice");
    assert!(note.ends_with('…') && !note.contains('\u{202e}'), "{note}");
    assert_eq!(below(&story, "Edit queued"), "");
}

/// `x` and `d` were refused.
#[test]
fn queued_message_is_cancelled_into_the_composer() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        store_writes(&mut story);
        story.keys("tab x").shows("› two");
        assert!(story.state.ui.composer.editing.is_none(), "it is a new message, not an edit");
        assert_eq!(store_writes(&mut story), ["remove"]);
        assert_eq!(story.state.account().outbox.len(), 1);
        assert!(!story.pane().contains("  two"), "{}", story.screen());
        story.types("!").keys("enter");
        reconnect(&mut story);
        let first = single_change(&mut story);
        assert_eq!(text_of(&first), "one");
        accept(&mut story, &first, "m3");
        assert_eq!(texts(&mut story), ["two!"]);
    }
}

/// It was taken out of the queue without a word, and from the disk before the draft was there.
#[test]
fn queued_message_is_edited_in_its_place() {
    for keys in ["tab e", "up"] {
        for mut story in both() {
            disconnect(&mut story);
            send_text(&mut story, "one");
            store_writes(&mut story);
            story.keys(keys).shows("Editing unsent message: one").shows("It is not sent while you edit it.");
            story.shows("Esc leaves it as it was").types("!");
            assert_eq!(store_writes(&mut story), [""; 0], "it stays on the disk");
            reconnect(&mut story);
            assert_eq!(texts(&mut story), [""; 0], "it is not sent meanwhile");
            story.keys("enter").lacks("Editing unsent message").shows("one!");
            assert_eq!(texts(&mut story), ["one!"]);
        }
    }
}

#[test]
fn messages_queued_after_an_edited_one_wait_for_it() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        story.keys("tab up e").shows("Editing unsent message: one").types("!");
        reconnect(&mut story);
        assert_eq!(texts(&mut story), [""; 0]);
        story.keys("enter");
        let first = single_change(&mut story);
        assert_eq!(text_of(&first), "one!");
        accept(&mut story, &first, "m3");
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn esc_leaves_a_queued_message_in_the_queue() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        store_writes(&mut story);
        story.keys("up esc").lacks("Editing unsent message");
        assert!(story.state.ui.composer.is_blank(), "{}", story.screen());
        story.keys("up").types(" more").keys("esc").shows("Discard your changes").confirms().lacks("one more");
        assert_eq!(store_writes(&mut story), [""; 0]);
        reconnect(&mut story);
        assert_eq!(texts(&mut story), ["one"]);
        // What was discarded can be inserted again.
        story.keys("ctrl+y").shows("› one more");
    }
}

#[test]
fn emptied_queued_message_is_discarded_after_a_question() {
    let [mut story, _] = both();
    disconnect(&mut story);
    send_text(&mut story, "one");
    story.keys("up ctrl+u").shows("Enter discards the message").wait(10_000);
    story.shows("Enter discard ");
    story.keys("enter").shows("Discard this message?").confirms();
    assert!(story.state.account().outbox.is_empty() && story.state.ui.composer.is_blank(), "{}", story.screen());
}

#[test]
fn edited_queued_message_waits_while_another_room_is_open() {
    let [mut story, _] = both();
    let info = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000));
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    disconnect(&mut story);
    send_text(&mut story, "one");
    story.keys("up").types("!").keys("alt+down").shows("Message Bob Brown");
    reconnect(&mut story);
    assert_eq!(texts(&mut story), [""; 0]);
    story.keys("alt+up").shows("Editing unsent message: one").keys("enter");
    assert_eq!(texts(&mut story), ["one!"]);
}

#[test]
fn cancelling_does_not_replace_a_draft() {
    let [mut story, _] = both();
    disconnect(&mut story);
    send_text(&mut story, "one");
    story.types("half").keys("ctrl+up x").shows("Send or clear your draft first").shows("› half");
    assert_eq!(story.state.account().outbox.len(), 1);
}

#[test]
fn queued_message_is_deleted_after_a_question() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "hello");
        store_writes(&mut story);
        story.keys("tab d").shows("Discard this message?").keys("n");
        assert_eq!(store_writes(&mut story), [""; 0]);
        story.keys("tab d").confirms();
        assert!(!story.pane().contains("  hello"), "{}", story.screen());
        assert_eq!(store_writes(&mut story), ["remove"]);
        assert!(story.state.ui.composer.is_empty() && story.state.account().outbox.is_empty());
    }
}

#[test]
fn message_sent_during_the_question_is_not_deleted() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "hello");
        story.keys("tab d");
        reconnect(&mut story);
        assert_eq!(texts(&mut story), ["hello"]);
        story.confirms().shows("It is already being sent");
        assert_eq!(story.state.account().outbox.len(), 1);
    }
}

#[test]
fn sending_and_uncertain_messages_cannot_be_cancelled() {
    for failed in [false, true] {
        for keys in ["tab x", "tab e", "tab d", "up"] {
            for mut story in both() {
                send_text(&mut story, "hello");
                let request = single_change(&mut story);
                if failed {
                    fail(&mut story, &request, Failure::Uncertain);
                    disconnect(&mut story);
                }
                story.keys(keys).shows(if failed { "It may have been sent" } else { "It is being sent" });
                assert!(story.state.ui.composer.is_empty(), "{}", story.screen());
                assert_eq!(story.state.account().outbox.len(), 1);
                assert!(story.state.ui.overlay.is_none());
            }
        }
    }
}

#[test]
fn only_never_sent_messages_can_be_cancelled() {
    for mut story in both() {
        send_text(&mut story, "hello");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        story.keys("tab x").shows("› hello").keys("enter");
        let request = single_change(&mut story);
        fail(&mut story, &request, Failure::Uncertain);
        story.wait(2_100);
        page(&mut story, &[]);
        let retry = single_change(&mut story);
        fail(&mut story, &retry, Failure::NotSent);
        story.keys("up").shows("It is being sent");
        assert_eq!(story.state.account().outbox.len(), 1);
    }
}

#[test]
fn hints_show_the_actions_of_a_queued_message() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "hello");
        story.wait(10_000).keys("tab").shows("x cancel").shows("e edit").lacks("s retry").lacks("r reply");
    }
}

/// The program after a start with these stored entries, offline in the chat with Alice.
fn restarted_offline(entries: Vec<Entry>) -> Story {
    let [mut story, _] = both();
    restore_offline(&mut story, entries);
    story
}

fn restore_offline(story: &mut Story, entries: Vec<Entry>) {
    disconnect(story);
    let mut effects: Vec<Effect> = Vec::new();
    story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, entries));
    assert_eq!(effects, []);
    story.effects.clear();
    story.wait(1);
    story.event(Event::Focus(true));
}

fn entry(bits: u128, text: &str, stage: StoredStage, attempts: u32) -> Entry {
    let payload = OutboxPayload::Send(Content::text(text));
    Entry { local: LocalId::from_random(bits), room: room_id("r1"), payload, stage, attempts, at: BEGIN + -5_000 }
}

/// All of them were shown as "May have been sent · checking…", although nothing was checking.
#[test]
fn only_sent_entries_are_uncertain_after_a_restart() {
    let stored = [entry(1, "gone out", StoredStage::Uncertain, 1), entry(2, "never out", StoredStage::Queued, 0)];
    let mut story = restarted_offline(stored.to_vec());
    assert!(story.row_with("  gone out").ends_with('?'), "{}", story.screen());
    assert_eq!(below(&story, "  gone out"), "May have been sent · not checked yet");
    assert!(story.row_with("  never out").ends_with('…'), "{}", story.screen());
    assert_eq!(story.pane().matches("May have been sent").count(), 1, "{}", story.screen());
    story.effects.clear();
    reconnect(&mut story);
    assert_eq!(story.pane().matches("May have been sent · checking…").count(), 2, "{}", story.screen());
    assert_eq!(texts(&mut story), [""; 0], "both are checked first");
    let copy = MessageInfo { local: Some(stored[1].local), ..message("m3", "me", "never out", -4_000) };
    page(&mut story, &[copy]);
    assert_eq!(texts(&mut story), ["gone out"]);
    assert!(story.row_with("  never out").ends_with('✓'), "{}", story.screen());
}

#[test]
fn unsent_entry_can_be_cancelled_after_a_restart() {
    let mut story = restarted_offline(vec![entry(2, "never out", StoredStage::Queued, 0)]);
    store_writes(&mut story);
    story.keys("tab x").shows("› never out");
    assert_eq!(store_writes(&mut story), ["remove"]);
    assert!(story.state.account().outbox.is_empty());
}

/// A second message was queued instead, and both were sent.
#[test]
fn queued_message_is_edited_in_its_place_after_a_restart() {
    for mut story in both() {
        restore_offline(&mut story, vec![entry(2, "never out", StoredStage::Queued, 0)]);
        store_writes(&mut story);
        story.keys("up").shows("Editing unsent message: never out").types("!").keys("enter");
        story.lacks("Editing unsent message").shows("never out!");
        assert_eq!(store_writes(&mut story), ["put"]);
        assert_eq!(story.state.account().outbox.len(), 1);
        reconnect(&mut story);
        page(&mut story, &[]);
        assert_eq!(texts(&mut story), ["never out!"]);
    }
}

/// It was not looked for, and Enter sent a second message while the first might have been sent.
#[test]
fn edited_message_is_looked_for_before_it_is_saved() {
    for mut story in both() {
        restore_offline(&mut story, vec![entry(2, "never out", StoredStage::Queued, 0)]);
        story.keys("up").types("!");
        reconnect(&mut story);
        story.keys("enter").shows("It may have been sent.").shows("Editing unsent message").shows("never out!");
        page(&mut story, &[]);
        assert_eq!(texts(&mut story), [""; 0], "it waits for Enter");
        story.keys("enter").lacks("Editing unsent message");
        assert_eq!(texts(&mut story), ["never out!"]);
    }
}

/// Enter sent a second message.
#[test]
fn edit_of_a_message_that_the_server_has_edits_that_one() {
    for mut story in both() {
        let can_edit = story.state.account().can(Feature::Edit);
        let stored = entry(2, "never out", StoredStage::Queued, 0);
        let copy = MessageInfo { local: Some(stored.local), ..message("m3", "me", "never out", -4_000) };
        restore_offline(&mut story, vec![stored]);
        story.keys("up");
        reconnect(&mut story);
        page(&mut story, std::slice::from_ref(&copy));
        story.keys("enter").shows("It has been sent already.").effects.clear();
        let [story, other] = both();
        let mut story = if can_edit == story.state.account().can(Feature::Edit) { story } else { other };
        restore_offline(&mut story, vec![entry(2, "never out", StoredStage::Queued, 0)]);
        story.keys("up").types("!");
        reconnect(&mut story);
        page(&mut story, &[copy]);
        story.effects.clear();
        story.keys("enter").lacks("Editing unsent message");
        let requests = story.requests();
        let edited =
            requests.iter().any(|request| matches!(request, Request::Edit { text, .. } if text == "never out!"));
        let sent = requests.iter().any(|request| matches!(request, Request::Send { .. }));
        assert_eq!((edited, sent), (can_edit, !can_edit), "{requests:?}");
    }
}

/// Other rooms did not tell that the edit holds up what was written after it.
#[test]
fn edit_left_in_another_room_counts_as_not_sent() {
    for mut story in both() {
        let last = in_room("r9", message("b1", "bob", "hello", -80_000));
        let can = story.state.account().capabilities.expect("the capabilities");
        story.server(ServerEvent::RoomChanged(Box::new(room_on(can, "r9", "Bob Brown", &["bob"], last))));
        disconnect(&mut story);
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        story.keys("up").shows("Editing unsent message").lacks("1 not sent").types("!").keys("alt+down");
        reconnect(&mut story);
        story.shows("1 not sent").shows("✗").keys("alt+down").lacks("1 not sent").keys("enter").lacks("1 not sent");
    }
}

/// An empty message could be queued, or a question asked about a message that was sent.
#[test]
fn emptied_edit_of_a_message_that_left_the_outbox_ends() {
    for mut story in both() {
        let stored = entry(2, "never out", StoredStage::Queued, 0);
        let copy = MessageInfo { local: Some(stored.local), ..message("m3", "me", "never out", -4_000) };
        restore_offline(&mut story, vec![stored]);
        story.keys("up ctrl+u");
        reconnect(&mut story);
        page(&mut story, &[copy]);
        assert!(story.state.account().outbox.is_empty());
        story.keys("enter").lacks("Discard this message?");
        assert!(story.state.ui.composer.is_blank(), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
    }
}

/// The changes were replaced without a question.
#[test]
fn changed_edit_is_not_replaced_by_another_one() {
    for mut story in both() {
        disconnect(&mut story);
        send_text(&mut story, "one");
        send_text(&mut story, "two");
        let can_edit_sent = story.state.account().can(Feature::Edit);
        let sent = can_edit_sent.then_some(("ctrl+up up up up e", "Editing message: Hello Alice"));
        for (other, editing) in [("ctrl+up up e", "Editing unsent message: one")].into_iter().chain(sent) {
            story.keys("up").shows("Editing unsent message: two").types("!").keys(other);
            story.shows("Save or cancel your edit first").shows("✎ two!").keys("esc backspace").keys(other);
            story.shows(editing).keys("esc");
        }
        if !can_edit_sent {
            continue;
        }
        story.keys("ctrl+up up up up e").shows("Editing message: Hello Alice").types("!").keys("ctrl+up e");
        story.shows("Save or cancel your edit first").shows("✎ Hello Alice!");
    }
}

/// The message said `sending…` without a connection.
#[test]
fn queued_upload_says_that_it_waits_for_a_connection() {
    let [_, mut story] = both();
    disconnect(&mut story);
    story.types("/send ~/cat.png").keys("enter");
    let request = story.effects.iter().find_map(|effect| match effect {
        Effect::Inspect(_, request) => Some(request.clone()),
        _ => None,
    });
    let cat = OutgoingFile {
        path: "/home/me/cat.png".into(),
        name: "cat.png".into(),
        size: 2_100_000,
        kind: AttachmentKind::Image,
        mime: "image/png".into(),
        duration: None,
    };
    assert_eq!(Attachment::from_file(&cat).kind, AttachmentKind::Image);
    story.event(Event::File(AccountId(0), request.expect("the inspection"), Ok(cat)));
    story.shows("Queued").lacks("Uploading");
    reconnect(&mut story);
    story.shows("Uploading…").lacks("Queued");
}

#[test]
fn status_line_counts_queued_messages_while_offline() {
    let [mut story, _] = both();
    disconnect(&mut story);
    story.lacks("waiting");
    send_text(&mut story, "one");
    story.keys("ctrl+up up up e");
    story.types("!").keys("enter");
    story.wait(10_000).shows("· 2 queued");
    reconnect(&mut story);
    story.lacks("waiting");
}

//! What is seen of what waits, and taking it back.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{AccountId, Attachment, AttachmentKind, FileFacts, LocalId};
use minchat_tui::store::{Entry, OutboxPayload, Stage};

use super::*;

/// The row that follows the one with `text`.
#[track_caller]
fn below(story: &Story, text: &str) -> String {
    let pane = story.pane();
    let mut rows = pane.lines().skip_while(|row| !row.contains(text));
    rows.nth(1).unwrap_or_else(|| panic!("nothing below `{text}` on\n{pane}")).trim().to_owned()
}

/// Both looked alike: the old text and a mark.
#[test]
fn a_waiting_edit_says_the_new_words_and_a_waiting_deletion_that_it_is_one() {
    let [mut story, _] = both();
    cut(&mut story);
    story.keys("up").types(", my dear").keys("enter");
    assert_eq!(below(&story, "  Hello Alice"), "Edit queued: Hello Alice, my dear");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    story.keys("up").types("est").keys("alt+enter").types("Alice").keys("enter");
    assert_eq!(below(&story, "  Hello Alice"), "Edit queued: Hello Alice, my dearest Alice");
    story.keys("tab up d y");
    assert_eq!(below(&story, "  Hello Alice"), "Deletion queued");
    story.wait(2_000);
    online(&mut story);
    for _two_edits in 0..2 {
        let edit = one(&mut story);
        story.server(ServerEvent::Done(edit));
    }
    story.shows("Deletion queued").lacks("Edit queued");
    let delete = one(&mut story);
    story.server(ServerEvent::Done(delete)).shows("Message deleted").lacks("Deletion queued");
}

#[test]
fn a_change_that_is_under_way_for_longer_than_a_moment_is_told_of() {
    let [mut story, _] = both();
    story.keys("up").types("!").keys("enter");
    let edit = one(&mut story);
    story.wait(900).lacks("Edit queued");
    story.wait(200).shows("Edit queued: Hello Alice!");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    story.server(ServerEvent::Done(edit)).lacks("Edit queued").shows("Hello Alice! (edited)");
}

#[test]
fn a_note_below_a_message_is_one_row_and_harmless() {
    let [mut story, _] = both();
    cut(&mut story);
    story.keys("up").event(Event::Paste(format!("\u{202e}{}", " and so on".repeat(20)))).keys("enter");
    let note = below(&story, "  Hello Alice");
    assert!(note.ends_with('…') && !note.contains('\u{202e}'), "{note}");
    assert_eq!(below(&story, "Edit queued"), "");
}

/// `x` refused, `d` refused, and `↑` opened an older message that was sent long ago.
#[test]
fn a_line_that_waits_is_taken_back_to_be_corrected() {
    for keys in ["tab x", "tab e", "up"] {
        for mut story in both() {
            cut(&mut story);
            write(&mut story, "one");
            write(&mut story, "two");
            told(&mut story);
            story.keys(keys).shows("› two");
            assert!(story.state.ui.composer.editing.is_none(), "it is a new message, not an edit");
            assert_eq!(told(&mut story), ["remove"], "{keys}");
            assert_eq!(story.state.account().outbox.len(), 1);
            assert!(!story.pane().contains("  two"), "{}", story.screen());
            story.types("!").keys("enter");
            online(&mut story);
            let first = one(&mut story);
            assert_eq!(text_of(&first), "one");
            accept(&mut story, &first, "m3");
            assert_eq!(texts(&mut story), ["two!"]);
        }
    }
}

#[test]
fn what_waits_is_not_taken_back_over_what_is_being_written() {
    let [mut story, _] = both();
    cut(&mut story);
    write(&mut story, "one");
    story.types("half").keys("ctrl+up x").shows("Send or clear what you are writing first").shows("› half");
    assert_eq!(story.state.account().outbox.len(), 1);
}

#[test]
fn a_line_that_waits_is_thrown_away_after_a_question() {
    for mut story in both() {
        cut(&mut story);
        write(&mut story, "hello");
        told(&mut story);
        story.keys("tab d").shows("Discard this message?").keys("n");
        assert_eq!(told(&mut story), [""; 0]);
        story.keys("tab d y");
        assert!(!story.pane().contains("  hello"), "{}", story.screen());
        assert_eq!(told(&mut story), ["remove"]);
        assert!(story.state.ui.composer.is_empty() && story.state.account().outbox.is_empty());
    }
}

#[test]
fn what_goes_out_while_it_is_asked_about_is_not_thrown_away() {
    for mut story in both() {
        cut(&mut story);
        write(&mut story, "hello");
        story.keys("tab d");
        online(&mut story);
        assert_eq!(texts(&mut story), ["hello"]);
        story.keys("y").shows("It went out before that");
        assert_eq!(story.state.account().outbox.len(), 1);
    }
}

#[test]
fn what_is_on_its_way_or_in_doubt_is_not_taken_back_and_nothing_older_is_opened() {
    for failed in [false, true] {
        for keys in ["tab x", "tab e", "tab d", "up"] {
            for mut story in both() {
                write(&mut story, "hello");
                let request = one(&mut story);
                if failed {
                    fail(&mut story, &request, Failure::Uncertain);
                    cut(&mut story);
                }
                story.keys(keys).shows(if failed { "It may have been sent" } else { "It is on its way" });
                assert!(story.state.ui.composer.is_empty(), "{}", story.screen());
                assert_eq!(story.state.account().outbox.len(), 1);
                assert!(story.state.ui.overlay.is_none());
            }
        }
    }
}

#[test]
fn what_could_not_be_handed_over_is_taken_back_and_what_was_once_in_doubt_is_not() {
    for mut story in both() {
        write(&mut story, "hello");
        let request = one(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        story.keys("up").shows("› hello").keys("enter");
        let request = one(&mut story);
        fail(&mut story, &request, Failure::Uncertain);
        story.wait(2_100);
        page(&mut story, &[]);
        let again = one(&mut story);
        fail(&mut story, &again, Failure::NotSent);
        story.keys("up").shows("It is on its way");
        assert_eq!(story.state.account().outbox.len(), 1);
    }
}

#[test]
fn hints_offer_on_a_waiting_line_what_can_be_done_with_it() {
    for mut story in both() {
        cut(&mut story);
        write(&mut story, "hello");
        story.wait(10_000).keys("tab").shows("x cancel").shows("e edit").lacks("s retry").lacks("r reply");
    }
}

/// The program as it starts with this on disk, without a connection, in the chat with Alice.
fn restarted_offline(entries: Vec<Entry>) -> Story {
    let [mut story, _] = both();
    cut(&mut story);
    let mut effects: Vec<Effect> = Vec::new();
    story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, entries));
    assert_eq!(effects, []);
    story.effects.clear();
    story.wait(1);
    story.event(Event::Focus(true));
    story
}

fn kept(bits: u128, text: &str, stage: Stage, attempts: u32) -> Entry {
    let what = OutboxPayload::Send(Content::text(text));
    Entry { local: LocalId::from_random(bits), room: room_id("r1"), what, stage, attempts, at: BEGIN + -5_000 }
}

/// All of it stood there as "May have been sent · checking…", without anybody to look.
#[test]
fn after_a_restart_without_a_connection_only_what_was_handed_over_is_in_doubt() {
    let there = [kept(1, "gone out", Stage::Uncertain, 1), kept(2, "never out", Stage::Queued, 0)];
    let mut story = restarted_offline(there.to_vec());
    assert!(story.row_with("  gone out").ends_with('?'), "{}", story.screen());
    assert_eq!(below(&story, "  gone out"), "May have been sent · check queued");
    assert!(story.row_with("  never out").ends_with('…'), "{}", story.screen());
    assert_eq!(story.pane().matches("May have been sent").count(), 1, "{}", story.screen());
    story.effects.clear();
    online(&mut story);
    assert_eq!(story.pane().matches("May have been sent · checking…").count(), 2, "{}", story.screen());
    assert_eq!(texts(&mut story), [""; 0], "both are looked for first");
    let copy = MessageInfo { local: Some(there[1].local), ..message("m3", "me", "never out", -4_000) };
    page(&mut story, &[copy]);
    assert_eq!(texts(&mut story), ["gone out"]);
    assert!(story.row_with("  never out").ends_with('✓'), "{}", story.screen());
}

#[test]
fn after_a_restart_without_a_connection_what_was_never_handed_over_is_taken_back() {
    let mut story = restarted_offline(vec![kept(2, "never out", Stage::Queued, 0)]);
    told(&mut story);
    story.keys("up").shows("› never out");
    assert_eq!(told(&mut story), ["remove"]);
    assert!(story.state.account().outbox.is_empty());
}

/// It said `sending…` to nobody.
#[test]
fn a_file_that_waits_for_the_connection_says_so() {
    let [_, mut story] = both();
    cut(&mut story);
    story.types("/send ~/cat.png").keys("enter");
    let wish = story.effects.iter().find_map(|effect| match effect {
        Effect::Inspect(_, wish) => Some(wish.clone()),
        _ => None,
    });
    let cat = FileFacts {
        path: "/home/me/cat.png".into(),
        name: "cat.png".into(),
        size: 2_100_000,
        kind: AttachmentKind::Image,
        mime: "image/png".into(),
        duration: None,
    };
    assert_eq!(Attachment::of(&cat).kind, AttachmentKind::Image);
    story.event(Event::File(AccountId(0), wish.expect("a wish"), Ok(cat)));
    story.shows("Queued").lacks("Uploading");
    online(&mut story);
    story.shows("Uploading…").lacks("Queued");
}

#[test]
fn the_status_line_counts_what_waits_while_there_is_no_connection() {
    let [mut story, _] = both();
    cut(&mut story);
    story.lacks("waiting");
    write(&mut story, "one");
    story.keys("ctrl+up up up e");
    story.types("!").keys("enter");
    story.wait(10_000).shows("· 2 queued");
    online(&mut story);
    story.lacks("waiting");
}

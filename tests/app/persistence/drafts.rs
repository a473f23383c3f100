//! Drafts.

use minchat_tui::app::Event;
use minchat_tui::domain::{ConnectionStatus, Content, Failure, Request, ServerEvent};

use super::disk::{Disk, Run};
use test_support::story::*;

/// The chats with Alice and Bob, on an empty store.
pub(crate) fn chat(disk: &Disk) -> Run {
    let mut run = disk.start_loaded();
    go_online(&mut run);
    run
}

/// Signs in and loads the two rooms.
pub(crate) fn go_online(run: &mut Run) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    for _load_and_reload in 0..2 {
        let last = message("m2", "alice", "How are you?", -60_000);
        let old = message("b1", "bob", "old news", -3_600_000);
        let rooms = vec![room("r1", "Alice Archer", &["alice"], last), room("r2", "Bob Brown", &["bob"], old)];
        run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        answer_page(run);
        run.wait(2_500);
    }
}

/// Answers a request for the newest page of Alice's chat.
fn answer_page(run: &mut Run) {
    let messages = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
    let messages = messages.map(|(id, author, text, at)| seen(message(id, author, text, at)));
    run.story.history("r1", 1, 1, messages.to_vec());
}

/// Signs in where there are no rooms.
fn go_online_without_rooms(run: &mut Run) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    run.wait(2_500);
}

/// Regression test: a text that was written before any room was open was lost without a question, later with one.
#[test]
fn text_without_a_room_survives_a_kill() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online_without_rooms(&mut run);
    run.story.types("first message").keys("left left");
    run.wait(1_000);
    run.kill();
    let mut run = disk.start_loaded();
    run.story.shows("› first message");
    go_online_without_rooms(&mut run);
    run.story.shows("› first message").types("!").shows("› first messa!ge");
    // It continues the draft of the room that is opened next, and is stored only once.
    go_online(&mut run);
    run.story.shows("How are you?").shows("› first messa!ge").keys("ctrl+u");
    run.wait(1_000);
    run.kill();
    let mut run = disk.start_loaded();
    go_online(&mut run);
    run.story.lacks("first messa");
}

/// The store was not read yet, and the new text took the place of the stored one.
#[test]
fn text_typed_before_the_store_is_read_replaces_none() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online_without_rooms(&mut run);
    run.story.types("first");
    run.kill();
    for text in ["second", "third"] {
        let mut run = disk.start();
        run.story.types(text);
        run.quit();
    }
    let mut run = disk.start_loaded();
    run.story.shows("› first").shows("  second").shows("  third");
    assert_eq!(run.story.state.ui.composer.text(), "first\nsecond\nthird");
}

/// A command that was not finished became part of the text.
#[test]
fn command_typed_before_the_store_is_read_is_no_text() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online_without_rooms(&mut run);
    run.story.types("first");
    run.kill();
    let mut run = disk.start();
    run.story.types("/dm b");
    run.quit();
    assert_eq!(disk.start_loaded().story.state.ui.composer.text(), "first");
}

/// It was written only with the next key.
#[test]
fn text_typed_before_the_store_is_read_is_written_soon() {
    let disk = Disk::new();
    let mut run = disk.start();
    run.story.types("hello");
    run.handle_answer();
    run.kill();
    disk.start_loaded().story.shows("› hello");
}

#[test]
fn draft_typed_before_the_store_is_read_replaces_none() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("first");
    run.kill();
    let mut run = disk.start();
    go_online(&mut run);
    run.story.types("second");
    run.quit();
    // It is read while another draft has been begun, in a room that was left again.
    let mut run = disk.start();
    go_online(&mut run);
    run.story.types("third").keys("alt+down").shows("› Message Bob Brown");
    run.handle_answer();
    run.story.keys("alt+up");
    assert_eq!(run.story.state.ui.composer.text(), "first\nsecond\nthird");
}

#[test]
fn text_that_waits_for_a_command_survives_a_kill() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online_without_rooms(&mut run);
    run.story.types("first message").keys("ctrl+k").types("/dm").keys("enter").shows("› /dm").lacks("first message");
    run.kill();
    disk.start_loaded().story.shows("› first message");
}

#[test]
fn text_without_a_room_is_asked_about_if_nothing_is_stored() {
    let mut story = Story::online(80, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    story.types("first message").keys("ctrl+q").shows("Unsent text will be lost. Quit anyway?");
}

#[test]
fn draft_and_cursor_survive_a_kill_and_show_offline() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("/me is not a command, h東x").keys("alt+enter").types("second").keys("left left");
    run.kill();
    let mut run = disk.start_loaded();
    run.story.shows("› /me is not a command, h東x").shows("seco");
    run.story.types("!");
    assert!(run.story.state.ui.composer.text().ends_with("h東x\nseco!nd"), "{:?}", run.story.state.ui.composer.text());
}

#[test]
fn arrangement_of_the_screen_is_restored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.keys("f3 f4");
    let arrangement = run.story.state.terminal.arrangement;
    assert!(arrangement.members_shown && arrangement.rooms_hidden);
    run.wait(700);
    run.kill();
    let run = disk.start_loaded();
    assert_eq!(run.story.state.terminal.arrangement, arrangement);
}

/// The first row of the completion of `:thu`, which leaves the composer empty.
fn first_thumb(run: &mut Run) -> String {
    run.story.types(":thu");
    let popup = run.story.state.ui.completion.popup.as_ref().expect("a popup");
    let first = popup.rows[0].candidate.label.clone();
    run.story.keys("esc ctrl+u");
    first
}

/// The emoji of the last session were forgotten.
#[test]
fn recently_used_emoji_come_first_after_a_restart() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    assert_eq!(first_thumb(&mut run), ":thumbsup:");
    run.story.types(":thumbsdown").keys("tab ctrl+u");
    assert_eq!(first_thumb(&mut run), ":thumbsdown:");
    run.wait(700);
    run.kill();
    let mut run = disk.start_loaded();
    assert_eq!(first_thumb(&mut run), ":thumbsdown:");
    run.story.types(":tada").keys("tab ctrl+u");
    run.sync();
    run.quit();
    let mut run = disk.start_loaded();
    assert_eq!(first_thumb(&mut run), ":thumbsdown:", "older ones are kept with the newest");
}

#[test]
fn pasted_text_and_edits_are_restored_as_such() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.event(Event::Paste("/quit".into()));
    run.wait(700);
    run.kill();
    let run = disk.start_loaded();
    assert!(run.story.state.ui.composer.literal);
    drop(run);
    let mut run = chat(&disk);
    run.story.keys("ctrl+u up");
    assert!(run.story.state.ui.composer.editing.is_some());
    run.story.types(" again");
    run.kill();
    let run = disk.start_loaded();
    assert_eq!(run.story.state.ui.composer.edited_message(), Some(&message_id("m1")));
    assert_eq!(run.story.state.ui.composer.text(), "Hello Alice again");
}

#[test]
fn sent_or_cleared_draft_is_not_restored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("gone soon");
    run.wait(1_000);
    run.story.keys("ctrl+u");
    run.kill();
    let run = disk.start_loaded();
    assert!(run.story.state.ui.composer.is_empty());
}

#[test]
fn each_room_keeps_its_own_draft() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("for Alice").keys("alt+down");
    run.story.types("for Bob");
    run.quit();
    let mut run = disk.start_loaded();
    assert_eq!(run.story.state.ui.open, Some(room_id("r2")), "the room that was open");
    assert_eq!(run.story.state.ui.composer.text(), "for Bob");
    run.story.keys("alt+up");
    assert_eq!(run.story.state.ui.composer.text(), "for Alice");
}

#[test]
fn draft_typed_before_loading_follows_the_stored_one() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("old");
    run.kill();
    let mut run = disk.start();
    run.story.types("new");
    run.handle_answer();
    assert_eq!(run.story.state.ui.composer.text(), "old\nnew");
}

/// Starts without an open room: the room to open first is neither stored nor on the server.
fn start_without_room(disk: &Disk) -> Run {
    let mut run = disk.start();
    run.story.state.account_mut().profile.room = Some("Nowhere".into());
    run.handle_answer();
    assert_eq!(run.story.state.ui.open, None);
    run
}

/// The draft of the room that opened replaced the text.
#[test]
fn text_typed_before_a_room_opens_follows_its_draft() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("old");
    run.kill();
    let mut run = start_without_room(&disk);
    run.story.types("new");
    go_online(&mut run);
    assert_eq!(run.story.state.ui.open, Some(room_id("r1")));
    assert_eq!(run.story.state.ui.composer.text(), "old\nnew");
}

/// The command replaced the draft, on the screen and in the store.
#[test]
fn command_typed_before_a_room_opens_keeps_its_draft() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("old");
    run.kill();
    let mut run = start_without_room(&disk);
    run.story.types("/help");
    go_online(&mut run);
    assert_eq!(run.story.state.ui.composer.text(), "/help");
    run.quit();
    let run = disk.start_loaded();
    assert_eq!(run.story.state.ui.composer.text(), "old");
}

/// Only one of the two texts was stored.
#[test]
fn refused_edit_is_stored_beside_newer_text() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.requests();
    run.story.keys("up").types(" again").keys("enter").types("something else");
    let request = run.story.requests().into_iter().find(|request| matches!(request, Request::Edit { .. }));
    let (request, reason) = (request.expect("an edit"), minchat_tui::text::SafeText::line("Too late."));
    run.story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    assert_eq!(run.story.state.ui.composer.text(), "something else");
    run.quit();
    let run = disk.start_loaded();
    assert_eq!(run.story.state.ui.composer.text(), "Hello Alice again\nsomething else");
}

#[test]
fn quitting_asks_only_about_drafts_that_would_be_lost() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("kept").keys("ctrl+q");
    assert!(run.story.state.ui.overlay.is_none());
    let mut story = Story::chat(100, 24);
    story.types("lost").keys("ctrl+q");
    assert!(story.state.ui.overlay.is_some());
}

#[test]
fn no_timer_runs_without_unsaved_changes() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.wait(5_000);
    assert_eq!(run.story.state.account().next_write(), None);
    let writes = run.writes.len();
    run.story.keys("f1 esc");
    run.wait(5_000);
    assert_eq!((run.story.state.account().next_write(), run.writes.len()), (None, writes));
}

/// The outbox entry was removed at once, but the draft was stored a third of a second later. A kill in between lost it.
#[test]
fn cancelled_send_is_stored_as_a_draft_atomically() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    let reason = minchat_tui::text::SafeText::line("No cable.");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
    run.story.types("not like that").keys("enter");
    run.wait(1_000);
    run.story.keys("tab x");
    run.sync();
    drop(run);
    let mut run = disk.start_loaded();
    run.story.shows("› not like that");
    assert!(run.story.state.account().outbox.is_empty());
}

#[test]
fn room_with_a_draft_is_marked_in_the_list_if_not_open() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    let marked = |run: &Run| run.story.screen().matches('✎').count();
    run.story.types("for Alice");
    assert_eq!(marked(&run), 0);
    run.story.keys("alt+down");
    assert_eq!(marked(&run), 1, "{}", run.story.screen());
    run.story.state.options.ascii = true;
    let screen = run.story.screen();
    assert!(screen.lines().any(|row| row.starts_with(" + ")), "{screen}");
    run.story.state.options.ascii = false;
    run.story.keys("alt+up");
    assert_eq!(marked(&run), 0, "{}", run.story.screen());
}

#[test]
fn queued_message_survives_a_kill_while_it_is_edited() {
    for is_draft_stored in [false, true] {
        let disk = Disk::new();
        let mut run = chat(&disk);
        let reason = minchat_tui::text::SafeText::line("The cable is out.");
        run.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
        run.story.types("precious").keys("enter");
        run.sync();
        run.story.keys("up").shows("Editing unsent message: precious").types("!");
        run.sync();
        if is_draft_stored {
            run.wait(1_000);
        }
        drop(run);
        let mut run = disk.start_loaded();
        assert_eq!(run.story.state.account().outbox.len(), 1);
        run.story.shows("precious");
        if !is_draft_stored {
            run.story.keys("up").types("!");
        }
        run.story.shows("Editing unsent message: precious").shows("✎ precious!").keys("enter");
        run.story.lacks("Editing unsent message").shows("precious!");
        run.sync();
        go_online(&mut run);
        assert_eq!(sent_texts(&mut run), ["precious!"]);
    }
}

/// The message was never looked for while its text was in the composer, and Enter sent a second one.
#[test]
fn edited_message_that_may_have_been_sent_is_sent_once() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("precious").keys("enter");
    let is_send = |request: &Request| matches!(request, Request::Send { .. });
    let request = run.story.requests().into_iter().find(is_send).expect("a send");
    let reason = minchat_tui::text::SafeText::line("The cable is out.");
    run.story.server(ServerEvent::Failed { request, failure: Failure::NotSent, reason: reason.clone() });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
    run.story.keys("up").shows("Editing unsent message: precious").types("!");
    run.wait(1_000);
    drop(run);
    let mut run = disk.start_loaded();
    run.story.keys("enter").shows("It may have been sent.").shows("✎ precious!");
    assert_eq!(run.story.state.account().outbox.len(), 1);
    go_online(&mut run);
    // The server may process the first attempt for some time, so it is searched more than once.
    for _ in 0..8 {
        let open = run.story.state.scene().open_room().expect("a room").history.unanswered(1).count();
        for _ in 0..open {
            answer_page(&mut run);
        }
        run.wait(2_500);
    }
    assert_eq!(sent_texts(&mut run), [""; 0]);
    run.story.shows("✎ precious!").keys("enter").lacks("Editing unsent message");
    assert_eq!(sent_texts(&mut run), ["precious!"]);
}

/// Takes the texts sent since the last call.
fn sent_texts(run: &mut Run) -> Vec<String> {
    let texts = run.story.requests().into_iter().filter_map(|request| match request {
        Request::Send { content: Content::Text { text, .. }, .. } => Some(text),
        _ => None,
    });
    texts.collect()
}

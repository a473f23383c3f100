//! The event loop with a real store in a temporary folder.

use std::path::Path;
use std::time::Duration;

use minchat_tui::app::PersistenceState;
use minchat_tui::domain::{AccountId, Attachment, AttachmentKind, ConnectionStatus, MessageInfo, ServerEvent};
use minchat_tui::input::Code;
use minchat_tui::net::feed;
use minchat_tui::runtime::Input;
use minchat_tui::store::{Batch, Store, StoreLocation, Write};
use minchat_tui::text::SafeText;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::run::{CAPACITY, Run};
use test_support::recorder::Recorder;
use test_support::story::{ANY_SERIAL, MINCHAT, Story, me, message, room, seen};

/// Timeout for the store, long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Starts a loop with the store in `dir`.
async fn start(dir: &Path) -> Run {
    let mut story = Story::new(100, 24);
    story.state.account_mut().persistence = PersistenceState::on_disk();
    let (display, recorded) = Recorder::new();
    let location = Some(StoreLocation::new(dir.join("x.db")));
    let mut run =
        Run::with_store(story.state, display, recorded, mpsc::channel(64), feed(AccountId(0), CAPACITY), location);
    run.run_ready().await;
    run
}

/// Waits for a frame that contains `text`.
async fn shows(run: &Run, text: &str) {
    let mut latest = run.recorded.subscribe();
    let frame = tokio::time::timeout(TIMEOUT, latest.wait_for(|screen| screen.contains(text))).await;
    assert!(frame.is_ok(), "no `{text}` on\n{}", run.screen());
}

/// Ends the loop and closes the store.
async fn end(run: Run) {
    run.inputs.send(Input::End).await.unwrap();
    run.task.await.unwrap().unwrap();
}

/// Starts in the chat with Alice, and waits until the draft "well" is stored.
async fn start_writing(dir: &Path) -> Run {
    let mut run = start(dir).await;
    run.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT }).await;
    run.server(ServerEvent::Connection(ConnectionStatus::Online)).await;
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Alice Archer", &["alice"], last.clone())];
    run.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).await;
    let (room, messages) = (test_support::story::room_id("r1"), vec![seen(last)]);
    run.server(ServerEvent::History { room, serial: ANY_SERIAL, page: 1, pages: 1, total: None, messages }).await;
    shows(&run, "How are you?").await;
    for c in "well".chars() {
        run.key(Code::Char(c)).await;
    }
    // The store has answered, however slow the disk is, when the first draft is stored.
    while !std::fs::read(dir.join("x.db-wal")).is_ok_and(|wal| wal.windows(4).any(|text| text == b"well")) {
        run.advance(10).await;
    }
    run
}

#[tokio::test(flavor = "local")]
async fn messages_and_draft_are_restored_after_quitting() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start_writing(dir.path()).await;
    run.key(Code::Char('!')).await;
    // Immediately: whatever ends the loop, all writes are sent to the store first.
    end(run).await;
    for _again in 0..2 {
        let run = start(dir.path()).await;
        shows(&run, "› well!").await;
        shows(&run, "How are you?").await;
        shows(&run, "last synced ").await;
        end(run).await;
    }
}

/// A kill when both the send and its draft were stored restored both, and Enter sent the message twice.
#[tokio::test(flavor = "local")]
async fn queued_message_is_not_stored_as_a_draft_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start_writing(dir.path()).await;
    run.key(Code::Enter).await;
    let store = rusqlite::Connection::open(dir.path().join("x.db")).unwrap();
    let both = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM drafts)";
    let both = || store.query_row(both, (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut on_disk: (i64, i64) = both();
    while on_disk == (0, 1) {
        run.advance(1).await;
        on_disk = both();
    }
    assert_eq!(on_disk, (1, 0));
    drop(store);
    end(run).await;
}

/// The write that removes the stored draft was dropped, because it follows the effect that ends the program.
#[tokio::test(flavor = "local")]
async fn quit_command_does_not_return_as_a_draft() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start_writing(dir.path()).await;
    for _letter in "well".chars() {
        run.key(Code::Backspace).await;
    }
    for c in "/qui".chars() {
        run.key(Code::Char(c)).await;
    }
    while !std::fs::read(dir.path().join("x.db-wal")).is_ok_and(|wal| wal.windows(4).any(|text| text == b"/qui")) {
        run.advance(10).await;
    }
    run.key(Code::Char('t')).await;
    run.key(Code::Enter).await;
    run.task.await.unwrap().unwrap();
    let run = start(dir.path()).await;
    shows(&run, "How are you?").await;
    run.lacks("/qui");
    end(run).await;
}

/// The message was on disk only: its cached picture was left behind when it was deleted.
#[tokio::test(flavor = "local")]
async fn picture_of_a_message_deleted_right_before_quitting_is_gone() {
    const URL: &str = "https://chat.example/cat.png";
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(StoreLocation::new(dir.path().join("x.db")), |_| {});
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::default(),
        bytes: None,
        url: SafeText::line(URL),
        duration: None,
    };
    let old = MessageInfo { attachment: Some(Box::new(file)), ..message("old", "alice", "", -900_000) };
    let (room, messages) = (test_support::story::room_id("r1"), vec![old.into()]);
    store.write(Write::Messages(Batch { room, messages, after: None, before: None, from_start: false }));
    assert!(store.close(TIMEOUT));
    let picture = dir.path().join("x.pictures").join(format!("{:x}", Sha256::digest(URL)));
    std::fs::create_dir(dir.path().join("x.pictures")).unwrap();
    std::fs::write(&picture, "cat").unwrap();
    let mut run = start_writing(dir.path()).await;
    assert!(picture.exists());
    run.server(ServerEvent::Deleted(test_support::story::message_id("old"))).await;
    end(run).await;
    assert!(!picture.exists());
}

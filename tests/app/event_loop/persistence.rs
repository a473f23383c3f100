//! The loop with a real store in a folder of its own.

use std::path::Path;
use std::time::Duration;

use minchat_tui::app::PersistenceState;
use minchat_tui::domain::{AccountId, ConnectionStatus, ServerEvent};
use minchat_tui::input::Code;
use minchat_tui::net::feed;
use minchat_tui::runtime::Input;
use minchat_tui::store::StoreLocation;
use tokio::sync::mpsc;

use super::run::{PLENTY, Run};
use test_support::recorder::Recorder;
use test_support::story::{MINCHAT, Story, me, message, room, seen};

/// Long enough for a machine under load.
const SOON: Duration = Duration::from_secs(20);

async fn start(dir: &Path) -> Run {
    let mut story = Story::new(100, 24);
    story.state.account_mut().persistence = PersistenceState::on_disk();
    let (display, recorded) = Recorder::new();
    let location = Some(StoreLocation::new(dir.join("x.db")));
    let mut run = Run::keeping(story.state, display, recorded, mpsc::channel(64), feed(AccountId(0), PLENTY), location);
    run.settle().await;
    run
}

/// Waits for a frame that shows `text`.
async fn shows(run: &Run, text: &str) {
    let mut latest = run.recorded.subscribe();
    let frame = tokio::time::timeout(SOON, latest.wait_for(|screen| screen.contains(text))).await;
    assert!(frame.is_ok(), "no `{text}` on\n{}", run.screen());
}

async fn end(run: Run) {
    run.inputs.send(Input::End).await.unwrap();
    run.task.await.unwrap().unwrap();
}

/// In the chat with Alice, where "well" is being written, which is on disk.
async fn start_writing(dir: &Path) -> Run {
    let mut run = start(dir).await;
    run.says(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT }).await;
    run.says(ServerEvent::Connection(ConnectionStatus::Online)).await;
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Alice Archer", &["alice"], last.clone())];
    run.says(ServerEvent::Rooms { page: 1, pages: 1, rooms }).await;
    let (room, messages) = (test_support::story::room_id("r1"), vec![seen(last)]);
    run.says(ServerEvent::History { room, page: 1, pages: 1, messages }).await;
    shows(&run, "How are you?").await;
    for c in "well".chars() {
        run.key(Code::Char(c)).await;
    }
    // The disk has answered, however slow it is, when the first draft is on it.
    while !std::fs::read(dir.join("x.db-wal")).is_ok_and(|wal| wal.windows(4).any(|text| text == b"well")) {
        run.pass(10).await;
    }
    run
}

#[tokio::test(flavor = "local")]
async fn what_was_said_and_typed_is_there_after_the_end_and_a_new_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start_writing(dir.path()).await;
    run.key(Code::Char('!')).await;
    // At once: whatever ends the loop, what is to be kept is handed over first.
    end(run).await;
    for _again in 0..2 {
        let run = start(dir.path()).await;
        shows(&run, "› well!").await;
        shows(&run, "How are you?").await;
        shows(&run, "last synced ").await;
        end(run).await;
    }
}

/// It was killed when the send was on disk and the draft was as well; both came back, and Enter sent it twice.
#[tokio::test(flavor = "local")]
async fn what_waits_to_be_sent_is_not_on_disk_as_a_draft_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start_writing(dir.path()).await;
    run.key(Code::Enter).await;
    let store = rusqlite::Connection::open(dir.path().join("x.db")).unwrap();
    let both = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM drafts)";
    let both = || store.query_row(both, (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut on_disk: (i64, i64) = both();
    while on_disk == (0, 1) {
        run.pass(1).await;
        on_disk = both();
    }
    assert_eq!(on_disk, (1, 0));
    drop(store);
    end(run).await;
}

//! The loop with a real store in a folder of its own.

use std::path::Path;
use std::time::Duration;

use minchat_tui::app::Keeping;
use minchat_tui::domain::{AccountId, Link, ServerEvent};
use minchat_tui::input::Code;
use minchat_tui::net::feed;
use minchat_tui::runtime::{Input, Keeper};
use minchat_tui::store::Place;
use tokio::sync::mpsc;

use crate::run::{PLENTY, Run};
use crate::stage::Recorder;
use crate::story::{CAN, Story, me, message, room, seen};

/// Long enough for a machine under load.
const SOON: Duration = Duration::from_secs(20);

async fn start(dir: &Path) -> Run {
    let mut story = Story::new(100, 24);
    story.state.keeping = Keeping::on_disk();
    let (display, audience) = Recorder::new();
    let keeper = Keeper::open(Some(Place::new(dir.join("x.db"))));
    let mut run = Run::keeping(story.state, display, audience, mpsc::channel(64), feed(AccountId(0), PLENTY), keeper);
    run.settle().await;
    run
}

/// Waits for a frame that shows `text`.
async fn shows(run: &Run, text: &str) {
    let mut latest = run.audience.latest();
    let frame = tokio::time::timeout(SOON, latest.wait_for(|screen| screen.contains(text))).await;
    assert!(frame.is_ok(), "no `{text}` on\n{}", run.screen());
}

async fn end(run: Run) {
    run.inputs.send(Input::End).await.unwrap();
    run.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "local")]
async fn what_was_said_and_typed_is_there_after_the_end_and_a_new_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = start(dir.path()).await;
    run.says(ServerEvent::SignedIn { me: me(), capabilities: CAN }).await;
    run.says(ServerEvent::Link(Link::Online)).await;
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Alice Archer", &["alice"], last.clone())];
    run.says(ServerEvent::Rooms { page: 1, pages: 1, rooms }).await;
    let (room, messages) = (crate::story::room_id("r1"), vec![seen(last)]);
    run.says(ServerEvent::History { room, page: 1, pages: 1, messages }).await;
    shows(&run, "How are you?").await;
    for c in "well".chars() {
        run.key(Code::Char(c)).await;
    }
    // The disk has answered, however slow it is, when the first draft is on it.
    while !std::fs::read(dir.path().join("x.db-wal")).is_ok_and(|wal| wal.windows(4).any(|text| text == b"well")) {
        run.pass(10).await;
    }
    run.key(Code::Char('!')).await;
    // At once: whatever ends the loop, what is to be kept is handed over first.
    end(run).await;
    for _again in 0..2 {
        let run = start(dir.path()).await;
        shows(&run, "› well!").await;
        shows(&run, "How are you?").await;
        shows(&run, "as of ").await;
        end(run).await;
    }
}

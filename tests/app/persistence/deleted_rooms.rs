//! Deleted chats over restarts: rooms are kept on disk, and so were their ghosts.

use minchat_tui::domain::{ConnectionStatus, Failure, Request, ServerEvent};
use minchat_tui::text::SafeText;

use super::disk::{Disk, Run};
use super::drafts::chat;
use test_support::story::*;

fn deleted(run: &mut Run) {
    let request = Request::History { room: room_id("r1"), page: 1, before: None };
    let reason = SafeText::line("The server refused it: chat not found");
    run.story.server(ServerEvent::Failed { request, failure: Failure::NotFound, reason });
    run.wait(1_000);
}

fn online_without_it(run: &mut Run) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let rooms = vec![room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000))];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.settle();
}

#[test]
fn a_deleted_chat_is_gone_at_the_next_start() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    deleted(&mut run);
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("Bob Brown").lacks("Alice Archer");
}

#[test]
fn what_was_not_sent_there_is_still_to_be_had_at_the_next_start() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 60_000,
        reason: SafeText::line("No cable."),
    }));
    run.story.types("off one").keys("enter");
    run.story.types("a draft");
    deleted(&mut run);
    run.ends();
    for _start in 0..2 {
        let mut run = disk.loaded();
        run.story.shows("off one").shows("a draft").shows("Alice Archer").shows("How are you?");
        run.story.shows("This chat was deleted. Select a message");
        run.story.requests();
        online_without_it(&mut run);
        run.story.wait(60_000);
        let about_it = |request: &Request| format!("{request:?}").contains("\"r1\"");
        let asked: Vec<_> = run.story.requests().into_iter().filter(about_it).collect();
        assert_eq!(asked, []);
        run.story.shows("off one").lacks("last synced").lacks("missing here").lacks("not sent: 2.");
        run.ends();
    }
    let mut run = disk.loaded();
    run.story.keys("tab x").keys("tab x").shows("The chat with Alice Archer was deleted.");
    run.wait(1_000);
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("Bob Brown").lacks("Alice Archer");
}

/// What was said there long ago is on disk, and only there.
#[test]
fn older_messages_of_a_deleted_chat_are_read_from_disk() {
    let disk = Disk::new();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let said = |n: u32| seen(message(&format!("m{n:03}"), "alice", &format!("number {n}."), i64::from(n) - 1_000));
    let rooms = vec![room("r1", "Alice Archer", &["alice"], said(499))];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.story.history("r1", 1, 1, (0..500).map(said).collect());
    run.wait(2_500);
    run.story.types("a draft");
    deleted(&mut run);
    run.ends();
    let mut run = disk.loaded();
    let held = run.story.state.scene().open_room().unwrap().timeline.accepted_len();
    assert!(held < 500, "all {held} were loaded at once");
    online_without_it(&mut run);
    for _ in 0..60 {
        run.story.keys("pageup pageup pageup");
        run.settle();
        run.story.event(minchat_tui::app::Event::FrameDrawn);
        run.settle();
    }
    run.story.shows("number 0.").shows("Start of the conversation").lacks("missing here");
}

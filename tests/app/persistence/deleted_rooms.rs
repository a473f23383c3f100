//! Deleted rooms after a restart. Stored rooms came back although they were deleted.

use minchat_tui::domain::{ConnectionStatus, Failure, Request, ServerEvent};
use minchat_tui::text::SafeText;

use super::disk::{Disk, Run};
use super::drafts::chat;
use test_support::story::*;

/// The server reports the chat with Alice as deleted.
fn report_deleted(run: &mut Run) {
    let request = Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None };
    let reason = SafeText::line("The server refused it: chat not found");
    run.story.server(ServerEvent::Failed { request, failure: Failure::NotFound, reason });
    run.wait(1_000);
}

/// Goes online with a room list that lacks the chat.
fn go_online_without_chat(run: &mut Run) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let rooms = vec![room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000))];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.sync();
}

#[test]
fn deleted_room_is_not_restored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    report_deleted(&mut run);
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("Bob Brown").lacks("Alice Archer");
}

#[test]
fn failed_messages_of_a_deleted_room_are_restored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 60_000,
        reason: SafeText::line("No cable."),
    }));
    run.story.types("off one").keys("enter");
    run.story.types("a draft");
    report_deleted(&mut run);
    run.quit();
    for _start in 0..2 {
        let mut run = disk.start_loaded();
        run.story.shows("off one").shows("a draft").shows("Alice Archer").shows("How are you?");
        run.story.shows("This room was deleted. Select a message");
        run.story.requests();
        go_online_without_chat(&mut run);
        run.story.wait(60_000);
        let about_it = |request: &Request| format!("{request:?}").contains("\"r1\"");
        let requested: Vec<_> = run.story.requests().into_iter().filter(about_it).collect();
        assert_eq!(requested, []);
        run.story.shows("off one").lacks("last synced").lacks("missing here").lacks("not sent: 2.");
        run.quit();
    }
    let mut run = disk.start_loaded();
    run.story
        .keys("tab d")
        .confirms()
        .keys("tab d")
        .confirms()
        .shows("The direct message with Alice Archer was deleted.");
    run.wait(1_000);
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("Bob Brown").lacks("Alice Archer");
}

/// The old messages are only in the store.
#[test]
fn old_messages_of_a_deleted_room_are_read_from_the_store() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let numbered = |n: u32| seen(message(&format!("m{n:03}"), "alice", &format!("number {n}."), i64::from(n) - 1_000));
    let rooms = vec![room("r1", "Alice Archer", &["alice"], numbered(499))];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.story.history("r1", 1, 1, (0..500).map(numbered).collect());
    run.wait(2_500);
    run.story.types("a draft");
    report_deleted(&mut run);
    run.quit();
    let mut run = disk.start_loaded();
    let loaded = run.story.state.scene().open_room().unwrap().timeline.accepted_len();
    assert!(loaded < 500, "all {loaded} messages were loaded at once");
    go_online_without_chat(&mut run);
    for _ in 0..60 {
        run.story.keys("pageup pageup pageup");
        run.sync();
        run.story.event(minchat_tui::app::Event::FrameDrawn);
        run.sync();
    }
    run.story.shows("number 0.").shows("Start of the conversation").lacks("missing here");
}

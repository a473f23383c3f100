//! A disk that cannot be read at the start, and can be later.

use minchat_tui::domain::{Capabilities, ConnectionStatus, ServerEvent};
use minchat_tui::text::SafeText;

use super::disk::{Disk, Run};
use test_support::story::*;

fn go_online(run: &mut Run, can: Capabilities) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = message("m2", "alice", "How are you?", -60_000);
    let old = message("b1", "bob", "old news", -3_600_000);
    let rooms = vec![
        room_on(can, "r1", "Alice Archer", &["alice"], last.clone()),
        room_on(can, "r2", "Bob Brown", &["bob"], old),
    ];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.story.history("r1", 1, 1, vec![seen(last)]);
    run.wait(2_500);
}

fn disconnect(run: &mut Run) {
    let reason = SafeText::line("The cable is out.");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 600_000, reason }));
}

/// The last run leaves a draft for Alice and a message to Bob that was not sent.
fn last_run(disk: &Disk, can: Capabilities) {
    let mut run = disk.start_loaded();
    go_online(&mut run, can);
    disconnect(&mut run);
    run.story.keys("alt+down").types("queued by the last run").keys("enter alt+up").types("first draft");
    run.wait(1_000);
    run.quit();
}

/// The new draft took the place of the stored one, and the stored messages were not sent before a restart.
#[test]
fn data_is_restored_when_the_disk_can_be_read() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        last_run(&disk, can);
        disk.block();
        let mut run = disk.start();
        go_online(&mut run, can);
        run.retry_disk();
        assert!(!run.story.state.account().drafts_are_durable);
        run.story.types("second draft");
        run.wait(1_000);
        run.story.keys("alt+down").lacks("queued by the last run").keys("alt+up");
        disk.unblock();
        run.retry_disk();
        run.story.shows("Saving to disk works again.");
        run.story.keys("alt+down").shows("queued by the last run").keys("alt+up");
        run.wait(1_000);
        run.kill();
        let mut run = disk.start_loaded();
        assert_eq!(run.story.state.ui.composer.text(), "first draft\nsecond draft");
        run.story.keys("alt+down").shows("queued by the last run");
        let screen = run.story.screen();
        assert_eq!(screen.matches("queued by the last run").count(), 1, "{screen}");
    }
}

#[test]
fn draft_is_added_if_the_program_ends_before_that() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        last_run(&disk, can);
        disk.block();
        let mut run = disk.start();
        go_online(&mut run, can);
        run.story.types("second draft");
        run.wait(1_000);
        disk.unblock();
        run.quit();
        assert_eq!(disk.start_loaded().story.state.ui.composer.text(), "first draft\nsecond draft");
    }
}

/// Until the disk can be read, the messages in memory are searched.
#[test]
fn loaded_messages_can_be_searched_meanwhile() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        last_run(&disk, can);
        disk.block();
        let mut run = disk.start();
        go_online(&mut run, can);
        run.retry_disk();
        run.story.keys("ctrl+f").types("how are");
        run.wait(1_000);
        run.story.shows("1 match").shows("Only messages loaded since the start are searched.");
    }
}

#[test]
fn what_the_user_and_the_server_changed_meanwhile_stays() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        last_run(&disk, can);
        disk.block();
        let mut run = disk.start();
        go_online(&mut run, can);
        run.story.keys("f3");
        assert!(run.story.state.terminal.arrangement.members_shown, "{}", run.story.screen());
        run.story.server(ServerEvent::RoomDeleted(room_id("r2"))).lacks("Bob Brown │");
        disk.unblock();
        run.retry_disk();
        assert!(run.story.state.terminal.arrangement.members_shown);
        run.wait(1_000);
        run.kill();
        let run = disk.start_loaded();
        assert!(run.story.state.terminal.arrangement.members_shown);
    }
}

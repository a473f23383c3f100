//! Messages on older pages that were deleted while nobody listened: they become tombstones once they are on screen, and
//! in the store.

use minchat_tui::domain::{ConnectionStatus, MessageInfo, Request, ServerEvent};
use minchat_tui::store::Write;
use minchat_tui::text::SafeText;

use super::disk::{Disk, Run};
use super::drafts::chat;
use test_support::story::*;

/// Size of MinChat's pages.
const PAGE_SIZE: usize = 25;

/// The server's messages of the room, oldest first.
fn server() -> Vec<MessageInfo> {
    let at = |n: i64| (n - 420) * 100;
    (0..120).map(|n| seen(message(&format!("x{n:03}"), "alice", &format!("line {n}."), at(n)))).collect()
}

/// Stores the server's messages in a first run of the program.
fn store(disk: &Disk) {
    let mut run = chat(disk);
    for message in server() {
        run.story.server(ServerEvent::Message(message));
    }
    run.quit();
}

/// Starts the program with the stored messages; they are the newest ones in a room whose start is not stored.
fn start_online(disk: &Disk, messages: &[MessageInfo]) -> Run {
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = messages.last().expect("messages").clone();
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice", &["alice"], last)] });
    for _load_and_reload in 0..2 {
        answer_pages(&mut run, messages);
        run.wait(2_000);
    }
    answer_pages(&mut run, messages);
    run
}

/// Answers the requests for pages until there are no more. Returns the numbers of the pages.
fn answer_pages(run: &mut Run, messages: &[MessageInfo]) -> Vec<u32> {
    let mut answered = Vec::new();
    loop {
        run.sync();
        let requests: Vec<Request> = run.story.requests();
        let pages: Vec<_> = requests
            .into_iter()
            .filter_map(|request| match request {
                Request::History { room, serial, page, .. } => Some((room, serial, page)),
                _ => None,
            })
            .collect();
        if pages.is_empty() {
            return answered;
        }
        for (room, serial, page) in pages {
            let end = messages.len().saturating_sub((page as usize - 1) * PAGE_SIZE);
            let shown = messages[end.saturating_sub(PAGE_SIZE)..end].to_vec();
            let count = |number: usize| u32::try_from(number).expect("a small number");
            let (pages, total) = (count(messages.len().div_ceil(PAGE_SIZE)), Some(count(messages.len())));
            run.story.server(ServerEvent::History { room, serial, page, pages, total, messages: shown });
            answered.push(page);
        }
    }
}

fn without(ids: &[&str]) -> Vec<MessageInfo> {
    server().into_iter().filter(|message| !ids.contains(&message.id.as_str())).collect()
}

fn scroll_up(run: &mut Run, pages: usize, messages: &[MessageInfo]) -> Vec<u32> {
    let mut answered = Vec::new();
    for _ in 0..pages {
        run.story.keys("pageup");
        answered.extend(answer_pages(run, messages));
    }
    answered
}

#[test]
fn deletion_while_the_program_did_not_run_is_noticed() {
    let disk = Disk::new();
    store(&disk);
    // In the middle of the second page, and between it and the third.
    let deleted = ["x090", "x068", "x067", "x066", "x065"];
    let messages = without(&deleted);
    let mut run = start_online(&disk, &messages);
    run.story.shows("line 119.");
    scroll_up(&mut run, 1, &messages);
    run.story.shows("line 91.").shows("line 89.").lacks("line 90.").shows("Message deleted");
    scroll_up(&mut run, 2, &messages);
    run.story.shows("line 69.").shows("line 64.").lacks("line 68.").lacks("line 67.").lacks("line 65.");
    run.wait(1_000);
    let is_stored = |id: &str| {
        let mut writes = run.writes.iter();
        writes.any(|write| matches!(write, Write::Tombstone { message, .. } if message.as_str() == id))
    };
    assert!(deleted.iter().all(|id| is_stored(id)), "they are deleted in the store as well");
    run.quit();
    let mut run = disk.start_loaded();
    for _ in 0..3 {
        run.story.keys("pageup");
        run.sync();
    }
    run.story.shows("line 69.").lacks("line 68.").lacks("line 65.").shows("Message deleted");
}

#[test]
fn pages_on_screen_are_requested_once() {
    let disk = Disk::new();
    store(&disk);
    let messages = server();
    let mut run = start_online(&disk, &messages);
    assert_eq!(scroll_up(&mut run, 4, &messages), [2, 3, 4]);
    run.story.keys("pagedown pagedown pagedown pagedown").wait(5_000);
    assert_eq!(scroll_up(&mut run, 4, &messages), [] as [u32; 0]);
    run.story.shows("line 40.").lacks("Message deleted");
}

#[test]
fn nothing_is_requested_or_deleted_offline() {
    let disk = Disk::new();
    store(&disk);
    let messages = without(&["x090"]);
    let mut run = start_online(&disk, &messages);
    let reason = SafeText::line("The cable is out.");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
    run.story.requests();
    assert_eq!(scroll_up(&mut run, 1, &messages), [] as [u32; 0]);
    run.story.shows("line 90.");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    answer_pages(&mut run, &messages);
    run.wait(2_000);
    answer_pages(&mut run, &messages);
    run.story.lacks("line 90.").shows("Message deleted");
}

/// A page that fails is not worth a word: nobody asked for it.
#[test]
fn failure_of_a_page_is_silent_and_final() {
    let disk = Disk::new();
    store(&disk);
    let messages = without(&["x090"]);
    let mut run = start_online(&disk, &messages);
    run.story.keys("pageup");
    run.sync();
    let request = run.story.requests().into_iter().find(|request| matches!(request, Request::History { .. }));
    let (failure, reason) = (minchat_tui::domain::Failure::Refused, SafeText::line("Slow down."));
    run.story.server(ServerEvent::Failed { request: request.expect("a request"), failure, reason });
    run.story.lacks("Slow down.").keys("pageup");
    run.sync();
    assert!(!run.story.requests().iter().any(|request| matches!(request, Request::History { .. })));
    run.story.keys("pagedown").shows("line 90.");
}

/// Deletions in a room are announced only to those who have it open.
#[test]
fn deletion_while_the_room_was_closed_is_noticed() {
    let disk = Disk::new();
    store(&disk);
    let all = server();
    let mut run = start_online(&disk, &all);
    scroll_up(&mut run, 2, &all);
    let other = message("b1", "bob", "hello", -80_000);
    run.story.server(ServerEvent::RoomChanged(Box::new(room("r2", "Bob Brown", &["bob"], other))));
    run.story.types("/go Bob").keys("enter").wait(3_000);
    run.story.requests();
    let messages = without(&["x090", "x095", "x094"]);
    run.story.types("/go Alice").keys("enter");
    answer_pages(&mut run, &messages);
    run.wait(2_000);
    answer_pages(&mut run, &messages);
    scroll_up(&mut run, 1, &messages);
    run.story.lacks("line 95.").lacks("line 94.").lacks("line 90.").shows("line 91.").shows("Message deleted");
}

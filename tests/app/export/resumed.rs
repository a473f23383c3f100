//! An export that continues where an earlier one was stopped or killed, and changes of messages meanwhile.

use minchat_tui::app::Effect;
use minchat_tui::domain::{Capabilities, ConnectionStatus, Failure, Request, ServerEvent};
use minchat_tui::text::SafeText;

use super::{Exporter, expected, messages, page, page_request, run_export};
use crate::persistence::disk::{Disk, Run};
use test_support::story::*;

/// Goes online, in a chat with Alice whose newest page has the last 25 of 100 messages.
fn go_online(run: &mut Run, can: Capabilities) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    for _load_and_reload in 0..2 {
        let last = message("x099", "alice", "line 99", -901_000);
        let rooms = vec![room_on(can, "r1", "Alice Archer", &["alice"], last)];
        run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        run.sync();
        run.story.history("r1", 1, 4, messages(75..100));
        run.sync().wait(2_500);
    }
    run.story.effects.clear();
}

/// Starts an export and answers its requests, but at most `count`. Returns the number of the first message on each page.
fn export(run: &mut Run, exporter: &mut Exporter, can: Capabilities, count: usize) -> Vec<i64> {
    run.story.types("/export").keys("enter");
    let mut served = Vec::new();
    run_export(run, exporter);
    let is_request = |effect: &Effect| matches!(effect, Effect::Request(_, Request::History { .. }));
    while served.len() < count && run.story.effects.iter().any(is_request) {
        let (serial, number, before) = page_request(&mut run.story);
        let end = match before {
            Some(before) if !can.paging.by_number => before[1..].parse().unwrap(),
            _ => 100 - 25 * i64::from(number - 1),
        };
        let number = if end == 25 { 4 } else { number };
        served.push(end - 25);
        run.story.server(page(serial, (number, 4), messages(end - 25..end)));
        run_export(run, exporter);
    }
    served
}

/// Everything was fetched again after `kill -9`.
#[test]
fn killed_export_continues_with_what_is_missing() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        let mut run = disk.start_loaded();
        go_online(&mut run, can);
        // Numbered pages may have moved since page 1 was loaded, so it is requested again.
        let overlap = usize::from(can.paging.by_number);
        let first = export(&mut run, &mut Exporter::default(), can, 1 + overlap);
        assert_eq!(first.last(), Some(&50));
        // Killed right after the page has arrived: nothing is written at the end.
        drop(run);

        let mut run = disk.start_loaded();
        go_online(&mut run, can);
        let mut exporter = Exporter::default();
        let second = export(&mut run, &mut exporter, can, usize::MAX);
        let missing = if can.paging.by_number { vec![50, 25, 0] } else { vec![25, 0] };
        assert_eq!(second, missing, "by number, the page that adjoins is requested to see that it does");
        assert_eq!(exporter.ids(), expected(0..100));
        run.story.shows("Exported 100 messages to /home/me/x.txt.").lacks("missing");
    }
}

#[test]
fn screen_says_where_an_export_continues() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online(&mut run, VCHAT);
    export(&mut run, &mut Exporter::default(), VCHAT, 1);
    run.story.types("/export stop").keys("enter");
    run.story.shows("Stopped the export of Alice Archer. Another /export continues at 21 Nov 2026.");
    drop(run);
    let mut run = disk.start_loaded();
    go_online(&mut run, VCHAT);
    run.story.types("/export").keys("enter");
    run_export(&mut run, &mut Exporter::default());
    run.story.shows("50 messages are here already. The export continues at 21 Nov 2026.");
}

#[test]
fn failed_export_says_that_another_one_continues() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online(&mut run, VCHAT);
    let mut exporter = Exporter::default();
    export(&mut run, &mut exporter, VCHAT, 1);
    let (serial, ..) = page_request(&mut run.story);
    let request = Request::History { room: room_id("r1"), serial, page: 2, before: Some(message_id("x050")) };
    let reason = SafeText::line("You were blocked.");
    run.story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    run_export(&mut run, &mut exporter);
    let notice = run.story.state.terminal.notice.as_ref().expect("a notice");
    let sentences = "Exported 50 messages to /home/me/x.txt. Older ones are missing. You were blocked. Another";
    assert!(notice.text.starts_with(sentences), "{notice:?}");
    let mut again = Exporter::default();
    assert_eq!(export(&mut run, &mut again, VCHAT, usize::MAX), [25, 0]);
    assert_eq!(again.ids(), expected(0..100));
}

/// Nothing may be left on the disk then.
#[test]
fn nothing_is_stored_in_incognito_mode() {
    let mut story = super::long_chat(VCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, ..) = page_request(&mut story);
    story.server(page(serial, (2, 3), messages(25..50)));
    exporter.answers(&mut story);
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Persist(..) | Effect::Query(..))));
    story.types("/export stop").keys("enter").shows("Nothing was written.").lacks("continues");
}

/// The file had the text of messages that were deleted while the export was under way.
#[test]
fn edits_and_deletions_meanwhile_reach_the_file_and_the_store() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    go_online(&mut run, VCHAT);
    let mut exporter = Exporter::default();
    export(&mut run, &mut exporter, VCHAT, 1);
    let (serial, ..) = page_request(&mut run.story);
    let deleted =
        |id: &str| ServerEvent::Revoked { room: room_id("r1"), message: message_id(id), author: person_id("alice") };
    // In memory; collected from a page; on the page that has been requested and was composed before.
    for id in ["x080", "x060", "x040"] {
        run.story.server(deleted(id));
    }
    let edited = message("x041", "alice", "changed", -959_000);
    run.story.server(ServerEvent::Edited(edited));
    run.story.server(ServerEvent::Edited(message("x042", "bob", "not his", -958_000)));
    run.wait(1_000);
    run.story.server(page(serial, (2, 4), messages(25..50)));
    run_export(&mut run, &mut exporter);
    let (serial, ..) = page_request(&mut run.story);
    run.story.server(page(serial, (4, 4), messages(0..25)));
    run_export(&mut run, &mut exporter);
    let written = exporter.written();
    let text = |id: &str| {
        let message = written.iter().find(|message| message.id == id).expect("the message");
        (message.text.as_str(), message.deleted)
    };
    assert_eq!(text("x080"), ("", true));
    assert_eq!(text("x060"), ("", true));
    assert_eq!(text("x040"), ("", true));
    assert_eq!(text("x041"), ("changed", false));
    assert_eq!(text("x042"), ("line 42", false), "only the author edits a message");
    drop(run);

    let mut run = disk.start_loaded();
    let mut exporter = Exporter::default();
    run.story.types("/export").keys("enter");
    run_export(&mut run, &mut exporter);
    assert_eq!(exporter.ids(), expected(0..100));
    let stored = exporter.written();
    let stored: Vec<_> = stored.iter().filter(|message| message.deleted).map(|message| message.id.as_str()).collect();
    assert_eq!(stored, ["x040", "x060", "x080"]);
    let changed = exporter.blocks.iter().flatten().find(|message| message.id == "x041").expect("the message");
    assert_eq!((changed.text.as_str(), &changed.earlier_texts), ("changed", &vec!["line 41".to_owned()]));
}

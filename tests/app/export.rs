//! Export of a room: where its messages come from, and what the user sees meanwhile.

mod resumed;

use minchat_tui::app::{Effect, Event, ExportReply, ExportStep};
use minchat_tui::domain::{
    AccountId, Amendments, Capabilities, ConnectionStatus, Membership, MessageInfo, PageSerial, Request, RoomAccess,
    ServerEvent,
};
use minchat_tui::export::{ExportFormat, ExportHeader, ExportedMessage};
use minchat_tui::text::SafeText;

use crate::persistence::disk::{Disk, Run};
use test_support::story::*;

const ME: AccountId = AccountId(0);

/// Stands for the runtime: takes the steps of exports and answers them.
#[derive(Default)]
struct Exporter {
    id: u64,
    blocks: Vec<Vec<ExportedMessage>>,
    header: Option<ExportHeader>,
    amendments: Amendments,
    abandoned: bool,
}

impl Exporter {
    /// Answers all steps so far.
    fn answers(&mut self, story: &mut Story) -> &mut Self {
        while let Some(at) = story.effects.iter().position(|effect| matches!(effect, Effect::Export(..))) {
            let Effect::Export(_, id, step) = story.effects.remove(at) else { unreachable!() };
            self.id = id;
            let reply = match step {
                ExportStep::Open(_) => ExportReply::Opened,
                ExportStep::Append(block) => {
                    self.blocks.push(block);
                    ExportReply::Appended
                }
                ExportStep::Finish(header, amendments) => {
                    self.amendments = amendments;
                    self.header = Some(*header);
                    ExportReply::Finished("/home/me/x.txt".into())
                }
            };
            story.event(Event::Export(ME, id, reply));
        }
        self.abandoned |= story.effects.iter().any(|effect| matches!(effect, Effect::AbandonExport(..)));
        self
    }

    /// The messages as they would be written, in their order.
    fn written(&self) -> Vec<ExportedMessage> {
        let collected = self.blocks.iter().rev().flatten().cloned();
        collected.filter_map(|message| message.amended(&self.amendments)).collect()
    }

    /// The ids of all collected messages in their order.
    fn ids(&self) -> Vec<&str> {
        self.blocks.iter().rev().flatten().map(|message| message.id.as_str()).collect()
    }
}

/// Takes the request for a page that the export has made: its serial, number and position.
fn page_request(story: &mut Story) -> (PageSerial, u32, Option<String>) {
    let found = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Request(_, Request::History { serial, page, before, .. }) => {
            Some((*serial, *page, before.as_ref().map(|id| id.as_str().to_owned())))
        }
        _ => None,
    });
    story.effects.clear();
    found.expect("a request")
}

fn messages(range: std::ops::Range<i64>) -> Vec<MessageInfo> {
    range.map(|n| seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), (n - 1_000) * 1_000))).collect()
}

fn page(serial: PageSerial, (page, pages): (u32, u32), messages: Vec<MessageInfo>) -> ServerEvent {
    ServerEvent::History { room: room_id("r1"), serial, page, pages, total: None, messages }
}

/// In a chat with Alice whose newest page has 25 of 75 messages.
fn long_chat(can: Capabilities) -> Story {
    let mut story = Story::online_on(can, 100, 24);
    for _load_and_reload in 0..2 {
        let last = message("x074", "alice", "line 74", -926_000);
        let rooms = vec![room_on(can, "r1", "Alice Archer", &["alice"], last)];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        story.history("r1", 1, 3, messages(50..75));
        story.wait(2_000);
    }
    story.effects.clear();
    story
}

fn expected(range: std::ops::Range<i64>) -> Vec<String> {
    range.map(|n| format!("x{n:03}")).collect()
}

#[test]
fn older_pages_are_fetched_back_to_the_first_message() {
    for can in [MINCHAT, VCHAT] {
        let mut story = long_chat(can);
        story.types("/export md ~/x.md").keys("enter").shows("Exporting Alice Archer");
        let Some(Effect::Export(_, _, ExportStep::Open(target))) =
            story.effects.iter().find(|effect| matches!(effect, Effect::Export(..)))
        else {
            panic!("no export")
        };
        assert_eq!((target.format, target.path.as_deref()), (ExportFormat::Markdown, Some("~/x.md")));
        let mut exporter = Exporter::default();
        exporter.answers(&mut story);
        story.shows("Exporting: 25 messages, back to 21 Nov 2026");
        let (serial, number, before) = page_request(&mut story);
        // A page by number that was loaded by other means is requested again, because messages may have moved.
        let by_number = can.paging.by_number;
        assert_eq!((number, before.as_deref()), (if by_number { 1 } else { 2 }, Some("x050")));
        if by_number {
            story.server(page(serial, (1, 3), messages(50..75)));
            exporter.answers(&mut story);
        }
        let serial = if by_number { page_request(&mut story).0 } else { serial };
        story.server(page(serial, (2, 3), messages(25..50)));
        exporter.answers(&mut story);
        story.shows("Exporting: 50 messages");
        let (serial, number, before) = page_request(&mut story);
        assert_eq!((number, before.as_deref()), (if by_number { 3 } else { 2 }, Some("x025")));
        story.server(page(serial, (3, 3), messages(0..25)));
        exporter.answers(&mut story);
        story.shows("Exported 75 messages to /home/me/x.txt.").lacks("Exporting");
        assert_eq!(exporter.ids(), expected(0..75));
        assert_eq!(exporter.header.as_ref().and_then(|header| header.missing.clone()), None);
        assert!(exporter.abandoned, "the thread of the export ends");
    }
}

/// New messages move numbered pages down, and deletions move them up.
#[test]
fn numbered_pages_may_move_meanwhile() {
    let mut story = long_chat(MINCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, ..) = page_request(&mut story);
    // Five new messages: page 1 does not reach back to the oldest collected message.
    story.server(page(serial, (1, 4), messages(55..80)));
    exporter.answers(&mut story);
    let (serial, number, _) = page_request(&mut story);
    assert_eq!(number, 2);
    story.server(page(serial, (2, 4), messages(30..55)));
    exporter.answers(&mut story);
    // Thirty others are deleted: page 3 leaves some out.
    let (serial, number, _) = page_request(&mut story);
    assert_eq!(number, 3);
    story.server(page(serial, (3, 3), messages(0..30)));
    exporter.answers(&mut story);
    assert_eq!(exporter.ids(), expected(0..75));
}

#[test]
fn page_that_leaves_a_gap_is_not_taken() {
    let mut story = long_chat(MINCHAT);
    let mut exporter = Exporter::default();
    // A message that only this client still shows counts as one on the server's pages.
    for n in 75..105 {
        story.server(ServerEvent::Message(messages(n..n + 1).remove(0)));
    }
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, number, _) = page_request(&mut story);
    assert_eq!(number, 3, "55 messages are collected");
    story.server(page(serial, (3, 3), messages(0..20)));
    exporter.answers(&mut story);
    let (serial, number, _) = page_request(&mut story);
    assert_eq!(number, 2, "the page does not reach the oldest collected message");
    story.server(page(serial, (2, 3), messages(20..45)));
    exporter.answers(&mut story);
    let (serial, number, _) = page_request(&mut story);
    assert_eq!(number, 1);
    story.server(page(serial, (1, 3), messages(45..70)));
    exporter.answers(&mut story);
    for (number, range) in [(2, 20..45), (3, 0..20)] {
        let (serial, requested, _) = page_request(&mut story);
        assert_eq!(requested, number);
        story.server(page(serial, (number, 3), messages(range)));
        exporter.answers(&mut story);
    }
    assert_eq!(exporter.ids(), expected(0..105));
}

#[test]
fn edited_and_deleted_messages_are_marked() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Edited(message("m2", "alice", "How is it going?", -60_000)));
    story.server(ServerEvent::Message(message("m3", "alice", "oops", 1_000)));
    story.server(ServerEvent::Deleted(message_id("m3")));
    story.types("/export json").keys("enter");
    let mut exporter = Exporter::default();
    exporter.answers(&mut story);
    story.shows("Exported 3 messages to /home/me/x.txt.");
    let [block] = exporter.blocks.as_slice() else { panic!("{:?}", exporter.blocks) };
    assert_eq!((block[0].text.as_str(), block[0].edited), ("Hello Alice", false));
    assert_eq!((block[1].text.as_str(), block[1].edited), ("How is it going?", true));
    assert_eq!(block[1].earlier_texts, ["How are you?"]);
    assert_eq!((block[2].text.as_str(), block[2].deleted), ("", true));
    assert_eq!(block[2].author.as_ref().map(|author| author.name.as_str()), Some("Alice Archer"));
}

#[test]
fn stopped_export_leaves_nothing_and_ignores_late_replies() {
    let mut story = long_chat(VCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, ..) = page_request(&mut story);
    story.types("/export").keys("enter").shows("An export is in progress already. /export stop ends it.");
    story.types("stop").keys("enter");
    story.shows("Stopped the export of Alice Archer. Nothing was written.").lacks("Exporting");
    exporter.answers(&mut story);
    assert!(exporter.abandoned && exporter.header.is_none());
    story.server(page(serial, (2, 3), messages(25..50)));
    story.event(Event::Export(ME, exporter.id, ExportReply::Appended));
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Export(..))));
    story.types("/export stop").keys("enter").shows("No export is in progress.");
}

#[test]
fn export_waits_for_the_connection_and_goes_on() {
    let mut story = long_chat(VCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, page_number, before) = page_request(&mut story);
    story
        .server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 5_000, reason: SafeText::line("gone") }));
    let before = before.map(|id| message_id(&id));
    let request = Request::History { room: room_id("r1"), serial, page: page_number, before };
    let reason = SafeText::line("The connection was lost.");
    story.server(ServerEvent::Failed { request, failure: Failure::NotSent, reason });
    story.wait(10_000).shows("Export waits for the connection, 25 messages so far");
    story.effects.clear();
    story.server(ServerEvent::Connection(ConnectionStatus::Connecting));
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::Request(_, Request::History { serial, before: Some(before), .. }) if before.as_str() == "x050" => {
            Some(*serial)
        }
        _ => None,
    });
    story.server(page(found.expect("a request"), (2, 2), messages(25..50)));
    exporter.answers(&mut story);
    assert_eq!(exporter.ids(), expected(25..75));
    story.shows("Exported 50 messages");
}

#[test]
fn page_that_fails_is_retried_and_then_left_out() {
    let mut story = long_chat(VCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    for attempt in 0.. {
        let (serial, ..) = page_request(&mut story);
        let request = Request::History { room: room_id("r1"), serial, page: 2, before: Some(message_id("x050")) };
        let reason = SafeText::line("The server is overloaded.");
        story.server(ServerEvent::Failed { request, failure: Failure::Uncertain, reason });
        if attempt == 4 {
            break;
        }
        story.shows("Export waits for the server, 25 messages so far").wait(60_000);
    }
    exporter.answers(&mut story);
    story.shows("Exported 25 messages to /home/me/x.txt. Older ones are missing. The server is");
    let header = exporter.header.expect("a header");
    assert_eq!(header.missing.as_deref(), Some("The server is overloaded."));
}

#[test]
fn export_can_be_finished_early() {
    let mut story = long_chat(VCHAT);
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    let (serial, ..) = page_request(&mut story);
    story.types("/export finish").keys("enter");
    story.server(page(serial, (2, 3), messages(25..50)));
    exporter.answers(&mut story);
    assert_eq!(exporter.ids(), expected(50..75));
    story.shows("Exported 25 messages to /home/me/x.txt. Older ones are missing.");
}

#[test]
fn existing_file_is_replaced_after_a_question() {
    let mut story = Story::chat(100, 24);
    for (key, is_replaced) in [("n", false), ("y", true)] {
        story.types("/export ~/x.txt").keys("enter");
        let exports = |story: &Story| {
            let exports = story.effects.iter().filter_map(|effect| match effect {
                Effect::Export(_, id, ExportStep::Open(target)) => Some((*id, target.clone())),
                _ => None,
            });
            exports.collect::<Vec<_>>()
        };
        let (id, _) = exports(&story).remove(0);
        story.effects.clear();
        story.event(Event::Export(ME, id, ExportReply::Exists("/home/me/x.txt".into())));
        story.shows("/home/me/x.txt").shows("This file exists already. Replace it?").wait(400).keys(key);
        let again: Vec<_> = exports(&story).into_iter().map(|(_, target)| (target.path, target.replaces)).collect();
        let expected = is_replaced.then(|| (Some("/home/me/x.txt".to_owned()), true));
        assert_eq!(again, expected.into_iter().collect::<Vec<_>>());
        story.effects.clear();
    }
}

/// Regression test: the question replaced the box that was open when it arrived.
#[test]
fn question_about_an_export_waits_until_nothing_is_open() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.types("/export ~/x.txt").keys("enter");
        let id = story.effects.iter().find_map(|effect| match effect {
            Effect::Export(_, id, ExportStep::Open(_)) => Some(*id),
            _ => None,
        });
        let exists = Event::Export(ME, id.expect("an export"), ExportReply::Exists("/home/me/x.txt".into()));
        story.keys("f1").event(exists).lacks("Replace it?").shows("Close this box to decide");
        story.keys("esc").shows("This file exists already. Replace it?").keys("n").lacks("Replace it?");
    }
}

/// Answers the export's steps and the queries of the store until neither asks for more.
fn run_export(run: &mut Run, exporter: &mut Exporter) {
    for _ in 0..50 {
        run.sync();
        exporter.answers(&mut run.story);
        run.sync();
    }
}

#[test]
fn stored_messages_are_exported_offline() {
    let disk = Disk::new();
    let mut run = crate::persistence::drafts::chat(&disk);
    for n in 0..1_300 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.story.server(ServerEvent::Edited(message("x005", "alice", "another text", 5)));
    run.story.server(ServerEvent::Deleted(message_id("x006")));
    run.quit();
    let mut run = disk.start_loaded();
    run.story.types("/export").keys("enter");
    let mut exporter = Exporter::default();
    run_export(&mut run, &mut exporter);
    let ids: Vec<String> = ["m1", "m2"].map(str::to_owned).into_iter().chain(expected(0..1_300)).collect();
    assert_eq!(exporter.ids(), ids);
    run.story.shows("Exported 1302 messages to /home/me/x.txt.").lacks("missing");
    let all: Vec<_> = exporter.blocks.iter().flatten().collect();
    let find = |id: &str| all.iter().find(|message| message.id == id).expect("the message");
    assert!(find("x005").edited && find("x006").deleted);
    assert!(exporter.blocks.iter().all(|block| block.len() <= 501), "blocks are bounded");
}

#[test]
fn room_that_was_left_is_exported_as_far_as_it_is_known() {
    let mut story = long_chat(VCHAT);
    let membership = Membership { access: RoomAccess::NotMember, ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r1"), membership });
    story.effects.clear();
    let mut exporter = Exporter::default();
    story.types("/export").keys("enter");
    exporter.answers(&mut story);
    assert_eq!(exporter.ids(), expected(50..75));
    story.shows("Exported 25 messages to /home/me/x.txt. Older ones are missing.");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::History { .. })));
}

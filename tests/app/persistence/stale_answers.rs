//! Answers of the store that it has read before an edit or deletion arrives.

use minchat_tui::app::Overlay;
use minchat_tui::domain::{Capabilities, ConnectionStatus, MessageInfo, Request, Room, ServerEvent};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::*;

use super::disk::{Disk, Run};

/// Number of stored messages, of which the newest 50 are loaded at the start.
const COUNT: usize = 200;

/// A change of a message that is stored and not loaded.
#[derive(Debug, Clone, Copy)]
enum Change {
    Edit(u8),
    Delete,
    DeleteForMe,
}

const CHANGES: [Change; 3] = [Change::Edit(1), Change::Delete, Change::DeleteForMe];

/// The server's messages in the chat with Alice.
struct Server {
    can: Capabilities,
    /// The messages, oldest first; `None` where one was deleted for the user.
    messages: Vec<Option<MessageInfo>>,
}

impl Server {
    fn new(can: Capabilities) -> Self {
        let at = |n: usize| (i64::try_from(n).unwrap() - 420) * 100;
        let message = |n| Some(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}."), at(n))));
        Self { can, messages: (0..COUNT).map(message).collect() }
    }

    /// Changes a message. Returns the event.
    fn change(&mut self, n: usize, change: Change) -> Option<ServerEvent> {
        let entry = &mut self.messages[n];
        let message = entry.as_mut().filter(|message| !message.deleted)?;
        let (room, author, id) = (message.room.clone(), message.author.clone(), message.id.clone());
        Some(match change {
            Change::Edit(text) => {
                message.text = SafeText::block(&format!("text {text} of {n}."));
                ServerEvent::Edited(message.clone())
            }
            Change::Delete => {
                message.delete();
                let is_named = self.can != MINCHAT;
                if is_named { ServerEvent::Revoked { room, message: id, author } } else { ServerEvent::Deleted(id) }
            }
            Change::DeleteForMe => {
                *entry = None;
                ServerEvent::Done(Request::DeleteForMe { room, message: id })
            }
        })
    }

    /// Answers requests for pages at once.
    fn answer_pages(&self, run: &mut Run) {
        run.let_store_answer();
        for request in run.story.requests() {
            let Request::History { room, serial, page, before } = request else { continue };
            let known = self.messages.iter().flatten().filter(|message| !message.deleted || self.can != MINCHAT);
            let known: Vec<&MessageInfo> = known.collect();
            let size = usize::try_from(self.can.paging.size).unwrap();
            let skipped = if self.can.paging.by_number { (page as usize - 1) * size } else { 0 };
            let end = before.and_then(|before| known.iter().position(|message| message.id == before));
            let end = end.unwrap_or(known.len()).saturating_sub(skipped);
            let messages = known[end.saturating_sub(size)..end].iter().copied().cloned().collect();
            let pages = u32::try_from(known.len().div_ceil(size)).unwrap();
            run.story.server(ServerEvent::History { room, serial, page, pages, total: None, messages });
        }
    }
}

/// Signs in, and loads the list and the newest page.
fn go_online(run: &mut Run, server: &Server) {
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: server.can });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    list_rooms(run, server);
    for _load_and_reload in 0..2 {
        server.answer_pages(run);
        run.wait(2_500);
    }
    server.answer_pages(run);
    run.sync();
}

fn list_rooms(run: &mut Run, server: &Server) {
    let last = server.messages.iter().flatten().next_back().unwrap().clone();
    let rooms = vec![room_on(server.can, "r1", "Alice Archer", &["alice"], last)];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
}

/// Stores the server's messages in a first run of the program.
fn store(disk: &Disk, server: &Server) {
    let mut run = disk.start_loaded();
    go_online(&mut run, server);
    for message in server.messages.iter().flatten() {
        run.story.server(ServerEvent::Message(message.clone()));
    }
    run.wait(1_000);
    run.quit();
}

fn start(disk: &Disk, can: Capabilities) -> (Run, Server) {
    let server = Server::new(can);
    store(disk, &server);
    let mut run = disk.start_loaded();
    go_online(&mut run, &server);
    (run, server)
}

/// Scrolls up until the message `n` is loaded.
fn scroll_to(run: &mut Run, n: usize) {
    let is_loaded = |run: &Run| {
        let oldest = run.story.state.scene().open_room().and_then(Room::oldest_id);
        oldest.is_some_and(|oldest| oldest.as_str() <= format!("x{n:03}").as_str())
    };
    for _ in 0..30 {
        if is_loaded(run) {
            return;
        }
        run.story.keys("pageup");
        run.sync();
    }
    panic!("it is not loaded:\n{}", run.story.screen());
}

/// Fails unless all loaded messages and search results are as the server has them.
fn check(run: &Run, server: &Server) {
    let account = run.story.state.account();
    let timeline = &account.rooms.get(&room_id("r1")).expect("the room").timeline;
    for (n, expected) in server.messages.iter().enumerate() {
        let id = message_id(&format!("x{n:03}"));
        let shown = timeline.find(&id).map(|slot| timeline.get(slot));
        if let Some(shown) = shown {
            let expected = expected.as_ref().map(|message| (&message.text, message.deleted));
            assert_eq!(Some((&shown.text, shown.deleted)), expected, "{n}");
        }
    }
    if let Some(Overlay::Search(search)) = &run.story.state.ui.overlay {
        for result in &search.results {
            let n: usize = result.message.as_str()[1..].parse().unwrap();
            let text = server.messages[n].as_ref().map(|message| message.text.to_string());
            assert_eq!(Some(&result.line), text.as_ref(), "{n}");
        }
    }
}

/// Regression test: the old text was shown until a page of the server replaced it.
#[test]
fn history_read_before_a_change_is_corrected() {
    for can in [MINCHAT, VCHAT] {
        for change in CHANGES {
            let disk = Disk::new();
            let (mut run, mut server) = start(&disk, can);
            while !run.let_store_answer() {
                run.story.keys("pageup");
            }
            let event = server.change(130, change).expect("a message");
            run.story.server(event);
            run.sync();
            scroll_to(&mut run, 110);
            check(&run, &server);
            run.kill();
            let mut run = disk.start_loaded();
            scroll_to(&mut run, 110);
            check(&run, &server);
        }
    }
}

/// Regression test: a change that had not been written when the store was queried was missing in the answer.
#[test]
fn change_is_written_before_the_store_is_queried() {
    for can in [MINCHAT, VCHAT] {
        for change in CHANGES {
            let disk = Disk::new();
            let (mut run, mut server) = start(&disk, can);
            let event = server.change(130, change).expect("a message");
            run.story.server(event);
            scroll_to(&mut run, 110);
            check(&run, &server);
        }
    }
}

/// Regression test: a loaded message was removed, and the store still had it when it was queried for those before.
#[test]
fn removal_is_written_before_the_store_is_queried() {
    let disk = Disk::new();
    let (mut run, mut server) = start(&disk, VCHAT);
    let removal = server.change(COUNT - 50, Change::DeleteForMe).expect("the oldest loaded message");
    run.story.server(removal);
    run.story.keys("pageup");
    run.sync();
    check(&run, &server);
}

/// Regression test: a deleted text was listed until the search was repeated.
#[test]
fn results_read_before_a_change_are_corrected() {
    for can in [MINCHAT, VCHAT] {
        for change in CHANGES {
            let disk = Disk::new();
            let (mut run, mut server) = start(&disk, can);
            run.story.keys("ctrl+f");
            for c in "line 1".chars() {
                run.story.types(&c.to_string());
                run.sync();
            }
            run.story.types("3");
            assert!(run.let_store_answer(), "a query");
            let event = server.change(130, change).expect("a message");
            run.story.server(event);
            while run.handle_late_answer() {}
            run.story.lacks("line 130.").shows("line 131.");
            check(&run, &server);
            run.sync();
            run.wait(2_000);
            run.story.lacks("line 130.").shows("line 131.");
            check(&run, &server);
        }
    }
}

/// Regression test: what had changed before the stored data was loaded was shown with its old text.
#[test]
fn stored_data_read_before_a_change_is_corrected() {
    for can in [MINCHAT, VCHAT] {
        for is_listed in [true, false] {
            for change in CHANGES {
                let disk = Disk::new();
                let mut server = Server::new(can);
                store(&disk, &server);
                let mut run = disk.start();
                run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
                run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
                if is_listed {
                    list_rooms(&mut run, &server);
                }
                for n in [COUNT - 1, COUNT - 2] {
                    let event = server.change(n, change).expect("a message");
                    run.story.server(event);
                }
                run.handle_answer();
                run.story.lacks("line 198.").lacks("line 199.").shows("line 197.");
                check(&run, &server);
            }
        }
    }
}

/// A step of a story.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A message changes on the server, and the event arrives.
    Change(usize, Change),
    Keys(&'static str),
    /// The user types into the search.
    Types(&'static str),
    /// The store reads what it was asked for.
    Read,
    /// An answer of the store arrives.
    Answer,
    /// The server answers requests for pages.
    Page,
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        3 => (0..4_u8).prop_map(Change::Edit),
        1 => Just(Change::Delete),
        1 => Just(Change::DeleteForMe),
    ];
    let keys = prop::sample::select(vec!["pageup", "pageup", "ctrl+f", "esc", "pagedown", "backspace"]);
    prop_oneof![
        4 => (60..COUNT, change).prop_map(|(n, change)| Step::Change(n, change)),
        6 => keys.prop_map(Step::Keys),
        1 => prop::sample::select(vec!["line 1", "text", "of 1"]).prop_map(Step::Types),
        4 => Just(Step::Read),
        4 => Just(Step::Answer),
        1 => Just(Step::Page),
        1 => (1..1_500_u16).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn old_answers_undo_no_event(vchat: bool, steps in prop::collection::vec(step(), 1..50)) {
        let disk = Disk::new();
        let (mut run, mut server) = start(&disk, if vchat { VCHAT } else { MINCHAT });
        for step in steps {
            match step {
                Step::Change(n, change) => {
                    if let Some(event) = server.change(n, change) {
                        run.story.server(event);
                    }
                }
                Step::Keys(keys) => drop(run.story.keys(keys)),
                Step::Types(text) => {
                    if matches!(run.story.state.ui.overlay, Some(Overlay::Search(_))) {
                        run.story.types(text);
                    }
                }
                Step::Read => drop(run.let_store_answer()),
                Step::Answer => drop(run.handle_late_answer()),
                Step::Page => server.answer_pages(&mut run),
                Step::Wait(millis) => drop(run.story.wait(millis.into())),
            }
        }
        run.sync();
        run.wait(2_000);
        check(&run, &server);
        run.kill();
        let mut run = disk.start_loaded();
        for _ in 0..3 {
            run.story.keys("pageup");
            run.sync();
        }
        check(&run, &server);
    }
}

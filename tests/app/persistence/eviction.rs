//! Eviction from memory: it changes neither what is on screen nor what can be reached.

use minchat_tui::domain::{MessageInfo, Request, ServerEvent};
use proptest::prelude::*;
use test_support::story::*;

use super::disk::{Disk, Run};
use super::drafts::chat;

/// A budget for about 90 messages.
const SMALL: usize = 20_000;

const PAGE: usize = 25;

/// A step of a story.
#[derive(Debug, Clone)]
enum Step {
    /// Alice writes messages.
    Live(u8),
    /// Alice writes messages while events are lost.
    Missed(u8),
    /// The user presses keys.
    Keys(&'static str),
    /// Time passes, so that changes are stored.
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec!["pageup", "pagedown", "ctrl+end", "ctrl+up", "esc"]);
    prop_oneof![
        4 => (1..80_u8).prop_map(Step::Live),
        1 => (1..60_u8).prop_map(Step::Missed),
        6 => keys.prop_map(Step::Keys),
        2 => (0..1_000_u16).prop_map(Step::Wait),
    ]
}

/// A run of the program with a store, and the messages that the server has.
struct Client {
    run: Run,
    messages: Vec<MessageInfo>,
    _disk: Disk,
}

impl Client {
    fn new(message_bytes: usize) -> Self {
        let disk = Disk::new();
        let mut run = chat(&disk);
        run.story.state.options.message_bytes = message_bytes;
        run.story.effects.clear();
        let first = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
        let messages = first.map(|(id, author, text, at)| seen(message(id, author, text, at))).to_vec();
        Self { run, messages, _disk: disk }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Live(count) => {
                for _ in 0..*count {
                    let message = self.post();
                    self.run.story.server(ServerEvent::Message(message));
                }
            }
            Step::Missed(count) => {
                (0..*count).for_each(|_| drop(self.post()));
                self.run.story.server(ServerEvent::EventsLost);
            }
            Step::Keys(keys) => drop(self.run.story.keys(keys)),
            Step::Wait(millis) => drop(self.run.wait((*millis).into())),
        }
        self.settle();
    }

    fn post(&mut self) -> MessageInfo {
        let number = i64::try_from(self.messages.len()).unwrap();
        let message = seen(message(&format!("x{number:05}"), "alice", &format!("line {number}"), number * 10));
        self.messages.push(message.clone());
        message
    }

    /// Answers everything that the program asks the store and the server.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            self.run.sync();
            let pages: Vec<u32> = self.run.story.requests().into_iter().filter_map(newest_first).collect();
            if pages.is_empty() {
                return;
            }
            for page in pages {
                let end = self.messages.len().saturating_sub(PAGE * (page as usize - 1));
                let messages = self.messages[end.saturating_sub(PAGE)..end].to_vec();
                let pages = u32::try_from(self.messages.len().div_ceil(PAGE)).unwrap();
                self.run.story.history("r1", page, pages, messages);
            }
        }
        panic!("it asks for pages without end");
    }

    fn loaded(&self) -> Vec<String> {
        let room = self.run.story.state.scene().open_room().expect("an open room");
        let ids = room.timeline.iter().filter_map(|(_, message)| message.id.as_ref());
        ids.map(|id| id.as_str().to_owned()).collect()
    }

    /// The messages on screen, without the status line.
    fn pane(&self) -> String {
        let pane = self.run.story.pane();
        let rows: Vec<&str> = pane.lines().collect();
        rows[..rows.len() - 1].join("\n")
    }
}

/// The number of the page of Alice's chat that a request asks for.
fn newest_first(request: Request) -> Option<u32> {
    match request {
        Request::History { room, page, .. } if room == room_id("r1") => Some(page),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// The same story, with everything in memory and with a budget for less than a hundred messages.
    #[test]
    fn eviction_changes_nothing_on_screen(steps in prop::collection::vec(step(), 1..25)) {
        let (mut all, mut few) = (Client::new(usize::MAX), Client::new(SMALL));
        for (index, step) in steps.iter().enumerate() {
            all.take(step);
            few.take(step);
            prop_assert_eq!(all.pane(), few.pane(), "after step {} of {:?}", index, &steps);
            let loaded = few.loaded();
            prop_assert!(all.loaded().ends_with(&loaded), "after step {}: {:?}", index, loaded);
        }
        few.take(&Step::Keys("esc"));
        few.take(&Step::Keys("ctrl+end"));
        few.take(&Step::Live(1));
        prop_assert!(few.loaded().len() < 150, "{}", few.loaded().len());
    }
}

#[test]
fn evicted_messages_return_when_the_user_scrolls_up() {
    let mut client = Client::new(SMALL);
    client.take(&Step::Live(250));
    client.take(&Step::Wait(1_000));
    client.take(&Step::Live(250));
    assert!(client.loaded().len() < 150, "{}", client.loaded().len());
    for _ in 0..60 {
        client.take(&Step::Keys("pageup"));
    }
    assert_eq!(client.loaded().len(), 502);
    client.run.story.shows("Hello Alice");
}

#[test]
fn selection_survives_eviction() {
    let mut client = Client::new(SMALL);
    client.take(&Step::Live(60));
    client.take(&Step::Keys("ctrl+up"));
    let selected = client.run.story.state.ui.selected();
    client.take(&Step::Live(200));
    assert!(selected.is_some() && client.run.story.state.ui.selected() == selected);
    client.take(&Step::Keys("esc"));
    client.take(&Step::Live(1));
    assert!(client.loaded().len() < 150, "{}", client.loaded().len());
}

/// A burst that is evicted before it was stored leaves a gap in the store, and the server is asked.
#[test]
fn unstored_evicted_messages_come_from_the_server() {
    let mut client = Client::new(SMALL);
    for _ in 0..20 {
        client.take(&Step::Live(200));
    }
    for _ in 0..400 {
        client.take(&Step::Keys("pageup"));
    }
    let expected: Vec<String> = client.messages.iter().map(|message| message.id.as_str().to_owned()).collect();
    assert_eq!(client.loaded(), expected);
}

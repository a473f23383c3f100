//! Properties of a server whose replies take time: it reads a page, and sends events before the page.

use std::collections::VecDeque;

use minchat_tui::app::Effect;
use minchat_tui::domain::{Capabilities, MessageId, MessageInfo, PageSerial, Request, ServerEvent};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::*;

/// A step of a story.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The server takes an edit of a message, by its author or as a request of the user.
    Edit(usize, u8),
    /// The server takes a deletion.
    Delete(usize),
    /// The user deletes a message for themselves.
    DeleteForMe(usize),
    /// A message is sent.
    Post,
    /// The client requests the newest page.
    Reload,
    /// The server reads the page for the oldest request that it has not read yet.
    Read,
    /// The next event arrives.
    Event,
    /// One of the pages that the server has read arrives.
    Page(usize),
    /// Time passes.
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..8_usize, 0..4_u8).prop_map(|(n, text)| Step::Edit(n, text)),
        2 => (0..8_usize).prop_map(Step::Delete),
        1 => (0..8_usize).prop_map(Step::DeleteForMe),
        1 => Just(Step::Post),
        3 => Just(Step::Reload),
        4 => Just(Step::Read),
        6 => Just(Step::Event),
        4 => (0..3_usize).prop_map(Step::Page),
        1 => (1..3_000_u16).prop_map(Step::Wait),
    ]
}

type PageRequest = (PageSerial, u32, Option<MessageId>);

/// A client, and a server with what is on its way to the client.
struct Service {
    story: Story,
    can: Capabilities,
    messages: Vec<MessageInfo>,
    removed: Vec<MessageId>,
    events: VecDeque<ServerEvent>,
    requests: VecDeque<PageRequest>,
    pages: VecDeque<ServerEvent>,
}

impl Service {
    fn new(can: Capabilities) -> Self {
        let known = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
        let older = (0..4).map(|n| seen(message(&format!("old{n}"), "alice", &format!("old {n}"), n - 900_000)));
        let messages = older.chain(known.map(|(id, author, text, at)| seen(message(id, author, text, at)))).collect();
        Self {
            story: Story::chat_on(can, 90, 24),
            can,
            messages,
            removed: Vec::new(),
            events: VecDeque::new(),
            requests: VecDeque::new(),
            pages: VecDeque::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(n, text) => {
                let n = n % self.messages.len();
                let message = &mut self.messages[n];
                if message.deleted {
                    return;
                }
                message.text = SafeText::block(&format!("text {text} of {n}"));
                self.events.push_back(if message.author == person_id("me") {
                    ServerEvent::Done(Request::Edit { message: message.id.clone(), text: message.text.editable() })
                } else {
                    ServerEvent::Edited(message.clone())
                });
            }
            Step::Delete(n) => {
                let n = n % self.messages.len();
                let message = &mut self.messages[n];
                message.delete();
                let (room, author, message) = (message.room.clone(), message.author.clone(), message.id.clone());
                self.events.push_back(if self.can == MINCHAT {
                    ServerEvent::Deleted(message)
                } else {
                    ServerEvent::Revoked { room, message, author }
                });
            }
            Step::DeleteForMe(n) => {
                let message = self.messages[n % self.messages.len()].id.clone();
                self.removed.push(message.clone());
                self.events.push_back(ServerEvent::Done(Request::DeleteForMe { room: room_id("r1"), message }));
            }
            Step::Post => {
                let n = i64::try_from(self.messages.len()).unwrap();
                let message = seen(message(&format!("new{n}"), "alice", &format!("new {n}"), n - 30_000));
                self.messages.push(message.clone());
                self.events.push_back(ServerEvent::Message(message));
            }
            Step::Reload => drop(self.story.server(ServerEvent::EventsLost)),
            Step::Read => {
                if let Some(request) = self.requests.pop_front() {
                    let page = self.read(request);
                    self.pages.push_back(page);
                }
            }
            Step::Event => {
                if let Some(event) = self.events.pop_front() {
                    self.story.server(event);
                }
            }
            Step::Page(n) => {
                if let Some(page) = self.pages.remove(n % self.pages.len().max(1)) {
                    self.story.server(page);
                }
            }
            Step::Wait(millis) => drop(self.story.wait(millis.into())),
        }
        let requests = std::mem::take(&mut self.story.effects).into_iter().filter_map(|effect| match effect {
            Effect::Request(_, Request::History { serial, page, before, .. }) => Some((serial, page, before)),
            _ => None,
        });
        self.requests.extend(requests);
    }

    /// Reads a page as it is now.
    fn read(&self, (serial, page, before): PageRequest) -> ServerEvent {
        let end = before.and_then(|before| self.messages.iter().position(|message| message.id == before));
        let messages = self.messages[..end.unwrap_or(self.messages.len())].iter().cloned();
        let messages = messages.filter(|message| !self.removed.contains(&message.id));
        let messages = messages.filter(|message| !message.deleted || self.can != MINCHAT).collect();
        ServerEvent::History { room: room_id("r1"), serial, page, pages: page, total: None, messages }
    }

    /// Delivers everything that is on its way.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            let nothing = self.requests.is_empty() && self.pages.is_empty() && self.events.is_empty();
            if nothing {
                return;
            }
            self.take(Step::Event);
            self.take(Step::Page(0));
            self.take(Step::Read);
        }
        panic!("it requests pages without end");
    }

    /// Fails unless the client shows what the server has.
    fn check(&self) {
        let timeline = &self.story.state.account().rooms.get(&room_id("r1")).unwrap().timeline;
        for expected in &self.messages {
            let shown = timeline.find(&expected.id).map(|slot| timeline.get(slot));
            if self.removed.contains(&expected.id) {
                assert!(shown.is_none(), "{expected:?} was removed, but {shown:?} is shown");
            } else if let Some(shown) = shown {
                assert_eq!(
                    (&shown.text, shown.deleted),
                    (&expected.text, expected.deleted),
                    "{}",
                    expected.id.as_str()
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn old_pages_undo_no_event(vchat: bool, steps in prop::collection::vec(step(), 1..60)) {
        let mut service = Service::new(if vchat { VCHAT } else { MINCHAT });
        steps.into_iter().for_each(|step| service.take(step));
        service.settle();
        service.check();
    }
}

//! Nothing lost, nothing doubled: random stories against a little server and a little disk, with answers that get lost,
//! pages that come late, and crashes.

use std::collections::{HashMap, HashSet, VecDeque};

use minchat_tui::app::{Effect, Event};
use minchat_tui::app::{Stage, Uncertain};
use minchat_tui::domain::{
    AccountId, Capabilities, ConnectionStatus, Content, Delivery, Failure, LocalId, Membership, MessageId, MessageInfo,
    Request, RoomInfo, ServerEvent,
};
use minchat_tui::store::{Entry, OutboxPayload, OutboxWrite};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::*;

/// How a server treats what names its send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It returns it, and refuses a second copy.
    Unique,
    /// It returns it.
    Returns,
    /// It does not know it.
    Forgets,
    /// It does not know it, and its answer names nothing at all.
    Bare,
}

impl Kind {
    fn returns_locals(self) -> bool {
        matches!(self, Self::Unique | Self::Returns)
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Write(bool),
    /// The newest line is taken back, if it can be, and never sent.
    TakeBack,
    Disk(u8),
    /// The server takes a send, and has not answered yet.
    Store(u8),
    Answer(u8, Answer),
    Page(u8, bool),
    Echo(u8),
    Down,
    Up,
    Wait(u16),
    Crash(u8, u8),
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Accepted,
    LostAfterwards,
    LostBefore,
    NotSent,
    Later,
    Refused,
}

fn step() -> impl Strategy<Value = Step> {
    let answer = prop::sample::select(vec![
        Answer::Accepted,
        Answer::Accepted,
        Answer::Accepted,
        Answer::LostAfterwards,
        Answer::LostAfterwards,
        Answer::LostBefore,
        Answer::NotSent,
        Answer::Later,
        Answer::Refused,
    ]);
    prop_oneof![
        4 => any::<bool>().prop_map(Step::Write),
        2 => Just(Step::TakeBack),
        6 => (1..6u8).prop_map(Step::Disk),
        1 => any::<u8>().prop_map(Step::Store),
        6 => (any::<u8>(), answer).prop_map(|(n, answer)| Step::Answer(n, answer)),
        4 => (any::<u8>(), any::<bool>()).prop_map(|(n, stale)| Step::Page(n, stale)),
        1 => any::<u8>().prop_map(Step::Echo),
        1 => Just(Step::Down),
        2 => Just(Step::Up),
        3 => (1..4_000u16).prop_map(Step::Wait),
        1 => (any::<u8>(), 0..4u8).prop_map(|(bits, writes)| Step::Crash(bits, writes)),
    ]
}

/// A page that was asked for: what there was then.
struct Asked {
    room: String,
    page: u32,
    then: (u32, Vec<MessageInfo>),
    request: Request,
}

struct World {
    kind: Kind,
    can: Capabilities,
    story: Story,
    /// What each room has, in order.
    server: HashMap<String, Vec<MessageInfo>>,
    ids: u32,
    sends: Vec<Request>,
    pages: Vec<Asked>,
    writes: VecDeque<OutboxWrite>,
    disk: Vec<Entry>,
    /// What was written, in order, by room.
    written: HashMap<String, Vec<String>>,
    refused: HashSet<String>,
    /// It may be lost: the program ended before the disk had it.
    at_risk: HashSet<String>,
    /// It was taken back, on disk too.
    taken: HashSet<String>,
    /// The program ended before the disk had that.
    back: HashSet<String>,
    /// It was handed over.
    handed: HashSet<LocalId>,
    /// It was handed over while the disk hung, which therefore knows it as waiting.
    unnoted: HashSet<String>,
    count: u32,
    starts: u64,
}

fn text_of(content: &Content) -> &str {
    match content {
        Content::Text { text, .. } => text,
        _ => panic!("only texts are sent here"),
    }
}

impl World {
    fn new(kind: Kind) -> Self {
        let can = Capabilities { page_size: 5, ..if kind == Kind::Unique { VCHAT } else { MINCHAT } };
        let mut world = Self {
            kind,
            can,
            story: Story::new(60, 12),
            server: HashMap::new(),
            ids: 0,
            sends: Vec::new(),
            pages: Vec::new(),
            writes: VecDeque::new(),
            disk: Vec::new(),
            written: HashMap::new(),
            refused: HashSet::new(),
            at_risk: HashSet::new(),
            taken: HashSet::new(),
            back: HashSet::new(),
            handed: HashSet::new(),
            unnoted: HashSet::new(),
            count: 0,
            starts: 1_000,
        };
        world.story.store_answers = false;
        world.start();
        world
    }

    fn start(&mut self) {
        let event = ServerEvent::SignedIn { me: me(), capabilities: self.can };
        self.says(event);
        self.says(ServerEvent::Connection(ConnectionStatus::Online));
    }

    fn says(&mut self, event: ServerEvent) {
        self.story.server(event);
        self.collect();
    }

    /// Takes what the program wants; what is of no interest here is answered at once.
    fn collect(&mut self) {
        loop {
            self.writes.extend(std::mem::take(&mut self.story.outbox_writes));
            let effects = std::mem::take(&mut self.story.effects);
            let mut answers = Vec::new();
            for effect in effects {
                let Effect::Request(_, request) = effect else { continue };
                match &request {
                    Request::Send { local, .. } => {
                        self.handed.insert(*local);
                        self.sends.push(request);
                    }
                    Request::History { room, page, before } => {
                        let then = self.page(room.as_str(), *page, before.as_ref().map(MessageId::as_str));
                        self.pages.push(Asked { room: room.as_str().to_owned(), page: *page, then, request });
                    }
                    Request::Rooms { .. } => {
                        let rooms = self.rooms();
                        answers.push(ServerEvent::Rooms { page: 1, pages: 1, rooms });
                    }
                    Request::Membership { room, .. } => {
                        answers.push(ServerEvent::Membership { room: room.clone(), membership: Membership::default() });
                    }
                    _ => {}
                }
            }
            if answers.is_empty() {
                return;
            }
            for answer in answers {
                self.story.server(answer);
            }
        }
    }

    fn rooms(&self) -> Vec<RoomInfo> {
        let room = |id: &str, who: &str| {
            let last = self.server.get(id).and_then(|room| room.last()).cloned();
            RoomInfo { last_message: last, ..room_on(self.can, id, name_of(who), &[who], message("x", who, "x", -9)) }
        };
        vec![room("r1", "alice"), room("r2", "bob")]
    }

    fn page(&self, room: &str, page: u32, before: Option<&str>) -> (u32, Vec<MessageInfo>) {
        let all = self.server.get(room).map(Vec::as_slice).unwrap_or_default();
        let size = self.can.page_size as usize;
        if self.kind == Kind::Unique {
            let end = before.and_then(|id| all.iter().position(|info| info.id.as_str() == id)).unwrap_or(all.len());
            let start = end.saturating_sub(size);
            let pages = if start == 0 { page } else { page + 1 };
            return (pages, all[start..end].to_vec());
        }
        let end = all.len().saturating_sub(size * (page as usize - 1));
        (all.len().div_ceil(size).max(1) as u32, all[end.saturating_sub(size)..end].to_vec())
    }

    /// The server takes a send; `None`: it has it already, and says so.
    fn store(&mut self, request: &Request) -> Option<MessageInfo> {
        let Request::Send { room, local, content } = request else { panic!("{request:?}") };
        let stored = self.server.entry(room.as_str().to_owned()).or_default();
        if self.kind == Kind::Unique && stored.iter().any(|info| info.local == Some(*local)) {
            return None;
        }
        self.ids += 1;
        let at = self.story.now - BEGIN + i64::from(self.ids);
        let info = in_room(room.as_str(), message(&format!("s{}", self.ids), "me", text_of(content), at));
        let local = self.kind.returns_locals().then_some(*local);
        let info = MessageInfo { local, author_info: None, ..info };
        stored.push(info.clone());
        Some(info)
    }

    fn has(&self, request: &Request) -> Option<MessageInfo> {
        let Request::Send { room, content, .. } = request else { panic!("{request:?}") };
        let stored = self.server.get(room.as_str())?;
        stored.iter().rev().find(|info| *info.text == *text_of(content)).cloned()
    }

    fn answer(&mut self, request: &Request, answer: Answer, stored: bool) {
        let Request::Send { room, local, content } = request.clone() else { panic!("{request:?}") };
        let failed = |failure| ServerEvent::Failed { request: request.clone(), failure, reason: SafeText::line("No.") };
        // What it has stored before it answers is neither refused nor unsent.
        let answer = if stored && !matches!(answer, Answer::LostAfterwards) { Answer::Accepted } else { answer };
        let event = match answer {
            Answer::Accepted => match if stored { self.has(request) } else { self.store(request) } {
                Some(_) if self.kind == Kind::Bare => ServerEvent::Accepted { room, local, id: None, message: None },
                Some(info) => {
                    ServerEvent::Accepted { room, local, id: Some(info.id.clone()), message: Some(Box::new(info)) }
                }
                None => ServerEvent::Duplicate { room, local },
            },
            Answer::LostAfterwards => {
                if !stored {
                    self.store(request);
                }
                failed(Failure::Uncertain)
            }
            Answer::LostBefore => failed(Failure::Uncertain),
            Answer::NotSent => failed(Failure::NotSent),
            Answer::Later => failed(Failure::Later),
            Answer::Refused => {
                let text = text_of(&content).to_owned();
                if self.server.get(room.as_str()).is_none_or(|all| all.iter().all(|info| *info.text != *text)) {
                    self.refused.insert(text);
                    failed(Failure::Refused)
                } else {
                    failed(Failure::Uncertain)
                }
            }
        };
        self.says(event);
    }

    fn write_to_disk(&mut self) -> bool {
        let Some(write) = self.writes.pop_front() else { return false };
        let answer = store_answer(&write);
        match write {
            OutboxWrite::Put(entry) => self.disk.push(entry),
            OutboxWrite::Mark { local, stage, attempts } => {
                if let Some(entry) = self.disk.iter_mut().find(|entry| entry.local == local) {
                    (entry.stage, entry.attempts) = (stage, attempts);
                }
            }
            OutboxWrite::Remove(local) => self.disk.retain(|entry| entry.local != local),
        }
        self.story.event(Event::Store(AccountId(0), answer));
        self.collect();
        true
    }

    fn take_page(&mut self, at: usize, stale: bool) {
        let Asked { room, page, then, request } = self.pages.remove(at);
        let Request::History { before, .. } = request else { panic!("a page") };
        let (pages, messages) =
            if stale { then } else { self.page(&room, page, before.as_ref().map(MessageId::as_str)) };
        self.says(ServerEvent::History { room: room_id(&room), page, pages, messages });
    }

    fn take(&mut self, step: Step, stored: &mut HashSet<LocalId>) {
        let local_of = |request: &Request| match request {
            Request::Send { local, .. } => *local,
            _ => panic!("a send"),
        };
        match step {
            Step::Write(other) => {
                if self.count >= 20 {
                    return;
                }
                if other {
                    self.story.keys("alt+down");
                }
                let Some(room) = self.story.state.ui.open.clone() else { return };
                self.count += 1;
                let text = format!("text {}.", self.count);
                self.story.event(Event::Paste(text.clone()));
                self.story.keys("enter");
                self.written.entry(room.as_str().to_owned()).or_default().push(text);
                self.collect();
            }
            Step::TakeBack => {
                self.story.keys("up");
                let composer = &self.story.state.ui.composer;
                if composer.editing.is_none() && !composer.is_empty() {
                    self.taken.insert(composer.text());
                }
                self.story.keys("ctrl+u esc");
                self.collect();
            }
            Step::Disk(count) => {
                for _ in 0..count {
                    self.write_to_disk();
                }
            }
            Step::Store(n) => {
                if let Some(request) = self.sends.get(usize::from(n) % self.sends.len().max(1)).cloned()
                    && stored.insert(local_of(&request))
                {
                    self.store(&request);
                }
            }
            Step::Answer(n, answer) => {
                if !self.sends.is_empty() {
                    let request = self.sends.remove(usize::from(n) % self.sends.len());
                    let was_stored = stored.remove(&local_of(&request));
                    self.answer(&request, answer, was_stored);
                }
            }
            Step::Page(n, stale) => {
                if !self.pages.is_empty() {
                    self.take_page(usize::from(n) % self.pages.len(), stale);
                }
            }
            Step::Echo(n) => {
                let all: Vec<_> = self.server.values().flatten().cloned().collect();
                // Where sends are not named, what says the same cannot be told from what was sent before.
                if let Some(info) = all.get(usize::from(n) % all.len().max(1)) {
                    self.says(ServerEvent::Message(info.clone()));
                }
            }
            Step::Down => {
                let reason = SafeText::line("The network is down.");
                self.says(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 3_000, reason }));
            }
            Step::Up => self.says(ServerEvent::Connection(ConnectionStatus::Online)),
            Step::Wait(millis) => {
                self.story.wait(millis.into());
                self.collect();
            }
            Step::Crash(bits, writes) => {
                // The store is another thread: it may get some further.
                for _ in 0..writes {
                    self.write_to_disk();
                }
                self.crash(bits, stored);
            }
        }
    }

    fn crash(&mut self, bits: u8, stored: &mut HashSet<LocalId>) {
        for (n, request) in std::mem::take(&mut self.sends).into_iter().enumerate() {
            let Request::Send { local, .. } = &request else { panic!("a send") };
            if !stored.contains(local) && bits >> (n % 8) & 1 == 1 {
                self.store(&request);
            }
        }
        stored.clear();
        let text = |entry: &Entry| match &entry.what {
            OutboxPayload::Send(content) => text_of(content).to_owned(),
            _ => panic!("only texts are sent here"),
        };
        for entry in &self.disk {
            // What the disk was not told of before the end is as it was: waiting, and no draft. While the disk hung, what
            // was written after it may have gone out before it.
            if self.taken.remove(&text(entry)) {
                self.back.insert(text(entry));
            }
            if entry.attempts == 0 && self.handed.contains(&entry.local) {
                self.unnoted.insert(text(entry));
            }
        }
        let unwritten = self.writes.iter().filter_map(|write| match write {
            OutboxWrite::Put(entry) => Some(entry),
            _ => None,
        });
        self.at_risk.extend(unwritten.map(text));
        self.writes.clear();
        self.pages.clear();
        // No two runs of the program draw the same identities.
        self.starts += 1;
        let now = self.story.now;
        self.story = Story::new(60, 12);
        self.story.store_answers = false;
        self.story.now = now;
        self.story.state.now = now;
        self.story.state.rng = fastrand::Rng::with_seed(self.starts);
        let mut effects = Vec::new();
        self.story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, self.disk.clone()));
        assert!(effects.is_empty(), "nothing is known yet: {effects:?}");
        self.start();
    }

    /// Everything is answered, until nothing happens any more.
    fn settle(&mut self, stored: &mut HashSet<LocalId>) {
        self.says(ServerEvent::Connection(ConnectionStatus::Online));
        for _ in 0..120 {
            while self.write_to_disk() {}
            let mut pages = 0;
            while !self.pages.is_empty() {
                self.take_page(0, false);
                pages += 1;
                assert!(pages < 1_000, "it asks for pages without end");
            }
            for request in std::mem::take(&mut self.sends) {
                let Request::Send { local, .. } = &request else { panic!("a send") };
                let was_stored = stored.remove(local);
                self.answer(&request, Answer::Accepted, was_stored);
            }
            let waits = |stage: &Stage| !matches!(stage, Stage::Failed(_) | Stage::Uncertain(Uncertain::NeedsUser));
            let busy = self.story.state.account().outbox.iter().any(|entry| waits(&entry.stage));
            if !busy && self.writes.is_empty() && self.pages.is_empty() && self.sends.is_empty() {
                return;
            }
            self.story.wait(1_000);
            self.collect();
        }
        panic!("it does not come to rest: {:?}", self.story.state.account().outbox);
    }

    fn check(&self) {
        let state = &self.story.state;
        for (room, texts) in &self.written {
            let empty = Vec::new();
            let there: Vec<&str> = self.server.get(room).unwrap_or(&empty).iter().map(|info| &*info.text).collect();
            let once: HashSet<&str> = there.iter().copied().collect();
            assert_eq!(once.len(), there.len(), "doubled in {room}: {there:?}");
            // What was refused may be sent after all, and later than others, when the disk never heard of that.
            let wanted = texts.iter().map(String::as_str);
            let in_order = |text: &&str| !self.refused.contains(*text) && !self.back.contains(*text);
            let wanted = wanted.filter(|text| there.contains(text) && in_order(text));
            let came = there.iter().copied().filter(in_order);
            // What waits for the user's word holds nobody up, and may come later than what was written after it.
            assert!(!self.kind.returns_locals() || came.eq(wanted), "in {room}: {there:?} of {texts:?}");
            let timeline = &state.account().rooms.get(&room_id(room)).expect("the room").timeline;
            for text in texts {
                let copies: Vec<_> = timeline.iter().filter(|(_, message)| *message.text == **text).collect();
                let asked = state.account().outbox.iter().any(|entry| {
                    let same = matches!(&entry.what, OutboxPayload::Send(content) if text_of(content) == text);
                    same && entry.stage == Stage::Uncertain(Uncertain::NeedsUser)
                });
                if asked {
                    assert!(!self.kind.returns_locals(), "{text} is asked about");
                    assert!(copies.iter().any(|(_, message)| message.delivery == Delivery::Uncertain));
                    continue;
                }
                if self.taken.contains(text) {
                    // The disk hung when that went out, and the program ended before the disk had it.
                    assert!(!there.contains(&text.as_str()) || self.unnoted.contains(text), "{text} was taken back");
                    continue;
                }
                let refused = self.refused.contains(text) && !there.contains(&text.as_str());
                if refused || self.at_risk.contains(text) {
                    continue;
                }
                assert!(there.contains(&text.as_str()), "{text} is lost");
                let sent = copies.iter().filter(|(_, message)| message.delivery >= Delivery::Sent).count();
                // An older page may not have been fetched anew.
                assert!(sent <= 1 && copies.len() == sent, "{text}: {copies:?}");
            }
        }
    }
}

fn tell(kind: Kind, steps: Vec<Step>) {
    let mut world = World::new(kind);
    let mut stored = HashSet::new();
    for step in steps {
        world.take(step, &mut stored);
    }
    world.settle(&mut stored);
    world.check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_send_arrives_once_where_second_copies_are_refused(steps in prop::collection::vec(step(), 1..80)) {
        tell(Kind::Unique, steps);
    }

    #[test]
    fn each_send_arrives_once_where_sends_are_named(steps in prop::collection::vec(step(), 1..80)) {
        tell(Kind::Returns, steps);
    }

    #[test]
    fn nothing_is_doubled_where_sends_are_not_named(steps in prop::collection::vec(step(), 1..80)) {
        tell(Kind::Forgets, steps);
    }

    #[test]
    fn nothing_is_doubled_where_answers_name_nothing(steps in prop::collection::vec(step(), 1..80)) {
        tell(Kind::Bare, steps);
    }
}

//! [`World`]: the program with a simulated server and a simulated store.

mod check;
mod edits;

use std::collections::{HashMap, HashSet, VecDeque};

use minchat_tui::app::{Effect, Event};
use minchat_tui::app::{OutboxStage, Uncertain};
use minchat_tui::domain::{
    AccountId, Capabilities, ConnectionStatus, Content, Failure, LocalId, Membership, MessageId, MessageInfo, Request,
    RoomInfo, ServerEvent, Timestamp,
};
use minchat_tui::store::{self, Entry, OutboxPayload, OutboxWrite};
use minchat_tui::text::SafeText;
use test_support::story::*;

use super::{Answer, LocalIds, Step};

/// Time that the server needs at most to process a send, in milliseconds.
const PROCESSING_TIME: i64 = 8_000;

/// A request for a page, with the messages of that page at the time of the request.
struct PageRequest {
    room: String,
    page: u32,
    messages_then: (u32, Vec<MessageInfo>),
    request: Request,
}

/// The program, the server and the store.
pub(super) struct World {
    local_ids: LocalIds,
    can: Capabilities,
    story: Story,
    /// Messages of each room on the server, in order.
    server: HashMap<String, Vec<MessageInfo>>,
    ids: u32,
    sends: Vec<Request>,
    /// When each send went out last.
    sent_at: HashMap<LocalId, Timestamp>,
    /// Sends that the server processes at the given time, although the client got no answer.
    late: Vec<(Timestamp, Request)>,
    pages: Vec<PageRequest>,
    writes: VecDeque<OutboxWrite>,
    disk: Vec<Entry>,
    /// Texts that were sent in each room, in the order of Enter.
    entered: HashMap<String, Vec<String>>,
    refused: HashSet<String>,
    /// Texts that may be lost, because the program ended before the store had them.
    at_risk: HashSet<String>,
    /// Texts that were cancelled and removed from the store.
    cancelled: HashSet<String>,
    /// Texts that were cancelled, but are back because the program ended before the store had removed them.
    restored: HashSet<String>,
    /// Sends that went out.
    sent: HashSet<LocalId>,
    /// Texts that went out while the disk hung, so that the store has them as queued.
    not_marked: HashSet<String>,
    /// Failed messages that went out again while the disk hung, so that the store has them as failed. Who edits one then
    /// sends it a second time.
    not_retried: HashSet<LocalId>,
    /// All texts of each edited message, from the oldest to the present one.
    versions: HashMap<LocalId, Vec<String>>,
    count: u32,
    starts: u64,
}

fn text_of(content: &Content) -> &str {
    match content {
        Content::Text { text, .. } => text,
        _ => panic!("a send that is not text"),
    }
}

impl World {
    pub(super) fn new(local_ids: LocalIds) -> Self {
        let mut can = if local_ids == LocalIds::Unique { VCHAT } else { MINCHAT };
        can.paging.size = 5;
        let mut world = Self {
            local_ids,
            can,
            story: Story::new(60, 12),
            server: HashMap::new(),
            ids: 0,
            sends: Vec::new(),
            sent_at: HashMap::new(),
            late: Vec::new(),
            pages: Vec::new(),
            writes: VecDeque::new(),
            disk: Vec::new(),
            entered: HashMap::new(),
            refused: HashSet::new(),
            at_risk: HashSet::new(),
            cancelled: HashSet::new(),
            restored: HashSet::new(),
            sent: HashSet::new(),
            not_marked: HashSet::new(),
            not_retried: HashSet::new(),
            versions: HashMap::new(),
            count: 0,
            starts: 1_000,
        };
        world.story.store_answers = false;
        world.start();
        world
    }

    /// Signs in and connects.
    fn start(&mut self) {
        let event = ServerEvent::SignedIn { me: me(), capabilities: self.can };
        self.server_event(event);
        self.server_event(ServerEvent::Connection(ConnectionStatus::Online));
    }

    /// Handles an event of the server.
    fn server_event(&mut self, event: ServerEvent) {
        self.story.server(event);
        self.collect();
    }

    /// Takes the program's requests and writes. Requests that do not matter here are answered immediately.
    fn collect(&mut self) {
        loop {
            self.writes.extend(std::mem::take(&mut self.story.outbox_writes));
            let effects = std::mem::take(&mut self.story.effects);
            let mut answers = Vec::new();
            for effect in effects {
                let Effect::Request(_, request) = effect else { continue };
                match &request {
                    Request::Send { local, .. } => {
                        self.sent.insert(*local);
                        self.sent_at.insert(*local, self.story.now);
                        self.sends.push(request);
                    }
                    Request::History { room, page, before, .. } => {
                        let messages_then = self.page(room.as_str(), *page, before.as_ref().map(MessageId::as_str));
                        self.pages.push(PageRequest {
                            room: room.as_str().to_owned(),
                            page: *page,
                            messages_then,
                            request,
                        });
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

    /// The room list of the server.
    fn rooms(&self) -> Vec<RoomInfo> {
        let room = |id: &str, who: &str| {
            let last = self.server.get(id).and_then(|room| room.last()).cloned();
            RoomInfo { last_message: last, ..room_on(self.can, id, name_of(who), &[who], message("x", who, "x", -9)) }
        };
        vec![room("r1", "alice"), room("r2", "bob")]
    }

    /// A page of a room and the number of pages.
    fn page(&self, room: &str, page: u32, before: Option<&str>) -> (u32, Vec<MessageInfo>) {
        let all = self.server.get(room).map(Vec::as_slice).unwrap_or_default();
        let size = self.can.paging.size as usize;
        if self.local_ids == LocalIds::Unique {
            let end = before.and_then(|id| all.iter().position(|info| info.id.as_str() == id)).unwrap_or(all.len());
            let start = end.saturating_sub(size);
            let pages = if start == 0 { page } else { page + 1 };
            return (pages, all[start..end].to_vec());
        }
        let end = all.len().saturating_sub(size * (page as usize - 1));
        (all.len().div_ceil(size).max(1) as u32, all[end.saturating_sub(size)..end].to_vec())
    }

    /// Stores a send on the server. `None` when the server refuses it as a duplicate.
    fn store(&mut self, request: &Request) -> Option<MessageInfo> {
        let Request::Send { room, local, content } = request else { panic!("{request:?}") };
        let stored = self.server.entry(room.as_str().to_owned()).or_default();
        if self.local_ids == LocalIds::Unique && stored.iter().any(|info| info.local == Some(*local)) {
            return None;
        }
        self.ids += 1;
        let at = self.story.now - BEGIN + i64::from(self.ids);
        let info = in_room(room.as_str(), message(&format!("s{}", self.ids), "me", text_of(content), at));
        let local = self.local_ids.echoes_local_ids().then_some(*local);
        let info = MessageInfo { local, author_info: None, ..info };
        stored.push(info.clone());
        Some(info)
    }

    /// Lets the server process a send at a later time, at most [`PROCESSING_TIME`] after it went out.
    fn store_later(&mut self, request: Request, eighths: u8) {
        let Request::Send { local, .. } = &request else { panic!("{request:?}") };
        let sent_at = self.sent_at.get(local).copied().unwrap_or(self.story.now);
        self.late.push((sent_at + PROCESSING_TIME * i64::from(eighths % 9) / 8, request));
        self.process_late();
    }

    /// Stores the sends whose time has come.
    fn process_late(&mut self) {
        let now = self.story.now;
        for (_, request) in self.late.extract_if(.., |(at, _)| *at <= now).collect::<Vec<_>>() {
            self.store(&request);
        }
    }

    /// The message on the server with the text of this send.
    fn find_sent(&self, request: &Request) -> Option<MessageInfo> {
        let Request::Send { room, content, .. } = request else { panic!("{request:?}") };
        let stored = self.server.get(room.as_str())?;
        stored.iter().rev().find(|info| *info.text == *text_of(content)).cloned()
    }

    /// Answers a send.
    fn answer(&mut self, request: &Request, answer: Answer, stored: bool) {
        let Request::Send { room, local, content } = request.clone() else { panic!("{request:?}") };
        let failed = |failure| ServerEvent::Failed { request: request.clone(), failure, reason: SafeText::line("No.") };
        // A send that is already stored is neither refused nor lost.
        let is_lost = matches!(answer, Answer::LostAfterwards | Answer::LostAndLate(_));
        let answer = if stored && !is_lost { Answer::Accepted } else { answer };
        let event = match answer {
            Answer::Accepted => match if stored { self.find_sent(request) } else { self.store(request) } {
                Some(_) if self.local_ids == LocalIds::IgnoresAndAnswersWithoutId => {
                    ServerEvent::Accepted { room, local, id: None, message: None }
                }
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
            Answer::LostAndLate(eighths) => {
                if !stored {
                    self.store_later(request.clone(), eighths);
                }
                failed(Failure::Uncertain)
            }
            Answer::NotSent => failed(Failure::NotSent),
            Answer::Later => failed(Failure::RetryLater),
            Answer::Refused => {
                let text = text_of(&content).to_owned();
                let is_late = self.late.iter().any(|(_, late)| late == request);
                let stored =
                    self.server.get(room.as_str()).is_some_and(|all| all.iter().any(|info| *info.text == *text));
                if !stored && !is_late {
                    self.refused.insert(text);
                    failed(Failure::Refused)
                } else {
                    failed(Failure::Uncertain)
                }
            }
        };
        self.server_event(event);
    }

    /// Completes the oldest write of the store; false when there is none.
    fn write_to_disk(&mut self) -> bool {
        let Some(write) = self.writes.pop_front() else { return false };
        let answer = store_answer(&write);
        match write {
            OutboxWrite::Put(entry) => match self.disk.iter_mut().find(|stored| stored.local == entry.local) {
                Some(stored) => *stored = entry,
                None => self.disk.push(entry),
            },
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

    /// Answers a request for a page, with its messages at the time of the request if `stale`.
    fn answer_page(&mut self, at: usize, stale: bool) {
        let PageRequest { room, page, messages_then, request } = self.pages.remove(at);
        let Request::History { serial, before, .. } = request else { panic!("a page") };
        let (pages, messages) =
            if stale { messages_then } else { self.page(&room, page, before.as_ref().map(MessageId::as_str)) };
        self.server_event(ServerEvent::History { room: room_id(&room), serial, page, pages, total: None, messages });
    }

    /// Runs a step.
    pub(super) fn step(&mut self, step: Step, stored: &mut HashSet<LocalId>) {
        let local_id = |request: &Request| match request {
            Request::Send { local, .. } => *local,
            _ => panic!("a send"),
        };
        self.process_late();
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
                self.entered.entry(room.as_str().to_owned()).or_default().push(text);
                self.collect();
            }
            Step::Cancel => {
                // Editing leaves it in the queue.
                self.story.keys("up ctrl+u esc tab x");
                let composer = &self.story.state.ui.composer;
                if composer.editing.is_none() && !composer.is_empty() {
                    self.cancelled.insert(composer.text().to_owned());
                }
                self.story.keys("esc ctrl+u esc");
                self.collect();
            }
            Step::Edit => self.edit(),
            Step::Disk(count) => {
                for _ in 0..count {
                    self.write_to_disk();
                }
            }
            Step::Store(n) => {
                if let Some(request) = self.sends.get(usize::from(n) % self.sends.len().max(1)).cloned()
                    && stored.insert(local_id(&request))
                {
                    self.store(&request);
                }
            }
            Step::Answer(n, answer) => {
                if !self.sends.is_empty() {
                    let request = self.sends.remove(usize::from(n) % self.sends.len());
                    let was_stored = stored.remove(&local_id(&request));
                    self.answer(&request, answer, was_stored);
                }
            }
            Step::Page(n, stale) => {
                if !self.pages.is_empty() {
                    self.answer_page(usize::from(n) % self.pages.len(), stale);
                }
            }
            Step::Echo(n) => {
                let all: Vec<_> = self.server.values().flatten().cloned().collect();
                // Without local ids, an echo of an equal text cannot be told from one of an earlier send.
                if let Some(info) = all.get(usize::from(n) % all.len().max(1)) {
                    self.server_event(ServerEvent::Message(info.clone()));
                }
            }
            Step::Disconnect => {
                let reason = SafeText::line("The network is down.");
                self.server_event(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 3_000, reason }));
            }
            Step::Connect => self.server_event(ServerEvent::Connection(ConnectionStatus::Online)),
            Step::Wait(millis) => {
                // In short steps, so that `sent_at` is close to the true times.
                for _ in 0..millis.div_ceil(500) {
                    self.story.wait(500);
                    self.process_late();
                    self.collect();
                }
            }
            Step::Crash(bits, writes) => {
                // The store is another thread, which may complete some more writes.
                for _ in 0..writes {
                    self.write_to_disk();
                }
                self.crash(bits, stored);
            }
        }
    }

    /// Kills the program and starts it again. `bits` decides which sends still reach the server, and how late.
    fn crash(&mut self, bits: u8, stored: &mut HashSet<LocalId>) {
        for (n, request) in std::mem::take(&mut self.sends).into_iter().enumerate() {
            let Request::Send { local, .. } = &request else { panic!("a send") };
            if !stored.contains(local) && bits >> (n % 8) & 1 == 1 {
                self.store_later(request, bits >> 4);
            }
        }
        stored.clear();
        // If the disk hung, it does not know that a send went out, and the client does not wait for that send.
        for (at, request) in &mut self.late {
            let Request::Send { local, .. } = request else { panic!("a send") };
            if !self.disk.iter().any(|entry| entry.local == *local && entry.attempts > 0) {
                *at = self.story.now;
            }
        }
        self.process_late();
        self.undo_edits();
        let text = |entry: &Entry| match &entry.payload {
            OutboxPayload::Send(content) => text_of(content).to_owned(),
            _ => panic!("an entry that is not text"),
        };
        for entry in &self.disk {
            // Changes that the store had not written are undone: a cancelled message is queued again. While the disk
            // hung, later messages may have been sent before this one.
            if self.cancelled.remove(&text(entry)) {
                self.restored.insert(text(entry));
            }
            if entry.attempts == 0 && self.sent.contains(&entry.local) {
                self.not_marked.insert(text(entry));
            }
        }
        let has_unwritten = |entry: &&Entry| {
            self.writes.iter().any(|write| match write {
                OutboxWrite::Put(Entry { local, .. })
                | OutboxWrite::Mark { local, .. }
                | OutboxWrite::Remove(local) => *local == entry.local,
            })
        };
        let failed = self.disk.iter().filter(|entry| matches!(entry.stage, store::StoredStage::Failed(_)));
        self.not_retried.extend(failed.filter(has_unwritten).map(|entry| entry.local));
        let unwritten = self.writes.iter().filter_map(|write| match write {
            OutboxWrite::Put(entry) => Some(entry),
            _ => None,
        });
        self.at_risk.extend(unwritten.map(text));
        self.writes.clear();
        self.pages.clear();
        // Each run of the program must draw other local ids.
        self.starts += 1;
        let now = self.story.now;
        self.story = Story::new(60, 12);
        self.story.store_answers = false;
        self.story.now = now;
        self.story.state.now = now;
        self.story.state.rng = fastrand::Rng::with_seed(self.starts);
        let mut effects = Vec::new();
        self.story.state.with_shown(&mut effects, |cx| minchat_tui::app::restore_outbox(cx, self.disk.clone()));
        assert!(effects.is_empty(), "no effects before the sign-in: {effects:?}");
        self.start();
    }

    /// Answers everything until nothing is left to do.
    pub(super) fn finish(&mut self, stored: &mut HashSet<LocalId>) {
        self.server_event(ServerEvent::Connection(ConnectionStatus::Online));
        for _ in 0..120 {
            while self.write_to_disk() {}
            let mut pages = 0;
            while !self.pages.is_empty() {
                self.answer_page(0, false);
                pages += 1;
                assert!(pages < 1_000, "requests for pages never end");
            }
            for request in std::mem::take(&mut self.sends) {
                let Request::Send { local, .. } = &request else { panic!("a send") };
                let was_stored = stored.remove(local);
                self.answer(&request, Answer::Accepted, was_stored);
            }
            let is_busy = |stage: &OutboxStage| {
                !matches!(stage, OutboxStage::Failed(_) | OutboxStage::Uncertain(Uncertain::NeedsUser))
            };
            let busy = self.story.state.account().outbox.iter().any(|entry| is_busy(entry.stage()));
            if !busy && self.late.is_empty() && self.writes.is_empty() && self.pages.is_empty() && self.sends.is_empty()
            {
                return;
            }
            self.story.wait(1_000);
            self.process_late();
            self.collect();
        }
        panic!("the outbox does not come to rest: {:?}", self.story.state.account().outbox);
    }
}

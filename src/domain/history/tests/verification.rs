//! Property tests of the verification of loaded messages, with a server that numbers its pages, omits deleted messages,
//! and tells only those who listen what was deleted.

use std::collections::{HashMap, VecDeque};

use proptest::prelude::*;

use super::super::*;
use crate::domain::{Message, MessageInfo, PageKind, PersonId, RoomId, Slot};

/// One step of a story.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody posts messages, at new times or in pairs of the same millisecond.
    Post { count: usize, same_time: bool },
    /// Somebody deletes messages that follow each other.
    Delete { first: prop::sample::Index, count: usize },
    /// Some of the live events arrive.
    Deliver { count: usize },
    /// The connection is lost, and with it the live events that have not arrived.
    Disconnect { fail: bool },
    /// The client connects. From now on, live events arrive.
    Connect,
    /// The user scrolls to messages.
    Look { at: prop::sample::Index },
    /// One of the requests is answered, with its page at this time or at the time of the request.
    Answer { which: usize, as_requested: bool },
    /// One of the requests fails.
    Fail { which: usize },
    /// All but the newest messages are unloaded.
    Unload { keep: usize },
    /// The program restarts with its messages in the store.
    Restart,
}

/// A message on the server; its index is its id.
#[derive(Debug, Clone, Copy)]
struct Posted {
    at: i64,
    is_deleted: bool,
}

#[derive(Debug, Clone, Copy)]
enum LiveEvent {
    Posted(usize),
    Deleted(usize),
}

#[derive(Debug, Clone)]
struct Page {
    numbers: PageNumbers,
    messages: Vec<MessageInfo>,
}

struct Story {
    server: Vec<Posted>,
    page_size: usize,
    /// Whether the server reports the number of messages.
    counts: bool,
    online: bool,
    live: VecDeque<LiveEvent>,
    in_flight: Vec<(PageSerial, PageRequest, Page)>,
    serial: PageSerial,
    requested: usize,
    timeline: Timeline,
    sync: HistorySync,
    /// Position of the first message on screen.
    top: usize,
}

/// Number of messages on screen.
const HEIGHT: usize = 4;

impl Story {
    fn new(page_size: usize, counts: bool) -> Self {
        Self {
            server: Vec::new(),
            page_size,
            counts,
            online: false,
            live: VecDeque::new(),
            in_flight: Vec::new(),
            serial: PageSerial::default(),
            requested: 0,
            timeline: Timeline::default(),
            sync: HistorySync::default(),
            top: 0,
        }
    }

    fn paging(&self) -> Paging {
        Paging { size: u32::try_from(self.page_size).unwrap(), by_number: true }
    }

    fn info(&self, index: usize) -> MessageInfo {
        let id = MessageId::new(&index.to_string());
        MessageInfo::new(id, RoomId::new("r"), PersonId::new("a"), Timestamp(self.server[index].at))
    }

    fn tell(&mut self, event: LiveEvent) {
        if self.online {
            self.live.push_back(event);
        }
    }

    fn post(&mut self, count: usize, same_time: bool) {
        for n in 0..count {
            let last = self.server.last().map_or(0, |last| last.at);
            let is_tied = same_time && n % 2 == 1 && self.page_size > 2;
            self.server.push(Posted { at: if is_tied { last } else { last + 10 }, is_deleted: false });
            self.tell(LiveEvent::Posted(self.server.len() - 1));
        }
    }

    fn delete(&mut self, first: usize, count: usize) {
        for index in first..(first + count).min(self.server.len()) {
            if !self.server[index].is_deleted {
                self.server[index].is_deleted = true;
                self.tell(LiveEvent::Deleted(index));
            }
        }
    }

    fn deliver(&mut self) {
        match self.live.pop_front() {
            Some(LiveEvent::Posted(index)) => {
                let info = self.info(index);
                self.sync.on_live(&info.id, info.sent_at);
                self.timeline.insert_live(info);
            }
            Some(LiveEvent::Deleted(index)) => self.tombstone(&MessageId::new(&index.to_string())),
            None => {}
        }
    }

    fn tombstone(&mut self, id: &MessageId) {
        if let Some(slot) = self.timeline.find(id) {
            self.timeline.change(slot, Message::delete);
        }
    }

    fn page(&self, page: u32) -> Page {
        let existing: Vec<usize> = (0..self.server.len()).filter(|index| !self.server[*index].is_deleted).collect();
        let end = existing.len().saturating_sub((page as usize - 1) * self.page_size);
        let shown = &existing[end.saturating_sub(self.page_size)..end];
        let pages = u32::try_from(existing.len().div_ceil(self.page_size)).unwrap();
        let total = u32::try_from(existing.len()).ok().filter(|_| self.counts);
        Page {
            numbers: PageNumbers { page, pages, total },
            messages: shown.iter().map(|index| self.info(*index)).collect(),
        }
    }

    fn request(&mut self, request: PageRequest) {
        self.serial.0 += 1;
        self.requested += 1;
        // The server's pages contain every message at once.
        self.sync.on_request(self.serial, &request, &self.timeline, Timestamp(i64::MAX));
        let page = self.page(request.page);
        self.in_flight.push((self.serial, request, page));
    }

    /// Requests what is due, as after each frame.
    fn frame(&mut self) {
        if !self.online {
            return;
        }
        if self.sync.needs_newest_page() {
            self.request(PageRequest::newest());
        } else if let Some(request) = self.sync.next_older_page(&self.timeline, self.paging()).filter(|_| self.top < 2)
        {
            self.request(request);
        }
        let on_screen: Vec<Slot> = self.timeline.iter().skip(self.top).take(HEIGHT).map(|(slot, _)| slot).collect();
        let request = self.sync.next_unverified_page(on_screen.into_iter().rev(), &self.timeline, self.paging());
        request.into_iter().for_each(|request| self.request(request));
    }

    fn answer(&mut self, which: usize, as_requested: bool) {
        if self.in_flight.is_empty() {
            return;
        }
        let (serial, request, then) = self.in_flight.remove(which % self.in_flight.len());
        let Page { numbers, messages } = if as_requested { then } else { self.page(request.page) };
        let paging = self.paging();
        let page = self.sync.on_page(serial, numbers, &messages, &self.timeline, paging);
        if page.is_outdated() {
            return;
        }
        let kind = if request.page == 1 { PageKind::Newest } else { PageKind::Older };
        let new = self.timeline.merge_page(messages, kind, None);
        page.deleted(&self.timeline, paging).iter().for_each(|id| self.tombstone(id));
        if let Some(next) = self.sync.on_merged(page, new, Subscription::Joined, &self.timeline, paging) {
            self.request(next);
        }
    }

    fn fail(&mut self, which: usize) {
        if !self.in_flight.is_empty() {
            let (serial, ..) = self.in_flight.remove(which % self.in_flight.len());
            self.sync.on_failure(serial, &self.timeline);
        }
    }

    fn connect(&mut self) {
        if !self.online {
            self.online = true;
            self.sync.mark_stale(&self.timeline);
        }
    }

    fn disconnect(&mut self, fail: bool) {
        self.online = false;
        self.live.clear();
        self.sync.mark_stale(&self.timeline);
        while fail && !self.in_flight.is_empty() {
            self.fail(0);
        }
    }

    fn restart(&mut self) {
        let end = self.sync.contiguous_len(&self.timeline);
        let start = self.sync.breaks(&self.timeline).into_iter().rfind(|position| *position < end).unwrap_or(0);
        let stored: Vec<_> = self.timeline.iter().take(end).skip(start).map(|(_, message)| message.clone()).collect();
        let newest = stored.last().and_then(|newest| Some((newest.id.clone()?, newest.sent_at)));
        (self.timeline, self.sync) = Default::default();
        (self.online, self.top) = (false, 0);
        self.live.clear();
        self.in_flight.clear();
        if newest.is_some() {
            self.timeline.restore(stored, None);
            self.sync.on_restored(newest, false);
        }
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Post { count, same_time } => self.post(*count, *same_time),
            Step::Delete { first, count } if !self.server.is_empty() => {
                self.delete(first.index(self.server.len()), *count);
            }
            Step::Deliver { count } => (0..*count).for_each(|_| self.deliver()),
            Step::Disconnect { fail } => self.disconnect(*fail),
            Step::Connect => self.connect(),
            Step::Look { at } => self.top = at.index(self.timeline.len().max(1)),
            Step::Answer { which, as_requested } if self.online => self.answer(*which, *as_requested),
            Step::Delete { .. } | Step::Answer { .. } => {}
            Step::Fail { which } => self.fail(*which),
            Step::Unload { keep } => {
                let count = self.timeline.accepted_len().saturating_sub((*keep).max(1));
                drop(self.timeline.unload_oldest(count, false));
                if count > 0 {
                    self.sync.on_unloaded(&self.timeline);
                }
            }
            Step::Restart => self.restart(),
        }
        self.frame();
    }

    /// Answers everything until nothing is requested any more.
    fn settle(&mut self) {
        for _ in 0..2_000 {
            self.frame();
            if self.in_flight.is_empty() {
                return;
            }
            self.answer(0, false);
        }
        panic!("requests without end");
    }

    /// Loads everything, from newest to oldest, and fills the gaps.
    fn load(&mut self) {
        self.disconnect(true);
        self.connect();
        self.top = 0;
        self.settle();
        while let Some(slot) = self.sync.newest_gap(&self.timeline) {
            let paging = self.paging();
            let request = self.sync.start_filling(slot, &self.timeline, paging);
            self.request(request.expect("nothing is being loaded"));
            self.settle();
        }
    }

    /// Scrolls from the newest message to the oldest.
    fn visit(&mut self) {
        for top in (0..self.timeline.len()).rev() {
            self.top = top;
            self.sync.clear_load_error();
            self.settle();
        }
    }

    fn loaded(&self) -> impl Iterator<Item = (usize, &Message)> {
        let messages = self.timeline.iter().map(|(_, message)| message);
        messages.filter_map(|message| Some((message.id.as_ref()?.as_str().parse().ok()?, message)))
    }

    fn check(&self) -> Result<(), TestCaseError> {
        for (index, message) in self.loaded() {
            prop_assert!(!message.deleted || self.server[index].is_deleted, "{} exists", index);
        }
        Ok(())
    }

    /// Checks that every deleted message is a tombstone, apart from those of the same time as another.
    fn check_complete(&self) -> Result<(), TestCaseError> {
        let mut times: HashMap<i64, usize> = HashMap::new();
        self.server.iter().for_each(|posted| *times.entry(posted.at).or_default() += 1);
        for (index, message) in self.loaded() {
            let posted = self.server[index];
            let is_noticed = message.deleted || !posted.is_deleted || times[&posted.at] > 1;
            prop_assert!(is_noticed, "{} was deleted: {:#?}", index, self.sync);
        }
        Ok(())
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..6_usize, any::<bool>()).prop_map(|(count, same_time)| Step::Post { count, same_time }),
        6 => (any::<prop::sample::Index>(), 1..6_usize).prop_map(|(first, count)| Step::Delete { first, count }),
        8 => (1..8_usize).prop_map(|count| Step::Deliver { count }),
        2 => any::<bool>().prop_map(|fail| Step::Disconnect { fail }),
        4 => Just(Step::Connect),
        8 => any::<prop::sample::Index>().prop_map(|at| Step::Look { at }),
        24 => (0..3_usize, any::<bool>()).prop_map(|(which, as_requested)| Step::Answer { which, as_requested }),
        1 => (0..3_usize).prop_map(|which| Step::Fail { which }),
        1 => (1..20_usize).prop_map(|keep| Step::Unload { keep }),
        1 => Just(Step::Restart),
    ]
}

fn loaded_story(page_size: usize, counts: bool, messages: usize) -> Story {
    let mut story = Story::new(page_size, counts);
    story.post(messages, false);
    story.load();
    story
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whatever is deleted or arrives while pages are on their way, nothing that exists becomes a tombstone, and
    /// whoever looks at all messages later sees every deletion.
    #[test]
    fn deleted_messages_and_no_others_become_tombstones(
        page_size in 1..6_usize,
        counts in any::<bool>(),
        messages in 0..40_usize,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut story = loaded_story(page_size, counts, messages);
        for step in &steps {
            story.apply(step);
            story.check()?;
        }
        // An empty page may also be the answer to a former member, and proves nothing.
        story.post(1, false);
        story.load();
        story.check()?;
        story.visit();
        story.check()?;
        if counts {
            story.check_complete()?;
        }
    }

    /// Every page is requested once at most while nothing changes.
    #[test]
    fn unchanged_room_is_verified_with_few_requests(
        page_size in 2..6_usize,
        messages in 0..60_usize,
        deleted in prop::collection::vec((any::<prop::sample::Index>(), 1..12_usize), 0..4),
    ) {
        let mut story = loaded_story(page_size, true, messages);
        story.disconnect(false);
        for (first, count) in &deleted {
            story.delete(first.index(messages.max(1)), *count);
        }
        story.post(1, false);
        story.requested = 0;
        story.connect();
        story.top = story.timeline.len().saturating_sub(HEIGHT);
        story.settle();
        story.visit();
        story.check()?;
        story.check_complete()?;
        let pages = (messages + 1).div_ceil(page_size);
        prop_assert!(story.requested <= pages + 2, "{} requests for {pages} pages", story.requested);
        story.requested = 0;
        story.visit();
        prop_assert_eq!(story.requested, 0, "nothing is verified twice");
    }
}

/// Whoever goes far back in a stored history causes a few requests, not one for each page in between.
#[test]
fn distant_messages_are_verified_without_the_pages_in_between() {
    let mut story = loaded_story(5, true, 500);
    story.disconnect(false);
    story.delete(300, 60);
    story.delete(101, 2);
    story.requested = 0;
    story.connect();
    story.top = 496;
    story.settle();
    story.top = 100;
    story.settle();
    assert!(story.requested <= 5, "{} requests", story.requested);
    let tombstones: Vec<usize> =
        story.loaded().filter(|(_, message)| message.deleted).map(|(index, _)| index).collect();
    assert_eq!(tombstones, [101, 102]);
}

/// Of a service that does not report the number of messages, a message between two pages may only have been skipped.
#[test]
fn message_between_two_pages_is_kept_without_a_count() {
    let mut story = loaded_story(5, false, 20);
    story.disconnect(false);
    story.delete(14, 1);
    story.connect();
    story.top = 10;
    story.settle();
    assert!(story.loaded().all(|(_, message)| !message.deleted));
}

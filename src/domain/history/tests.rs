//! Property tests: random stories between a simulated server and a client that only has a [`HistorySync`] and a
//! [`Timeline`].
//!
//! The server numbers its messages, so the tests know which messages are neighbours. After every step they check the
//! invariants that the documentation of [`HistorySync`] lists.

mod regressions;
mod verification;

use proptest::prelude::*;

use super::*;
use crate::domain::{PageKind, PersonId, RoomId};

/// One step of a story.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody posts messages, at new times or in pairs of the same millisecond.
    Post { count: usize, same_time: bool },
    /// The client connects. Until the next `Join`, live events do not arrive.
    Connect,
    /// The server processes the join: live events arrive from now on.
    Join,
    /// The time that the client allows the server for processing the join is over.
    JoinConfirmed,
    /// The client stops waiting and assumes that the server has processed the join, although it may not have.
    JoinAssumed,
    /// The server proves that it has processed the join.
    JoinProven,
    /// The connection is lost. The unanswered requests fail, or go on and are answered at any later time.
    Disconnect { fail: bool },
    /// Live events are lost although the connection holds.
    LoseEvents { count: usize },
    /// The newest page is requested for another reason, such as to look for an uncertain send.
    RequestNewest,
    /// The user scrolls up.
    Scroll,
    /// The user asks to fill the newest gap.
    FillGap,
    /// One of the requests is answered, with its page at this time or at the time of the request.
    Answer { which: usize, as_requested: bool },
    /// One of the requests fails.
    Fail { which: usize },
    /// All but the newest messages are unloaded.
    Unload { keep: usize },
    /// The program restarts with the newest contiguous messages in its store.
    Restart { stored: usize },
}

/// A request that the server has not answered, with the page that it would have got at once.
#[derive(Debug, Clone)]
struct Pending {
    serial: PageSerial,
    request: PageRequest,
    page_then: (Vec<MessageInfo>, u32),
    /// Whether it was made on the current connection.
    is_current: bool,
}

struct Story {
    /// Times of all messages on the server; the index of a message is its id.
    server: Vec<i64>,
    by_number: bool,
    page_size: usize,
    online: bool,
    /// Whether the server has processed the join, so that live events arrive.
    joined: bool,
    /// Whether the client knows that the server has processed the join.
    join_confirmed: bool,
    /// The newest message when the client assumed that the server had, until that is proven.
    assumed: Option<Option<MessagePoint>>,
    in_flight: Vec<Pending>,
    serial: PageSerial,
    timeline: Timeline,
    sync: HistorySync,
    /// The server returns the page that ends right before this message, whatever is requested.
    stuck_at: Option<usize>,
    /// Number of requests so far.
    requested: usize,
}

impl Story {
    fn new(by_number: bool, page_size: usize) -> Self {
        Self {
            server: Vec::new(),
            by_number,
            page_size,
            online: false,
            joined: false,
            join_confirmed: false,
            assumed: None,
            in_flight: Vec::new(),
            serial: PageSerial::default(),
            timeline: Timeline::default(),
            sync: HistorySync::default(),
            stuck_at: None,
            requested: 0,
        }
    }

    fn info(&self, index: usize) -> MessageInfo {
        let id = MessageId::new(&index.to_string());
        MessageInfo::new(id, RoomId::new("r"), PersonId::new("a"), Timestamp(self.server[index]))
    }

    fn paging(&self) -> Paging {
        Paging { size: u32::try_from(self.page_size).unwrap(), by_number: self.by_number }
    }

    fn post(&mut self, count: usize, same_time: bool, is_delivered: bool) {
        for n in 0..count {
            let last = self.server.last().copied().unwrap_or(0);
            // A page whose messages all have the same time says nothing about the order of its neighbours.
            let is_tied = same_time && n % 2 == 1 && self.page_size > 2;
            self.server.push(if is_tied { last } else { last + 10 });
            if is_delivered {
                let info = self.info(self.server.len() - 1);
                self.sync.on_live(&info.id, info.sent_at);
                self.timeline.insert_live(info);
            }
        }
    }

    fn request(&mut self, request: PageRequest) {
        self.serial.0 += 1;
        self.requested += 1;
        // The server's pages contain every message at once.
        let now = Timestamp(i64::MAX);
        self.sync.on_request(self.serial, &request, &self.timeline, now);
        let page_then = self.page(&request);
        self.in_flight.push(Pending { serial: self.serial, request, page_then, is_current: true });
    }

    fn request_newest(&mut self) {
        self.request(PageRequest::newest());
    }

    fn connect(&mut self) {
        (self.online, self.joined, self.join_confirmed) = (true, false, false);
        self.assumed = None;
        self.mark_stale();
    }

    fn mark_stale(&mut self) {
        self.sync.mark_stale(&self.timeline);
        self.in_flight.iter_mut().for_each(|pending| pending.is_current = false);
    }

    fn confirm_join(&mut self) {
        if self.online && !self.join_confirmed && !self.sync.is_loading_page(1) {
            (self.joined, self.join_confirmed) = (true, true);
            self.sync.on_joined();
            self.request_newest();
        }
    }

    fn assume_join(&mut self) {
        if self.online && !self.join_confirmed && !self.sync.is_loading_page(1) {
            self.join_confirmed = true;
            self.assumed = Some(self.sync.synced_point().cloned());
            self.sync.on_joined();
            self.request_newest();
        }
    }

    fn prove_join(&mut self) {
        if let Some(synced_to) = self.assumed.take_if(|_| self.online && self.joined) {
            self.sync.on_joined_late(synced_to, &self.timeline);
            self.in_flight.iter_mut().for_each(|pending| pending.is_current = false);
            self.request_newest();
        }
    }

    /// Returns the messages of a page and the number of pages.
    fn page(&self, request: &PageRequest) -> (Vec<MessageInfo>, u32) {
        if let Some(end) = self.stuck_at {
            return ((end.saturating_sub(self.page_size)..end).map(|index| self.info(index)).collect(), u32::MAX);
        }
        let skipped = match &request.before {
            _ if self.by_number => (request.page as usize - 1) * self.page_size,
            None => 0,
            Some(before) => self.server.len() - before.as_str().parse::<usize>().unwrap(),
        };
        let end = self.server.len().saturating_sub(skipped);
        let start = end.saturating_sub(self.page_size);
        let messages = (start..end).map(|index| self.info(index)).collect();
        (messages, if start == 0 { request.page } else { request.page + 1 })
    }

    fn take_pending(&mut self, which: usize) -> Option<Pending> {
        let len = self.in_flight.len();
        (len > 0).then(|| self.in_flight.remove(which % len))
    }

    fn answer(&mut self, which: usize, as_requested: bool) {
        let Some(Pending { serial, request, page_then, .. }) = self.take_pending(which) else { return };
        let (messages, pages) = if as_requested { page_then } else { self.page(&request) };
        let numbers = PageNumbers { page: request.page, pages, total: None };
        let page = self.sync.on_page(serial, numbers, &messages, &self.timeline, self.paging());
        if page.is_outdated() {
            return;
        }
        let arrival = if request.page == 1 { PageKind::Newest } else { PageKind::Older };
        let new = self.timeline.merge_page(messages, arrival, None);
        let subscription = if self.join_confirmed { Subscription::Joined } else { Subscription::Joining };
        let paging = self.paging();
        if let Some(next) = self.sync.on_merged(page, new, subscription, &self.timeline, paging) {
            self.request(next);
        }
    }

    fn fail(&mut self, which: usize) {
        if let Some(Pending { serial, .. }) = self.take_pending(which) {
            self.sync.on_failure(serial, &self.timeline);
        }
    }

    fn scroll(&mut self) -> bool {
        let request = self.sync.next_older_page(&self.timeline, self.paging()).filter(|_| self.online);
        let Some(request) = request else { return false };
        self.request(request);
        true
    }

    fn fill_gap(&mut self) -> bool {
        let slot = self.sync.newest_gap(&self.timeline).filter(|_| self.online);
        let paging = self.paging();
        let request = slot.and_then(|slot| self.sync.start_filling(slot, &self.timeline, paging));
        let is_filling = request.is_some();
        request.into_iter().for_each(|request| self.request(request));
        is_filling
    }

    fn unload(&mut self, keep: usize) {
        let count = self.timeline.accepted_len().saturating_sub(keep.max(1));
        if count > 0 {
            drop(self.timeline.unload_oldest(count, false));
            self.sync.on_unloaded(&self.timeline);
        }
    }

    fn restart(&mut self, stored: usize) {
        let end = self.sync.contiguous_len(&self.timeline);
        let first_after_break = self.sync.breaks(&self.timeline).into_iter().rfind(|position| *position < end);
        let start = first_after_break.unwrap_or(0).max(end.saturating_sub(stored));
        let messages: Vec<_> = self.timeline.iter().take(end).skip(start).map(|(_, message)| message.clone()).collect();
        let newest = messages.last().and_then(|newest| Some((newest.id.clone()?, newest.sent_at)));
        (self.timeline, self.sync) = Default::default();
        (self.online, self.joined, self.join_confirmed) = (false, false, false);
        self.in_flight.clear();
        if newest.is_some() {
            self.timeline.restore(messages, None);
            self.sync.on_restored(newest, false);
        }
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Post { count, same_time } => self.post(count, same_time, self.online && self.joined),
            Step::Connect if !self.online => self.connect(),
            Step::Join => self.joined |= self.online,
            Step::JoinProven => self.prove_join(),
            Step::JoinAssumed => self.assume_join(),
            Step::JoinConfirmed => self.confirm_join(),
            // Until the join is proven, nobody can know what was missed before the connection was lost.
            Step::Disconnect { .. } | Step::Restart { .. } if self.assumed.is_some() => {}
            Step::Disconnect { fail } if self.online => {
                self.online = false;
                self.joined = false;
                while fail && !self.in_flight.is_empty() {
                    self.fail(0);
                }
            }
            Step::LoseEvents { count } if self.online => {
                self.post(count, false, false);
                self.mark_stale();
            }
            Step::RequestNewest if self.online => self.request_newest(),
            Step::Scroll => {
                self.sync.clear_load_error();
                self.scroll();
            }
            Step::FillGap => drop(self.fill_gap()),
            Step::Answer { which, as_requested } if self.online => self.answer(which, as_requested),
            Step::Fail { which } => self.fail(which),
            Step::Unload { keep } => self.unload(keep),
            Step::Restart { stored } => self.restart(stored),
            _ => {}
        }
        if self.online && self.sync.needs_newest_page() {
            self.request_newest();
        }
    }

    fn loaded(&self) -> Vec<usize> {
        let ids = self.timeline.iter().filter_map(|(_, message)| message.id.as_ref());
        ids.map(|id| id.as_str().parse().unwrap()).collect()
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let Self { sync, timeline, .. } = self;
        if self.assumed.is_some() {
            // Whatever was missed is known once the join is proven.
            return Ok(());
        }
        let loaded = self.loaded();
        let (len, stretch, breaks) =
            (sync.contiguous_len(timeline), sync.newest_stretch(timeline), sync.breaks(timeline));
        prop_assert!(len <= loaded.len() && stretch.end <= loaded.len());
        for (above, next) in (1..loaded.len()).map(|next| (next - 1, next)) {
            if (next < len || stretch.contains(&next)) && !breaks.contains(&next) {
                prop_assert_eq!(loaded[above] + 1, loaded[next], "{:?} {:?}", &loaded, sync);
            }
        }
        prop_assert!(sync.backfilled_to.is_none() || sync.resume_from.is_some());
        for gap in &sync.gaps {
            prop_assert!(timeline.position(gap.before).is_some());
            prop_assert!(gap.after.1 <= timeline.get(gap.before).sent_at);
        }
        let blocked = sync.is_loading() || sync.load_failed || sync.complete || sync.is_resuming();
        prop_assert!(!blocked || sync.next_older_page(timeline, self.paging()).is_none());
        if sync.complete && !loaded.is_empty() {
            prop_assert_eq!(loaded[0], 0);
        }
        let awaits_newest = self.in_flight.iter().any(|pending| pending.is_current && pending.request.page == 1);
        if self.online && self.join_confirmed && sync.is_synced() && !awaits_newest && !self.server.is_empty() {
            prop_assert_eq!(loaded.last(), Some(&(self.server.len() - 1)));
        }
        Ok(())
    }

    /// Connects, answers everything and fetches what is missing.
    fn settle(&mut self) {
        if !self.online {
            self.connect();
        }
        self.sync.clear_load_error();
        self.joined = true;
        self.prove_join();
        for _ in 0..2_000 {
            self.apply(&Step::JoinConfirmed);
            if !self.in_flight.is_empty() {
                self.answer(0, false);
            } else if !self.fill_gap() && !self.scroll() {
                break;
            }
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1..6_usize, any::<bool>()).prop_map(|(count, same_time)| Step::Post { count, same_time }),
        1 => (100..140_usize).prop_map(|count| Step::Post { count, same_time: false }),
        4 => Just(Step::Connect),
        4 => Just(Step::Join),
        4 => Just(Step::JoinConfirmed),
        2 => Just(Step::JoinAssumed),
        2 => Just(Step::JoinProven),
        3 => any::<bool>().prop_map(|fail| Step::Disconnect { fail }),
        1 => (1..4_usize).prop_map(|count| Step::LoseEvents { count }),
        1 => Just(Step::RequestNewest),
        4 => Just(Step::Scroll),
        3 => Just(Step::FillGap),
        16 => (0..3_usize, any::<bool>()).prop_map(|(which, as_requested)| Step::Answer { which, as_requested }),
        2 => (0..3_usize).prop_map(|which| Step::Fail { which }),
        1 => (1..20_usize).prop_map(|keep| Step::Unload { keep }),
        1 => (0..20_usize).prop_map(|stored| Step::Restart { stored }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_stories_keep_the_invariants(
        by_number in any::<bool>(),
        page_size in 1..5_usize,
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut story = Story::new(by_number, page_size);
        for step in &steps {
            story.apply(step);
            story.check()?;
        }
        story.settle();
        story.check()?;
        prop_assert_eq!(story.loaded(), (0..story.server.len()).collect::<Vec<_>>());
        prop_assert_eq!(story.sync.contiguous_len(&story.timeline), story.server.len());
        prop_assert!(story.sync.gaps.is_empty() && story.sync.is_complete());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Regression test: a history whose pages never change was requested for ever, 2,500 times a second.
    #[test]
    fn server_that_repeats_a_page_is_not_asked_forever(
        by_number in any::<bool>(),
        page_size in 1..5_usize,
        steps in prop::collection::vec(step(), 1..40),
        stuck_at in any::<prop::sample::Index>(),
    ) {
        let mut story = Story::new(by_number, page_size);
        story.post(1, false, false);
        for step in &steps {
            story.apply(step);
        }
        story.stuck_at = Some(1 + stuck_at.index(story.server.len()));
        if !story.online {
            story.connect();
        }
        story.sync.clear_load_error();
        (story.joined, story.requested) = (true, 0);
        let waiting = story.in_flight.len();
        for _ in 0..2_000 {
            story.apply(&Step::JoinConfirmed);
            if !story.in_flight.is_empty() {
                story.answer(0, false);
            } else if !story.scroll() {
                break;
            }
        }
        let most = 20 + 10 * waiting + 110 * story.sync.gaps.len();
        prop_assert!(story.requested <= most, "{} requests, {} gaps", story.requested, story.sync.gaps.len());
        let requested = story.requested;
        story.sync.clear_load_error();
        prop_assert!(!story.scroll() || story.requested == requested + 1, "the user can try again");
    }
}

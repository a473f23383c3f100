//! Synchronisation of a room's history with the server: which messages are loaded, which are missing, what to fetch next.
//!
//! [`HistorySync`] is a state machine. It observes what happens (a page arrives or fails, a message arrives live, the
//! connection is lost) and decides which page to request next. It never touches the messages themselves: those are in the
//! [`Timeline`], which is passed to every transition that needs it. Sending the requests is the caller's task.

mod gaps;
mod join;
mod page;
mod repetition;
mod subscription;
#[cfg(test)]
mod tests;
mod verification;

use std::ops::Range;

use super::capabilities::Paging;
use super::ids::{MessageId, PageSerial};
use super::message::MessageInfo;
use super::repetition::Repetition;
use super::time::Timestamp;
use super::timeline::Timeline;

pub use gaps::Gap;
use page::{InFlight, Known, PagePurpose};
pub use page::{IncomingPage, PageNumbers, PageRequest};
pub use subscription::Subscription;
use verification::Verification;

/// Maximum number of pages fetched in a row for missed messages. Anything further back is rarely worth the wait. It is
/// left as a gap, which the user can fill by up to this many pages at a time.
const MAX_PAGES_IN_A_ROW: u32 = 100;

/// Id and time of a message. The time gives the position of a message that is no longer loaded.
pub type MessagePoint = (MessageId, Timestamp);

/// Synchronisation state of a room's history.
///
/// The transitions are the methods named `on_…` and a few others:
///
/// - [`on_restored`](Self::on_restored): messages were loaded from the store.
/// - [`on_request`](Self::on_request): a page was requested. Its reply is [`on_page`](Self::on_page) followed by
///   [`on_merged`](Self::on_merged), or [`on_failure`](Self::on_failure).
/// - [`on_live`](Self::on_live): a message arrived live.
/// - [`mark_stale`](Self::mark_stale): live events may have been lost. The newest message known at that time becomes
///   the *resume point*. Missed messages are fetched page by page, beginning with the newest, until a page meets the
///   resume point. If a page fails or there are too many, the rest is left as a *gap*.
/// - [`start_filling`](Self::start_filling), [`clear_load_error`](Self::clear_load_error): the user asks for more
///   messages.
///
/// Invariants, which the property tests check after every transition:
///
/// - Two neighbouring messages among the first [`contiguous_len`](Self::contiguous_len) are neighbours on the server
///   too, unless the position of the second is in [`breaks`](Self::breaks). The same holds for each message in
///   [`newest_stretch`](Self::newest_stretch) and the message before it.
/// - The backfill position, the oldest message fetched while resuming, is set only while there is a resume point.
/// - Every gap ends at a loaded message and begins before it.
/// - After three older pages in a row ([`Repetition`]) that bring nothing new, no more are requested until the user asks.
/// - No older page is requested while a page is being loaded, after a failure, when the start of the conversation is
///   loaded, or while missed messages are being fetched.
/// - Once all requests have succeeded and the user has scrolled up and filled all gaps, every message is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistorySync {
    /// Unanswered requests, in the order in which they were made. Replies may arrive in any order.
    in_flight: Vec<InFlight>,
    /// Whether the newest page has arrived since the history was last marked stale.
    newest_loaded: bool,
    /// Whether the last requested page failed to load. It is not requested again automatically.
    load_failed: bool,
    /// Number of the last page if it contained nothing new, else 0. The next older page comes after it.
    empty_page: u32,
    /// Pages in a row that brought nothing new. Some servers send the same page for ever.
    repetition: Repetition,
    /// Oldest message on the last page if it was an older one and brought nothing new.
    last_oldest: Option<MessagePoint>,
    /// Whether the start of the conversation is loaded.
    complete: bool,
    /// Newest message of the first page that arrived while the room was still being joined. Live events after it may be
    /// missing.
    joining_after: Option<MessagePoint>,
    /// Whether that page was empty. All messages before the first live one may then be missing.
    empty_while_joining: bool,
    /// Newest message that arrived live or on a newest page. Everything before it is loaded or known to be missing. The
    /// reply to a send does not count: it arrives on another connection.
    synced_to: Option<MessagePoint>,
    /// Resume point: messages after it may have been missed. Pages are fetched until they reach it.
    resume_from: Option<MessagePoint>,
    /// Backfill position: the oldest message on the pages fetched so far to reach the resume point.
    backfilled_to: Option<MessageId>,
    /// Gaps between loaded messages, in no particular order.
    gaps: Vec<Gap>,
    /// Record of the loaded messages that were compared with pages, so that deletions are noticed.
    verification: Verification,
}

impl HistorySync {
    /// Whether the start of the conversation is loaded.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether a page is being loaded.
    pub fn is_loading(&self) -> bool {
        self.current_requests().next().is_some()
    }

    /// Whether the given page is being loaded.
    pub fn is_loading_page(&self, page: u32) -> bool {
        self.current_requests().any(|request| request.page == page)
    }

    /// Whether the request with this serial is unanswered.
    pub fn awaits(&self, serial: PageSerial) -> bool {
        self.in_flight.iter().any(|request| request.serial == serial)
    }

    /// Returns the unanswered request, made after the request `after`, for the page that ends right before `before`.
    pub fn request_made_after(&self, after: PageSerial, page: u32, before: Option<&MessageId>) -> Option<PageSerial> {
        let is_it =
            |request: &&InFlight| request.serial > after && request.page == page && request.before.as_ref() == before;
        self.current_requests().find(is_it).map(|request| request.serial)
    }

    /// Returns the unanswered requests for the given page, oldest first.
    pub fn unanswered(&self, page: u32) -> impl Iterator<Item = PageSerial> {
        self.in_flight.iter().filter(move |request| request.page == page).map(|request| request.serial)
    }

    /// Returns the requests made since the history was last marked stale, except those that only verify messages:
    /// nobody waits for these.
    fn current_requests(&self) -> impl Iterator<Item = &InFlight> {
        let is_awaited = |request: &&InFlight| !request.stale && request.purpose != PagePurpose::Verify;
        self.in_flight.iter().filter(is_awaited)
    }

    /// Whether the newest page has arrived since the history was last marked stale.
    pub fn is_newest_loaded(&self) -> bool {
        self.newest_loaded
    }

    /// Whether the last requested page failed to load.
    pub fn has_load_failed(&self) -> bool {
        self.load_failed
    }

    /// Whether the newest page has arrived and no missed messages are being fetched.
    pub fn is_synced(&self) -> bool {
        self.newest_loaded && self.resume_from.is_none()
    }

    /// Whether there is a resume point, so that messages after it may be missing.
    pub fn is_resuming(&self) -> bool {
        self.resume_from.is_some()
    }

    /// Returns the newest message that arrived live or on a newest page.
    pub fn synced_point(&self) -> Option<&MessagePoint> {
        self.synced_to.as_ref()
    }

    /// Time of the newest message that arrived live or on a newest page.
    pub fn synced_to(&self) -> Option<Timestamp> {
        self.synced_to.as_ref().map(|(_, at)| *at)
    }

    /// Returns the message after which newer messages are missing, if fetching them has failed.
    pub fn missing_after(&self) -> Option<&MessageId> {
        self.resume_from.as_ref().filter(|_| self.load_failed).map(|(id, _)| id)
    }

    /// Whether the newest page has to be requested.
    pub fn needs_newest_page(&self) -> bool {
        !self.is_loading() && !self.load_failed && !self.is_synced()
    }

    /// Returns the request for the next older messages; `None` if there are none, or a page is being loaded or has failed, or
    /// the newest messages have to be loaded first.
    pub fn next_older_page(&self, timeline: &Timeline, paging: Paging) -> Option<PageRequest> {
        let is_ready = self.is_synced() && self.synced_to.is_some() && !self.load_failed && self.awaits_nothing();
        if !is_ready || self.complete || self.empty_while_joining {
            return None;
        }
        let loaded = u32::try_from(timeline.server_len()).unwrap_or(u32::MAX);
        // Pages identified by position need no number, and only the newest page is the first.
        let first = if paging.by_number { 1 } else { 2 };
        let page = ((loaded / paging.size.max(1)).max(self.empty_page) + 1).max(first);
        let oldest = oldest_id(timeline);
        // On services that page by number, this is page 1 again if enough loaded messages were deleted.
        Some(PageRequest::older(page, oldest))
    }

    /// Returns the number of messages, counted from the oldest, between which nothing is missing except in known gaps.
    /// Later messages arrived while others may have been missed, or are the user's own sends that were accepted
    /// meanwhile.
    pub fn contiguous_len(&self, timeline: &Timeline) -> usize {
        let resume = self.resume_from.as_ref().map(|point| position_after(timeline, point));
        let without_resume_point = if self.newest_loaded { timeline.accepted_len() } else { 0 };
        resume.unwrap_or(without_resume_point).min(self.synced_len(timeline))
    }

    /// Returns the positions of the newest messages that are known to follow their predecessor directly, while missed
    /// messages further up are still being fetched: messages on the pages fetched so far, and messages that arrived
    /// live since.
    pub fn newest_stretch(&self, timeline: &Timeline) -> Range<usize> {
        let backfilled = self.backfilled_to.as_ref().and_then(|id| timeline.find(id));
        let first = backfilled.and_then(|slot| timeline.position(slot));
        first.map_or(0..0, |first| first + 1..self.synced_len(timeline))
    }

    /// Returns the number of messages, counted from the oldest, up to the newest that certainly arrived in sequence.
    fn synced_len(&self, timeline: &Timeline) -> usize {
        let points = self.joining_after.iter().chain(&self.synced_to);
        let certain = points.map(|point| position_after(timeline, point)).min();
        certain.unwrap_or(usize::MAX).min(timeline.accepted_len())
    }

    /// Records that a page was requested at the time `now` by the server's clock, and under which serial.
    pub fn on_request(&mut self, serial: PageSerial, request: &PageRequest, timeline: &Timeline, now: Timestamp) {
        let PageRequest { page, before, purpose } = request.clone();
        let known = if purpose == PagePurpose::Newest { Known::at(timeline, now) } else { Known::default() };
        let must_overlap = purpose == PagePurpose::Verify;
        if must_overlap {
            self.verification.count_attempt();
        }
        let last_received = self.verification.last().cloned();
        let (stale, at, before_join) = (false, now, false);
        let made =
            InFlight { serial, page, before, purpose, stale, must_overlap, known, at, last_received, before_join };
        self.in_flight.push(made);
    }

    /// Removes and returns the request that a reply answers.
    fn on_reply(&mut self, serial: PageSerial) -> Option<InFlight> {
        let index = self.in_flight.iter().position(|request| request.serial == serial)?;
        Some(self.in_flight.remove(index))
    }

    /// Records that a page has arrived, with its messages oldest first. The caller merges them into the timeline and
    /// then calls [`on_merged`](Self::on_merged), unless the page [is outdated](IncomingPage::is_outdated).
    pub fn on_page(
        &mut self,
        serial: PageSerial,
        numbers: PageNumbers,
        messages: &[MessageInfo],
        timeline: &Timeline,
        paging: Paging,
    ) -> IncomingPage {
        let point = |message: &MessageInfo| (message.id.clone(), message.sent_at);
        // A page that this room has not requested answers a request made for a room that was removed meanwhile.
        let unrequested = InFlight::outdated(serial);
        let request = self.on_reply(serial).unwrap_or(unrequested);
        let mut page = IncomingPage {
            page: numbers.page,
            pages: numbers.pages,
            before: request.before,
            // Missed messages are already being fetched from the newer of two newest pages.
            purpose: if request.must_overlap && self.backfilled_to.is_some() {
                PagePurpose::Older
            } else {
                request.purpose
            },
            is_stale: request.stale,
            known: request.known,
            is_last: numbers.page >= numbers.pages || messages.is_empty(),
            ids: messages.iter().map(|message| message.id.clone()).collect(),
            oldest: messages.first().map(point),
            newest: messages.last().map(point),
            total: numbers.exact_total(messages.len(), paging),
            continues: None,
            requested_at: request.at,
            before_join: request.before_join,
        };
        page.continues = page.continuation(request.last_received, timeline);
        if request.must_overlap && !page.overlaps(timeline) {
            if page.purpose == PagePurpose::Verify {
                // It tells at least where the pages are.
                self.verification.note(&page, timeline);
            }
            (page.purpose, page.is_stale) = (PagePurpose::Outdated, true);
        }
        page
    }

    /// Whether an empty page contradicts the loaded messages: some of them were older than `PAGE_DELAY` when it was
    /// requested, or have been restored from the store since. Some services answer former members with empty pages.
    pub fn is_implausible(&self, page: &IncomingPage, timeline: &Timeline) -> bool {
        let is_loaded = |id: &MessageId| timeline.find(id).is_some_and(|slot| !timeline.get(slot).deleted);
        let mut known = page.known.settled.iter().chain(self.resume_from.iter().map(|(id, _)| id));
        page.purpose == PagePurpose::Newest && page.ids.is_empty() && known.any(is_loaded)
    }

    /// Records that a page was merged into the timeline. `new` is the number of its messages that the server had not
    /// reported before. Returns the page to request next: further missed messages, or further messages of a gap.
    ///
    /// `subscription` tells whether live events of the room arrive now. If they do not, whatever is sent from now on is
    /// missed.
    ///
    /// A page that is [implausible](Self::is_implausible) counts as a failure, and so does the last of
    /// too many pages in a row that bring nothing new.
    pub fn on_merged(
        &mut self,
        page: IncomingPage,
        new: usize,
        subscription: Subscription,
        timeline: &Timeline,
        paging: Paging,
    ) -> Option<PageRequest> {
        if self.is_implausible(&page, timeline) {
            self.load_failed = true;
            self.leave_gap(timeline, true);
            return None;
        }
        let is_newest = page.purpose == PagePurpose::Newest;
        // After an empty page, the first messages may be sent before the join is processed, and missed.
        self.complete |= page.is_last && (subscription != Subscription::Joining || !page.ids.is_empty());
        if page.is_stale {
            self.shrink_gaps(timeline, &page);
            if let PagePurpose::Fill(filling) = &page.purpose {
                self.fail_filling(filling);
            }
            return None;
        }
        self.verification.on_merged(&page, timeline);
        if page.purpose == PagePurpose::Verify {
            self.shrink_gaps(timeline, &page);
            return None;
        }
        self.load_failed = false;
        self.empty_page = if new == 0 { page.page } else { 0 };
        if is_newest {
            for request in self.in_flight.iter_mut().filter(|request| request.purpose == PagePurpose::Newest) {
                request.must_overlap = true;
            }
            self.on_newest_page(&page, subscription);
        }
        let is_last_attempt = self.count_repetition(&page, new, timeline, paging);
        let adjoins_gap = self.gaps.iter().any(|gap| gap.adjoins(&page, timeline));
        self.shrink_gaps(timeline, &page);
        if is_last_attempt {
            return self.stop_repeating(&page.purpose, timeline);
        }
        // Missed messages are fetched in a single run, which begins with the newest page.
        let continues = is_newest || (page.purpose == PagePurpose::Resume && self.backfilled_to.is_some());
        let next = match &page.purpose {
            _ if continues && self.resume_from.is_some() => self.continue_resuming(page, timeline, paging),
            PagePurpose::Fill(filling) => {
                let next = adjoins_gap.then_some(page.page + 1);
                self.continue_filling(next, filling.clone(), timeline, paging)
            }
            _ => None,
        };
        if subscription == Subscription::None && self.resume_from.is_none() {
            self.resume_from.clone_from(&self.synced_to);
        }
        next
    }

    fn on_newest_page(&mut self, page: &IncomingPage, subscription: Subscription) {
        if let Some((id, at)) = &page.newest {
            self.on_live(id, *at);
        }
        if subscription == Subscription::Joining && self.joining_after.is_none() {
            self.joining_after.clone_from(&page.newest);
            self.empty_while_joining = page.newest.is_none();
        }
        // The newest page of a room that was left meanwhile does not cover messages sent since.
        self.newest_loaded |= matches!(subscription, Subscription::Joined | Subscription::Joining);
    }

    /// Handles a page of missed messages: it meets the resume point, or the next page follows, or the rest becomes a gap.
    fn continue_resuming(&mut self, page: IncomingPage, timeline: &Timeline, paging: Paging) -> Option<PageRequest> {
        let (known, known_at) = self.resume_from.as_ref()?;
        // An equal time is not enough: missed messages may have been sent in the same millisecond as the known one.
        let is_met = page.is_last
            || page.ids.contains(known)
            || page.oldest.as_ref().is_none_or(|(_, oldest_at)| oldest_at < known_at);
        if is_met {
            self.resume_from = None;
            self.backfilled_to = None;
            // This connection works, so what failed to load before is worth another attempt.
            return self.retry_failed_gap(timeline, paging);
        }
        let before = page.oldest.map(|(id, _)| id);
        self.backfilled_to.clone_from(&before);
        for request in self.in_flight.iter_mut().filter(|request| request.purpose == PagePurpose::Resume) {
            // A second newest page has arrived; from now on, missed messages are fetched from there.
            request.purpose = PagePurpose::Older;
        }
        if page.page < MAX_PAGES_IN_A_ROW {
            return Some(PageRequest { page: page.page + 1, before, purpose: PagePurpose::Resume });
        }
        self.leave_gap(timeline, false);
        None
    }

    /// Records that a requested page could not be loaded. If it was for a gap, the gap stays; otherwise loading stops until
    /// [`clear_load_error`](Self::clear_load_error), and missed messages that are still missing become a gap. Returns
    /// whether loading has stopped: nobody waits for a page requested before the history was last marked stale.
    pub fn on_failure(&mut self, serial: PageSerial, timeline: &Timeline) -> bool {
        let Some(request) = self.on_reply(serial) else { return false };
        match request.purpose {
            PagePurpose::Fill(filling) => self.fail_filling(&filling),
            PagePurpose::Verify => self.verification.stop(),
            PagePurpose::Newest | PagePurpose::Older | PagePurpose::Resume if !request.stale => {
                self.load_failed = true;
                self.leave_gap(timeline, true);
                return true;
            }
            PagePurpose::Newest | PagePurpose::Older | PagePurpose::Resume | PagePurpose::Outdated => {}
        }
        false
    }

    /// Stops waiting for the reply to a request.
    pub fn give_up(&mut self, serial: PageSerial) {
        self.in_flight.iter_mut().filter(|request| request.serial == serial).for_each(InFlight::mark_stale);
    }

    /// Allows pages to be requested again after a failure, because the user asks for more messages.
    pub fn clear_load_error(&mut self) {
        self.load_failed = false;
        self.repetition = Repetition::default();
    }

    /// Records that a message arrived live, or as the newest of a newest page.
    pub fn on_live(&mut self, message: &MessageId, at: Timestamp) {
        if self.synced_to.as_ref().is_none_or(|(_, synced_to)| *synced_to <= at) {
            self.synced_to = Some((message.clone(), at));
        }
    }

    /// Records that live events may have been missed, such as after a disconnect. The newest page has to be loaded again, and
    /// everything after the newest message known so far has to be fetched.
    pub fn mark_stale(&mut self, timeline: &Timeline) {
        self.newest_loaded = false;
        self.load_failed = false;
        self.verification = Verification::default();
        self.repetition = Repetition::default();
        self.in_flight.iter_mut().for_each(InFlight::mark_stale);
        self.backfilled_to = None;
        let joining_after = self.joining_after.take();
        self.empty_while_joining = false;
        if self.resume_from.is_none() {
            let newest = timeline.newest_accepted();
            let newest = || newest.and_then(|newest| Some((newest.id.clone()?, newest.sent_at)));
            self.resume_from = joining_after.or_else(|| self.synced_to.clone()).or_else(newest);
        }
        // In an empty room, any number of messages may have been missed, so the start has to be loaded again.
        self.complete &= self.resume_from.is_some();
    }

    /// Records that the newest messages were restored from the store into an empty timeline. Messages after `newest`
    /// may then be missing, and older ones too unless the history is `complete`.
    pub fn on_restored(&mut self, newest: Option<MessagePoint>, complete: bool) {
        self.resume_from = newest;
        self.complete = complete;
    }

    /// Records that the start of the conversation was restored from the store.
    pub fn on_start_restored(&mut self) {
        self.complete = true;
    }

    /// Records that the room was deleted: nothing more can be fetched, so missing messages remain a gap.
    pub(super) fn on_deleted(&mut self, timeline: &Timeline) {
        self.leave_gap(timeline, false);
        self.mark_stale(timeline);
    }
}

fn oldest_id(timeline: &Timeline) -> Option<MessageId> {
    timeline.slot_at(0).and_then(|slot| timeline.get(slot).id.clone())
}

/// Returns the position after a message, by its time if it is not loaded.
fn position_after(timeline: &Timeline, (id, at): &MessagePoint) -> usize {
    let position = timeline.find(id).and_then(|slot| timeline.position(slot));
    position.map_or_else(|| timeline.position_after(*at), |position| position + 1)
}

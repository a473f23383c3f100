//! Verification of messages that were loaded earlier: whether the server still has them.
//!
//! Some services tell only those who listen that a message was deleted, and leave it out of their pages. Messages from
//! the store, or from before the connection was lost, are therefore compared with the pages that should contain them.
//! The newest page is requested anyway; pages further up are requested once their messages are on screen.
//!
//! Numbered pages shift while they are fetched. A page by itself is a snapshot of neighbours, so a message between two
//! of them that is not on it was deleted. A message *between two pages* may have been skipped: a deletion further down
//! moves it to a page that was fetched before. It counts as deleted only if the room has not shrunk from one page to
//! the next, since then nothing can have moved up. Without the number of messages in the room, nothing is concluded.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::page::{IncomingPage, PAGE_DELAY, PagePurpose, ReceivedPage};
use super::{HistorySync, MessagePoint, PageRequest, position_after};
use crate::domain::capabilities::Paging;
use crate::domain::ids::{MessageId, PageSerial};
use crate::domain::message::Message;
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Slot, Timeline};

/// Maximum number of pages in a row that are requested for messages on screen and bring nothing that was not compared
/// before. More are needed only if the room keeps changing at the same time.
const MAX_ATTEMPTS: u8 = 6;

/// Number of pages that are remembered.
const MAX_RECEIVED: usize = 8;

/// Record of the loaded messages that have been compared with pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Verification {
    /// Spans of time whose messages were compared since the history was last marked stale. They do not touch.
    spans: Vec<RangeInclusive<Timestamp>>,
    /// The pages that arrived most recently, the last one at the end.
    received: VecDeque<ReceivedPage>,
    /// Number of the page with the oldest messages, if it or a later one has arrived.
    end: Option<u32>,
    /// Number of pages in a row that were requested for messages on screen and compared nothing.
    attempts: u8,
}

impl Verification {
    /// Returns the page that arrived last, unless it was empty.
    pub(super) fn last(&self) -> Option<&ReceivedPage> {
        self.received.back()
    }

    pub(super) fn count_attempt(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// Requests no more pages until the history is marked stale.
    pub(super) fn stop(&mut self) {
        self.attempts = MAX_ATTEMPTS;
    }

    fn covers(&self, at: Timestamp) -> bool {
        self.spans.iter().any(|span| span.contains(&at))
    }

    /// Remembers a page, whether its messages are merged or not.
    pub(super) fn note(&mut self, page: &IncomingPage, timeline: &Timeline) {
        let Some((oldest, newest)) = page.oldest.clone().zip(page.newest.clone()) else {
            self.end = Some(page.pages.min(page.page.saturating_sub(1)));
            return;
        };
        self.end = if page.is_last { Some(page.page) } else { self.end.filter(|end| *end > page.page) };
        if self.received.len() == MAX_RECEIVED {
            self.received.pop_front();
        }
        let (total, tombstones) = (page.total, timeline.tombstone_len());
        self.received.push_back(ReceivedPage { page: page.page, oldest, newest, total, tombstones });
    }

    /// Records that the loaded messages were compared with a page.
    pub(super) fn on_merged(&mut self, page: &IncomingPage, timeline: &Timeline) {
        self.note(page, timeline);
        if page.before_join {
            return;
        }
        let oldest = if page.is_last { Some(Timestamp(i64::MIN)) } else { page.oldest.as_ref().map(|(_, at)| *at) };
        let newest = match (&page.purpose, &page.continues) {
            // What is newer than the newest page arrives live.
            (PagePurpose::Newest, _) => Some(Timestamp(i64::MAX)),
            (_, Some((_, at))) => Some(*at),
            (_, None) => page.newest.as_ref().map(|(_, at)| *at),
        };
        let Some((mut oldest, mut newest)) = oldest.zip(newest) else { return };
        if self.spans.iter().any(|span| *span.start() <= oldest && newest <= *span.end()) {
            return;
        }
        self.attempts = 0;
        self.spans.retain(|span| {
            let touches = *span.start() <= newest && oldest <= *span.end();
            if touches {
                (oldest, newest) = (oldest.min(*span.start()), newest.max(*span.end()));
            }
            !touches
        });
        self.spans.push(oldest..=newest);
    }

    /// Returns the page to request for a message that was sent `at` a time, given its number by estimate: one between
    /// the pages next to it. If these follow each other, they are requested again in turn, which shows whether the
    /// message was deleted.
    fn page_between(&self, at: Timestamp, estimate: u32) -> u32 {
        let newer = self.received.iter().filter(|page| page.oldest.1 > at).map(|page| page.page).max();
        let older = self.received.iter().filter(|page| page.newest.1 < at).map(|page| page.page).min();
        let last = self.last().map(|last| last.page);
        let is_outdated = older.is_some() && newer >= older;
        // Pages have moved since they arrived, so only the last one tells something.
        let newer = newer.filter(|_| !is_outdated || newer == last);
        let older = older.filter(|_| !is_outdated || (older == last && newer != last));
        let (first, end) = (newer.map_or(1, |page| page + 1), older.map(|page| page.saturating_sub(1)).or(self.end));
        match end {
            Some(end) if end < first && last == newer => first,
            Some(end) if end < first => newer.unwrap_or(1),
            Some(end) => estimate.clamp(first, end),
            None => estimate.max(first),
        }
    }
}

impl HistorySync {
    /// Returns the request for the page that should contain one of the messages in these slots, newest first, if it has
    /// not been compared with a page yet; `None` if all have been, or a page is being loaded. For services whose pages
    /// are numbered and omit deleted messages.
    pub fn next_unverified_page(
        &self,
        on_screen: impl Iterator<Item = Slot>,
        timeline: &Timeline,
        paging: Paging,
    ) -> Option<PageRequest> {
        // This runs for each frame, so whatever walks through the timeline comes last.
        let is_ready = paging.by_number && self.is_synced() && !self.load_failed && self.awaits_nothing();
        if !is_ready || self.verification.attempts >= MAX_ATTEMPTS {
            return None;
        }
        let is_unverified = |message: &Message| is_accepted(message) && !self.verification.covers(message.sent_at);
        let mut unverified = on_screen.filter(|slot| is_unverified(timeline.get(*slot)));
        let slot = unverified.next()?;
        let position = timeline.position(slot)?;
        // Pages are counted from the newest message, so nothing may be missing after this one.
        if position >= self.contiguous_len(timeline) || self.has_gap_after(position, timeline) {
            return None;
        }
        let estimate = self.newer_messages(position, timeline, paging) / paging.size.max(1) + 1;
        let page = self.verification.page_between(timeline.get(slot).sent_at, estimate);
        Some(PageRequest { page, before: None, purpose: PagePurpose::Verify })
    }

    /// Whether the request with this serial was made only to compare loaded messages with its page.
    pub fn only_verifies(&self, serial: PageSerial) -> bool {
        self.in_flight.iter().any(|request| request.serial == serial && request.purpose == PagePurpose::Verify)
    }

    /// Whether no request made since the history was last marked stale is unanswered.
    pub(super) fn awaits_nothing(&self) -> bool {
        self.in_flight.iter().all(|request| request.stale)
    }

    /// Estimates how many messages on the server are newer than the one at `position`. Messages in between that have
    /// not been compared may have been deleted, so it is counted from the page that arrived last.
    fn newer_messages(&self, position: usize, timeline: &Timeline, paging: Paging) -> u32 {
        let count = |from: usize, to: usize| {
            let messages = timeline.iter().take(to.min(timeline.accepted_len())).skip(from);
            let count = messages.filter(|(_, message)| is_accepted(message)).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let Some(last) = self.verification.last().filter(|last| last.page > 1) else {
            return count(position + 1, usize::MAX);
        };
        let start = (last.page - 1).saturating_mul(paging.size);
        let end = position_after(timeline, &last.newest);
        if position < end {
            start.saturating_add(count(position + 1, end))
        } else {
            start.saturating_sub(count(end, position + 1))
        }
    }
}

impl IncomingPage {
    /// Returns the oldest message of the page that arrived before the request for this one, if no message can lie
    /// between the two pages.
    pub(super) fn continuation(&self, last: Option<ReceivedPage>, timeline: &Timeline) -> Option<MessagePoint> {
        let last = last.filter(|last| last.page + 1 == self.page)?;
        // A server that counts deleted messages, too, does not report a smaller number after a deletion.
        let has_changed = last.tombstones != timeline.tombstone_len();
        (!has_changed && self.total? >= last.total?).then_some(last.oldest)
    }

    /// Returns the loaded messages outside the time span of this page that it proves to be deleted: between it and the
    /// page before it, and before the last page.
    pub(super) fn deleted_beside(&self, timeline: &Timeline) -> Vec<MessageId> {
        let is_start = self.is_last && self.total.is_some();
        if self.is_stale || (self.ids.is_empty() && self.continues.is_none()) || !(is_start || self.continues.is_some())
        {
            return Vec::new();
        }
        let from = self.oldest.as_ref().filter(|_| !is_start).map_or(0, |(_, at)| timeline.position_after(*at));
        let end = self.continues.as_ref().or(self.newest.as_ref()).map(|(_, at)| *at);
        let messages = timeline.iter().take(timeline.accepted_len()).skip(from);
        let before_end = messages.take_while(|(_, message)| Some(message.sent_at) < end);
        let missing = before_end.filter(|(slot, message)| {
            // Messages as old as the newest one may be on the page before.
            let is_beside = self.newest.as_ref().is_none_or(|(_, at)| message.sent_at != *at);
            let is_settled = message.sent_at + PAGE_DELAY <= self.requested_at && !timeline.has_local_time(*slot);
            is_beside && is_settled && is_accepted(message)
        });
        missing.filter_map(|(_, message)| message.id.clone()).filter(|id| !self.ids.contains(id)).collect()
    }
}

fn is_accepted(message: &Message) -> bool {
    message.id.is_some() && !message.deleted
}

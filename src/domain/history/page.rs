//! Pages of a room's history: the request for a page, its state while no reply has arrived, and the page that arrived.

use super::gaps::GapFill;
use super::{MessagePoint, Paging};
use crate::domain::ids::{MessageId, PageSerial};
use crate::domain::time::{SECOND, Timestamp};
use crate::domain::timeline::Timeline;

/// Maximum number of loaded messages that are remembered with a request for the newest page: more than a page of either
/// service holds.
const MAX_KNOWN: usize = 100;

/// Milliseconds after which a message is certain to be on its page. A server may announce a message before its pages
/// contain it.
pub(super) const PAGE_DELAY: i64 = 10 * SECOND;

/// Page of history to request from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Page number, from 1; page 1 holds the newest messages.
    pub page: u32,
    /// Message that the page ends right before; `None` for the newest messages.
    pub before: Option<MessageId>,
    pub(super) purpose: PagePurpose,
}

impl PageRequest {
    /// Creates a request for the newest page.
    pub fn newest() -> Self {
        Self { page: 1, before: None, purpose: PagePurpose::Newest }
    }

    /// Creates a request for an older page.
    pub fn older(page: u32, before: Option<MessageId>) -> Self {
        let purpose = if page == 1 { PagePurpose::Newest } else { PagePurpose::Older };
        Self { page, before, purpose }
    }

    /// Whether the page ends right before this message.
    pub fn ends_before(&self, message: Option<&MessagePoint>) -> bool {
        self.before.is_some() && self.before.as_ref() == message.map(|(id, _)| id)
    }
}

/// Numbers that a server reports with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumbers {
    /// Page number, from 1; page 1 holds the newest messages.
    pub page: u32,
    /// Number of pages.
    pub pages: u32,
    /// Number of messages in the room, if the server reports it.
    pub total: Option<u32>,
}

impl PageNumbers {
    /// Returns the number of messages in the room, if the page has as many messages as follow from it.
    pub(super) fn exact_total(self, len: usize, paging: Paging) -> Option<u32> {
        let size = paging.size.max(1);
        let total = self.total.filter(|_| paging.by_number)?;
        let expected = total.saturating_sub(self.page.saturating_sub(1).saturating_mul(size)).min(size);
        let is_exact = u32::try_from(len) == Ok(expected) && self.pages.max(1) == total.div_ceil(size).max(1);
        is_exact.then_some(total)
    }
}

/// Unanswered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InFlight {
    pub(super) serial: PageSerial,
    pub(super) page: u32,
    pub(super) before: Option<MessageId>,
    pub(super) purpose: PagePurpose,
    /// Whether the history was marked stale after the request was made. Nobody waits for the page then.
    pub(super) stale: bool,
    /// Whether the page adjoins the loaded messages only if it overlaps them. That holds for the newest page if another
    /// one, which may be newer, has arrived since the request, or if messages were unloaded.
    pub(super) must_overlap: bool,
    /// For the newest page: the messages that were loaded when it was requested.
    pub(super) known: Known,
    /// When it was made, by the server's clock.
    pub(super) at: Timestamp,
    /// The page that had arrived last when it was made.
    pub(super) last_received: Option<ReceivedPage>,
    /// Whether the page may have been read before the join was processed. What was deleted in between is still on it.
    pub(super) before_join: bool,
}

/// Page that has arrived, as far as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReceivedPage {
    pub(super) page: u32,
    pub(super) oldest: MessagePoint,
    pub(super) newest: MessagePoint,
    /// Number of messages in the room, if the page agrees with it.
    pub(super) total: Option<u32>,
    /// Number of loaded tombstones when the page had been merged.
    pub(super) tombstones: usize,
}

/// The newest messages that were loaded when a page was requested.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Known {
    /// Those older than `PAGE_DELAY`. If they are missing on the page, they have been deleted.
    pub(super) settled: Vec<MessageId>,
    /// The others, except those stamped in the future. If they are missing, only a later page decides about them.
    recent: Vec<MessagePoint>,
}

impl Known {
    /// Returns the messages of `timeline` at the time `now` by the server's clock.
    pub(super) fn at(timeline: &Timeline, now: Timestamp) -> Self {
        let mut known = Self::default();
        for (_, message) in timeline.iter().rev().filter(|(_, message)| !message.deleted) {
            let Some(id) = message.id.clone() else { continue };
            if message.sent_at + PAGE_DELAY <= now {
                known.settled.push(id);
            } else if message.sent_at <= now + PAGE_DELAY && known.recent.len() < MAX_KNOWN {
                known.recent.push((id, message.sent_at));
            }
            if known.settled.len() == MAX_KNOWN {
                break;
            }
        }
        known
    }
}

impl InFlight {
    /// Stands for a request that nobody knows any more.
    pub(super) fn outdated(serial: PageSerial) -> Self {
        let (known, at) = (Known::default(), Timestamp::default());
        let (purpose, before, last_received) = (PagePurpose::Outdated, None, None);
        let (page, stale, must_overlap, before_join) = (0, true, false, false);
        Self { serial, page, before, purpose, stale, must_overlap, known, at, last_received, before_join }
    }

    pub(super) fn mark_stale(&mut self) {
        self.stale = true;
        match self.purpose {
            // The page need not adjoin the messages that are loaded when it arrives.
            PagePurpose::Newest | PagePurpose::Verify => self.purpose = PagePurpose::Outdated,
            // Missed messages are fetched anew, beginning with the newest page.
            PagePurpose::Resume => self.purpose = PagePurpose::Older,
            PagePurpose::Older | PagePurpose::Fill(_) | PagePurpose::Outdated => {}
        }
    }
}

/// Reason why a page was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PagePurpose {
    /// To load the newest messages.
    Newest,
    /// To load older messages.
    Older,
    /// To fetch missed messages, continuing from the newest page.
    Resume,
    /// To fill a gap.
    Fill(GapFill),
    /// To compare loaded messages with it.
    Verify,
    /// Obsolete: the page need not adjoin the loaded messages any more.
    Outdated,
}

/// Page that has arrived and is about to be merged into the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "pass it to `HistorySync::on_merged` after merging the page"]
pub struct IncomingPage {
    pub(super) page: u32,
    /// Number of pages.
    pub(super) pages: u32,
    /// Message right before which the page was requested to end, if the request named one.
    pub(super) before: Option<MessageId>,
    pub(super) purpose: PagePurpose,
    /// Whether the history was marked stale after the page was requested.
    pub(super) is_stale: bool,
    /// Whether the server has no older messages.
    pub(super) is_last: bool,
    /// For the newest page: the messages that were loaded when it was requested.
    pub(super) known: Known,
    /// Ids of its messages.
    pub(super) ids: Vec<MessageId>,
    pub(super) oldest: Option<MessagePoint>,
    pub(super) newest: Option<MessagePoint>,
    /// Number of messages in the room, if the page agrees with it.
    pub(super) total: Option<u32>,
    /// Oldest message of the page before it, if no message can lie between the two.
    pub(super) continues: Option<MessagePoint>,
    /// When it was requested, by the server's clock.
    pub(super) requested_at: Timestamp,
    /// Whether it may have been read before the join was processed.
    pub(super) before_join: bool,
}

impl IncomingPage {
    /// Whether the page must be ignored, because it need not adjoin the loaded messages any more: either live events
    /// may have been lost since it was requested, or the messages that it adjoins were unloaded.
    pub fn is_outdated(&self) -> bool {
        self.purpose == PagePurpose::Outdated
    }

    /// Whether the history was marked stale after the page was requested.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether the server has no older messages.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether the page is one that was fetched before, so that it leads no further back. Numbered pages may move while
    /// they are fetched, so only one with the same oldest message is certainly the same.
    pub(super) fn is_repeated(&self, timeline: &Timeline, paging: Paging) -> bool {
        let Some((before, (oldest, _))) = self.before.as_ref().zip(self.oldest.as_ref()) else { return false };
        let position = |id| timeline.find(id).and_then(|slot| timeline.position(slot));
        before == oldest || (!paging.by_number && position(oldest) >= position(before))
    }

    /// Returns the messages that were deleted while no live events arrived: they were older than `PAGE_DELAY` when this
    /// page was requested, and this page or the one before it would contain them. For services whose pages omit deleted
    /// messages.
    pub fn deleted(&self, timeline: &Timeline, paging: Paging) -> Vec<MessageId> {
        let mut deleted = self.deleted_on_newest(timeline, paging);
        let beside = self.deleted_beside(timeline).into_iter().filter(|id| !deleted.contains(id)).collect::<Vec<_>>();
        deleted.extend(beside);
        deleted
    }

    fn deleted_on_newest(&self, timeline: &Timeline, paging: Paging) -> Vec<MessageId> {
        let known = u32::try_from(self.known.settled.len()).unwrap_or(u32::MAX);
        if self.ids.is_empty() && known > paging.size {
            // Somebody who was removed from a room may get an empty page too. Nobody deletes so many messages.
            return Vec::new();
        }
        self.known.settled.iter().filter(|id| self.lacks(id, timeline)).cloned().collect()
    }

    /// Returns when, by the server's clock, a page will decide about the messages that are missing on this one and were
    /// too new for it; `None` without such messages. For services whose pages omit deleted messages.
    pub fn undecided_until(&self, timeline: &Timeline) -> Option<Timestamp> {
        let missing = self.known.recent.iter().filter(|(id, _)| self.lacks(id, timeline));
        missing.map(|(_, at)| *at + PAGE_DELAY).max()
    }

    /// Whether a loaded message that is not known to be deleted would be on this page, and is not.
    fn lacks(&self, id: &MessageId, timeline: &Timeline) -> bool {
        let Some(message) = timeline.find(id).map(|slot| timeline.get(slot)) else { return false };
        // Messages as old as the oldest one on the page may be on the next page.
        let oldest = self.oldest.as_ref().filter(|_| !self.is_last).map(|(_, at)| *at);
        !self.ids.contains(id) && !message.deleted && oldest.is_none_or(|oldest| message.sent_at > oldest)
    }

    /// Whether the page reaches the oldest loaded message, by itself or because it continues a page that does.
    pub(super) fn overlaps(&self, timeline: &Timeline) -> bool {
        let oldest_loaded = timeline.slot_at(0).map(|slot| timeline.get(slot).sent_at);
        self.continues.as_ref().or(self.newest.as_ref()).map(|(_, at)| *at) >= oldest_loaded
    }

    /// Returns the oldest message on the page.
    pub fn oldest(&self) -> Option<&MessagePoint> {
        self.oldest.as_ref()
    }
}

//! Gaps in a room's history: how they arise, shrink, are filled and close.
//!
//! A gap arises when messages were missed while disconnected and could not all be fetched. The loaded history continues
//! on both sides of it, and the message pane shows a line in between.

use crate::domain::capabilities::Paging;
use crate::domain::ids::MessageId;
use crate::domain::timeline::{Slot, Timeline};

use super::{HistorySync, IncomingPage, MAX_PAGES_IN_A_ROW, MessagePoint, PagePurpose, PageRequest};

/// Range of the history in which messages are missing, between two messages that are loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Last message before the gap. Identifies the gap, since it does not change while the gap is filled from its newer
    /// end.
    pub(super) after: MessagePoint,
    /// First message after the gap. From here on the history is contiguous up to the next gap.
    pub(super) before: Slot,
    /// Whether the gap is left because a page failed to load. It is then retried automatically, once per connection.
    retry: bool,
}

impl Gap {
    /// Whether a page with this purpose was requested for this gap.
    fn is_filled_by(&self, purpose: &PagePurpose) -> bool {
        matches!(purpose, PagePurpose::Fill(filling) if filling.after == self.after.0)
    }

    /// Whether a page ends right before the newer end of this gap. It need not if the gap has grown or shrunk since the
    /// page was requested for it.
    pub(super) fn adjoins(&self, page: &IncomingPage, timeline: &Timeline) -> bool {
        self.is_filled_by(&page.purpose) && timeline.get(self.before).id == page.before
    }
}

/// Progress of filling a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GapFill {
    /// Id of the message before the gap, which identifies the gap. The gap may have been closed meanwhile.
    after: MessageId,
    /// Number of further pages that may be fetched for it.
    pages_left: u32,
}

impl HistorySync {
    /// Returns the gaps, in no particular order.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Whether messages are missing directly above the message in `slot`.
    pub fn has_gap_above(&self, slot: Slot) -> bool {
        self.gaps.iter().any(|gap| gap.before == slot)
    }

    /// Whether messages are being fetched for the gap above the message in `slot`.
    pub fn is_filling_above(&self, slot: Slot) -> bool {
        let mut gaps = self.gaps.iter().filter(|gap| gap.before == slot);
        gaps.any(|gap| self.current_requests().any(|request| gap.is_filled_by(&request.purpose)))
    }

    /// Returns the message that follows the newest gap.
    pub fn newest_gap(&self, timeline: &Timeline) -> Option<Slot> {
        self.gaps.iter().map(|gap| gap.before).max_by_key(|slot| timeline.position(*slot))
    }

    /// Whether there is a gap anywhere below the message at `position`.
    pub(super) fn has_gap_after(&self, position: usize, timeline: &Timeline) -> bool {
        self.gaps.iter().any(|gap| timeline.position(gap.before) > Some(position))
    }

    /// Returns, in ascending order, the positions directly above which messages may be missing. If single messages are
    /// loaded inside a gap, that includes the position of each of them.
    pub fn breaks(&self, timeline: &Timeline) -> Vec<usize> {
        let inside = self.gaps.iter().filter_map(|gap| {
            let before = timeline.position(gap.before)?;
            Some(super::position_after(timeline, &gap.after).min(before)..=before)
        });
        let mut breaks: Vec<usize> = inside.flatten().collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }

    /// Starts filling the gap above the message in `slot`. Returns the page to request; `None` if there is no such gap
    /// or a page is being loaded already.
    pub fn start_filling(&mut self, slot: Slot, timeline: &Timeline, paging: Paging) -> Option<PageRequest> {
        let gap = self.gaps.iter().find(|gap| gap.before == slot).filter(|_| !self.is_loading())?;
        let filling = GapFill { after: gap.after.0.clone(), pages_left: MAX_PAGES_IN_A_ROW };
        self.fill(None, filling, timeline, paging)
    }

    /// Handles a page that was fetched for a gap: the next one follows if the gap is still open. `page` is the number of
    /// the next page, if the last one adjoined the gap.
    pub(super) fn continue_filling(
        &mut self,
        page: Option<u32>,
        filling: GapFill,
        timeline: &Timeline,
        paging: Paging,
    ) -> Option<PageRequest> {
        if !self.gaps.iter().any(|gap| gap.after.0 == filling.after) {
            return self.retry_failed_gap(timeline, paging);
        }
        if filling.pages_left == 0 {
            return None;
        }
        self.fill(page, filling, timeline, paging)
    }

    /// Starts filling a gap that failed to load before, because the connection has just proved to work.
    pub(super) fn retry_failed_gap(&mut self, timeline: &Timeline, paging: Paging) -> Option<PageRequest> {
        let gap = self.gaps.iter_mut().rev().find(|gap| gap.retry)?;
        gap.retry = false;
        let filling = GapFill { after: gap.after.0.clone(), pages_left: MAX_PAGES_IN_A_ROW };
        self.fill(None, filling, timeline, paging)
    }

    /// Returns the request for the page above the newer end of a gap. `page` is its number, for services that page by
    /// number; `None` to estimate it from the loaded messages.
    fn fill(&self, page: Option<u32>, filling: GapFill, timeline: &Timeline, paging: Paging) -> Option<PageRequest> {
        let gap = self.gaps.iter().find(|gap| gap.after.0 == filling.after)?;
        let before = timeline.get(gap.before).id.clone();
        let page = page.unwrap_or_else(|| page_before(timeline, gap.before, paging));
        let purpose = PagePurpose::Fill(GapFill { pages_left: filling.pages_left - 1, ..filling });
        Some(PageRequest { page, before, purpose })
    }

    /// Stops filling a gap because a page failed to load.
    pub(super) fn fail_filling(&mut self, filling: &GapFill) {
        let gap = self.gaps.iter_mut().find(|gap| gap.after.0 == filling.after);
        gap.into_iter().for_each(|gap| gap.retry = true);
    }

    /// Stops fetching missed messages and records those still missing as a gap. Single messages inside the gap may be
    /// loaded, such as the user's own that were accepted meanwhile.
    ///
    /// Does nothing unless at least one page has arrived: otherwise the newest page will tell what is missing.
    pub(super) fn leave_gap(&mut self, timeline: &Timeline, retry: bool) {
        let reached = self.backfilled_to.take().and_then(|id| timeline.find(&id));
        let Some(before) = reached else { return };
        let Some(after) = self.resume_from.take() else {
            return;
        };
        // Gaps inside the new one are part of it.
        let end = timeline.position(before);
        self.gaps.retain(|gap| gap.after.1 < after.1 || timeline.position(gap.before) > end);
        self.gaps.push(Gap { after, before, retry });
    }

    /// Records a gap between stored messages: messages are missing between `after` and the message in `before`. It is
    /// filled once there is a connection.
    pub fn on_gap_restored(&mut self, after: MessagePoint, before: Slot) {
        self.gaps.push(Gap { after, before, retry: true });
    }

    /// Shrinks or closes the gaps that a page covers or [adjoins](Gap::adjoins).
    pub(super) fn shrink_gaps(&mut self, timeline: &Timeline, page: &IncomingPage) {
        let contains = |id: Option<&MessageId>| id.is_some_and(|id| page.ids.contains(id));
        let bounds = page.oldest.as_ref().zip(page.newest.as_ref());
        let bounds = bounds.and_then(|(oldest, newest)| Some((timeline.find(&oldest.0)?, oldest.1, newest.1)));
        self.gaps.retain_mut(|gap| {
            let adjoins = gap.adjoins(page, timeline);
            if adjoins && page.is_last {
                // Without older messages on the server, nothing can be missing in the gap.
                return false;
            }
            let Some((first, oldest_at, newest_at)) = bounds else { return true };
            let end = timeline.get(gap.before);
            // Messages of the same millisecond as a boundary may be missing, so equal times prove nothing.
            let reaches_end = adjoins || newest_at > end.sent_at || contains(end.id.as_ref());
            if !reaches_end || timeline.position(first) >= timeline.position(gap.before) {
                return true;
            }
            let reaches_start = oldest_at < gap.after.1 || contains(Some(&gap.after.0));
            gap.before = first;
            !reaches_start
        });
    }

    /// Adapts the gaps to the removal of the message in `slot`, which is followed by `next`.
    pub(in crate::domain) fn on_removed(&mut self, slot: Slot, next: Option<Slot>) {
        self.gaps.retain_mut(|gap| {
            if gap.before == slot {
                let Some(next) = next else { return false };
                gap.before = next;
            }
            true
        });
    }

    /// Records that the oldest messages were unloaded.
    ///
    /// Messages missing before the oldest message that is still loaded are no longer a gap: they are fetched like all
    /// older messages when the user scrolls up.
    pub(in crate::domain) fn on_unloaded(&mut self, timeline: &Timeline) {
        let oldest = timeline.slot_at(0).and_then(|slot| {
            let message = timeline.get(slot);
            Some((slot, (message.id.clone()?, message.sent_at)))
        });
        self.gaps.retain_mut(|gap| {
            let Some((oldest_slot, oldest)) = oldest.as_ref().filter(|_| timeline.position(gap.before).is_some())
            else {
                return false;
            };
            if timeline.find(&gap.after.0).is_none() {
                gap.after.clone_from(oldest);
            }
            gap.before != *oldest_slot
        });
        if self.resume_from.as_ref().is_some_and(|(known, _)| timeline.find(known).is_none()) {
            let oldest = oldest.map(|(_, oldest)| oldest);
            // If the pages fetched so far reach back to the oldest message, nothing is missing any more.
            let is_met = match (&oldest, &self.backfilled_to) {
                (Some((id, _)), Some(backfilled)) => id == backfilled || timeline.find(backfilled).is_none(),
                (oldest, _) => oldest.is_none(),
            };
            self.resume_from = oldest.filter(|_| !is_met);
            self.backfilled_to.take_if(|_| is_met);
        }
        for request in &mut self.in_flight {
            let adjoins = match &request.purpose {
                PagePurpose::Newest => true,
                PagePurpose::Resume => self.backfilled_to.is_some(),
                fill @ PagePurpose::Fill(_) => self.gaps.iter().any(|gap| gap.is_filled_by(fill)),
                PagePurpose::Older | PagePurpose::Verify | PagePurpose::Outdated => false,
            };
            request.must_overlap |= request.purpose == PagePurpose::Newest;
            if !adjoins {
                request.purpose = PagePurpose::Outdated;
            }
        }
        self.complete = false;
        self.empty_page = 0;
    }
}

/// Returns the number of the page that ends directly before a message, for services that page by number. It is exact
/// unless a message that is loaded here was deleted on the server, or a gap lies below.
fn page_before(timeline: &Timeline, slot: Slot, paging: Paging) -> u32 {
    let newer = timeline.position(slot).map_or(0, |position| {
        let after = timeline.iter().skip(position);
        after.filter(|(_, message)| message.id.is_some() && !message.deleted).count()
    });
    // Skips full pages, which are loaded already. A page that is loaded in part has to be requested for the rest.
    (u32::try_from(newer).unwrap_or(u32::MAX) / paging.size.max(1)).saturating_add(1).max(2)
}

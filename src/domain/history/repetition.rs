//! Servers that send the same page again and again: they are not asked for ever.

use crate::domain::capabilities::Paging;
use crate::domain::timeline::Timeline;

use super::page::PagePurpose;
use super::{HistorySync, IncomingPage, PageRequest, oldest_id};

impl HistorySync {
    /// Counts a page that brings nothing new. Returns whether there were too many in a row.
    pub(super) fn count_repetition(
        &mut self,
        page: &IncomingPage,
        new: usize,
        timeline: &Timeline,
        paging: Paging,
    ) -> bool {
        let is_repeated = match page.purpose {
            _ if page.is_last => false,
            // Pages between loaded messages are requested to look for a message there, and bring nothing new either.
            PagePurpose::Older if page.before.is_none() || page.before != oldest_id(timeline) => return false,
            PagePurpose::Older => {
                let last = self.last_oldest.take();
                self.last_oldest = page.oldest.clone().filter(|_| new == 0);
                // Numbered pages of stored messages that were verified before lead further back all the same.
                let oldest = page.oldest.as_ref().filter(|_| paging.by_number);
                let leads_back = oldest.is_some_and(|(_, at)| last.is_none_or(|(_, last)| *at < last));
                new == 0 && !leads_back
            }
            PagePurpose::Resume | PagePurpose::Fill(_) => {
                let last = self.last_oldest.take();
                self.last_oldest = page.oldest.clone().filter(|_| new == 0);
                // Numbered pages need not end right before the message that the request named.
                let is_same = self.last_oldest.is_some() && self.last_oldest == last;
                is_same || page.is_repeated(timeline, paging)
            }
            PagePurpose::Newest | PagePurpose::Verify | PagePurpose::Outdated => return false,
        };
        self.repetition.count(!is_repeated)
    }

    /// Requests no more pages until the user asks for them. Missed messages that are still missing become a gap.
    pub(super) fn stop_repeating(&mut self, purpose: &PagePurpose, timeline: &Timeline) -> Option<PageRequest> {
        self.load_failed = !matches!(purpose, PagePurpose::Fill(_));
        self.leave_gap(timeline, false);
        None
    }

    /// Whether the server keeps sending pages that bring nothing new, so that no more are requested.
    pub fn is_repeating(&self) -> bool {
        self.load_failed && self.repetition.is_endless()
    }
}

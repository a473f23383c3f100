//! Joining a room: live events arrive once the server has processed the join, which it does not confirm.

use super::verification::Verification;
use super::{HistorySync, MessagePoint};
use crate::domain::timeline::Timeline;

impl HistorySync {
    /// Records that the join must have been processed by now. Messages that may have been missed before it are fetched with
    /// the newest page, which the caller requests next.
    pub fn on_joined(&mut self) {
        match self.joining_after.take() {
            Some(_) if self.resume_from.is_some() => {
                // Live messages may have arrived since that do not follow the pages fetched so far; fetch them again.
                self.backfilled_to = None;
            }
            Some(joining_after) => self.resume_from = Some(joining_after),
            // The room was empty, so there is no resume point; the newest page has to be loaded again.
            None => self.newest_loaded &= self.synced_to.is_some() && !self.empty_while_joining,
        }
        self.empty_while_joining = false;
        // Deletions between an older page and the join were missed, so its messages are compared again. They cannot be
        // until the newest page has arrived.
        self.verification = Verification::default();
        self.in_flight.iter_mut().for_each(|request| request.before_join = true);
    }

    /// Records that the join has only been processed now, although the caller had assumed it and requested the newest
    /// page. `synced_to` is the newest message at that time; later ones may have been missed. The newest page, which
    /// the caller requests next, has to be loaded again.
    pub fn on_joined_late(&mut self, synced_to: Option<MessagePoint>, timeline: &Timeline) {
        // In an empty room, the first messages may have been missed, so the start has to be loaded again.
        let is_complete = self.complete && synced_to.is_some();
        let oldest = timeline.slot_at(0).map(|slot| timeline.get(slot));
        let oldest = || oldest.and_then(|oldest| Some((oldest.id.clone()?, oldest.sent_at)));
        let synced_to = synced_to.or_else(oldest);
        let synced_at = synced_to.as_ref().map(|(_, at)| *at);
        let is_earlier = |(_, at): &MessagePoint| Some(*at) <= synced_at;
        let resume_from = self.resume_from.take().filter(is_earlier).or(synced_to);
        self.mark_stale(timeline);
        // Not the newest message known now: it may have arrived live after the missed ones.
        self.resume_from = resume_from;
        self.complete &= is_complete;
    }
}

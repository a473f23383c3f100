//! Gaps in a room's history: how they arise, shrink and close.
//!
//! A gap arises when messages were missed while disconnected and fetching them was given up. The loaded history continues
//! on both sides of it, and the message pane shows a line in between.

use super::history::{Filling, Gap};
use super::ids::MessageId;
use super::room::Room;
use super::time::Timestamp;
use super::timeline::Slot;

impl Room {
    /// Stops fetching missed messages and records those still missing as a gap. Single messages inside the gap may be
    /// loaded, such as the user's own that were confirmed meanwhile.
    ///
    /// Does nothing unless at least one page has arrived: otherwise the newest page will tell what is missing.
    pub fn leave_gap(&mut self, again: bool) {
        let reached = self.history.reached.take().and_then(|id| self.timeline.find(&id));
        let Some((before, after)) = reached.zip(self.history.resume_from.take_if(|_| reached.is_some())) else {
            return;
        };
        self.history.gaps.push(Gap { after, before, again });
    }

    /// Stops filling a gap because a page failed to load. Returns whether a gap was being filled.
    pub fn stop_filling(&mut self) -> bool {
        let Some(filling) = self.history.filling.take() else { return false };
        let gap = self.history.gaps.iter_mut().find(|gap| gap.after.0 == filling.after);
        gap.into_iter().for_each(|gap| gap.again = true);
        true
    }

    /// Returns the gap directly above a message.
    pub fn gap_above(&self, slot: Slot) -> Option<&Gap> {
        self.history.gaps.iter().find(|gap| gap.before == slot)
    }

    /// Returns, in ascending order, the positions directly above which messages may be missing. If single messages are
    /// loaded inside a gap, that includes the position of each of them.
    pub fn breaks(&self) -> Vec<usize> {
        let Self { timeline, history, .. } = self;
        let inside = history.gaps.iter().filter_map(|gap| {
            let (id, at) = &gap.after;
            let after = timeline.find(id).and_then(|slot| timeline.position(slot));
            let before = timeline.position(gap.before)?;
            Some(after.map_or_else(|| timeline.position_after(*at), |after| after + 1).min(before)..=before)
        });
        let mut breaks: Vec<usize> = inside.flatten().collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }

    /// Whether the newest messages are missing and could not be loaded.
    pub fn misses_newest(&self) -> bool {
        self.history.stuck && self.history.resume_from.is_some()
    }

    /// Returns the number of the page that ends directly before the newer end of a gap, for services that page by number.
    /// It is exact unless a message that is loaded here was deleted on the server, or another gap lies below.
    pub fn page_before(&self, slot: Slot, page_size: u32) -> u32 {
        let newer = self.timeline.position(slot).map_or(0, |position| {
            let after = self.timeline.iter().skip(position);
            after.filter(|(_, message)| message.id.is_some() && !message.deleted).count()
        });
        // Full pages are loaded already. Of a page that is loaded in part, the rest is what is missing.
        (u32::try_from(newer).unwrap_or(u32::MAX) / page_size.max(1)).saturating_add(1).max(2)
    }

    /// Shrinks or closes the gaps that a page from `oldest` to `newest` covers. If the page was fetched for the gap `filled`,
    /// it adjoins the newer end of that gap.
    pub fn close_gaps(&mut self, oldest: &(MessageId, Timestamp), newest: Timestamp, filled: Option<&MessageId>) {
        let Self { timeline, history, .. } = self;
        let Some(first) = timeline.find(&oldest.0) else { return };
        history.gaps.retain_mut(|gap| {
            let end = timeline.get(gap.before).sent_at;
            let touches = newest >= end || filled == Some(&gap.after.0);
            if !touches || oldest.1 >= end {
                return true;
            }
            if oldest.1 > gap.after.1 {
                gap.before = first;
                return true;
            }
            false
        });
    }

    /// Closes a gap because the server has no messages older than the page that was fetched for it.
    pub fn close_gap(&mut self, filled: &MessageId) {
        self.history.gaps.retain(|gap| gap.after.0 != *filled);
    }

    /// Unloads every accepted message older than `oldest`. Gaps before it disappear with them: everything older is fetched
    /// again when the user scrolls up.
    pub fn unload_before(&mut self, oldest: &MessageId) {
        let Self { timeline, history, .. } = self;
        let id_of_end = |gap: &Gap| timeline.get(gap.before).id.clone();
        let ends: Vec<Option<MessageId>> = history.gaps.iter().map(id_of_end).collect();
        timeline.unload_before(oldest);
        let mut ends = ends.into_iter();
        history.gaps.retain_mut(|gap| {
            let before = ends.next().flatten().and_then(|id| timeline.find(&id));
            gap.before = before.unwrap_or(gap.before);
            before.is_some() && timeline.find(&gap.after.0).is_some()
        });
        let exists = |filling: &Filling| history.gaps.iter().any(|gap| gap.after.0 == filling.after);
        if !history.filling.as_ref().is_some_and(exists) {
            history.filling = None;
        }
        if history.resume_from.take_if(|(known, _)| timeline.find(known).is_none()).is_some() {
            history.reached = None;
        }
        history.complete = false;
        history.barren = 0;
        self.clear_unread_marker();
        self.notes.clear();
    }

    /// Adapts the gaps to the removal of the message in `slot`, which is followed by `next`.
    pub(super) fn move_gap(&mut self, slot: Slot, next: Option<Slot>) {
        self.history.gaps.retain_mut(|gap| {
            if gap.before == slot {
                let Some(next) = next else { return false };
                gap.before = next;
            }
            true
        });
    }
}

//! Places in a room's history where messages are missing: they were said while nobody listened here, and could not be
//! fetched. What is older and what is newer stays as it is, and a line between the two says so.

use super::ids::MessageId;
use super::room::Room;
use super::time::Timestamp;
use super::timeline::Slot;

/// A stretch of which not all messages are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The last message before it, and when that was sent. It names the gap: it stays while the gap is filled from above.
    pub after: (MessageId, Timestamp),
    /// The first message after it: from there on all is here, up to the next gap.
    pub before: Slot,
    /// It is there only because a page could not be had: it is tried again by itself, once a connection.
    pub again: bool,
}

/// A gap that is being filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// Which one.
    pub after: MessageId,
    /// How many more pages may be fetched for it.
    pub pages: u32,
}

impl Room {
    /// What was missed will not be fetched any further: what is still missing becomes a gap. Single messages inside it may
    /// be here, such as own ones that the server has confirmed meanwhile; the gap goes on above them.
    pub fn leave_gap(&mut self, again: bool) {
        let reached = self.history.reached.take().and_then(|id| self.timeline.find(&id));
        // When nothing has come, the newest page will tell what is missing.
        let Some((before, after)) = reached.zip(self.history.resume_from.take_if(|_| reached.is_some())) else {
            return;
        };
        self.history.gaps.push(Gap { after, before, again });
    }

    /// A page for the gap that is being filled could not be had; says whether one was being filled.
    pub fn stop_filling(&mut self) -> bool {
        let Some(filling) = self.history.filling.take() else { return false };
        let gap = self.history.gaps.iter_mut().find(|gap| gap.after.0 == filling.after);
        gap.into_iter().for_each(|gap| gap.again = true);
        true
    }

    /// The gap right above a message.
    pub fn gap_above(&self, slot: Slot) -> Option<&Gap> {
        self.history.gaps.iter().find(|gap| gap.before == slot)
    }

    /// The positions right above which messages may be missing, in order: inside a gap that is so above each that is here.
    pub fn breaks(&self) -> Vec<usize> {
        let Self { timeline, history, .. } = self;
        let inside = history.gaps.iter().filter_map(|gap| {
            let (id, at) = &gap.after;
            let after = timeline.find(id).and_then(|slot| timeline.position(slot));
            let before = timeline.position(gap.before)?;
            Some(after.map_or_else(|| timeline.until(*at), |after| after + 1).min(before)..=before)
        });
        let mut breaks: Vec<usize> = inside.flatten().collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }

    /// Whether the newest messages are missing, and that is all that is known of them.
    pub fn misses_newest(&self) -> bool {
        self.history.stuck && self.history.resume_from.is_some()
    }

    /// The page that ends right before a gap's end, for services that page by number; exact while nothing was deleted that
    /// is here, and no other gap lies below.
    pub fn page_before(&self, slot: Slot, page_size: u32) -> u32 {
        let newer = self.timeline.position(slot).map_or(0, |position| {
            let after = self.timeline.iter().skip(position);
            after.filter(|(_, message)| message.id.is_some() && !message.deleted).count()
        });
        // The page after a full one; of one that is not full the rest is what is missing.
        (u32::try_from(newer).unwrap_or(u32::MAX) / page_size.max(1)).saturating_add(1).max(2)
    }

    /// A page has come that reaches from `oldest` to `newest`: what it covers is missing no more. The gap called `filled`
    /// is the one that it was fetched for, so it begins where that gap ended.
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

    /// Nothing is older than what has come: whatever was missing there is no more.
    pub fn close_gap(&mut self, filled: &MessageId) {
        self.history.gaps.retain(|gap| gap.after.0 != *filled);
    }

    /// Forgets every accepted message older than the one called `oldest`; the server still has them. What was missing
    /// before it is older than everything that is here, as all else that is fetched when one scrolls up.
    pub fn forget_before(&mut self, oldest: &MessageId) {
        let Self { timeline, history, .. } = self;
        let named = |gap: &Gap| timeline.get(gap.before).id.clone();
        let ends: Vec<Option<MessageId>> = history.gaps.iter().map(named).collect();
        timeline.forget_before(oldest);
        let mut ends = ends.into_iter();
        history.gaps.retain_mut(|gap| {
            let before = ends.next().flatten().and_then(|id| timeline.find(&id));
            gap.before = before.unwrap_or(gap.before);
            before.is_some() && timeline.find(&gap.after.0).is_some()
        });
        let is_there = |filling: &Filling| history.gaps.iter().any(|gap| gap.after.0 == filling.after);
        if !history.filling.as_ref().is_some_and(is_there) {
            history.filling = None;
        }
        if history.resume_from.take_if(|(known, _)| timeline.find(known).is_none()).is_some() {
            history.reached = None;
        }
        history.complete = false;
        history.barren = 0;
        self.forget_new();
        self.notes.clear();
    }

    /// The message in `slot` is about to go; what follows it ends the gap now.
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

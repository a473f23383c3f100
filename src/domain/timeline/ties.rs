//! Messages of the same millisecond: a page says in which order they were taken.

use crate::domain::Timestamp;

use super::{Slot, Timeline};

/// So many pages overtake live messages at most, before those are here.
const STARTS: usize = 32;

impl Timeline {
    /// Puts what is of one time into the order of a page, from `start` to `end`.
    pub(super) fn order_page(&mut self, newest_first: &[Slot], start: Timestamp, end: Timestamp) {
        self.order_ties(newest_first);
        if start < end {
            self.order_edge(newest_first, start, false);
            self.order_edge(newest_first, end, true);
        }
    }

    /// Remembers where a page begins.
    pub(super) fn note_start(&mut self, first: Option<Slot>) {
        if self.page_starts.len() == STARTS {
            self.page_starts.pop_front();
        }
        self.page_starts.extend(first);
    }

    /// The place of a live message of the time at which a page begins: it is not on that page and was late, so it
    /// was said before all that is.
    pub(super) fn before_page(&self, at: Timestamp) -> Option<usize> {
        let start = self.page_starts.iter().find(|slot| self.get(**slot).sent_at == at)?;
        self.position(*start)
    }

    /// They stood in the order in which they came here.
    fn order_ties(&mut self, newest_first: &[Slot]) {
        let mut moves = Vec::new();
        for tied in newest_first.chunk_by(|one, other| self.get(*one).sent_at == self.get(*other).sent_at) {
            if tied.len() < 2 {
                continue;
            }
            let mut places: Vec<usize> = tied.iter().filter_map(|slot| self.position(*slot)).collect();
            if places.len() == tied.len() && !places.is_sorted_by(|one, other| one > other) {
                places.sort_unstable_by(|one, other| other.cmp(one));
                moves.extend(places.into_iter().zip(tied.iter().copied()));
            }
        }
        self.version += u64::from(!moves.is_empty());
        for (place, slot) in moves {
            if let Some(held) = self.accepted.get_mut(place) {
                *held = slot;
                self.touch(slot);
            }
        }
    }

    /// What is of the time at which a page ends and not on it was said after all that is; before, where the page begins.
    fn order_edge(&mut self, present: &[Slot], at: Timestamp, page_first: bool) {
        let start = self.accepted.partition_point(|slot| self.get(*slot).sent_at < at);
        let end = self.after(at);
        let tied: Vec<Slot> = self.accepted.range(start..end).copied().collect();
        let mut ordered = tied.clone();
        // A stable sort: either part stays in its order.
        ordered.sort_by_key(|slot| present.contains(slot) != page_first);
        for (place, slot) in (start..).zip(ordered).filter(|(place, slot)| tied.get(place - start) != Some(slot)) {
            if let Some(held) = self.accepted.get_mut(place) {
                *held = slot;
                self.version += 1;
                self.touch(slot);
            }
        }
    }
}

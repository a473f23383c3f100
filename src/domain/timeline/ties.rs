//! Order of messages of the same millisecond.
//!
//! Live messages are added in the order of their arrival. A page shows the server's order, which replaces it.

use std::collections::HashSet;

use crate::domain::Timestamp;

use super::{Slot, Timeline};

/// Maximum number of page starts to remember: at most a few pages overtake a live message.
const MAX_PAGE_STARTS: usize = 32;

impl Timeline {
    /// Puts messages of equal time into the order of a page that spans `start` to `end`.
    pub(super) fn order_page(
        &mut self,
        newest_first: &[Slot],
        present: &HashSet<Slot>,
        (start, end): (Timestamp, Timestamp),
    ) {
        self.order_within_page(newest_first);
        if start < end {
            self.order_at_edge(present, start, false);
            self.order_at_edge(present, end, true);
        }
    }

    /// Remembers the first message of a page.
    pub(super) fn note_page_start(&mut self, first: Option<Slot>) {
        if self.page_starts.len() == MAX_PAGE_STARTS {
            self.page_starts.pop_front();
        }
        self.page_starts.extend(first);
    }

    /// Returns the position for a live message whose time equals the start of a page. A live message that arrives late
    /// and is not on the page precedes everything on it.
    pub(super) fn position_before_page(&self, at: Timestamp) -> Option<usize> {
        let starts = self.page_starts.iter().filter(|slot| self.get(**slot).sent_at == at);
        // Pages may overlap. A message that is on none of them precedes the first.
        starts.filter_map(|slot| self.accepted_position(*slot)).min()
    }

    /// Remembers a page whose messages have all the same time. Live messages of that time that are not on it may be
    /// older or newer, and are added after it.
    pub(super) fn note_tied_page(&mut self, newest_first: &[Slot]) {
        self.tied_page = newest_first.last().copied().zip(newest_first.first().copied());
    }

    /// Learns from the live report of the first message of such a page that the live messages before it are older, and
    /// moves them before the page.
    pub(super) fn order_overtaken(&mut self, reported: Slot) {
        let Some((first, last)) = self.tied_page.filter(|(first, _)| *first == reported) else { return };
        self.tied_page = None;
        let at = self.get(first).sent_at;
        // A report may change the time of a message.
        let Some(last) = self.accepted_position(last).filter(|_| self.get(last).sent_at == at) else { return };
        let Some(first) = self.accepted_position(first).filter(|first| *first <= last) else { return };
        let end = self.position_after(at);
        let page = self.accepted.range(first..=last);
        let overtaken = self.accepted.range(last + 1..end);
        let moves = (first..).zip(overtaken.chain(page).copied()).collect();
        self.reorder(moves);
    }

    /// Sorts messages of equal time on the page, which may still be in the order of their arrival.
    fn order_within_page(&mut self, newest_first: &[Slot]) {
        let mut moves = Vec::new();
        for tied in newest_first.chunk_by(|one, other| self.get(*one).sent_at == self.get(*other).sent_at) {
            if tied.len() < 2 {
                continue;
            }
            let mut positions: Vec<usize> = tied.iter().filter_map(|slot| self.position(*slot)).collect();
            if positions.len() == tied.len() && !positions.is_sorted_by(|one, other| one > other) {
                positions.sort_unstable_by(|one, other| other.cmp(one));
                moves.extend(positions.into_iter().zip(tied.iter().copied()));
            }
        }
        self.reorder(moves);
    }

    /// Sorts messages whose time `at` equals that of an edge of the page. Those not on the page come before it at its
    /// start and after it at its end (`page_first`).
    fn order_at_edge(&mut self, present: &HashSet<Slot>, at: Timestamp, page_first: bool) {
        let start = self.position_before(at);
        let end = self.position_after(at);
        let tied: Vec<Slot> = self.accepted.range(start..end).copied().collect();
        let mut ordered = tied.clone();
        // The sort is stable, so both groups keep their internal order.
        ordered.sort_by_key(|slot| present.contains(slot) != page_first);
        let is_moved = |(position, slot): &(usize, Slot)| tied.get(position - start) != Some(slot);
        self.reorder((start..).zip(ordered).filter(is_moved).collect());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::PageKind;
    use crate::domain::timeline::fixtures::{ids, info};

    /// Regression test, found by the soak test on bad networks: a reply and an event of the same millisecond arrived in
    /// the wrong order.
    #[test]
    fn page_decides_the_order_of_equal_times() {
        let mut timeline = Timeline::default();
        for id in ["mine", "his", "third"] {
            timeline.insert_live(info(id, 5));
        }
        timeline.insert_live(info("later", 6));
        let page = ["his", "mine", "fourth"].map(|id| info(id, 5));
        timeline.merge_page([&page[..], &[info("later", 6)]].concat(), PageKind::Newest, None);
        let order = ids(&timeline);
        let his = order.iter().position(|id| *id == "his");
        assert!(his < order.iter().position(|id| *id == "mine"), "{order:?}");
        assert_eq!((order.len(), order.last()), (5, Some(&"later")));
    }

    /// Regression test: a page ended between messages of one millisecond, and one of them arrived live before the next
    /// page. On a busy machine, the order of a burst then differed from the server's.
    #[test]
    fn equal_times_on_two_pages_follow_the_order_of_the_pages() {
        let mut timeline = Timeline::default();
        timeline.insert_live(info("a", 1));
        timeline.merge_page(vec![info("c", 5), info("d", 6)], PageKind::Newest, None);
        timeline.insert_live(info("b", 5));
        timeline.merge_page(vec![info("a", 1), info("b", 5)], PageKind::Older, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d"]);
        timeline.insert_live(info("late", 6));
        timeline.merge_page(vec![info("c", 5), info("d", 6)], PageKind::Newest, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "late"]);
    }

    /// Regression test: on a busy machine the newest page overtakes live messages. Those of the millisecond at which
    /// the page starts were placed after its first message.
    #[test]
    fn overtaken_live_messages_precede_the_page() {
        let mut timeline = Timeline::default();
        timeline.insert_live(info("a", 1));
        timeline.merge_page(vec![info("d", 5), info("e", 6)], PageKind::Newest, None);
        for id in ["b", "c", "d", "e"] {
            timeline.insert_live(info(id, if id == "e" { 6 } else { 5 }));
        }
        timeline.insert_live(info("f", 6));
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e", "f"]);
    }

    /// Regression test: a busy server stored a whole page within one millisecond. The live messages that the page had
    /// overtaken were placed after it.
    #[test]
    fn overtaken_live_messages_precede_a_page_of_one_time() {
        let mut timeline = Timeline::default();
        timeline.insert_live(info("a", 5));
        timeline.merge_page(vec![info("d", 5), info("e", 5)], PageKind::Newest, None);
        for id in ["b", "c", "d", "e", "f"] {
            timeline.insert_live(info(id, 5));
        }
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e", "f"]);
    }

    /// Messages that a page shows before the program has joined the room are never reported live.
    #[test]
    fn new_live_messages_follow_a_page_of_one_time() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 5), info("b", 5)], PageKind::Newest, None);
        timeline.insert_live(info("c", 5));
        timeline.insert_live(info("d", 5));
        assert_eq!(ids(&timeline), ["a", "b", "c", "d"]);
    }

    proptest! {
        /// Live messages arrive in the server's order. Pages that overlap each other or follow one another arrive at any
        /// moment after what they show was sent.
        #[test]
        fn pages_and_live_messages_are_in_the_order_of_the_server(
            steps in prop::collection::vec(0..2_i64, 1..30),
            pages in prop::collection::vec((0..30_usize, 0..30_usize, 1..9_usize, any::<bool>()), 1..6),
        ) {
            let mut at = 0;
            let sent: Vec<_> = steps.iter().enumerate().map(|(number, step)| {
                at += step;
                info(&format!("{number:02}"), at)
            }).collect();
            let mut timeline = Timeline::default();
            let mut arrived = 0;
            for (delay, shown, length, is_newest) in pages {
                // Nothing is missing between the page and the live messages before it.
                let next = (arrived + delay).min(sent.len());
                for message in &sent[arrived..next] {
                    timeline.insert_live(message.clone());
                }
                arrived = next;
                let shown = shown.clamp(1, sent.len());
                let kind = if is_newest { PageKind::Newest } else { PageKind::Older };
                let page = &sent[shown.saturating_sub(length)..shown];
                // A page of one time tells nothing about the other messages of that time.
                if page[0].sent_at < page[page.len() - 1].sent_at {
                    timeline.merge_page(page.to_vec(), kind, None);
                }
            }
            for message in &sent[arrived..] {
                timeline.insert_live(message.clone());
            }
            prop_assert!(ids(&timeline).is_sorted(), "{:?}", ids(&timeline));
        }
    }
}

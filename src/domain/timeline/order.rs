//! Order of the accepted messages, which finds the position of any message by binary search.
//!
//! Accepted messages are sorted by time. Those of the same time have no order of their own: pages and arrivals decide.
//! Each message therefore has a rank among those of its time, between the ranks of its neighbours. A server may give
//! any number of messages the same time, so nothing here scans them, except when no rank is left in between.

use std::ops::Range;

use crate::domain::Timestamp;

use super::{Slot, Timeline};

/// Difference between the ranks of neighbours, unless so many messages have the same time that it has to be smaller.
const STEP: i32 = 1 << 16;

impl Timeline {
    /// Returns the position of an accepted message; `None` if the message is not accepted or not loaded.
    pub(super) fn accepted_position(&self, slot: Slot) -> Option<usize> {
        let key = self.order_key(slot);
        let position = self.accepted.partition_point(|other| self.order_key(*other) < key);
        (self.accepted.get(position) == Some(&slot)).then_some(position)
    }

    /// Returns the position before every accepted message that was sent at `at` or later.
    pub(super) fn position_before(&self, at: Timestamp) -> usize {
        self.accepted.partition_point(|slot| self.get(*slot).sent_at < at)
    }

    /// Returns the position after every accepted message that was sent at `at` or before.
    pub(in crate::domain) fn position_after(&self, at: Timestamp) -> usize {
        match self.accepted.back() {
            Some(last) if self.get(*last).sent_at > at => {
                self.accepted.partition_point(|slot| self.get(*slot).sent_at <= at)
            }
            _ => self.accepted.len(),
        }
    }

    /// Inserts a message among the accepted ones at `position`, or at the nearest position that its time allows.
    pub(super) fn insert_accepted(&mut self, position: usize, slot: Slot) {
        let at = self.get(slot).sent_at;
        let position = position.clamp(self.position_before(at), self.position_after(at));
        let neighbour = |position: Option<usize>| {
            let slot = *self.accepted.get(position?)?;
            (self.get(slot).sent_at == at).then(|| self.messages.rank(slot))
        };
        let rank = match (neighbour(position.checked_sub(1)), neighbour(Some(position))) {
            (None, None) => Some(0),
            (Some(before), None) => before.checked_add(STEP),
            (None, Some(after)) => after.checked_sub(STEP),
            (Some(before), Some(after)) => Some(before.midpoint(after)).filter(|rank| before < *rank && *rank < after),
        };
        self.accepted.insert(position, slot);
        match rank {
            Some(rank) => self.messages.set_rank(slot, rank),
            None => self.renumber_ranks(at),
        }
    }

    /// Removes a message from the accepted ones; it loses its position. Returns whether it was one of them.
    pub(super) fn remove_accepted(&mut self, slot: Slot) -> bool {
        self.accepted_position(slot).is_some_and(|position| self.accepted.remove(position).is_some())
    }

    /// Moves messages of the same time to the positions that are listed beside them, and marks them as unsaved. The
    /// positions must be those that the same messages have now.
    pub(super) fn reorder(&mut self, moves: Vec<(usize, Slot)>) {
        let slots = moves.iter().filter_map(|(position, _)| self.accepted.get(*position));
        let ranks: Vec<i32> = slots.map(|slot| self.messages.rank(*slot)).collect();
        self.version += u64::from(!moves.is_empty());
        for ((position, slot), rank) in moves.into_iter().zip(ranks) {
            if let Some(entry) = self.accepted.get_mut(position) {
                *entry = slot;
                self.messages.set_rank(slot, rank);
                self.messages.mark_unsaved(slot);
            }
        }
    }

    /// Renumbers the ranks of all messages of one time, so that there is room at both ends and between any two.
    fn renumber_ranks(&mut self, at: Timestamp) {
        let Range { start, end } = self.position_before(at)..self.position_after(at);
        let len = i32::try_from(end - start).unwrap_or(i32::MAX);
        let step = (i32::MAX / len.max(1)).clamp(1, STEP);
        let first = -(len / 2).saturating_mul(step);
        let Self { accepted, messages, .. } = self;
        let ranks = (0..len).map(|n| first.saturating_add(n.saturating_mul(step)));
        for (slot, rank) in accepted.range(start..end).zip(ranks) {
            messages.set_rank(*slot, rank);
        }
    }

    fn order_key(&self, slot: Slot) -> (Timestamp, i32) {
        (self.get(slot).sent_at, self.messages.rank(slot))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::domain::timeline::table::reads;
    use crate::domain::{LocalId, Message, MessageId, MessageInfo, PageKind, PersonId};
    use crate::text::SafeText;

    /// Number of messages on a page of a hostile server.
    const MANY: usize = 5_000;

    /// Maximum number of reads for each message of a page: a few binary searches.
    const READS_PER_MESSAGE: usize = 400;

    fn page_of_one_time(name: &str) -> Vec<MessageInfo> {
        (0..MANY).map(|n| info(&format!("{name}{n}"), 5)).collect()
    }

    fn merge(timeline: &mut Timeline, page: Vec<MessageInfo>, kind: PageKind) {
        timeline.merge_page(page, kind, None);
    }

    fn insert(timeline: &mut Timeline, info: MessageInfo) {
        timeline.insert_live(info);
    }

    fn assert_linear(what: &str, work: impl FnOnce()) {
        let before = reads();
        work();
        let per_message = (reads() - before) / MANY;
        assert!(per_message < READS_PER_MESSAGE, "{what}: {per_message} reads for each message");
    }

    /// Regression test: a page whose messages share one timestamp blocked every key for 25 seconds.
    #[test]
    fn page_of_one_timestamp_takes_linear_time() {
        let mut timeline = Timeline::default();
        assert_linear("newest page", || merge(&mut timeline, page_of_one_time("b"), PageKind::Newest));
        assert_linear("older page", || merge(&mut timeline, page_of_one_time("a"), PageKind::Older));
        assert_linear("same page", || merge(&mut timeline, page_of_one_time("a"), PageKind::Older));
        let mut reversed = page_of_one_time("a");
        reversed.reverse();
        assert_linear("reversed page", || merge(&mut timeline, reversed, PageKind::Older));
        assert_eq!(timeline.len(), 2 * MANY);
        assert_linear("changes", || drop(timeline.take_changes(usize::MAX)));
    }

    #[test]
    fn page_that_spans_a_tied_run_takes_linear_time() {
        let mut timeline = Timeline::default();
        timeline.merge_page(page_of_one_time("a"), PageKind::Newest, None);
        let page = || [vec![info("first", 1)], page_of_one_time("b"), vec![info("last", 9)]].concat();
        assert_linear("span", || merge(&mut timeline, page(), PageKind::Newest));
        assert_linear("edge", || merge(&mut timeline, page()[1..].to_vec(), PageKind::Newest));
    }

    #[test]
    fn live_messages_of_one_timestamp_take_linear_time() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("start", 5), info("end", 6)], PageKind::Newest, None);
        assert_linear("before a page", || {
            page_of_one_time("a").into_iter().for_each(|info| insert(&mut timeline, info));
        });
        let order = ids(&timeline);
        assert_eq!((order[0], order[1], order[MANY - 1]), ("a0", "a1", "a4999"));
        assert_eq!((order[MANY], order[MANY + 1]), ("start", "end"));
    }

    /// Regression test: a page that named a message twice moved it over its neighbour, which was lost.
    #[test]
    fn message_named_twice_on_a_page_replaces_no_other() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 5), info("b", 5), info("a", 5)], PageKind::Newest, None);
        timeline.merge_page(vec![info("b", 5), info("a", 5), info("b", 5)], PageKind::Newest, None);
        let mut all = ids(&timeline);
        all.sort_unstable();
        assert_eq!(all, ["a", "b"]);
    }

    /// Regression test: a rejected report on a page moved later messages to the position of the message that it named.
    #[test]
    fn forged_report_on_a_page_moves_no_other_message() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 30)], PageKind::Newest, None);
        let forged = MessageInfo { author: PersonId::new("mallory"), ..info("a", 40) };
        timeline.merge_page(vec![info("c", 20), forged, info("d", 50)], PageKind::Newest, None);
        assert_eq!(ids(&timeline), ["a", "c", "b", "d"]);
    }

    /// A step of a random story.
    #[derive(Debug, Clone)]
    enum Step {
        Live(u8, i64),
        Page(Vec<(u8, i64)>, bool),
        Restore(Vec<(u8, i64)>),
        Send(u8),
        Accept(u8, u8),
        Remove(u8),
        Unload(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let messages = || prop::collection::vec((0..60_u8, 0..4_i64), 0..20);
        prop_oneof![
            3 => (0..60_u8, 0..4_i64).prop_map(|(id, at)| Step::Live(id, at)),
            3 => (messages(), any::<bool>()).prop_map(|(messages, newest)| Step::Page(messages, newest)),
            1 => messages().prop_map(Step::Restore),
            1 => (0..20_u8).prop_map(Step::Send),
            1 => (0..20_u8, 0..60_u8).prop_map(|(local, id)| Step::Accept(local, id)),
            1 => (0..60_u8).prop_map(Step::Remove),
            1 => (0..9_usize).prop_map(Step::Unload),
        ]
    }

    fn apply(timeline: &mut Timeline, step: Step) {
        let infos = |messages: Vec<(u8, i64)>| messages.into_iter().map(|(id, at)| info(&id.to_string(), at)).collect();
        let local = |n: u8| LocalId::from_random(n.into());
        match step {
            Step::Live(id, at) => insert(timeline, info(&id.to_string(), at)),
            Step::Page(messages, true) => merge(timeline, infos(messages), PageKind::Newest),
            Step::Page(messages, false) => merge(timeline, infos(messages), PageKind::Older),
            Step::Restore(messages) => {
                let messages: Vec<MessageInfo> = infos(messages);
                timeline.restore(messages.into_iter().map(Message::from).collect(), None);
            }
            Step::Send(n) if timeline.find_own_send(local(n)).is_none() => {
                let message = Message::queued(local(n), PersonId::new("a"), SafeText::block("x"), Timestamp(2));
                timeline.enqueue(message);
            }
            Step::Send(_) => {}
            Step::Accept(n, id) => {
                timeline.accept(local(n), Some(MessageId::new(&id.to_string())));
            }
            Step::Remove(id) => {
                let slot = timeline.find(&MessageId::new(&id.to_string()));
                slot.into_iter().for_each(|slot| timeline.remove(slot));
            }
            Step::Unload(count) => drop(timeline.unload_oldest(count, false)),
        }
    }

    proptest! {
        /// Whatever a server sends, messages stay sorted and every message is found where it is.
        #[test]
        fn every_message_is_found_at_its_position(steps in prop::collection::vec(step(), 1..60)) {
            let mut timeline = Timeline::default();
            for step in steps {
                apply(&mut timeline, step);
                let slots: Vec<Slot> = timeline.iter().map(|(slot, _)| slot).collect();
                let positions: Vec<_> = slots.iter().filter_map(|slot| timeline.position(*slot)).collect();
                prop_assert_eq!(positions, (0..timeline.len()).collect::<Vec<_>>());
                let accepted = timeline.iter().take(timeline.accepted_len());
                prop_assert!(accepted.map(|(_, message)| message.sent_at).is_sorted());
            }
        }
    }
}

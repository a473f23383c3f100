//! A timeline and the disk: what of it was kept, what came back.

use std::collections::HashSet;

use crate::domain::{Message, MessageId, PersonId};

use super::{Slot, Timeline};

/// What of a timeline differs from what is on disk. Where nothing is ever kept, nothing is noted.
#[derive(Debug, Clone, Default)]
pub(super) struct Unkept {
    /// Messages from this slot on were never kept.
    pub(super) from: usize,
    /// Those before it that have changed since.
    pub(super) changed: Vec<Slot>,
    /// Those that were taken out.
    pub(super) removed: Vec<MessageId>,
    /// Those that came from disk, and of which the server has not told since: it may have deleted them long ago.
    pub(super) hearsay: HashSet<Slot>,
}

/// What has changed in a timeline since that was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The positions of accepted messages that are new or changed, in order.
    pub positions: Vec<usize>,
    /// Messages that were taken out.
    pub removed: Vec<MessageId>,
}

impl Unkept {
    /// Notes a change, unless the message is new all the same or was noted last.
    pub(super) fn note(&mut self, slot: Slot) {
        if (slot.0 as usize) < self.from && self.changed.last() != Some(&slot) {
            self.changed.push(slot);
        }
    }
}

impl Timeline {
    /// What has changed since this was asked last. The cost is what has changed, not the history.
    pub fn take_changes(&mut self) -> Changes {
        let from = std::mem::replace(&mut self.unkept.from, self.messages.len());
        let is_new = |slot: &Slot| slot.0 as usize >= from;
        // Nearly always what is new stands at the end, in order.
        let tail = self.accepted.iter().rev().take_while(|slot| is_new(slot)).count();
        let first = self.accepted.len() - tail;
        let mut positions: Vec<usize> = Vec::new();
        let mut note = |slot: Slot| {
            positions.extend(self.position(slot).filter(|position| *position < first));
        };
        self.unkept.changed.iter().copied().for_each(&mut note);
        if tail < self.messages.len() - from {
            let slots = from..self.messages.len();
            slots.filter_map(|slot| u32::try_from(slot).ok()).map(Slot).for_each(&mut note);
        }
        positions.sort_unstable();
        positions.dedup();
        positions.extend(first..self.accepted.len());
        self.unkept.changed.clear();
        Changes { positions, removed: std::mem::take(&mut self.unkept.removed) }
    }

    /// Takes messages from disk in, oldest first; one that is here already stays as it is. Those of `me` that carry an
    /// identity are sends of this program.
    pub fn restore(&mut self, messages: Vec<Message>, me: Option<&PersonId>) {
        self.version += 1;
        let all_kept = self.unkept.from == self.messages.len();
        for message in messages.into_iter().rev() {
            if message.id.as_ref().is_none_or(|id| self.find(id).is_some()) {
                continue;
            }
            let at = message.sent_at;
            let position = self.accepted.partition_point(|slot| self.get(*slot).sent_at < at);
            let slot = self.store(message);
            if Some(&self.get(slot).author) == me {
                self.know_local(slot);
            }
            if self.get(slot).deleted {
                self.tombstones += 1;
            } else {
                self.unkept.hearsay.insert(slot);
            }
            self.accepted.insert(position, slot);
        }
        if all_kept {
            self.unkept.from = self.messages.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Arrival, LocalId, MessageInfo, MessageKind, RoomId, Timestamp};
    use crate::text::SafeText;

    fn info(id: &str, at: i64) -> MessageInfo {
        MessageInfo {
            id: MessageId::new(id),
            room: RoomId::new("r"),
            author: PersonId::new("a"),
            author_info: None,
            sent_at: Timestamp(at),
            text: SafeText::block(id),
            attachment: None,
            delivered: false,
            seen: false,
            kind: MessageKind::Text,
            quote: None,
            forwarded: false,
            starred: None,
            deleted: false,
            local: None,
        }
    }

    fn ids(timeline: &Timeline) -> Vec<&str> {
        timeline.iter().map(|(_, message)| message.id.as_ref().map_or("?", MessageId::as_str)).collect()
    }

    fn kept(infos: Vec<MessageInfo>) -> Vec<Message> {
        infos.into_iter().map(Message::from).collect()
    }

    #[test]
    fn what_was_kept_comes_back_in_its_order_and_once() {
        let mut timeline = Timeline::default();
        timeline.receive(info("d", 5));
        timeline.receive(info("e", 9));
        let past = kept(vec![info("a", 1), info("b", 5), info("c", 5), info("d", 5)]);
        timeline.restore(past.clone(), None);
        timeline.restore(past, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e"]);
        for (slot, _) in timeline.iter() {
            assert!(timeline.position(slot).is_some());
        }
        assert!(timeline.find(&MessageId::new("b")).is_some());
    }

    #[test]
    fn marks_and_identities_come_back_with_it() {
        let (mut timeline, me, local) = (Timeline::default(), PersonId::new("a"), LocalId::from_random(7));
        let mut mine = Message::from(info("mine", 3));
        (mine.local, mine.edited, mine.starred) = (Some(Box::new(local)), true, true);
        let mut theirs = Message::from(info("theirs", 2));
        (theirs.author, theirs.local) = (PersonId::new("b"), Some(Box::new(LocalId::from_random(8))));
        let gone = Message::from(MessageInfo { deleted: true, ..info("gone", 1) });
        let all = vec![gone, theirs, mine];
        timeline.restore(all.clone(), Some(&me));
        assert_eq!(timeline.iter().map(|(_, message)| message.clone()).collect::<Vec<_>>(), all);
        assert!(timeline.is_confirmed(local) && timeline.find_local(LocalId::from_random(8)).is_none());
        assert_eq!(timeline.on_server(), 0, "the server has not said so yet");
        assert_eq!(timeline.take_changes(), Changes::default(), "it is on disk");
        timeline.merge_page(
            vec![MessageInfo { local: Some(local), ..info("mine", 3) }],
            Arrival::Newest,
            Some((&me, &[])),
        );
        assert_eq!((timeline.len(), timeline.on_server()), (3, 1));
    }

    #[test]
    fn only_what_is_new_or_changed_is_told_and_only_once() {
        let mut timeline = Timeline::default();
        let page = || vec![info("b", 2), info("c", 3), info("d", 4)];
        timeline.merge_page(page(), Arrival::Newest, None);
        assert_eq!(timeline.take_changes().positions, [0, 1, 2]);
        timeline.merge_page(page(), Arrival::Newest, None);
        assert_eq!(timeline.take_changes(), Changes::default(), "the same page again");
        let local = LocalId::from_random(7);
        timeline.wait(Message::queued(local, PersonId::new("a"), SafeText::block("e"), Timestamp(9)));
        assert_eq!(timeline.take_changes(), Changes::default(), "it waits");
        timeline.accept(local, Some(MessageId::new("e")));
        timeline.merge_page(vec![info("a", 1)], Arrival::Older, None);
        timeline.receive(MessageInfo { seen: true, ..info("c", 3) });
        assert_eq!(timeline.take_changes().positions, [0, 2, 4]);
        let slot = timeline.find(&MessageId::new("b")).unwrap();
        timeline.remove(slot);
        let told = timeline.take_changes();
        assert_eq!((told.positions, told.removed), (Vec::new(), vec![MessageId::new("b")]));
    }
}

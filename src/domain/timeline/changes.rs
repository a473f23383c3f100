//! Differences between a timeline and its stored copy, and restoring from that copy.

use std::collections::HashSet;
use std::ops::Range;

use crate::domain::{Message, MessageId, PersonId};

use super::{Slot, Timeline};

/// Differences of a timeline from its stored copy, apart from the messages that the table marks as unsaved.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsaved {
    /// Messages that were removed since they were saved.
    pub(super) removed: Vec<MessageId>,
    /// Addresses of pictures whose messages were deleted or no longer have them.
    pub(super) dropped_pictures: Vec<String>,
    /// Messages restored from the store that the server has not reported since. They may have been deleted long ago.
    pub(super) unverified: HashSet<Slot>,
}

/// Changes of a timeline since they were last taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Positions of new or changed accepted messages, in ascending order.
    pub positions: Vec<usize>,
    /// Ids of removed messages.
    pub removed: Vec<MessageId>,
}

impl Timeline {
    /// Returns an upper bound of the number of messages that are new or have changed since they were last taken.
    pub fn unsaved_len(&self) -> usize {
        self.messages.unsaved_len()
    }

    /// Takes up to `limit` changes that have not been taken yet, beginning with the messages that were added first. The
    /// cost depends on that number, not on the length of the history.
    pub fn take_changes(&mut self, limit: usize) -> Changes {
        let mut positions: Vec<usize> = Vec::new();
        for slot in self.messages.take_unsaved(limit) {
            // New messages are nearly always in order and need no search for their position.
            let next = positions.last().map(|last| last + 1).filter(|next| self.accepted.get(*next) == Some(&slot));
            let position = next.or_else(|| self.position(slot));
            positions.extend(position.filter(|position| *position < self.accepted.len()));
        }
        positions.sort_unstable();
        Changes { positions, removed: self.take_removed() }
    }

    /// Takes the ids of the messages that were removed since they were saved.
    pub fn take_removed(&mut self) -> Vec<MessageId> {
        std::mem::take(&mut self.unsaved.removed)
    }

    /// Takes the addresses of the pictures whose messages were deleted or no longer have them.
    pub fn take_dropped_pictures(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unsaved.dropped_pictures)
    }

    /// Marks the messages at these positions as unsaved, because what is known about their neighbours has changed.
    pub fn mark_unsaved(&mut self, positions: Range<usize>) {
        let Self { accepted, messages, .. } = self;
        let end = positions.end.min(accepted.len());
        accepted.range(positions.start.min(end)..end).for_each(|slot| messages.mark_unsaved(*slot));
    }

    /// Adds messages from the store, given oldest first. Messages that are loaded already stay as they are. Messages of
    /// `me` that carry a `LocalId` are recognised as sends of this program.
    pub fn restore(&mut self, messages: Vec<Message>, me: Option<&PersonId>) {
        self.version += 1;
        for mut message in messages.into_iter().rev() {
            if message.id.as_ref().is_none_or(|id| self.find(id).is_some()) {
                continue;
            }
            let position = self.position_before(message.sent_at);
            let is_unsaved = self.drop_deleted_quote(message.quote.as_mut());
            let slot = self.push(message, is_unsaved);
            if Some(&self.get(slot).author) == me {
                self.index_by_local(slot);
            }
            if self.get(slot).deleted {
                self.note_tombstone(slot);
            } else {
                self.unsaved.unverified.insert(slot);
            }
            self.insert_accepted(position, slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::domain::{LocalId, MessageInfo, PageKind, Timestamp};
    use crate::text::SafeText;

    fn stored(infos: Vec<MessageInfo>) -> Vec<Message> {
        infos.into_iter().map(Message::from).collect()
    }

    #[test]
    fn restored_messages_are_ordered_and_unique() {
        let mut timeline = Timeline::default();
        timeline.insert_live(info("d", 5));
        timeline.insert_live(info("e", 9));
        let past = stored(vec![info("a", 1), info("b", 5), info("c", 5), info("d", 5)]);
        timeline.restore(past.clone(), None);
        timeline.restore(past, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e"]);
        for (slot, _) in timeline.iter() {
            assert!(timeline.position(slot).is_some());
        }
        assert!(timeline.find(&MessageId::new("b")).is_some());
    }

    #[test]
    fn restored_messages_keep_flags_and_identity() {
        let (mut timeline, me, local) = (Timeline::default(), PersonId::new("a"), LocalId::from_random(7));
        let mut mine = Message::from(info("mine", 3));
        (mine.local, mine.edited, mine.starred) = (Some(Box::new(local)), true, true);
        let mut theirs = Message::from(info("theirs", 2));
        (theirs.author, theirs.local) = (PersonId::new("b"), Some(Box::new(LocalId::from_random(8))));
        let deleted = Message::from(MessageInfo { deleted: true, ..info("deleted", 1) });
        let all = vec![deleted, theirs, mine];
        timeline.restore(all.clone(), Some(&me));
        assert_eq!(timeline.iter().map(|(_, message)| message.clone()).collect::<Vec<_>>(), all);
        assert!(timeline.is_confirmed(local) && timeline.find_own_send(LocalId::from_random(8)).is_none());
        assert_eq!(timeline.server_len(), 0, "the server has not reported them yet");
        assert_eq!(timeline.take_changes(usize::MAX), Changes::default(), "they are stored already");
        timeline.merge_page(
            vec![MessageInfo { local: Some(local), ..info("mine", 3) }],
            PageKind::Newest,
            Some((&me, &[])),
        );
        assert_eq!((timeline.len(), timeline.server_len()), (3, 1));
    }

    #[test]
    fn changes_are_reported_once() {
        let mut timeline = Timeline::default();
        let page = || vec![info("b", 2), info("c", 3), info("d", 4)];
        timeline.merge_page(page(), PageKind::Newest, None);
        assert_eq!(timeline.take_changes(usize::MAX).positions, [0, 1, 2]);
        timeline.merge_page(page(), PageKind::Newest, None);
        assert_eq!(timeline.take_changes(usize::MAX), Changes::default(), "the same page again");
        let local = LocalId::from_random(7);
        timeline.enqueue(Message::queued(local, PersonId::new("a"), SafeText::block("e"), Timestamp(9)));
        assert_eq!(timeline.take_changes(usize::MAX), Changes::default(), "a pending send");
        timeline.accept(local, Some(MessageId::new("e")));
        timeline.merge_page(vec![info("a", 1)], PageKind::Older, None);
        timeline.insert_live(MessageInfo { seen: true, ..info("c", 3) });
        assert_eq!(timeline.take_changes(usize::MAX).positions, [0, 2, 4]);
        let slot = timeline.find(&MessageId::new("b")).unwrap();
        timeline.remove(slot);
        let changes = timeline.take_changes(usize::MAX);
        assert_eq!((changes.positions, changes.removed), (Vec::new(), vec![MessageId::new("b")]));
    }
}

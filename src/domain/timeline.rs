//! Messages of one room, in order and without duplicates.
//!
//! Messages that the server has accepted are sorted by its time. The user's sends that it has not accepted yet follow
//! in the order in which they were written. A [`Slot`] identifies a message wherever it moves, until older messages are
//! unloaded ([`Timeline::unload_before`]).
//!
//! Two reports are the same message if they share the server's id or, failing that, the [`LocalId`] of one of this
//! program's sends. Texts are never compared, except by [`Timeline::match_by_text`] for servers that return neither.
//!
//! The submodules add the operations: `merge` takes in reports of the server, `sends` tracks the user's unaccepted
//! sends, `order` finds and changes positions, `ties` decides the order of messages of the same millisecond, `changes`
//! synchronises with the store, `quotes` clears quotes of deleted messages, `eviction` limits memory. `table` stores
//! the messages themselves.

mod changes;
mod eviction;
#[cfg(test)]
pub(super) mod fixtures;
mod merge;
mod order;
mod quotes;
mod sends;
mod table;
mod ties;

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::ids::{LocalId, MessageId, PersonId};
use super::message::{Delivery, Message};
use changes::Unsaved;
use eviction::memory_cost;
use quotes::QuoteIndex;
use table::MessageTable;

pub use changes::Changes;
pub use merge::PageKind;
pub use sends::MAX_CLOCK_SKEW;

/// Stable handle of a message in a timeline, in contrast to its position in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

/// Messages of one room.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The messages by slot.
    messages: MessageTable,
    /// Accepted messages in ascending order of `sent_at`, and of their rank if that is equal.
    accepted: VecDeque<Slot>,
    /// The user's sends that the server has not accepted, in the order in which they were written.
    pending: Vec<Slot>,
    by_id: HashTable<Slot>,
    /// This program's sends. Messages of others may carry a [`LocalId`] too, but it does not identify them here.
    by_local: HashMap<LocalId, Slot>,
    /// Sends whose text the server has not reported back yet, so that the text is still the user's.
    local_texts: Vec<Slot>,
    /// First messages of the pages merged most recently.
    page_starts: VecDeque<Slot>,
    /// First and last message of the newest page, while it is unclear which live messages it has overtaken.
    tied_page: Option<(Slot, Slot)>,
    hasher: FixedState,
    quotes: QuoteIndex,
    tombstones: usize,
    version: u64,
    /// Approximate memory use of the messages.
    bytes: usize,
    /// Differences from the stored copy.
    unsaved: Unsaved,
    /// Oldest loaded message after an eviction, and its unloaded predecessor.
    unloaded_before: Option<(Slot, MessageId)>,
}

impl Timeline {
    /// Returns the number of messages, including pending sends and tombstones.
    pub fn len(&self) -> usize {
        self.accepted.len() + self.pending.len()
    }

    /// Whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of messages that the server is known to have: without pending sends, tombstones, and stored
    /// messages that the server has not reported since the program started.
    pub fn server_len(&self) -> usize {
        self.accepted.len() - self.tombstones - self.unsaved.unverified.len()
    }

    /// Returns the number of loaded messages that were deleted.
    pub fn tombstone_len(&self) -> usize {
        self.tombstones
    }

    /// Returns a number that increases with every visible change; part of the key of caches.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Returns the message in `slot`; an empty one if it was removed or unloaded.
    pub fn get(&self, slot: Slot) -> &Message {
        self.messages.get(slot)
    }

    /// Returns the slot of the message at `position`, counted from the oldest.
    pub fn slot_at(&self, position: usize) -> Option<Slot> {
        match position.checked_sub(self.accepted.len()) {
            None => self.accepted.get(position).copied(),
            Some(offset) => self.pending.get(offset).copied(),
        }
    }

    /// Returns the position of `slot`, counted from the oldest; `None` if the message was removed or
    /// unloaded.
    pub fn position(&self, slot: Slot) -> Option<usize> {
        let in_pending = || self.pending.iter().position(|other| *other == slot);
        self.accepted_position(slot).or_else(|| in_pending().map(|offset| self.accepted.len() + offset))
    }

    /// Finds a message by the server's id.
    pub fn find(&self, id: &MessageId) -> Option<Slot> {
        let hash = self.hasher.hash_one(id);
        self.by_id.find(hash, |slot| self.get(*slot).id.as_ref() == Some(id)).copied()
    }

    /// Iterates over all messages from the oldest to the newest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Slot, &Message)> + Clone {
        self.accepted.iter().chain(&self.pending).map(|slot| (*slot, self.get(*slot)))
    }

    /// Returns the newest accepted message.
    pub fn newest_accepted(&self) -> Option<&Message> {
        self.accepted.back().map(|slot| self.get(*slot))
    }

    /// Returns the direct predecessor of the oldest loaded message, if it is known because it was unloaded.
    pub fn unloaded_predecessor(&self) -> Option<&MessageId> {
        let (oldest, predecessor) = self.unloaded_before.as_ref()?;
        (self.accepted.front() == Some(oldest)).then_some(predecessor)
    }

    /// Returns the number of accepted messages, which precede all pending sends.
    pub fn accepted_len(&self) -> usize {
        self.accepted.len()
    }

    /// Applies `change` to the message in `slot` and returns its result: whether the message changed. `change` must not
    /// affect the position of the message.
    pub fn change(&mut self, slot: Slot, change: impl FnOnce(&mut Message) -> bool) -> bool {
        let Some(message) = self.messages.get_mut(slot) else { return false };
        let (was_deleted, cost_before) = (message.deleted, memory_cost(message));
        let picture = message.picture_url().map(str::to_owned);
        let changed = change(message);
        let dropped = picture.filter(|url| message.picture_url() != Some(url));
        self.bytes = (self.bytes + memory_cost(message)).saturating_sub(cost_before);
        let deleted = if message.deleted && !was_deleted { message.id.clone() } else { None };
        self.unsaved.dropped_pictures.extend(dropped);
        if changed {
            self.version += 1;
            self.messages.mark_unsaved(slot);
        }
        if let Some(id) = deleted {
            self.tombstones += 1;
            self.unsaved.unverified.remove(&slot);
            self.clear_quotes_of(&id);
        }
        changed
    }

    /// Removes a message that the server no longer shows to the user. Later messages move up by one position. All other
    /// slots stay valid, and this one is not reused.
    pub fn remove(&mut self, slot: Slot) {
        if self.position(slot).is_none() {
            return;
        }
        self.discard(slot);
        self.remove_accepted(slot);
        let removed = self.unload(slot);
        self.unsaved.dropped_pictures.extend(removed.picture_url().map(str::to_owned));
        self.unsaved.removed.extend(removed.id);
    }

    /// Applies a receipt for everything that `author` has sent so far. Returns whether that changed anything.
    ///
    /// Such receipts are cumulative, so the search stops at the first message from the end that already has the
    /// receipt.
    pub fn apply_receipt(&mut self, author: &PersonId, delivery: Delivery) -> bool {
        self.apply_receipt_before(self.accepted.len(), author, delivery)
    }

    /// Applies a receipt for a message and everything that its author has sent before it. Returns whether that changed
    /// anything.
    pub fn apply_receipt_until(&mut self, slot: Slot, delivery: Delivery) -> bool {
        let Some(position) = self.accepted_position(slot) else { return false };
        let author = self.get(slot).author.clone();
        self.apply_receipt_before(position + 1, &author, delivery)
    }

    fn apply_receipt_before(&mut self, end: usize, author: &PersonId, delivery: Delivery) -> bool {
        let mut outdated = Vec::new();
        for slot in self.accepted.range(..end).rev() {
            let message = self.get(*slot);
            if message.author == *author && !message.deleted {
                if message.delivery >= delivery {
                    break;
                }
                outdated.push(*slot);
            }
        }
        for slot in &outdated {
            self.change(*slot, |message| message.advance(delivery));
        }
        !outdated.is_empty()
    }

    /// Adds a message and returns its slot. The caller gives it a position. `is_unsaved` tells whether it differs from
    /// its stored copy.
    fn push(&mut self, message: Message, is_unsaved: bool) -> Slot {
        self.bytes += memory_cost(&message);
        let slot = self.messages.push(message, is_unsaved);
        self.index_by_id(slot);
        self.index_quote(slot, None);
        slot
    }

    /// Records the id that the server has assigned to a message.
    fn set_id(&mut self, slot: Slot, id: MessageId) {
        if let Some(message) = self.messages.get_mut(slot) {
            message.id = Some(id);
            self.index_by_id(slot);
            self.messages.mark_unsaved(slot);
        }
    }

    fn index_by_id(&mut self, slot: Slot) {
        let Self { messages, by_id, hasher, .. } = self;
        let hash = |slot: &Slot| messages.get(*slot).id.as_ref().map_or(0, |id| hasher.hash_one(id));
        if messages.get(slot).id.is_some() {
            by_id.insert_unique(hash(&slot), slot, hash);
        }
    }

    fn index_by_local(&mut self, slot: Slot) {
        if let Some(local) = self.get(slot).local.as_deref().copied() {
            self.by_local.entry(local).or_insert(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{ids, info};
    use super::*;
    use crate::domain::{MessageInfo, Timestamp};
    use crate::text::SafeText;

    #[test]
    fn removed_message_loses_its_position_and_id() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], PageKind::Newest, None);
        let slots: Vec<Slot> = timeline.iter().map(|(slot, _)| slot).collect();
        timeline.remove(slots[1]);
        timeline.remove(slots[1]);
        assert_eq!(ids(&timeline), ["a", "c"]);
        assert_eq!((timeline.find(&MessageId::new("b")), timeline.position(slots[1])), (None, None));
        assert_eq!((timeline.position(slots[2]), timeline.server_len()), (Some(1), 2));
        let (again, is_new) = timeline.insert_live(info("b", 2));
        assert!(is_new && again != slots[1]);
        assert_eq!(ids(&timeline), ["a", "b", "c"]);
    }

    #[test]
    fn removed_tombstones_are_not_counted() {
        let mut timeline = Timeline::default();
        timeline.insert_live(MessageInfo { deleted: true, ..info("a", 1) });
        timeline.insert_live(info("b", 2));
        assert_eq!(timeline.server_len(), 1);
        timeline.remove(timeline.find(&MessageId::new("a")).unwrap_or(Slot(9)));
        assert_eq!(timeline.server_len(), 1);
    }

    /// The rows of the room were computed again for every repeated receipt.
    #[test]
    fn version_stays_the_same_if_nothing_changes() {
        let mut timeline = Timeline::default();
        let (slot, _) = timeline.insert_live(info("a", 1));
        timeline.change(slot, |message| message.advance(Delivery::Seen));
        let before = timeline.version();
        timeline.change(slot, |message| message.advance(Delivery::Seen));
        timeline.change(slot, |message| message.set_starred(false));
        timeline.mark_failed(slot);
        timeline.retry(slot);
        assert_eq!(timeline.version(), before);
        timeline.change(slot, |message| message.set_starred(true));
        assert!(timeline.version() > before);
    }

    #[test]
    fn cumulative_receipts_affect_earlier_messages_only() {
        let (mut timeline, me) = (Timeline::default(), PersonId::new("a"));
        let page = vec![MessageInfo { seen: true, ..info("a", 1) }, info("b", 2), info("c", 3)];
        timeline.merge_page(page, PageKind::Newest, None);
        timeline.enqueue(Message::queued(LocalId::from_random(7), me.clone(), SafeText::block("d"), Timestamp(4)));
        assert!(timeline.apply_receipt(&me, Delivery::Delivered));
        let states = |timeline: &Timeline| timeline.iter().map(|(_, message)| message.delivery).collect::<Vec<_>>();
        use Delivery::{Delivered, Queued, Seen};
        assert_eq!(states(&timeline), [Seen, Delivered, Delivered, Queued]);
        assert!(!timeline.apply_receipt(&me, Delivery::Delivered));
        assert!(!timeline.apply_receipt(&PersonId::new("b"), Delivery::Seen));
        let second = timeline.find(&MessageId::new("b")).unwrap_or(Slot(9));
        assert!(timeline.apply_receipt_until(second, Delivery::Seen));
        assert_eq!(states(&timeline), [Seen, Seen, Delivered, Queued]);
    }
}

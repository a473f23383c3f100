//! Storage of a timeline's messages by slot.
//!
//! Slots are numbered in the order in which messages were added, and a number is never used twice. Messages are held in
//! blocks; a block is freed once all its messages were unloaded. A handle of an unloaded message therefore stays valid
//! and refers to an empty message.

use crate::domain::{Delivery, Message, MessageKind, PersonId, Timestamp};
use crate::text::SafeText;

use super::Slot;

/// Number of messages in a block: one for each bit of its marks.
const BLOCK: usize = 64;

/// Messages by slot, and which of them differ from their stored copy.
#[derive(Debug, Clone)]
pub(super) struct MessageTable {
    blocks: Vec<Option<Box<Block>>>,
    len: usize,
    /// Number of unsaved messages.
    unsaved: usize,
    /// No block before this one has unsaved messages.
    first_unsaved: usize,
    /// Stands for all unloaded messages.
    unloaded: Message,
}

#[derive(Debug, Clone)]
struct Block {
    messages: Vec<Message>,
    /// Rank of each message among the accepted messages of the same time.
    ranks: Vec<i32>,
    /// Bit `n` is set if the message `n` is loaded.
    loaded: u64,
    /// Bit `n` is set if the message `n` differs from its stored copy.
    unsaved: u64,
}

impl Default for MessageTable {
    fn default() -> Self {
        let unloaded = Message {
            id: None,
            local: None,
            author: PersonId::new(""),
            sent_at: Timestamp(0),
            text: SafeText::default(),
            attachment: None,
            delivery: Delivery::Seen,
            edited: false,
            deleted: false,
            kind: MessageKind::Text,
            forwarded: false,
            starred: false,
            quote: None,
            earlier: None,
            revision: 0,
        };
        Self { blocks: Vec::new(), len: 0, unsaved: 0, first_unsaved: 0, unloaded }
    }
}

impl MessageTable {
    /// Returns the message in `slot`, or an empty one if it was unloaded.
    pub(super) fn get(&self, slot: Slot) -> &Message {
        #[cfg(test)]
        READS.set(READS.get() + 1);
        let (block, index) = split(slot);
        let block = self.blocks.get(block).and_then(Option::as_ref);
        block.and_then(|block| block.messages.get(index)).unwrap_or(&self.unloaded)
    }

    /// Returns the message in `slot` for modification; `None` if it was unloaded.
    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Message> {
        let (block, index) = split(slot);
        let block = self.blocks.get_mut(block)?.as_mut().filter(|block| block.loaded & (1 << index) != 0)?;
        block.messages.get_mut(index)
    }

    /// Returns the rank of a message among the accepted messages of the same time.
    pub(super) fn rank(&self, slot: Slot) -> i32 {
        let (block, index) = split(slot);
        let block = self.blocks.get(block).and_then(Option::as_ref);
        block.and_then(|block| block.ranks.get(index)).copied().unwrap_or(0)
    }

    /// Sets the rank of a message.
    pub(super) fn set_rank(&mut self, slot: Slot, rank: i32) {
        let (block, index) = split(slot);
        let block = self.blocks.get_mut(block).and_then(Option::as_mut);
        if let Some(entry) = block.and_then(|block| block.ranks.get_mut(index)) {
            *entry = rank;
        }
    }

    /// Adds a message, unsaved or not, and returns its slot.
    pub(super) fn push(&mut self, message: Message, is_unsaved: bool) -> Slot {
        let slot = Slot(u32::try_from(self.len).unwrap_or(u32::MAX));
        if self.len.is_multiple_of(BLOCK) {
            let capacity = if self.len == 0 { 4 } else { BLOCK };
            let (messages, ranks) = (Vec::with_capacity(capacity), Vec::with_capacity(capacity));
            self.blocks.push(Some(Box::new(Block { messages, ranks, loaded: 0, unsaved: 0 })));
        }
        if let Some(Some(block)) = self.blocks.last_mut() {
            block.messages.push(message);
            block.ranks.push(0);
            block.loaded |= 1 << (self.len % BLOCK);
        }
        self.len += 1;
        if is_unsaved {
            self.mark_unsaved(slot);
        }
        slot
    }

    /// Replaces a message by an empty one and returns it. Frees its block if nothing else is in it.
    pub(super) fn unload(&mut self, slot: Slot) -> Message {
        self.mark_saved(slot);
        let mut message = self.unloaded.clone();
        let (index, place) = split(slot);
        let Some(entry) = self.blocks.get_mut(index) else { return message };
        let Some(block) = entry.as_mut().filter(|block| block.loaded & (1 << place) != 0) else { return message };
        if let Some(loaded) = block.messages.get_mut(place) {
            std::mem::swap(loaded, &mut message);
        }
        block.loaded &= !(1 << place);
        if block.loaded == 0 && block.messages.len() == BLOCK {
            *entry = None;
        }
        message
    }

    /// Returns the number of unsaved messages.
    pub(super) fn unsaved_len(&self) -> usize {
        self.unsaved
    }

    /// Marks a message as different from its stored copy.
    pub(super) fn mark_unsaved(&mut self, slot: Slot) {
        let (index, bit) = split(slot);
        let Some(Some(block)) = self.blocks.get_mut(index) else { return };
        if block.loaded & !block.unsaved & (1 << bit) != 0 {
            block.unsaved |= 1 << bit;
            self.unsaved += 1;
            self.first_unsaved = self.first_unsaved.min(index);
        }
    }

    /// Whether a message differs from its stored copy.
    pub(super) fn is_unsaved(&self, slot: Slot) -> bool {
        let (index, bit) = split(slot);
        self.blocks.get(index).and_then(Option::as_ref).is_some_and(|block| block.unsaved & (1 << bit) != 0)
    }

    fn mark_saved(&mut self, slot: Slot) {
        let (index, bit) = split(slot);
        let Some(Some(block)) = self.blocks.get_mut(index) else { return };
        if block.unsaved & (1 << bit) != 0 {
            block.unsaved &= !(1 << bit);
            self.unsaved -= 1;
        }
    }

    /// Returns up to `limit` unsaved messages, those added first, and marks them as saved.
    pub(super) fn take_unsaved(&mut self, limit: usize) -> Vec<Slot> {
        let mut taken = Vec::with_capacity(self.unsaved.min(limit));
        while self.unsaved > 0 && taken.len() < limit && self.first_unsaved < self.blocks.len() {
            let first = self.first_unsaved * BLOCK;
            if let Some(Some(block)) = self.blocks.get_mut(self.first_unsaved) {
                while block.unsaved != 0 && taken.len() < limit {
                    let bit = block.unsaved.trailing_zeros();
                    block.unsaved &= block.unsaved - 1;
                    self.unsaved -= 1;
                    taken.extend(u32::try_from(first).ok().map(|first| Slot(first + bit)));
                }
                if block.unsaved != 0 {
                    break;
                }
            }
            self.first_unsaved += 1;
        }
        taken
    }
}

/// Returns the number of the block that holds `slot`, and the place of the message in it.
fn split(Slot(number): Slot) -> (usize, usize) {
    let number = number as usize;
    (number / BLOCK, number % BLOCK)
}

#[cfg(test)]
std::thread_local! {
    static READS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Returns the number of messages read so far on this thread.
#[cfg(test)]
pub(super) fn reads() -> usize {
    READS.get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timeline::fixtures::info;

    fn filled(count: i64) -> (MessageTable, Vec<Slot>) {
        let mut table = MessageTable::default();
        let slots = (0..count).map(|n| table.push(info(&n.to_string(), n).into(), true)).collect();
        (table, slots)
    }

    #[test]
    fn unloaded_messages_are_empty_and_their_blocks_are_freed() {
        let (mut table, slots) = filled(3 * 64);
        slots[..130].iter().for_each(|slot| drop(table.unload(*slot)));
        table.unload(slots[129]);
        assert!(slots[..130].iter().all(|slot| table.get(*slot).id.is_none()));
        assert!(slots[130..].iter().all(|slot| table.get(*slot).id.is_some()));
        assert_eq!(table.blocks.iter().filter(|block| block.is_some()).count(), 1);
        assert_eq!(table.push(info("next", 999).into(), false), Slot(192), "slots are never reused");
    }

    #[test]
    fn unsaved_messages_are_taken_once_and_in_pieces() {
        let (mut table, slots) = filled(200);
        table.unload(slots[1]);
        assert_eq!(table.unsaved_len(), 199);
        let first = table.take_unsaved(100);
        assert_eq!((first.len(), first[0], first[1]), (100, slots[0], slots[2]));
        table.mark_unsaved(slots[2]);
        assert_eq!(table.take_unsaved(1), [slots[2]]);
        assert_eq!((table.take_unsaved(1_000).len(), table.unsaved_len()), (99, 0));
        assert_eq!(table.take_unsaved(1_000), []);
    }
}

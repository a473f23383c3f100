//! Memory use of a timeline, and unloading of its oldest messages.

use std::hash::BuildHasher;

use crate::domain::Message;

use crate::text::SafeText;

use super::{Slot, Timeline};

impl Timeline {
    /// Returns the approximate memory use of the messages in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns how many of the oldest messages have to be unloaded so that the newest `bytes` stay. The newest message
    /// always stays.
    pub fn excess(&self, bytes: usize) -> usize {
        let mut excess = self.bytes.saturating_sub(bytes);
        let oldest = self.accepted.iter().take(self.accepted.len().saturating_sub(1));
        let unloaded = oldest.take_while(|slot| {
            let is_excess = excess > 0;
            excess = excess.saturating_sub(memory_cost(self.get(**slot)));
            is_excess
        });
        unloaded.count()
    }

    /// Unloads the `count` oldest accepted messages; they can be fetched again. The slots of all others stay valid.
    ///
    /// `is_contiguous` tells whether no message is missing between the unloaded messages and the others. Returns the
    /// messages that were edited, deleted or starred and whose change is not in the store yet.
    pub fn unload_oldest(&mut self, count: usize, is_contiguous: bool) -> Vec<Message> {
        self.version += 1;
        let oldest: Vec<Slot> = self.accepted.drain(..count.min(self.accepted.len())).collect();
        let (mut predecessor, mut changed) = (None, Vec::new());
        for slot in &oldest {
            let is_unsaved = self.messages.is_unsaved(*slot);
            let message = self.unload(*slot);
            predecessor.clone_from(&message.id);
            if is_unsaved && (message.edited || message.deleted || message.starred) {
                changed.push(message);
            }
        }
        self.unloaded_before = self.accepted.front().copied().zip(predecessor).filter(|_| is_contiguous);
        self.accepted.shrink_to(2 * self.accepted.len());
        self.page_starts.retain(|slot| self.messages.get(*slot).id.is_some());
        self.tied_page = self.tied_page.filter(|(first, _)| self.messages.get(*first).id.is_some());
        changed
    }

    /// Drops the content of a message that has no position any more, and returns it.
    pub(super) fn unload(&mut self, slot: Slot) -> Message {
        let message = self.messages.unload(slot);
        self.quotes.remove(&message, slot);
        self.bytes = self.bytes.saturating_sub(memory_cost(&message));
        if let Some(id) = &message.id {
            if message.deleted {
                self.tombstones -= 1;
                self.quotes.remember(id);
            }
            self.unsaved.unverified.remove(&slot);
            let hash = self.hasher.hash_one(id);
            if let Ok(entry) = self.by_id.find_entry(hash, |other| *other == slot) {
                entry.remove();
            }
        }
        if let Some(local) = message.local.as_deref() {
            self.local_texts.retain(|other| *other != slot);
            if self.by_local.get(local) == Some(&slot) {
                self.by_local.remove(local);
            }
        }
        message
    }
}

/// Returns the approximate memory use of a message in bytes: its place in a block, its index entries, its texts and
/// ids, and what the allocator adds to each of those.
pub(super) fn memory_cost(message: &Message) -> usize {
    const FIXED: usize = size_of::<Message>() + 16 + 3 * ALLOCATION;
    const ALLOCATION: usize = 16;
    let id = message.id.as_ref().map_or(0, |id| 16 + id.as_str().len());
    let attachment = message.attachment.as_ref().map_or(0, |file| file.name.len() + file.url.len() + file.size.len());
    let quote = message.quote.as_ref().map_or(0, |quote| quote.text.len() + quote.author_name.len());
    let earlier: usize = message.earlier().iter().map(|text| size_of::<SafeText>() + ALLOCATION + text.len()).sum();
    FIXED + earlier + id + 16 + message.author.as_str().len() + message.text.len() + attachment + quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::domain::{MessageId, MessageInfo, PageKind};
    use crate::text::SafeText;

    #[test]
    fn messages_kept_by_eviction_keep_their_slots() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], PageKind::Newest, None);
        let slots: Vec<Slot> = timeline.iter().map(|(slot, _)| slot).collect();
        timeline.unload_oldest(1, true);
        assert_eq!(timeline.unloaded_predecessor(), Some(&MessageId::new("a")));
        assert_eq!(ids(&timeline), ["b", "c"]);
        assert_eq!(slots.iter().map(|slot| timeline.position(*slot)).collect::<Vec<_>>(), [None, Some(0), Some(1)]);
        assert_eq!((timeline.find(&MessageId::new("a")), timeline.find(&MessageId::new("c"))), (None, Some(slots[2])));
        assert_eq!(timeline.take_changes(9).positions, [0, 1]);
        timeline.merge_page(vec![info("a", 1), info("b", 2)], PageKind::Older, None);
        assert_eq!(ids(&timeline), ["a", "b", "c"], "it can be loaded again");
        assert_eq!(timeline.unloaded_predecessor(), None);
    }

    #[test]
    fn memory_use_is_tracked_through_changes() {
        let mut timeline = Timeline::default();
        let long = |id: &str, at| MessageInfo { text: SafeText::block(&"x".repeat(10_000)), ..info(id, at) };
        timeline.merge_page((0..10).map(|n| long(&format!("m{n}"), n)).collect(), PageKind::Newest, None);
        let total = timeline.bytes();
        assert!((100_000..110_000).contains(&total), "{total}");
        let first = timeline.find(&MessageId::new("m0")).expect("a slot");
        timeline.change(first, Message::delete);
        assert!(timeline.bytes() < total - 9_000);
        assert_eq!(timeline.excess(35_000), 7);
        timeline.unload_oldest(7, true);
        assert_eq!(ids(&timeline), ["m7", "m8", "m9"]);
        assert!(timeline.bytes() < 35_000);
        assert_eq!((timeline.excess(35_000), timeline.excess(0)), (0, 2), "the newest always stays");
    }
}

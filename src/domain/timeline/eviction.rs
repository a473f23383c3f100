//! Memory use of a timeline, and unloading of its oldest messages.

use crate::domain::{Message, MessageId};

use super::{Slot, Timeline};

impl Timeline {
    /// Returns the approximate memory use of the messages in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the oldest message to keep if only the newest `bytes` are to stay loaded; `None` if everything fits. The
    /// newest message is always kept.
    pub fn oldest_within(&self, bytes: usize) -> Option<MessageId> {
        let mut left = bytes;
        let mut accepted = self.accepted.iter().rev().map(|slot| self.get(*slot)).enumerate();
        let excess = accepted.find(|(_, message)| {
            let fits = memory_cost(message) <= left;
            left = left.saturating_sub(memory_cost(message));
            !fits
        });
        let (kept, _) = excess?;
        self.accepted.get(self.accepted.len() - kept.max(1)).and_then(|slot| self.get(*slot).id.clone())
    }

    /// Unloads every accepted message older than `oldest`; they can be fetched again. Slots change: all handles of this
    /// timeline become invalid.
    pub fn unload_before(&mut self, oldest: &MessageId) {
        let Some(position) = self.find(oldest).and_then(|slot| self.position(slot)) else { return };
        let kept: Vec<Slot> = self.accepted.iter().skip(position).chain(&self.pending).copied().collect();
        let pending = self.pending.len();
        let old = std::mem::take(self);
        self.version = old.version + 1;
        // Everything kept counts as unsaved, which costs the store one comparison for each message.
        self.unsaved.removed = old.unsaved.removed.clone();
        for (index, slot) in kept.iter().enumerate() {
            let new = self.push(old.messages[slot.0 as usize].clone());
            if old.get(*slot).local.as_deref().is_some_and(|local| old.find_own_send(*local) == Some(*slot)) {
                self.index_by_local(new);
            }
            if old.unsaved.unverified.contains(slot) {
                self.unsaved.unverified.insert(new);
            }
            if old.local_texts.contains(slot) {
                self.local_texts.push(new);
            }
            self.tombstones += usize::from(self.get(new).deleted);
            if index + pending < kept.len() {
                self.accepted.push_back(new);
            } else {
                self.pending.push(new);
            }
        }
    }
}

/// Returns the approximate memory use of a message in bytes: its slot, its index entries and its texts.
pub(super) fn memory_cost(message: &Message) -> usize {
    const FIXED: usize = size_of::<Message>() + 64;
    let attachment = message.attachment.as_ref().map_or(0, |file| file.name.len() + file.url.len() + file.size.len());
    let quote = message.quote.as_ref().map_or(0, |quote| quote.text.len() + quote.author_name.len());
    FIXED + message.text.len() + attachment + quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::domain::{MessageInfo, PageKind};
    use crate::text::SafeText;

    #[test]
    fn messages_kept_by_eviction_can_be_found() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], PageKind::Newest, None);
        timeline.unload_before(&MessageId::new("b"));
        assert_eq!(ids(&timeline), ["b", "c"]);
        assert_eq!(timeline.find(&MessageId::new("c")).and_then(|slot| timeline.position(slot)), Some(1));
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
        let oldest = timeline.oldest_within(35_000).expect("not all fit");
        assert_eq!(oldest, MessageId::new("m7"));
        timeline.unload_before(&oldest);
        assert_eq!(ids(&timeline), ["m7", "m8", "m9"]);
        assert!(timeline.bytes() < 35_000);
        assert_eq!(timeline.oldest_within(35_000), None);
        assert_eq!(timeline.oldest_within(0), Some(MessageId::new("m9")), "the newest always stays");
    }
}

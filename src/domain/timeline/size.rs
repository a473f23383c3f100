//! What a timeline takes of the memory, and how it lets go of what is old.

use crate::domain::{Message, MessageId};

use super::{Slot, Timeline};

impl Timeline {
    /// How many bytes of memory the messages take, about.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The oldest message that the newest `bytes` hold whole, unless all are held. There is always one.
    pub fn oldest_within(&self, bytes: usize) -> Option<MessageId> {
        let mut left = bytes;
        let mut accepted = self.accepted.iter().rev().map(|slot| self.get(*slot)).enumerate();
        let beyond = accepted.find(|(_, message)| {
            let fits = cost(message) <= left;
            left = left.saturating_sub(cost(message));
            !fits
        });
        let (kept, _) = beyond?;
        self.accepted.get(self.accepted.len() - kept.max(1)).and_then(|slot| self.get(*slot).id.clone())
    }

    /// Forgets every accepted message older than the one called `oldest`; the server still has them.
    pub fn forget_before(&mut self, oldest: &MessageId) {
        let Some(position) = self.find(oldest).and_then(|slot| self.position(slot)) else { return };
        let kept: Vec<Slot> = self.accepted.iter().skip(position).chain(&self.waiting).copied().collect();
        let waiting = self.waiting.len();
        let old = std::mem::take(self);
        self.version = old.version + 1;
        // All that stays counts as new: it costs a look at each of them.
        self.unkept.removed = old.unkept.removed.clone();
        for (index, slot) in kept.iter().enumerate() {
            let new = self.store(old.messages[slot.0 as usize].clone());
            if old.get(*slot).local.as_deref().is_some_and(|local| old.find_local(*local) == Some(*slot)) {
                self.know_local(new);
            }
            if old.unkept.hearsay.contains(slot) {
                self.unkept.hearsay.insert(new);
            }
            if old.drafts.contains(slot) {
                self.drafts.push(new);
            }
            self.tombstones += usize::from(self.get(new).deleted);
            if index + waiting < kept.len() {
                self.accepted.push_back(new);
            } else {
                self.waiting.push(new);
            }
        }
    }
}

/// What a message takes, about: its place, the indices, and its texts.
pub(super) fn cost(message: &Message) -> usize {
    const PLACE: usize = size_of::<Message>() + 64;
    let attachment = message.attachment.as_ref().map_or(0, |file| file.name.len() + file.url.len() + file.size.len());
    let quote = message.quote.as_ref().map_or(0, |quote| quote.text.len() + quote.author_name.len());
    PLACE + message.text.len() + attachment + quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Arrival, MessageInfo, MessageKind, PersonId, RoomId, Timestamp};
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

    #[test]
    fn forgetting_the_old_keeps_the_rest_findable() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], Arrival::Newest, None);
        timeline.forget_before(&MessageId::new("b"));
        assert_eq!(ids(&timeline), ["b", "c"]);
        assert_eq!(timeline.find(&MessageId::new("c")).and_then(|slot| timeline.position(slot)), Some(1));
    }

    #[test]
    fn what_it_takes_is_known_through_every_change() {
        let mut timeline = Timeline::default();
        let long = |id: &str, at| MessageInfo { text: SafeText::block(&"x".repeat(10_000)), ..info(id, at) };
        timeline.merge_page((0..10).map(|n| long(&format!("m{n}"), n)).collect(), Arrival::Newest, None);
        let whole = timeline.bytes();
        assert!((100_000..110_000).contains(&whole), "{whole}");
        let first = timeline.find(&MessageId::new("m0")).expect("a slot");
        timeline.change(first, Message::delete);
        assert!(timeline.bytes() < whole - 9_000);
        let oldest = timeline.oldest_within(35_000).expect("not all fit");
        assert_eq!(oldest, MessageId::new("m7"));
        timeline.forget_before(&oldest);
        assert_eq!(ids(&timeline), ["m7", "m8", "m9"]);
        assert!(timeline.bytes() < 35_000);
        assert_eq!(timeline.oldest_within(35_000), None);
        assert_eq!(timeline.oldest_within(0), Some(MessageId::new("m9")), "the newest stays, whatever it takes");
    }
}

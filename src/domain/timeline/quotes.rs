//! Quotes of deleted messages, which lose their text.
//!
//! A quote repeats the text of its message, and servers send it unchanged after that message was deleted. So the text
//! is dropped when the message is deleted, and when a quote of a message arrives that is known to be deleted.

use std::collections::{HashMap, VecDeque};

use crate::domain::{Message, MessageId, Quote};
use crate::text::SafeText;

use super::{Slot, Timeline};

/// Maximum number of deleted messages that are remembered although they are not loaded.
const MAX_REMEMBERED: usize = 256;

/// Index of the quotes in a timeline.
#[derive(Debug, Clone, Default)]
pub(super) struct QuoteIndex {
    /// The messages that quote a text, by the id of the message with that text.
    by_original: HashMap<MessageId, Vec<Slot>>,
    /// Deleted messages that are not loaded, newest last.
    remembered: VecDeque<MessageId>,
}

impl QuoteIndex {
    /// Notes that the message in `slot` quotes the text of another one.
    fn add(&mut self, original: MessageId, slot: Slot) {
        self.by_original.entry(original).or_default().push(slot);
    }

    /// Forgets the quote of an unloaded message.
    pub(super) fn remove(&mut self, message: &Message, slot: Slot) {
        let Some(quote) = &message.quote else { return };
        let Some(slots) = self.by_original.get_mut(&quote.id) else { return };
        if let Some(index) = slots.iter().position(|other| *other == slot) {
            slots.swap_remove(index);
        }
        if slots.is_empty() {
            self.by_original.remove(&quote.id);
        }
    }

    /// Remembers a deleted message that is not loaded.
    pub(super) fn remember(&mut self, id: &MessageId) {
        if !self.remembered.contains(id) {
            self.remembered.push_back(id.clone());
        }
        if self.remembered.len() > MAX_REMEMBERED {
            self.remembered.pop_front();
        }
    }
}

impl Timeline {
    /// Whether a message is known to be deleted.
    pub fn is_deleted(&self, id: &MessageId) -> bool {
        self.find(id).map_or_else(|| self.quotes.remembered.contains(id), |slot| self.get(slot).deleted)
    }

    /// Remembers a deleted message of this room that is not loaded, so that quotes of it arrive without text.
    pub fn remember_deleted(&mut self, id: &MessageId) {
        if self.find(id).is_none() {
            self.quotes.remember(id);
        }
    }

    /// Clears the text of all quotes of a deleted message, which may not be loaded.
    pub fn clear_quotes_of(&mut self, id: &MessageId) {
        for slot in self.quotes.by_original.remove(id).unwrap_or_default() {
            self.change(slot, Message::clear_quote);
        }
    }

    /// Drops the text of a quote if the quoted message is known to be deleted. Returns whether it was dropped.
    pub(super) fn drop_deleted_quote(&self, quote: Option<&mut Box<Quote>>) -> bool {
        let quote = quote.filter(|quote| !quote.text.is_empty() && self.is_deleted(&quote.id));
        quote.is_some_and(|quote| {
            quote.text = SafeText::default();
            true
        })
    }

    /// Notes the quote of a message that was added or changed. `before` is the message that it quoted before.
    pub(super) fn index_quote(&mut self, slot: Slot, before: Option<&MessageId>) {
        let quote = self.get(slot).quote.as_ref().filter(|quote| !quote.text.is_empty());
        if let Some(id) = quote.map(|quote| &quote.id).filter(|id| before != Some(id)).cloned() {
            self.quotes.add(id, slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::timeline::fixtures::info;
    use crate::domain::{Message, MessageId, MessageInfo, PageKind, PersonId, Quote};
    use crate::text::SafeText;

    use super::super::Timeline;

    fn reply(id: &str, at: i64, to: &str) -> MessageInfo {
        let (author, name) = (PersonId::new("ann"), SafeText::line("Ann"));
        let quote = Quote { id: MessageId::new(to), author, author_name: name, text: SafeText::line("secret") };
        MessageInfo { quote: Some(Box::new(quote)), ..info(id, at) }
    }

    fn deleted(id: &str, at: i64) -> MessageInfo {
        MessageInfo { deleted: true, ..info(id, at) }
    }

    /// Returns the text that each message quotes.
    fn quoted(timeline: &Timeline) -> Vec<&str> {
        timeline.iter().filter_map(|(_, message)| message.quote.as_ref()).map(|quote| &*quote.text).collect()
    }

    #[test]
    fn quote_loses_its_text_however_the_deletion_is_learnt() {
        let live = |timeline: &mut Timeline| {
            timeline.insert_live(deleted("a", 1));
        };
        let page = |timeline: &mut Timeline| {
            timeline.merge_page(vec![deleted("a", 1), reply("b", 2, "a")], PageKind::Newest, None);
        };
        let missing = |timeline: &mut Timeline| {
            timeline.merge_page(vec![info("z", 0), reply("b", 2, "a")], PageKind::Newest, None);
        };
        let event = |timeline: &mut Timeline| {
            let slot = timeline.find(&MessageId::new("a")).unwrap();
            timeline.change(slot, Message::delete);
        };
        let changes: [&dyn Fn(&mut Timeline); 4] = [&live, &page, &missing, &event];
        for (index, delete) in changes.iter().enumerate() {
            let mut timeline = Timeline::default();
            timeline.merge_page(vec![info("z", 0), info("a", 1), reply("b", 2, "a")], PageKind::Newest, None);
            assert_eq!(quoted(&timeline), ["secret"]);
            timeline.take_changes(usize::MAX);
            let bytes = timeline.bytes();
            delete(&mut timeline);
            assert_eq!(quoted(&timeline), [""], "{index}");
            assert_eq!(timeline.take_changes(usize::MAX).positions, [1, 2], "{index}: both are stored");
            assert!(timeline.bytes() < bytes);
        }
    }

    #[test]
    fn quote_of_a_deleted_message_arrives_without_text() {
        let arrivals: [&dyn Fn(&mut Timeline); 3] = [
            &|timeline| {
                timeline.insert_live(reply("b", 2, "a"));
            },
            &|timeline| {
                timeline.merge_page(vec![deleted("a", 1), reply("b", 2, "a")], PageKind::Newest, None);
            },
            &|timeline| timeline.restore(vec![Message::from(reply("b", 2, "a"))], None),
        ];
        for (index, arrive) in arrivals.iter().enumerate() {
            for is_loaded in [true, false] {
                let mut timeline = Timeline::default();
                if is_loaded {
                    timeline.insert_live(deleted("a", 1));
                } else {
                    timeline.remember_deleted(&MessageId::new("a"));
                }
                arrive(&mut timeline);
                assert_eq!(quoted(&timeline), [""], "{index}");
                let changes = timeline.take_changes(usize::MAX);
                assert!(!changes.positions.is_empty(), "{index}: the text on disk is replaced");
                // The server sends its text again and again.
                arrive(&mut timeline);
                assert_eq!(timeline.take_changes(usize::MAX).positions, [0; 0], "{index}: again");
                assert_eq!(quoted(&timeline), [""]);
            }
        }
    }

    #[test]
    fn tombstone_is_remembered_when_it_is_unloaded() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![deleted("a", 1), reply("b", 2, "z"), info("c", 3)], PageKind::Newest, None);
        timeline.unload_oldest(2, true);
        assert!(timeline.is_deleted(&MessageId::new("a")) && timeline.quotes.by_original.is_empty());
        timeline.insert_live(reply("d", 4, "a"));
        assert_eq!(quoted(&timeline), [""]);
    }

    #[test]
    fn restored_tombstone_clears_restored_quotes() {
        let mut timeline = Timeline::default();
        let messages = vec![deleted("a", 1), reply("b", 2, "a")];
        timeline.restore(messages.into_iter().map(Message::from).collect(), None);
        assert_eq!(quoted(&timeline), [""]);
    }

    /// The tombstone is not loaded, but when the reply was stored, it was known.
    #[test]
    fn cleared_quote_stays_cleared() {
        let mut timeline = Timeline::default();
        let mut stored = Message::from(reply("b", 2, "a"));
        stored.clear_quote();
        timeline.restore(vec![stored], None);
        timeline.merge_page(vec![reply("b", 2, "a")], PageKind::Newest, None);
        assert_eq!((quoted(&timeline), timeline.unsaved_len()), (vec![""], 0));
    }

    /// A deletion must not look at every message: servers can send thousands.
    #[test]
    fn deletion_looks_at_few_messages() {
        let mut timeline = Timeline::default();
        let page = (0..2_000).map(|n| reply(&format!("m{n}"), n, &format!("q{n}"))).collect();
        timeline.merge_page(page, PageKind::Newest, None);
        let before = super::super::table::reads();
        timeline.clear_quotes_of(&MessageId::new("q7"));
        assert!(super::super::table::reads() - before < 50);
    }
}

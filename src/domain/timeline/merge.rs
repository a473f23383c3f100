//! Merging of server reports into a timeline: live messages and pages of history.

use std::collections::HashSet;

use crate::domain::{LocalId, Message, MessageInfo, PersonId, Timestamp};

use super::{Slot, Timeline};

/// Kind of a page, which decides where it goes among loaded messages of the same millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Newest page: after all messages of the same time.
    Newest,
    /// Older page: before all messages of the same time.
    Older,
}

impl Timeline {
    /// Adds or updates a message that the server reports live. Returns its slot and whether it is new.
    pub fn insert_live(&mut self, info: MessageInfo) -> (Slot, bool) {
        let position = self.position_before_page(info.sent_at).unwrap_or_else(|| self.position_after(info.sent_at));
        let (slot, is_new) = self.merge(info, position);
        if !is_new {
            self.order_overtaken(slot);
        }
        (slot, is_new)
    }

    /// Merges a page of messages. Returns how many of them the server had not reported before: those that are new, and
    /// those that were restored from the store.
    ///
    /// Loaded messages within the time span of the page that are not on it were deleted meanwhile and become
    /// tombstones.
    ///
    /// `text_match` is for servers that return no [`LocalId`]: the user, and the user's sends that have not left the
    /// program yet. Messages by the user on the page are then matched to sends with [`Timeline::match_by_text`].
    pub fn merge_page(
        &mut self,
        mut messages: Vec<MessageInfo>,
        kind: PageKind,
        text_match: Option<(&PersonId, &[LocalId])>,
    ) -> usize {
        messages.sort_by_key(|info| info.sent_at);
        let Some((first, last)) = messages.first().zip(messages.last()) else { return 0 };
        let (span_start, span_end) = (first.sent_at, last.sent_at);
        let mut limit = match kind {
            PageKind::Newest => self.position_after(span_end),
            PageKind::Older => self.position_before(span_end),
        };
        let (mut new, unverified) = (0, self.unsaved.unverified.len());
        let (mut newest_first, mut present) = (Vec::new(), HashSet::new());
        for mut info in messages.into_iter().rev() {
            if let Some((_, unsent)) = text_match.filter(|(me, _)| info.author == **me) {
                self.match_by_text(&mut info, unsent);
            }
            let position = self.position_after(info.sent_at).min(limit);
            let (slot, is_new) = self.merge(info, position);
            limit = self.position(slot).unwrap_or(limit);
            new += usize::from(is_new);
            // A page may name a message more than once.
            if present.insert(slot) {
                newest_first.push(slot);
            }
        }
        new += unverified.saturating_sub(self.unsaved.unverified.len());
        self.order_page(&newest_first, &present, (span_start, span_end));
        if span_start < span_end {
            self.note_page_start(newest_first.last().copied());
        } else if kind == PageKind::Newest {
            self.note_tied_page(&newest_first);
        }
        self.tombstone_missing(&present, span_start, span_end);
        new
    }

    /// Adds a message at `position`, or updates the message that it is a newer report of.
    fn merge(&mut self, mut info: MessageInfo, position: usize) -> (Slot, bool) {
        self.version += 1;
        self.drop_deleted_quote(info.quote.as_mut());
        // The author controls the metadata of a message, and others may copy it. So a `LocalId` identifies only a send
        // of the same author that has no server id yet.
        let is_candidate = |slot: &Slot| self.get(*slot).id.is_none() && self.get(*slot).author == info.author;
        let by_local = || info.local.and_then(|local| self.find_own_send(local)).filter(is_candidate);
        let Some(slot) = self.find(&info.id).or_else(by_local) else {
            let slot = self.push(info.into(), true);
            self.insert_accepted(position, slot);
            self.note_tombstone(slot);
            return (slot, true);
        };
        // Even a report that is rejected below proves that the server has the message.
        self.unsaved.unverified.remove(&slot);
        if self.get(slot).author != info.author {
            // The author of a message never changes, so this report is wrong or forged.
            return (slot, false);
        }
        let (id, sent_at) = (info.id.clone(), info.sent_at);
        let had_id = self.get(slot).id.is_some();
        let local_text = self.local_texts.iter().position(|other| *other == slot);
        if let Some(index) = local_text {
            self.local_texts.swap_remove(index);
        }
        if !had_id {
            self.set_time(slot, sent_at);
            self.set_id(slot, id);
        }
        let quoted = self.get(slot).quote.as_ref().map(|quote| quote.id.clone());
        self.change(slot, |message| message.update(info, local_text.is_some()));
        self.index_quote(slot, quoted.as_ref());
        if !had_id {
            self.move_to_accepted(slot);
        } else if self.get(slot).sent_at != sent_at {
            // It was accepted without the server's time, so it was sorted by our clock until now.
            self.remove_accepted(slot);
            self.set_time(slot, sent_at);
            self.move_to_accepted(slot);
        }
        (slot, false)
    }

    /// Counts a message that was deleted before it was added, and clears the quotes of it.
    pub(super) fn note_tombstone(&mut self, slot: Slot) {
        let message = self.get(slot);
        if message.deleted
            && let Some(id) = message.id.clone()
        {
            self.tombstones += 1;
            self.clear_quotes_of(&id);
        }
    }

    fn set_time(&mut self, slot: Slot, sent_at: Timestamp) {
        if let Some(message) = self.messages.get_mut(slot) {
            message.sent_at = sent_at;
        }
    }

    fn tombstone_missing(&mut self, present: &HashSet<Slot>, span_start: Timestamp, span_end: Timestamp) {
        let from = self.position_after(span_start);
        let inside = self.accepted.range(from..).take_while(|slot| self.get(**slot).sent_at < span_end);
        let is_missing = |slot: &&Slot| !present.contains(*slot) && !self.has_local_time(**slot);
        let missing: Vec<Slot> = inside.filter(is_missing).copied().collect();
        for slot in missing {
            self.change(slot, Message::delete);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::MessageId;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::text::SafeText;

    #[test]
    fn live_message_on_a_page_is_not_duplicated() {
        let mut timeline = Timeline::default();
        timeline.insert_live(info("c", 30));
        assert_eq!(timeline.merge_page(vec![info("a", 10), info("b", 20), info("c", 30)], PageKind::Newest, None), 2);
        assert_eq!(ids(&timeline), ["a", "b", "c"]);
    }

    #[test]
    fn equal_times_keep_the_servers_order_across_pages() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("c", 5), info("d", 5)], PageKind::Newest, None);
        timeline.merge_page(vec![info("a", 5), info("b", 5)], PageKind::Older, None);
        timeline.insert_live(info("e", 5));
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn message_missing_from_a_page_becomes_a_tombstone() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], PageKind::Newest, None);
        timeline.merge_page(vec![info("a", 1), info("c", 3)], PageKind::Newest, None);
        let b = timeline.find(&MessageId::new("b")).map(|slot| timeline.get(slot).deleted);
        assert_eq!(b, Some(true));
        assert_eq!(timeline.server_len(), 2);
    }

    /// Regression test: a bot that copied the metadata of a message into its answer overwrote that message.
    #[test]
    fn copied_metadata_does_not_identify_a_message() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.insert_live(MessageInfo { local: Some(local), ..info("mine", 50) });
        let copy = MessageInfo { local: Some(local), author: PersonId::new("bot"), ..info("answer", 60) };
        timeline.insert_live(copy);
        assert_eq!(ids(&timeline), ["mine", "answer"]);
        assert!(timeline.iter().all(|(_, message)| !message.edited));
    }

    #[test]
    fn report_with_another_author_changes_nothing() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], PageKind::Newest, None);
        let text = SafeText::block("forged");
        let forged = MessageInfo { author: PersonId::new("mallory"), text, seen: true, ..info("b", 2) };
        timeline.merge_page(vec![info("a", 1), forged.clone(), info("c", 3)], PageKind::Newest, None);
        assert!(!timeline.insert_live(MessageInfo { deleted: true, ..forged }).1);
        let b = timeline.find(&MessageId::new("b")).map(|slot| timeline.get(slot).clone()).expect("b is loaded");
        assert_eq!((b, timeline.server_len()), (info("b", 2).into(), 3));
    }
}

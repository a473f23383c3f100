//! The user's own sends, from the composer until the server has accepted them.

use crate::domain::{Delivery, LocalId, MINUTE, Message, MessageId, MessageInfo};

use crate::text::SafeText;

use super::{Slot, Timeline};

/// Milliseconds by which the server's clock may be behind ours when a message is recognised by its text and time.
pub const MAX_CLOCK_SKEW: i64 = 2 * MINUTE;

impl Timeline {
    /// Finds a send of this program.
    pub fn find_own_send(&self, local: LocalId) -> Option<Slot> {
        self.by_local.get(&local).copied()
    }

    /// Whether the server has accepted the send `local`.
    pub fn is_confirmed(&self, local: LocalId) -> bool {
        self.find_own_send(local).is_some_and(|slot| self.get(slot).delivery > Delivery::Failed)
    }

    /// Finds a message by its send, whoever sent it. Scans all messages, so this is for user actions, not for every
    /// frame.
    pub fn find_any_send(&self, local: LocalId) -> Option<Slot> {
        self.iter().rev().find(|(_, message)| message.local.as_deref() == Some(&local)).map(|(slot, _)| slot)
    }

    /// Appends a send of the user that is waiting for the server.
    pub fn enqueue(&mut self, message: Message) -> Slot {
        self.version += 1;
        let slot = self.push(message, true);
        self.index_by_local(slot);
        self.pending.push(slot);
        self.local_texts.push(slot);
        slot
    }

    /// Replaces the text of a message that the user has edited before it was sent.
    pub fn rewrite_send(&mut self, slot: Slot, text: SafeText) {
        self.change(slot, |message| {
            message.text = text;
            message.revision += 1;
            true
        });
    }

    /// Marks the send `local` as accepted, given a reply of the server that contains at most the id of the message.
    /// Returns the slot of the message, which differs from that of the send if the echo arrived first and was not
    /// recognised.
    pub fn accept(&mut self, local: LocalId, id: Option<MessageId>) -> Option<Slot> {
        let slot = self.find_own_send(local)?;
        self.change(slot, |message| message.advance(Delivery::Sent));
        let Some(id) = id else { return Some(slot) };
        if self.get(slot).id.is_some() {
            return Some(slot);
        }
        if let Some(echo) = self.find(&id) {
            if self.get(echo).author != self.get(slot).author {
                // The reply names a message of somebody else. It confirms the send, but the id cannot be right.
                return Some(slot);
            }
            // The echo arrived first, without our `LocalId` and with a text that differs from ours: keep the echo.
            self.discard(slot);
            self.unload(slot);
            if let Some(message) = self.messages.get_mut(echo) {
                message.local = Some(Box::new(local));
            }
            self.messages.mark_unsaved(echo);
            self.by_local.insert(local, echo);
            return Some(echo);
        }
        self.set_id(slot, id);
        self.move_to_accepted(slot);
        Some(slot)
    }

    /// Whether the time of a message may still be that of our clock, because the server has not reported it.
    pub(in crate::domain) fn has_local_time(&self, slot: Slot) -> bool {
        self.local_texts.contains(&slot)
    }

    /// Recognises a message of the user that came back without its [`LocalId`], by its text. Sets `info.local` to that
    /// of the oldest pending send with the same text, and returns whether there is one.
    ///
    /// Sends in `unsent` have not left the program yet, so the message cannot be one of them: the user has written the
    /// same text on another device.
    pub fn match_by_text(&mut self, info: &mut MessageInfo, unsent: &[LocalId]) -> bool {
        // The name of a file may be changed by the server, so nothing tells one file from another.
        let is_file = info.attachment.is_some() || info.text.is_empty();
        if is_file || info.local.is_some() || self.find(&info.id).is_some() {
            return false;
        }
        let matches = |slot: &&Slot| {
            let send = self.get(**slot);
            // An older message with the same text is a different one; clocks may differ a little.
            let in_time = info.sent_at >= send.sent_at + -MAX_CLOCK_SKEW;
            // If it is uncertain whether a send arrived, the user decides by comparing.
            let is_certain = !matches!(send.delivery, Delivery::Uncertain | Delivery::Failed);
            let was_sent = send.local.as_deref().is_none_or(|local| !unsent.contains(local));
            send.text == info.text && is_certain && in_time && was_sent
        };
        let Some(slot) = self.pending.iter().find(matches) else { return false };
        info.local = self.get(*slot).local.as_deref().copied();
        true
    }

    /// Removes a pending send because it was discarded or its text went back to the composer.
    pub fn discard(&mut self, slot: Slot) {
        self.version += 1;
        self.pending.retain(|other| *other != slot);
        self.local_texts.retain(|other| *other != slot);
        if let Some(local) = self.messages.get_mut(slot).and_then(|message| message.local.take()) {
            self.by_local.remove(&local);
        }
    }

    /// Queues a failed or uncertain send again, at its present position. Returns whether the send was failed or
    /// uncertain.
    pub fn retry(&mut self, slot: Slot) -> bool {
        let Some(message) = self.messages.get_mut(slot) else { return false };
        if !matches!(message.delivery, Delivery::Failed | Delivery::Uncertain) {
            return false;
        }
        message.delivery = Delivery::Queued;
        message.revision += 1;
        self.version += 1;
        true
    }

    /// Marks a pending send as failed.
    pub fn mark_failed(&mut self, slot: Slot) {
        self.end_attempt(slot, Delivery::Failed);
    }

    /// Marks a pending send as uncertain: the server may or may not have it.
    pub fn mark_uncertain(&mut self, slot: Slot) {
        self.end_attempt(slot, Delivery::Uncertain);
    }

    fn end_attempt(&mut self, slot: Slot, delivery: Delivery) {
        let Some(message) = self.messages.get_mut(slot) else { return };
        if matches!(message.delivery, Delivery::Queued | Delivery::Uncertain) {
            message.delivery = delivery;
            message.revision += 1;
            self.version += 1;
        }
    }

    /// Moves a message from the pending sends, if it is there, to its position by time among the accepted messages.
    pub(super) fn move_to_accepted(&mut self, slot: Slot) {
        self.version += 1;
        self.messages.mark_unsaved(slot);
        self.pending.retain(|other| *other != slot);
        let position = self.position_after(self.get(slot).sent_at);
        self.insert_accepted(position, slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timeline::fixtures::{ids, info};
    use crate::domain::{PageKind, PersonId, Timestamp};
    use crate::text::SafeText;

    #[test]
    fn echo_reply_and_page_of_one_send_merge_in_any_order() {
        let local = LocalId::from_random(7);
        let echo = MessageInfo { local: Some(local), ..info("m", 50) };
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut timeline = Timeline::default();
            timeline.insert_live(info("z", 99));
            timeline.enqueue(Message::queued(local, PersonId::new("a"), SafeText::block("m"), Timestamp(60)));
            for step in order {
                match step {
                    0 => drop(timeline.insert_live(echo.clone())),
                    1 => drop(timeline.accept(local, Some(MessageId::new("m")))),
                    _ => drop(timeline.merge_page(vec![echo.clone()], PageKind::Newest, None)),
                }
            }
            assert_eq!(timeline.len(), 2, "{order:?}");
            assert!(timeline.iter().all(|(_, message)| !message.edited), "{order:?}");
        }
    }

    /// Regression test: a photo sent from another device confirmed an upload, which was then lost if it failed.
    #[test]
    fn file_is_not_matched_by_its_empty_text() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(1));
        timeline.enqueue(Message::queued(local, PersonId::new("a"), SafeText::default(), Timestamp(5)));
        let mut photo = MessageInfo { text: SafeText::default(), ..info("photo", 9) };
        assert!(!timeline.match_by_text(&mut photo, &[]));
        assert_eq!(photo.local, None);
    }

    #[test]
    fn older_message_with_equal_text_is_not_a_new_send() {
        let (mut timeline, me) = (Timeline::default(), PersonId::new("a"));
        let (now, local) = (Timestamp(10 * MINUTE), LocalId::from_random(7));
        timeline.enqueue(Message::queued(local, me.clone(), SafeText::block("ok"), now));
        let page = vec![MessageInfo { text: SafeText::block("ok"), ..info("old", MINUTE) }];
        timeline.merge_page(page, PageKind::Newest, Some((&me, &[])));
        assert_eq!(ids(&timeline), ["old", "?"]);
    }

    #[test]
    fn server_time_replaces_local_time() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.insert_live(info("before", 50));
        timeline.enqueue(Message::queued(local, PersonId::new("a"), SafeText::block("m"), Timestamp(999)));
        timeline.accept(local, Some(MessageId::new("m")));
        timeline.insert_live(info("m", 40));
        assert_eq!(ids(&timeline), ["m", "before"]);
    }

    #[test]
    fn unrecognised_echo_and_its_reply_are_one_message() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.enqueue(Message::queued(local, PersonId::new("a"), SafeText::block("m "), Timestamp(60)));
        let mut echo = info("m", 50);
        assert!(!timeline.match_by_text(&mut echo, &[]), "the server trimmed the text");
        timeline.insert_live(echo);
        timeline.accept(local, Some(MessageId::new("m")));
        assert_eq!(ids(&timeline), ["m"]);
    }
}

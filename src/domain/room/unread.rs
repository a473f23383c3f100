//! Unread messages of a room: the number of messages, and where they begin.

use crate::domain::history::MessagePoint;
use crate::domain::ids::PersonId;
use crate::domain::message::{Delivery, Message, MessageInfo};
use crate::domain::read_state::{LastMessage, Unread, UnreadCount};
use crate::domain::time::Timestamp;
use crate::domain::timeline::Slot;

use super::Room;

/// The first unread message that is loaded.
struct FirstUnread {
    first: Slot,
    /// Number of unread messages between it and the "New messages" line.
    above: u32,
    /// Whether no earlier message can be unread.
    is_certain: bool,
}

impl Room {
    /// Returns the unread messages.
    pub fn unread(&self) -> Unread {
        self.read_state.unread()
    }

    /// Whether the user has seen a message of somebody else according to the service. In a group, it may be another member
    /// who has, so a message that is newer than what is known here counts as unread.
    pub fn tells_seen(&self, info: &MessageInfo) -> bool {
        info.seen && (self.is_of_two() || !self.has_messages() || info.sent_at <= self.last_activity())
    }

    /// Applies the server's unread count, on services that count. `last` is the newest message that it has counted.
    pub fn apply_unread_count(&mut self, count: Option<u32>, last: Option<&MessagePoint>, me: Option<&PersonId>) {
        let Some(count) = count else { return };
        let until = last.map(|(_, at)| *at);
        let known = self.read_state.read_until().max(until);
        let newer = if until.is_some() { self.of_others_after(known, me).count() } else { 0 };
        let newer = u32::try_from(newer).unwrap_or(u32::MAX);
        let since_read = last.and_then(|last| self.arrived_since_read(last, me));
        self.read_state.on_count(UnreadCount { count, until, newer, since_read }, self.info.settings.marked_unread);
    }

    /// Counts the messages of others after those read here, up to the message `last`; `None` if some of them may not be
    /// loaded.
    fn arrived_since_read(&self, (last, until): &MessagePoint, me: Option<&PersonId>) -> Option<u32> {
        let read_until = self.read_state.read_until()?;
        let (timeline, history) = (&self.timeline, &self.history);
        let end = timeline.position(timeline.find(last)?)?;
        let is_read =
            |position: &usize| timeline.slot_at(*position).is_some_and(|slot| timeline.get(slot).sent_at <= read_until);
        let read = (0..end).rev().find(is_read)?;
        let is_certain = history.is_synced() && end < history.contiguous_len(timeline);
        if !is_certain || history.breaks(timeline).iter().any(|gap| (read + 1..=end).contains(gap)) {
            return None;
        }
        let arrived = self.of_others_after(Some(read_until), me).filter(|message| message.sent_at <= *until);
        u32::try_from(arrived.count()).ok()
    }

    /// Applies what a list says about the last message, on services that do not count.
    pub fn apply_last_message(&mut self, last: LastMessage, me: Option<&PersonId>) {
        let is_unseen = |message: &&Message| !message.deleted && message.delivery < Delivery::Seen;
        let newer = self.of_others_after(last.at, me).filter(is_unseen).count();
        let newer = u32::try_from(newer).unwrap_or(u32::MAX);
        self.read_state.on_last_message(last, newer, self.info.settings.marked_unread);
    }

    /// Records that the user knows of the messages so far and has archived the room. Those of a direct message count as
    /// read, although no receipt says so, because the next unread one brings the room back.
    pub fn set_aside(&mut self) {
        if self.is_of_two() {
            let listed = self.info.last_message.as_ref().map(|last| last.sent_at);
            let loaded = self.timeline.newest_accepted().map(|last| last.sent_at);
            self.read_state.on_read(listed.max(loaded), false);
        }
        self.read_state.on_mentions_known();
    }

    /// Iterates over the loaded messages of others after a time, newest first.
    fn of_others_after<'a>(
        &'a self,
        known: Option<Timestamp>,
        me: Option<&'a PersonId>,
    ) -> impl Iterator<Item = &'a Message> {
        let after = self.timeline.iter().rev().take_while(move |(_, message)| Some(message.sent_at) > known);
        after.map(|(_, message)| message).filter(move |message| message.id.is_some() && Some(&message.author) != me)
    }

    /// Moves the "New messages" line, of which the message below was not on screen yet, up to the first unread message
    /// that is loaded. Only used where each message tells whether `reader` has seen it.
    pub fn raise_unread_marker(&mut self, reader: &PersonId) {
        let Some(marker) = self.unread_marker.slot().filter(|_| self.unread_marker.unseen().any()) else { return };
        let Some(raised) = self.unread_from(marker, reader) else { return };
        self.unread_marker.raise(raised.first, raised.above, !raised.is_certain || self.history.is_resuming());
    }

    /// Places the "New messages" line, if it is due, above the oldest of the new messages once that is loaded.
    pub fn place_unread_marker(&mut self, me: Option<&PersonId>) {
        let Some(others_after) = self.unread_marker.due().and_then(|due| usize::try_from(due.get() - 1).ok()) else {
            return;
        };
        if !self.history.is_synced() {
            // Missed messages are not loaded yet, so counting would go back too far.
            return;
        }
        // Messages before a gap cannot be counted, so the line is placed at the gap.
        let gap = self.history.newest_gap(&self.timeline).and_then(|slot| self.timeline.position(slot));
        let countable = self.timeline.len() - gap.unwrap_or(0);
        let newest = self.timeline.iter().rev().take(countable);
        let mut others = newest.filter(|(_, message)| Some(&message.author) != me);
        let oldest = others.clone().last().filter(|_| self.history.is_complete() || gap.is_some());
        if let Some((slot, _)) = others.nth(others_after).or(oldest) {
            self.unread_marker.place_due(slot);
        }
    }

    /// Returns the unseen messages from others at the end of the timeline: the first of them, and their number.
    pub fn unseen(&self, me: Option<&PersonId>) -> Option<(Slot, u32)> {
        let unseen = self.timeline.iter().rev().take_while(|(_, message)| {
            message.deleted || (Some(&message.author) != me && message.delivery < Delivery::Seen)
        });
        let unseen = unseen.filter(|(_, message)| !message.deleted);
        unseen.fold(None, |found, (slot, _)| Some((slot, found.map_or(1, |(_, count)| count + 1))))
    }

    /// Returns the first unread message, if no earlier one can be unread: the one below the "New messages" line, or the
    /// first message of others above it that was not seen either. `reader` is the user where each message tells whether it was seen.
    pub fn first_unread(&self, reader: Option<&PersonId>) -> Option<Slot> {
        let marker = self.unread_marker.slot()?;
        let Some(reader) = reader else { return Some(marker) };
        self.unread_from(marker, reader).filter(|unread| unread.is_certain).map(|unread| unread.first)
    }

    /// Looks for unread messages above the one at the "New messages" line.
    fn unread_from(&self, marker: Slot, reader: &PersonId) -> Option<FirstUnread> {
        let (mut first, mut above) = (marker, 0);
        for position in (0..=self.timeline.position(marker)?).rev() {
            let slot = self.timeline.slot_at(position)?;
            let message = self.timeline.get(slot);
            let is_read = message.author == *reader || message.delivery >= Delivery::Seen;
            if slot != marker && !message.deleted {
                if is_read {
                    return Some(FirstUnread { first, above, is_certain: true });
                }
                (first, above) = (slot, above + 1);
            }
            // Whether a missing message was seen is unknown.
            if self.history.has_gap_above(slot) {
                return Some(FirstUnread { first, above, is_certain: true });
            }
        }
        Some(FirstUnread { first, above, is_certain: self.history.is_complete() })
    }
}

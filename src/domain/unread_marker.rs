//! The "New messages" line of a room, and the messages below it that nobody has looked at yet.
//!
//! The line is above one message: the first that was new when the room was opened, arrived while the user did not look,
//! or was marked as unread. That message may not be loaded yet or may have been unloaded, so the line has one of several
//! places, never two. This module does not decide which message is new; `room/unread.rs` does.

use std::num::NonZeroU32;

use super::ids::MessageId;
use super::read_state::Unread;
use super::timeline::{Slot, Timeline};

/// The "New messages" line of a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnreadMarker {
    place: Place,
    /// Messages below the line, as far as they are known, until the first of them was on screen.
    unseen: Unread,
}

/// Place of the line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Place {
    /// There is no line.
    #[default]
    Nowhere,
    /// Above so many messages of others, the oldest of which is not loaded yet.
    Due(NonZeroU32),
    /// Above this message.
    Above(Slot),
    /// Above this message, which was unloaded.
    Unloaded(MessageId),
}

impl UnreadMarker {
    /// Returns the message below the line, if it is loaded.
    pub fn slot(&self) -> Option<Slot> {
        match self.place {
            Place::Above(slot) => Some(slot),
            Place::Nowhere | Place::Due(_) | Place::Unloaded(_) => None,
        }
    }

    /// Whether there is a line, at a message that is loaded or not.
    pub fn is_set(&self) -> bool {
        self.place != Place::Nowhere
    }

    /// Returns the number of new messages while the oldest of them is not loaded yet.
    pub fn due(&self) -> Option<NonZeroU32> {
        match self.place {
            Place::Due(count) => Some(count),
            Place::Nowhere | Place::Above(_) | Place::Unloaded(_) => None,
        }
    }

    /// Whether the line is above a message that was unloaded.
    pub fn is_unloaded(&self) -> bool {
        matches!(self.place, Place::Unloaded(_))
    }

    /// Returns the messages below the line while the first of them was not on screen yet.
    pub fn unseen(&self) -> Unread {
        self.unseen
    }

    /// Removes the line.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Places the line above a message, without a statement about what was on screen.
    pub fn place_above(&mut self, slot: Slot) {
        self.place = Place::Above(slot);
    }

    /// Places the line above the first of `count` new messages, unless there is a line already.
    pub fn place_above_new(&mut self, slot: Slot, count: u32) {
        if self.place == Place::Nowhere {
            self.place = Place::Above(slot);
            self.unseen = Unread { count, ..Unread::default() };
        }
    }

    /// Makes the line due above messages that the server has counted, unless there is a line at a loaded message or one is
    /// due already.
    pub fn make_due(&mut self, unread: Unread) {
        if matches!(self.place, Place::Due(_) | Place::Above(_)) {
            return;
        }
        if let Some(count) = NonZeroU32::new(unread.count) {
            self.place = Place::Due(count);
        }
        self.unseen = Unread { mentions: 0, ..unread };
    }

    /// Places a line that is due above this message.
    pub fn place_due(&mut self, slot: Slot) {
        if let Place::Due(_) = self.place {
            self.place = Place::Above(slot);
        }
    }

    /// Handles a live message of somebody else. `is_missed` tells that the user has its room open and does not look at the
    /// end of it; `unread` are the messages of the room that were unread before.
    pub fn on_arrival(&mut self, slot: Slot, is_missed: bool, unread: Unread) {
        // Until the user has seen any of them, all new messages are below the line.
        let is_below = is_missed && self.unseen.count == unread.count;
        if let Place::Due(count) = &mut self.place {
            *count = count.saturating_add(1);
        } else if is_missed && !unread.any() && !self.unseen.any() {
            self.place = Place::Above(slot);
        }
        self.unseen.count = self.unseen.count.saturating_add(u32::from(is_below));
    }

    /// Moves the line up to `first`, above which `added` more messages are unread. `or_more` tells that still earlier ones
    /// may be.
    pub fn raise(&mut self, first: Slot, added: u32, or_more: bool) {
        self.place = Place::Above(first);
        self.unseen.count = self.unseen.count.saturating_add(added);
        self.unseen.or_more = or_more;
    }

    /// Records that the message below the line was on screen.
    pub fn on_seen(&mut self) {
        self.unseen = Unread::default();
    }

    /// Records that messages were unloaded. `marked` is the id of the message that was below the line.
    pub fn on_unloaded(&mut self, timeline: &Timeline, marked: Option<MessageId>) {
        if self.slot().is_some_and(|slot| timeline.position(slot).is_none()) {
            self.place = marked.map_or(Place::Nowhere, Place::Unloaded);
        }
    }

    /// Puts the line back above its message if that is loaded again.
    pub fn on_loaded(&mut self, timeline: &Timeline) {
        if let Place::Unloaded(id) = &self.place
            && let Some(slot) = timeline.find(id)
        {
            self.place = Place::Above(slot);
        }
    }

    /// Records that a message is being removed, which is followed by `after`.
    pub fn on_removed(&mut self, slot: Slot, after: Option<Slot>) {
        if self.place == Place::Above(slot) {
            self.place = after.map_or(Place::Nowhere, Place::Above);
        }
    }

    /// Records that no more messages will be loaded. A line above a known message stays.
    pub fn on_room_deleted(&mut self) {
        if let Place::Due(_) = self.place {
            self.place = Place::Nowhere;
        }
        self.unseen = Unread::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PageKind;
    use crate::domain::timeline::fixtures::info;

    fn unread(count: u32) -> Unread {
        Unread { count, ..Unread::default() }
    }

    /// A timeline with the messages `a` to `d`, and their slots.
    fn four() -> (Timeline, Vec<Slot>) {
        let mut timeline = Timeline::default();
        let page = ["a", "b", "c", "d"].into_iter().zip(1..).map(|(id, at)| info(id, at)).collect();
        timeline.merge_page(page, PageKind::Newest, None);
        let slots = timeline.iter().map(|(slot, _)| slot).collect();
        (timeline, slots)
    }

    #[test]
    fn due_line_counts_arrivals_until_it_is_placed() {
        let (_, slots) = four();
        let mut marker = UnreadMarker::default();
        marker.make_due(unread(2));
        marker.on_arrival(slots[3], true, unread(2));
        assert_eq!((marker.due(), marker.slot(), marker.unseen()), (NonZeroU32::new(3), None, unread(3)));
        marker.make_due(unread(9));
        assert_eq!(marker.due(), NonZeroU32::new(3), "it is due already");
        marker.place_due(slots[1]);
        marker.place_due(slots[0]);
        assert_eq!((marker.due(), marker.slot()), (None, Some(slots[1])));
        marker.on_seen();
        assert_eq!((marker.slot(), marker.unseen()), (Some(slots[1]), Unread::default()));
    }

    #[test]
    fn nothing_unread_makes_no_line() {
        let mut marker = UnreadMarker::default();
        marker.make_due(Unread::default());
        assert!(!marker.is_set() && marker.due().is_none());
    }

    #[test]
    fn line_is_above_the_first_message_that_is_missed() {
        let (_, slots) = four();
        let mut marker = UnreadMarker::default();
        marker.on_arrival(slots[0], false, unread(0));
        assert!(!marker.is_set(), "the user is looking");
        for (index, slot) in slots[1..].iter().enumerate() {
            marker.on_arrival(*slot, true, unread(u32::try_from(index).unwrap()));
        }
        assert_eq!((marker.slot(), marker.unseen()), (Some(slots[1]), unread(3)));
        marker.on_seen();
        marker.on_arrival(slots[3], true, unread(3));
        assert_eq!((marker.slot(), marker.unseen()), (Some(slots[1]), unread(0)), "the others were seen");
    }

    #[test]
    fn line_returns_with_its_message() {
        let (mut timeline, slots) = four();
        let mut marker = UnreadMarker::default();
        marker.place_above_new(slots[1], 3);
        timeline.unload_oldest(2, true);
        marker.on_unloaded(&timeline, Some(MessageId::new("b")));
        assert!(marker.is_unloaded() && marker.is_set() && marker.slot().is_none());
        marker.on_loaded(&timeline);
        assert!(marker.is_unloaded());
        timeline.merge_page(vec![info("b", 2)], PageKind::Older, None);
        marker.on_loaded(&timeline);
        assert_eq!((marker.slot(), marker.unseen()), (timeline.find(&MessageId::new("b")), unread(3)));
    }

    #[test]
    fn line_moves_down_when_its_message_is_removed() {
        let (_, slots) = four();
        let mut marker = UnreadMarker::default();
        marker.place_above(slots[2]);
        marker.on_removed(slots[1], Some(slots[2]));
        assert_eq!(marker.slot(), Some(slots[2]));
        marker.on_removed(slots[2], Some(slots[3]));
        marker.on_removed(slots[3], None);
        assert!(!marker.is_set());
    }

    #[test]
    fn deleted_room_loads_no_message_for_a_line() {
        let (_, slots) = four();
        let (mut due, mut placed) = (UnreadMarker::default(), UnreadMarker::default());
        due.make_due(unread(5));
        placed.place_above_new(slots[0], 4);
        [&mut due, &mut placed].into_iter().for_each(UnreadMarker::on_room_deleted);
        assert_eq!((due.is_set(), placed.slot()), (false, Some(slots[0])));
        assert!(!due.unseen().any() && !placed.unseen().any());
    }
}

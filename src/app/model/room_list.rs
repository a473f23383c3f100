//! The room list of an account, and the changes in it that the store lacks.

use crate::domain::{Room, RoomId};
use std::collections::HashMap;

/// What asks for the user's attention in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attention {
    /// Number of unread rooms.
    pub rooms: usize,
    /// Number of unread messages in them that mention the user.
    pub mentions: u32,
}

/// All rooms of an account, sorted by newest activity.
///
/// Archived rooms are known by id but are not part of the visible list, unless one of them is open.
#[derive(Debug, Clone, Default)]
pub struct RoomList {
    by_id: HashMap<RoomId, Room>,
    order: Vec<RoomId>,
    /// Whether a room may have changed or was removed since the last write to the store.
    dirty: bool,
    /// Whether a room may have more messages than when that was last checked.
    grown: bool,
    /// Rooms removed since the last write to the store.
    removed: Vec<RoomId>,
    /// Whether a room may have changed since `attention` was computed.
    changed: bool,
    attention: Attention,
}

impl RoomList {
    /// Returns the room with this id, archived or not.
    pub fn get(&self, id: &RoomId) -> Option<&Room> {
        self.by_id.get(id)
    }

    /// Returns the room with this id for modification and marks it as changed. Call `reposition` after its activity has
    /// changed.
    pub fn get_mut(&mut self, id: &RoomId) -> Option<&mut Room> {
        let room = self.by_id.get_mut(id)?;
        (room.dirty, self.dirty, self.grown, self.changed) = (true, true, true, true);
        Some(room)
    }

    /// Returns the number of rooms in the visible list.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether the visible list is empty.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Adds or replaces a room and moves it to its position. A new archived room is not listed.
    pub fn insert(&mut self, room: Room) {
        let id = room.info.id.clone();
        let hidden = room.info.archived;
        self.dirty |= room.dirty;
        (self.grown, self.changed) = (true, true);
        if self.by_id.insert(id.clone(), room).is_none() && !hidden {
            self.order.push(id.clone());
        }
        self.reposition(&id);
    }

    /// Moves a room to the position that its newest activity determines.
    pub fn reposition(&mut self, id: &RoomId) {
        let Some((at, archived)) = self.get(id).map(|room| (room.last_activity(), room.info.archived)) else { return };
        if archived && !self.order.contains(id) {
            return;
        }
        if self.order.first() == Some(id) {
            // In the usual case, and in every burst of messages, the busiest room is on top already.
            let next = self.order.get(1).and_then(|next| self.get(next));
            if next.is_none_or(|next| next.last_activity() <= at) {
                return;
            }
        }
        self.order.retain(|other| other != id);
        let index = self.order.partition_point(|other| self.get(other).is_some_and(|room| room.last_activity() > at));
        self.order.insert(index, id.clone());
    }

    /// Shows an archived room in the list while it is open.
    pub fn show_archived(&mut self, id: &RoomId) {
        if self.by_id.contains_key(id) && !self.order.contains(id) {
            self.order.push(id.clone());
            self.reposition(id);
        }
    }

    /// Hides a room from the list if it is archived. Its data stays in memory.
    pub fn hide_archived(&mut self, id: &RoomId) {
        if self.get(id).is_some_and(|room| room.info.archived) {
            self.order.retain(|other| other != id);
        }
    }

    /// Removes a room and its data.
    pub fn remove(&mut self, id: &RoomId) -> Option<Room> {
        self.order.retain(|other| other != id);
        self.removed.push(id.clone());
        (self.dirty, self.changed) = (true, true);
        self.by_id.remove(id)
    }

    /// Returns the room at a position of the visible list.
    pub fn at(&self, index: usize) -> Option<&Room> {
        self.get(self.order.get(index)?)
    }

    /// Returns the position of a room in the visible list.
    pub fn index_of(&self, id: &RoomId) -> Option<usize> {
        self.order.iter().position(|other| other == id)
    }

    /// Returns the rooms of the visible list, in its order.
    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.order.iter().filter_map(|id| self.get(id))
    }

    /// Returns the ids of the visible list, in its order.
    pub fn ids(&self) -> &[RoomId] {
        &self.order
    }

    /// Returns what asks for attention, as of the last call of `settle`.
    pub fn attention(&self) -> Attention {
        self.attention
    }

    /// Computes what depends on all rooms. Called before each frame, and does nothing unless a room may have changed.
    pub(in crate::app) fn settle(&mut self) {
        if std::mem::take(&mut self.changed) {
            let asking = || self.by_id.values().filter(|room| room.needs_attention());
            let mentions = asking().map(|room| room.unread.mentions).sum();
            self.attention = Attention { rooms: asking().count(), mentions };
        }
    }

    /// Returns the ids of all rooms, including archived ones, in no particular order.
    pub(in crate::app) fn known_ids(&self) -> impl Iterator<Item = &RoomId> {
        self.by_id.keys()
    }

    /// Returns the number of all rooms, including archived ones.
    pub(in crate::app) fn known_len(&self) -> usize {
        self.by_id.len()
    }

    /// Returns the approximate memory of all loaded messages, in bytes.
    pub(in crate::app) fn message_bytes(&self) -> usize {
        self.by_id.values().map(|room| room.timeline.bytes()).sum()
    }

    /// Returns the approximate memory of all rooms and their messages, in bytes.
    pub(in crate::app) fn bytes(&self) -> usize {
        self.by_id.values().map(|room| room.info.bytes() + room.timeline.bytes()).sum()
    }

    /// Whether any room may have grown since the last call.
    pub(in crate::app) fn take_grown(&mut self) -> bool {
        std::mem::take(&mut self.grown)
    }

    /// Returns all rooms for modification, in no particular order. Does not mark them as changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Room> {
        self.by_id.values_mut()
    }

    /// Returns the room that contains `message` and marks it as changed.
    pub fn find_by_message(&mut self, message: &crate::domain::MessageId) -> Option<&mut Room> {
        let room = self.by_id.values_mut().find(|room| room.timeline.find(message).is_some())?;
        (room.dirty, self.dirty, self.changed) = (true, true, true);
        Some(room)
    }

    /// Whether a room may have changed or was removed since the last call of `take_changed`.
    pub(in crate::app) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Marks a room as changed, because not all its changes were written.
    pub(in crate::app) fn mark_dirty(&mut self, id: &RoomId) {
        if let Some(room) = self.by_id.get_mut(id) {
            (room.dirty, self.dirty) = (true, true);
        }
    }

    /// Returns the rooms that may have changed, in no particular order, and clears their marks.
    pub(in crate::app) fn take_changed(&mut self) -> Vec<&mut Room> {
        self.dirty = false;
        let mut changed: Vec<&mut Room> = self.by_id.values_mut().filter(|room| room.dirty).collect();
        changed.iter_mut().for_each(|room| room.dirty = false);
        changed
    }

    /// Clears the list of removed rooms. Called while nothing is stored, so that the list does not grow.
    pub(in crate::app) fn clear_removed(&mut self) {
        self.removed.clear();
    }

    /// Returns the rooms that were removed since the last call.
    pub(in crate::app) fn take_removed(&mut self) -> Vec<RoomId> {
        std::mem::take(&mut self.removed)
    }
}

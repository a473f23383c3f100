//! All rooms, newest activity first.

use crate::domain::{Room, RoomId};
use std::collections::HashMap;

/// All rooms, newest activity first. Those that were put away are known, and not in the list.
#[derive(Debug, Clone, Default)]
pub struct RoomList {
    by_id: HashMap<RoomId, Room>,
    order: Vec<RoomId>,
    /// One of them was touched.
    dirty: bool,
    /// Those that were taken out.
    removed: Vec<RoomId>,
}

impl RoomList {
    /// A room.
    pub fn get(&self, id: &RoomId) -> Option<&Room> {
        self.by_id.get(id)
    }

    /// A room, to change it. Call [`Rooms::touch`] when its activity changed.
    pub fn get_mut(&mut self, id: &RoomId) -> Option<&mut Room> {
        let room = self.by_id.get_mut(id)?;
        (room.dirty, self.dirty) = (true, true);
        Some(room)
    }

    /// How many are in the list.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Puts a new room in its place.
    pub fn insert(&mut self, room: Room) {
        let id = room.info.id.clone();
        let hidden = room.info.archived;
        self.dirty |= room.dirty;
        if self.by_id.insert(id.clone(), room).is_none() && !hidden {
            self.order.push(id.clone());
        }
        self.reposition(&id);
    }

    /// Moves a room to where its activity puts it.
    pub fn reposition(&mut self, id: &RoomId) {
        let Some((at, away)) = self.get(id).map(|room| (room.last_activity(), room.info.archived)) else { return };
        if away && !self.order.contains(id) {
            return;
        }
        if self.order.first() == Some(id) {
            // The usual case, and the only one in a flood: the busiest room is on top already.
            let next = self.order.get(1).and_then(|next| self.get(next));
            if next.is_none_or(|next| next.last_activity() <= at) {
                return;
            }
        }
        self.order.retain(|other| other != id);
        let index = self.order.partition_point(|other| self.get(other).is_some_and(|room| room.last_activity() > at));
        self.order.insert(index, id.clone());
    }

    /// Puts a room into the list although it was put away, as long as it is open.
    pub fn show_archived(&mut self, id: &RoomId) {
        if self.by_id.contains_key(id) && !self.order.contains(id) {
            self.order.push(id.clone());
            self.reposition(id);
        }
    }

    /// Takes a room out of the list, if it was put away. All that is known of it stays.
    pub fn hide_archived(&mut self, id: &RoomId) {
        if self.get(id).is_some_and(|room| room.info.archived) {
            self.order.retain(|other| other != id);
        }
    }

    /// Takes a room out.
    pub fn remove(&mut self, id: &RoomId) -> Option<Room> {
        self.order.retain(|other| other != id);
        self.removed.push(id.clone());
        self.dirty = true;
        self.by_id.remove(id)
    }

    /// The room at a place of the list.
    pub fn at(&self, index: usize) -> Option<&Room> {
        self.get(self.order.get(index)?)
    }

    /// The place of a room in the list.
    pub fn index_of(&self, id: &RoomId) -> Option<usize> {
        self.order.iter().position(|other| other == id)
    }

    /// All rooms in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.order.iter().filter_map(|id| self.get(id))
    }

    /// All ids in the order of the list.
    pub fn ids(&self) -> &[RoomId] {
        &self.order
    }

    /// All ids in no order, those of rooms that were put away too.
    pub(in crate::app) fn known_ids(&self) -> impl Iterator<Item = &RoomId> {
        self.by_id.keys()
    }

    /// How many are known, those that were put away too.
    pub(in crate::app) fn known_len(&self) -> usize {
        self.by_id.len()
    }

    /// How many bytes all their messages take, about.
    pub(in crate::app) fn message_bytes(&self) -> usize {
        self.by_id.values().map(|room| room.timeline.bytes()).sum()
    }

    /// All rooms in no order, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Room> {
        self.by_id.values_mut()
    }

    /// The room that has `message`.
    pub fn find_by_message(&mut self, message: &crate::domain::MessageId) -> Option<&mut Room> {
        let room = self.by_id.values_mut().find(|room| room.timeline.find(message).is_some())?;
        (room.dirty, self.dirty) = (true, true);
        Some(room)
    }

    /// Whether one of them was touched or taken out since that was asked last.
    pub(in crate::app) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// The rooms that were touched since this was asked last, in no order.
    pub(in crate::app) fn take_changed(&mut self) -> Vec<&mut Room> {
        self.dirty = false;
        let mut touched: Vec<&mut Room> = self.by_id.values_mut().filter(|room| room.dirty).collect();
        touched.iter_mut().for_each(|room| room.dirty = false);
        touched
    }

    /// Nothing is kept: which rooms were taken out is of no use.
    pub(in crate::app) fn clear_removed(&mut self) {
        self.removed.clear();
    }

    /// The rooms that were taken out since this was asked last.
    pub(in crate::app) fn take_removed(&mut self) -> Vec<RoomId> {
        std::mem::take(&mut self.removed)
    }
}

//! The room list of an account, and the changes in it that the store lacks.

use crate::app::model::room_filter::RoomFilter;
use crate::app::model::room_title::room_title;
use crate::domain::{MessageId, Room, RoomId, RoomOrder, Timestamp, Unread};
use crate::text::comparable;
use std::cmp::Reverse;
use std::collections::HashMap;

/// What asks for the user's attention in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attention {
    /// Number of unread rooms.
    pub rooms: usize,
    /// Number of unread messages in them.
    pub messages: u32,
    /// Whether there may be more messages.
    pub or_more: bool,
    /// Number of those that mention the user.
    pub mentions: u32,
}

impl Attention {
    /// Returns what asks for attention in this account or another one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rooms: self.rooms + other.rooms,
            messages: self.messages.saturating_add(other.messages),
            or_more: self.or_more || other.or_more,
            mentions: self.mentions.saturating_add(other.mentions),
        }
    }

    /// Returns how many messages are unread, in words; `None` if there are none.
    pub fn shown(self) -> Option<String> {
        let more = if self.or_more { "+" } else { "" };
        (self.messages > 0).then(|| format!("{}{more} unread", self.messages))
    }
}

impl From<&Room> for Attention {
    fn from(room: &Room) -> Self {
        let Unread { count, or_more, mentions } = room.unread();
        // Of a muted room, only mentions ask for attention.
        let (messages, or_more) = if room.is_muted() { (mentions, false) } else { (count, or_more) };
        Self { rooms: 1, messages, or_more, mentions }
    }
}

/// All rooms of an account.
///
/// Archived rooms are known by id but are not listed, unless one of them is open or asks for the user.
/// With a filter, only some of the listed rooms are in the list on screen. While the list is frozen, its rooms keep
/// their places.
#[derive(Debug, Clone, Default)]
pub struct RoomList {
    by_id: HashMap<RoomId, Room>,
    /// The listed rooms in their order.
    order: Vec<RoomId>,
    /// The rooms of the list on screen, if a filter applies.
    filtered: Option<FilteredRooms>,
    sorted_by: RoomOrder,
    is_frozen: bool,
    /// Whether a listed room may be at the wrong place.
    unsorted: bool,
    /// Whether a room may have changed or was removed since the last write to the store.
    dirty: bool,
    /// Whether a room may have more messages than when that was last checked.
    grown: bool,
    /// Rooms removed since the last write to the store.
    removed: Vec<RoomId>,
    /// Addresses of the pictures in them.
    dropped_pictures: Vec<String>,
    /// Whether a room may have changed since `attention` was computed.
    changed: bool,
    attention: Attention,
}

/// The rooms that a filter shows.
#[derive(Debug, Clone)]
struct FilteredRooms {
    filter: RoomFilter,
    /// The room that was open, which is shown in any case.
    open: Option<RoomId>,
    /// Whether a room may have changed since.
    is_stale: bool,
    rooms: Vec<RoomId>,
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

    /// Returns the ids of the list on screen, in its order.
    fn on_screen(&self) -> &[RoomId] {
        self.filtered.as_ref().map_or(&self.order, |filtered| &filtered.rooms)
    }

    /// Returns the number of rooms of the list on screen.
    pub fn len(&self) -> usize {
        self.on_screen().len()
    }

    /// Whether the list on screen is empty.
    pub fn is_empty(&self) -> bool {
        self.on_screen().is_empty()
    }

    /// Adds or replaces a room and moves it to its position. A new archived room is not listed.
    pub fn insert(&mut self, room: Room) {
        let id = room.info.id.clone();
        let hidden = room.is_hidden();
        self.dirty |= room.dirty;
        (self.grown, self.changed) = (true, true);
        if self.by_id.insert(id.clone(), room).is_none() && !hidden {
            self.order.push(id.clone());
        }
        self.reposition(&id);
    }

    /// Moves a room to the position that its newest activity determines. While the list is frozen, or sorted in another
    /// order, it moves when the list is next arranged.
    pub fn reposition(&mut self, id: &RoomId) {
        let Some(room) = self.get(id) else { return };
        let key = activity_key(room);
        if room.is_hidden() && !self.order.contains(id) {
            return;
        }
        if self.is_frozen || self.sorted_by != RoomOrder::Activity {
            self.unsorted = true;
            if !self.order.contains(id) {
                self.order.push(id.clone());
            }
            return;
        }
        if self.order.first() == Some(id) {
            // In the usual case, and in every burst of messages, the busiest room is on top already.
            let next = self.order.get(1).and_then(|next| self.get(next));
            if next.is_none_or(|next| activity_key(next) >= key) {
                return;
            }
        }
        self.order.retain(|other| other != id);
        let index = self.order.partition_point(|other| self.get(other).is_some_and(|room| activity_key(room) < key));
        self.order.insert(index, id.clone());
    }

    /// Sorts the list in another order from now on.
    pub(in crate::app) fn sort_by(&mut self, order: RoomOrder) {
        self.unsorted |= self.sorted_by != order;
        self.sorted_by = order;
    }

    /// Lets the rooms keep their places, so that none moves away under the user's hands, or sorts them again.
    pub(in crate::app) fn freeze(&mut self, is_frozen: bool) {
        self.is_frozen = is_frozen;
    }

    /// Brings the order and the counts up to date. Called before each frame, and does little unless a room may have
    /// changed. The room `open` is listed in any case.
    pub(in crate::app) fn settle(&mut self, open: Option<&RoomId>) {
        if std::mem::take(&mut self.changed) {
            self.attention = Attention::default();
            let mut has_archived = false;
            for room in self.by_id.values() {
                has_archived |= room.is_archived();
                if room.needs_attention() {
                    self.attention = self.attention.and(room.into());
                }
            }
            if let Some(filtered) = &mut self.filtered {
                filtered.is_stale = true;
            }
            // Titles and unread counts change without a call of `reposition`.
            self.unsorted |= self.sorted_by != RoomOrder::Activity;
            if has_archived {
                self.recall_archived(open);
            }
        }
        if self.unsorted && !self.is_frozen {
            self.unsorted = false;
            let Self { by_id, order, sorted_by, .. } = self;
            order.retain(|id| Some(id) == open || !by_id.get(id).is_some_and(Room::is_hidden));
            order.sort_by_cached_key(|id| by_id.get(id).map(|room| sort_key(room, *sorted_by)));
        }
    }

    /// Adds archived rooms that ask for the user to the list, and lets those be removed that were read.
    fn recall_archived(&mut self, open: Option<&RoomId>) {
        let has_read = self.iter().any(|room| room.is_hidden() && Some(&room.info.id) != open);
        let asking = self.by_id.values().filter(|room| room.is_archived() && !room.is_hidden());
        let recalled = asking.map(|room| &room.info.id).filter(|id| !self.order.contains(id));
        let recalled: Vec<RoomId> = recalled.cloned().collect();
        self.unsorted |= has_read || !recalled.is_empty();
        self.order.extend(recalled);
    }

    /// Shows all listed rooms in the list on screen.
    pub(in crate::app) fn show_all(&mut self) {
        self.filtered = None;
    }

    /// Shows only these listed rooms in the list on screen, because of a filter.
    pub(in crate::app) fn show_only(&mut self, filter: RoomFilter, open: Option<&RoomId>, rooms: Vec<RoomId>) {
        self.filtered = Some(FilteredRooms { filter, open: open.cloned(), is_stale: false, rooms });
    }

    /// Whether the list on screen is filtered in this way. While the list is frozen, changed rooms keep their places.
    pub(in crate::app) fn is_filtered_by(&self, filter: RoomFilter, open: Option<&RoomId>) -> bool {
        self.filtered.as_ref().is_some_and(|filtered| {
            let is_fresh = self.is_frozen || !filtered.is_stale;
            is_fresh && filtered.filter == filter && filtered.open.as_ref() == open
        })
    }

    /// Shows an archived room in the list while it is open.
    pub fn show_archived(&mut self, id: &RoomId) {
        if self.by_id.contains_key(id) && !self.order.contains(id) {
            self.order.push(id.clone());
            self.reposition(id);
        }
    }

    /// Hides a room from the list if it is archived and not asking for the user. Its data stays in memory.
    pub fn hide_archived(&mut self, id: &RoomId) {
        if self.get(id).is_some_and(Room::is_hidden) {
            self.unlist(id);
        }
    }

    fn unlist(&mut self, id: &RoomId) {
        self.order.retain(|other| other != id);
        if let Some(filtered) = &mut self.filtered {
            filtered.rooms.retain(|other| other != id);
        }
    }

    /// Removes a room and its data.
    pub fn remove(&mut self, id: &RoomId) -> Option<Room> {
        self.unlist(id);
        self.removed.push(id.clone());
        (self.dirty, self.changed) = (true, true);
        let mut room = self.by_id.remove(id)?;
        self.dropped_pictures.extend(room.timeline.take_dropped_pictures());
        let pictures = room.timeline.iter().filter_map(|(_, message)| message.picture_url());
        self.dropped_pictures.extend(pictures.map(str::to_owned));
        Some(room)
    }

    /// Returns the room at a position of the list on screen.
    pub fn at(&self, index: usize) -> Option<&Room> {
        self.get(self.on_screen().get(index)?)
    }

    /// Returns the position of a room in the list on screen.
    pub fn index_of(&self, id: &RoomId) -> Option<usize> {
        self.on_screen().iter().position(|other| other == id)
    }

    /// Returns the listed rooms in their order, whatever the filter.
    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.order.iter().filter_map(|id| self.get(id))
    }

    /// Returns the ids of the listed rooms in their order, whatever the filter.
    pub fn ids(&self) -> &[RoomId] {
        &self.order
    }

    /// Returns what asks for attention, as of the last call of `settle`.
    pub fn attention(&self) -> Attention {
        self.attention
    }

    /// Returns all rooms, including archived ones, in no particular order.
    pub(in crate::app) fn known(&self) -> impl Iterator<Item = &Room> {
        self.by_id.values()
    }

    /// Returns the ids of all rooms, including archived ones, in no particular order.
    pub(in crate::app) fn known_ids(&self) -> impl Iterator<Item = &RoomId> {
        self.by_id.keys()
    }

    /// Returns the number of all rooms, including archived ones.
    pub fn known_len(&self) -> usize {
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
    pub fn find_by_message(&mut self, message: &MessageId) -> Option<&mut Room> {
        let room = self.by_id.values_mut().find(|room| room.timeline.find(message).is_some())?;
        (room.dirty, self.dirty, self.changed) = (true, true, true);
        Some(room)
    }

    /// Returns the room that holds a message, whether or not it is listed.
    pub(in crate::app) fn holder_of(&self, message: &MessageId) -> Option<&Room> {
        self.known().find(|room| room.timeline.find(message).is_some())
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

    /// Clears the marks of the rooms that may have changed.
    pub(in crate::app) fn clear_changed(&mut self) {
        self.dirty = false;
        self.by_id.values_mut().for_each(|room| room.dirty = false);
    }

    /// Clears the list of removed rooms. Called while nothing is stored, so that the list does not grow.
    pub(in crate::app) fn clear_removed(&mut self) {
        self.removed.clear();
    }

    /// Returns the addresses of pictures whose messages or rooms were removed since the last call. Call it before
    /// `take_changed`.
    pub(in crate::app) fn take_dropped_pictures(&mut self) -> Vec<String> {
        let mut dropped = std::mem::take(&mut self.dropped_pictures);
        let changed = self.by_id.values_mut().filter(|room| room.dirty);
        dropped.extend(changed.flat_map(|room| room.timeline.take_dropped_pictures()));
        dropped
    }

    /// Returns the rooms that were removed since the last call of `take_removed`.
    pub(in crate::app) fn removed(&self) -> &[RoomId] {
        &self.removed
    }

    /// Returns the rooms that were removed since the last call.
    pub(in crate::app) fn take_removed(&mut self) -> Vec<RoomId> {
        std::mem::take(&mut self.removed)
    }
}

/// Rooms in the order of this key are sorted by activity.
fn activity_key(room: &Room) -> (bool, Reverse<Timestamp>) {
    (!room.info.settings.pinned, Reverse(room.last_activity()))
}

/// Rooms in the order of this key are sorted in that order.
fn sort_key(room: &Room, order: RoomOrder) -> (bool, u8, String, Reverse<Timestamp>) {
    let (is_unpinned, activity) = activity_key(room);
    let (class, title) = match order {
        RoomOrder::Activity => (0, String::new()),
        RoomOrder::Unread if !room.needs_attention() => (2, String::new()),
        RoomOrder::Unread => (u8::from(room.unread().mentions == 0), String::new()),
        RoomOrder::Name => (0, comparable(room_title(room))),
    };
    (is_unpinned, class, title, activity)
}

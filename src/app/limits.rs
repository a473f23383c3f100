//! Bounds on what a server may make the program keep.

/// Older messages are asked for when fewer than this are left above the screen.
pub(in crate::app) const PREFETCH_MESSAGES: usize = 20;

/// What the messages of all rooms may take, in bytes: some half a million of them, as people write.
pub(in crate::app) const MAX_MESSAGE_BYTES: usize = 256 << 20;

/// What is left of a room in which too much was said, in bytes.
pub(in crate::app) const ROOM_BYTES_AFTER_EVICTION: usize = MAX_MESSAGE_BYTES / 4;

/// Rooms. A list that goes on is not followed further.
pub(in crate::app) const MAX_ROOMS: usize = 10_000;

/// People who were mentioned anywhere. Beyond that only those are known who are in a room here.
pub(in crate::app) const MAX_PEOPLE: usize = 20_000;

/// People who type in one room.
pub(in crate::app) const MAX_TYPING: usize = 32;

/// Notes in one room.
pub(in crate::app) const MAX_NOTES: usize = 200;

/// Rooms that are asked for one by one, and rooms whose arrivals are reported in one frame.
pub(in crate::app) const MAX_REQUESTED_ROOMS: usize = 1_000;

/// Rows of a list over the screen.
pub(in crate::app) const MAX_LIST_ROWS: usize = 10_000;

//! Bounds on what a server may make the program keep.

/// Older messages are asked for when fewer than this are left above the screen.
pub(in crate::app) const MESSAGES_AHEAD: usize = 20;

/// What the messages of all rooms may take, in bytes: some half a million of them, as people write.
pub(in crate::app) const MESSAGES: usize = 256 << 20;

/// What is left of a room in which too much was said, in bytes.
pub(in crate::app) const REST: usize = MESSAGES / 4;

/// Rooms. A list that goes on is not followed further.
pub(in crate::app) const ROOMS: usize = 10_000;

/// People who were mentioned anywhere. Beyond that only those are known who are in a room here.
pub(in crate::app) const PEOPLE: usize = 20_000;

/// People who type in one room.
pub(in crate::app) const TYPING: usize = 32;

/// Notes in one room.
pub(in crate::app) const NOTES: usize = 200;

/// Rooms that are asked for one by one, and rooms whose arrivals are reported in one frame.
pub(in crate::app) const ASKED: usize = 1_000;

/// Rows of a list over the screen.
pub(in crate::app) const ROWS: usize = 10_000;

//! Limits on the memory and the number of requests that a server can cause.
//!
//! Without these limits a broken or hostile server could grow the state without bound.

/// Number of messages above the screen below which older messages are requested.
pub(in crate::app) const PREFETCH_MESSAGES: usize = 20;

/// Maximum number of messages of a page of history that are merged in one turn. Keys are handled between two turns.
pub(in crate::app) const MAX_MERGED_MESSAGES: usize = 500;

/// Maximum memory for the messages of all rooms, in bytes: about fifteen thousand messages of typical length. Older
/// ones are loaded again when they are needed.
pub(in crate::app) const MAX_MESSAGE_BYTES: usize = 4 << 20;

/// Maximum memory for messages while the user has scrolled up, in bytes. Everything between the screen and the newest
/// message stays loaded.
pub(in crate::app) const MAX_SCROLLED_BYTES: usize = 64 << 20;

/// Maximum number of rooms. Rooms beyond this limit are not requested.
pub(in crate::app) const MAX_ROOMS: usize = 10_000;

/// Memory for all rooms and their messages, in bytes, from which no further room is added. Twice what messages may
/// take.
pub(in crate::app) const MAX_ROOM_BYTES: usize = 128 << 20;

/// Maximum length of the text of a room's last message, in characters: more than a row of the room list can show.
pub(in crate::app) const MAX_PREVIEW_CHARS: usize = 256;

/// Maximum number of known people. Above it, only people who occur in a loaded room are kept.
pub(in crate::app) const MAX_PEOPLE: usize = 20_000;

/// Maximum number of people shown as typing in one room.
pub(in crate::app) const MAX_TYPING: usize = 32;

/// Maximum number of notes in one room.
pub(in crate::app) const MAX_NOTES: usize = 200;

/// Maximum number of rooms requested one by one, and of rooms whose new messages are reported in one frame.
pub(in crate::app) const MAX_REQUESTED_ROOMS: usize = 1_000;

/// Maximum number of rows in a list over the screen.
pub(in crate::app) const MAX_LIST_ROWS: usize = 10_000;

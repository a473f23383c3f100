//! Titles of rooms, including those whose title is unknown.

use crate::domain::{Room, RoomInfo};

/// Shown instead of the title of a deleted room whose title is unknown.
pub(in crate::app) const DELETED_ROOM: &str = "Deleted room";

/// Shown instead of the title of a room that exists but that no list contains.
const UNLISTED_ROOM: &str = "Unlisted room";

/// Returns the title of a room as shown to the user: the user's own name for it, or else its title.
pub fn room_title(room: &Room) -> &str {
    let fallback = if room.is_deleted() { DELETED_ROOM } else { UNLISTED_ROOM };
    room.info.nickname.as_deref().or(room.info.title.as_deref()).unwrap_or(fallback)
}

/// Returns the title of a room that is in no list here, such as a search result.
pub(in crate::app) fn info_title(info: &RoomInfo) -> &str {
    info.nickname.as_deref().or(info.title.as_deref()).unwrap_or(UNLISTED_ROOM)
}

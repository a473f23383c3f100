//! Titles of rooms, including those whose title is unknown.

use crate::domain::{Room, RoomInfo};
use crate::text::has_ink;

/// Shown instead of the title of a deleted room whose title is unknown.
pub(in crate::app) const DELETED_ROOM: &str = "Deleted room";

/// Shown instead of the title of a room that exists but that no list contains.
const UNLISTED_ROOM: &str = "Unlisted room";

/// Shown instead of a blank title.
const BLANK_TITLE: &str = "No name";

/// Returns the title of a room as shown to the user: the user's own name for it, or else its title.
pub fn room_title(room: &Room) -> &str {
    let fallback = if room.is_deleted() { DELETED_ROOM } else { UNLISTED_ROOM };
    visible_title(&room.info).unwrap_or(fallback)
}

/// Returns the first title of a room that can be seen.
fn visible_title(info: &RoomInfo) -> Option<&str> {
    let mut titles = [info.nickname.as_deref(), info.title.as_deref()].into_iter().flatten();
    let peer = info.peer.as_ref().map(|peer| peer.name.as_str()).filter(|name| has_ink(name)).unwrap_or(BLANK_TITLE);
    let is_titled = info.title.is_some() || info.nickname.is_some();
    titles.find(|title| has_ink(title)).or(Some(peer).filter(|_| is_titled))
}

/// Returns the title of a room that is in no list here, such as a search result.
pub(in crate::app) fn info_title(info: &RoomInfo) -> &str {
    visible_title(info).unwrap_or(UNLISTED_ROOM)
}

//! Lines in a room that are no messages.

use crate::app::memory;
use crate::app::state::State;
use crate::domain::RoomId;
use crate::text::SafeText;

/// Puts a line that is no message below the newest message of a room.
pub(super) fn note(state: &mut State, room: &RoomId, text: &str) {
    let newest = state.rooms.get(room).and_then(|room| room.timeline.iter().next_back()).map(|(slot, _)| slot);
    match (newest, state.rooms.get_mut(room)) {
        (Some(slot), Some(room)) => {
            if room.notes.len() >= memory::NOTES {
                room.notes.remove(0);
            }
            room.notes.push((slot, SafeText::line(text)));
        }
        _ => state.say(text.to_owned()),
    }
}

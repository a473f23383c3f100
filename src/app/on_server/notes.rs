//! Lines in a room that are no messages.

use crate::app::state::State;
use crate::domain::{Room, RoomId};
use crate::text::SafeText;

/// Puts a line that is no message below the newest message of a room, or as soon as one is here.
pub(in crate::app) fn note(state: &mut State, room: &RoomId, text: &str) {
    let newest = state.rooms.get(room).and_then(|room| room.timeline.iter().next_back()).map(|(slot, _)| slot);
    match (newest, state.rooms.get_mut(room)) {
        (Some(slot), Some(room)) => room.notes.push((slot, SafeText::line(text))),
        (None, Some(room)) => {
            room.notes_due.push(SafeText::line(text));
            state.say(text.to_owned());
        }
        (_, None) => state.say(text.to_owned()),
    }
}

/// Messages have come: lines that waited for one stand below the newest.
pub(super) fn place_due(room: &mut Room) {
    if let Some((slot, _)) = room.timeline.iter().next_back() {
        room.notes.extend(std::mem::take(&mut room.notes_due).into_iter().map(|note| (slot, note)));
    }
}

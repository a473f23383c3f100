//! Lines in a room that are no messages.

use crate::app::limits::MAX_NOTES;
use crate::app::model::context::Context;
use crate::domain::{Room, RoomId};
use crate::text::SafeText;

/// Puts a line that is no message below the newest message of a room, or as soon as one is here.
pub(in crate::app) fn note(cx: &mut Context<'_>, room: &RoomId, text: &str) {
    let newest = cx.account.rooms.get(room).and_then(|room| room.timeline.iter().next_back()).map(|(slot, _)| slot);
    match (newest, cx.account.rooms.get_mut(room)) {
        (Some(slot), Some(room)) => {
            if room.notes.len() >= MAX_NOTES {
                room.notes.remove(0);
            }
            room.notes.push((slot, SafeText::line(text)));
        }
        (None, Some(room)) => {
            room.pending_notes.truncate(MAX_NOTES - 1);
            room.pending_notes.push(SafeText::line(text));
            cx.notify(text);
        }
        (_, None) => cx.notify(text),
    }
}

/// Messages have come: lines that waited for one stand below the newest.
pub(in crate::app) fn place_due(room: &mut Room) {
    if let Some((slot, _)) = room.timeline.iter().next_back() {
        room.notes.extend(std::mem::take(&mut room.pending_notes).into_iter().map(|note| (slot, note)));
    }
}

//! Notes: lines in a room that are not messages, such as "somebody joined".

use crate::app::limits::MAX_NOTES;
use crate::app::model::context::Context;
use crate::domain::{Note, Room, RoomId};
use crate::text::SafeText;

/// Adds a note below the newest message of a room.
///
/// Without messages, the note is shown as a notice as well and placed once messages have arrived.
pub(in crate::app) fn add_note(cx: &mut Context<'_>, room: &RoomId, text: &str) {
    let at = cx.server_time();
    let newest = cx.account.rooms.get(room).and_then(|room| room.timeline.iter().next_back()).map(|(slot, _)| slot);
    match (newest, cx.account.rooms.get_mut(room)) {
        (Some(slot), Some(room)) => {
            if room.notes.len() >= MAX_NOTES {
                room.notes.remove(0);
            }
            room.notes.push(Note { below: slot, at, text: SafeText::line(text) });
        }
        (None, Some(room)) => {
            room.pending_notes.truncate(MAX_NOTES - 1);
            room.pending_notes.push((at, SafeText::line(text)));
            cx.notify(text);
        }
        (_, None) => cx.notify(text),
    }
}

/// Places the pending notes of a room below its newest message.
pub(in crate::app) fn place_pending(room: &mut Room) {
    if let Some((below, _)) = room.timeline.iter().next_back() {
        let pending = std::mem::take(&mut room.pending_notes).into_iter();
        room.notes.extend(pending.map(|(at, text)| Note { below, at, text }));
    }
}

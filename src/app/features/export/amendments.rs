//! Edits and deletions while a room is being exported.

use crate::app::model::context::Context;
use crate::domain::{Amendment, MessageChange, PageSerial, RoomId};

/// Records a change of a message of the export in progress, whether it was collected already or not.
pub(in crate::app) fn record(cx: &mut Context<'_>, change: MessageChange) {
    // The room may be unknown.
    let is_here = |room: &RoomId| change.room.as_ref().is_none_or(|named| named == room);
    let Some(export) = cx.account.export.as_mut().filter(|export| is_here(&export.room)) else { return };
    match change.amendment {
        Amendment::Seen => return,
        Amendment::Edited(_) | Amendment::Starred(_) => {}
        // Numbered pages have moved up, so the next one must show that it adjoins.
        Amendment::Deleted | Amendment::Removed => export.pages.last = None,
    }
    export.amendments.add(PageSerial::default(), change);
}

//! The open room, as commands for one kind of room need it.

use crate::app::model::context::Context;
use crate::domain::{RoomId, RoomKind};

/// Returns the open room if its kind fits; otherwise shows a notice with the reason.
pub(in crate::app) fn open_room_of_kind(
    cx: &mut Context<'_>,
    fits: impl Fn(RoomKind) -> bool,
    refusal_text: &str,
) -> Option<RoomId> {
    match cx.open_room().map(|room| (room.info.id.clone(), room.info.kind)) {
        Some((id, kind)) if fits(kind) => return Some(id),
        Some(_) => cx.refuse(refusal_text),
        None => cx.notify_no_room(),
    }
    None
}

//! The mouse: the wheel scrolls, a click opens a room or selects a message.

use crate::input::{Mouse, MouseKind};

use super::actions;
use super::blocks::PaneRow;
use super::effect::Effect;
use super::state::{Focus, State};

/// Rows a turn of the wheel scrolls.
const WHEEL: isize = 3;

pub(super) fn on_mouse(state: &mut State, mouse: Mouse, effects: &mut Vec<Effect>) {
    if state.overlay.is_some() {
        return;
    }
    let areas = state.areas;
    match mouse.kind {
        MouseKind::WheelUp => {
            state.pane.scroll_by -= WHEEL;
            actions::rooms::unstick(state);
        }
        MouseKind::WheelDown => state.pane.scroll_by += WHEEL,
        MouseKind::Click => {
            if let Some(room) = areas.room_at(mouse.column, mouse.row).and_then(|place| state.rooms.at(place)) {
                let id = room.info.id.clone();
                actions::rooms::open(state, &id, effects);
            } else if areas.messages.holds(mouse.column, mouse.row) {
                let row = usize::from(mouse.row - areas.messages.y);
                if let Some(PaneRow::Missing(_)) = state.pane.rows.get(row) {
                    return actions::gaps::fill(state, effects);
                }
                let slot = state.pane.message_at(row);
                state.focus = slot.map_or(Focus::Composer, Focus::Message);
            } else if areas.composer.holds(mouse.column, mouse.row) {
                state.focus = Focus::Composer;
            }
        }
    }
}

//! The mouse: the wheel scrolls, a click opens a room or selects a message.

use crate::app::context::Context;
use crate::input::{Mouse, MouseKind};

use super::actions;
use super::blocks::PaneRow;
use super::ui::Focus;

/// Rows a turn of the wheel scrolls.
const WHEEL: isize = 3;

pub(super) fn on_mouse(cx: &mut Context<'_>, mouse: Mouse) {
    if cx.ui.overlay.is_some() {
        return;
    }
    let areas = cx.ui.areas;
    match mouse.kind {
        MouseKind::WheelUp => {
            cx.ui.pane.scroll_by -= WHEEL;
            actions::rooms::unstick(cx);
        }
        MouseKind::WheelDown => cx.ui.pane.scroll_by += WHEEL,
        MouseKind::Click => {
            if let Some(room) = areas.room_at(mouse.column, mouse.row).and_then(|place| cx.account.rooms.at(place)) {
                let id = room.info.id.clone();
                actions::rooms::open(cx, &id);
            } else if areas.messages.holds(mouse.column, mouse.row) {
                let row = usize::from(mouse.row - areas.messages.y);
                if let Some(PaneRow::Missing(_)) = cx.ui.pane.rows.get(row) {
                    return actions::gaps::fill(cx);
                }
                let slot = cx.ui.pane.message_at(row);
                cx.ui.focus = slot.map_or(Focus::Composer, Focus::Message);
            } else if areas.composer.holds(mouse.column, mouse.row) {
                cx.ui.focus = Focus::Composer;
            }
        }
    }
}

//! Mouse handling: the wheel scrolls, and a click opens a room or selects a message.

use crate::app::features::history::{gaps, pages};
use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::app::model::message_rows::PaneRow;
use crate::app::model::ui::Focus;
use crate::input::{Mouse, MouseKind};

/// Rows scrolled by one step of the wheel.
const WHEEL: isize = 3;

pub(in crate::app) fn on_mouse(cx: &mut Context<'_>, mouse: Mouse) {
    if cx.ui.overlay.is_some() {
        return;
    }
    let regions = cx.ui.regions;
    match mouse.kind {
        MouseKind::WheelUp => {
            cx.ui.pane.scroll_by -= WHEEL;
            pages::clear_load_error(cx);
        }
        MouseKind::WheelDown => cx.ui.pane.scroll_by += WHEEL,
        MouseKind::Click => {
            if let Some(room) = regions.room_at(mouse.column, mouse.row).and_then(|place| cx.account.rooms.at(place)) {
                let id = room.info.id.clone();
                open::open(cx, &id);
            } else if regions.messages.contains(mouse.column, mouse.row) {
                let row = usize::from(mouse.row - regions.messages.y);
                if let Some(PaneRow::Gap(_)) = cx.ui.pane.rows.get(row) {
                    return gaps::fill_nearest(cx);
                }
                let slot = cx.ui.pane.message_at(row);
                cx.ui.focus = slot.map_or(Focus::Composer, Focus::Message);
            } else if regions.composer.contains(mouse.column, mouse.row) {
                cx.ui.focus = Focus::Composer;
            }
        }
    }
}

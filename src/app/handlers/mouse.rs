//! Mouse handling: the wheel scrolls what is below the pointer; a click opens, selects or places the cursor; dragging selects
//! text in the composer and moves a divider.

use crate::app::features::history::{gaps, pages};
use crate::app::features::selection;
use crate::app::features::{arrangement, completion, member_list, navigation};
use crate::app::features::{jump, links, notices, pictures};
use crate::app::handlers::overlay;
use crate::app::model::context::Context;
use crate::app::model::pane::Anchor;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::ui::{Divider, Dragged, Focus};
use crate::app::regions::{INDENT, PROMPT, Region};
use crate::input::{Mouse, MouseKind};

/// Rows scrolled by one step of the wheel.
const WHEEL: isize = 3;

/// Rooms scrolled by one step of the wheel.
const WHEEL_ROOMS: isize = 2;

pub(in crate::app) fn on_mouse(cx: &mut Context<'_>, mouse: Mouse) {
    if mouse.kind == MouseKind::Click {
        cx.ui.dragged = None;
    }
    let popup = cx.ui.regions.completion;
    if popup.contains(mouse.column, mouse.row) {
        return on_popup(cx, mouse, popup);
    }
    if cx.ui.overlay.is_some() {
        return overlay::on_mouse(cx, mouse);
    }
    let over_members = cx.ui.regions.members.contains(mouse.column, mouse.row);
    let over_rooms = cx.ui.regions.rooms.contains(mouse.column, mouse.row);
    match mouse.kind {
        MouseKind::WheelUp if over_rooms => navigation::scroll_list(cx, -WHEEL_ROOMS),
        MouseKind::WheelDown if over_rooms => navigation::scroll_list(cx, WHEEL_ROOMS),
        MouseKind::WheelUp if over_members => member_list::scroll(cx, -WHEEL),
        MouseKind::WheelDown if over_members => member_list::scroll(cx, WHEEL),
        MouseKind::WheelUp => {
            cx.ui.pane.scroll_by -= WHEEL;
            pages::clear_load_error(cx);
        }
        MouseKind::WheelDown => cx.ui.pane.scroll_by += WHEEL,
        MouseKind::Click => on_click(cx, mouse.column, mouse.row),
        MouseKind::Drag => match cx.ui.dragged {
            Some(Dragged::Divider(divider)) => arrangement::drag(cx, divider, mouse.column),
            Some(Dragged::Text) => move_cursor(cx, mouse.column, mouse.row, true),
            None => {}
        },
    }
}

/// Handles a mouse event in the completion popup.
fn on_popup(cx: &mut Context<'_>, mouse: Mouse, region: Region) {
    let Some(popup) = &mut cx.ui.completion.popup else { return };
    match mouse.kind {
        MouseKind::WheelUp => popup.scroll(false, region),
        MouseKind::WheelDown => popup.scroll(true, region),
        MouseKind::Click => {
            if let Some(row) = popup.row_at(region, mouse.column, mouse.row) {
                completion::accept_row(cx, row);
            }
        }
        MouseKind::Drag => {}
    }
}

fn on_click(cx: &mut Context<'_>, column: u16, row: u16) {
    let regions = cx.ui.regions;
    if regions.divider.contains(column, row) {
        cx.ui.dragged = Some(Dragged::Divider(Divider::Rooms));
    } else if regions.members_divider.contains(column, row) {
        cx.ui.dragged = Some(Dragged::Divider(Divider::Members));
    } else if regions.members.contains(column, row) {
        navigation::show_info(cx);
    } else if let Some((number, _)) = cx.scene().list_row_under(column, row) {
        navigation::open_row(cx, number);
    } else if regions.messages.contains(column, row) {
        let row = usize::from(row - regions.messages.y);
        if let Some(PaneRow::Gap(_)) = cx.ui.pane.rows.get(row) {
            return gaps::fill_nearest(cx);
        }
        let slot = cx.ui.pane.message_at(row);
        cx.ui.focus = slot.map_or(Focus::Composer, Focus::Message);
        if let Some(PaneRow::Fold { .. }) = cx.ui.pane.rows.get(row) {
            return selection::toggle_fold(cx);
        }
        if let Some(PaneRow::Picture { .. }) = cx.ui.pane.rows.get(row) {
            return pictures::enlarge(cx);
        }
        let cell = usize::from(column).checked_sub(usize::from(regions.messages.x + INDENT));
        if let Some((PaneRow::Styled { row, .. }, cell)) = cx.ui.pane.rows.get(row).zip(cell)
            && let Some(link) = row.link_at(cell)
        {
            let link = (**link).clone();
            links::open_one_of(cx, &[link]);
        }
    } else if regions.typing.contains(column, row) && cx.ui.pane.anchor != Anchor::Bottom {
        cx.ui.focus = Focus::Composer;
        selection::scroll_to_newest(cx);
    } else if regions.header_rule.contains(column, row) && cx.scene().unread_above().is_some() {
        jump::jump_to_first_unread(cx);
    } else if regions.header.contains(column, row) && cx.ui.open.is_some() {
        navigation::show_info(cx);
    } else if regions.status.contains(column, row) && cx.terminal.notice.is_some() {
        notices::open(cx);
    } else if regions.composer.contains(column, row) {
        cx.ui.focus = Focus::Composer;
        cx.ui.dragged = Some(Dragged::Text);
        move_cursor(cx, column, row, false);
    }
}

/// Moves the cursor of the composer to the place nearest to a cell of the screen, and on request selects up to there.
fn move_cursor(cx: &mut Context<'_>, column: u16, row: u16, selects: bool) {
    let regions = cx.ui.regions;
    let Region { x, y, height, .. } = regions.composer;
    // One row outside, so that the text scrolls while the pointer is above or below it.
    let row = (regions.first_composer_row + usize::from((row + 1).saturating_sub(y))).saturating_sub(1);
    let row = row.min(regions.first_composer_row + usize::from(height));
    let column = usize::from(column.saturating_sub(x + PROMPT));
    cx.ui.composer.move_to(row, column, regions.composer_cells(), selects);
}

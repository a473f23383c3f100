//! Gaps: runs of messages that are missing between loaded ones.
//!
//! The user asks for a gap to be filled. Which pages that takes is decided by `domain::HistorySync`.

use crate::app::features::history::pages;
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::pane_row::PaneRow;
use crate::domain::{PageRequest, Slot};

/// Starts to fill the gap closest to the bottom of the screen; without a visible gap, the newest gap of the room.
pub(in crate::app) fn fill_nearest(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else {
        cx.notify_no_room();
        return;
    };
    let id = room.info.id.clone();
    if room.is_deleted() {
        access::notify_deleted(cx);
    } else if !room.can_fetch() {
        cx.notify("You are no longer in this group, so its messages cannot be loaded.");
    } else if cx.account.connection != ConnectionState::Online {
        cx.notify("Not connected. Try again once connected.");
    } else if room.history.missing_after().is_some() || (room.load_error().is_some() && room.timeline.is_empty()) {
        pages::clear_load_error(cx);
        pages::request_page(cx, &id, &PageRequest::newest());
    } else if room.history.is_loading() {
        cx.notify("Messages are already being loaded.");
    } else if let Some(slot) = nearest_gap(cx.scene()) {
        let paging = cx.account.paging();
        let Some(room) = cx.open_room_mut() else { return };
        if let Some(request) = room.history.start_filling(slot, &room.timeline, paging) {
            pages::request_page(cx, &id, &request);
        }
    } else if room.load_error().is_some() {
        pages::clear_load_error(cx);
        pages::request_older(cx);
    } else {
        cx.notify("No messages are missing here.");
    }
}

/// Returns the message below the lowest gap on screen, or below the newest gap of the room.
fn nearest_gap(scene: Scene<'_>) -> Option<Slot> {
    let room = scene.open_room()?;
    let on_screen = scene.ui.pane.rows.iter().rev().find_map(|row| match row {
        PaneRow::Gap(Some(slot)) if room.history.has_gap_above(*slot) => Some(*slot),
        _ => None,
    });
    on_screen.or_else(|| room.history.newest_gap(&room.timeline))
}

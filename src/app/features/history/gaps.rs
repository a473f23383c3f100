//! Gaps: runs of messages that are missing between loaded ones.
//!
//! The user asks for a gap to be filled; pages are then requested one after the other, backwards from the message after
//! the gap, until the gap is closed or [`PAGES_PER_FILL`] pages have been fetched.

use crate::app::features::history::pages;
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_rows::PaneRow;
use crate::domain::{Filling, Gap, Room, RoomId};

/// Pages that one request of the user fetches at most.
const PAGES_PER_FILL: u32 = 100;

/// Starts to fill the gap closest to the bottom of the screen; without a visible gap, the newest gap of the room.
pub(in crate::app) fn fill_nearest(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else {
        cx.notify_no_room();
        return;
    };
    let id = room.info.id.clone();
    if room.is_deleted() {
        access::notify_deleted(cx);
    } else if cx.account.connection != ConnectionState::Online {
        cx.notify("Not connected. Try again once connected.");
    } else if room.misses_newest() {
        pages::clear_load_error(cx);
        pages::request_page(cx, &id, 1, None);
    } else if room.history.loading.is_some() {
        cx.notify("Messages are already being loaded.");
    } else if let Some(gap) = nearest_gap(cx.scene()) {
        let filling = Filling { after: gap.after.0.clone(), pages: PAGES_PER_FILL };
        request(cx, &id, None, filling);
    } else {
        cx.notify("No messages are missing here.");
    }
}

/// Requests the next page after one that was fetched for a gap, or retries a failed gap once this one is closed.
pub(in crate::app) fn on_page(cx: &mut Context<'_>, id: &RoomId, page: u32, filling: Filling) {
    let is_open = |room: &Room| room.history.gaps.iter().any(|gap| gap.after.0 == filling.after);
    if !cx.account.rooms.get(id).is_some_and(is_open) {
        retry_failed(cx, id);
    } else if filling.pages > 0 {
        request(cx, id, Some(page + 1), filling);
    }
}

/// Retries the newest gap whose page failed. Called when a page has just arrived, so the connection works.
pub(in crate::app) fn retry_failed(cx: &mut Context<'_>, id: &RoomId) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter_mut().rev().find(|gap| gap.again) else { return };
    gap.again = false;
    let filling = Filling { after: gap.after.0.clone(), pages: PAGES_PER_FILL };
    request(cx, id, None, filling);
}

/// Requests the page before the message that ends a gap.
///
/// `page` is its number if an earlier page of this gap has been fetched; otherwise it is computed from the position.
fn request(cx: &mut Context<'_>, id: &RoomId, page: Option<u32>, filling: Filling) {
    let page_size = cx.account.capabilities.map_or(1, |can| can.page_size);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter().find(|gap| gap.after.0 == filling.after) else { return };
    let before = room.timeline.get(gap.before).id.clone();
    let page = page.unwrap_or_else(|| room.page_before(gap.before, page_size));
    room.history.filling = Some(Filling { pages: filling.pages - 1, ..filling });
    pages::request_page(cx, id, page, before);
}

/// Returns the lowest gap on screen, or the newest gap of the room.
fn nearest_gap(scene: Scene<'_>) -> Option<&Gap> {
    let room = scene.open_room()?;
    let on_screen = scene.ui.pane.rows.iter().rev().find_map(|row| match row {
        PaneRow::Gap(Some(slot)) => room.gap_above(*slot),
        _ => None,
    });
    on_screen.or_else(|| room.history.gaps.iter().max_by_key(|gap| room.timeline.position(gap.before)))
}

//! Verification of the messages on screen: pages that should contain them are requested once, so that messages that
//! were deleted while nobody listened become tombstones.

use crate::app::features::history::pages::request_page;
use crate::app::model::context::{Context, Scene};
use crate::app::model::pane_row::PaneRow;
use crate::domain::PageRequest;

/// Requests the page that should contain a message on screen which has not been compared with the server's messages.
pub(in crate::app) fn verify_visible(cx: &mut Context<'_>) {
    // Deletions between a page and the join would be missed again.
    if !cx.account.is_online() || cx.account.resync.is_some() {
        return;
    }
    let Some(request) = next_page(cx.scene()) else { return };
    if let Some(id) = cx.ui.open.clone() {
        request_page(cx, &id, &request);
    }
}

fn next_page(scene: Scene<'_>) -> Option<PageRequest> {
    let paging = scene.account.capabilities.filter(|can| can.pages_omit_deleted)?.paging;
    let room = scene.open_room()?;
    let on_screen = scene.ui.pane.rows.iter().rev().filter_map(PaneRow::message);
    room.history.next_unverified_page(on_screen, &room.timeline, paging)
}

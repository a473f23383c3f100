//! Fetching messages that are missing.

use crate::app::features::history::pages;
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_rows::PaneRow;
use crate::domain::{Filling, Gap, Room, RoomId};

/// So many pages are fetched at a time.
const PAGES: u32 = 100;

/// Fetches what is missing nearest to the end of the screen, or else the newest of what is missing.
pub(in crate::app) fn fill(cx: &mut Context<'_>) {
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
        pages::unstick(cx);
        pages::ask_history(cx, &id, 1, None);
    } else if room.history.loading.is_some() {
        cx.notify("Messages are already being loaded.");
    } else if let Some(gap) = nearest(cx.scene()) {
        let filling = Filling { after: gap.after.0.clone(), pages: PAGES };
        ask(cx, &id, None, filling);
    } else {
        cx.notify("No messages are missing here.");
    }
}

/// A page came that was fetched for a gap: the next one follows if it takes more.
pub(in crate::app) fn go_on(cx: &mut Context<'_>, id: &RoomId, page: u32, filling: Filling) {
    let is_open = |room: &Room| room.history.gaps.iter().any(|gap| gap.after.0 == filling.after);
    if !cx.account.rooms.get(id).is_some_and(is_open) {
        try_again(cx, id);
    } else if filling.pages > 0 {
        ask(cx, id, Some(page + 1), filling);
    }
}

/// What could not be fetched before is tried again: a connection has just shown that it works.
pub(in crate::app) fn try_again(cx: &mut Context<'_>, id: &RoomId) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter_mut().rev().find(|gap| gap.again) else { return };
    gap.again = false;
    let filling = Filling { after: gap.after.0.clone(), pages: PAGES };
    ask(cx, id, None, filling);
}

/// Asks for the page above the end of a gap; by number it is `page`, when one has come before it.
fn ask(cx: &mut Context<'_>, id: &RoomId, page: Option<u32>, filling: Filling) {
    let page_size = cx.account.capabilities.map_or(1, |can| can.page_size);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter().find(|gap| gap.after.0 == filling.after) else { return };
    let before = room.timeline.get(gap.before).id.clone();
    let page = page.unwrap_or_else(|| room.page_before(gap.before, page_size));
    room.history.filling = Some(Filling { pages: filling.pages - 1, ..filling });
    pages::ask_history(cx, id, page, before);
}

fn nearest(scene: Scene<'_>) -> Option<&Gap> {
    let room = scene.open_room()?;
    let on_screen = scene.ui.pane.rows.iter().rev().find_map(|row| match row {
        PaneRow::Gap(Some(slot)) => room.gap_above(*slot),
        _ => None,
    });
    on_screen.or_else(|| room.history.gaps.iter().max_by_key(|gap| room.timeline.position(gap.before)))
}

//! Lists that the server fills: asking for them, and going to what they list.

use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::Request;

/// Lays an empty list over the screen and asks for its first page.
pub(in crate::app) fn show(cx: &mut Context<'_>, kind: ListKind) {
    let request = request(cx.scene(), &kind, 1);
    cx.ui.overlay = Some(Overlay::List(List::waiting(kind)));
    cx.effects.extend(request.map(|request| cx.account.request(request)));
}

/// Asks for the next page of the list on screen, if it is wanted.
pub(in crate::app) fn ask_more(cx: &mut Context<'_>) {
    let Some(Overlay::List(list)) = &cx.ui.overlay else { return };
    let Some((page, kind)) = list.next_page().map(|page| (page, list.kind.clone())) else { return };
    let Some(request) = request(cx.scene(), &kind, page) else { return };
    if let Some(list) = cx.ui.list_of(&kind) {
        (list.page, list.loading) = (page, true);
    }
    cx.request(request);
}

/// Asks for the first page again, if this is the list on screen. What was fetched beyond it stays as it is.
pub(in crate::app) fn ask_again(cx: &mut Context<'_>, kind: &ListKind) {
    // Not shown as loading: what is there is nearly right, and must not move.
    if cx.ui.list_of(kind).is_none_or(|list| list.page > 1) {
        return;
    }
    let request = request(cx.scene(), kind, 1);
    cx.effects.extend(request.map(|request| cx.account.request(request)));
}

/// A page of a list could not be had: a list with nothing in it goes, since it would say that there is nothing.
pub(in crate::app) fn failed(cx: &mut Context<'_>, request: &Request) {
    let Some((kind, page)) = filled_by(request) else { return };
    let Some(list) = cx.ui.list_of(&kind).filter(|list| list.page == page) else { return };
    list.loading = false;
    list.page = page.saturating_sub(1).max(1);
    if list.rows.is_empty() {
        cx.ui.overlay = None;
    }
}

/// What to ask for a page of such a list; `None` where there is nothing more to ask.
fn request(scene: Scene<'_>, kind: &ListKind, page: u32) -> Option<Request> {
    Some(match kind {
        ListKind::Members(room) => {
            let kind = scene.account.rooms.get(room).map(|room| room.info.kind).unwrap_or_default();
            Request::Members { room: room.clone(), kind, page }
        }
        ListKind::Rooms { title, archived } => Request::FindRooms { title: title.clone(), archived: *archived, page },
        ListKind::People(name) => Request::FindPeople { name: name.clone(), page },
        ListKind::Stars(room) if page == 1 => Request::Stars { room: room.clone() },
        ListKind::Calls if page == 1 => Request::Calls,
        ListKind::Stars(_) | ListKind::Calls | ListKind::SeenBy(_) | ListKind::Links => return None,
    })
}

/// The list that a request fills, and with which page.
pub(in crate::app) fn filled_by(request: &Request) -> Option<(ListKind, u32)> {
    Some(match request {
        Request::Members { room, page, .. } => (ListKind::Members(room.clone()), *page),
        Request::FindRooms { title, archived, page } => {
            (ListKind::Rooms { title: title.clone(), archived: *archived }, *page)
        }
        Request::FindPeople { name, page } => (ListKind::People(name.clone()), *page),
        Request::Stars { room } => (ListKind::Stars(room.clone()), 1),
        Request::SeenBy { message, .. } => (ListKind::SeenBy(message.clone()), 1),
        Request::Calls => (ListKind::Calls, 1),
        _ => return None,
    })
}

//! Lists that the server fills page by page: members, rooms, people, starred messages, calls.
//!
//! Requests their pages and reacts to pages that fail. `list_targets` acts on the chosen row; the handlers of the
//! server's answers fill in the rows.

use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::Request;

/// Opens an empty list as an overlay and requests its first page.
pub(in crate::app) fn show(cx: &mut Context<'_>, kind: ListKind) {
    let request = page_request(cx.scene(), &kind, 1);
    cx.ui.overlay = Some(Overlay::List(List::waiting(kind)));
    cx.effects.extend(request.map(|request| cx.account.request(request)));
}

/// Requests the next page of the list on screen, if the selection has come close to its end.
pub(in crate::app) fn request_next_page(cx: &mut Context<'_>) {
    let Some(Overlay::List(list)) = cx.ui.box_ref() else { return };
    let Some((page, kind)) = list.next_page().map(|page| (page, list.kind.clone())) else { return };
    let Some(request) = page_request(cx.scene(), &kind, page) else { return };
    if let Some(list) = cx.ui.list_of(&kind) {
        (list.page, list.loading) = (page, true);
    }
    cx.request(request);
}

/// Requests the first page again if this list is on screen and no further page has been loaded.
pub(in crate::app) fn refresh(cx: &mut Context<'_>, kind: &ListKind) {
    // The list is not shown as loading: its rows are nearly right and must not move.
    if cx.ui.list_of(kind).is_none_or(|list| list.page > 1) {
        return;
    }
    let request = page_request(cx.scene(), kind, 1);
    cx.effects.extend(request.map(|request| cx.account.request(request)));
}

/// Ends the loading state of a list whose page failed.
///
/// An empty list is closed, because it would claim that there are no results.
pub(in crate::app) fn on_page_failed(cx: &mut Context<'_>, request: &Request) {
    let Some((kind, page)) = list_of_request(request) else { return };
    let Some(list) = cx.ui.list_of(&kind).filter(|list| list.page == page) else { return };
    list.loading = false;
    list.page = page.saturating_sub(1).max(1);
    if list.is_empty() {
        cx.ui.close_box_if(|_| true);
    }
}

/// Returns the request for one page of a list; `None` if the list has no such page or the server does not fill it.
fn page_request(scene: Scene<'_>, kind: &ListKind, page: u32) -> Option<Request> {
    Some(match kind {
        ListKind::Members(room) => {
            let kind = scene.account.rooms.get(room).map(|room| room.info.kind).unwrap_or_default();
            Request::Members { room: room.clone(), kind, page }
        }
        ListKind::Rooms { title, archived } => Request::FindRooms { title: title.clone(), archived: *archived, page },
        ListKind::People(name) => Request::FindPeople { name: name.clone(), page },
        ListKind::AddablePeople(room) => {
            let kind = scene.account.rooms.get(room).map(|room| room.info.kind).unwrap_or_default();
            Request::AddablePeople { room: room.clone(), kind, page }
        }
        ListKind::Shared(room, shared) => {
            let before = match scene.ui.box_ref() {
                Some(Overlay::List(list)) if page > 1 && list.kind == *kind => list.last_message(),
                _ => None,
            };
            Request::Shared { room: room.clone(), kind: *shared, before, page }
        }
        ListKind::Stars(room) if page == 1 => Request::Stars { room: room.clone() },
        ListKind::Calls if page == 1 => Request::Calls,
        ListKind::Stars(_) | ListKind::Calls | ListKind::SeenBy(_) | ListKind::Links | ListKind::Details(_) => {
            return None;
        }
    })
}

/// Returns the list that a request fills, and the number of the requested page.
pub(in crate::app) fn list_of_request(request: &Request) -> Option<(ListKind, u32)> {
    Some(match request {
        Request::Members { room, page, .. } => (ListKind::Members(room.clone()), *page),
        Request::FindRooms { title, archived, page } => {
            (ListKind::Rooms { title: title.clone(), archived: *archived }, *page)
        }
        Request::FindPeople { name, page } => (ListKind::People(name.clone()), *page),
        Request::AddablePeople { room, page, .. } => (ListKind::AddablePeople(room.clone()), *page),
        Request::Shared { room, kind, page, .. } => (ListKind::Shared(room.clone(), *kind), *page),
        Request::Stars { room } => (ListKind::Stars(room.clone()), 1),
        Request::SeenBy { message, .. } => (ListKind::SeenBy(message.clone()), 1),
        Request::Calls => (ListKind::Calls, 1),
        _ => return None,
    })
}

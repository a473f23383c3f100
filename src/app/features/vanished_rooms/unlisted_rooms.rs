//! Rooms that are missing from the room list.
//!
//! Such a room is not necessarily deleted, because rooms move between pages while the list is being read. If the whole
//! list fits on one page, each missing room is requested once per connection.

use crate::app::features::history::pages::request_page;
use crate::app::features::outbox::deleted_room_entries;
use crate::app::model::context::Context;
use crate::domain::{Feature, PageRequest, Request, Room, RoomId};

/// Maximum number of missing rooms to request after the list was loaded. If more are missing, the list is probably
/// incomplete.
const MAX_REQUESTS: usize = 25;

/// Requests the known rooms that are missing from the complete room list. `page` is the last page of the list;
/// `is_empty` tells whether that page had no rooms.
pub(in crate::app) fn request_missing_rooms(cx: &mut Context<'_>, page: u32, is_empty: bool) {
    let listed = cx.account.room_sync.take_rooms();
    let mut missing = deleted_room_entries::rooms_without_info(cx.scene());
    if page == 1 || (page == 2 && is_empty) {
        let known =
            cx.account.rooms.known_ids().filter(|id| !listed.contains(*id)).filter_map(|id| cx.account.rooms.get(id));
        let known = known.filter(|room| !room.is_deleted() && !room.is_archived());
        // On a service without archives, the request for a page of messages fails if a room was deleted. The open room
        // and rooms that are being loaded have made that request already.
        let is_requested = |room: &Room| cx.ui.open.as_ref() == Some(&room.info.id) || room.history.is_loading();
        let known = known.filter(|room| cx.account.can(Feature::Archive) || !is_requested(room));
        let mut known: Vec<RoomId> = known.map(|room| room.info.id.clone()).collect();
        known.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        missing.extend(known);
    }
    for id in missing.into_iter().take(MAX_REQUESTS) {
        if !cx.account.room_sync.requested.insert(id.clone()) {
            continue;
        }
        if cx.account.can(Feature::Archive) {
            // The room may have been archived on another device.
            cx.request(Request::Room { room: id });
        } else if cx.account.rooms.get(&id).is_some() {
            request_page(cx, &id, &PageRequest::newest());
        } else {
            let serial = cx.account.page_requests.begin();
            cx.request(Request::History { room: id, serial, page: 1, before: None });
        }
    }
}

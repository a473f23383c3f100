//! Requests pages of messages and places the marker above unread ones.

use crate::app::model::account::ConnectionState;
use crate::app::model::context::Context;
use crate::app::model::timers::AccountTimer;
use crate::domain::{Failure, PageRequest, PageSerial, Request, Room, RoomId, Timestamp};
use crate::text::SafeText;

/// Requests a page of a room's messages and returns the serial of the request; `None` if the server does not
/// supply its messages, because it was deleted or we are no longer a member.
pub(in crate::app) fn request_page(cx: &mut Context<'_>, id: &RoomId, request: &PageRequest) -> Option<PageSerial> {
    // A deleted room is not touched, because a changed room is stored again.
    cx.account.rooms.get(id).filter(|room| room.can_fetch())?;
    let (serial, now) = (cx.account.page_requests.begin(), cx.server_time());
    let room = cx.account.rooms.get_mut(id)?;
    room.history.on_request(serial, request, &room.timeline, now);
    cx.request(Request::History { room: id.clone(), serial, page: request.page, before: request.before.clone() });
    Some(serial)
}

/// Delays after which the newest page is requested again if it could not be loaded, in milliseconds. After that, only
/// the user can request it.
const RETRY_DELAYS: [i64; 3] = [1_500, 10_000, 60_000];

/// Whether a page was requested only to compare loaded messages with it.
pub(in crate::app) fn only_verifies(cx: &Context<'_>, id: &RoomId, serial: PageSerial) -> bool {
    cx.account.rooms.get(id).is_some_and(|room| room.history.only_verifies(serial))
}

/// Records why a page could not be loaded. If it was the newest one of the open room, it is requested again later.
pub(in crate::app) fn on_page_failed(
    cx: &mut Context<'_>,
    id: &RoomId,
    (serial, page): (PageSerial, u32),
    failure: Failure,
    reason: &SafeText,
) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    if room.history.on_failure(serial, &room.timeline) {
        explain_failure(cx, id, page, failure, reason);
    }
}

/// Handles an empty page of a room that certainly has messages.
pub(in crate::app) fn on_implausible_page(cx: &mut Context<'_>, id: &RoomId, page: u32) {
    let reason = SafeText::line("The server returned no messages.");
    explain_failure(cx, id, page, Failure::RetryLater, &reason);
}

fn explain_failure(cx: &mut Context<'_>, id: &RoomId, page: u32, failure: Failure, reason: &SafeText) {
    let is_open = cx.ui.open.as_ref() == Some(id);
    let is_reload_due = cx.account.resync.is_some();
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    room.load_error = Some(reason.clone());
    if page != 1 || !is_open || failure == Failure::Refused || is_reload_due {
        return;
    }
    if let Some(delay) = RETRY_DELAYS.get(usize::from(room.load_failures)) {
        room.load_failures += 1;
        cx.account.timers.set(AccountTimer::RetryPage, cx.now + *delay);
    }
}

/// Requests the newest page of the open room again if it could not be loaded.
pub(in crate::app) fn retry_newest(cx: &mut Context<'_>) {
    let failed = |room: &&Room| room.history.has_load_failed() && !room.history.is_loading();
    let room = cx.open_room().filter(failed).filter(|room| !room.history.is_synced());
    let Some(id) = room.map(|room| room.info.id.clone()) else { return };
    if cx.account.connection == ConnectionState::Online {
        clear_load_error(cx);
        request_page(cx, &id, &PageRequest::newest());
    }
}

/// Plans another request for the newest page of the open room, at a time by the server's clock. Messages that were too
/// new for the last one are then either on it or deleted.
pub(in crate::app) fn verify_recent_at(cx: &mut Context<'_>, due: Timestamp) {
    let delay = (due - cx.server_time()).max(0);
    cx.account.timers.set(AccountTimer::VerifyRecent, cx.now + delay);
}

/// Requests the newest page of the open room once more, as planned. A request that is still unanswered plans another
/// one itself if needed, and a new connection requests the page anyway.
pub(in crate::app) fn verify_recent(cx: &mut Context<'_>) {
    let is_due = |room: &&Room| room.history.is_newest_loaded() && !room.history.is_loading_page(1);
    let Some(id) = cx.open_room().filter(is_due).map(|room| room.info.id.clone()) else { return };
    if cx.account.is_online() {
        request_page(cx, &id, &PageRequest::newest());
    }
}

/// Places the unread marker of the open room above its first unseen message and updates the unread count.
///
/// Where the server counts unread messages, its count decides where the marker goes.
pub(in crate::app) fn mark_unread(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if cx.account.has_room_receipts() {
        if let Some(room) = cx.open_room_mut() {
            room.unread_marker.make_due(room.unread());
        }
        return place_unread_marker(cx);
    }
    if cx.account.capabilities.is_none() {
        // Before the sign-in, the delivery states of stored messages cannot be interpreted.
        return;
    }
    let Some(room) = cx.open_room_mut() else { return };
    let unseen = room.unseen(me.as_ref()).filter(|_| !room.info.settings.marked_unread);
    if let Some((slot, count)) = unseen {
        room.unread_marker.place_above_new(slot, count);
        room.read_state.on_unseen(count, room.history.is_newest_loaded());
    } else if room.unread().any() && !room.unread().or_more {
        // They were seen before they were marked as unread, or by another member of the group.
        room.unread_marker.make_due(room.unread());
    }
    place_unread_marker(cx);
}

/// Places the unread marker where the server's count says, once that message is loaded. Where each message tells whether
/// it was seen, moves it up to unseen messages that have been loaded since.
pub(in crate::app) fn place_unread_marker(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    let reader = me.clone().filter(|_| !cx.account.has_room_receipts());
    if let Some(room) = cx.open_room_mut() {
        room.place_unread_marker(me.as_ref());
        reader.iter().for_each(|reader| room.raise_unread_marker(reader));
    }
}

/// Requests the next older page of the open room, if there is one.
pub(in crate::app) fn request_older(cx: &mut Context<'_>) {
    let paging = cx.account.paging();
    let Some(room) = cx.open_room() else { return };
    let (id, request) = (room.info.id.clone(), room.history.next_older_page(&room.timeline, paging));
    if let Some(request) = request {
        request_page(cx, &id, &request);
    }
}

/// Allows a failed page of the open room to be requested again. Called when the user asks for older messages.
pub(in crate::app) fn clear_load_error(cx: &mut Context<'_>) {
    if let Some(room) = cx.open_room_mut() {
        room.history.clear_load_error();
    }
}

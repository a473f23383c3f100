//! Opening and closing rooms, and joining them on the server.

use crate::app::features::history::pages::{mark_unread, request_page};
use crate::app::features::people::request_person;
use crate::app::features::{drafts, member_list, membership, seen_by, typing, unread};
use crate::app::model::account::{ConnectionState, Join};
use crate::app::model::context::Context;
use crate::app::model::pane::Pane;
use crate::app::model::timers::{AccountTimer, UiTimer};
use crate::app::model::ui::Focus;
use crate::domain::{PageRequest, PresenceSource, Request, RoomId};

/// Delay after a join before the newest page is requested a second time, in milliseconds.
///
/// Messages sent after the first page was read and before the join arrived would be missed otherwise. The socket
/// library holds small packets back for about 40 ms (`docs/protocol/socketio.md`, TCP_NODELAY); the rest allows for
/// slow networks.
pub(in crate::app) const RESYNC_DELAY: i64 = 1_500;

/// Opens a room: restores its draft, joins it on the server and requests its newest page.
pub(in crate::app) fn open(cx: &mut Context<'_>, id: &RoomId) {
    cx.ui.focus = Focus::Composer;
    if cx.ui.open.as_ref() == Some(id) || cx.account.rooms.get(id).is_none() {
        return;
    }
    let is_return = cx.ui.open.is_some();
    let farewell = close(cx);
    cx.ui.open = Some(id.clone());
    cx.dismiss_notice();
    // The composer can only contain text that was typed before any room was open. It continues the draft of this room.
    if let Some(text) = cx.account.roomless_draft.take() {
        drafts::save_draft(cx.account, id, text);
    }
    if !cx.ui.composer.is_command() {
        let typed = std::mem::take(&mut cx.ui.composer);
        drafts::save_draft(cx.account, id, typed);
    }
    drafts::sync_draft(cx);
    cx.account.rooms.show_archived(id);
    mark_unread(cx);
    if is_return {
        // The room that is open at the start stays marked as unread.
        unread::come_back(cx);
    }
    if cx.account.connection == ConnectionState::Online {
        enter(cx);
    }
    // The join comes first, because packets after the first one may be held back briefly.
    farewell.into_iter().for_each(|request| cx.request(request));
    seen_by::check_newest(cx);
}

/// Joins the open room on the server and requests whatever may be out of date: membership, peer, newest page.
pub(in crate::app) fn enter(cx: &mut Context<'_>) {
    if cx.account.capabilities.is_some_and(|can| can.events_omit_room) {
        // Only where rooms are joined one by one. Other servers subscribe the account to all its rooms at sign-in.
        cx.account.resync.get_or_insert_default();
        cx.account.timers.set(AccountTimer::Resync, cx.now + RESYNC_DELAY);
    }
    // A deleted room is not joined: the server would answer each request with an error.
    let Some(room) = cx.open_room().filter(|room| !room.is_deleted()) else { return };
    let (id, is_newest_loaded) = (room.info.id.clone(), room.history.is_newest_loaded());
    let peer = cx.account.me.as_ref().and_then(|me| room.peer(me)).cloned();
    cx.account.join = Join::Sent;
    cx.request(Request::Join { room: id.clone() });
    if let Some(PresenceSource::Heartbeat(_)) = cx.account.capabilities.map(|can| can.presence) {
        cx.request(Request::Heartbeat { room: id.clone() });
    }
    membership::request_membership(cx.account, &id, cx.effects);
    member_list::load(cx);
    if let Some(id) = peer {
        cx.account.people.mark_requested(id.clone());
        request_person(cx, id);
    }
    if !is_newest_loaded {
        request_page(cx, &id, &PageRequest::newest());
    }
}

/// Handles the proof that the join of the open room has been processed. Requests what was missed if the newest page was
/// requested too early.
pub(in crate::app) fn on_join_processed(cx: &mut Context<'_>) {
    let Join::Assumed { synced_to, rooms } = std::mem::take(&mut cx.account.join) else { return };
    if let Some(room) = cx.open_room_mut().filter(|room| !room.is_deleted()) {
        room.history.on_joined_late(synced_to, &room.timeline);
        let id = room.info.id.clone();
        request_page(cx, &id, &PageRequest::newest());
    }
    if rooms {
        recheck_list(cx);
    }
}

/// Requests the first page of the room list; the other pages follow.
pub(in crate::app) fn request_list(cx: &mut Context<'_>) {
    cx.account.room_sync.begin();
    cx.request(Request::Rooms { page: 1 });
}

/// Looks for rooms that changed after their page was read and before the server knew the connection. They come first in
/// the list, so no page is requested after one that ends with an unchanged room. Waits until the list is complete.
pub(in crate::app) fn recheck_list(cx: &mut Context<'_>) {
    if cx.account.room_sync.has_failed() {
        return request_list(cx);
    }
    if cx.account.room_sync.begin_recheck() {
        cx.request(Request::Rooms { page: 1 });
    }
}

/// Closes the open room and saves its draft. Returns the requests that tell the server so: where needed, that typing has
/// ended and that the room is left.
#[must_use]
pub(in crate::app) fn close(cx: &mut Context<'_>) -> Vec<Request> {
    let mut farewell = Vec::from_iter(typing::take_end(cx.account));
    let Some(old) = cx.ui.open.take() else { return farewell };
    cx.account.join = Join::default();
    let draft = std::mem::take(&mut cx.ui.composer);
    drafts::save_draft(cx.account, &old, draft);
    // Live events of this service do not name their room, so only one room may be joined at a time
    // (`docs/protocol/minchat.md` §5).
    let listens_to_one = cx.account.capabilities.is_some_and(|can| can.events_omit_room)
        && cx.account.rooms.get(&old).is_some_and(|room| !room.is_deleted());
    if let Some(room) = cx.account.rooms.get_mut(&old) {
        room.unread_marker.clear();
        room.read_state.on_left();
        if listens_to_one {
            room.typing.clear();
            room.mark_stale();
        }
    }
    cx.account.rooms.hide_archived(&old);
    if listens_to_one && cx.account.connection == ConnectionState::Online {
        farewell.push(Request::Leave { room: old });
    }
    cx.ui.pane = Pane::default();
    cx.ui.timers.clear(UiTimer::MarkSeen);
    cx.account.timers.clear(AccountTimer::VerifyRecent);
    cx.ui.jump = None;
    farewell
}

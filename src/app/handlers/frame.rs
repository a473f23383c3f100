//! Reactions to a drawn frame: older pages are requested, and visible messages count as seen.

use crate::app::features::eviction;
use crate::app::features::history::pages::request_page;
use crate::app::features::history::verification;
use crate::app::features::people::request_person;
use crate::app::features::persistence::{flush, older_messages};
use crate::app::features::receipts::{fully_visible, is_newest_visible, needs_receipt, needs_room_receipt};
use crate::app::features::{member_list, pictures};
use crate::app::limits::PREFETCH_MESSAGES;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_sections::SectionRow;
use crate::app::model::timers::UiTimer;
use crate::config::SeenReceipts;
use crate::domain::{AccountId, PageRequest, Request, Room, RoomId, Unread};

/// Milliseconds for which a message must be visible before it counts as seen. Messages that only scroll past
/// were not read.
const SEEN_AFTER: i64 = 300;

/// Handles a drawn frame of the account on screen.
pub(in crate::app) fn on_drawn(cx: &mut Context<'_>) {
    eviction::evict(cx);
    flush::forget_pictures_in_memory(cx);
    report_delivered(cx);
    request_older(cx);
    verification::verify_visible(cx);
    let listed = listed_rooms(cx.scene(), cx.account.id);
    request_peers(cx, &listed);
    pictures::request_visible(cx);
    member_list::follow_screen(cx);
    note_unread_on_screen(cx);
    let can_read = cx.scene().has_focus() && cx.account.connection == ConnectionState::Online;
    if !cx.ui.timers.is_set(UiTimer::MarkSeen) && can_read && cx.ui.overlay.is_none() && has_unseen(cx.scene()) {
        cx.ui.timers.set(UiTimer::MarkSeen, cx.now + SEEN_AFTER);
    }
}

/// Records that the first unread message of the open room was on screen. While earlier ones may be unread, it is not
/// known to be the first.
fn note_unread_on_screen(cx: &mut Context<'_>) {
    let is_unseen = |unseen: Unread| unseen.any() && !unseen.or_more;
    let Some(room) = cx.open_room().filter(|room| is_unseen(room.unread_marker.unseen())) else { return };
    let marked = room.unread_marker.slot();
    let is_on_screen = marked.is_some() && cx.ui.pane.rows.iter().any(|row| row.message() == marked);
    let is_seen = is_on_screen && cx.scene().has_focus() && cx.ui.overlay.is_none();
    if let Some(room) = cx.open_room_mut().filter(|_| is_seen) {
        room.unread_marker.on_seen();
    }
}

/// Handles a drawn frame for an account that is not on screen, but perhaps these rooms of its in the list: reports
/// received messages, requests who is online and bounds memory use.
pub(in crate::app) fn on_drawn_hidden(cx: &mut Context<'_>, listed: &[RoomId]) {
    eviction::evict(cx);
    flush::forget_pictures_in_memory(cx);
    report_delivered(cx);
    request_peers(cx, listed);
}

/// Sends delivery receipts for the messages that have arrived: one per room and frame, so that a burst causes only one.
/// Services with a receipt for each message have none for deliveries.
fn report_delivered(cx: &mut Context<'_>) {
    let rooms = std::mem::take(&mut cx.account.rooms_with_arrivals);
    let is_online = cx.account.connection == ConnectionState::Online;
    if is_online && cx.account.has_room_receipts() && cx.account.profile.seen != SeenReceipts::Never {
        cx.effects.extend(rooms.into_iter().map(|room| cx.account.request(Request::Delivered { room })));
    }
}

/// Requests the newest page of the open room if it is not loaded, or an older page before the user reaches its end.
fn request_older(cx: &mut Context<'_>) {
    let on_disk = older_messages::query_visible(cx);
    let paging = cx.account.paging();
    if cx.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = cx.open_room() else { return };
    let request = if room.history.needs_newest_page() {
        Some(PageRequest::newest())
    } else {
        let older = room.history.next_older_page(&room.timeline, paging);
        older.filter(|_| !on_disk && cx.ui.pane.above < PREFETCH_MESSAGES)
    };
    let id = room.info.id.clone();
    if let Some(request) = request {
        request_page(cx, &id, &request);
    }
}

/// Returns the rooms of an account that are visible in the list.
pub(in crate::app) fn listed_rooms(scene: Scene<'_>, of: AccountId) -> Vec<RoomId> {
    let rooms = scene.visible_rows(&scene.ui.regions).filter_map(|(_, row, _)| match row {
        SectionRow::Room(account, room) if account.id == of => Some(room.info.id.clone()),
        SectionRow::Room(..) | SectionRow::Heading(_) => None,
    });
    rooms.collect()
}

/// Requests the profile behind each direct message in the list, for its presence glyph: once, and after each heartbeat.
fn request_peers(cx: &mut Context<'_>, listed: &[RoomId]) {
    let online = cx.account.connection == ConnectionState::Online;
    let Some(me) = cx.account.me.clone().filter(|_| online) else { return };
    let peers = listed.iter().filter_map(|room| cx.account.rooms.get(room)?.peer(&me));
    let unknown: Vec<_> = peers.filter(|peer| !cx.account.people.was_requested(peer)).cloned().collect();
    for id in unknown {
        cx.account.people.mark_requested(id.clone());
        request_person(cx, id);
    }
}

fn has_unseen(scene: Scene<'_>) -> bool {
    let is_readable = |room: &&Room| !room.is_deleted() && !room.info.settings.marked_unread;
    let Some(room) = scene.open_room().filter(is_readable) else { return false };
    if scene.account.profile.seen != SeenReceipts::Focused {
        let newest = room.timeline.newest_accepted().map(|message| message.sent_at);
        return (room.read_state.has_new() || room.read_state.read_until() < newest) && is_newest_visible(scene, room);
    }
    if scene.account.has_room_receipts() {
        return needs_room_receipt(room) && is_newest_visible(scene, room);
    }
    fully_visible(scene, room).any(|slot| needs_receipt(scene.account, room, slot))
        || (room.read_state.has_new() && is_newest_visible(scene, room))
}

//! Restoration of stored rooms and messages.

use crate::app::features::pictures;
use crate::app::model::context::Context;
use crate::app::model::persistence::StoredRoom;
use crate::app::model::recent_emoji::RecentEmoji;
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Message, PageSerial, ReadState, Room, RoomId, RoomSettings};
use crate::store::{Arrangement, Edge, RoomSnapshot, StoredPage};

/// Restores a room. The server may have reported it already, and changes of its last message.
pub(in crate::app) fn restore_room(cx: &mut Context<'_>, room: RoomSnapshot) {
    let RoomSnapshot { mut info, unread, read_marker } = room;
    let id = info.id.clone();
    let facts = StoredRoom { info: Some(info.clone()), read: read_marker, unread, ..StoredRoom::default() };
    cx.account.persistence.rooms.insert(id.clone(), facts);
    match cx.account.rooms.get_mut(&id) {
        Some(room) => {
            room.read_state.add_stored(unread);
            // The server's list has arrived first. It does not have the settings.
            if room.info.settings == RoomSettings::default() && info.settings != RoomSettings::default() {
                room.info.settings = info.settings;
                cx.account.rooms.reposition(&id);
                cx.account.rooms.hide_archived(&id);
            }
        }
        None => {
            cx.account.page_requests.amend_preview(&mut info);
            cx.account.rooms.insert(Room { read_state: ReadState::restored(unread), dirty: false, ..Room::new(info) });
        }
    }
}

/// Restores the newest messages of a room from the page that was requested with this serial, unless there are any.
pub(in crate::app) fn restore_history(
    cx: &mut Context<'_>,
    id: &RoomId,
    serial: PageSerial,
    StoredPage { messages, edge }: StoredPage,
) {
    if cx.account.rooms.get(id).is_none_or(|room| room.timeline.accepted_len() > 0) {
        return;
    }
    let newest = messages.last().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    restore_messages(cx, id, serial, messages);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    // Messages sent since then are loaded until they meet this one.
    let complete = edge == Edge::Start;
    room.history.on_restored(newest, complete);
    if let Some(stored) = cx.account.persistence.rooms.get_mut(id) {
        stored.complete = complete;
    }
    cx.account.rooms.reposition(id);
}

/// Adds older messages from the page that was requested with this serial.
pub(in crate::app) fn insert_older(cx: &mut Context<'_>, id: &RoomId, serial: PageSerial, page: StoredPage) {
    if cx.account.rooms.get(id).is_some_and(|room| room.timeline.accepted_len() == 0) {
        return restore_history(cx, id, serial, page);
    }
    let StoredPage { messages, edge } = page;
    restore_messages(cx, id, serial, messages);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    room.unread_marker.on_loaded(&room.timeline);
    if edge == Edge::Start {
        room.history.on_start_restored();
        if let Some(stored) = cx.account.persistence.rooms.get_mut(id) {
            stored.complete = true;
        }
    }
}

/// Adds messages of a stored page to a room, and applies what has changed in them since the page was requested.
fn restore_messages(cx: &mut Context<'_>, id: &RoomId, serial: PageSerial, mut messages: Vec<Message>) {
    let me = cx.account.me.clone();
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    // Those that are loaded have changed already.
    messages.retain(|message| message.id.as_ref().is_some_and(|id| room.timeline.find(id).is_none()));
    let changes = cx.account.page_requests.changes_of_stored(serial, id, &mut messages);
    room.timeline.restore(messages, me.as_ref());
    changes.iter().for_each(|(id, amendments)| room.timeline.amend(id, amendments));
}

/// Discards the history because the account is another one.
///
/// Returns whether the previous identity was known only from the store.
pub(in crate::app) fn clear_history(cx: &mut Context<'_>) -> bool {
    let persistence = &mut cx.account.persistence;
    let identity_from_store = std::mem::take(&mut persistence.identity_from_store);
    persistence.clear_pending = persistence.enabled;
    persistence.rooms.clear();
    persistence.queries.clear();
    persistence.unloaded_changes.clear();
    (persistence.me, persistence.open_room, persistence.last_synced) = (None, None, None);
    persistence.arrangement = Arrangement::default();
    persistence.restored = false;
    cx.account.recent_emoji = RecentEmoji::default();
    pictures::hide_all(cx);
    cx.account.people.mark_all_dirty();
    cx.ui.searched = None;
    cx.ui.close_box_if(|overlay| matches!(overlay, Overlay::Search(_)));
    identity_from_store
}

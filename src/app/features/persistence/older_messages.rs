//! Loading of older messages from the store while the user scrolls, both online and offline.

use crate::app::features::persistence::flush;
use crate::app::features::persistence::stored_history::insert_older;
use crate::app::limits::PREFETCH_MESSAGES;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::page_requests::ReplacingQuery;
use crate::domain::{MessageId, PageSerial, Room, RoomId, Timestamp};
use crate::store::{Edge, HistoryPosition, Query, StoredPage};

/// Number of messages per query, which is at least a page of any server.
const PAGE_SIZE: u32 = 100;

/// Number of messages per query on the way to a message further back, where fewer queries are better.
const JUMP_PAGE_SIZE: u32 = 1_000;

/// Queries the store for messages that are about to be visible, if it may have them.
///
/// Returns whether to wait for the store's answer; otherwise the caller requests them from the server.
pub(in crate::app) fn query_visible(cx: &mut Context<'_>) -> bool {
    if !cx.account.persistence.enabled || !cx.account.persistence.loaded {
        return false;
    }
    let Some((room, before)) = next_visible(cx.scene()) else { return false };
    query(cx, room, before, PAGE_SIZE)
}

/// Queries the store for messages before the oldest loaded one of the open room, whether they are about to be visible
/// or not. Returns whether to wait for the store's answer.
pub(in crate::app) fn query_older(cx: &mut Context<'_>) -> bool {
    let room = cx
        .open_room()
        .filter(|room| !room.history.is_complete() && cx.account.persistence.enabled && cx.account.persistence.loaded);
    let Some((room, before)) = room.map(|room| (room.info.id.clone(), room.oldest_id())) else { return false };
    query(cx, room, before, JUMP_PAGE_SIZE)
}

fn query(cx: &mut Context<'_>, room: RoomId, before: Option<MessageId>, limit: u32) -> bool {
    // Without a connection, or in a room that was deleted or left, the server cannot supply messages that the store
    // lacks.
    let only_store = cx.account.connection != ConnectionState::Online
        || cx.account.rooms.get(&room).is_some_and(|room| !room.can_fetch());
    let queries = cx.account.persistence.queries.entry(room.clone()).or_default();
    if queries.pending.as_ref().is_some_and(|(_, at)| *at == before) {
        return true;
    }
    let is_end = queries.contiguous_end.as_ref() == Some(&before);
    // Offline, a gap in the store cannot be filled, so the older messages beyond it are shown with a line between.
    let goes_beyond = is_end && only_store && queries.oldest_stored != before;
    if is_end && !goes_beyond {
        return false;
    }
    let serial = cx.account.page_requests.begin_query(ReplacingQuery::History(room.clone()));
    queries.pending = Some((serial, before.clone()));
    let at = match before {
        None => HistoryPosition::Newest,
        Some(before) if goes_beyond => HistoryPosition::BeforeAcrossGap(before),
        Some(before) => HistoryPosition::Before(before),
    };
    // The answer must not lack what has changed before.
    flush::write_unloaded(cx);
    flush::write_removed(cx, &room);
    cx.query(Query::History { id: serial.0, room, at, limit });
    true
}

/// Returns the room, and the message before which the missing messages belong, if any are about to be visible.
fn next_visible(scene: Scene<'_>) -> Option<(RoomId, Option<MessageId>)> {
    let room = scene.open_room()?;
    let id = room.info.id.clone();
    if room.history.is_complete() {
        None
    } else if room.timeline.accepted_len() == 0 {
        (!room.history.is_newest_loaded()).then_some((id, None))
    } else {
        let oldest = room.oldest_id().filter(|_| scene.ui.pane.above < PREFETCH_MESSAGES)?;
        Some((id, Some(oldest)))
    }
}

/// Adds the messages of an answer to their room.
pub(in crate::app) fn on_answer(cx: &mut Context<'_>, serial: PageSerial, room: &RoomId, past: StoredPage) {
    let Some(queries) = cx.account.persistence.queries.get_mut(room) else { return };
    let Some((_, before)) = queries.pending.take_if(|(query, _)| *query == serial) else { return };
    let oldest = past.messages.first().and_then(|first| first.id.clone());
    let is_beyond = before.is_some() && queries.contiguous_end.as_ref() == Some(&before);
    if is_beyond && past.messages.is_empty() {
        queries.oldest_stored.clone_from(&before);
        return;
    }
    if past.edge != Edge::More {
        queries.contiguous_end = Some(oldest.or_else(|| before.clone()));
    }
    let here = cx.account.rooms.get(room).and_then(Room::oldest_id);
    if here != before {
        return;
    }
    let gap = past.messages.last().filter(|_| is_beyond).and_then(|last| Some((last.id.clone()?, last.sent_at)));
    insert_older(cx, room, serial, past);
    if let Some((after, before)) = gap.zip(before) {
        add_gap(cx, room, after, &before);
    }
}

/// Records the gap that the store had right above `before`, so that it is loaded when there is a connection.
fn add_gap(cx: &mut Context<'_>, room: &RoomId, after: (MessageId, Timestamp), before: &MessageId) {
    let Some(room) = cx.account.rooms.get_mut(room) else { return };
    let Some(slot) = room.timeline.find(before) else { return };
    room.history.on_gap_restored(after, slot);
    if let Some(stored) = cx.account.persistence.rooms.get_mut(&room.info.id) {
        stored.gaps.push(before.clone());
    }
}

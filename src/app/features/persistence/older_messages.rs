//! Older messages from disk, while one scrolls: offline and online alike.

use crate::app::features::persistence::stored_history::insert_older;
use crate::app::limits::PREFETCH_MESSAGES;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::domain::{Gap, MessageId, Room, RoomId, Timestamp};
use crate::store::{At, Edge, Past, Query};

/// How many messages at a time: what a page of a server has, and more.
const PAGE_SIZE: u32 = 100;

/// The same on the way to a message further back: fewer questions for what nobody reads in between.
const JUMP_PAGE_SIZE: u32 = 1_000;

/// Asks the disk for what is about to be seen, if it may have it. Says whether its answer has to be waited for: what it
/// does not have the server is asked for.
pub(in crate::app) fn query_visible(cx: &mut Context<'_>) -> bool {
    if !cx.account.persistence.enabled || !cx.account.persistence.loaded {
        return false;
    }
    let Some((room, before)) = next_visible(cx.scene()) else { return false };
    query(cx, room, before, PAGE_SIZE)
}

/// Asks the disk for what stands before all that is here of the open room, whether that is about to be seen or not. Says
/// whether its answer has to be waited for.
pub(in crate::app) fn query_older(cx: &mut Context<'_>) -> bool {
    let room = cx
        .open_room()
        .filter(|room| !room.history.complete && cx.account.persistence.enabled && cx.account.persistence.loaded);
    let Some((room, before)) = room.map(|room| (room.info.id.clone(), room.oldest_id())) else { return false };
    query(cx, room, before, JUMP_PAGE_SIZE)
}

fn query(cx: &mut Context<'_>, room: RoomId, before: Option<MessageId>, limit: u32) -> bool {
    // Nobody can be asked for what is missing on disk.
    let only_store =
        cx.account.connection != ConnectionState::Online || cx.account.rooms.get(&room).is_some_and(Room::is_deleted);
    let queries = cx.account.persistence.queries.entry(room.clone()).or_default();
    if queries.pending.as_ref().is_some_and(|(_, at)| *at == before) {
        return true;
    }
    let is_end = queries.contiguous_end.as_ref() == Some(&before);
    // Without a connection nobody can fetch what is missing here; what is older is shown, with a line between.
    let goes_beyond = is_end && only_store && queries.oldest_stored != before;
    if is_end && !goes_beyond {
        return false;
    }
    cx.account.persistence.last_query += 1;
    let id = cx.account.persistence.last_query;
    queries.pending = Some((id, before.clone()));
    let at = match before {
        None => At::Newest,
        Some(before) if goes_beyond => At::Beyond(before),
        Some(before) => At::Before(before),
    };
    cx.query(Query::Past { id, room, at, limit });
    true
}

/// What is about to be seen and not here: the room, and the message that it stands before.
fn next_visible(scene: Scene<'_>) -> Option<(RoomId, Option<MessageId>)> {
    let room = scene.open_room()?;
    let id = room.info.id.clone();
    if room.history.complete {
        None
    } else if room.timeline.accepted_len() == 0 {
        (!room.history.fresh).then_some((id, None))
    } else {
        let oldest = room.oldest_id().filter(|_| scene.ui.pane.above < PREFETCH_MESSAGES)?;
        Some((id, Some(oldest)))
    }
}

/// A piece of a room's past has come.
pub(in crate::app) fn on_answer(cx: &mut Context<'_>, id: u64, room: &RoomId, past: Past) {
    let Some(queries) = cx.account.persistence.queries.get_mut(room) else { return };
    let Some((_, before)) = queries.pending.take_if(|(question, _)| *question == id) else { return };
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
    insert_older(cx, room, past.messages, past.edge);
    if let Some((after, before)) = gap.zip(before) {
        add_gap(cx, room, after, &before);
    }
}

/// What was missing when it was kept is missing still, right above `before`: it is fetched once there is a connection.
fn add_gap(cx: &mut Context<'_>, room: &RoomId, after: (MessageId, Timestamp), before: &MessageId) {
    let Some(room) = cx.account.rooms.get_mut(room) else { return };
    let Some(slot) = room.timeline.find(before) else { return };
    room.history.gaps.push(Gap { after, before: slot, again: true });
    if let Some(stored) = cx.account.persistence.rooms.get_mut(&room.info.id) {
        stored.gaps.push(before.clone());
    }
}

//! Older messages from disk, while one scrolls: offline and online alike.

use crate::app::features::persistence::stored_history::take_past;
use crate::app::limits::MESSAGES_AHEAD;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::domain::{Gap, MessageId, Room, RoomId, Timestamp};
use crate::store::{At, Edge, Past, Query};

/// How many messages at a time: what a page of a server has, and more.
const PIECE: u32 = 100;

/// The same on the way to a message further back: fewer questions for what nobody reads in between.
const STRIDE: u32 = 1_000;

/// Asks the disk for what is about to be seen, if it may have it. Says whether its answer has to be waited for: what it
/// does not have the server is asked for.
pub(in crate::app) fn ask_disk(cx: &mut Context<'_>) -> bool {
    if !cx.account.persistence.on || !cx.account.persistence.loaded {
        return false;
    }
    let Some((room, before)) = wanted(cx.scene()) else { return false };
    ask(cx, room, before, PIECE)
}

/// Asks the disk for what stands before all that is here of the open room, whether that is about to be seen or not. Says
/// whether its answer has to be waited for.
pub(in crate::app) fn ask_further(cx: &mut Context<'_>) -> bool {
    let room = cx
        .open_room()
        .filter(|room| !room.history.complete && cx.account.persistence.on && cx.account.persistence.loaded);
    let Some((room, before)) = room.map(|room| (room.info.id.clone(), room.oldest_id())) else { return false };
    ask(cx, room, before, STRIDE)
}

fn ask(cx: &mut Context<'_>, room: RoomId, before: Option<MessageId>, limit: u32) -> bool {
    // Nobody can be asked for what is missing on disk.
    let alone =
        cx.account.connection != ConnectionState::Online || cx.account.rooms.get(&room).is_some_and(Room::is_deleted);
    let asked = cx.account.persistence.asked.entry(room.clone()).or_default();
    if asked.pending.as_ref().is_some_and(|(_, at)| *at == before) {
        return true;
    }
    let is_barren = asked.barren.as_ref() == Some(&before);
    // Without a connection nobody can fetch what is missing here; what is older is shown, with a line between.
    let goes_beyond = is_barren && alone && asked.bare != before;
    if is_barren && !goes_beyond {
        return false;
    }
    cx.account.persistence.questions += 1;
    let id = cx.account.persistence.questions;
    asked.pending = Some((id, before.clone()));
    let at = match before {
        None => At::Newest,
        Some(before) if goes_beyond => At::Beyond(before),
        Some(before) => At::Before(before),
    };
    cx.query(Query::Past { id, room, at, limit });
    true
}

/// What is about to be seen and not here: the room, and the message that it stands before.
fn wanted(scene: Scene<'_>) -> Option<(RoomId, Option<MessageId>)> {
    let room = scene.open_room()?;
    let id = room.info.id.clone();
    if room.history.complete {
        None
    } else if room.timeline.accepted_len() == 0 {
        (!room.history.fresh).then_some((id, None))
    } else {
        let oldest = room.oldest_id().filter(|_| scene.ui.pane.above < MESSAGES_AHEAD)?;
        Some((id, Some(oldest)))
    }
}

/// A piece of a room's past has come.
pub(in crate::app) fn on_past(cx: &mut Context<'_>, id: u64, room: &RoomId, past: Past) {
    let Some(asked) = cx.account.persistence.asked.get_mut(room) else { return };
    let Some((_, before)) = asked.pending.take_if(|(question, _)| *question == id) else { return };
    let oldest = past.messages.first().and_then(|first| first.id.clone());
    let is_beyond = before.is_some() && asked.barren.as_ref() == Some(&before);
    if is_beyond && past.messages.is_empty() {
        asked.bare.clone_from(&before);
        return;
    }
    if past.edge != Edge::More {
        asked.barren = Some(oldest.or_else(|| before.clone()));
    }
    let here = cx.account.rooms.get(room).and_then(Room::oldest_id);
    if here != before {
        return;
    }
    let gap = past.messages.last().filter(|_| is_beyond).and_then(|last| Some((last.id.clone()?, last.sent_at)));
    take_past(cx, room, past.messages, past.edge);
    if let Some((after, before)) = gap.zip(before) {
        leave_gap(cx, room, after, &before);
    }
}

/// What was missing when it was kept is missing still, right above `before`: it is fetched once there is a connection.
fn leave_gap(cx: &mut Context<'_>, room: &RoomId, after: (MessageId, Timestamp), before: &MessageId) {
    let Some(room) = cx.account.rooms.get_mut(room) else { return };
    let Some(slot) = room.timeline.find(before) else { return };
    room.history.gaps.push(Gap { after, before: slot, again: true });
    if let Some(kept) = cx.account.persistence.rooms.get_mut(&room.info.id) {
        kept.gaps.push(before.clone());
    }
}

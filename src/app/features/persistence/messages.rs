//! What of a room's messages differs from what is on disk, in pieces between which nothing is missing.

use crate::app::model::persistence::StoredRoom;
use crate::domain::{Message, MessageId, Room};
use crate::store::{Batch, Write};
use std::collections::HashSet;

/// Messages in one piece: a send never waits long for the disk.
const BATCH_SIZE: usize = 500;

/// Says which messages of `room` are new or changed, and what is known of their neighbours.
///
/// Where something may have been missed, a message is kept on its own, without a word about what stands beside it, but for
/// the pages that have come since. Once the gap is closed, all that stands behind it is told again with its neighbours.
pub(in crate::app) fn write(room: &mut Room, stored: &mut StoredRoom, writes: &mut Vec<Write>) {
    let changes = room.timeline.take_changes();
    let id = &room.info.id;
    for message in changes.removed {
        writes.push(Write::Remove { room: id.clone(), message });
    }
    let (unbroken, all) = (room.unbroken(), room.timeline.accepted_len());
    let mut positions = changes.positions;
    if unbroken < all {
        let last = unbroken.checked_sub(1).and_then(|last| id_at(room, last));
        stored.detached_after.get_or_insert(last);
    } else if let Some(behind) = stored.detached_after.take() {
        let position = behind.and_then(|id| room.timeline.find(&id)).and_then(|slot| room.timeline.position(slot));
        positions.extend(position.map_or(0, |position| position + 1)..all);
    }
    if room.history.complete && !stored.complete && unbroken > 0 {
        stored.complete = true;
        positions.push(0);
    }
    let breaks = room.breaks();
    let gaps: Vec<MessageId> = breaks.iter().filter_map(|position| id_at(room, *position)).collect();
    let closed = std::mem::replace(&mut stored.gaps, gaps);
    // In a burst there are thousands of both.
    let open: HashSet<&MessageId> = stored.gaps.iter().collect();
    let closed = closed.into_iter().filter(|id| !open.contains(id));
    positions.extend(closed.filter_map(|id| room.timeline.find(&id)).filter_map(|slot| room.timeline.position(slot)));
    positions.sort_unstable();
    positions.dedup();
    let stretch = room.newest_stretch();
    let follows = |one: usize, next: usize| {
        one + 1 == next && (next < unbroken || stretch.contains(&next)) && breaks.binary_search(&next).is_err()
    };
    for run in positions.chunk_by(|one, next| follows(*one, *next)) {
        for piece in run.chunks(BATCH_SIZE) {
            writes.extend(batch(room, piece, &follows).map(Write::Messages));
        }
    }
    let deleted = positions.iter().filter_map(|position| message_at(room, *position)).filter(|message| message.deleted);
    writes.extend(deleted.filter_map(|message| message.id.clone()).map(|message| {
        // Once more by name, so that the room list forgets its text too.
        Write::Tombstone { room: room.info.id.clone(), message, author: None }
    }));
}

fn message_at(room: &Room, position: usize) -> Option<&Message> {
    room.timeline.slot_at(position).map(|slot| room.timeline.get(slot))
}

fn id_at(room: &Room, position: usize) -> Option<MessageId> {
    message_at(room, position)?.id.clone()
}

/// The messages at these positions, which follow one on the other.
fn batch(room: &Room, piece: &[usize], follows: &impl Fn(usize, usize) -> bool) -> Option<Batch> {
    let (first, last) = (*piece.first()?, *piece.last()?);
    let messages = piece.iter().filter_map(|position| message_at(room, *position)).cloned();
    let after = first.checked_sub(1).filter(|above| follows(*above, first)).and_then(|position| id_at(room, position));
    let before = follows(last, last + 1).then(|| id_at(room, last + 1)).flatten();
    let from_start = first == 0 && room.unbroken() > 0 && room.history.complete;
    Some(Batch { room: room.info.id.clone(), messages: messages.collect(), after, before, from_start })
}

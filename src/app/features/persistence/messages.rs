//! Differences between the messages of a room and the store, in batches without gaps.

use crate::app::model::persistence::StoredRoom;
use crate::domain::{Changes, Message, MessageId, Room};
use crate::store::{Batch, Write};
use std::collections::HashSet;
use std::ops::Range;

/// Maximum number of messages in a batch, so that a message being sent does not wait long for the disk.
const BATCH_SIZE: usize = 500;

/// Writes up to `limit` new and changed messages of `room`, beginning with those that arrived first, and records which
/// of them are neighbours. Returns the number of messages.
///
/// The other changes wait in the timeline for the next call. If they are unloaded before, a gap remains in the store.
///
/// Where messages may be missing, each message is stored alone, without its neighbours, except for messages in pages
/// loaded since. Once the gap is closed, all messages after it are written again with their neighbours.
pub(in crate::app) fn write(room: &mut Room, stored: &mut StoredRoom, limit: usize, writes: &mut Vec<Write>) -> usize {
    let breaks = room.history.breaks(&room.timeline);
    mark_rejoined(room, stored, &breaks);
    let contiguous = room.history.contiguous_len(&room.timeline);
    let Changes { positions, removed } = room.timeline.take_changes(limit);
    writes.extend(removed.into_iter().map(|message| Write::RemoveMessage { room: room.info.id.clone(), message }));
    let stretch = room.history.newest_stretch(&room.timeline);
    let follows = |one: usize, next: usize| {
        one + 1 == next && (next < contiguous || stretch.contains(&next)) && breaks.binary_search(&next).is_err()
    };
    for run in positions.chunk_by(|one, next| follows(*one, *next)) {
        for piece in run.chunks(BATCH_SIZE) {
            writes.extend(batch(room, piece, &follows).map(Write::Messages));
        }
    }
    let deleted = positions.iter().filter_map(|position| message_at(room, *position)).filter(|message| message.deleted);
    writes.extend(deleted.filter_map(|message| message.id.clone()).map(|message| {
        // A separate tombstone makes the room list drop the text as well.
        Write::Tombstone { room: room.info.id.clone(), message, author: None }
    }));
    positions.len()
}

/// Marks the messages as changed whose predecessor is known now: those after a gap that was closed, and the first
/// message of the room. `breaks` are the positions above which messages are still missing.
fn mark_rejoined(room: &mut Room, stored: &mut StoredRoom, breaks: &[usize]) {
    let (contiguous, all) = (room.history.contiguous_len(&room.timeline), room.timeline.accepted_len());
    if contiguous < all {
        let last = contiguous.checked_sub(1).and_then(|last| id_at(room, last));
        stored.detached_after.get_or_insert(last);
    } else if let Some(behind) = stored.detached_after.take() {
        let position = behind.and_then(|id| room.timeline.find(&id)).and_then(|slot| room.timeline.position(slot));
        room.timeline.mark_unsaved(position.map_or(0, |position| position + 1)..all);
    }
    if room.history.is_complete() && !stored.complete && contiguous > 0 {
        stored.complete = true;
        room.timeline.mark_unsaved(0..1);
    }
    let gaps: Vec<&MessageId> = breaks.iter().filter_map(|at| message_at(room, *at)?.id.as_ref()).collect();
    // A burst can leave thousands of gaps, of which a page closes a few.
    let (before, now) = differing_parts(&stored.gaps, &gaps);
    let open: HashSet<&MessageId> = gaps[now.clone()].iter().copied().collect();
    let closed = stored.gaps[before.clone()].iter().filter(|id| !open.contains(id));
    let closed: Vec<usize> =
        closed.filter_map(|id| room.timeline.find(id)).filter_map(|slot| room.timeline.position(slot)).collect();
    let now: Vec<MessageId> = gaps[now].iter().copied().cloned().collect();
    stored.gaps.splice(before, now);
    closed.into_iter().for_each(|position| room.timeline.mark_unsaved(position..position + 1));
}

/// Returns the parts of two lists that remain without their common beginning and their common end.
fn differing_parts(before: &[MessageId], now: &[&MessageId]) -> (Range<usize>, Range<usize>) {
    let start = before.iter().zip(now).take_while(|(one, other)| one == *other).count();
    let rest = before[start..].iter().rev().zip(now[start..].iter().rev());
    let end = rest.take_while(|(one, other)| one == *other).count();
    (start..before.len() - end, start..now.len() - end)
}

fn message_at(room: &Room, position: usize) -> Option<&Message> {
    room.timeline.slot_at(position).map(|slot| room.timeline.get(slot))
}

fn id_at(room: &Room, position: usize) -> Option<MessageId> {
    message_at(room, position)?.id.clone()
}

/// Returns the batch of messages at these consecutive positions.
fn batch(room: &Room, piece: &[usize], follows: &impl Fn(usize, usize) -> bool) -> Option<Batch> {
    let (first, last) = (*piece.first()?, *piece.last()?);
    let messages = piece.iter().filter_map(|position| message_at(room, *position)).cloned();
    let after = match first.checked_sub(1) {
        Some(above) => Some(above).filter(|above| follows(*above, first)).and_then(|above| id_at(room, above)),
        None => room.timeline.unloaded_predecessor().cloned(),
    };
    let before = follows(last, last + 1).then(|| id_at(room, last + 1)).flatten();
    let from_start = first == 0 && room.history.contiguous_len(&room.timeline) > 0 && room.history.is_complete();
    Some(Batch { room: room.info.id.clone(), messages: messages.collect(), after, before, from_start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_between_two_lists_is_compared() {
        let ids = |letters: &str| letters.chars().map(|letter| MessageId::new(&letter.to_string())).collect::<Vec<_>>();
        for (before, now, expected) in [
            ("", "", (0..0, 0..0)),
            ("abc", "abc", (3..3, 3..3)),
            ("abcd", "ad", (1..3, 1..1)),
            ("ad", "abcd", (1..1, 1..3)),
            ("aa", "a", (1..2, 1..1)),
            ("abc", "xyz", (0..3, 0..3)),
            ("abc", "", (0..3, 0..0)),
            ("abcd", "axyd", (1..3, 1..3)),
        ] {
            let (before, now) = (ids(before), ids(now));
            let parts = differing_parts(&before, &now.iter().collect::<Vec<_>>());
            assert_eq!(parts, expected, "{before:?} {now:?}");
        }
    }
}

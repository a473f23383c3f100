//! Looking through what is in memory, a slice at a time: however much that is, no key waits for it.

use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::Hit;
use crate::app::overlays::search::words::Words;
use crate::domain::{Room, RoomId};
use std::cmp::Reverse;
use std::collections::HashSet;

/// How much is looked through at once: bytes of text, of which each message counts some more.
const SLICE: usize = 256 << 10;

/// What a message costs beside its text.
const EACH: usize = 100;

/// So many hits are held before all but the newest are let go.
const MOST_HELD: usize = 1_000;

/// How far it is.
#[derive(Debug, Clone)]
pub(in crate::app) struct Scan {
    pub(in crate::app) question: Query,
    words: Words,
    /// The rooms that are still to be looked through, the next one last.
    rooms: Vec<RoomId>,
    /// How many of the newest messages of that room have been looked at. What is said meanwhile is looked at when the
    /// question is asked again.
    done: usize,
    hits: Vec<Hit>,
    /// There is more than `hits` already.
    more: bool,
}

impl Scan {
    /// Begins; what is known already is what the disk has found.
    pub(in crate::app) fn new(question: Query, words: Words, rooms: Vec<RoomId>, known: Vec<Hit>, more: bool) -> Self {
        Self { question, words, rooms, done: 0, hits: known, more }
    }

    /// Looks through another slice; says whether that was the last.
    pub(in crate::app) fn go_on<'r>(&mut self, room_of: impl Fn(&RoomId) -> Option<&'r Room>, most: usize) -> bool {
        let mut left = SLICE;
        while let Some(id) = self.rooms.last() {
            let Some(room) = room_of(id) else {
                self.rooms.pop();
                continue;
            };
            for (_, message) in room.timeline.iter().rev().skip(self.done) {
                if left == 0 {
                    return false;
                }
                left = left.saturating_sub(message.text.len() + EACH);
                self.done += 1;
                if self.words.are_in(message) {
                    self.hits.extend(Hit::of(id, message, &self.words));
                    self.more |= shorten(&mut self.hits, MOST_HELD, most);
                }
            }
            (self.done, _) = (0, self.rooms.pop());
        }
        true
    }

    /// What was found, the newest first and each once, at most so many; and whether there is more.
    pub(in crate::app) fn into_hits(self, most: usize) -> (Vec<Hit>, bool) {
        let Self { mut hits, more, .. } = self;
        let cut = shorten(&mut hits, 0, most);
        (hits, more || cut)
    }
}

/// Keeps the newest `most` of more than `held` hits, each of them once, in order; says whether others were left out.
fn shorten(hits: &mut Vec<Hit>, held: usize, most: usize) -> bool {
    if hits.len() <= held {
        return false;
    }
    hits.sort_by_key(|hit| Reverse(hit.at));
    let mut seen = HashSet::new();
    hits.retain(|hit| seen.insert((hit.room.clone(), hit.message.clone())));
    let cut = hits.len() > most;
    hits.truncate(most);
    cut
}

//! Messages of an export that are in memory.

use crate::app::model::export::Export;
use crate::domain::{HistorySync, Message, Room, Timeline};

/// Maximum number of messages in a block. Copying them takes less than a millisecond.
const BLOCK: usize = 500;

/// What memory holds before the oldest message collected so far.
pub(super) enum Loaded {
    /// The messages directly before it, oldest first.
    Messages(Vec<Message>),
    /// It is the first message of the room.
    Start,
    /// Nothing that directly precedes it.
    Nothing,
}

/// Returns the loaded messages directly before the oldest one collected so far, or the newest ones.
pub(super) fn older(room: &Room, export: &Export) -> Loaded {
    let (timeline, history) = (&room.timeline, &room.history);
    let neighbours = Neighbours::new(timeline, history);
    let position = |id| timeline.find(id).and_then(|slot| timeline.position(slot));
    let end = match (&export.predecessor, export.oldest_id()) {
        (Some(predecessor), _) => position(predecessor).map(|at| at + 1),
        (None, None) => Some(timeline.accepted_len()),
        (None, Some(oldest)) => position(oldest).filter(|at| *at == 0 || neighbours.follows(*at)),
    };
    let Some(end) = end else { return Loaded::Nothing };
    let mut first = end;
    while first > 0 {
        first -= 1;
        let has_id = timeline.slot_at(first).is_some_and(|slot| timeline.get(slot).id.is_some());
        // The next block is found by the id of the oldest message.
        if !neighbours.follows(first) || (end - first >= BLOCK && has_id) {
            break;
        }
    }
    if first == end {
        return if history.is_complete() { Loaded::Start } else { Loaded::Nothing };
    }
    let slots = (first..end).filter_map(|at| timeline.slot_at(at));
    Loaded::Messages(slots.map(|slot| timeline.get(slot).clone()).collect())
}

/// Knows which loaded messages are neighbours on the server too.
struct Neighbours {
    contiguous: usize,
    stretch: std::ops::Range<usize>,
    breaks: Vec<usize>,
}

impl Neighbours {
    fn new(timeline: &Timeline, history: &HistorySync) -> Self {
        let (contiguous, stretch) = (history.contiguous_len(timeline), history.newest_stretch(timeline));
        Self { contiguous, stretch, breaks: history.breaks(timeline) }
    }

    /// Whether nothing is missing between the message at this position and the one before it.
    fn follows(&self, position: usize) -> bool {
        let is_contiguous = position < self.contiguous && self.breaks.binary_search(&position).is_err();
        position > 0 && (is_contiguous || self.stretch.contains(&position))
    }
}

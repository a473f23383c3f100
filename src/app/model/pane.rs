//! The rows of the message pane.
//!
//! A message is a block of rows (`blocks.rs`). Nothing but messages is an item: selection, anchors and scrolling only
//! ever name messages. The cost of a frame is the rows on screen, whatever the length of the history.

use crate::app::model::message_rows::{Blocks, Frame, PaneRow};
use crate::app::model::send_status::Waiting;
use crate::domain::{Gap, Message, Slot};

/// What keeps its place when the rows change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The newest message stands at the bottom; new ones push up.
    #[default]
    Bottom,
    /// A row of a message stands at the top; what comes below or above it moves nothing.
    Top {
        /// The message.
        slot: Slot,
        /// The row, counted from the first of the message's body; what stands above the body is negative.
        row: isize,
    },
}

/// The message pane of the open room.
#[derive(Debug, Clone, Default)]
pub struct Pane {
    /// What keeps its place.
    pub anchor: Anchor,
    /// The rows on screen, top to bottom; `layout` settles them.
    pub rows: Vec<PaneRow>,
    /// Rows to scroll by at the next layout; up is negative.
    pub scroll_by: isize,
    /// A message to bring on screen at the next layout.
    pub reveal: Option<Slot>,
    /// If that message is not on screen, bring what stands around it along.
    pub reveal_around: bool,
    /// How far the oldest message on screen is from the oldest that is here.
    pub above: usize,
    blocks: Blocks,
    /// What the rows were settled for.
    settled: Option<Basis>,
}

/// All that the rows depend on: while it stays the same, so do they.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Basis {
    version: u64,
    history: (bool, bool, bool),
    gaps: Vec<Gap>,
    unread_marker: Option<Slot>,
    notes: usize,
    waiting: Waiting,
    cells: usize,
    height: usize,
    airy: bool,
    anchor: Anchor,
}

impl Basis {
    fn of(frame: Frame<'_>, anchor: Anchor) -> Self {
        let Frame { room, waiting, cells, height, airy, .. } = frame;
        Self {
            version: room.timeline.version(),
            history: (room.history.complete, room.history.loading.is_some(), room.misses_newest()),
            gaps: room.history.gaps.clone(),
            unread_marker: room.unread_marker,
            notes: room.notes.len(),
            waiting: waiting.clone(),
            cells,
            height,
            airy,
            anchor,
        }
    }
}

impl Pane {
    /// Settles the rows for `frame`, which is always of the same room. Doing it again changes nothing.
    pub fn settle(&mut self, frame: Frame<'_>) {
        let moved = self.scroll_by != 0 || self.reveal.is_some();
        if !moved && self.settled.as_ref() == Some(&Basis::of(frame, self.anchor)) {
            return;
        }
        self.settle_anew(frame);
        self.settled = Some(Basis::of(frame, self.anchor));
    }

    fn settle_anew(&mut self, frame: Frame<'_>) {
        self.blocks.trim();
        let length = frame.room.timeline.len();
        if frame.height == 0 {
            // Not on screen for now; where one was is kept.
            self.rows.clear();
            return;
        }
        if length == 0 {
            (self.anchor, self.scroll_by, self.reveal, self.above) = (Anchor::Bottom, 0, None, 0);
            self.rows = self.empty(frame);
            return;
        }
        let bottom_top = self.bottom_top(frame);
        let mut top = self.top(frame).unwrap_or(bottom_top);
        let scrolled = std::mem::take(&mut self.scroll_by);
        top = if scrolled < 0 {
            self.back(frame, top, scrolled.unsigned_abs())
        } else {
            self.forward(frame, top, scrolled.unsigned_abs())
        };
        if let Some(slot) = self.reveal.take() {
            let shown = self.revealing(frame, top, slot);
            let around = std::mem::take(&mut self.reveal_around) && shown != top;
            top = if around { self.around(frame, shown, slot) } else { shown };
        }
        if top >= bottom_top {
            self.anchor = Anchor::Bottom;
            top = bottom_top;
        } else if let Some(slot) = frame.room.timeline.slot_at(top.0) {
            let above_body = self.blocks.above_body(frame, top.0);
            self.anchor = Anchor::Top { slot, row: top.1.cast_signed() - above_body.cast_signed() };
        }
        self.above = top.0;
        self.rows = self.fill(frame, top);
    }

    /// Holds the rows of a message that is about to become a tombstone.
    pub fn hold(&mut self, slot: Slot, message: &Message) {
        self.blocks.hold(slot, message);
    }

    /// The message on a row of the pane.
    pub fn message_at(&self, row: usize) -> Option<Slot> {
        self.rows.get(row).and_then(PaneRow::message)
    }

    fn empty(&self, frame: Frame<'_>) -> Vec<PaneRow> {
        let history = &frame.room.history;
        let row = if history.complete {
            PaneRow::Beginning
        } else if history.loading.is_some() {
            PaneRow::Loading
        } else {
            PaneRow::Blank
        };
        let mut rows = vec![PaneRow::Blank; frame.height.saturating_sub(1)];
        rows.extend((frame.height > 0).then_some(row));
        rows
    }

    /// Where the top row is held: position of the message, and row in its block. `None`: the bottom is.
    fn top(&mut self, frame: Frame<'_>) -> Option<(usize, usize)> {
        if let Anchor::Top { slot, row } = self.anchor
            && let Some(position) = frame.room.timeline.position(slot)
        {
            let above_body = self.blocks.above_body(frame, position);
            let row = row + above_body.cast_signed();
            let start = (position, 0);
            let from_start = if row < 0 { Self::back } else { Self::forward };
            return Some(from_start(self, frame, start, row.unsigned_abs()));
        }
        None
    }

    /// The top row when the newest message stands at the bottom.
    fn bottom_top(&mut self, frame: Frame<'_>) -> (usize, usize) {
        let last = frame.room.timeline.len() - 1;
        let last_row = self.blocks.block(frame, last).len().saturating_sub(1);
        self.back(frame, (last, last_row), frame.height - 1)
    }

    /// The nearest top to `top` at which all of `slot` is on screen, or its beginning if it is larger.
    fn revealing(&mut self, frame: Frame<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = frame.room.timeline.position(slot) else { return top };
        let block = self.blocks.block(frame, position);
        let first = block.iter().position(|row| row.message() == Some(slot)).unwrap_or(0);
        let last = block.iter().rposition(|row| row.message() == Some(slot)).unwrap_or(0);
        if (position, first) < top {
            // Its author and day come along, if they are its own.
            return (position, 0);
        }
        let lowest = self.back(frame, (position, last), frame.height - 1);
        top.max(lowest.min((position, first)))
    }

    /// The top that has a third of the screen above `slot`, if all of it is on screen then, else `top`.
    fn around(&mut self, frame: Frame<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = frame.room.timeline.position(slot) else { return top };
        let rows = self.blocks.block(frame, position).len();
        let third = frame.height / 3;
        if third + rows > frame.height { top } else { self.back(frame, (position, 0), third) }
    }

    fn back(&mut self, frame: Frame<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        while left > row {
            if position == 0 {
                return (0, 0);
            }
            left -= row + 1;
            position -= 1;
            row = self.blocks.block(frame, position).len().saturating_sub(1);
        }
        (position, row - left)
    }

    fn forward(&mut self, frame: Frame<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        let last = frame.room.timeline.len() - 1;
        while left > 0 {
            let below = self.blocks.block(frame, position).len().saturating_sub(row + 1);
            if left <= below {
                return (position, row + left);
            }
            if position == last {
                return (position, row + below);
            }
            left -= below + 1;
            (position, row) = (position + 1, 0);
        }
        (position, row)
    }

    fn fill(&mut self, frame: Frame<'_>, top: (usize, usize)) -> Vec<PaneRow> {
        let mut rows = Vec::with_capacity(frame.height);
        for position in top.0..frame.room.timeline.len() {
            let skip = if position == top.0 { top.1 } else { 0 };
            rows.extend(self.blocks.block(frame, position).into_iter().skip(skip));
            if rows.len() >= frame.height {
                break;
            }
        }
        rows.truncate(frame.height);
        let missing = frame.height - rows.len();
        rows.splice(0..0, std::iter::repeat_n(PaneRow::Blank, missing));
        rows
    }
}

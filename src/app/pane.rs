//! The rows of the message pane.
//!
//! A message is a block of rows: what stands above it (a day line, the "new" line, its author), its body, and notes
//! below it. Nothing but messages is an item: selection, anchors and scrolling only ever name messages. The cost of a
//! frame is the rows on screen, whatever the length of the history.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use jiff::tz::TimeZone;

use crate::domain::{Delivery, MINUTE, Message, Room, Slot, Timestamp};
use crate::text::{Row, wrap};

/// Messages of one author this far apart get their author said again.
const GROUP_GAP: i64 = 10 * MINUTE;

/// How many wrapped messages are kept before the cache starts anew.
const CACHE_LIMIT: usize = 1024;

/// What follows the text of an edited message.
const EDITED: &str = " (edited)";

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

/// One row of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaneRow {
    /// Nothing.
    Blank,
    /// Earlier messages are on their way.
    Loading,
    /// Nothing was said before.
    Beginning,
    /// A day begins.
    Day(Timestamp),
    /// What follows is new.
    New,
    /// Who wrote what follows.
    Author(Slot),
    /// A row of a message's text.
    Body {
        /// The message.
        slot: Slot,
        /// Which bytes of [`body_text`].
        bytes: Row,
        /// It is the message's first row, which carries its time and marks.
        first: bool,
    },
    /// The file on a message.
    Attachment {
        /// The message.
        slot: Slot,
        /// It is the message's first row.
        first: bool,
    },
    /// Where a deleted message was.
    Tombstone(Slot),
    /// Why a message was not sent.
    Failure(Slot),
    /// A line that is no message: which note of the room.
    Note(usize),
}

impl PaneRow {
    /// The message that the row is of, if it is of one.
    pub fn message(&self) -> Option<Slot> {
        match self {
            Self::Body { slot, .. } | Self::Attachment { slot, .. } | Self::Tombstone(slot) | Self::Failure(slot) => {
                Some(*slot)
            }
            Self::Blank
            | Self::Loading
            | Self::Beginning
            | Self::Day(_)
            | Self::New
            | Self::Author(_)
            | Self::Note(_) => None,
        }
    }
}

/// The text of a message with what follows it.
pub fn body_text(message: &Message) -> std::borrow::Cow<'_, str> {
    if message.edited { format!("{}{EDITED}", message.text).into() } else { message.text.as_str().into() }
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
    /// How far the oldest message on screen is from the oldest that is here.
    pub above: usize,
    wrapped: HashMap<Slot, Wrapped>,
    /// The day that was asked about last: nearly every message is of the same day as its neighbour.
    day: Range<Timestamp>,
    /// The rows that deleted messages keep while the room is on screen, so that a deletion moves nothing else.
    held: HashMap<Slot, usize>,
}

/// The wrapped rows of one message, keyed by what they depend on.
#[derive(Debug, Clone)]
struct Wrapped {
    revision: u32,
    cells: usize,
    rows: Rc<[Row]>,
}

/// What the rows depend on besides the messages.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The room.
    pub room: &'a Room,
    /// Cells a row of text has.
    pub cells: usize,
    /// Rows the pane has.
    pub height: usize,
    /// The zone in which days begin.
    pub zone: &'a TimeZone,
    /// There is room for blank rows between authors.
    pub airy: bool,
}

impl Pane {
    /// Settles the rows for `frame`. Doing it again changes nothing.
    pub fn settle(&mut self, frame: Frame<'_>) {
        if self.wrapped.len() > CACHE_LIMIT {
            self.wrapped.clear();
        }
        let length = frame.room.timeline.len();
        if length == 0 || frame.height == 0 {
            (self.anchor, self.scroll_by, self.reveal, self.above) = (Anchor::Bottom, 0, None, 0);
            self.rows = self.empty(frame);
            return;
        }
        let mut top = self.top(frame);
        let scrolled = std::mem::take(&mut self.scroll_by);
        top = if scrolled < 0 {
            self.back(frame, top, scrolled.unsigned_abs())
        } else {
            self.forward(frame, top, scrolled.unsigned_abs())
        };
        if let Some(slot) = self.reveal.take() {
            top = self.revealing(frame, top, slot);
        }
        let bottom_top = self.bottom_top(frame);
        if top >= bottom_top {
            self.anchor = Anchor::Bottom;
            top = bottom_top;
        } else if let Some(slot) = frame.room.timeline.slot_at(top.0) {
            let above_body = self.above_body(frame, top.0);
            self.anchor = Anchor::Top { slot, row: top.1.cast_signed() - above_body.cast_signed() };
        }
        self.above = top.0;
        self.rows = self.fill(frame, top);
    }

    /// Holds the rows of a message that is about to become a tombstone.
    pub fn hold(&mut self, slot: Slot, message: &Message) {
        if let Some(wrapped) = self.wrapped.get(&slot).filter(|wrapped| wrapped.revision == message.revision) {
            let text = if message.text.is_empty() { 0 } else { wrapped.rows.len() };
            self.held.insert(slot, text + usize::from(message.attachment.is_some()));
        }
    }

    /// The messages on screen, top to bottom.
    pub fn visible(&self) -> impl DoubleEndedIterator<Item = Slot> {
        let first_rows = self.rows.iter().filter(|row| match row {
            PaneRow::Body { first, .. } | PaneRow::Attachment { first, .. } => *first,
            _ => false,
        });
        first_rows.filter_map(PaneRow::message)
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

    /// Where the top row is now: position of the message, and row in its block.
    fn top(&mut self, frame: Frame<'_>) -> (usize, usize) {
        if let Anchor::Top { slot, row } = self.anchor
            && let Some(position) = frame.room.timeline.position(slot)
        {
            let above_body = self.above_body(frame, position);
            let row = row + above_body.cast_signed();
            return if row < 0 {
                self.back(frame, (position, 0), row.unsigned_abs())
            } else {
                self.forward(frame, (position, 0), row.unsigned_abs())
            };
        }
        self.bottom_top(frame)
    }

    /// The top row when the newest message stands at the bottom.
    fn bottom_top(&mut self, frame: Frame<'_>) -> (usize, usize) {
        let last = frame.room.timeline.len() - 1;
        let last_row = self.block(frame, last).len().saturating_sub(1);
        self.back(frame, (last, last_row), frame.height - 1)
    }

    /// The nearest top to `top` at which all of `slot` is on screen, or its beginning if it is larger.
    fn revealing(&mut self, frame: Frame<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = frame.room.timeline.position(slot) else { return top };
        let block = self.block(frame, position);
        let first = block.iter().position(|row| row.message() == Some(slot)).unwrap_or(0);
        let last = block.iter().rposition(|row| row.message() == Some(slot)).unwrap_or(0);
        if (position, first) < top {
            // Its author and day come along, if they are its own.
            return (position, 0);
        }
        let lowest = self.back(frame, (position, last), frame.height - 1);
        top.max(lowest.min((position, first)))
    }

    fn back(&mut self, frame: Frame<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        while left > row {
            if position == 0 {
                return (0, 0);
            }
            left -= row + 1;
            position -= 1;
            row = self.block(frame, position).len().saturating_sub(1);
        }
        (position, row - left)
    }

    fn forward(&mut self, frame: Frame<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        let last = frame.room.timeline.len() - 1;
        while left > 0 {
            let below = self.block(frame, position).len().saturating_sub(row + 1);
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
            rows.extend(self.block(frame, position).into_iter().skip(skip));
            if rows.len() >= frame.height {
                break;
            }
        }
        rows.truncate(frame.height);
        let missing = frame.height - rows.len();
        rows.splice(0..0, std::iter::repeat_n(PaneRow::Blank, missing));
        rows
    }

    fn above_body(&mut self, frame: Frame<'_>, position: usize) -> usize {
        let block = self.block(frame, position);
        block.iter().position(|row| row.message().is_some()).unwrap_or(0)
    }

    /// The rows of the message at `position`.
    fn block(&mut self, frame: Frame<'_>, position: usize) -> Vec<PaneRow> {
        let room = frame.room;
        let Some(slot) = room.timeline.slot_at(position) else { return Vec::new() };
        let message = room.timeline.get(slot);
        let before = position.checked_sub(1).and_then(|before| room.timeline.slot_at(before));
        let mut rows = Vec::with_capacity(4);
        let before = before.map(|before| room.timeline.get(before));
        let new_day = before.is_none_or(|before| !self.same_day(frame.zone, before.sent_at, message.sent_at));
        headings(frame, slot, before, new_day, &mut rows);
        self.body(frame, slot, message, &mut rows);
        let notes = room.notes.iter().enumerate().filter(|(_, (after, _))| *after == slot);
        rows.extend(notes.map(|(index, _)| PaneRow::Note(index)));
        rows
    }

    fn same_day(&mut self, zone: &TimeZone, one: Timestamp, other: Timestamp) -> bool {
        if !self.day.contains(&one) {
            self.day = one.day_span(zone);
        }
        self.day.contains(&other)
    }

    fn body(&mut self, frame: Frame<'_>, slot: Slot, message: &Message, rows: &mut Vec<PaneRow>) {
        if message.deleted {
            let held = self.held.get(&slot).copied().unwrap_or(1);
            rows.push(PaneRow::Tombstone(slot));
            rows.extend(std::iter::repeat_n(PaneRow::Blank, held.saturating_sub(1)));
            return;
        }
        let mut first = true;
        if !message.text.is_empty() || message.attachment.is_none() {
            for bytes in self.wrapped(slot, message, frame.cells).iter() {
                rows.push(PaneRow::Body { slot, bytes: bytes.clone(), first: std::mem::take(&mut first) });
            }
        }
        if message.attachment.is_some() {
            rows.push(PaneRow::Attachment { slot, first });
        }
        if message.delivery == Delivery::Failed {
            rows.push(PaneRow::Failure(slot));
        }
    }

    fn wrapped(&mut self, slot: Slot, message: &Message, cells: usize) -> Rc<[Row]> {
        if let Some(known) = self.wrapped.get(&slot)
            && (known.revision, known.cells) == (message.revision, cells)
        {
            return Rc::clone(&known.rows);
        }
        let rows: Rc<[Row]> = wrap(&body_text(message), cells).into();
        self.wrapped.insert(slot, Wrapped { revision: message.revision, cells, rows: Rc::clone(&rows) });
        rows
    }
}

/// What stands above a message's body.
fn headings(frame: Frame<'_>, slot: Slot, before: Option<&Message>, new_day: bool, rows: &mut Vec<PaneRow>) {
    let room = frame.room;
    let message = room.timeline.get(slot);
    if before.is_none() {
        if room.history.complete {
            rows.push(PaneRow::Beginning);
        } else if room.history.loading.is_some() {
            rows.push(PaneRow::Loading);
        }
    }
    if new_day {
        rows.push(PaneRow::Day(message.sent_at));
    }
    let new = room.new_from == Some(slot);
    if new {
        rows.push(PaneRow::New);
    }
    let same_author =
        before.is_some_and(|before| before.author == message.author && message.sent_at - before.sent_at < GROUP_GAP);
    if new_day || new || !same_author {
        if frame.airy && !new_day && !new {
            rows.push(PaneRow::Blank);
        }
        rows.push(PaneRow::Author(slot));
    }
}

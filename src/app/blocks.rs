//! Messages as blocks of rows: what stands above a message (a day line, the "new" line, its author), its body, and notes
//! below it. Knows nothing of where on the screen a block stands.

use std::borrow::Cow;
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
pub fn body_text(message: &Message) -> Cow<'_, str> {
    if message.edited { format!("{}{EDITED}", message.text).into() } else { message.text.as_str().into() }
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

/// Makes blocks, and remembers what is dear to make.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
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

impl Blocks {
    /// Forgets old rows, if there are too many.
    pub(super) fn trim(&mut self) {
        if self.wrapped.len() > CACHE_LIMIT {
            self.wrapped.clear();
        }
    }

    /// Holds the rows of a message that is about to become a tombstone.
    pub(super) fn hold(&mut self, slot: Slot, message: &Message) {
        if let Some(wrapped) = self.wrapped.get(&slot).filter(|wrapped| wrapped.revision == message.revision) {
            let text = if message.text.is_empty() { 0 } else { wrapped.rows.len() };
            self.held.insert(slot, text + usize::from(message.attachment.is_some()));
        }
    }

    /// How many rows of a block stand above the message's body.
    pub(super) fn above_body(&mut self, frame: Frame<'_>, position: usize) -> usize {
        let block = self.block(frame, position);
        block.iter().position(|row| row.message().is_some()).unwrap_or(0)
    }

    /// The rows of the message at `position`.
    pub(super) fn block(&mut self, frame: Frame<'_>, position: usize) -> Vec<PaneRow> {
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

//! Messages as blocks of rows: what stands above a message (a day line, the "new" line, its author), its body, and
//! notes below it. Knows nothing of where on the screen a block stands.

use crate::app::model::send_status::QueueMarks;
use crate::domain::{Delivery, MINUTE, Message, MessageKind, Room, Slot, Timestamp};
use crate::text::{Row, wrap};
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Messages of one author this far apart get their author said again.
const GROUP_GAP: i64 = 10 * MINUTE;

/// How many wrapped messages are kept before the cache starts anew.
const CACHE_LIMIT: usize = 1024;

/// What follows the text of an edited message.
const EDITED: &str = " (edited)";

/// What precedes the text of a place.
const LOCATION: &str = "[location] ";

/// What precedes the text of what only the app understands.
const CUSTOM: &str = "[custom] ";

/// One row of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaneRow {
    /// Nothing.
    Blank,
    /// Earlier messages are on their way.
    Loading,
    /// Messages are missing here: above this one, or after the last.
    Gap(Option<Slot>),
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
    /// A row of what the service reports, in the middle and by nobody.
    Report {
        /// The message.
        slot: Slot,
        /// Which bytes of [`body_text`].
        bytes: Row,
        /// It is the message's first row, which carries its time.
        first: bool,
    },
    /// A message was sent on from elsewhere.
    Forwarded(Slot),
    /// What a message replies to.
    Quote(Slot),
    /// The file on a message.
    Attachment {
        /// The message.
        slot: Slot,
        /// It is the message's first row.
        first: bool,
    },
    /// How far the file of a waiting message is.
    Upload(Slot),
    /// Where a deleted message was.
    Tombstone(Slot),
    /// Why a message was not sent.
    Failure(Slot),
    /// How a message is to be changed.
    PendingChange(Slot),
    /// A line that is no message: which note of the room.
    Note(usize),
}

impl PaneRow {
    /// The message that the row is of, if it is of one.
    pub fn message(&self) -> Option<Slot> {
        match self {
            Self::Body { slot, .. }
            | Self::Report { slot, .. }
            | Self::Forwarded(slot)
            | Self::Quote(slot)
            | Self::Attachment { slot, .. }
            | Self::Upload(slot)
            | Self::Tombstone(slot)
            | Self::Failure(slot)
            | Self::PendingChange(slot) => Some(*slot),
            Self::Blank
            | Self::Loading
            | Self::Gap(_)
            | Self::Beginning
            | Self::Day(_)
            | Self::New
            | Self::Author(_)
            | Self::Note(_) => None,
        }
    }
}

/// The text of a message with what precedes and follows it.
pub fn body_text(message: &Message) -> Cow<'_, str> {
    let (before, after) = around_text(message);
    if before.is_empty() && after.is_empty() {
        return message.text.as_str().into();
    }
    format!("{before}{}{after}", message.text).into()
}

/// Which bytes of [`body_text`] are the message's own.
pub fn own_bytes(message: &Message) -> Range<usize> {
    let start = around_text(message).0.len();
    start..start + message.text.len()
}

fn around_text(message: &Message) -> (&'static str, &'static str) {
    let before = match message.kind {
        MessageKind::Location => LOCATION,
        MessageKind::Custom => CUSTOM,
        MessageKind::Text | MessageKind::Call | MessageKind::Info | MessageKind::Unreadable => "",
    };
    (before, if message.edited { EDITED } else { "" })
}

/// What the rows depend on besides the messages.
#[derive(Debug, Clone, Copy)]
pub struct PaneInputs<'a> {
    /// The room.
    pub room: &'a Room,
    /// What waits in it.
    pub queue_marks: &'a QueueMarks,
    /// Cells a row of text has.
    pub cells: usize,
    /// Rows the pane has.
    pub height: usize,
    /// The zone in which days begin.
    pub zone: &'a TimeZone,
    /// There is room for blank rows between authors.
    pub spacious: bool,
}

/// Makes blocks, and remembers what is dear to make.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct BlockBuilder {
    wrapped: HashMap<Slot, Wrapped>,
    /// The day that was asked about last: nearly every message is of the same day as its neighbour.
    day: Range<Timestamp>,
    /// The rows that deleted messages keep while the room is on screen, so that a deletion moves nothing else.
    heights: HashMap<Slot, usize>,
}

/// The wrapped rows of one message, keyed by what they depend on.
#[derive(Debug, Clone)]
struct Wrapped {
    revision: u32,
    cells: usize,
    rows: Rc<[Row]>,
}

impl BlockBuilder {
    /// Forgets old rows, if there are too many.
    pub(in crate::app) fn trim(&mut self) {
        if self.wrapped.len() > CACHE_LIMIT {
            self.wrapped.clear();
        }
    }

    /// Holds the rows of a message that is about to become a tombstone.
    pub(in crate::app) fn keep_height(&mut self, slot: Slot, message: &Message) {
        if let Some(wrapped) = self.wrapped.get(&slot).filter(|wrapped| wrapped.revision == message.revision) {
            let text = if message.text.is_empty() { 0 } else { wrapped.rows.len() };
            let others = [message.attachment.is_some(), message.quote.is_some(), message.forwarded];
            self.heights.insert(slot, text + others.into_iter().filter(|other| *other).count());
        }
    }

    /// How many rows of a block stand above the message's body.
    pub(in crate::app) fn above_body(&mut self, inputs: PaneInputs<'_>, position: usize) -> usize {
        let block = self.block(inputs, position);
        block.iter().position(|row| row.message().is_some()).unwrap_or(0)
    }

    /// The rows of the message at `position`.
    pub(in crate::app) fn block(&mut self, inputs: PaneInputs<'_>, position: usize) -> Vec<PaneRow> {
        let room = inputs.room;
        let Some(slot) = room.timeline.slot_at(position) else { return Vec::new() };
        let message = room.timeline.get(slot);
        let before = position.checked_sub(1).and_then(|before| room.timeline.slot_at(before));
        let mut rows = Vec::with_capacity(4);
        let before = before.map(|before| room.timeline.get(before));
        let new_day = before.is_none_or(|before| !self.same_day(inputs.zone, before.sent_at, message.sent_at));
        headings(inputs, slot, before, new_day, &mut rows);
        self.body(inputs, slot, message, &mut rows);
        let with_pending_change = !message.deleted && inputs.queue_marks.with_pending_change.contains(&slot);
        rows.extend(with_pending_change.then_some(PaneRow::PendingChange(slot)));
        let notes = room.notes.iter().enumerate().filter(|(_, (after, _))| *after == slot);
        rows.extend(notes.map(|(index, _)| PaneRow::Note(index)));
        let last = room.misses_newest() && message.id == room.history.resume_from.as_ref().map(|(id, _)| id.clone());
        rows.extend(last.then_some(PaneRow::Gap(None)));
        rows
    }

    fn same_day(&mut self, zone: &TimeZone, one: Timestamp, other: Timestamp) -> bool {
        if !self.day.contains(&one) {
            self.day = one.day_span(zone);
        }
        self.day.contains(&other)
    }

    fn body(&mut self, inputs: PaneInputs<'_>, slot: Slot, message: &Message, rows: &mut Vec<PaneRow>) {
        if message.deleted {
            let heights = self.heights.get(&slot).copied().unwrap_or(1);
            rows.push(PaneRow::Tombstone(slot));
            rows.extend(std::iter::repeat_n(PaneRow::Blank, heights.saturating_sub(1)));
            return;
        }
        let mut first = true;
        if message.kind.is_system() {
            for bytes in self.wrapped(slot, message, inputs.cells).iter() {
                rows.push(PaneRow::Report { slot, bytes: bytes.clone(), first: std::mem::take(&mut first) });
            }
            return;
        }
        rows.extend(message.forwarded.then_some(PaneRow::Forwarded(slot)));
        rows.extend(message.quote.is_some().then_some(PaneRow::Quote(slot)));
        if !message.text.is_empty() || message.attachment.is_none() {
            for bytes in self.wrapped(slot, message, inputs.cells).iter() {
                rows.push(PaneRow::Body { slot, bytes: bytes.clone(), first: std::mem::take(&mut first) });
            }
        }
        let is_unsent = message.delivery == Delivery::Uncertain && inputs.queue_marks.unsent.contains(&slot);
        if message.attachment.is_some() {
            rows.push(PaneRow::Attachment { slot, first });
            // What is sent on lies on the server already.
            let waits = message.delivery == Delivery::Queued || is_unsent;
            rows.extend((waits && !message.forwarded).then_some(PaneRow::Upload(slot)));
        }
        if matches!(message.delivery, Delivery::Failed | Delivery::Uncertain) && !is_unsent {
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
fn headings(inputs: PaneInputs<'_>, slot: Slot, before: Option<&Message>, new_day: bool, rows: &mut Vec<PaneRow>) {
    let room = inputs.room;
    let message = room.timeline.get(slot);
    if before.is_none() {
        if room.history.complete {
            rows.push(PaneRow::Beginning);
        } else if room.history.loading.is_some() {
            rows.push(PaneRow::Loading);
        }
    }
    let gap = room.gap_above(slot).is_some();
    rows.extend(gap.then_some(PaneRow::Gap(Some(slot))));
    if new_day {
        rows.push(PaneRow::Day(message.sent_at));
    }
    let new = room.unread_marker == Some(slot);
    if new {
        rows.push(PaneRow::New);
    }
    if message.kind.is_system() {
        let after_talk = before.is_some_and(|before| !before.kind.is_system());
        rows.extend((inputs.spacious && after_talk && !new_day && !new).then_some(PaneRow::Blank));
        return;
    }
    let same_author = before.is_some_and(|before| {
        let near = message.sent_at - before.sent_at < GROUP_GAP;
        before.author == message.author && near && !before.kind.is_system()
    });
    if new_day || new || gap || !same_author {
        if inputs.spacious && !new_day && !new && !gap {
            rows.push(PaneRow::Blank);
        }
        rows.push(PaneRow::Author(slot));
    }
}

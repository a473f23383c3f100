//! The rows that represent each message in the pane.
//!
//! A block consists of the headings above a message (day line, "new" line, author), the rows of its body and the notes
//! below it. `BlockBuilder` builds blocks and caches wrapped text. The position of a block on screen is decided in
//! `pane`.

use crate::app::model::outbox::stage::failure_text;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::pictures::PictureRules;
use crate::app::model::send_status::QueueMarks;
use crate::domain::{Delivery, MINUTE, Message, MessageKind, Room, Slot, Timestamp};
use crate::text::{self, MentionWords, Row, StyledRow, TextFormat, wrap};
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Milliseconds between two messages of the same author after which the author is shown again.
const GROUP_GAP: i64 = 10 * MINUTE;

/// Number of rows above which a message's text is folded. A pasted log would push everything else off the screen.
const MAX_UNFOLDED_ROWS: usize = 30;

/// Number of rows of a folded text that are shown.
const FOLDED_ROWS: usize = 20;

/// Number of wrapped messages above which the cache is cleared.
const CACHE_LIMIT: usize = 1024;

/// The suffix of an edited message's text.
const EDITED: &str = " (edited)";

/// The prefix of a location's text.
const LOCATION: &str = "[location] ";

/// The prefix of a custom message's text, whose content only the official app can show.
const CUSTOM: &str = "[custom] ";

/// Returns the sentence that says why messages of a room could not be loaded.
pub fn load_error_text(room: &Room) -> Option<String> {
    room.load_error().map(|reason| format!("Could not load messages: {reason}"))
}

/// Returns the rows in place of messages that could not be loaded.
pub(in crate::app) fn load_error_rows(inputs: PaneInputs<'_>) -> Vec<PaneRow> {
    let Some(text) = load_error_text(inputs.room) else { return Vec::new() };
    let rows = wrap(&text, inputs.cells).into_iter().map(|bytes| PaneRow::LoadError { bytes });
    rows.chain([PaneRow::LoadRetry]).collect()
}

/// Returns the text of a message with its prefix and suffix.
pub fn body_text(message: &Message) -> Cow<'_, str> {
    let (before, after) = affixes(message);
    if before.is_empty() && after.is_empty() {
        return message.text.as_str().into();
    }
    format!("{before}{}{after}", message.text).into()
}

/// Returns the range of bytes in [`body_text`] that holds the message's own text.
pub fn own_text_range(message: &Message) -> Range<usize> {
    let start = affixes(message).0.len();
    start..start + message.text.len()
}

/// Returns the prefix and suffix that are shown around the text of a message.
fn affixes(message: &Message) -> (&'static str, &'static str) {
    let before = match message.kind {
        MessageKind::Location => LOCATION,
        MessageKind::Custom => CUSTOM,
        MessageKind::Text | MessageKind::Call | MessageKind::Info | MessageKind::Unreadable => "",
    };
    (before, if message.edited { EDITED } else { "" })
}

/// The inputs from which the rows of the pane are computed.
#[derive(Debug, Clone, Copy)]
pub struct PaneInputs<'a> {
    /// The open room.
    pub room: &'a Room,
    /// The part of the outbox that affects the room's rows.
    pub queue_marks: &'a QueueMarks,
    /// Width of a row of text in cells.
    pub cells: usize,
    /// Height of the pane in rows.
    pub height: usize,
    /// The time zone that determines where days begin.
    pub zone: &'a TimeZone,
    /// Where blank rows are.
    pub spacing: Spacing,
    /// What the markup of texts means.
    pub format: TextFormat,
    /// The message that is shown as it was written.
    pub source_of: Option<Slot>,
    /// The long messages that are shown in full.
    pub unfolded: &'a [Slot],
    /// The message on which keys act.
    pub selected: Option<Slot>,
    /// Which pictures are shown.
    pub pictures: PictureRules<'a>,
    /// The words that mention the user.
    pub mentions: &'a Rc<MentionWords>,
}

/// Where blank rows separate messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spacing {
    /// Nowhere.
    None,
    /// Between authors and above headings.
    Authors,
    /// Between all messages.
    Messages,
}

/// Builds the blocks of messages and caches wrapped text, which is expensive to compute.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct BlockBuilder {
    wrapped: HashMap<Slot, Wrapped>,
    /// The day of the last comparison, cached because nearly every message was sent on the same day as its neighbour.
    day: Range<Timestamp>,
}

/// The wrapped rows of a message, with the revision and width for which they are valid.
#[derive(Debug, Clone)]
struct Wrapped {
    revision: u32,
    cells: usize,
    format: TextFormat,
    rows: WrappedRows,
}

/// The rows of a message's text.
#[derive(Debug, Clone)]
enum WrappedRows {
    /// Without markup: ranges of bytes within [`body_text`].
    Plain(Rc<[Row]>),
    /// With markup, links or mentions.
    Styled(Rc<[Rc<StyledRow>]>),
}

impl WrappedRows {
    fn len(&self) -> usize {
        match self {
            Self::Plain(rows) => rows.len(),
            Self::Styled(rows) => rows.len(),
        }
    }
}

impl BlockBuilder {
    /// Clears the cache if it holds too many messages.
    pub(in crate::app) fn trim(&mut self) {
        if self.wrapped.len() > CACHE_LIMIT {
            self.wrapped.clear();
        }
    }

    /// Clears the cache, because something has changed on which all messages depend.
    pub(in crate::app) fn clear(&mut self) {
        self.wrapped.clear();
    }

    /// Whether the text of a message that was on screen is long enough to be folded.
    pub(in crate::app) fn is_long(&self, slot: Slot) -> bool {
        self.wrapped.get(&slot).is_some_and(|wrapped| wrapped.rows.len() > MAX_UNFOLDED_ROWS)
    }

    /// Returns the number of rows above the message's body in its block.
    pub(in crate::app) fn above_body(&mut self, inputs: PaneInputs<'_>, position: usize) -> usize {
        let block = self.block(inputs, position);
        block.iter().position(|row| row.message().is_some()).unwrap_or(0)
    }

    /// Returns the block of the message at `position`.
    pub(in crate::app) fn block(&mut self, inputs: PaneInputs<'_>, position: usize) -> Vec<PaneRow> {
        let room = inputs.room;
        let Some(slot) = room.timeline.slot_at(position) else { return Vec::new() };
        let message = room.timeline.get(slot);
        let slot_before = position.checked_sub(1).and_then(|before| room.timeline.slot_at(before));
        let mut rows = Vec::with_capacity(4);
        let before = slot_before.map(|before| room.timeline.get(before));
        let new_day = before.is_none_or(|before| {
            let notes = room.notes.iter().filter(|note| Some(note.below) == slot_before);
            let until = notes.map(|note| note.at).fold(before.sent_at, Timestamp::max);
            !self.same_day(inputs.zone, until, message.sent_at)
        });
        headings(inputs, slot, before, new_day, &mut rows);
        self.body(inputs, slot, message, &mut rows);
        let with_pending_change = !message.deleted && inputs.queue_marks.with_pending_change.contains(&slot);
        rows.extend(with_pending_change.then_some(PaneRow::PendingChange(slot)));
        let mut until = message.sent_at;
        for (index, note) in room.notes.iter().enumerate().filter(|(_, note)| note.below == slot) {
            if note.at > until {
                let new_day = !self.same_day(inputs.zone, until, note.at);
                rows.extend(new_day.then_some(PaneRow::Day(note.at)));
                until = note.at;
            }
            rows.push(PaneRow::Note(index));
        }
        let last = message.id.is_some() && message.id.as_ref() == room.history.missing_after();
        rows.extend(last.then_some(PaneRow::Gap(None)));
        rows
    }

    /// Whether two messages were sent on the same day.
    fn same_day(&mut self, zone: &TimeZone, one: Timestamp, other: Timestamp) -> bool {
        if !self.day.contains(&one) {
            self.day = one.day_span(zone);
        }
        self.day.contains(&other)
    }

    /// Adds the rows of a message's body.
    fn body(&mut self, inputs: PaneInputs<'_>, slot: Slot, message: &Message, rows: &mut Vec<PaneRow>) {
        if message.deleted {
            rows.push(PaneRow::Tombstone(slot));
            return;
        }
        let mut first = true;
        if message.kind.is_system() {
            let wrapped = wrap(&body_text(message), inputs.cells).into_iter();
            rows.extend(wrapped.map(|bytes| PaneRow::System { slot, bytes, first: std::mem::take(&mut first) }));
            return;
        }
        rows.extend(message.forwarded.then_some(PaneRow::Forwarded(slot)));
        rows.extend(message.quote.is_some().then_some(PaneRow::Quote(slot)));
        if !message.text.is_empty() || message.attachment.is_none() {
            let wrapped = self.wrapped(slot, message, inputs);
            let is_folded = wrapped.len() > MAX_UNFOLDED_ROWS && !inputs.unfolded.contains(&slot);
            let shown = if is_folded { FOLDED_ROWS } else { wrapped.len() };
            let hidden = wrapped.len() - shown;
            match wrapped {
                WrappedRows::Plain(wrapped) => rows.extend(wrapped[..shown].iter().map(|bytes| PaneRow::Body {
                    slot,
                    bytes: bytes.clone(),
                    first: std::mem::take(&mut first),
                })),
                WrappedRows::Styled(wrapped) => {
                    rows.extend(wrapped[..shown].iter().enumerate().map(|(index, row)| PaneRow::Styled {
                        slot,
                        row: Rc::clone(row),
                        first: std::mem::take(&mut first),
                        last: index + 1 == wrapped.len(),
                    }));
                }
            }
            rows.extend(is_folded.then_some(PaneRow::Fold { slot, hidden }));
        }
        let is_unsent = message.delivery == Delivery::Uncertain && inputs.queue_marks.unsent.contains(&slot);
        if message.attachment.is_some() {
            rows.push(PaneRow::Attachment { slot, first });
            if let Some((_, height)) = inputs.pictures.space.filter(|_| inputs.pictures.address(message).is_some()) {
                rows.extend((0..height).map(|row| PaneRow::Picture { slot, row }));
            }
            // The file of a forwarded message is on the server already, so there is no upload to show.
            let is_waiting = message.delivery == Delivery::Queued || is_unsent;
            rows.extend((is_waiting && !message.forwarded).then_some(PaneRow::Upload(slot)));
        }
        match message.delivery {
            Delivery::Failed => {
                let failure = inputs.queue_marks.failed.iter().find(|(failed, _)| *failed == slot);
                let text = failure_text(failure.map(|(_, failure)| failure));
                rows.extend(wrap(&text, inputs.cells).into_iter().map(|bytes| PaneRow::Failure { slot, bytes }));
            }
            Delivery::Uncertain if !is_unsent => rows.push(PaneRow::Uncertain(slot)),
            Delivery::Uncertain | Delivery::Queued | Delivery::Sent | Delivery::Delivered | Delivery::Seen => {}
        }
    }

    /// Returns the wrapped text of a message, from the cache if it is still valid. This is the only place where markup is
    /// read.
    fn wrapped(&mut self, slot: Slot, message: &Message, inputs: PaneInputs<'_>) -> WrappedRows {
        let is_source = inputs.source_of == Some(slot) || message.kind != MessageKind::Text;
        let format = if is_source { TextFormat::Plain } else { inputs.format };
        let cells = inputs.cells;
        if let Some(known) = self.wrapped.get(&slot)
            && (known.revision, known.cells, known.format) == (message.revision, cells, format)
        {
            return known.rows.clone();
        }
        let (before, after) = affixes(message);
        let styled =
            if before.is_empty() { text::format(&message.text, format, inputs.mentions, after, cells) } else { None };
        let rows = match styled {
            Some(rows) => WrappedRows::Styled(rows.into_iter().map(Rc::new).collect()),
            None => WrappedRows::Plain(wrap(&body_text(message), cells).into()),
        };
        self.wrapped.insert(slot, Wrapped { revision: message.revision, cells, format, rows: rows.clone() });
        rows
    }
}

/// Adds the headings above a message's body.
fn headings(inputs: PaneInputs<'_>, slot: Slot, before: Option<&Message>, new_day: bool, rows: &mut Vec<PaneRow>) {
    let room = inputs.room;
    let message = room.timeline.get(slot);
    let is_spaced = inputs.spacing >= Spacing::Authors;
    if before.is_none() {
        if room.history.is_complete() {
            rows.push(PaneRow::Beginning);
        } else if room.history.is_loading() {
            rows.push(PaneRow::Loading);
        } else {
            rows.extend(load_error_rows(inputs));
        }
    }
    let gap = room.history.has_gap_above(slot);
    rows.extend(gap.then_some(PaneRow::Gap(Some(slot))));
    let new = room.unread_marker.slot() == Some(slot);
    if is_spaced && before.is_some() && (new_day || new) && !gap {
        rows.push(PaneRow::Blank);
    }
    if new_day {
        rows.push(PaneRow::Day(message.sent_at));
    }
    if new {
        rows.push(PaneRow::UnreadMarker);
    }
    if message.kind.is_system() {
        let follows_message = before.is_some_and(|before| !before.kind.is_system());
        rows.extend((is_spaced && follows_message && !new_day && !new).then_some(PaneRow::Blank));
        return;
    }
    let same_author = before.is_some_and(|before| {
        let near = message.sent_at - before.sent_at < GROUP_GAP;
        before.author == message.author && near && !before.kind.is_system()
    });
    if new_day || new || gap || !same_author {
        if is_spaced && !new_day && !new && !gap {
            rows.push(PaneRow::Blank);
        }
        rows.push(PaneRow::Author(slot));
    } else if inputs.spacing == Spacing::Messages {
        rows.push(PaneRow::Blank);
    }
}

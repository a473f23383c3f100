//! The rows of the message pane and its scroll position.
//!
//! `message_rows` turns each message into a block of rows; `Pane` selects the rows that fit on screen. Selection,
//! anchors and scrolling refer only to messages, never to headings or notes. The cost of a frame depends on the number
//! of rows on screen, not on the length of the history.
//!
//! Throughout this module, a top is the position of the first row on screen: the position of a message in the timeline
//! and the index of a row in its block.

use crate::app::model::message_rows::{BlockBuilder, PaneInputs, Spacing, load_error_rows};
use crate::app::model::name_colors::NameColors;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::send_status::QueueMarks;
use crate::domain::{Gap, Slot, Timeline};
use crate::text::{MentionWords, SafeText, TextFormat};
use std::rc::Rc;

/// The part of the pane that stays in place when rows change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The newest message stays at the bottom; new messages push the others up.
    #[default]
    Bottom,
    /// A row of a message stays at the top; messages that arrive above or below do not move it.
    Top {
        /// The message.
        slot: Slot,
        /// The row, counted from the first row of the message's body. Rows above the body have negative numbers.
        row: isize,
    },
}

/// A message that is selected in the tile of another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Linked {
    slot: Slot,
    /// Where the pane was before it was scrolled to the message.
    from: Anchor,
}

/// The message pane of the open room.
#[derive(Debug, Clone, Default)]
pub struct Pane {
    /// The part of the pane that stays in place when rows change.
    pub anchor: Anchor,
    /// The rows on screen, from top to bottom, as computed by `layout`.
    pub rows: Vec<PaneRow>,
    /// The number of rows to scroll at the next layout; negative values scroll up.
    pub scroll_by: isize,
    /// A message to scroll into view at the next layout.
    pub reveal: Option<Slot>,
    /// Whether to show context around the revealed message if it was not on screen.
    pub reveal_around: bool,
    /// The colors of the names on screen.
    pub name_colors: NameColors,
    /// The messages that the user has marked, in the order in which they were marked.
    pub marked: Vec<Slot>,
    /// A message that is shown as it was written, without the effect of its markup.
    pub source_of: Option<Slot>,
    /// The long messages that are shown in full.
    pub unfolded: Vec<Slot>,
    /// The message that is selected in the tile of another person.
    linked: Option<Linked>,
    /// The number of loaded messages above the oldest message on screen.
    pub above: usize,
    blocks: BlockBuilder,
    /// The inputs from which the current rows were computed.
    cache_key: Option<CacheKey>,
}

/// Everything on which the rows depend. While it is unchanged, the rows need not be computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CacheKey {
    version: u64,
    history: (bool, bool, bool),
    load_error: Option<SafeText>,
    gaps: Vec<Gap>,
    unread_marker: Option<Slot>,
    notes: usize,
    queue_marks: QueueMarks,
    cells: usize,
    height: usize,
    spacing: Spacing,
    format: TextFormat,
    source_of: Option<Slot>,
    unfolded: Vec<Slot>,
    pictures: Option<(u16, u16)>,
    mentions: Rc<MentionWords>,
    anchor: Anchor,
}

impl CacheKey {
    fn of(inputs: PaneInputs<'_>, anchor: Anchor) -> Self {
        let PaneInputs { room, queue_marks, cells, height, spacing, format, source_of, unfolded, pictures, .. } =
            inputs;
        Self {
            version: room.timeline.version(),
            history: (room.history.is_complete(), room.history.is_loading(), room.history.missing_after().is_some()),
            load_error: room.load_error().cloned(),
            gaps: room.history.gaps().to_vec(),
            unread_marker: room.unread_marker.slot(),
            notes: room.notes.len(),
            queue_marks: queue_marks.clone(),
            cells,
            height,
            spacing,
            format,
            source_of,
            unfolded: unfolded.to_vec(),
            pictures: pictures.space,
            mentions: Rc::clone(inputs.mentions),
            anchor,
        }
    }
}

impl Pane {
    /// Computes the rows for `inputs`, which must always be of the same room. Does nothing if the inputs are unchanged.
    /// Returns whether the rows were computed again.
    pub fn update_rows(&mut self, inputs: PaneInputs<'_>) -> bool {
        let is_scrolling = self.scroll_by != 0 || self.reveal.is_some();
        if !is_scrolling && self.cache_key.as_ref() == Some(&CacheKey::of(inputs, self.anchor)) {
            return false;
        }
        if self.cache_key.as_ref().is_some_and(|key| key.mentions != *inputs.mentions) {
            self.blocks.clear();
        }
        self.rebuild(inputs);
        self.cache_key = Some(CacheKey::of(inputs, self.anchor));
        true
    }

    /// Makes the next layout compute all rows and give names their colors again, after the options have changed.
    pub(in crate::app) fn forget_rows(&mut self) {
        self.cache_key = None;
        self.blocks.clear();
        self.name_colors = NameColors::default();
    }

    fn rebuild(&mut self, inputs: PaneInputs<'_>) {
        self.blocks.trim();
        let length = inputs.room.timeline.len();
        if inputs.height == 0 {
            // The pane is not visible for now. The anchor keeps the scroll position for later.
            self.rows.clear();
            return;
        }
        if length == 0 {
            (self.anchor, self.scroll_by, self.reveal, self.above) = (Anchor::Bottom, 0, None, 0);
            self.rows = self.empty_pane(inputs);
            return;
        }
        let bottom_top = self.bottom_top(inputs);
        let mut top = self.top(inputs).unwrap_or(bottom_top);
        let scrolled = std::mem::take(&mut self.scroll_by);
        top = if scrolled < 0 {
            self.rows_above(inputs, top, scrolled.unsigned_abs())
        } else {
            self.rows_below(inputs, top, scrolled.unsigned_abs())
        };
        if let Some(slot) = self.selected_to_keep(inputs, scrolled) {
            top = self.top_keeping(inputs, top, slot);
        }
        if let Some(slot) = self.reveal.take() {
            let shown = self.top_revealing(inputs, top, slot);
            let around = std::mem::take(&mut self.reveal_around) && shown != top;
            top = if around { self.top_around(inputs, shown, slot) } else { shown };
        }
        if top >= bottom_top {
            self.anchor = Anchor::Bottom;
            top = bottom_top;
        } else if let Some(slot) = inputs.room.timeline.slot_at(top.0) {
            let above_body = self.blocks.above_body(inputs, top.0);
            self.anchor = Anchor::Top { slot, row: top.1.cast_signed() - above_body.cast_signed() };
        }
        self.above = top.0;
        self.rows = self.fill(inputs, top);
    }

    /// Returns the message that new ones must not push off the screen, because keys act on it.
    fn selected_to_keep(&self, inputs: PaneInputs<'_>, scrolled: isize) -> Option<Slot> {
        let follows = self.anchor == Anchor::Bottom && scrolled == 0 && self.reveal.is_none();
        inputs.selected.filter(|slot| follows && self.rows.iter().any(|row| row.message() == Some(*slot)))
    }

    /// Returns the message that is selected in the tile of another person.
    pub fn linked(&self) -> Option<Slot> {
        self.linked.map(|linked| linked.slot)
    }

    /// Sets the message that is selected in the tile of another person, and scrolls to it. Without one, the pane goes back
    /// to where it was.
    pub(in crate::app) fn link(&mut self, slot: Option<Slot>) {
        if self.linked() == slot {
            return;
        }
        let from = self.linked.map_or(self.anchor, |linked| linked.from);
        self.linked = slot.map(|slot| Linked { slot, from });
        (self.reveal, self.reveal_around) = (slot, slot.is_some());
        if slot.is_none() {
            self.anchor = from;
        }
    }

    /// Returns the visible message nearest to `slot`, which may itself be visible. `None` if no message is.
    pub fn nearest_visible(&self, timeline: &Timeline, slot: Slot) -> Option<Slot> {
        let mut visible = self.rows.iter().filter_map(PaneRow::message);
        let first = visible.next()?;
        let last = visible.next_back().unwrap_or(first);
        let position = |slot| timeline.position(slot);
        Some(if position(slot) < position(first) {
            first
        } else if position(slot) > position(last) {
            last
        } else {
            slot
        })
    }

    /// Removes the mark of a message; returns whether it had one.
    pub(in crate::app) fn unmark(&mut self, slot: Slot) -> bool {
        let before = self.marked.len();
        self.marked.retain(|marked| *marked != slot);
        self.marked.len() != before
    }

    /// Shows a long message in full, or folds it again. Returns whether it is shown in full now.
    pub(in crate::app) fn toggle_fold(&mut self, slot: Slot) -> bool {
        let before = self.unfolded.len();
        self.unfolded.retain(|unfolded| *unfolded != slot);
        let is_unfolded = self.unfolded.len() == before;
        self.unfolded.extend(is_unfolded.then_some(slot));
        is_unfolded
    }

    /// Whether only the beginning of a long message is shown.
    pub fn is_folded(&self, slot: Slot) -> bool {
        self.is_foldable(slot) && !self.unfolded.contains(&slot)
    }

    /// Whether the message is so long that it is folded unless the user asks for all of it. Known only of messages that
    /// were on screen.
    pub(in crate::app) fn is_foldable(&self, slot: Slot) -> bool {
        self.blocks.is_long(slot)
    }

    /// Returns the message on a row of the pane.
    pub fn message_at(&self, row: usize) -> Option<Slot> {
        self.rows.get(row).and_then(PaneRow::message)
    }

    fn empty_pane(&self, inputs: PaneInputs<'_>) -> Vec<PaneRow> {
        let history = &inputs.room.history;
        let mut shown = if history.is_complete() {
            vec![PaneRow::Beginning]
        } else if history.is_loading() {
            vec![PaneRow::Loading]
        } else {
            load_error_rows(inputs)
        };
        shown.truncate(inputs.height);
        let mut rows = vec![PaneRow::Blank; inputs.height - shown.len()];
        rows.append(&mut shown);
        rows
    }

    /// Returns the top that the anchor determines; `None` if the pane is anchored at the bottom.
    fn top(&mut self, inputs: PaneInputs<'_>) -> Option<(usize, usize)> {
        if let Anchor::Top { slot, row } = self.anchor
            && let Some(position) = inputs.room.timeline.position(slot)
        {
            let above_body = self.blocks.above_body(inputs, position);
            let row = row + above_body.cast_signed();
            let start = (position, 0);
            let from_start = if row < 0 { Self::rows_above } else { Self::rows_below };
            return Some(from_start(self, inputs, start, row.unsigned_abs()));
        }
        None
    }

    /// Returns the top for which the newest message is at the bottom.
    fn bottom_top(&mut self, inputs: PaneInputs<'_>) -> (usize, usize) {
        let last = inputs.room.timeline.len() - 1;
        let last_row = self.blocks.block(inputs, last).len().saturating_sub(1);
        self.rows_above(inputs, (last, last_row), inputs.height - 1)
    }

    /// Returns the top nearest to `top` at which the message `slot` is fully visible, or its first rows if it is too
    /// tall.
    fn top_revealing(&mut self, inputs: PaneInputs<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = inputs.room.timeline.position(slot) else { return top };
        let block = self.blocks.block(inputs, position);
        let first = block.iter().position(|row| row.message() == Some(slot)).unwrap_or(0);
        let last = block.iter().rposition(|row| row.message() == Some(slot)).unwrap_or(0);
        if (position, first) < top {
            // The headings above the message, such as its author and day, become visible as well.
            return (position, 0);
        }
        let lowest = self.rows_above(inputs, (position, last), inputs.height - 1);
        top.max(lowest.min((position, first)))
    }

    /// Returns the top nearest to `top` at which the message `slot` is not pushed off the screen: none of its rows, or if it
    /// is too tall for that, not its last one.
    fn top_keeping(&mut self, inputs: PaneInputs<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = inputs.room.timeline.position(slot) else { return top };
        let block = self.blocks.block(inputs, position);
        let first = block.iter().position(|row| row.message() == Some(slot)).unwrap_or(0);
        let last = block.iter().rposition(|row| row.message() == Some(slot)).unwrap_or(0);
        let kept = if last - first < inputs.height { first } else { last };
        top.min((position, kept))
    }

    /// Returns the top that leaves a third of the screen above the message `slot`, or `top` if the message would not
    /// fit.
    fn top_around(&mut self, inputs: PaneInputs<'_>, top: (usize, usize), slot: Slot) -> (usize, usize) {
        let Some(position) = inputs.room.timeline.position(slot) else { return top };
        let rows = self.blocks.block(inputs, position).len();
        let third = inputs.height / 3;
        if third + rows > inputs.height { top } else { self.rows_above(inputs, (position, 0), third) }
    }

    /// Returns the top that is `rows` rows above `from`, limited to the first row.
    fn rows_above(&mut self, inputs: PaneInputs<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        while left > row {
            if position == 0 {
                return (0, 0);
            }
            left -= row + 1;
            position -= 1;
            row = self.blocks.block(inputs, position).len().saturating_sub(1);
        }
        (position, row - left)
    }

    /// Returns the top that is `rows` rows below `from`, limited to the last row.
    fn rows_below(&mut self, inputs: PaneInputs<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
        let ((mut position, mut row), mut left) = (from, rows);
        let last = inputs.room.timeline.len() - 1;
        while left > 0 {
            let below = self.blocks.block(inputs, position).len().saturating_sub(row + 1);
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

    /// Collects the rows on screen below `top`. If there are too few, blank rows are added above them.
    fn fill(&mut self, inputs: PaneInputs<'_>, top: (usize, usize)) -> Vec<PaneRow> {
        let mut rows = Vec::with_capacity(inputs.height);
        for position in top.0..inputs.room.timeline.len() {
            let skip = if position == top.0 { top.1 } else { 0 };
            rows.extend(self.blocks.block(inputs, position).into_iter().skip(skip));
            if rows.len() >= inputs.height {
                break;
            }
        }
        rows.truncate(inputs.height);
        if let Some(last @ PaneRow::Author(_)) = rows.last_mut() {
            // Nothing of the author's message is on screen.
            *last = PaneRow::Blank;
        }
        let missing = inputs.height - rows.len();
        rows.splice(0..0, std::iter::repeat_n(PaneRow::Blank, missing));
        rows
    }
}

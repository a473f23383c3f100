//! The text being written, with its subject and its rows on screen.
//!
//! Wrapping, the cursor position on screen and movement through wrapped rows are implemented here, so that the composer
//! breaks lines and counts cells exactly as the message pane does. `buffer` holds the text itself, `actions` edits it,
//! `boundaries` finds words, `undo` is the history and `kill_ring` holds the deleted texts.

mod actions;
mod boundaries;
mod buffer;
pub(in crate::app) mod kill_ring;
#[cfg(test)]
mod tests;
mod undo;

use crate::app::model::composer::buffer::{Buffer, Motion};
use crate::app::model::composer::undo::EditKind;
use crate::domain::{LocalId, MessageId, Quote};
use crate::input::command_line;
use crate::text::{Row, graphemes, width, wrap};
use std::borrow::Cow;
use std::ops::Range;

/// Maximum length of the text, in bytes; received messages have the same limit. Typed and pasted text beyond it is left
/// out.
pub const MAX_TEXT: usize = u16::MAX as usize;

/// A text being written, with its cursor, selection and undo history.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    buffer: Buffer,
    /// The message whose text is being edited; `None` for a new message.
    pub editing: Option<Edited>,
    /// The message it replies to, if any.
    pub reply: Option<Box<Reply>>,
    /// The quotation that was inserted above the text. The text may have been changed since.
    quotation: String,
    /// Whether a leading `/` is text instead of a command, because the text began with a paste or is an edit.
    pub literal: bool,
    /// Whether typed or pasted text was left out because the text was full.
    overflowed: bool,
    /// The last action, which some actions continue.
    last: LastAction,
    /// The rows that the text was wrapped to, and their width; `None` after a change of the text.
    wrapped: Option<(usize, Vec<Row>)>,
}

/// The last action, as far as the next one depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum LastAction {
    #[default]
    Other,
    /// Text was deleted into the kill ring. What is deleted next belongs to the same text.
    Kill,
    /// A text of the kill ring was inserted in this range, and can be replaced by an older one.
    Yank(Range<usize>),
    /// The text was typed earlier and has returned. Nothing was done with it since.
    Return,
}

/// The message whose text is being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// A message that the server has.
    Sent(MessageId),
    /// A message that is queued or has failed. It is not sent while it is being edited.
    Unsent(LocalId),
}

/// The message that is being replied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The `LocalId` of that message, by which the server identifies it.
    pub to: LocalId,
    /// The quotation shown with the reply.
    pub quote: Quote,
}

impl Composer {
    /// Creates a composer that edits `message`, starting from its current `text`.
    pub fn edit_of(message: MessageId, text: &str) -> Self {
        Self { editing: Some(Edited::Sent(message)), literal: true, ..Self::with_text(text) }
    }

    /// Creates a composer that edits a message which is queued or has failed.
    pub(in crate::app) fn edit_of_unsent(local: LocalId, text: &str) -> Self {
        Self { editing: Some(Edited::Unsent(local)), literal: true, ..Self::with_text(text) }
    }

    /// Returns the message that is being edited, if the server has it.
    pub fn edited_message(&self) -> Option<&MessageId> {
        match &self.editing {
            Some(Edited::Sent(message)) => Some(message),
            Some(Edited::Unsent(_)) | None => None,
        }
    }

    /// Returns the queued or failed message that is being edited.
    pub fn edited_send(&self) -> Option<LocalId> {
        match &self.editing {
            Some(Edited::Unsent(local)) => Some(*local),
            Some(Edited::Sent(_)) | None => None,
        }
    }

    /// Creates a composer that contains `text`, with the cursor at its end.
    pub fn with_text(text: &str) -> Self {
        Self { buffer: Buffer::new(text.to_owned(), text.len()), ..Self::default() }
    }

    /// Creates a composer that contains `text`, with the cursor after its first `cursor` characters.
    pub(in crate::app) fn with_cursor_at(text: &str, cursor: usize) -> Self {
        let byte = text.char_indices().nth(cursor).map_or(text.len(), |(byte, _)| byte);
        Self { buffer: Buffer::new(text.to_owned(), byte), ..Self::default() }
    }

    /// Returns the number of characters before the cursor.
    pub fn cursor_chars(&self) -> usize {
        self.text()[..self.buffer.cursor()].chars().count()
    }

    /// Returns the byte offset of the cursor.
    pub fn cursor_byte(&self) -> usize {
        self.buffer.cursor()
    }

    /// Whether nothing would be lost by discarding it: it has no text, and is neither a reply nor an edit.
    pub fn is_blank(&self) -> bool {
        self.is_empty() && self.reply.is_none() && self.editing.is_none()
    }

    /// Returns the text, with `\n` between lines.
    pub fn text(&self) -> &str {
        self.buffer.text()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Returns the text after the slash if it is a command.
    pub(in crate::app) fn command(&self) -> Option<&str> {
        command_line(self.text()).filter(|_| !self.literal && self.editing.is_none())
    }

    /// Whether the text written so far is a slash command.
    pub fn is_command(&self) -> bool {
        self.command().is_some()
    }

    /// Returns the range of the selected text, if any is selected.
    pub fn selection(&self) -> Option<Range<usize>> {
        self.buffer.selection()
    }

    /// Returns the selected text, if any is selected.
    pub fn selected_text(&self) -> Option<&str> {
        Some(&self.text()[self.selection()?])
    }

    /// Ends the selection. Returns whether anything was selected.
    pub(in crate::app) fn deselect(&mut self) -> bool {
        self.buffer.deselect()
    }

    /// Inserts a typed character at the cursor, or instead of the selection.
    pub fn insert(&mut self, c: char) {
        if self.has_space(c.len_utf8()) {
            self.buffer.insert(c.encode_utf8(&mut [0; 4]), EditKind::Typing);
        }
    }

    /// Inserts pasted text, keeping line breaks and tabs and removing other control characters. Returns the range of
    /// the inserted text, and what does not fit.
    pub fn paste(&mut self, text: &str) -> (Range<usize>, String) {
        // A leading line break means that the first line of the paste arrived before it was recognised as one.
        self.literal |= self.is_empty() || text.starts_with(['\r', '\n']);
        let mut text = without_controls(text);
        let mut rest = String::new();
        if !self.has_space(text.len()) {
            let space = MAX_TEXT.saturating_sub(self.text().len() - self.selected_bytes());
            rest = text.split_off(text.floor_char_boundary(space));
        }
        let start = self.selection().map_or(self.buffer.cursor(), |selected| selected.start);
        self.buffer.insert(&text, EditKind::Whole);
        (start..start + text.len(), rest)
    }

    /// Replaces a part of the text as one step of the history. Text that does not fit is left out.
    pub(in crate::app) fn replace(&mut self, range: Range<usize>, text: &str) {
        self.buffer.deselect();
        let kept = self.text().len() - range.len();
        let fits = text.floor_char_boundary(MAX_TEXT.saturating_sub(kept).min(text.len()));
        self.overflowed |= fits < text.len();
        self.buffer.replace(range, &text[..fits], EditKind::Whole);
        self.on_change();
    }

    /// Replaces the whole text as one step of the history. The cursor is where the last change ends.
    pub(in crate::app) fn replace_all(&mut self, text: &str) {
        let text = without_controls(text);
        let old = self.text();
        let same = |(old, new): &(char, char)| old == new;
        let before: usize = old.chars().zip(text.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let ends = old[before..].chars().rev().zip(text[before..].chars().rev());
        let after: usize = ends.take_while(same).map(|(c, _)| c.len_utf8()).sum();
        self.replace(0..old.len(), &text);
        self.go((text.len() - after).min(self.text().len()), false);
    }

    /// Returns the number of bytes that still fit, if they are few.
    pub fn space_left(&self) -> Option<usize> {
        Some(MAX_TEXT.saturating_sub(self.text().len())).filter(|left| *left <= MAX_TEXT / 10)
    }

    /// Inserts a quotation, which ends with a line break, above the text and moves the cursor to the end. What was typed
    /// stays as it is, and a slash at its start is text from now on.
    pub(in crate::app) fn insert_quotation(&mut self, text: &str) {
        self.quotation = format!("{text}{}", self.quotation());
        self.literal = true;
        self.replace(0..0, text);
        self.go(self.text().len(), false);
    }

    /// Returns the quotation that was inserted above the text, if it is still there; otherwise an empty text.
    pub(in crate::app) fn quotation(&self) -> &str {
        if self.text().starts_with(&self.quotation) { &self.quotation } else { "" }
    }

    /// Removes the quotation above the text, and returns it. The cursor stays where it is in the text.
    pub(in crate::app) fn remove_quotation(&mut self) -> String {
        let (quotation, cursor) = (self.quotation().to_owned(), self.cursor_byte());
        self.replace(0..quotation.len(), "");
        self.go(cursor.saturating_sub(quotation.len()), false);
        quotation
    }

    /// Returns the composer with a text that was typed earlier.
    pub(in crate::app) fn returned(self) -> Self {
        Self { last: LastAction::Return, ..self }
    }

    /// Whether nothing was done with the text since it has returned.
    pub(in crate::app) fn has_returned(&self) -> bool {
        self.last == LastAction::Return && !self.is_empty()
    }

    /// Returns whether typed or pasted text has been left out since the last call, because the text was full.
    pub(in crate::app) fn take_overflow(&mut self) -> bool {
        std::mem::take(&mut self.overflowed)
    }

    /// Returns whether so many bytes can be inserted instead of the selection, and prepares for the change.
    fn has_space(&mut self, bytes: usize) -> bool {
        let fits = self.text().len() - self.selected_bytes() + bytes <= MAX_TEXT;
        self.overflowed |= !fits;
        self.last = LastAction::Other;
        self.wrapped = None;
        fits
    }

    fn selected_bytes(&self) -> usize {
        self.selection().map_or(0, |selected| selected.len())
    }

    /// Moves the cursor one grapheme to the left, or to the start of the selection.
    pub fn left(&mut self) {
        let target = self.selection().map_or_else(|| self.buffer.target(Motion::Left), |selected| selected.start);
        self.go(target, false);
    }

    /// Moves the cursor one grapheme to the right, or to the end of the selection.
    pub fn right(&mut self) {
        let target = self.selection().map_or_else(|| self.buffer.target(Motion::Right), |selected| selected.end);
        self.go(target, false);
    }

    /// Deletes the selection, or the grapheme before the cursor.
    pub fn backspace(&mut self) {
        self.delete_by(Motion::Left);
    }

    /// Deletes the selection, or the grapheme after the cursor.
    pub fn delete(&mut self) {
        self.delete_by(Motion::Right);
    }

    fn delete_by(&mut self, motion: Motion) {
        match self.selection() {
            Some(selected) => drop(self.buffer.replace(selected, "", EditKind::Whole)),
            None => drop(self.buffer.delete(motion, EditKind::Deletion)),
        }
        self.on_change();
    }

    /// Adapts to a changed text, which may have become shorter.
    fn on_change(&mut self) {
        self.literal &= !self.is_empty();
        self.last = LastAction::Other;
        self.wrapped = None;
    }

    fn go(&mut self, target: usize, selects: bool) {
        self.buffer.move_to(target, selects);
        self.last = LastAction::Other;
    }

    /// Moves the cursor one screen row up or down, with rows of `cells` cells. Returns false if there is no such row.
    pub fn move_row(&mut self, down: bool, cells: usize) -> bool {
        let target = self.row_target(down, cells);
        if let Some(target) = target {
            self.go(target, false);
        }
        target.is_some()
    }

    /// Returns the place below or above the cursor on screen; `None` if there is no such row.
    fn row_target(&mut self, down: bool, cells: usize) -> Option<usize> {
        self.wrap(cells);
        let (row, column) = self.cursor(cells);
        let target = if down { row + 1 } else { row.checked_sub(1)? };
        Some(self.place_in(self.rows(cells).get(target)?, column))
    }

    /// Moves the cursor to a cell on screen, with rows of `cells` cells; past the end of the text, to its end. Selects the
    /// text on the way, or ends the selection.
    pub(in crate::app) fn move_to(&mut self, row: usize, column: usize, cells: usize, selects: bool) {
        let rows = self.rows(cells);
        let target = rows.get(row).map_or(self.text().len(), |row| self.place_in(row, column));
        self.go(target, selects);
    }

    /// Returns the last place in a row that is at most `column` cells from its start.
    fn place_in(&self, row: &Row, column: usize) -> usize {
        let body = &self.text()[row.start as usize..row.end as usize];
        let mut used = 0;
        let under = graphemes(body).take_while(|(_, cells)| {
            used += cells;
            used <= column
        });
        row.start as usize + under.map(|(grapheme, _)| grapheme.len()).sum::<usize>()
    }

    /// Wraps the text to rows of `cells` cells, for [`rows`](Self::rows). Costs nothing if the text has not changed.
    pub(in crate::app) fn wrap(&mut self, cells: usize) {
        if self.wrapped.as_ref().is_none_or(|(width, _)| *width != cells) {
            self.wrapped = Some((cells, wrap(self.text(), cells)));
        }
    }

    /// Returns the text wrapped to rows of `cells` cells, as ranges of bytes.
    pub fn rows(&self, cells: usize) -> Cow<'_, [Row]> {
        match &self.wrapped {
            Some((width, rows)) if *width == cells => Cow::Borrowed(rows),
            _ => Cow::Owned(wrap(self.text(), cells)),
        }
    }

    /// Returns the cursor's row and column on screen, with rows of `cells` cells.
    pub fn cursor(&self, cells: usize) -> (usize, usize) {
        let byte = self.buffer.cursor();
        let rows = self.rows(cells);
        let at = rows.partition_point(|row| row.start as usize <= byte).saturating_sub(1);
        let Some(row) = rows.get(at) else { return (0, 0) };
        // A space at which the line was wrapped belongs to no row; a cursor after it is shown at the end of the row.
        let end = byte.min(row.end as usize);
        let column = width(&self.text()[row.start as usize..end]);
        (at, column.min(cells))
    }
}

/// Returns the text with `\n` as its only line break, and without control characters other than tabs.
fn without_controls(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "")
}

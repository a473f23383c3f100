//! A text with its cursor, selection and undo history.
//!
//! The cursor and both ends of the selection are always between graphemes, whatever was inserted or undone around them.

use std::ops::Range;

use crate::app::model::composer::boundaries::{
    blank_left, line_end, line_start, next_grapheme, previous_grapheme, snap, word_left, word_right,
};
use crate::app::model::composer::undo::{Edit, EditKind, History};

/// A movement of the cursor within the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    /// To the start of the characters without blanks before the cursor.
    BlankLeft,
    LineStart,
    LineEnd,
}

/// A text with its cursor, selection and undo history.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Buffer {
    text: String,
    /// Byte offset of the cursor.
    cursor: usize,
    /// The other end of the selection, which may be empty.
    anchor: Option<usize>,
    history: History,
}

impl Buffer {
    /// Creates a buffer with the cursor at the given byte offset.
    pub(in crate::app) fn new(text: String, cursor: usize) -> Self {
        let cursor = snap(&text, cursor.min(text.len()));
        Self { text, cursor, ..Self::default() }
    }

    pub(in crate::app) fn text(&self) -> &str {
        &self.text
    }

    pub(in crate::app) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Returns the range of the selected text, if any is selected.
    pub(in crate::app) fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let range = anchor.min(self.cursor)..anchor.max(self.cursor);
        (!range.is_empty()).then_some(range)
    }

    /// Returns the place to which a movement leads.
    pub(in crate::app) fn target(&self, motion: Motion) -> usize {
        let (text, at) = (self.text.as_str(), self.cursor);
        match motion {
            Motion::Left => previous_grapheme(text, at),
            Motion::Right => next_grapheme(text, at),
            Motion::WordLeft => word_left(text, at),
            Motion::WordRight => word_right(text, at),
            Motion::BlankLeft => blank_left(text, at),
            Motion::LineStart => line_start(text, at),
            Motion::LineEnd => line_end(text, at),
        }
    }

    /// Moves the cursor to a byte offset, and extends the selection to it or ends the selection.
    pub(in crate::app) fn move_to(&mut self, at: usize, extends: bool) {
        self.anchor = if extends { Some(self.anchor.unwrap_or(self.cursor)) } else { None };
        self.cursor = snap(&self.text, at.min(self.text.len()));
        self.history.seal();
    }

    /// Selects the whole text.
    pub(in crate::app) fn select_all(&mut self) {
        self.move_to(0, false);
        self.move_to(self.text.len(), true);
    }

    /// Ends the selection without moving the cursor. Returns whether anything was selected.
    pub(in crate::app) fn deselect(&mut self) -> bool {
        let was_selected = self.selection().is_some();
        self.anchor = None;
        was_selected
    }

    /// Inserts text at the cursor, or instead of the selection. The cursor is after it.
    pub(in crate::app) fn insert(&mut self, text: &str, kind: EditKind) {
        let range = self.selection().unwrap_or(self.cursor..self.cursor);
        self.replace(range, text, kind);
    }

    /// Replaces a part of the text, and returns it. The cursor is after the new text.
    pub(in crate::app) fn replace(&mut self, range: Range<usize>, text: &str, kind: EditKind) -> String {
        let removed = self.text[range.clone()].to_owned();
        self.anchor = None;
        if removed.is_empty() && text.is_empty() {
            return removed;
        }
        let edit =
            Edit { at: range.start, removed: removed.clone(), inserted: text.to_owned(), cursor: self.cursor, kind };
        self.history.record(edit);
        self.text.replace_range(range.clone(), text);
        self.cursor = snap(&self.text, range.start + text.len());
        removed
    }

    /// Deletes the text between the cursor and the target of a movement, and returns it.
    pub(in crate::app) fn delete(&mut self, motion: Motion, kind: EditKind) -> String {
        let target = self.target(motion);
        self.replace(self.cursor.min(target)..self.cursor.max(target), "", kind)
    }

    /// Undoes the last step. Returns false if there is none.
    pub(in crate::app) fn undo(&mut self) -> bool {
        let cursor = self.history.undo(&mut self.text);
        self.after_history(cursor)
    }

    /// Redoes the step that was undone last. Returns false if there is none.
    pub(in crate::app) fn redo(&mut self) -> bool {
        let cursor = self.history.redo(&mut self.text);
        self.after_history(cursor)
    }

    fn after_history(&mut self, cursor: Option<usize>) -> bool {
        let Some(cursor) = cursor else { return false };
        self.anchor = None;
        self.cursor = snap(&self.text, cursor);
        true
    }
}

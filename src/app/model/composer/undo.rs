//! Undo history of a text: what was replaced, in steps of one word.

use std::collections::VecDeque;
use std::ops::Range;

/// Maximum number of steps that can be undone.
const MAX_STEPS: usize = 1_000;

/// Maximum length of the texts in the history, in bytes: several times the longest text.
const MAX_BYTES: usize = 512 << 10;

/// The kind of an edit, which decides whether it continues the previous step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum EditKind {
    /// Typed characters.
    Typing,
    /// Characters deleted one by one, before or after the cursor.
    Deletion,
    /// Anything else: a step of its own.
    Whole,
}

/// A replacement of a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Edit {
    /// Byte offset of the replaced part.
    pub(in crate::app) at: usize,
    /// The text before the edit.
    pub(in crate::app) removed: String,
    /// The text after the edit.
    pub(in crate::app) inserted: String,
    /// The cursor before the edit.
    pub(in crate::app) cursor: usize,
    /// The kind of edit.
    pub(in crate::app) kind: EditKind,
}

/// The edits that can be undone and redone.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct History {
    past: VecDeque<Edit>,
    future: Vec<Edit>,
    /// Length of the texts in `past`.
    bytes: usize,
    /// Whether the next edit begins a new step.
    is_sealed: bool,
}

impl Edit {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }

    /// Appends an edit that continues this one. Returns it unchanged if it is a step of its own.
    fn continue_with(&mut self, next: Edit) -> Result<(), Edit> {
        if self.kind != next.kind {
            return Err(next);
        }
        let is_new_word = |before: &str, after: &str| {
            before.ends_with(char::is_whitespace) && !after.starts_with(char::is_whitespace)
        };
        match next.kind {
            EditKind::Typing if next.removed.is_empty() && next.at == self.at + self.inserted.len() => {
                if is_new_word(&self.inserted, &next.inserted) {
                    return Err(next);
                }
                self.inserted.push_str(&next.inserted);
            }
            EditKind::Deletion if next.at == self.at => {
                if is_new_word(&self.removed, &next.removed) {
                    return Err(next);
                }
                self.removed.push_str(&next.removed);
            }
            EditKind::Deletion if next.at + next.removed.len() == self.at => {
                if is_new_word(&next.removed, &self.removed) {
                    return Err(next);
                }
                self.at = next.at;
                self.removed.insert_str(0, &next.removed);
            }
            EditKind::Typing | EditKind::Deletion | EditKind::Whole => return Err(next),
        }
        Ok(())
    }
}

impl History {
    /// Records an edit, after which nothing can be redone.
    pub(in crate::app) fn record(&mut self, edit: Edit) {
        self.future.clear();
        self.bytes += edit.bytes();
        let is_sealed = std::mem::take(&mut self.is_sealed);
        let edit = match self.past.back_mut().filter(|_| !is_sealed) {
            Some(last) => last.continue_with(edit).err(),
            None => Some(edit),
        };
        self.past.extend(edit);
        while self.past.len() > MAX_STEPS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.past.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    /// Makes the next edit begin a new step.
    pub(in crate::app) fn seal(&mut self) {
        self.is_sealed = true;
    }

    /// Undoes the last step in `text` and returns the new cursor; `None` if there is none.
    pub(in crate::app) fn undo(&mut self, text: &mut String) -> Option<usize> {
        let edit = self.past.pop_back()?;
        self.bytes -= edit.bytes();
        text.replace_range(range(edit.at, &edit.inserted), &edit.removed);
        let cursor = edit.cursor;
        self.future.push(edit);
        self.seal();
        Some(cursor)
    }

    /// Redoes the step that was undone last in `text` and returns the new cursor; `None` if there is none.
    pub(in crate::app) fn redo(&mut self, text: &mut String) -> Option<usize> {
        let edit = self.future.pop()?;
        self.bytes += edit.bytes();
        text.replace_range(range(edit.at, &edit.removed), &edit.inserted);
        let cursor = edit.at + edit.inserted.len();
        self.past.push_back(edit);
        self.seal();
        Some(cursor)
    }
}

fn range(at: usize, text: &str) -> Range<usize> {
    at..at + text.len()
}

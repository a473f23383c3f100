//! One-line text field of an overlay, with the editing keys of the composer.

use std::ops::Range;

use crate::input::{Action, Code, Key};
use crate::text::graphemes;

/// Longest text in bytes unless a field has another limit: more words than any search uses.
const MAX_BYTES: usize = 1_000;

/// The actions that edit a text field, with their help.
pub(in crate::app) const EDITING: &[(Action, &str)] = &[
    (Action::LineStart, "Start of the text"),
    (Action::LineEnd, "End of the text"),
    (Action::WordLeft, "Word left"),
    (Action::WordRight, "Word right"),
    (Action::DeleteNext, "Delete the next character"),
    (Action::DeleteWord, "Delete the previous word"),
    (Action::DeleteToBlank, "Delete the previous word"),
    (Action::DeleteNextWord, "Delete the next word"),
    (Action::DeleteToStart, "Delete to the start of the text"),
    (Action::DeleteToEnd, "Delete to the end of the text"),
    (Action::Yank, "Insert the last deleted text"),
];

/// Text typed into an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextInput {
    /// The text, without line breaks and control characters.
    pub text: String,
    /// Place of the cursor, in bytes.
    cursor: usize,
    /// Whether the text is from an earlier use of the field, so that typing replaces it.
    pub is_old: bool,
    /// The text that was deleted last.
    deleted: String,
    /// Maximum length of the text in bytes.
    limit: usize,
}

impl Default for TextInput {
    fn default() -> Self {
        Self::with_limit(MAX_BYTES)
    }
}

/// Result of an input to a text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Edit {
    /// The text has changed.
    Changed,
    /// The text is the same; the cursor may have moved.
    Unchanged,
}

impl TextInput {
    /// Creates an empty field for a text of at most `limit` bytes.
    pub(in crate::app) fn with_limit(limit: usize) -> Self {
        Self { text: String::new(), cursor: 0, is_old: false, deleted: String::new(), limit }
    }

    /// Whether a text can be inserted as a whole.
    pub(in crate::app) fn has_space_for(&self, text: &str) -> bool {
        let present = if self.is_old { 0 } else { self.text.len() };
        present + text.len() <= self.limit
    }

    /// Returns the field for another use, in which typing replaces its text.
    pub(in crate::app) fn old(self) -> Self {
        Self { is_old: true, cursor: self.text.len(), ..self }
    }

    /// Returns the text before the cursor.
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Handles a key; `None` if it is not for a text field.
    pub(in crate::app) fn on_key(&mut self, action: Option<Action>, key: Key) -> Option<Edit> {
        if let Some(c) = key.typed() {
            return Some(self.insert(c.encode_utf8(&mut [0; 4])));
        }
        if let Some(edit) = action.and_then(|action| self.apply(action)) {
            return Some(edit);
        }
        match key.code {
            Code::Left => Some(self.move_to(self.left())),
            Code::Right => Some(self.move_to(self.right())),
            Code::Backspace if self.is_old => Some(self.delete(0, self.text.len())),
            Code::Backspace => Some(self.delete(self.left(), self.cursor)),
            Code::Delete => Some(self.delete(self.cursor, self.right())),
            _ => None,
        }
    }

    /// Inserts text up to the length limit. Line breaks become spaces.
    pub(in crate::app) fn insert(&mut self, text: &str) -> Edit {
        let text = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        let text: String = text.filter(|c| !c.is_control()).collect();
        if text.is_empty() {
            return Edit::Unchanged;
        }
        if std::mem::take(&mut self.is_old) {
            self.text.clear();
            self.cursor = 0;
        }
        let space = self.limit.saturating_sub(self.text.len());
        let fits = &text[..text.floor_char_boundary(space)];
        self.text.insert_str(self.cursor, fits);
        self.cursor += fits.len();
        Edit::Changed
    }

    /// Replaces a range of bytes by a text as it is, and moves the cursor behind it. Nothing changes if that would be too
    /// long.
    pub(in crate::app) fn replace(&mut self, range: Range<usize>, new: &str) {
        if self.text.len() - range.len() + new.len() <= self.limit {
            self.cursor = range.start + new.len();
            self.text.replace_range(range, new);
            self.is_old = false;
        }
    }

    /// Returns whether the text is blank.
    pub(in crate::app) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Performs an editing action; `None` if it is another one.
    fn apply(&mut self, action: Action) -> Option<Edit> {
        let (cursor, end) = (self.cursor, self.text.len());
        Some(match action {
            Action::LineStart => self.move_to(0),
            Action::LineEnd => self.move_to(end),
            Action::CharLeft => self.move_to(self.left()),
            Action::CharRight => self.move_to(self.right()),
            Action::WordLeft => self.move_to(self.word_left()),
            Action::WordRight => self.move_to(self.word_right()),
            Action::DeleteNext => self.delete(cursor, self.right()),
            Action::DeleteWord | Action::DeleteToBlank => self.kill(self.word_left(), cursor),
            Action::DeleteNextWord => self.kill(cursor, self.word_right()),
            Action::DeleteToStart => self.kill(0, cursor),
            Action::DeleteToEnd => self.kill(cursor, end),
            Action::Yank => self.insert(&self.deleted.clone()),
            _ => return None,
        })
    }

    fn move_to(&mut self, cursor: usize) -> Edit {
        self.cursor = cursor;
        self.is_old = false;
        Edit::Unchanged
    }

    /// Deletes a range of bytes.
    fn delete(&mut self, start: usize, end: usize) -> Edit {
        self.is_old = false;
        if start == end {
            return Edit::Unchanged;
        }
        self.text.replace_range(start..end, "");
        self.cursor = start;
        Edit::Changed
    }

    /// Deletes a range of bytes, which can be inserted again.
    fn kill(&mut self, start: usize, end: usize) -> Edit {
        if start < end {
            self.deleted = self.text[start..end].to_owned();
        }
        self.delete(start, end)
    }

    /// Returns the start of the grapheme before the cursor.
    fn left(&self) -> usize {
        let last = graphemes(self.before_cursor()).last();
        self.cursor - last.map_or(0, |(grapheme, _)| grapheme.len())
    }

    /// Returns the end of the grapheme after the cursor.
    fn right(&self) -> usize {
        let next = graphemes(&self.text[self.cursor..]).next();
        self.cursor + next.map_or(0, |(grapheme, _)| grapheme.len())
    }

    /// Returns the start of the word before the cursor.
    fn word_left(&self) -> usize {
        let before = self.before_cursor().trim_end();
        before.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(blank, c)| blank + c.len_utf8())
    }

    /// Returns the end of the word after the cursor.
    fn word_right(&self) -> usize {
        let after = &self.text[self.cursor..];
        let word = after.trim_start();
        let blank = after.len() - word.len();
        self.cursor + blank + word.find(char::is_whitespace).unwrap_or(word.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> TextInput {
        let mut input = TextInput::default();
        input.insert(text);
        input
    }

    /// Presses keys that are bound to actions.
    fn apply(input: &mut TextInput, actions: &[Action]) {
        for action in actions {
            assert!(input.apply(*action).is_some());
        }
    }

    fn press(input: &mut TextInput, code: Code) {
        input.on_key(None, Key::plain(code));
    }

    #[test]
    fn backspace_deletes_a_joined_emoji_at_once() {
        let mut input = input("a👨\u{200d}👩\u{200d}👧");
        press(&mut input, Code::Backspace);
        assert_eq!(input.text, "a");
    }

    #[test]
    fn typing_replaces_old_text() {
        let mut field = input("old words").old();
        field.insert("n\tew\n");
        assert_eq!((field.text.as_str(), field.is_old), ("n ew ", false));
        let mut field = input("old words").old();
        apply(&mut field, &[Action::LineEnd]);
        field.insert("!");
        assert_eq!(field.text, "old words!", "moving the cursor is editing");
        let mut field = input("old").old();
        press(&mut field, Code::Backspace);
        assert_eq!(field.text, "");
    }

    /// The field could only be edited at its end.
    #[test]
    fn text_is_edited_at_the_cursor() {
        let mut field = input("one two three");
        apply(&mut field, &[Action::WordLeft, Action::WordLeft, Action::DeleteToStart]);
        assert_eq!((field.text.as_str(), field.before_cursor()), ("two three", ""));
        apply(&mut field, &[Action::WordRight, Action::DeleteNextWord, Action::Yank, Action::LineStart]);
        field.insert("ä");
        press(&mut field, Code::Left);
        press(&mut field, Code::Delete);
        assert_eq!(field.text, "two three");
        apply(&mut field, &[Action::LineEnd, Action::DeleteWord]);
        press(&mut field, Code::Left);
        press(&mut field, Code::Right);
        press(&mut field, Code::Right);
        assert_eq!((field.text.as_str(), field.before_cursor()), ("two ", "two "));
        apply(&mut field, &[Action::LineStart, Action::DeleteToEnd, Action::DeleteNext, Action::DeleteWord]);
        assert_eq!(field.text, "");
        apply(&mut field, &[Action::Yank]);
        assert_eq!(field.text, "two ", "the last text that was deleted");
    }

    #[test]
    fn text_is_cut_at_the_limit() {
        let mut field = input(&"ä".repeat(600));
        assert_eq!(field.text.len(), MAX_BYTES);
        field.insert("x");
        assert_eq!(field.text.len(), MAX_BYTES);
        press(&mut field, Code::Left);
        press(&mut field, Code::Delete);
        assert_eq!(field.text.len(), MAX_BYTES - 2);
    }
}

//! What is being written. The only file that names the text editing library.
//!
//! The library edits; wrapping, the cursor's place on screen and moving through wrapped rows are ours, so that the
//! composer breaks lines and counts cells exactly as the message pane does.

use crate::domain::{LocalId, MessageId, Quote};
use crate::input::Action;
use crate::text::{Row, width, wrap};
use ratatui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

/// A text being written, with its cursor and its undo history.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    editor: TextArea<'static>,
    /// The message whose text this is to replace; else it is a new one.
    pub editing: Option<MessageId>,
    /// What it replies to.
    pub reply: Option<Box<Reply>>,
    /// It began with a paste: a leading `/` is text.
    pub literal: bool,
}

/// The message that is being replied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The identity of its send, by which the server is told.
    pub to: LocalId,
    /// What is quoted of it.
    pub quote: Quote,
}

/// A row on screen: which line of the text, and which of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposerRow {
    /// The line of the text.
    pub line: usize,
    /// The bytes of that line.
    pub bytes: Row,
}

impl Composer {
    /// A composer that replaces `text` of `message`.
    pub fn edit_of(message: MessageId, text: &str) -> Self {
        Self { editing: Some(message), literal: true, ..Self::with_text(text) }
    }

    /// A composer that holds `text`, the cursor at its end.
    pub fn with_text(text: &str) -> Self {
        let mut editor = TextArea::new(text.split('\n').map(str::to_owned).collect());
        editor.move_cursor(CursorMove::Bottom);
        editor.move_cursor(CursorMove::End);
        Self { editor, editing: None, reply: None, literal: false }
    }

    /// A composer that holds `text`, the cursor behind so many of its characters.
    pub(in crate::app) fn with_cursor_at(text: &str, cursor: usize) -> Self {
        let mut composer = Self::with_text(text);
        let before: String = text.chars().take(cursor).collect();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        let cap = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        composer.editor.move_cursor(CursorMove::Jump(cap(line), cap(column)));
        composer
    }

    /// Behind how many characters of the text the cursor stands.
    pub fn cursor_chars(&self) -> usize {
        let cursor = self.editor.cursor();
        let above = self.editor.lines().iter().take(cursor.0).map(|line| line.chars().count() + 1);
        above.sum::<usize>() + cursor.1
    }

    /// Whether there is nothing of it to be kept: no text, nothing that it replies to or changes.
    pub fn is_blank(&self) -> bool {
        self.is_empty() && self.reply.is_none() && self.editing.is_none()
    }

    /// What is written.
    pub fn text(&self) -> String {
        self.editor.lines().join("\n")
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        matches!(self.editor.lines(), [only] if only.is_empty())
    }

    /// Whether it is a command, as far as it is written.
    pub fn is_command(&self) -> bool {
        let first = self.editor.lines().first();
        let slash = first.is_some_and(|line| line.starts_with('/') && !line.starts_with("//"));
        slash && !self.literal && self.editing.is_none()
    }

    /// Its lines.
    pub fn lines(&self) -> &[String] {
        self.editor.lines()
    }

    /// Types a character.
    pub fn insert(&mut self, c: char) {
        self.editor.insert_char(c);
    }

    /// Pastes text, with its line breaks.
    pub fn paste(&mut self, text: &str) {
        self.literal |= self.is_empty();
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
        self.editor.insert_str(text.replace(|c: char| c.is_control() && c != '\n', ""));
    }

    /// Carries an editing action out; says whether it was one.
    pub fn apply(&mut self, action: Action) -> bool {
        match action {
            Action::NewLine => self.editor.insert_newline(),
            Action::LineStart => self.editor.move_cursor(CursorMove::Head),
            Action::LineEnd => self.editor.move_cursor(CursorMove::End),
            Action::WordLeft => self.editor.move_cursor(CursorMove::WordBack),
            Action::WordRight => self.editor.move_cursor(CursorMove::WordForward),
            Action::DeleteWord => drop(self.editor.delete_word()),
            Action::DeleteToStart => drop(self.editor.delete_line_by_head()),
            Action::DeleteToEnd => drop(self.editor.delete_line_by_end()),
            Action::Undo => drop(self.editor.undo()),
            Action::Redo => drop(self.editor.redo()),
            _ => return false,
        }
        self.literal &= !self.is_empty();
        true
    }

    /// Moves one grapheme left.
    pub fn left(&mut self) {
        for _ in 0..self.before().map_or(1, |grapheme| grapheme.chars().count()) {
            self.editor.move_cursor(CursorMove::Back);
        }
    }

    /// Moves one grapheme right.
    pub fn right(&mut self) {
        if !self.jump_right() {
            self.editor.move_cursor(CursorMove::Forward);
        }
    }

    /// Deletes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        for _ in 0..self.before().map_or(1, |grapheme| grapheme.chars().count()) {
            self.editor.delete_char();
        }
        self.literal &= !self.is_empty();
    }

    /// Deletes the grapheme after the cursor.
    pub fn delete(&mut self) {
        let chars = self.after().map_or(0, |grapheme| grapheme.chars().count());
        if self.jump_right() {
            for _ in 0..chars {
                self.editor.delete_char();
            }
        } else {
            self.editor.delete_next_char();
        }
        self.literal &= !self.is_empty();
    }

    /// Moves one row of the screen up or down, at `cells` a row; says whether there was one.
    pub fn move_row(&mut self, down: bool, cells: usize) -> bool {
        let rows = self.rows(cells);
        let (row, column) = self.cursor(cells);
        let target = if down { row + 1 } else { row.wrapping_sub(1) };
        let Some(target) = rows.get(target) else { return false };
        let line = &self.editor.lines()[target.line];
        let head = &line[..target.bytes.start as usize];
        let body = &line[target.bytes.start as usize..target.bytes.end as usize];
        let mut used = 0;
        let under = body.graphemes(true).take_while(|grapheme| {
            used += width(grapheme);
            used <= column
        });
        let column = head.chars().count() + under.map(|grapheme| grapheme.chars().count()).sum::<usize>();
        let line = target.line;
        let cap = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.editor.move_cursor(CursorMove::Jump(cap(line), cap(column)));
        true
    }

    /// The rows on screen at `cells` a row.
    pub fn rows(&self, cells: usize) -> Vec<ComposerRow> {
        let lines = self.editor.lines().iter().enumerate();
        lines
            .flat_map(|(line, text)| wrap(text, cells).into_iter().map(move |bytes| ComposerRow { line, bytes }))
            .collect()
    }

    /// Where the cursor stands on screen: row and column, at `cells` a row.
    pub fn cursor(&self, cells: usize) -> (usize, usize) {
        let (line, byte) = self.cursor_byte();
        let rows = self.rows(cells);
        let holds = |row: &ComposerRow| row.line == line && row.bytes.start as usize <= byte;
        let Some(at) = rows.iter().rposition(holds) else { return (0, 0) };
        let row = &rows[at];
        // A blank at which the line was broken is on no row: the cursor behind it waits at the row's end.
        let end = byte.min(row.bytes.end as usize);
        let column = width(&self.editor.lines()[line][row.bytes.start as usize..end]);
        (at, column.min(cells))
    }

    /// Jumps behind the next grapheme of the line, if there is one: the library's own step stops before a mark without
    /// width at the end of a line.
    fn jump_right(&mut self) -> bool {
        let Some(chars) = self.after().map(|grapheme| grapheme.chars().count()) else { return false };
        let cursor = self.editor.cursor();
        let cap = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.editor.move_cursor(CursorMove::Jump(cap(cursor.0), cap(cursor.1 + chars)));
        true
    }

    fn cursor_byte(&self) -> (usize, usize) {
        let cursor = self.editor.cursor();
        let line = &self.editor.lines()[cursor.0];
        (cursor.0, line.char_indices().nth(cursor.1).map_or(line.len(), |(byte, _)| byte))
    }

    fn before(&self) -> Option<&str> {
        let (line, byte) = self.cursor_byte();
        self.editor.lines()[line][..byte].graphemes(true).next_back()
    }

    fn after(&self) -> Option<&str> {
        let (line, byte) = self.cursor_byte();
        self.editor.lines()[line][byte..].graphemes(true).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_deleted_whole() {
        let mut composer = Composer::with_text("a👨‍👩‍👧");
        composer.backspace();
        assert_eq!(composer.text(), "a");
    }

    #[test]
    fn a_heart_is_passed_and_deleted_whole() {
        let mut composer = Composer::with_text("❤️\nb");
        composer.move_row(false, 10);
        composer.apply(Action::LineStart);
        composer.right();
        composer.insert('x');
        assert_eq!(composer.text(), "❤️x\nb");
        composer.apply(Action::LineStart);
        composer.delete();
        assert_eq!(composer.text(), "x\nb");
    }

    #[test]
    fn the_cursor_follows_the_wrapped_rows() {
        let mut composer = Composer::with_text("hello brave world");
        assert_eq!(composer.cursor(7), (2, 5));
        assert!(composer.move_row(false, 7));
        assert_eq!(composer.cursor(7), (1, 5));
        composer.insert('!');
        assert_eq!(composer.text(), "hello brave! world");
    }

    #[test]
    fn moving_beyond_the_first_row_says_so() {
        let mut composer = Composer::with_text("one");
        assert!(!composer.move_row(false, 10));
        assert!(!composer.move_row(true, 10));
    }

    #[test]
    fn a_paste_that_begins_with_a_slash_is_text() {
        let mut composer = Composer::default();
        composer.paste("/quit\r\n\tnow");
        assert!(composer.literal);
        assert_eq!(composer.text(), "/quit\n    now");
    }
}

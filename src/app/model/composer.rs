//! The text being written, with its cursor and undo history.
//!
//! This is the only file that uses the text editing library. The library edits the text; wrapping, the cursor position
//! on screen and movement through wrapped rows are implemented here, so that the composer breaks lines and counts cells
//! exactly as the message pane does.

use crate::domain::{LocalId, MessageId, Quote};
use crate::input::Action;
use crate::text::{Row, width, wrap};
use ratatui_textarea::{CursorMove, TextArea};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// Maximum length of the text, in bytes; received messages have the same limit. Typed and pasted text beyond it is left
/// out. The library jumps to lines and columns counted in `u16`, so longer lines would be edited at the wrong place.
pub(in crate::app) const MAX_TEXT: usize = u16::MAX as usize;

/// A text being written, with its cursor and undo history.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    editor: TextArea<'static>,
    /// The message whose text is being edited; `None` for a new message.
    pub editing: Option<MessageId>,
    /// The message it replies to, if any.
    pub reply: Option<Box<Reply>>,
    /// Whether a leading `/` is text instead of a command, because the text began with a paste or is an edit.
    pub literal: bool,
    /// Whether typed or pasted text was left out because the text was full.
    overflowed: bool,
    /// The rows that the text was wrapped to, and their width; `None` after a change of the text.
    wrapped: Option<(usize, Vec<ComposerRow>)>,
}

/// The message that is being replied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The `LocalId` of that message, by which the server identifies it.
    pub to: LocalId,
    /// The quotation shown with the reply.
    pub quote: Quote,
}

/// A row on screen, as a range of bytes within a line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposerRow {
    /// The index of the line within the text.
    pub line: usize,
    /// The range of bytes within that line.
    pub bytes: Row,
}

impl Composer {
    /// Creates a composer that edits `message`, starting from its current `text`.
    pub fn edit_of(message: MessageId, text: &str) -> Self {
        Self { editing: Some(message), literal: true, ..Self::with_text(text) }
    }

    /// Creates a composer that contains `text`, with the cursor at its end.
    pub fn with_text(text: &str) -> Self {
        let mut editor = TextArea::new(text.split('\n').map(str::to_owned).collect());
        editor.move_cursor(CursorMove::Bottom);
        editor.move_cursor(CursorMove::End);
        Self { editor, ..Self::default() }
    }

    /// Creates a composer that contains `text`, with the cursor after its first `cursor` characters.
    pub(in crate::app) fn with_cursor_at(text: &str, cursor: usize) -> Self {
        let mut composer = Self::with_text(text);
        let before: String = text.chars().take(cursor).collect();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        composer.place_cursor(line, column);
        composer
    }

    /// Returns the number of characters before the cursor, counting each line break as one.
    pub fn cursor_chars(&self) -> usize {
        let cursor = self.editor.cursor();
        let above = self.editor.lines().iter().take(cursor.0).map(|line| line.chars().count() + 1);
        above.sum::<usize>() + cursor.1
    }

    /// Whether nothing would be lost by discarding it: it has no text, and is neither a reply nor an edit.
    pub fn is_blank(&self) -> bool {
        self.is_empty() && self.reply.is_none() && self.editing.is_none()
    }

    /// Returns the text, with `\n` between lines.
    pub fn text(&self) -> String {
        self.editor.lines().join("\n")
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        matches!(self.editor.lines(), [only] if only.is_empty())
    }

    /// Whether the text written so far is a slash command. A leading `//` stands for a literal slash.
    pub fn is_command(&self) -> bool {
        let first = self.editor.lines().first();
        let slash = first.is_some_and(|line| line.starts_with('/') && !line.starts_with("//"));
        slash && !self.literal && self.editing.is_none()
    }

    /// Returns the lines of the text.
    pub fn lines(&self) -> &[String] {
        self.editor.lines()
    }

    /// Inserts a character at the cursor.
    pub fn insert(&mut self, c: char) {
        if self.has_space(c.len_utf8()) {
            self.editor.insert_char(c);
        }
    }

    /// Inserts pasted text, keeping line breaks and tabs and removing other control characters.
    pub fn paste(&mut self, text: &str) {
        // A leading line break means that the first line of the paste arrived before it was recognised as one.
        self.literal |= self.is_empty() || text.starts_with(['\r', '\n']);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "");
        if !self.has_space(text.len()) {
            text.truncate(text.floor_char_boundary(MAX_TEXT.saturating_sub(self.len())));
        }
        self.editor.insert_str(text);
    }

    /// Inserts text, which ends with a line break, above the present one and moves the cursor to the end. What was typed
    /// stays as it is, and a slash at its start is text from now on.
    pub(in crate::app) fn insert_above(&mut self, text: &str) {
        self.editor.move_cursor(CursorMove::Top);
        self.editor.move_cursor(CursorMove::Head);
        self.literal = true;
        self.paste(text);
        self.editor.move_cursor(CursorMove::Bottom);
        self.editor.move_cursor(CursorMove::End);
    }

    /// Returns whether typed or pasted text has been left out since the last call, because the text was full.
    pub(in crate::app) fn take_overflow(&mut self) -> bool {
        std::mem::take(&mut self.overflowed)
    }

    /// Returns whether so many bytes can be inserted, and prepares for the change.
    fn has_space(&mut self, bytes: usize) -> bool {
        let fits = self.len() + bytes <= MAX_TEXT;
        self.overflowed |= !fits;
        self.wrapped = None;
        fits
    }

    /// Returns the length of the text, in bytes.
    fn len(&self) -> usize {
        let lines = self.editor.lines();
        lines.iter().map(String::len).sum::<usize>() + lines.len() - 1
    }

    /// Performs `action` and returns true, or returns false if it is not an editing action.
    pub fn apply(&mut self, action: Action) -> bool {
        let movement = match action {
            Action::LineStart => Some(CursorMove::Head),
            Action::LineEnd => Some(CursorMove::End),
            Action::WordLeft => Some(CursorMove::WordBack),
            Action::WordRight => Some(CursorMove::WordForward),
            _ => None,
        };
        if let Some(movement) = movement {
            self.editor.move_cursor(movement);
            return true;
        }
        match action {
            Action::NewLine if !self.has_space(1) => {}
            Action::Yank if !self.has_space(self.editor.yank_text().len()) => {}
            Action::NewLine => self.editor.insert_newline(),
            Action::DeleteNext => self.delete(),
            Action::DeleteWord => drop(self.editor.delete_word()),
            Action::DeleteNextWord => drop(self.editor.delete_next_word()),
            Action::DeleteToStart => drop(self.editor.delete_line_by_head()),
            Action::DeleteToEnd => drop(self.editor.delete_line_by_end()),
            Action::Yank => drop(self.editor.paste()),
            Action::Undo => drop(self.editor.undo()),
            Action::Redo => drop(self.editor.redo()),
            _ => return false,
        }
        self.on_removal();
        true
    }

    /// Moves the cursor one grapheme to the left.
    pub fn left(&mut self) {
        for _ in 0..self.before().map_or(1, |grapheme| grapheme.chars().count()) {
            self.editor.move_cursor(CursorMove::Back);
        }
    }

    /// Moves the cursor one grapheme to the right.
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
        self.on_removal();
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
        self.on_removal();
    }

    /// Adapts to text that may have become shorter.
    fn on_removal(&mut self) {
        self.literal &= !self.is_empty();
        self.wrapped = None;
    }

    /// Moves the cursor one screen row up or down, with rows of `cells` cells. Returns false if there is no such row.
    pub fn move_row(&mut self, down: bool, cells: usize) -> bool {
        self.wrap(cells);
        let (row, column) = self.cursor(cells);
        let target = if down { row + 1 } else { row.wrapping_sub(1) };
        let Some(target) = self.rows(cells).get(target).cloned() else { return false };
        self.jump_to(&target, column);
        true
    }

    /// Moves the cursor to a cell on screen, with rows of `cells` cells; past the end of the text, to its end.
    pub(in crate::app) fn move_to(&mut self, row: usize, column: usize, cells: usize) {
        let rows = self.rows(cells);
        let target = rows.get(row).map(|row| (row, column)).or_else(|| Some((rows.last()?, usize::MAX)));
        if let Some((row, column)) = target.map(|(row, column)| (row.clone(), column)) {
            self.jump_to(&row, column);
        }
    }

    /// Moves the cursor to the last place in a row that is at most `column` cells from its start.
    fn jump_to(&mut self, target: &ComposerRow, column: usize) {
        let line = &self.editor.lines()[target.line];
        let head = &line[..target.bytes.start as usize];
        let body = &line[target.bytes.start as usize..target.bytes.end as usize];
        let mut used = 0;
        let under = body.graphemes(true).take_while(|grapheme| {
            used += width(grapheme);
            used <= column
        });
        let column = head.chars().count() + under.map(|grapheme| grapheme.chars().count()).sum::<usize>();
        self.place_cursor(target.line, column);
    }

    /// Moves the cursor to a line, and to a column counted in characters.
    fn place_cursor(&mut self, line: usize, column: usize) {
        // Only drafts that were merged from several long texts contain more.
        let cap = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.editor.move_cursor(CursorMove::Jump(cap(line), cap(column)));
    }

    /// Wraps the text to rows of `cells` cells, for [`rows`](Self::rows). Costs nothing if the text has not changed.
    pub(in crate::app) fn wrap(&mut self, cells: usize) {
        if self.wrapped.as_ref().is_none_or(|(width, _)| *width != cells) {
            self.wrapped = Some((cells, self.wrap_lines(cells)));
        }
    }

    /// Returns the text wrapped to rows of `cells` cells.
    pub fn rows(&self, cells: usize) -> Cow<'_, [ComposerRow]> {
        match &self.wrapped {
            Some((width, rows)) if *width == cells => Cow::Borrowed(rows),
            _ => Cow::Owned(self.wrap_lines(cells)),
        }
    }

    fn wrap_lines(&self, cells: usize) -> Vec<ComposerRow> {
        let lines = self.editor.lines().iter().enumerate();
        lines
            .flat_map(|(line, text)| wrap(text, cells).into_iter().map(move |bytes| ComposerRow { line, bytes }))
            .collect()
    }

    /// Returns the cursor's row and column on screen, with rows of `cells` cells.
    pub fn cursor(&self, cells: usize) -> (usize, usize) {
        let (line, byte) = self.cursor_byte();
        let rows = self.rows(cells);
        let holds = |row: &ComposerRow| row.line == line && row.bytes.start as usize <= byte;
        let Some(at) = rows.iter().rposition(holds) else { return (0, 0) };
        let row = &rows[at];
        // A space at which the line was wrapped belongs to no row; a cursor after it is shown at the end of the row.
        let end = byte.min(row.bytes.end as usize);
        let column = width(&self.editor.lines()[line][row.bytes.start as usize..end]);
        (at, column.min(cells))
    }

    /// Moves the cursor past the next grapheme of the line and returns whether there was one. The library's own
    /// movement stops before a zero-width mark at the end of a line.
    fn jump_right(&mut self) -> bool {
        let Some(chars) = self.after().map(|grapheme| grapheme.chars().count()) else { return false };
        let cursor = self.editor.cursor();
        self.place_cursor(cursor.0, cursor.1 + chars);
        true
    }

    /// Returns the cursor's line and its byte offset within that line.
    fn cursor_byte(&self) -> (usize, usize) {
        let cursor = self.editor.cursor();
        let line = &self.editor.lines()[cursor.0];
        (cursor.0, line.char_indices().nth(cursor.1).map_or(line.len(), |(byte, _)| byte))
    }

    /// Returns the grapheme before the cursor in its line.
    fn before(&self) -> Option<&str> {
        let (line, byte) = self.cursor_byte();
        self.editor.lines()[line][..byte].graphemes(true).next_back()
    }

    /// Returns the grapheme after the cursor in its line.
    fn after(&self) -> Option<&str> {
        let (line, byte) = self.cursor_byte();
        self.editor.lines()[line][byte..].graphemes(true).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backspace_deletes_a_joined_emoji_at_once() {
        let mut composer = Composer::with_text("a👨‍👩‍👧");
        composer.backspace();
        assert_eq!(composer.text(), "a");
    }

    #[test]
    fn heart_emoji_is_one_step_for_cursor_and_delete() {
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
    fn cursor_moves_through_wrapped_rows() {
        let mut composer = Composer::with_text("hello brave world");
        assert_eq!(composer.cursor(7), (2, 5));
        assert!(composer.move_row(false, 7));
        assert_eq!(composer.cursor(7), (1, 5));
        composer.insert('!');
        assert_eq!(composer.text(), "hello brave! world");
    }

    #[test]
    fn click_places_the_cursor_between_graphemes() {
        let mut composer = Composer::with_text("日本 brave world\nend");
        composer.move_to(0, 3, 7);
        assert_eq!(composer.cursor(7), (0, 2), "the right half of a wide character");
        composer.move_to(1, 99, 7);
        assert_eq!(composer.cursor(7), (1, 5));
        composer.move_to(9, 0, 7);
        assert_eq!(composer.cursor(7), (3, 3), "below the text");
    }

    #[test]
    fn move_row_returns_false_at_the_edges() {
        let mut composer = Composer::with_text("one");
        assert!(!composer.move_row(false, 10));
        assert!(!composer.move_row(true, 10));
    }

    /// Regression test: near the end of a pasted line of 70,000 characters, Delete removed the wrong character.
    #[test]
    fn text_beyond_64_kib_is_left_out_and_noticed() {
        let mut composer = Composer::default();
        composer.paste(&"ä".repeat(40_000));
        assert!(composer.take_overflow());
        assert!(!composer.take_overflow(), "it is reported once");
        assert_eq!(composer.text().len(), MAX_TEXT - 1, "a character is not cut");
        composer.insert('é');
        assert!(composer.take_overflow());
        composer.insert('x');
        assert!(!composer.take_overflow());
        composer.apply(Action::NewLine);
        assert!(composer.take_overflow());
        composer.left();
        composer.left();
        composer.delete();
        assert!(composer.text().ends_with("äx"));
        assert_eq!(composer.text().len(), MAX_TEXT - 2);
        composer.apply(Action::DeleteToStart);
        composer.apply(Action::Yank);
        composer.apply(Action::Yank);
        assert!(composer.take_overflow());
        assert_eq!(composer.text().len(), MAX_TEXT - 2, "what was deleted cannot be inserted twice");
    }

    #[test]
    fn last_of_65_535_lines_can_be_edited() {
        let mut composer = Composer::default();
        composer.paste(&"\n".repeat(MAX_TEXT));
        composer.left();
        composer.right();
        composer.move_row(false, 10);
        composer.move_row(true, 10);
        assert_eq!(composer.cursor_chars(), MAX_TEXT);
        assert_eq!(composer.cursor(10), (MAX_TEXT, 0));
    }

    /// Regression test: each key wrapped the whole text several times.
    #[test]
    fn unchanged_text_is_wrapped_once() {
        let mut composer = Composer::with_text("hello brave world");
        let is_wrapped = |composer: &Composer| matches!(composer.rows(7), Cow::Borrowed(_));
        composer.wrap(7);
        composer.move_row(false, 7);
        composer.left();
        for action in [Action::LineStart, Action::WordRight, Action::WordLeft, Action::LineEnd] {
            assert!(composer.apply(action));
        }
        assert!(is_wrapped(&composer));
        let edits: [fn(&mut Composer); 5] = [
            |composer| composer.insert('x'),
            |composer| composer.paste("brave new"),
            |composer| assert!(composer.apply(Action::DeleteWord)),
            Composer::backspace,
            Composer::delete,
        ];
        for edit in edits {
            edit(&mut composer);
            assert!(!is_wrapped(&composer));
            let rows = composer.rows(7).into_owned();
            composer.wrap(7);
            assert_eq!(composer.rows(7).into_owned(), rows);
        }
        composer.wrap(9);
        assert!(!is_wrapped(&composer), "rows of another width");
    }

    #[test]
    fn pasted_slash_is_literal_text() {
        let mut composer = Composer::default();
        composer.paste("/quit\r\n\tnow");
        assert!(composer.literal);
        assert_eq!(composer.text(), "/quit\n\tnow");
    }

    #[test]
    fn lines_after_a_typed_command_make_it_text() {
        let mut composer = Composer::with_text("/info");
        assert!(composer.is_command());
        composer.paste("\nmore");
        assert!(!composer.is_command());
    }

    #[test]
    fn tab_is_one_step_of_four_cells() {
        let mut composer = Composer::default();
        composer.paste("a\tb");
        assert_eq!(composer.cursor(20), (0, 6));
        composer.left();
        assert_eq!(composer.cursor(20), (0, 5));
        composer.backspace();
        assert_eq!(composer.text(), "ab");
    }

    #[test]
    fn deleted_text_can_be_inserted_again() {
        let mut composer = Composer::with_text("one two three");
        composer.apply(Action::DeleteWord);
        composer.apply(Action::LineStart);
        composer.apply(Action::Yank);
        assert_eq!(composer.text(), "threeone two ");
        composer.apply(Action::DeleteToEnd);
        assert_eq!(composer.text(), "three");
        composer.apply(Action::LineStart);
        composer.apply(Action::DeleteNext);
        composer.apply(Action::Yank);
        assert_eq!(composer.text(), "one two hree");
        composer.apply(Action::DeleteNextWord);
        composer.apply(Action::Undo);
        assert_eq!(composer.text(), "one two hree");
    }
}

//! The actions that move the cursor and edit the text, named and working as in readline.

use crate::app::model::composer::boundaries::{
    line_end, line_start, next_grapheme, previous_grapheme, word_left, word_right,
};
use crate::app::model::composer::buffer::Motion;
use crate::app::model::composer::kill_ring::{KillRing, Side};
use crate::app::model::composer::undo::EditKind;
use crate::app::model::composer::{Composer, LastAction};
use crate::input::Action;

impl Composer {
    /// Performs `action` and returns true, or returns false if it is not an editing action. `cells` is the width of a
    /// row on screen.
    pub fn apply(&mut self, action: Action, ring: &mut KillRing, cells: usize) -> bool {
        self.move_by(action, cells) || self.kill(action, ring) || self.change(action, ring)
    }

    /// Performs an action that moves the cursor or changes the selection.
    fn move_by(&mut self, action: Action, cells: usize) -> bool {
        let (motion, selects) = match action {
            Action::CharLeft => (Motion::Left, false),
            Action::CharRight => (Motion::Right, false),
            Action::RowUp | Action::RowDown => {
                self.move_row(action == Action::RowDown, cells);
                return true;
            }
            Action::LineStart => (Motion::LineStart, false),
            Action::LineEnd => (Motion::LineEnd, false),
            Action::WordLeft => (Motion::WordLeft, false),
            Action::WordRight => (Motion::WordRight, false),
            Action::SelectLeft => (Motion::Left, true),
            Action::SelectRight => (Motion::Right, true),
            Action::SelectWordLeft => (Motion::WordLeft, true),
            Action::SelectWordRight => (Motion::WordRight, true),
            Action::SelectToLineStart => (Motion::LineStart, true),
            Action::SelectToLineEnd => (Motion::LineEnd, true),
            Action::SelectUp | Action::SelectDown => {
                let is_down = action == Action::SelectDown;
                let target = self.row_target(is_down, cells);
                self.go(target.unwrap_or(if is_down { self.text().len() } else { 0 }), true);
                return true;
            }
            Action::SelectAll => {
                self.buffer.select_all();
                self.last = LastAction::Other;
                return true;
            }
            _ => return false,
        };
        self.go(self.buffer.target(motion), selects);
        true
    }

    /// Performs an action that deletes text into the kill ring. A selection is deleted instead of what the action names.
    fn kill(&mut self, action: Action, ring: &mut KillRing) -> bool {
        let at = self.buffer.cursor();
        let motion = match action {
            Action::DeleteWord => Motion::WordLeft,
            Action::DeleteToBlank => Motion::BlankLeft,
            Action::DeleteNextWord => Motion::WordRight,
            // At the start of a line, the line break before it is deleted; at the end, the one after it.
            Action::DeleteToStart if self.buffer.target(Motion::LineStart) == at => Motion::Left,
            Action::DeleteToStart => Motion::LineStart,
            Action::DeleteToEnd if self.buffer.target(Motion::LineEnd) == at => Motion::Right,
            Action::DeleteToEnd => Motion::LineEnd,
            _ => return false,
        };
        let continues = self.last == LastAction::Kill;
        if let Some(selected) = self.selection() {
            ring.push(self.buffer.replace(selected, "", EditKind::Whole));
        } else {
            let side = if self.buffer.target(motion) < at { Side::Before } else { Side::After };
            let killed = self.buffer.delete(motion, EditKind::Whole);
            if continues { ring.extend(killed, side) } else { ring.push(killed) }
        }
        self.on_change();
        self.last = LastAction::Kill;
        true
    }

    /// Performs any other change of the text.
    fn change(&mut self, action: Action, ring: &mut KillRing) -> bool {
        match action {
            Action::NewLine => self.insert('\n'),
            Action::DeleteNext => self.delete(),
            Action::DeleteBlanks => {
                let (text, at) = (self.text(), self.buffer.cursor());
                let start = text[..at].trim_end_matches([' ', '\t']).len();
                let end = text.len() - text[at..].trim_start_matches([' ', '\t']).len();
                self.replace(start..end, "");
            }
            Action::TransposeChars => self.transpose_chars(),
            Action::TransposeWords => self.transpose_words(),
            Action::UpperCaseWord => self.convert_word(str::to_uppercase),
            Action::LowerCaseWord => self.convert_word(str::to_lowercase),
            Action::CapitalizeWord => self.convert_word(capitalized),
            Action::Yank => {
                if self.has_space(ring.newest().len()) {
                    let start = self.selection().map_or(self.buffer.cursor(), |selected| selected.start);
                    self.buffer.insert(ring.newest(), EditKind::Whole);
                    self.last = LastAction::Yank(start..start + ring.newest().len());
                }
            }
            Action::YankPop => self.yank_pop(ring),
            Action::Undo | Action::Redo => {
                let _ = if action == Action::Undo { self.buffer.undo() } else { self.buffer.redo() };
                self.on_change();
            }
            _ => return false,
        }
        true
    }

    /// Replaces the text that was just inserted from the kill ring by the next older one.
    fn yank_pop(&mut self, ring: &mut KillRing) {
        let LastAction::Yank(range) = self.last.clone() else { return };
        ring.rotate();
        let start = range.start;
        self.replace(range, ring.newest());
        let inserted = ring.newest().len().min(self.text().len() - start);
        self.last = LastAction::Yank(start..start + inserted);
    }

    /// Copies the selected text into the kill ring and returns it, if any is selected.
    pub(in crate::app) fn copy(&self, ring: &mut KillRing) -> Option<String> {
        let text = self.selected_text()?.to_owned();
        ring.push(text.clone());
        Some(text)
    }

    /// Like [`copy`](Self::copy), and deletes the selected text.
    pub(in crate::app) fn cut(&mut self, ring: &mut KillRing) -> Option<String> {
        let text = self.copy(ring)?;
        self.replace(self.selection()?, "");
        Some(text)
    }

    /// Swaps the graphemes around the cursor; at the end of a line, the last two.
    fn transpose_chars(&mut self) {
        let (text, at) = (self.text(), self.buffer.cursor());
        let (start, end) = (line_start(text, at), line_end(text, at));
        let middle = if at == end { previous_grapheme(text, at) } else { at };
        if at == start || middle <= start {
            return;
        }
        let range = previous_grapheme(text, middle)..next_grapheme(text, middle);
        let swapped = format!("{}{}", &text[middle..range.end], &text[range.start..middle]);
        self.replace(range, &swapped);
    }

    /// Swaps the word before the cursor with the one after it, or the last two.
    fn transpose_words(&mut self) {
        let text = self.text();
        let right_end = word_right(text, self.buffer.cursor());
        let right_start = word_left(text, right_end);
        let right_end = word_right(text, right_start);
        let left_start = word_left(text, right_start);
        let left_end = word_right(text, left_start);
        if left_start < left_end && left_end <= right_start && right_start < right_end {
            let (left, right) = (&text[left_start..left_end], &text[right_start..right_end]);
            let swapped = format!("{right}{}{left}", &text[left_end..right_start]);
            self.replace(left_start..right_end, &swapped);
        }
    }

    /// Converts the text from the cursor to the end of the word.
    fn convert_word(&mut self, convert: fn(&str) -> String) {
        let range = self.buffer.cursor()..self.buffer.target(Motion::WordRight);
        let converted = convert(&self.text()[range.clone()]);
        self.replace(range, &converted);
    }
}

/// Returns the text in lower case, with its first letter in upper case.
fn capitalized(text: &str) -> String {
    let first = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let rest = first + text[first..].chars().next().map_or(0, char::len_utf8);
    format!("{}{}{}", &text[..first], text[first..rest].to_uppercase(), text[rest..].to_lowercase())
}

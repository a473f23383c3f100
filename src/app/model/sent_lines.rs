//! Lines that were sent from a room and can be brought back into the composer, and the one that is shown.

use std::collections::VecDeque;

use crate::domain::RoomId;

/// Maximum number of lines per room.
const MAX_LINES: usize = 100;

/// Maximum length of the lines of a room, in bytes.
const MAX_BYTES: usize = 128 << 10;

/// A line that was sent: a message or a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLine {
    /// The text.
    pub text: String,
    /// Whether a leading `/` is text instead of a command.
    pub literal: bool,
}

/// The lines that were sent from a room since the program started, the newest last.
#[derive(Debug, Default)]
pub struct SentLines(VecDeque<SentLine>);

/// A walk through the sent lines of a room. It ends when the text is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// The room.
    pub room: RoomId,
    /// The lines, the newest last, then the draft from which the walk began.
    pub lines: Vec<SentLine>,
    /// Index of the line in the composer.
    pub shown: usize,
}

impl SentLine {
    /// Creates a line. Without a leading `/`, it makes no difference whether it is literal.
    pub(in crate::app) fn new(text: String, literal: bool) -> Self {
        Self { literal: literal && text.starts_with('/'), text }
    }
}

impl SentLines {
    /// Adds a line as the newest.
    pub(in crate::app) fn push(&mut self, line: SentLine) {
        self.0.push_back(line);
        while self.0.len() > MAX_LINES || self.0.iter().map(|line| line.text.len()).sum::<usize>() > MAX_BYTES {
            self.0.pop_front();
        }
    }

    /// Returns the lines, the newest last.
    pub(in crate::app) fn iter(&self) -> impl Iterator<Item = &SentLine> {
        self.0.iter()
    }
}

impl Recall {
    /// Starts a walk at the draft. Of equal lines only the newest remains.
    pub(in crate::app) fn new(room: RoomId, lines: Vec<SentLine>, draft: SentLine) -> Self {
        let mut distinct: Vec<SentLine> = Vec::new();
        for line in lines.into_iter().rev() {
            if !distinct.contains(&line) {
                distinct.push(line);
            }
        }
        distinct.reverse();
        distinct.push(draft);
        let shown = distinct.len() - 1;
        Self { room, lines: distinct, shown }
    }

    /// Moves to an older or newer line and returns it; `None` at the end.
    pub(in crate::app) fn step(&mut self, older: bool) -> Option<&SentLine> {
        let next = if older { self.shown.checked_sub(1)? } else { self.shown + 1 };
        let line = self.lines.get(next)?;
        self.shown = next;
        Some(line)
    }

    /// Whether a text is the line that is shown.
    pub(in crate::app) fn shows(&self, text: &str) -> bool {
        self.lines.get(self.shown).is_some_and(|line| line.text == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> SentLine {
        SentLine { text: text.to_owned(), literal: false }
    }

    #[test]
    fn number_and_length_of_lines_are_bounded() {
        let mut lines = SentLines::default();
        (0..150).for_each(|number| lines.push(line(&number.to_string())));
        assert_eq!((lines.0.len(), &*lines.0[0].text), (MAX_LINES, "50"));
        lines.push(line(&"x".repeat(MAX_BYTES)));
        assert_eq!(lines.0.len(), 1);
    }

    #[test]
    fn equal_lines_appear_once() {
        let lines = ["a", "b", "a", "a"].map(line).to_vec();
        let recall = Recall::new(RoomId::new("r"), lines, line("draft"));
        assert_eq!(recall.lines, ["b", "a", "draft"].map(line));
    }
}

//! Texts that were deleted or copied in the composer and can be inserted again.

use std::collections::VecDeque;

/// Maximum number of texts.
const MAX_TEXTS: usize = 16;

/// Maximum length of all texts, in bytes. The newest text is kept even if it is longer.
const MAX_BYTES: usize = 256 << 10;

/// The deleted and copied texts, newest first. It belongs to the screen, so a text can be moved to another room.
#[derive(Debug, Default)]
pub struct KillRing(VecDeque<String>);

/// The side of the previously deleted text on which the next one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Side {
    Before,
    After,
}

impl KillRing {
    /// Adds a text as the newest.
    pub(in crate::app) fn push(&mut self, text: String) {
        if text.is_empty() || self.0.front() == Some(&text) {
            return;
        }
        self.0.push_front(text);
        while self.0.len() > MAX_TEXTS || self.0.len() > 1 && self.0.iter().map(String::len).sum::<usize>() > MAX_BYTES
        {
            self.0.pop_back();
        }
    }

    /// Extends the newest text by one that was deleted directly after it.
    pub(in crate::app) fn extend(&mut self, text: String, side: Side) {
        match (self.0.front_mut(), side) {
            (Some(newest), Side::Before) => newest.insert_str(0, &text),
            (Some(newest), Side::After) => newest.push_str(&text),
            (None, _) => self.push(text),
        }
    }

    /// Returns the newest text; empty if there is none.
    pub(in crate::app) fn newest(&self) -> &str {
        self.0.front().map_or("", String::as_str)
    }

    /// Moves the newest text to the end, so that the next older one is the newest.
    pub(in crate::app) fn rotate(&mut self) {
        if !self.0.is_empty() {
            self.0.rotate_left(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_length_of_texts_are_bounded() {
        let mut ring = KillRing::default();
        for number in 0..100 {
            ring.push(number.to_string());
        }
        assert_eq!((ring.0.len(), ring.newest()), (MAX_TEXTS, "99"));
        ring.push("x".repeat(MAX_BYTES + 1));
        assert_eq!((ring.0.len(), ring.newest().len()), (1, MAX_BYTES + 1));
    }
}

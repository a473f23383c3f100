//! The newest notices, to be read again: each is on the status line for a few seconds only, and not always in full.

use std::collections::VecDeque;

use crate::domain::Timestamp;
use crate::text::clip;

/// Maximum number of notices.
const MAX: usize = 100;

/// Maximum width of a notice, in cells.
const MAX_CELLS: usize = 1_000;

/// The newest notices.
#[derive(Debug, Default)]
pub struct Notices(VecDeque<(Timestamp, String)>);

impl Notices {
    /// Adds a notice, which has no control characters. One that says the same as the last one takes its place.
    pub(in crate::app) fn add(&mut self, at: Timestamp, text: &str) {
        let text = clip(text, MAX_CELLS);
        self.0.pop_front_if(|(_, newest)| *newest == text);
        self.0.push_front((at, text));
        self.0.truncate(MAX);
    }

    /// Returns the notices with their times, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        self.0.iter().map(|(at, text)| (*at, text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_notices_are_kept() {
        let mut notices = Notices::default();
        for number in 0..150 {
            notices.add(Timestamp(number), &format!("{number} {}", "x".repeat(5_000)));
            notices.add(Timestamp(number), &format!("{number} {}", "x".repeat(5_000)));
        }
        let kept: Vec<_> = notices.iter().collect();
        assert_eq!((kept.len(), kept[0].0, kept[99].0), (100, Timestamp(149), Timestamp(50)));
        assert!(kept.iter().all(|(_, text)| crate::text::width(text) <= MAX_CELLS));
    }
}

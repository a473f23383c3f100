//! The newest notices, to be read again: each is on the status line for a few seconds only, and not always in full.

use std::collections::VecDeque;

use crate::domain::Timestamp;
use crate::text::clip;

/// Maximum number of the program's own notices.
const MAX: usize = 100;

/// Maximum number of sentences of the server, which may send any number of them.
const MAX_FROM_SERVER: usize = 50;

/// Maximum width of a notice, in cells.
const MAX_CELLS: usize = 1_000;

/// Notice in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNotice {
    /// Time of the last repetition.
    pub at: Timestamp,
    /// The sentence.
    pub text: String,
    /// Number of repetitions that it stands for, from 1.
    pub count: u32,
    /// Whether the server sent it without being asked.
    from_server: bool,
}

/// The newest notices. Sentences of the server never push out the program's own.
#[derive(Debug, Default)]
pub struct Notices(VecDeque<ListedNotice>);

impl Notices {
    /// Adds a notice, which has no control characters. One that says the same as the last one takes its place, and a
    /// sentence of the server that of the same one anywhere in the list.
    pub(in crate::app) fn add(&mut self, at: Timestamp, text: &str, from_server: bool) {
        let text = clip(text, MAX_CELLS);
        let is_same = |notice: &ListedNotice| notice.from_server == from_server && notice.text == text;
        let searched = if from_server { self.0.len() } else { 1 };
        let before = self.0.iter().take(searched).position(is_same).and_then(|index| self.0.remove(index));
        let count = before.map_or(0, |notice| notice.count).saturating_add(1);
        self.0.push_front(ListedNotice { at, text, count, from_server });
        let most = if from_server { MAX_FROM_SERVER } else { MAX };
        let mut of_origin = self.0.iter().enumerate().filter(|(_, notice)| notice.from_server == from_server);
        if let Some((index, _)) = of_origin.nth(most) {
            self.0.remove(index);
        }
    }

    /// Returns the notices, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &ListedNotice> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_notices_are_kept() {
        let mut notices = Notices::default();
        for number in 0..150 {
            notices.add(Timestamp(number), &format!("{number} {}", "x".repeat(5_000)), false);
            notices.add(Timestamp(number), &format!("{number} {}", "x".repeat(5_000)), false);
        }
        let kept: Vec<_> = notices.iter().collect();
        assert_eq!((kept.len(), kept[0].at, kept[99].at), (100, Timestamp(149), Timestamp(50)));
        assert!(kept.iter().all(|notice| notice.count == 2 && crate::text::width(&notice.text) <= MAX_CELLS));
    }

    #[test]
    fn sentences_of_the_server_push_out_only_each_other() {
        let mut notices = Notices::default();
        notices.add(Timestamp(0), "own", false);
        for number in 1..200 {
            notices.add(Timestamp(number), &format!("sentence {number}"), true);
        }
        let kept: Vec<_> = notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!((kept.len(), kept[0], kept[49], kept[50]), (51, "sentence 199", "sentence 150", "own"));
    }

    #[test]
    fn repeated_sentence_of_the_server_is_one_notice() {
        let mut notices = Notices::default();
        for number in 0..10 {
            notices.add(Timestamp(number), ["slow down", "own"][number as usize % 2], number % 2 == 0);
        }
        let kept: Vec<_> = notices.iter().map(|notice| (notice.text.as_str(), notice.at.0, notice.count)).collect();
        assert_eq!(kept[..2], [("own", 9, 1), ("slow down", 8, 5)]);
        assert_eq!(kept.len(), 6, "the program's own keep their times");
    }
}

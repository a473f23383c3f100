//! State and geometry of the search box.

use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::Hit;
use crate::app::overlays::search::scan::Scan;
use crate::app::regions::Size;
use crate::domain::{MessageId, RoomId, Timestamp};

/// Maximum width of the box, in columns.
const WIDEST: u16 = 96;

/// Maximum height of the box, in rows.
const TALLEST: u16 = 32;

/// Screen size from which the box leaves part of the chat visible; on a smaller screen it fills the width.
const ROOMY: Size = Size { width: 110, height: 24 };

/// Screen height, in rows, from which a blank row separates the query from the results.
const AIRY: u16 = 20;

/// Rows per result: one for room and time, one for the line.
pub const HIT_ROWS: u16 = 2;

/// Places in which messages can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In the store, which has all messages.
    Disk,
    /// In memory, because no messages are stored.
    Memory,
    /// In the store and in memory, because the store does not have all messages.
    Both,
    /// Not available yet, because the store has not been loaded.
    Later,
}

/// State of the open search box.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Text typed by the user.
    pub query: String,
    /// Whether `query` is from the previous search, so that typing replaces it.
    pub replaces: bool,
    /// Room to search; `None` searches all rooms.
    pub room: Option<RoomId>,
    /// Results, newest first.
    pub hits: Vec<Hit>,
    /// Whether there are older results that are not listed.
    pub more: bool,
    /// Index of the selected result.
    pub chosen: usize,
    /// Index of the first result on screen, as computed by `layout`.
    pub first: usize,
    /// Number of results on screen, as computed by `layout`.
    pub shown: usize,
    /// Query that `hits` answers.
    pub(in crate::app) answered: Option<Query>,
    /// Search in progress.
    pub(in crate::app) work: Option<Work>,
}

/// A search in progress.
#[derive(Debug, Clone)]
pub(in crate::app) enum Work {
    /// Query sent to the store, with its number.
    Disk(u64, Query),
    /// Scan of the messages in memory.
    Memory(Scan),
}

impl Search {
    /// Returns a copy for reopening the box, in which typing replaces the query.
    ///
    /// The search stays limited to a room only if that is the open room.
    pub(in crate::app) fn once_more(&self, open: Option<&RoomId>) -> Self {
        let room = self.room.clone().filter(|room| Some(room) == open);
        Self { replaces: true, room, work: None, ..self.clone() }
    }

    /// Returns the query as it is typed now.
    pub(in crate::app) fn question(&self) -> Query {
        Query { text: self.query.trim().to_owned(), room: self.room.clone() }
    }

    /// Returns whether no words have been typed.
    pub fn is_blank(&self) -> bool {
        self.query.trim().is_empty()
    }

    /// Returns whether the results belong to the query as it is typed now.
    pub fn is_answered(&self) -> bool {
        self.answered.as_ref() == Some(&self.question())
    }

    /// Time at which the search has to continue without any event.
    pub(in crate::app) fn wakes_at(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.work {
            Some(Work::Memory(_)) => Some(now),
            Some(Work::Disk(..)) | None => None,
        }
    }

    /// Moves the selection by `by` results, limited to the results listed.
    pub(in crate::app) fn step(&mut self, by: isize) {
        self.chosen = self.chosen.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }

    /// Stores the results of `question`. If the same query is repeated, the selection stays on the same message.
    pub(in crate::app) fn take(&mut self, question: Query, hits: Vec<Hit>, more: bool) {
        let again = self.answered.as_ref() == Some(&question);
        let old: Option<MessageId> = self.hits.get(self.chosen).filter(|_| again).map(|hit| hit.message.clone());
        let place = old.and_then(|old| hits.iter().position(|hit| hit.message == old));
        self.chosen = place.unwrap_or(if again { self.chosen } else { 0 }).min(hits.len().saturating_sub(1));
        (self.hits, self.more, self.answered) = (hits, more, Some(question));
    }

    /// Removes the hits for which `gone` returns true and keeps the selection on the same message.
    pub(in crate::app) fn forget(&mut self, gone: impl Fn(&Hit) -> bool) {
        let above = self.hits.iter().take(self.chosen).filter(|hit| gone(hit)).count();
        self.hits.retain(|hit| !gone(hit));
        self.chosen = (self.chosen - above).min(self.hits.len().saturating_sub(1));
    }

    /// Returns the size of the box. It does not depend on the results, so that nothing moves while the user types.
    pub fn size(screen: Size) -> Size {
        if screen.width < ROOMY.width || screen.height < ROOMY.height {
            return Size { height: screen.height.saturating_sub(1), ..screen };
        }
        Size { width: WIDEST.min(screen.width), height: TALLEST.min(screen.height - 3) }
    }

    /// Returns whether a blank row separates the query from the results.
    pub fn is_airy(screen: Size) -> bool {
        screen.height >= AIRY
    }

    /// Scrolls just far enough to show the selection.
    ///
    /// A call takes `call` rows of the screen, and a note one row of the box if `noted` is set.
    pub(in crate::app) fn settle(&mut self, screen: Size, call: u16, noted: bool) {
        let height = Self::size(screen).height.min(screen.height.saturating_sub(1 + call));
        let others = 3 + u16::from(noted) + u16::from(Self::is_airy(screen));
        let rows = height.saturating_sub(others);
        self.shown = usize::from(rows / HIT_ROWS).max(1);
        let first = self.first.min(self.hits.len().saturating_sub(self.shown));
        self.first = first.clamp((self.chosen + 1).saturating_sub(self.shown), self.chosen);
    }
}

//! The search as it lies over the screen.

use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::Hit;
use crate::app::overlays::search::scan::Scan;
use crate::app::regions::Size;
use crate::domain::{MessageId, RoomId, Timestamp};

/// Columns of the box, at most.
const WIDEST: u16 = 96;

/// Rows of the box, at most.
const TALLEST: u16 = 32;

/// On a screen of this size and larger the chat stays in sight around it; a smaller one it fills.
const ROOMY: Size = Size { width: 110, height: 24 };

/// From this height on a row stands empty between the words and what was found.
const AIRY: u16 = 20;

/// Rows that a hit takes: where and when, and the line.
pub const HIT_ROWS: u16 = 2;

/// Where a search can look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On disk, where everything is.
    Disk,
    /// In memory: nothing is kept.
    Memory,
    /// In both: the disk does not have all.
    Both,
    /// Nowhere yet: the disk has not been read.
    Later,
}

/// The search while it is open.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What was typed.
    pub query: String,
    /// The words are those of the last time: what is typed stands in their place.
    pub replaces: bool,
    /// The only room that is searched; `None`: all.
    pub room: Option<RoomId>,
    /// What was found, the newest first.
    pub hits: Vec<Hit>,
    /// There is more than that, further back.
    pub more: bool,
    /// Which one is chosen.
    pub chosen: usize,
    /// The first one on screen, as `layout` settled it.
    pub first: usize,
    /// How many are on screen, as `layout` settled it.
    pub shown: usize,
    /// What the hits answer.
    pub(in crate::app) answered: Option<Query>,
    /// What is being looked for.
    pub(in crate::app) work: Option<Work>,
}

/// Looking for something.
#[derive(Debug, Clone)]
pub(in crate::app) enum Work {
    /// The disk was asked.
    Disk(u64, Query),
    /// What is in memory is gone through.
    Memory(Scan),
}

impl Search {
    /// The same once more, for somebody who looks for the next one or for something else.
    pub(in crate::app) fn once_more(&self, open: Option<&RoomId>) -> Self {
        let room = self.room.clone().filter(|room| Some(room) == open);
        Self { replaces: true, room, work: None, ..self.clone() }
    }

    /// What is asked now.
    pub(in crate::app) fn question(&self) -> Query {
        Query { text: self.query.trim().to_owned(), room: self.room.clone() }
    }

    /// Nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.query.trim().is_empty()
    }

    /// What was found answers what stands there.
    pub fn is_answered(&self) -> bool {
        self.answered.as_ref() == Some(&self.question())
    }

    /// When it has something to do by itself.
    pub(in crate::app) fn wakes_at(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.work {
            Some(Work::Memory(_)) => Some(now),
            Some(Work::Disk(..)) | None => None,
        }
    }

    /// Moves the choice, and stays inside.
    pub(in crate::app) fn step(&mut self, by: isize) {
        self.chosen = self.chosen.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }

    /// Takes what was found in answer to `question`. The choice stays on its message when that is asked again.
    pub(in crate::app) fn take(&mut self, question: Query, hits: Vec<Hit>, more: bool) {
        let again = self.answered.as_ref() == Some(&question);
        let old: Option<MessageId> = self.hits.get(self.chosen).filter(|_| again).map(|hit| hit.message.clone());
        let place = old.and_then(|old| hits.iter().position(|hit| hit.message == old));
        self.chosen = place.unwrap_or(if again { self.chosen } else { 0 }).min(hits.len().saturating_sub(1));
        (self.hits, self.more, self.answered) = (hits, more, Some(question));
    }

    /// Forgets the hits for which `gone` says so, and keeps the choice where it is.
    pub(in crate::app) fn forget(&mut self, gone: impl Fn(&Hit) -> bool) {
        let above = self.hits.iter().take(self.chosen).filter(|hit| gone(hit)).count();
        self.hits.retain(|hit| !gone(hit));
        self.chosen = (self.chosen - above).min(self.hits.len().saturating_sub(1));
    }

    /// The size of the box. It does not depend on what was found, so that nothing moves while one types.
    pub fn size(screen: Size) -> Size {
        if screen.width < ROOMY.width || screen.height < ROOMY.height {
            return Size { height: screen.height.saturating_sub(1), ..screen };
        }
        Size { width: WIDEST.min(screen.width), height: TALLEST.min(screen.height - 3) }
    }

    /// Whether a row stands empty between the words and what was found.
    pub fn is_airy(screen: Size) -> bool {
        screen.height >= AIRY
    }

    /// Scrolls as little as shows the choice. Of the screen so many rows are taken by a call, and of the box one by a note.
    pub(in crate::app) fn settle(&mut self, screen: Size, call: u16, noted: bool) {
        let height = Self::size(screen).height.min(screen.height.saturating_sub(1 + call));
        let others = 3 + u16::from(noted) + u16::from(Self::is_airy(screen));
        let rows = height.saturating_sub(others);
        self.shown = usize::from(rows / HIT_ROWS).max(1);
        let first = self.first.min(self.hits.len().saturating_sub(self.shown));
        self.first = first.clamp((self.chosen + 1).saturating_sub(self.shown), self.chosen);
    }
}

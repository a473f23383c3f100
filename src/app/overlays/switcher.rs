//! Switcher that finds a room, a person or a command by a few letters.

use crate::domain::{LocalId, PersonId, RoomId};
use crate::input::{Action, CommandSpec};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Maximum number of results.
const MOST: usize = 200;

/// State of the open switcher.
#[derive(Debug, Clone, Default)]
pub struct Switcher {
    /// Text typed so far.
    pub query: String,
    /// All searchable entries, as they were when the switcher was opened.
    all: Vec<Find>,
    /// Matching entries, best match first.
    pub found: Vec<Find>,
    /// Index of the selected entry in `found`.
    pub chosen: usize,
    /// Purpose for which the switcher was opened.
    pub purpose: Purpose,
}

/// Purpose of the switcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Go to the selected entry, or run it.
    #[default]
    GoTo,
    /// Forward the message with this id to the selected entry.
    Forward(LocalId),
}

impl Purpose {
    /// Returns the title of the box.
    pub fn title(self) -> &'static str {
        match self {
            Self::GoTo => "Go to",
            Self::Forward(_) => "Forward to",
        }
    }
}

/// An entry of the switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Target of the entry.
    pub target: Target,
    /// Text that is shown and searched.
    pub label: String,
    /// Additional information shown beside the label.
    pub hint: String,
}

/// Target of a switcher entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A room.
    Room(RoomId),
    /// A person; opens the direct message with them.
    Person(PersonId),
    /// An action that is bound to a key.
    Action(Action),
    /// A command; its beginning is written into the composer.
    Command(&'static CommandSpec),
}

impl Switcher {
    /// Returns a switcher that lists all entries in the given order.
    pub fn over(all: Vec<Find>) -> Self {
        let mut switcher = Self { all, ..Self::default() };
        switcher.search();
        switcher
    }

    /// Updates the results after the query has changed.
    pub fn search(&mut self) {
        self.chosen = 0;
        if self.query.trim().is_empty() {
            self.found = self.all.iter().take(MOST).cloned().collect();
            return;
        }
        let pattern = Pattern::parse(&self.query, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, &Find)> = Vec::new();
        for find in &self.all {
            let score = pattern.score(Utf32Str::new(&find.label, &mut buffer), &mut matcher);
            scored.extend(score.map(|score| (score, find)));
        }
        // The sort is stable: among equal scores the earlier entry wins, which is the room with the newest activity.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.found = scored.into_iter().map(|(_, find)| find.clone()).take(MOST).collect();
    }

    /// Moves the selection up or down and wraps around at the ends.
    pub fn step(&mut self, down: bool) {
        let count = self.found.len().max(1);
        self.chosen = (self.chosen + if down { 1 } else { count - 1 }) % count;
    }
}

//! The switcher: a few letters find a room, a person or a command.

use crate::domain::{LocalId, PersonId, RoomId};
use crate::input::{Action, CommandHelp};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// How many finds are kept.
const MOST: usize = 200;

/// The switcher while it is open.
#[derive(Debug, Clone, Default)]
pub struct Switcher {
    /// The letters so far.
    pub query: String,
    /// All there is to find, as it was when the switcher was opened.
    all: Vec<Find>,
    /// What they find, the best first.
    pub found: Vec<Find>,
    /// Which one is chosen.
    pub chosen: usize,
    /// What for.
    pub purpose: Purpose,
}

/// What something is looked for in the switcher for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To go there, or to do it.
    #[default]
    GoTo,
    /// To send the message on that was sent as this.
    Forward(LocalId),
}

impl Purpose {
    /// The title of the box.
    pub fn title(self) -> &'static str {
        match self {
            Self::GoTo => "Go to",
            Self::Forward(_) => "Forward to",
        }
    }
}

/// Something the letters found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// What it is.
    pub target: Target,
    /// What is shown and searched.
    pub label: String,
    /// What is shown beside it.
    pub hint: String,
}

/// Something that can be switched to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A room.
    Room(RoomId),
    /// A person: opens the chat with them.
    Person(PersonId),
    /// Something a key does.
    Action(Action),
    /// A command: writes its beginning into the composer.
    Command(&'static CommandHelp),
}

impl Switcher {
    /// The switcher as it opens: everything, in the order given.
    pub fn over(all: Vec<Find>) -> Self {
        let mut switcher = Self { all, ..Self::default() };
        switcher.search();
        switcher
    }

    /// Finds again, after the letters changed.
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
        // Stable: of equals the one that comes first in the list wins, which is the room with the newest activity.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.found = scored.into_iter().map(|(_, find)| find.clone()).take(MOST).collect();
    }

    /// Moves the choice up or down, round the ends.
    pub fn step(&mut self, down: bool) {
        let count = self.found.len().max(1);
        self.chosen = (self.chosen + if down { 1 } else { count - 1 }) % count;
    }
}

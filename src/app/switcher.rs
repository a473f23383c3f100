//! The switcher: a few letters find a room, a person or a command.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::domain::{PersonId, RoomId};
use crate::input::{Action, COMMANDS, CommandHelp, Context};

use super::state::State;

/// How many finds are kept.
const MOST: usize = 200;

/// The switcher while it is open.
#[derive(Debug, Clone, Default)]
pub struct Switcher {
    /// The letters so far.
    pub query: String,
    /// What they find, the best first.
    pub found: Vec<Find>,
    /// Which one is chosen.
    pub chosen: usize,
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
    /// The switcher as it opens: all rooms, then people and commands.
    pub fn open(state: &State) -> Self {
        let mut switcher = Self::default();
        switcher.search(state);
        switcher
    }

    /// Finds again, after the letters changed.
    pub fn search(&mut self, state: &State) {
        self.chosen = 0;
        let all = candidates(state);
        if self.query.trim().is_empty() {
            self.found = all;
            self.found.truncate(MOST);
            return;
        }
        let pattern = Pattern::parse(&self.query, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Find)> = all
            .into_iter()
            .filter_map(|find| {
                let score = pattern.score(Utf32Str::new(&find.label, &mut buffer), &mut matcher)?;
                Some((score, find))
            })
            .collect();
        // Stable: of equals the one that comes first in the list wins, which is the room with the newest activity.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.found = scored.into_iter().map(|(_, find)| find).take(MOST).collect();
    }

    /// Moves the choice up or down, round the ends.
    pub fn step(&mut self, down: bool) {
        let count = self.found.len().max(1);
        self.chosen = (self.chosen + if down { 1 } else { count - 1 }) % count;
    }
}

fn candidates(state: &State) -> Vec<Find> {
    let mut all: Vec<Find> = Vec::new();
    for room in state.rooms.iter() {
        let hint = if room.unread.any() { "unread" } else { "" };
        all.push(Find {
            target: Target::Room(room.info.id.clone()),
            label: room.info.title.to_string(),
            hint: hint.to_owned(),
        });
    }
    let mut people: Vec<Find> = state
        .people
        .iter()
        .filter(|person| !state.is_me(&person.info.id))
        .map(|person| Find {
            target: Target::Person(person.info.id.clone()),
            label: format!("{} @{}", person.info.name, person.info.username),
            hint: "person".to_owned(),
        })
        .collect();
    people.sort_by(|a, b| a.label.cmp(&b.label));
    all.extend(people);
    let shown = Action::all()
        .filter(|action| action.context() == Context::Anywhere && !matches!(action, Action::Switcher | Action::Cancel));
    all.extend(shown.map(|action| Find {
        target: Target::Action(action),
        label: action.help().to_owned(),
        hint: state.options.keymap.shown(action),
    }));
    all.extend(COMMANDS.iter().filter(|command| !command.arguments.is_empty()).map(|command| Find {
        target: Target::Command(command),
        label: command.help.to_owned(),
        hint: format!("/{} {}", command.name, command.arguments),
    }));
    all
}

//! Switcher that finds a room, a person or a command by a few letters.

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::text_input::TextInput;
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::domain::{AccountId, LocalId, PersonId, RoomId};
use crate::input::{Action, CommandSpec, Key, Mouse, MouseKind};
use crate::text::{Fit, FuzzyMatch, FuzzyQuery, comparable, wrap};

/// Maximum number of results.
const MAX_RESULTS: usize = 200;

/// Rows above the results, for the query.
const QUERY_ROWS: u16 = 1;

/// State of the open switcher.
#[derive(Debug, Clone, Default)]
pub struct Switcher {
    /// Text typed so far.
    pub query: TextInput,
    /// All searchable entries, as they were when the switcher was opened.
    all: Vec<SwitcherEntry>,
    /// Matching entries, best match first.
    pub results: Vec<SwitcherResult>,
    /// Index of the selected entry in `results`.
    pub selected: usize,
    /// Index of the first entry on screen, as computed by `layout`.
    pub first: usize,
    /// Purpose for which the switcher was opened.
    pub purpose: SwitcherPurpose,
    /// Rows above the results while nothing is typed: what to do if nobody is known.
    note: Vec<String>,
}

/// Purpose of the switcher.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SwitcherPurpose {
    /// Go to the selected entry, or run it.
    #[default]
    GoTo,
    /// Forward the messages with these ids to the selected entry.
    Forward(Vec<LocalId>),
}

impl SwitcherPurpose {
    /// Returns the title of the box.
    pub fn title(&self) -> &'static str {
        match self {
            Self::GoTo => "Go to",
            Self::Forward(_) => "Forward to",
        }
    }

    /// Returns the word for choosing an entry, as shown among the hints.
    fn verb(&self) -> &'static str {
        match self {
            Self::GoTo => "open",
            Self::Forward(_) => "forward",
        }
    }
}

/// The entry that the user has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct SwitcherChoice {
    /// Purpose for which the switcher was opened.
    pub(in crate::app) purpose: SwitcherPurpose,
    /// Target of the chosen entry.
    pub(in crate::app) target: Target,
    /// Account of the chosen entry, if it is not the one that is shown.
    pub(in crate::app) account: Option<AccountId>,
}

/// An entry of the switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitcherEntry {
    /// Target of the entry.
    pub target: Target,
    /// Account of the target, if it is not the one that is shown.
    pub account: Option<AccountId>,
    /// Text that is shown and searched.
    pub label: String,
    /// Follows the label, is searched too and never cut off: what tells a person or room apart from others.
    pub mark: String,
    /// Description that follows the label. Only its whole words are searched, because the letters of almost any name
    /// are scattered over a sentence.
    pub detail: String,
    /// Additional information shown beside the label.
    pub hint: String,
}

impl SwitcherEntry {
    /// Returns the text that is searched by letters: the label and its mark, as they are shown.
    fn title(&self) -> String {
        format!("{} {}", self.label, self.mark).trim_end().to_owned()
    }

    /// Returns how the entry matches the query; `None` if it does not.
    fn rank(&self, query: &mut FuzzyQuery, words: &[String]) -> Option<Rank> {
        let found = query.find(&self.title()).and_then(|found| match self.target {
            // What an action does is a description, too.
            Target::Action(_) if found.fit == Fit::Scattered => None,
            _ if found.fit == Fit::Scattered => Some(Rank::Scattered(found)),
            _ => Some(Rank::Title(found)),
        });
        found.filter(|rank| *rank > Rank::Description).or_else(|| {
            let detail = comparable(&self.detail);
            let has = |word: &String| detail.split(|c: char| !c.is_alphanumeric()).any(|other| other == *word);
            words.iter().all(has).then_some(Rank::Description).or(found)
        })
    }
}

/// How an entry matches, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The letters of the query are scattered over the title.
    Scattered(FuzzyMatch),
    /// The description has every word of the query.
    Description,
    /// The title has every word of the query, or begins with it.
    Title(FuzzyMatch),
}

/// A matching entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitcherResult {
    /// The entry.
    pub entry: SwitcherEntry,
    /// Graphemes of label, blank and mark that match the query, by their index.
    pub matched: Vec<u32>,
}

/// Target of a switcher entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A room.
    Room(RoomId),
    /// A person; opens the direct message with them.
    Person(PersonId),
    /// Another profile, as it was shown last.
    Profile,
    /// A profile of the configuration file that is not open.
    OpenProfile(String),
    /// An action that is bound to a key.
    Action(Action),
    /// A command; its beginning is written into the composer.
    Command(&'static CommandSpec),
}

impl Switcher {
    /// Largest size of the box.
    pub(in crate::app) const SIZE: Size = Size { width: 64, height: 20 };

    /// Returns a switcher that lists all entries in the given order.
    pub fn over(all: Vec<SwitcherEntry>) -> Self {
        let mut switcher = Self { all, ..Self::default() };
        switcher.update_results();
        switcher
    }

    /// Adds sentences that are shown above the results while nothing is typed.
    #[must_use]
    pub(in crate::app) fn with_note(self, sentences: &[String], screen: Size) -> Self {
        let cells = frame::cells(screen, Self::SIZE.width);
        let rows = sentences.iter().flat_map(|text| {
            wrap(text, cells).into_iter().map(|row| text[row.start as usize..row.end as usize].to_owned())
        });
        Self { note: rows.collect(), ..self }
    }

    /// Returns the rows of the note that is shown now.
    pub fn note(&self) -> &[String] {
        if self.query.text.is_empty() { &self.note } else { &[] }
    }

    /// Finds the entries that match the query.
    fn update_results(&mut self) {
        (self.selected, self.first) = (0, 0);
        let mut query = FuzzyQuery::new(&self.query.text);
        let words: Vec<String> = comparable(&self.query.text).split_whitespace().map(str::to_owned).collect();
        let ranked = self.all.iter().filter_map(|entry| Some((entry.rank(&mut query, &words)?, entry)));
        let mut ranked: Vec<(Rank, &SwitcherEntry)> = ranked.collect();
        // The sort is stable: among equal ranks the earlier entry wins, which is the room with the newest activity.
        ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let results = ranked.into_iter().take(MAX_RESULTS).map(|(rank, entry)| {
            let matched = if rank == Rank::Description { Vec::new() } else { query.matched(&entry.title()) };
            SwitcherResult { entry: entry.clone(), matched }
        });
        self.results = results.collect();
    }

    /// Returns the area of the results within the box.
    pub fn results_region(&self, inside: Region) -> Region {
        let mut results = inside;
        let note = u16::try_from(self.note().len()).unwrap_or(u16::MAX);
        // At least one result stays visible.
        results.take_top(QUERY_ROWS.saturating_add(note).min(inside.height.saturating_sub(1).max(QUERY_ROWS)));
        results
    }

    /// Returns the visible results and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(self.results_region(inside), 1, self.first, self.results.len())
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        let shown = self.results_region(inside).height.into();
        self.first = rows::reveal(self.first, self.selected, self.results.len(), shown);
    }

    /// Moves the selection up or down and wraps around at the ends.
    fn step(&mut self, down: bool) -> Response<SwitcherChoice> {
        let count = self.results.len().max(1);
        self.selected = (self.selected + if down { 1 } else { count - 1 }) % count;
        Response::Stay
    }

    fn scroll(&mut self, by: isize, inside: Region) -> Response<SwitcherChoice> {
        let shown = self.results_region(inside).height.into();
        (self.first, self.selected) = rows::scroll(self.first, self.selected, by, self.results.len(), shown);
        Response::Stay
    }

    fn choose(&self, place: usize) -> Response<SwitcherChoice> {
        let entry = self.results.get(place).map(|result| &result.entry);
        Response::choose_if(entry.map(|entry| SwitcherChoice {
            purpose: self.purpose.clone(),
            target: entry.target.clone(),
            account: entry.account,
        }))
    }
}

impl Component for Switcher {
    type Choice = SwitcherChoice;

    const HEADING: &'static str = "In the switcher";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Open or run the selected entry",
            hint: |switcher| (!switcher.results.is_empty()).then(|| Hint::of(switcher.purpose.verb())),
            run: |switcher, _| switcher.choose(switcher.selected),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Close",
            hint: |_| Some(Hint::of("close")),
            run: |_, _| Response::Close,
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |switcher, _| switcher.step(false) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |switcher, _| switcher.step(true) },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        Some(&mut self.query)
    }

    fn on_other_key(&mut self, _: Key) -> Response<SwitcherChoice> {
        Response::Stay
    }

    fn on_edited(&mut self) {
        self.update_results();
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<SwitcherChoice> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-rows::WHEEL_ROWS, around.inside),
            MouseKind::WheelDown => self.scroll(rows::WHEEL_ROWS, around.inside),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => match rows::at(self.visible(around.inside), mouse.column, mouse.row) {
                Some(place) => self.choose(place),
                None => Response::Stay,
            },
        }
    }
}

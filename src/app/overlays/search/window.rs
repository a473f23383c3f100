//! State, keys and geometry of the search box.

use crate::app::overlays::component::{Component, Hint, KeyRow, Needs, Response, Surroundings, no_hint};
use crate::app::overlays::rows;
use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::SearchResult;
use crate::app::overlays::search::scan::Scan;
use crate::app::overlays::text_input::TextInput;
use crate::app::regions::{Region, Size};
use crate::domain::{MessageId, RoomId, Timestamp};
use crate::input::{Action, Key, Mouse, MouseKind};
use crate::text::SearchTerms;

/// Maximum width of the box, in columns.
const MAX_WIDTH: u16 = 96;

/// Maximum height of the box, in rows.
const MAX_HEIGHT: u16 = 32;

/// Screen size from which the box leaves part of the chat visible; on a smaller screen it fills the width.
const LARGE_SCREEN: Size = Size { width: 110, height: 24 };

/// Screen height, in rows, from which a blank row separates the query from the results.
const MIN_HEIGHT_SPACIOUS: u16 = 20;

/// Rows per result: one for room and time, one for the line.
pub const RESULT_ROWS: u16 = 2;

/// Results scrolled by one step of the mouse wheel.
const WHEEL_HITS: isize = 2;

/// Parts of the box, as computed by `layout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchRegions {
    /// Query and number of results.
    pub query: Region,
    /// Results.
    pub results: Region,
    /// Note about messages that are not searched; empty if there is none.
    pub note: Region,
}

/// State of the open search box.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Text typed by the user.
    pub query: TextInput,
    /// Room to search; `None` searches all rooms.
    pub room: Option<RoomId>,
    /// Results, newest first.
    pub results: Vec<SearchResult>,
    /// Whether there are older results that are not listed.
    pub more: bool,
    /// Index of the selected result.
    pub selected: usize,
    /// Index of the first result on screen, as computed by `layout`.
    pub first: usize,
    /// Parts of the box, as computed by `layout`.
    pub regions: SearchRegions,
    /// Words that are marked in the messages while the user walks through the results.
    pub terms: Option<SearchTerms>,
    /// Says which condition of the query is not understood in any of the accounts that are searched.
    pub problem: Option<String>,
    /// Says which conditions are not understood in this account.
    pub(in crate::app) problems: Vec<String>,
    /// The condition that the user has probably misspelt.
    pub suggestion: Option<String>,
    /// Query that `results` answers.
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
    Memory(Box<Scan>),
}

impl Search {
    /// Returns a copy for reopening the box, in which typing replaces the query.
    ///
    /// The search stays limited to a room only if that is the open room.
    pub(in crate::app) fn reopened(&self, open: Option<&RoomId>) -> Self {
        let room = self.room.clone().filter(|room| Some(room) == open);
        let query = self.query.clone().old();
        Self { query, room, work: None, ..self.clone() }
    }

    /// Returns the query as it is typed now.
    pub(in crate::app) fn current_query(&self) -> Query {
        Query { text: self.query.text.trim().to_owned(), room: self.room.clone() }
    }

    /// Returns whether no words have been typed.
    pub fn is_blank(&self) -> bool {
        self.query.is_blank()
    }

    /// Returns whether the results belong to the query as it is typed now.
    pub fn is_answered(&self) -> bool {
        self.answered.as_ref() == Some(&self.current_query())
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
        self.selected = self.selected.saturating_add_signed(by).min(self.results.len().saturating_sub(1));
    }

    /// Stores the results of `query`. If the same query is repeated, the selection stays on the same message.
    pub(in crate::app) fn set_results(&mut self, query: Query, results: Vec<SearchResult>, more: bool) {
        let is_repeated = self.answered.as_ref() == Some(&query);
        let elsewhere: Vec<SearchResult> =
            self.results.extract_if(.., |result| is_repeated && result.account.is_some()).collect();
        let old = self.results.get(self.selected).filter(|_| is_repeated).map(|result| result.message.clone());
        (self.more, self.answered) = (more, Some(query));
        self.list(results, elsewhere, old, is_repeated);
    }

    /// Stores the results of other accounts. The selection stays on the same message.
    pub(in crate::app) fn set_results_elsewhere(&mut self, elsewhere: Vec<SearchResult>) {
        if self.results.iter().filter(|result| result.account.is_some()).eq(&elsewhere) {
            return;
        }
        let old = self.results.get(self.selected).map(|result| result.message.clone());
        let mut own = std::mem::take(&mut self.results);
        own.retain(|result| result.account.is_none());
        self.list(own, elsewhere, old.filter(|_| self.selected > 0), self.selected > 0);
    }

    /// Lists the results, newest first, and selects the message `old`. Without it, the selection stays in its place if
    /// `stays`.
    fn list(
        &mut self,
        mut results: Vec<SearchResult>,
        elsewhere: Vec<SearchResult>,
        old: Option<MessageId>,
        stays: bool,
    ) {
        if !elsewhere.is_empty() {
            results.extend(elsewhere);
            results.sort_by_key(|result| std::cmp::Reverse(result.at));
        }
        let place = old.and_then(|old| results.iter().position(|result| result.message == old));
        self.selected = place.unwrap_or(if stays { self.selected } else { 0 }).min(results.len().saturating_sub(1));
        self.results = results;
    }

    /// Removes the results of this account for which `is_deleted` returns true and keeps the selection on the same message.
    pub(in crate::app) fn remove_results(&mut self, is_deleted: impl Fn(&SearchResult) -> bool) {
        let is_deleted = |result: &SearchResult| result.account.is_none() && is_deleted(result);
        let above = self.results.iter().take(self.selected).filter(|result| is_deleted(result)).count();
        self.results.retain(|result| !is_deleted(result));
        self.selected = (self.selected - above).min(self.results.len().saturating_sub(1));
    }

    /// Returns the size of the box. It does not depend on the results, so that nothing moves while the user types.
    pub fn size(screen: Size) -> Size {
        if screen.width < LARGE_SCREEN.width || screen.height < LARGE_SCREEN.height {
            return Size { height: screen.height.saturating_sub(1), ..screen };
        }
        Size { width: MAX_WIDTH.min(screen.width), height: MAX_HEIGHT.min(screen.height - 3) }
    }

    /// Computes the parts of the box and scrolls just far enough to show the selection.
    ///
    /// `has_note` reserves a row for a note.
    pub(in crate::app) fn settle(&mut self, screen: Size, inside: Region, has_note: bool) {
        let mut rest = inside;
        let query = rest.take_top(1);
        // Without a row for results, a note would be all that is shown.
        let note = rest.take_bottom(u16::from(has_note && rest.height > 1));
        rest.take_top(u16::from(screen.height >= MIN_HEIGHT_SPACIOUS));
        self.regions = SearchRegions { query, results: rest, note };
        self.first = rows::reveal(self.first, self.selected, self.results.len(), self.whole_results());
    }

    /// Returns the number of results that are completely visible.
    fn whole_results(&self) -> usize {
        usize::from(self.regions.results.height / RESULT_ROWS).max(1)
    }

    /// Returns the visible results and their regions; a result of which only a part fits is not shown, unless it is the
    /// only one.
    pub fn visible(&self) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(self.regions.results, RESULT_ROWS, self.first, self.results.len()).take(self.whole_results())
    }

    fn scroll(&mut self, by: isize) -> Response<SearchChoice> {
        (self.first, self.selected) =
            rows::scroll(self.first, self.selected, by, self.results.len(), self.whole_results());
        Response::Stay
    }

    fn move_by(&mut self, by: isize) -> Response<SearchChoice> {
        self.step(by);
        Response::Stay
    }

    fn move_by_pages(&mut self, pages: isize) -> Response<SearchChoice> {
        self.move_by(pages * self.whole_results().cast_signed())
    }

    /// Returns the name of the scope that is not searched now.
    fn other_scope(&self) -> &'static str {
        if self.room.is_some() { "all rooms" } else { "this room" }
    }

    fn jump(&self) -> Response<SearchChoice> {
        Response::choose_if((!self.results.is_empty()).then_some(SearchChoice::Jump))
    }
}

/// The user's choice in the search box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum SearchChoice {
    /// To jump to the selected result.
    Jump,
    /// To search all rooms instead of the open one, or the other way round.
    ToggleScope,
}

impl Component for Search {
    type Choice = SearchChoice;

    const HEADING: &'static str = "In the message search";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Jump to the selected message",
            hint: |search| (!search.results.is_empty()).then(|| Hint::of("jump")),
            run: |search, _| search.jump(),
        },
        KeyRow { action: Action::Cancel, help: "Close", hint: |_| Some(Hint::of("back")), run: |_, _| Response::Close },
        KeyRow {
            action: Action::SearchScope,
            help: "Search this room or all rooms",
            hint: |search| Some(Hint { word: search.other_scope(), needs: Needs::OpenRoom }),
            run: |_, _| Response::Choose(SearchChoice::ToggleScope),
        },
        KeyRow {
            action: Action::Search,
            help: "Search this room or all rooms",
            hint: no_hint,
            run: |_, _| Response::Choose(SearchChoice::ToggleScope),
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |search, _| search.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |search, _| search.move_by(1) },
        KeyRow { action: Action::ScrollUp, help: "Page up", hint: no_hint, run: |search, _| search.move_by_pages(-1) },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |search, _| search.move_by_pages(1),
        },
        KeyRow {
            action: Action::ToOldest,
            help: "First match",
            hint: no_hint,
            run: |search, _| search.move_by(isize::MIN),
        },
        KeyRow {
            action: Action::ToNewest,
            help: "Last match",
            hint: no_hint,
            run: |search, _| search.move_by(isize::MAX),
        },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        Some(&mut self.query)
    }

    fn on_other_key(&mut self, _: Key) -> Response<SearchChoice> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, _: Surroundings<'_>) -> Response<SearchChoice> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-WHEEL_HITS),
            MouseKind::WheelDown => self.scroll(WHEEL_HITS),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => match rows::at(self.visible(), mouse.column, mouse.row) {
                Some(place) => {
                    self.selected = place;
                    self.jump()
                }
                None => Response::Stay,
            },
        }
    }
}

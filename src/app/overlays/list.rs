//! List of things to choose from, which may be requested from the server, with a filter by a few letters.
//!
//! Where people or rooms are chosen, the filter is open from the start, as in the switcher. In other lists letters are
//! keys, so the filter has to be opened first, as in the settings.

mod row;
#[cfg(test)]
mod tests;

use crate::app::limits::MAX_LIST_ROWS;
use crate::app::overlays::component::{Component, Hint, KeyRow, Needs, Response, Surroundings, no_hint};
use crate::app::overlays::text_input::TextInput;
use crate::app::overlays::{frame, rows};
use crate::app::regions::{Region, Size};
use crate::domain::MessageId;
use crate::input::{Action, Key, Mouse, MouseKind};
use crate::text::{Fit, FuzzyQuery};

pub(in crate::app) use row::remove_known;
pub use row::{ListKind, ListRow, ListTarget};

/// Largest size of the box around a list. It leaves part of the chat visible.
const MAX_SIZE: Size = Size { width: 68, height: 20 };

/// The next page is requested when fewer rows than this are left below the selected one.
const ROWS_AHEAD: usize = 10;

/// Number of loaded rows from which a filter requests no more pages: a longer list is better searched by the server.
const MAX_FILTERED_ROWS: usize = 1_000;

/// A list over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Subject of the list; only answers about the same subject fill it.
    pub kind: ListKind,
    /// Rows loaded so far, below the facts about what is listed.
    pub rows: Vec<ListRow>,
    /// Number of the first rows that are such facts.
    pub facts: usize,
    /// Letters that the shown rows contain; `None` where letters are keys, until the user filters.
    pub filter: Option<TextInput>,
    /// Indices of the rows that match the filter, in the order in which they are shown.
    shown: Vec<usize>,
    /// Index of the selected row among those that are shown.
    pub selected: usize,
    /// Index of the first row on screen among those that are shown, as computed by `layout`.
    pub first: usize,
    /// Whether a page has been requested and has not arrived.
    pub loading: bool,
    /// Number of the page requested last, counted from 1.
    pub page: u32,
    /// Whether the server has pages after the last one requested.
    pub more: bool,
}

impl List {
    /// Returns an empty list whose first page has been requested.
    pub fn waiting(kind: ListKind) -> Self {
        let filter = kind.is_chooser().then(TextInput::default);
        let (rows, shown) = (Vec::new(), Vec::new());
        Self { kind, rows, facts: 0, filter, shown, selected: 0, first: 0, loading: true, page: 1, more: false }
    }

    /// Returns a list that is already complete.
    pub fn of(kind: ListKind, rows: Vec<ListRow>) -> Self {
        let shown = (0..rows.len()).collect();
        Self { rows, shown, loading: false, ..Self::waiting(kind) }
    }

    /// Returns the width of the rows on this screen.
    pub(in crate::app) fn text_cells(screen: Size) -> usize {
        frame::cells(screen, MAX_SIZE.width)
    }

    /// Returns the largest number of rows that are visible on this screen.
    pub(in crate::app) fn max_rows(screen: Size) -> usize {
        MAX_SIZE.height.min(screen.height.saturating_sub(1)).saturating_sub(frame::BORDER_ROWS).into()
    }

    /// Returns true if the row shown at this place is one of the facts.
    pub fn is_fact(&self, place: usize) -> bool {
        self.shown.get(place).is_some_and(|row| *row < self.facts)
    }

    /// Returns true if nothing is listed below the facts.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == self.facts
    }

    /// Replaces the facts above the rows. The first row below them is selected at the beginning, unless they fill all
    /// `visible` rows.
    pub(in crate::app) fn set_facts(&mut self, facts: Vec<ListRow>, visible: usize) {
        if self.rows.get(..self.facts) == Some(&*facts) {
            return;
        }
        let (before, after) = (self.facts, facts.len());
        let is_first = before == 0 && self.selected == 0;
        self.rows.splice(..before, facts);
        self.facts = after;
        self.apply_filter();
        if self.is_filtered() {
            // The facts are not among the rows that match.
            return;
        }
        if is_first && after >= visible {
            self.selected = 0;
        } else if self.selected >= before {
            self.selected = self.selected - before + after;
        } else {
            self.selected = self.selected.min(after.saturating_sub(1));
        }
    }

    /// Adds the page requested last and ignores any other.
    ///
    /// The first page replaces the present rows, and the selection stays on the same target. Later pages are appended.
    pub fn take(&mut self, page: u32, mut rows: Vec<ListRow>, more: bool) {
        if page != self.page {
            return;
        }
        if page > 1 {
            // Pages are cut by position, so a person who joins meanwhile pushes an already loaded row onto the next
            // page.
            remove_known(&mut rows, &self.rows);
        }
        // A page without new rows is the last one, whatever the server says: otherwise it would be requested forever.
        let more = more && !rows.is_empty();
        let listed = (self.rows.len() - self.facts) * usize::from(page > 1) + rows.len();
        let is_full = listed > MAX_LIST_ROWS;
        let (facts, advice) = (self.facts, self.kind.advice_for_others());
        self.change_rows(|present| {
            if page <= 1 {
                present.truncate(facts);
            }
            present.append(&mut rows);
            if is_full {
                present.truncate(facts + MAX_LIST_ROWS);
                let text = format!("Only the first {MAX_LIST_ROWS} are shown.{advice}");
                let (mark, hint) = (String::new(), String::new());
                present.push(ListRow { text, mark, hint, target: ListTarget::Nothing });
            }
        });
        (self.more, self.loading) = (more && !is_full, false);
    }

    /// Returns the sentence for a filter that no row matches.
    pub fn no_matches(&self) -> String {
        match &self.kind {
            kind @ ListKind::AddablePeople(_) => format!("No matches.{}", kind.advice_for_others()),
            _ => "No matches".to_owned(),
        }
    }

    /// Changes the rows. The same target stays selected, if it is still there.
    pub(in crate::app) fn change_rows(&mut self, change: impl FnOnce(&mut Vec<ListRow>)) {
        let selected = self.selected().map(|row| row.target.clone());
        change(&mut self.rows);
        self.apply_filter();
        let place = selected.and_then(|old| self.shown.iter().position(|row| self.rows[*row].target.is(&old)));
        self.selected = place.unwrap_or(self.selected).min(self.shown.len().saturating_sub(1));
    }

    /// Finds the rows that match the filter. Names are sorted by how well they match.
    fn apply_filter(&mut self) {
        let mut query = FuzzyQuery::new(self.filter.as_ref().map_or("", |filter| &filter.text));
        if query.is_blank() {
            self.shown = (0..self.rows.len()).collect();
            return;
        }
        let lists_names = self.kind.lists_names();
        let found = (self.facts..self.rows.len()).filter_map(|row| {
            // The letters of almost any word are scattered over a sentence.
            let found =
                query.find(&self.rows[row].title()).filter(|found| lists_names || found.fit > Fit::Scattered)?;
            Some((found, row))
        });
        let mut found: Vec<_> = found.collect();
        if lists_names {
            // The sort is stable.
            found.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
        }
        self.shown = found.into_iter().map(|(_, row)| row).collect();
    }

    /// Opens the filter.
    fn open_filter(&mut self) -> Response<ListChoice> {
        self.filter.get_or_insert_default();
        Response::Stay
    }

    /// Shows all rows again, or closes the list if it has no filter that can be closed. The same row stays selected.
    fn cancel(&mut self) -> Response<ListChoice> {
        if self.filter.is_none() || self.kind.is_chooser() {
            return Response::Close;
        }
        let selected = self.shown.get(self.selected).copied();
        self.filter = None;
        self.apply_filter();
        self.selected = selected.unwrap_or_default();
        Response::Stay
    }

    /// Whether letters belong to the filter.
    pub(in crate::app) fn is_typing(&self) -> bool {
        self.filter.is_some()
    }

    fn is_filtered(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| !filter.is_blank())
    }

    /// Returns the number of the next page if there is one and the selection is close to the last row shown.
    pub(in crate::app) fn next_page(&self) -> Option<u32> {
        let near = self.selected + ROWS_AHEAD >= self.shown.len();
        (near && self.more && !self.loading && self.unsearched().is_none()).then_some(self.page + 1)
    }

    /// Returns a sentence about rows that are not loaded, and that the filter therefore does not search.
    pub fn unsearched(&self) -> Option<String> {
        let is_partial = self.is_filtered() && self.more && self.rows.len() >= MAX_FILTERED_ROWS;
        let advice = self.kind.advice_for_others();
        is_partial.then(|| format!("Only the first {} are searched.{advice}", self.rows.len() - self.facts))
    }

    /// Returns the message of the last row, before which the next page of messages ends.
    pub(in crate::app) fn last_message(&self) -> Option<MessageId> {
        self.rows.iter().rev().find_map(|row| match &row.target {
            ListTarget::Message(_, message) => Some(message.clone()),
            _ => None,
        })
    }

    /// Moves the selection by `by` rows, limited to the rows of the list.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.shown.len().saturating_sub(1));
    }

    /// Returns the selected row.
    pub fn selected(&self) -> Option<&ListRow> {
        self.shown_row(self.selected)
    }

    /// Returns a row by its place among those that are shown.
    pub fn shown_row(&self, place: usize) -> Option<&ListRow> {
        self.rows.get(*self.shown.get(place)?)
    }

    /// Returns how many rows are below the last one on screen.
    pub fn rows_below(&self, inside: Region) -> usize {
        let last = self.visible(inside).last().map_or(0, |(place, _)| place + 1);
        self.shown.len().saturating_sub(last)
    }

    /// Returns the size of the box, which grows with the list up to a limit. While it is filtered, it stays as large, so
    /// that it does not move.
    pub(in crate::app) fn size(&self) -> Size {
        let rows = self.rows.len() + usize::from(self.loading);
        let height = frame::height_around(rows.max(1) + usize::from(self.filter.is_some()));
        Size { height: height.min(MAX_SIZE.height), ..MAX_SIZE }
    }

    /// Number of lines: the rows, and one for what follows them.
    fn lines(&self) -> usize {
        self.shown.len() + usize::from(self.loading || self.unsearched().is_some())
    }

    /// Returns the area of the rows within the box. The filter has a row above them.
    pub fn rows_region(&self, inside: Region) -> Region {
        let mut rows = inside;
        if self.filter.is_some() {
            rows.take_top(1);
        }
        rows
    }

    /// Returns the places of the visible rows among those that are shown, and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(self.rows_region(inside), 1, self.first, self.shown.len())
    }

    /// Scrolls just far enough to show the selection.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        let height = self.rows_region(inside).height.into();
        self.first = rows::reveal(self.first, self.selected, self.lines(), height);
    }

    fn scroll(&mut self, by: isize, inside: Region) -> Response<ListChoice> {
        let height = self.rows_region(inside).height.into();
        let (first, selected) = rows::scroll(self.first, self.selected, by, self.lines(), height);
        (self.first, self.selected) = (first, selected.min(self.shown.len().saturating_sub(1)));
        Response::Stay
    }

    fn move_by(&mut self, by: isize) -> Response<ListChoice> {
        self.step(by);
        Response::Stay
    }

    fn open_selected(&self) -> Response<ListChoice> {
        Response::choose_if(self.selected().map(|row| ListChoice::Open(row.target.clone())))
    }

    /// Returns the word for opening the selected row, as shown among the hints.
    fn open_word(&self) -> Option<&'static str> {
        match self.selected()?.target {
            ListTarget::Nothing => None,
            ListTarget::Member(_) | ListTarget::Person(_) => Some("message"),
            ListTarget::NewMember(..) => Some("add"),
            ListTarget::Room(_) | ListTarget::Link { open: true, .. } => Some("open"),
            ListTarget::Message(..) => Some("jump"),
            ListTarget::Json(.., None) => Some("request"),
            ListTarget::Copy(_) | ListTarget::Json(.., Some(_)) | ListTarget::Link { open: false, .. } => Some("copy"),
        }
    }

    fn is_of_members(&self) -> bool {
        matches!(self.kind, ListKind::Members(_))
    }

    fn member_hint(&self, word: &'static str) -> Option<Hint> {
        (self.is_of_members() && !self.is_typing()).then_some(Hint { word, needs: Needs::MemberRights })
    }

    fn change_member(&self, action: Action) -> Response<ListChoice> {
        Response::choose_if(self.is_of_members().then_some(ListChoice::ChangeMember(action)))
    }
}

/// The user's choice in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum ListChoice {
    /// To open the target of a row.
    Open(ListTarget),
    /// To promote, demote or remove the selected member.
    ChangeMember(Action),
}

impl Component for List {
    type Choice = ListChoice;

    const HEADING: &'static str = "In a list";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Open the selected row",
            hint: |list| Some(Hint { word: list.open_word()?, needs: Needs::OpenableRow }),
            run: |list, _| list.open_selected(),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Show all rows, or close",
            hint: |list| {
                let shows_all = list.is_typing() && !list.kind.is_chooser();
                Some(Hint::of(if shows_all { "show all" } else { "close" }))
            },
            run: |list, _| list.cancel(),
        },
        KeyRow {
            action: Action::MemberPromote,
            help: "Make a member an admin",
            hint: |list| list.member_hint("promote"),
            run: |list, _| list.change_member(Action::MemberPromote),
        },
        KeyRow {
            action: Action::MemberDemote,
            help: "Make an admin a member",
            hint: |list| list.member_hint("demote"),
            run: |list, _| list.change_member(Action::MemberDemote),
        },
        KeyRow {
            action: Action::MemberRemove,
            help: "Remove a member",
            hint: |list| list.member_hint("remove"),
            run: |list, _| list.change_member(Action::MemberRemove),
        },
        KeyRow {
            action: Action::MessageSearch,
            help: "Filter the rows",
            hint: |list| (!list.is_typing() && !list.rows.is_empty()).then(|| Hint::of("filter")),
            run: |list, _| list.open_filter(),
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |list, _| list.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |list, _| list.move_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |list, around| list.move_by(-around.page()),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |list, around| list.move_by(around.page()),
        },
        KeyRow { action: Action::First, help: "First row", hint: no_hint, run: |list, _| list.move_by(isize::MIN) },
        KeyRow { action: Action::Last, help: "Last row", hint: no_hint, run: |list, _| list.move_by(isize::MAX) },
        // The other keys for the ends of the list belong to the filter while it is open.
        KeyRow {
            action: Action::ToOldest,
            help: "First row, also while filtering",
            hint: no_hint,
            run: |list, _| list.move_by(isize::MIN),
        },
        KeyRow {
            action: Action::ToNewest,
            help: "Last row, also while filtering",
            hint: no_hint,
            run: |list, _| list.move_by(isize::MAX),
        },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        self.filter.as_mut()
    }

    /// Selects the best match.
    fn on_edited(&mut self) {
        self.apply_filter();
        (self.selected, self.first) = (0, 0);
    }

    /// The digits choose a link by its number.
    fn on_other_key(&mut self, key: Key) -> Response<ListChoice> {
        let digit = key.typed().filter(|_| self.kind == ListKind::Links).and_then(|typed| typed.to_digit(10));
        let index = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
        match index.filter(|index| *index < self.rows.len()) {
            Some(index) => {
                self.selected = index;
                self.open_selected()
            }
            None => Response::Stay,
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<ListChoice> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-rows::WHEEL_ROWS, around.inside),
            MouseKind::WheelDown => self.scroll(rows::WHEEL_ROWS, around.inside),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => match rows::at(self.visible(around.inside), mouse.column, mouse.row) {
                Some(row) => {
                    self.selected = row;
                    self.open_selected()
                }
                None => Response::Stay,
            },
        }
    }
}

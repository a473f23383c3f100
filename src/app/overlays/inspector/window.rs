//! The state of the inspector, its keys and its mouse.

use std::sync::Arc;

use crate::app::overlays::component::{Component, Hint, KeyRow, Response, Surroundings, no_hint};
use crate::app::overlays::inspector::choice::{Found, InspectorChoice, InspectorField};
use crate::app::overlays::inspector::details::Details;
use crate::app::overlays::inspector::geometry::InspectorParts;
use crate::app::overlays::inspector::records::{Origin, Records, Selection};
use crate::app::overlays::rows;
use crate::app::overlays::text_input::TextInput;
use crate::app::regions::{Region, Size};
use crate::input::{Action, Key, Mouse, MouseKind};
use crate::wire::{Filter, Record, RecordSubject};

/// The open inspector.
#[derive(Debug, Clone, Default)]
pub struct Inspector {
    /// All records.
    pub records: Records,
    /// Numbers of the records that are shown, in their order.
    pub rows: Vec<u64>,
    /// Number of the selected record.
    pub selected: Option<u64>,
    /// Whether the newest record is selected as they arrive.
    pub follows: bool,
    /// Index of the first row on screen, as computed by `layout`.
    pub first: usize,
    /// The selected record in detail.
    pub details: Option<Details>,
    /// Whether keys move in the details instead of in the list.
    pub is_in_details: bool,
    /// Whether new records are ignored for the time being.
    pub is_paused: bool,
    /// What is typed at the moment.
    pub field: Option<InspectorField>,
    /// The filter in effect.
    pub filter: TextInput,
    /// The words that are searched for.
    pub search: TextInput,
    /// The menu of the forms in which the record can be copied, while it is open: the selected one.
    pub copying: Option<usize>,
    /// Place of the search among its matches, until something else is selected.
    pub found: Option<Found>,
    selection: Selection,
}

impl Inspector {
    /// Creates the inspector without records. If it is about a message, only the records of that are shown.
    pub(in crate::app) fn new(about: Option<RecordSubject>) -> Self {
        let is_grouped = about.is_some();
        Self { follows: true, selection: Selection { about, is_grouped }, ..Self::default() }
    }

    /// The box takes the whole screen.
    pub(in crate::app) fn size(screen: Size) -> Size {
        screen
    }

    /// Whether a text is being typed, so that letters belong to it.
    pub(in crate::app) fn is_typing(&self) -> bool {
        self.field.is_some()
    }

    /// Whether the records of a group are shown next to each other.
    pub fn is_grouped(&self) -> bool {
        self.selection.is_grouped
    }

    /// Whether only the records of one message are shown.
    pub fn is_about_message(&self) -> bool {
        self.selection.about.is_some()
    }

    /// Returns the parts of the inspector in the area inside the box.
    pub fn parts(&self, inside: Region) -> InspectorParts {
        InspectorParts::of(inside, self.field.is_some() || !self.filter.is_blank() || !self.search.is_blank())
    }

    /// Adds records, each with its origin, unless the inspector is paused.
    pub(in crate::app) fn on_records(&mut self, records: impl Iterator<Item = (Arc<Record>, Origin)>) {
        if self.is_paused {
            return;
        }
        records.for_each(|(record, origin)| self.records.push(record, origin));
        self.refresh();
    }

    /// Computes the rows again, and keeps the selection if possible.
    fn refresh(&mut self) {
        self.rows = self.records.rows(&self.selection);
        let is_shown = self.selected.is_some_and(|selected| self.place_of(selected).is_some());
        let newest = self.rows.last().copied();
        if (self.follows && self.selected != newest) || !is_shown {
            self.found = None;
        }
        if self.follows || !is_shown {
            self.selected = self.rows.last().copied();
        }
        self.show_details();
    }

    fn place_of(&self, seq: u64) -> Option<usize> {
        self.rows.iter().position(|row| *row == seq)
    }

    /// Returns the index of the selected row.
    pub fn selected_place(&self) -> usize {
        self.selected.and_then(|selected| self.place_of(selected)).unwrap_or_default()
    }

    fn show_details(&mut self) {
        let entry = self.selected.and_then(|selected| self.records.get(selected));
        match entry {
            None => self.details = None,
            Some(entry) if self.details.as_ref().is_none_or(|details| details.seq != entry.record.seq) => {
                self.details = Some(Details::of(&entry.record));
            }
            Some(_) => {}
        }
    }

    /// Scrolls just far enough to show the selections.
    pub(in crate::app) fn settle(&mut self, inside: Region) {
        let parts = self.parts(inside);
        self.first = rows::reveal(self.first, self.selected_place(), self.rows.len(), parts.list.height.into());
        if let Some(details) = &mut self.details {
            details.settle(parts.detail.height.into());
        }
    }

    /// Returns the visible records and their regions.
    pub fn visible(&self, inside: Region) -> impl Iterator<Item = (usize, Region)> + use<> {
        rows::visible(self.parts(inside).list, 1, self.first, self.rows.len())
    }

    fn select(&mut self, place: usize) -> Response<InspectorChoice> {
        let place = place.min(self.rows.len().saturating_sub(1));
        self.selected = self.rows.get(place).copied();
        self.found = None;
        self.follows = place + 1 >= self.rows.len();
        self.show_details();
        Response::Stay
    }

    fn move_by(&mut self, by: isize) -> Response<InspectorChoice> {
        if let Some(place) = self.copying {
            let last = self.copy_forms().len().saturating_sub(1);
            self.copying = Some(place.saturating_add_signed(by).min(last));
            return Response::Stay;
        }
        match &mut self.details {
            Some(details) if self.is_in_details => {
                details.move_by(by);
                Response::Stay
            }
            _ => self.select(self.selected_place().saturating_add_signed(by)),
        }
    }

    fn confirm(&mut self) -> Response<InspectorChoice> {
        if let Some(place) = self.copying {
            return self.copy(place);
        }
        if self.field.take().is_some() {
            return Response::Stay;
        }
        if self.is_in_details {
            return self.toggle();
        }
        match self.message() {
            Some(jump) => Response::Choose(jump),
            None if self.selected.is_some() => Response::Choose(InspectorChoice::NoMessage),
            None => Response::Stay,
        }
    }

    fn toggle(&mut self) -> Response<InspectorChoice> {
        match &mut self.details {
            Some(details) if self.is_in_details => details.toggle(),
            _ => return self.go_to_details(),
        }
        Response::Stay
    }

    fn go_to_details(&mut self) -> Response<InspectorChoice> {
        self.is_in_details = self.details.is_some();
        Response::Stay
    }

    fn left(&mut self) -> Response<InspectorChoice> {
        if let Some(details) = self.details.as_mut().filter(|_| self.is_in_details)
            && !details.close()
        {
            self.is_in_details = false;
        }
        Response::Stay
    }

    fn right(&mut self) -> Response<InspectorChoice> {
        match &mut self.details {
            Some(details) if self.is_in_details => details.open(),
            _ => return self.go_to_details(),
        }
        Response::Stay
    }

    fn cancel(&mut self) -> Response<InspectorChoice> {
        if self.copying.take().is_some() {
            return Response::Stay;
        }
        match self.field.take() {
            Some(InspectorField::Filter) => {
                self.filter = TextInput::default();
                self.on_edited_filter();
            }
            Some(InspectorField::Search) => (self.search, self.found) = (TextInput::default(), None),
            None if self.is_in_details => self.is_in_details = false,
            None => return Response::Close,
        }
        Response::Stay
    }

    fn type_into(&mut self, field: InspectorField) -> Response<InspectorChoice> {
        self.copying = None;
        self.field = Some(field);
        let input = if field == InspectorField::Filter { &mut self.filter } else { &mut self.search };
        *input = std::mem::take(input).old();
        Response::Stay
    }

    fn on_edited_filter(&mut self) {
        self.records.set_filter(Filter::parse(&self.filter.text));
        self.found = None;
        self.refresh();
    }

    /// Selects the next record below or above that contains the search.
    fn find(&mut self, is_below: bool, includes_present: bool) -> Response<InspectorChoice> {
        let filter = Filter::parse(&self.search.text);
        if filter.is_empty() {
            self.found = None;
            return if self.field.is_none() { self.type_into(InspectorField::Search) } else { Response::Stay };
        }
        let matches: Vec<usize> =
            (0..self.rows.len()).filter(|place| self.records.matches(self.rows[*place], &filter)).collect();
        let present = self.selected_place();
        let is_ahead = |place: &usize| {
            let is_beyond = if is_below { *place > present } else { *place < present };
            is_beyond || (includes_present && *place == present)
        };
        let mut order: Vec<usize> = (0..matches.len()).collect();
        if !is_below {
            order.reverse();
        }
        let ahead = order.iter().find(|number| is_ahead(&matches[**number]));
        let Some(number) = ahead.or(order.first()).copied() else {
            self.found = Some(Found::default());
            return Response::Stay;
        };
        let has_wrapped = ahead.is_none() && !includes_present;
        let _stay = self.select(matches[number]);
        self.found = Some(Found { number: number + 1, count: matches.len(), has_wrapped });
        Response::Stay
    }

    fn pause(&mut self) -> Response<InspectorChoice> {
        self.is_paused = !self.is_paused;
        if self.is_paused { Response::Stay } else { Response::Choose(InspectorChoice::Resume) }
    }

    fn group(&mut self) -> Response<InspectorChoice> {
        self.selection.is_grouped = !self.selection.is_grouped;
        self.refresh();
        Response::Stay
    }

    fn open_copy_menu(&mut self) -> Response<InspectorChoice> {
        // Also if there is nothing to copy, so that in a replay, which has no records, letters are typed into the same.
        self.field = None;
        self.copying = (!self.copy_forms().is_empty()).then_some(0);
        Response::Stay
    }

    fn copy(&mut self, place: usize) -> Response<InspectorChoice> {
        let form = self.copy_forms().get(place).copied();
        self.copying = None;
        let record = form.and_then(|form| self.copied(form)).cloned();
        Response::choose_if(record.zip(form).map(|(record, form)| {
            let opening = self.records.opening_before(&record).cloned();
            InspectorChoice::Copy { record, opening, form }
        }))
    }

    fn scroll(&mut self, by: isize, column: u16, row: u16, inside: Region) -> Response<InspectorChoice> {
        if self.parts(inside).detail.contains(column, row) {
            if let Some(details) = &mut self.details {
                details.move_by(by);
            }
            return Response::Stay;
        }
        self.select(self.selected_place().saturating_add_signed(by))
    }
}

/// The choice is what to do with the selected record.
impl Component for Inspector {
    type Choice = InspectorChoice;

    const HEADING: &'static str = "In the inspector";

    const KEYS: &'static [KeyRow<Self>] = &[
        KeyRow {
            action: Action::Confirm,
            help: "Go to the message of the record, or fold",
            hint: |inspector| {
                Some(Hint::of(match (inspector.copying, inspector.field, inspector.is_in_details) {
                    (Some(_), ..) => "copy",
                    (_, Some(_), _) => "done",
                    (_, _, true) => "fold",
                    (..) => "message",
                }))
            },
            run: |inspector, _| inspector.confirm(),
        },
        KeyRow {
            action: Action::InspectorPane,
            help: "Between the list and the details",
            hint: |inspector| {
                let is_shown = inspector.field.is_none() && inspector.copying.is_none();
                is_shown.then(|| Hint::of(if inspector.is_in_details { "list" } else { "details" }))
            },
            run: |inspector, _| {
                inspector.is_in_details = !inspector.is_in_details && inspector.details.is_some();
                Response::Stay
            },
        },
        KeyRow {
            action: Action::InspectorFilter,
            help: "Filter: words event:… room:… as:… in out error",
            hint: |inspector| inspector.offer("filter"),
            run: |inspector, _| inspector.type_into(InspectorField::Filter),
        },
        KeyRow {
            action: Action::InspectorSearch,
            help: "Search",
            hint: |inspector| inspector.offer("search"),
            run: |inspector, _| inspector.type_into(InspectorField::Search),
        },
        KeyRow {
            action: Action::InspectorCopy,
            help: "Copy as JSON, curl, JavaScript, Rust, Dart or fixture",
            hint: |inspector| inspector.offer("copy"),
            run: |inspector, _| inspector.open_copy_menu(),
        },
        KeyRow {
            action: Action::InspectorPause,
            help: "Pause, or continue",
            hint: |inspector| inspector.offer(if inspector.is_paused { "continue" } else { "pause" }),
            run: |inspector, _| inspector.pause(),
        },
        KeyRow {
            action: Action::InspectorGroup,
            help: "Group by cause, or list by time",
            hint: |inspector| inspector.offer(if inspector.is_grouped() { "by time" } else { "by cause" }),
            run: |inspector, _| inspector.group(),
        },
        KeyRow {
            action: Action::Cancel,
            help: "Back, or close",
            hint: |inspector| {
                let is_inner = inspector.field.is_some() || inspector.copying.is_some() || inspector.is_in_details;
                Some(Hint::of(if is_inner { "back" } else { "close" }))
            },
            run: |inspector, _| inspector.cancel(),
        },
        KeyRow {
            action: Action::InspectorNext,
            help: "Next match of the search",
            hint: no_hint,
            run: |inspector, _| inspector.find(true, false),
        },
        KeyRow {
            action: Action::InspectorPrevious,
            help: "Previous match of the search",
            hint: no_hint,
            run: |inspector, _| inspector.find(false, false),
        },
        KeyRow {
            action: Action::InspectorFold,
            help: "Fold or unfold",
            hint: no_hint,
            run: |inspector, _| inspector.toggle(),
        },
        KeyRow {
            action: Action::Left,
            help: "Fold, or to the left",
            hint: no_hint,
            run: |inspector, _| inspector.left(),
        },
        KeyRow {
            action: Action::Right,
            help: "Unfold, or to the right",
            hint: no_hint,
            run: |inspector, _| inspector.right(),
        },
        KeyRow { action: Action::Up, help: "Up", hint: no_hint, run: |inspector, _| inspector.move_by(-1) },
        KeyRow { action: Action::Down, help: "Down", hint: no_hint, run: |inspector, _| inspector.move_by(1) },
        KeyRow {
            action: Action::ScrollUp,
            help: "Page up",
            hint: no_hint,
            run: |inspector, around| inspector.move_by(-inspector.page(around.inside)),
        },
        KeyRow {
            action: Action::ScrollDown,
            help: "Page down",
            hint: no_hint,
            run: |inspector, around| inspector.move_by(inspector.page(around.inside)),
        },
        KeyRow {
            action: Action::First,
            help: "First row",
            hint: no_hint,
            run: |inspector, _| inspector.move_by(isize::MIN),
        },
        KeyRow {
            action: Action::Last,
            help: "Last row, and follow new ones",
            hint: no_hint,
            run: |inspector, _| inspector.move_by(isize::MAX),
        },
    ];

    fn text_input(&mut self) -> Option<&mut TextInput> {
        match self.field? {
            InspectorField::Filter => Some(&mut self.filter),
            InspectorField::Search => Some(&mut self.search),
        }
    }

    fn on_edited(&mut self) {
        match self.field {
            Some(InspectorField::Filter) => self.on_edited_filter(),
            Some(InspectorField::Search) => drop(self.find(true, true)),
            None => {}
        }
    }

    fn on_other_key(&mut self, _: Key) -> Response<InspectorChoice> {
        Response::Stay
    }

    fn on_mouse(&mut self, mouse: Mouse, around: Surroundings<'_>) -> Response<InspectorChoice> {
        let (column, row, inside) = (mouse.column, mouse.row, around.inside);
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-rows::WHEEL_ROWS, column, row, inside),
            MouseKind::WheelDown => self.scroll(rows::WHEEL_ROWS, column, row, inside),
            MouseKind::Drag => Response::Stay,
            MouseKind::Click => {
                let detail = self.parts(inside).detail;
                if let Some(place) = rows::at(self.visible(inside), column, row) {
                    self.is_in_details = false;
                    return self.select(place);
                }
                if let Some(details) = self.details.as_mut().filter(|_| detail.contains(column, row)) {
                    let lines = details.lines();
                    if let Some(line) = lines.get(details.first + usize::from(row - detail.y)) {
                        details.selected = *line;
                        details.toggle();
                        self.is_in_details = true;
                    }
                }
                Response::Stay
            }
        }
    }
}

impl Inspector {
    /// Returns the hint for a key that works in the list and in the details.
    fn offer(&self, word: &'static str) -> Option<Hint> {
        (self.field.is_none() && self.copying.is_none()).then(|| Hint::of(word))
    }

    /// Number of rows by which a page key moves.
    fn page(&self, inside: Region) -> isize {
        let parts = self.parts(inside);
        let height = if self.is_in_details { parts.detail.height } else { parts.list.height };
        isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1)
    }
}

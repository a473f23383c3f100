//! Where things are on the screen, and which rows of the messages are on it.

use super::blocks::Frame;
use super::overlay::Overlay;
use super::state::{Damage, Focus, State};

/// The size of the terminal, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// Whether a cell lies in it.
    pub fn holds(self, column: u16, row: u16) -> bool {
        (self.x..self.x + self.width).contains(&column) && (self.y..self.y + self.height).contains(&row)
    }

    /// Takes `rows` off the top.
    fn take_top(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        let taken = Self { height: rows, ..*self };
        self.y += rows;
        self.height -= rows;
        taken
    }

    /// Takes `rows` off the bottom.
    fn take_bottom(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        self.height -= rows;
        Self { y: self.y + self.height, height: rows, ..*self }
    }

    /// Takes `columns` off the left.
    fn take_left(&mut self, columns: u16) -> Self {
        let columns = columns.min(self.width);
        let taken = Self { width: columns, ..*self };
        self.x += columns;
        self.width -= columns;
        taken
    }
}

/// Where things are. An area without cells is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    /// The room list.
    pub rooms: Area,
    /// The line between the room list and the rest.
    pub divider: Area,
    /// The title of the open room.
    pub header: Area,
    /// The line below the title.
    pub header_rule: Area,
    /// The messages.
    pub messages: Area,
    /// Who is typing.
    pub typing: Area,
    /// The line above the composer.
    pub composer_rule: Area,
    /// The composer.
    pub composer: Area,
    /// The status line.
    pub status: Area,
    /// The first room of the list on screen.
    pub first_room: usize,
    /// The first row of the composer on screen.
    pub first_composer_row: usize,
}

/// Below this width there is one pane at a time.
const TWO_PANES: u16 = 72;
/// Below this height there are no lines between the parts.
const RULES: u16 = 18;
/// Below this height nothing stands between the messages of different authors.
const AIRY: u16 = 20;
/// Columns of the composer's prompt.
pub const PROMPT: u16 = 2;
/// Columns left of a message's text.
pub const INDENT: u16 = 3;
/// Columns right of a message's text: its time and marks.
pub const GUTTER: u16 = 10;
/// Rows a room takes in the list.
pub const ROOM_ROWS: u16 = 2;

impl Areas {
    /// Cells a row of message text has.
    pub fn body_cells(&self) -> usize {
        usize::from(self.messages.width.saturating_sub(INDENT + GUTTER)).max(1)
    }

    /// Cells a row of the composer has. One is left for the cursor behind a full row.
    pub fn composer_cells(&self) -> usize {
        usize::from(self.composer.width.saturating_sub(PROMPT + 1)).max(1)
    }

    /// How many rooms the list shows.
    pub fn rooms_shown(&self) -> usize {
        usize::from(self.rooms.height / ROOM_ROWS)
    }

    /// Which room of the list is at a cell.
    pub fn room_at(&self, column: u16, row: u16) -> Option<usize> {
        self.rooms.holds(column, row).then(|| self.first_room + usize::from((row - self.rooms.y) / ROOM_ROWS))
    }
}

/// Settles where things are and which rows are on screen. Doing it again changes nothing.
pub fn layout(state: &mut State) {
    let mut areas = split(state);
    let cells = areas.composer_cells();
    let cursor_row = state.composer.cursor(cells).0;
    areas.first_composer_row = (cursor_row + 1).saturating_sub(usize::from(areas.composer.height).max(1));
    areas.first_room = first_room(state, &areas);
    if areas != state.areas {
        state.damage = Damage::Everything;
    }
    state.areas = areas;
    if let Some(Overlay::Help { scroll }) = &mut state.overlay {
        let lines = super::help::help_lines(&state.options.keymap).len();
        *scroll = (*scroll).min(lines.saturating_sub(usize::from(state.size.height.saturating_sub(4))));
    }
    let Some(room) = state.open.as_ref().and_then(|id| state.rooms.get(id)) else {
        state.pane.rows.clear();
        return;
    };
    state.pane.settle(Frame {
        room,
        cells: areas.body_cells(),
        height: areas.messages.height.into(),
        zone: &state.options.zone,
        airy: state.size.height >= AIRY,
    });
}

fn split(state: &State) -> Areas {
    let mut areas = Areas::default();
    let mut rest = Area { x: 0, y: 0, width: state.size.width, height: state.size.height };
    areas.status = rest.take_bottom(1);
    if rest.width < TWO_PANES {
        if matches!(state.focus, Focus::Rooms(_)) {
            areas.rooms = rest;
            return areas;
        }
    } else {
        areas.rooms = rest.take_left((state.size.width * 3 / 10).clamp(24, 38));
        areas.divider = rest.take_left(1);
    }
    let rules = u16::from(state.size.height >= RULES);
    areas.composer.width = rest.width;
    let wanted = state.composer.rows(areas.composer_cells()).len();
    let most = (rest.height / 3).max(1);
    let composer = u16::try_from(wanted).unwrap_or(most).clamp(1, most);
    areas.header = rest.take_top(1);
    areas.header_rule = rest.take_top(rules);
    areas.composer = rest.take_bottom(composer);
    areas.composer_rule = rest.take_bottom(rules);
    areas.typing = rest.take_bottom(1);
    areas.messages = rest;
    areas
}

/// Keeps the list where it is, as far as the room that matters stays on screen.
fn first_room(state: &State, areas: &Areas) -> usize {
    let shown = areas.rooms_shown();
    let last_first = state.rooms.len().saturating_sub(shown);
    let focused = match state.focus {
        Focus::Rooms(place) => Some(place),
        Focus::Composer | Focus::Message(_) => state.open.as_ref().and_then(|open| state.rooms.place(open)),
    };
    let first = state.areas.first_room.min(last_first);
    match focused {
        Some(place) if place < first => place,
        Some(place) if shown > 0 && place >= first + shown => place + 1 - shown,
        _ => first,
    }
}

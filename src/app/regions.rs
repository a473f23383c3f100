//! The parts of the screen.

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
pub struct Region {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Region {
    /// Whether a cell lies in it.
    pub fn contains(self, column: u16, row: u16) -> bool {
        (self.x..self.x + self.width).contains(&column) && (self.y..self.y + self.height).contains(&row)
    }

    /// Takes `rows` off the top.
    pub(in crate::app) fn take_top(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        let taken = Self { height: rows, ..*self };
        self.y += rows;
        self.height -= rows;
        taken
    }

    /// Takes `rows` off the bottom.
    pub(in crate::app) fn take_bottom(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        self.height -= rows;
        Self { y: self.y + self.height, height: rows, ..*self }
    }

    /// Takes `columns` off the left.
    pub(in crate::app) fn take_left(&mut self, columns: u16) -> Self {
        let columns = columns.min(self.width);
        let taken = Self { width: columns, ..*self };
        self.x += columns;
        self.width -= columns;
        taken
    }
}

/// Where things are. An area without cells is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Regions {
    /// The call that rings or is held.
    pub call: Region,
    /// The room list.
    pub rooms: Region,
    /// The line between the room list and the rest.
    pub divider: Region,
    /// The title of the open room.
    pub header: Region,
    /// The line below the title.
    pub header_rule: Region,
    /// The messages.
    pub messages: Region,
    /// Who is typing.
    pub typing: Region,
    /// The line above the composer.
    pub composer_rule: Region,
    /// The composer.
    pub composer: Region,
    /// The status line.
    pub status: Region,
    /// The first room of the list on screen.
    pub first_room: usize,
    /// The first row of the composer on screen.
    pub first_composer_row: usize,
}

/// Columns of the composer's prompt.
pub const PROMPT: u16 = 2;

/// Columns left of a message's text.
pub const INDENT: u16 = 3;

/// Columns right of a message's text: its time and marks.
pub const GUTTER: u16 = 10;

/// Rows a room takes in the list.
pub const ROOM_ROWS: u16 = 2;

impl Regions {
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
        self.rooms.contains(column, row).then(|| self.first_room + usize::from((row - self.rooms.y) / ROOM_ROWS))
    }
}

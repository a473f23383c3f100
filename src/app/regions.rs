//! Regions of the screen and their sizes.
//!
//! `layout` computes the regions; this module only holds them and answers questions about their geometry.

use serde::{Deserialize, Serialize};

/// A size in cells, such as that of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Size {
    /// Number of columns.
    pub width: u16,
    /// Number of rows.
    pub height: u16,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Region {
    /// Leftmost column.
    pub x: u16,
    /// Topmost row.
    pub y: u16,
    /// Number of columns.
    pub width: u16,
    /// Number of rows.
    pub height: u16,
}

impl Region {
    /// Returns whether a cell lies in this region.
    pub fn contains(self, column: u16, row: u16) -> bool {
        (self.x..self.x + self.width).contains(&column) && (self.y..self.y + self.height).contains(&row)
    }

    /// Returns the size of this region.
    pub fn size(self) -> Size {
        Size { width: self.width, height: self.height }
    }

    /// Splits `rows` off the top and returns them as a region.
    pub fn take_top(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        let taken = Self { height: rows, ..*self };
        self.y += rows;
        self.height -= rows;
        taken
    }

    /// Splits `rows` off the bottom and returns them as a region.
    pub fn take_bottom(&mut self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        self.height -= rows;
        Self { y: self.y + self.height, height: rows, ..*self }
    }

    /// Splits `columns` off the right and returns them as a region.
    pub fn take_right(&mut self, columns: u16) -> Self {
        let columns = columns.min(self.width);
        self.width -= columns;
        Self { x: self.x + self.width, width: columns, ..*self }
    }

    /// Splits `columns` off the left and returns them as a region.
    pub fn take_left(&mut self, columns: u16) -> Self {
        let columns = columns.min(self.width);
        let taken = Self { width: columns, ..*self };
        self.x += columns;
        self.width -= columns;
        taken
    }
}

/// The part of the screen that an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// None: another account is shown, and the user sees nothing of this one but its rooms in the list.
    Hidden,
    /// The whole screen.
    Whole,
    /// A part next to those of other accounts.
    Tile(Tile),
}

/// The part of the screen that one of several accounts has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Its cells, with those of its title.
    pub area: Region,
    /// Whether its account gets the keys.
    pub has_keys: bool,
    /// Whether there is no space for the tiles of the other accounts.
    pub is_alone: bool,
}

/// The region of every part of the screen. An empty region is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Regions {
    /// Title of the tile, if the screen is divided.
    pub title: Region,
    /// Incoming or active call.
    pub call: Region,
    /// Room list.
    pub rooms: Region,
    /// Line between the room list and the rest.
    pub divider: Region,
    /// Members of the open room.
    pub members: Region,
    /// Line between the rest and the members.
    pub members_divider: Region,
    /// Title of the open room.
    pub header: Region,
    /// Line below the title.
    pub header_rule: Region,
    /// Messages of the open room.
    pub messages: Region,
    /// Names of the people who are typing.
    pub typing: Region,
    /// Line above the composer.
    pub composer_rule: Region,
    /// Composer.
    pub composer: Region,
    /// Status line.
    pub status: Region,
    /// Latency line.
    pub latency: Region,
    /// Box of the open overlay, which covers other regions.
    pub overlay: Region,
    /// Completion popup, which covers other regions.
    pub completion: Region,
    /// Number of the first visible row of the room list, see `model::room_sections`.
    pub first_room: usize,
    /// Number of rows of each room in the list.
    pub room_height: u16,
    /// Width of a time of day, in columns.
    pub time_width: u16,
    /// Index of the first visible member in the list.
    pub first_member: usize,
    /// Index of the first visible row of the composer.
    pub first_composer_row: usize,
    /// Number of rows of the composer below the visible ones.
    pub composer_rows_below: usize,
}

/// Minimum width of the messages and the composer beside a list, in columns.
pub(in crate::app) const MIN_CHAT_WIDTH: u16 = 46;

/// Screen width, in columns, below which only one pane is shown.
pub(in crate::app) const MIN_WIDTH_TWO_PANES: u16 = 72;

/// Minimum width of the room list and the member list, in columns.
pub(in crate::app) const MIN_LIST_WIDTH: u16 = 12;

/// Width of the composer's prompt, in columns.
pub const PROMPT: u16 = 2;

/// Columns to the left of a message's text.
pub const INDENT: u16 = 3;

/// Columns to the right of a message's text, for its time of five columns and its marks.
pub const GUTTER: u16 = 10;

/// Columns to the right of a message's text on a narrow screen, for its marks alone.
const NARROW_GUTTER: u16 = 4;

/// Width of the messages, in columns, below which the gutter has no times.
const MIN_WIDTH_TIMES: u16 = 50;

/// Rows per room in the room list, unless the screen is compact.
pub(in crate::app) const ROOM_HEIGHT: u16 = 2;

impl Regions {
    /// Returns the number of cells in a row of message text.
    pub fn body_cells(&self) -> usize {
        usize::from(self.messages.width.saturating_sub(INDENT + self.gutter())).max(1)
    }

    /// Returns the number of columns to the right of a message's text.
    pub fn gutter(&self) -> u16 {
        if self.messages.width < MIN_WIDTH_TIMES {
            return NARROW_GUTTER;
        }
        GUTTER + self.time_width.saturating_sub(5)
    }

    /// Returns the number of cells in a row of the composer. One is reserved for the cursor after a full row.
    pub fn composer_cells(&self) -> usize {
        usize::from(self.composer.width.saturating_sub(PROMPT + 1)).max(1)
    }

    /// Returns the part of the member list below its title.
    pub fn member_rows(&self) -> Region {
        let mut rows = self.members;
        rows.take_top(self.header.height + self.header_rule.height);
        rows
    }

    /// Returns the number of rooms that fit into the room list if there are no headings.
    pub fn rooms_shown(&self) -> usize {
        usize::from(self.rooms.height / self.room_height.max(1))
    }
}

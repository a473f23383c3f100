//! The rows of the room list: the rooms of one account, or, with several profiles, a section for each of them with a
//! heading above its rooms.
//!
//! Rows are numbered over all sections, and the focus, the first visible row and the mouse use these numbers. With a
//! single profile there is no heading, so the number of a row is the position of its room.

use crate::app::model::account::Account;
use crate::app::model::context::Scene;
use crate::app::model::ui::{Focus, ListPosition};
use crate::app::regions::{Region, Regions};
use crate::domain::{Room, RoomId};

/// A row of the room list.
#[derive(Debug, Clone, Copy)]
pub enum SectionRow<'a> {
    /// The heading of a profile's section.
    Heading(&'a Account),
    /// A room of a profile.
    Room(&'a Account, &'a Room),
}

/// Height of a heading, in rows of cells.
const HEADING_HEIGHT: u16 = 1;

impl SectionRow<'_> {
    /// Returns the number of rows of cells that the row takes.
    fn height(self, regions: &Regions) -> u16 {
        match self {
            Self::Heading(_) => HEADING_HEIGHT,
            Self::Room(..) => regions.room_height,
        }
    }

    /// Returns what the row shows, for use after the list has changed.
    fn position(self) -> ListPosition {
        match self {
            Self::Heading(account) => ListPosition { account: account.id, room: None },
            Self::Room(account, room) => ListPosition { account: account.id, room: Some(room.info.id.clone()) },
        }
    }
}

impl<'a> Scene<'a> {
    /// Returns the number of headings of a section: one if there are several profiles.
    fn headings(self) -> usize {
        usize::from(!self.others.is_empty())
    }

    /// Returns the number of rows of the room list.
    pub fn list_len(self) -> usize {
        self.accounts().map(|account| account.rooms.len() + self.headings()).sum()
    }

    /// Returns the row with this number.
    pub fn list_row(self, number: usize) -> Option<SectionRow<'a>> {
        let mut left = number;
        for account in self.accounts() {
            let rows = account.rooms.len() + self.headings();
            if left < rows {
                return match left.checked_sub(self.headings()) {
                    None => Some(SectionRow::Heading(account)),
                    Some(place) => account.rooms.at(place).map(|room| SectionRow::Room(account, room)),
                };
            }
            left -= rows;
        }
        None
    }

    /// Returns what the row with this number shows.
    pub(in crate::app) fn list_position(self, number: usize) -> Option<ListPosition> {
        self.list_row(number).map(SectionRow::position)
    }

    /// Returns the number of the row that shows this.
    pub(in crate::app) fn list_number(self, position: &ListPosition) -> Option<usize> {
        let mut above = 0;
        for account in self.accounts() {
            if account.id == position.account {
                let place = match &position.room {
                    Some(room) => self.headings() + account.rooms.index_of(room)?,
                    None if self.headings() > 0 => 0,
                    None => return None,
                };
                return Some(above + place);
            }
            above += account.rooms.len() + self.headings();
        }
        None
    }

    /// Returns the number of the row of the open room; without one, that of the first row of its section.
    pub(in crate::app) fn row_of_open_room(self) -> Option<usize> {
        let account = self.account.id;
        let row = |room: Option<RoomId>| self.list_number(&ListPosition { account, room });
        row(self.ui.open.clone()).or_else(|| row(None))
    }

    /// Returns what the room list keeps on screen: the highlighted row, or else the open room.
    pub(in crate::app) fn revealed_position(self) -> Option<ListPosition> {
        match self.ui.focus {
            Focus::Rooms(number) => self.list_position(number),
            Focus::Composer | Focus::Message(_) => {
                let room = self.ui.open.clone()?;
                Some(ListPosition { account: self.account.id, room: Some(room) })
            }
        }
    }

    /// Returns the visible rows with their numbers and areas.
    pub fn visible_rows(self, regions: &Regions) -> impl Iterator<Item = (usize, SectionRow<'a>, Region)> {
        let (first, mut rest, regions) = (regions.first_room, regions.rooms, *regions);
        let rows = (first..).map_while(move |number| Some((number, self.list_row(number)?)));
        rows.map_while(move |(number, row)| {
            let height = row.height(&regions);
            let fits = height > 0 && height <= rest.height;
            fits.then(|| (number, row, rest.take_top(height)))
        })
    }

    /// Returns the row at a cell of the room list.
    pub(in crate::app) fn list_row_under(self, column: u16, row: u16) -> Option<(usize, SectionRow<'a>)> {
        let mut rows = self.visible_rows(&self.ui.regions);
        rows.find(|(.., area)| area.contains(column, row)).map(|(number, found, _)| (number, found))
    }

    /// Returns the number of the first row for a list that shows the row `shown` or, without it, stays where it is.
    pub(in crate::app) fn first_list_row(self, regions: &Regions, shown: Option<usize>) -> usize {
        let first = self.ui.regions.first_room.min(self.first_row_above(self.list_len(), regions));
        match shown {
            Some(number) if number < first => number,
            Some(number) if regions.rooms.height >= regions.room_height => {
                first.max(self.first_row_above(number + 1, regions))
            }
            // Without space for a row, as in a hidden list, the place stays for later.
            _ => first,
        }
    }

    /// Returns the number of the first of the rows that fit into the list above the row `end`.
    pub(in crate::app) fn first_row_above(self, end: usize, regions: &Regions) -> usize {
        let mut left = regions.rooms.height;
        let fitting = (0..end).rev().take_while(|number| {
            let height = self.list_row(*number).map_or(0, |row| row.height(regions));
            let fits = height > 0 && height <= left;
            left -= if fits { height } else { 0 };
            fits
        });
        end - fitting.count()
    }
}

//! Tiles: the parts of the screen in which several accounts are shown next to each other, as the people of a demo are.
//!
//! Each tile is a complete `Ui` with its title above it. One of them has the keys; it is `State::ui`. Without several
//! accounts side by side there are no tiles, and the screen is as if this module did not exist.

use crate::app::model::context::Scene;
use crate::app::model::state::State;
use crate::app::model::terminal::Terminal;
use crate::app::model::ui::Ui;
use crate::app::regions::{MIN_CHAT_WIDTH, Placement, Region, Size, Tile};
use crate::domain::{AccountId, Drawing, MessageId};

/// Smallest height of a tile, in rows: its title, the header, three messages, the people who are typing, and the composer.
const MIN_TILE_HEIGHT: u16 = 7;

/// Number of rows above the status line below which the latency line is left out.
const MIN_HEIGHT_LATENCY: u16 = 8;

/// The rows at the bottom of the screen, and what is left above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Bottom {
    /// Status line.
    pub(in crate::app) status: Region,
    /// Latency line.
    pub(in crate::app) latency: Region,
    /// Everything above.
    pub(in crate::app) rest: Region,
}

impl Ui {
    /// Returns the tile, if the screens of several accounts are shown next to each other.
    pub fn tile(&self) -> Option<Tile> {
        match self.placement {
            Placement::Tile(tile) => Some(tile),
            Placement::Hidden | Placement::Whole => None,
        }
    }

    /// Whether the account gets the keys. Without tiles it is the one that is shown.
    pub fn has_keys(&self) -> bool {
        match self.placement {
            Placement::Hidden => false,
            Placement::Whole => true,
            Placement::Tile(tile) => tile.has_keys,
        }
    }
}

impl Scene<'_> {
    /// Whether the user may be looking at the account: it is on screen, and the window has the focus.
    pub(in crate::app) fn has_focus(self) -> bool {
        self.terminal.focused && self.ui.placement != Placement::Hidden
    }

    /// Returns the part of the screen that belongs to the account: its tile, or all of it.
    pub fn area(self) -> Region {
        self.ui.tile().map_or_else(|| whole(self.terminal.size), |tile| tile.area)
    }

    /// Returns the part of the screen in the middle of which the open overlay is. What concerns the whole program, or needs
    /// much space, gets the whole screen.
    pub fn overlay_area(self) -> Region {
        match (&self.ui.overlay, self.ui.tile()) {
            (Some(overlay), Some(tile)) if !overlay.needs_screen() => {
                let mut area = tile.area;
                area.take_top(1);
                area
            }
            _ => whole(self.terminal.size),
        }
    }
}

impl Terminal {
    /// Splits the rows at the bottom off the whole screen.
    pub(in crate::app) fn split_bottom(&self) -> Bottom {
        let mut rest = whole(self.size);
        let status = rest.take_bottom(1);
        let is_shown = self.latency.is_some() && rest.height >= MIN_HEIGHT_LATENCY;
        let latency = if is_shown { rest.take_bottom(1) } else { Region::default() };
        Bottom { status, latency, rest }
    }
}

impl State {
    /// Divides the screen among the accounts that are shown side by side. If it is too small for all of them, the one with
    /// the keys has it alone.
    pub(in crate::app) fn arrange_tiles(&mut self) {
        if !self.accounts.side_by_side {
            return;
        }
        let ids = self.accounts.ids();
        let rest = self.terminal.split_bottom().rest;
        let areas = if ids.len() > 1 { divide(rest, ids.len()) } else { Vec::new() };
        let area_of = |id: AccountId| ids.iter().position(|other| *other == id).and_then(|place| areas.get(place));
        self.ui.placement = match area_of(self.ui.shown) {
            Some(area) => Placement::Tile(Tile { area: *area, has_keys: true, is_alone: false }),
            None if ids.len() > 1 => Placement::Tile(Tile { area: rest, has_keys: true, is_alone: true }),
            None => Placement::Whole,
        };
        for parked in self.parked_mut() {
            match area_of(parked.shown) {
                Some(area) => {
                    parked.placement = Placement::Tile(Tile { area: *area, has_keys: false, is_alone: false });
                }
                None if parked.tile().is_some() => parked.park(),
                None => {}
            }
        }
    }

    /// Returns what draws the picture with this number, which may be in any tile.
    pub fn drawing(&self, id: u32) -> Option<&Drawing> {
        let scenes = std::iter::once(self.scene()).chain(self.other_tiles());
        scenes.filter_map(|scene| scene.account.pictures.drawing(id)).next()
    }

    /// Returns the screens that are shown without having the keys.
    pub(in crate::app) fn tiles(&self) -> impl Iterator<Item = &Ui> {
        self.parked().iter().filter(|ui| ui.tile().is_some())
    }

    /// Returns the account without the keys whose tile is at a cell.
    pub(in crate::app) fn tile_under(&self, column: u16, row: u16) -> Option<AccountId> {
        self.tiles().find(|ui| ui.tile().is_some_and(|tile| tile.area.contains(column, row))).map(|ui| ui.shown)
    }

    /// Links the message that is selected or edited in the tile with the keys with the same message in the others.
    pub(in crate::app) fn link_tiles(&mut self) {
        if !self.accounts.side_by_side {
            return;
        }
        let selected = self.selected_message();
        let slots: Vec<_> =
            self.other_tiles().map(|scene| scene.open_room()?.timeline.find(selected.as_ref()?)).collect();
        let tiles = self.parked_mut().iter_mut().filter(|ui| ui.tile().is_some());
        for (tile, slot) in tiles.zip(slots) {
            tile.pane.link(slot);
        }
    }

    /// Returns the service's id of the message that is selected or edited in the tile with the keys.
    fn selected_message(&self) -> Option<MessageId> {
        let scene = self.scene();
        let selected = self.ui.selected().and_then(|slot| scene.open_room()?.timeline.get(slot).id.clone());
        selected.or_else(|| self.ui.composer.edited_message().cloned())
    }
}

fn whole(size: Size) -> Region {
    Region { x: 0, y: 0, width: size.width, height: size.height }
}

/// Divides an area into `count` tiles, with as many next to each other as are wide enough; none if they do not fit. One
/// column between them is for a line.
fn divide(area: Region, count: usize) -> Vec<Region> {
    let fits = |columns: u16, rows: u16| {
        let width = ((area.width + 1) / columns).saturating_sub(1);
        (columns == 1 || width >= MIN_CHAT_WIDTH) && area.height / rows >= MIN_TILE_HEIGHT
    };
    let Ok(count) = u16::try_from(count) else { return Vec::new() };
    let grid = (1..=count).rev().map(|columns| (columns, count.div_ceil(columns)));
    let Some((columns, rows)) = grid.into_iter().find(|(columns, rows)| fits(*columns, *rows)) else {
        return Vec::new();
    };
    let (mut tiles, mut rest, mut left) = (Vec::new(), area, count);
    for row in 0..rows {
        let mut line = rest.take_top(rest.height / (rows - row));
        let in_line = columns.min(left);
        for column in 0..in_line {
            let places = in_line - column;
            let width = ((line.width + 1) / places).saturating_sub(1);
            tiles.push(line.take_left(width));
            line.take_left(1);
        }
        left -= in_line;
    }
    tiles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles(width: u16, height: u16, count: usize) -> Vec<(u16, u16, u16, u16)> {
        let tiles = divide(Region { x: 0, y: 0, width, height }, count);
        tiles.into_iter().map(|tile| (tile.x, tile.y, tile.width, tile.height)).collect()
    }

    #[test]
    fn tiles_are_side_by_side_or_stacked_or_do_not_fit() {
        assert_eq!(tiles(200, 59, 2), [(0, 0, 99, 59), (100, 0, 100, 59)]);
        assert_eq!(tiles(80, 23, 2), [(0, 0, 80, 11), (0, 11, 80, 12)]);
        assert_eq!(tiles(120, 39, 3), [(0, 0, 59, 19), (60, 0, 60, 19), (0, 19, 120, 20)]);
        assert_eq!(tiles(40, 11, 2), []);
        assert_eq!(tiles(0, 0, 2), []);
    }

    #[test]
    fn tiles_never_overlap_and_fill_the_area() {
        for (width, height, count) in [(93, 7, 2), (94, 30, 2), (141, 20, 3), (188, 15, 4), (300, 14, 4), (60, 28, 4)] {
            let tiles = divide(Region { x: 0, y: 0, width, height }, count);
            assert_eq!(tiles.len(), count, "{width} {height} {count}");
            let cells: u32 = tiles.iter().map(|tile| u32::from(tile.width) * u32::from(tile.height)).sum();
            let free = u32::from(width) * u32::from(height) - cells;
            assert!(free <= u32::from(height) * 3, "{tiles:?}");
            for (at, tile) in tiles.iter().enumerate() {
                let overlaps = |other: &&Region| {
                    tile.x < other.x + other.width
                        && other.x < tile.x + tile.width
                        && tile.y < other.y + other.height
                        && other.y < tile.y + tile.height
                };
                assert_eq!(tiles.iter().filter(overlaps).count(), 1, "tile {at} of {tiles:?}");
            }
        }
    }
}

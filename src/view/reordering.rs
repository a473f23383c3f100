//! Reordering of right-to-left text that has been painted in the order in which it is read.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell, CellWidth};

use crate::text::{mirrored, visual_order};

/// Puts the cells between two columns of a row into the order on screen. Returns for each grapheme its column before, and
/// its columns now.
pub(super) fn reorder(buffer: &mut Buffer, y: u16, columns: Range<u16>, is_rtl: bool) -> Vec<(u16, Range<u16>)> {
    let mut graphemes: Vec<(u16, Vec<Cell>)> = Vec::new();
    let mut x = columns.start;
    while x < columns.end {
        let next = (x + buffer[(x, y)].cell_width().max(1)).min(columns.end);
        graphemes.push((x, (x..next).map(|x| buffer[(x, y)].clone()).collect()));
        x = next;
    }
    let symbols: Vec<&str> = graphemes.iter().filter_map(|(_, cells)| cells.first()).map(Cell::symbol).collect();
    let order = visual_order(&symbols, is_rtl);
    let mut moved = Vec::with_capacity(order.len());
    let mut x = columns.start;
    for (index, is_mirrored) in order {
        let Some((from, cells)) = graphemes.get(index) else { continue };
        let start = x;
        for cell in cells {
            buffer[(x, y)] = cell.clone();
            x += 1;
        }
        if is_mirrored {
            let symbol = mirrored(buffer[(start, y)].symbol()).to_owned();
            buffer[(start, y)].set_symbol(&symbol);
        }
        moved.push((*from, start..x));
    }
    moved
}

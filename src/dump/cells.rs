//! The cells of a screen as graphemes.

use ratatui::buffer::{Buffer, CellWidth};

/// Returns the graphemes of a row, each with its column.
pub(super) fn graphemes_of_row(buffer: &Buffer, y: u16) -> Vec<(u16, String)> {
    let (mut graphemes, mut x) = (Vec::new(), buffer.area.left());
    while x < buffer.area.right() {
        let cell = &buffer[(x, y)];
        graphemes.push((x, cell.symbol().to_owned()));
        x = x.saturating_add(cell.cell_width().max(1));
    }
    graphemes
}

//! A screen as text.

use ratatui::buffer::{Buffer, CellWidth};

/// Returns the text of each row, without blanks at its end.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row = |y: u16| {
        let (mut row, mut x) = (String::new(), area.left());
        while x < area.right() {
            let cell = &buffer[(x, y)];
            row.push_str(cell.symbol());
            x = x.saturating_add(cell.cell_width().max(1));
        }
        row.truncate(row.trim_end().len());
        row
    };
    (area.top()..area.bottom()).map(row).collect()
}

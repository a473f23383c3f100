//! A screen as text.

use ratatui::buffer::Buffer;

use super::cells::graphemes_of_row;

/// Returns the text of each row, without blanks at its end.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y: u16| {
        let mut row: String = graphemes_of_row(buffer, y).into_iter().map(|(_, grapheme)| grapheme).collect();
        row.truncate(row.trim_end().len());
        row
    };
    (buffer.area.top()..buffer.area.bottom()).map(row).collect()
}

//! A hash of a screen, by which two screens are compared.

use std::fmt::Write;

use ratatui::buffer::Buffer;

use crate::text::stable_hash;

/// Returns a hash of the size, the text, the colors and the attributes of a screen.
pub fn digest(buffer: &Buffer) -> String {
    let mut cells = format!("{}x{}", buffer.area.width, buffer.area.height);
    for cell in &buffer.content {
        // Writing to a string cannot fail.
        let _ = write!(cells, "{}{:?}{:?}{:?}", cell.symbol(), cell.fg, cell.bg, cell.modifier);
    }
    format!("{:08x}", stable_hash(&cells))
}

//! Geometry of the box around an overlay.

use crate::app::regions::{Region, Size};

/// Smallest width and height of a box with a border.
const SMALLEST: u16 = 3;

/// Columns between the outer edge of the box and its content: the border and one blank column.
const PADDING: u16 = 2;

/// Rows that the border takes.
pub(in crate::app) const BORDER_ROWS: u16 = 2;

/// Returns the area of a box of at most the wanted size in the middle of the screen.
///
/// The status line and the `call_rows` at the top of the screen are never covered.
pub(in crate::app) fn centred(screen: Size, call_rows: u16, wanted: Size) -> Region {
    let available = screen.height.saturating_sub(1 + call_rows);
    let (width, height) = (wanted.width.min(screen.width), wanted.height.min(available));
    Region { x: (screen.width - width) / 2, y: call_rows + (available - height) / 2, width, height }
}

/// Returns the area inside a box. A box that is too small for a border has none.
pub fn inside(area: Region) -> Region {
    if !has_border(area) {
        return area;
    }
    Region {
        x: area.x + PADDING,
        y: area.y + BORDER_ROWS / 2,
        width: area.width.saturating_sub(2 * PADDING),
        height: area.height - BORDER_ROWS,
    }
}

/// Returns whether a box is large enough for a border.
pub fn has_border(area: Region) -> bool {
    area.width >= SMALLEST && area.height >= SMALLEST
}

/// Returns the height of a box around `rows` rows of content.
pub(in crate::app) fn height_around(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(BORDER_ROWS)
}

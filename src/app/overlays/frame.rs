//! Geometry of the box around an overlay.

use crate::app::regions::{Region, Size};

/// Smallest width and height of a box with a border.
const SMALLEST: u16 = 3;

/// Columns between the outer edge of the box and its content: the border and one blank column.
const PADDING: u16 = 2;

/// Rows that the border takes.
pub(in crate::app) const BORDER_ROWS: u16 = 2;

/// Returns the area of a box of at most the wanted size in the middle of an area, of which the last row stays free.
pub(in crate::app) fn centred(area: Region, wanted: Size) -> Region {
    let available = area.height.saturating_sub(1);
    let (width, height) = (wanted.width.min(area.width), wanted.height.min(available));
    Region { x: area.x + (area.width - width) / 2, y: area.y + (available - height) / 2, width, height }
}

/// Returns the width inside a box of at most this width, in columns.
pub(in crate::app) fn cells(screen: Size, width: u16) -> usize {
    let area = Region { width: screen.width, height: screen.height, ..Region::default() };
    inside(centred(area, Size { width, ..screen })).width.into()
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

//! Scrolling of rows in an overlay: which are visible, and where.
//!
//! Painting and mouse handling use the same regions, so a click always meets the row that is shown.

use crate::app::regions::Region;

/// Rows scrolled by one step of the mouse wheel.
pub(in crate::app) const WHEEL_ROWS: isize = 3;

/// Returns the visible rows of a list and their regions, from the top; each is `row_height` high, and the last may be
/// cut off.
pub(in crate::app) fn visible(
    area: Region,
    row_height: u16,
    first: usize,
    count: usize,
) -> impl Iterator<Item = (usize, Region)> {
    let bottom = area.y + area.height;
    let tops = (area.y..bottom).step_by(usize::from(row_height.max(1)));
    (first..count).zip(tops).map(move |(row, y)| (row, Region { y, height: row_height.min(bottom - y), ..area }))
}

/// Returns the row at a cell.
pub(in crate::app) fn at(rows: impl Iterator<Item = (usize, Region)>, column: u16, line: u16) -> Option<usize> {
    let mut rows = rows;
    rows.find(|(_, region)| region.contains(column, line)).map(|(row, _)| row)
}

/// Returns the first visible row: the present one, or the nearest with which the selection is visible.
pub(in crate::app) fn reveal(first: usize, selected: usize, count: usize, shown: usize) -> usize {
    let shown = shown.max(1);
    let first = first.min(count.saturating_sub(shown));
    first.clamp((selected + 1).saturating_sub(shown), selected)
}

/// Scrolls by `by` rows; returns the first visible row and the selection, which moves only as far as it must to stay
/// visible.
pub(in crate::app) fn scroll(first: usize, selected: usize, by: isize, count: usize, shown: usize) -> (usize, usize) {
    let first = first.saturating_add_signed(by).min(count.saturating_sub(shown.max(1)));
    let last = (first + shown.max(1)).min(count).saturating_sub(1).max(first);
    (first, selected.clamp(first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_stays_visible_and_scrolls_minimally() {
        assert_eq!(reveal(0, 20, 40, 18), 3);
        assert_eq!(reveal(3, 19, 40, 18), 3);
        assert_eq!(reveal(3, 1, 40, 18), 1);
        assert_eq!(reveal(9, 0, 0, 18), 0);
    }

    #[test]
    fn scrolling_stops_at_the_ends() {
        assert_eq!(scroll(0, 0, 3, 40, 10), (3, 3));
        assert_eq!(scroll(3, 3, -9, 40, 10), (0, 3));
        assert_eq!(scroll(29, 35, 3, 40, 10), (30, 35));
        assert_eq!(scroll(0, 2, 3, 4, 10), (0, 2));
        assert_eq!(scroll(0, 0, 3, 0, 10), (0, 0));
    }

    #[test]
    fn cell_belongs_to_the_row_shown_there() {
        let area = Region { x: 2, y: 5, width: 10, height: 5 };
        let row = |line| at(visible(area, 2, 7, 100), 3, line);
        assert_eq!([row(4), row(5), row(8), row(9), row(10)], [None, Some(7), Some(8), Some(9), None]);
        assert_eq!(at(visible(area, 1, 0, 2), 3, 7), None);
    }
}

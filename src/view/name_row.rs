//! Row of a list to choose from: a name, its description, and a hint at the end of the row.

use crate::app::{Label, Region};
use crate::config::Role;

use super::canvas::{Canvas, cells};

/// Blank cells between the columns.
const GAP: u16 = 2;

/// Cells of a hint that stay although the name is cut off: enough for the size of a file.
const SHORT_HINT: u16 = 8;

/// A row.
pub(super) struct NameRow<'a> {
    /// The name.
    pub(super) label: Label<'a>,
    /// Its graphemes that match, by their index.
    pub(super) matched: &'a [u32],
    /// The description; may be empty.
    pub(super) detail: &'a str,
    /// Column at which descriptions begin, unless the name is longer.
    pub(super) detail_column: u16,
    /// The hint; may be empty.
    pub(super) hint: &'a str,
}

impl NameRow<'_> {
    /// Paints the row. The name is whole if possible: the description is cut off first, then a long hint.
    pub(super) fn paint(&self, canvas: &mut Canvas<'_>, area: Region) {
        let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
        let after_name = area.width.saturating_sub(name_cells(&self.label).saturating_add(GAP));
        let hint = cells(self.hint).min(after_name.max(SHORT_HINT)).min(area.width);
        let end = match hint {
            0 => area.x + area.width,
            width => {
                let at_end = Region { x: area.x + area.width - width, width, ..area };
                canvas.put_right(at_end, area.y, self.hint, dim).saturating_sub(GAP)
            }
        };
        let name_width = end.saturating_sub(area.x);
        let name_end = canvas.put_matched(area.x, area.y, &self.label, self.matched, name_width, text);
        let detail = name_end.max(area.x + self.detail_column) + GAP;
        canvas.put(detail, area.y, self.detail, end.saturating_sub(detail), dim);
    }
}

/// Returns the width of a name with its mark.
pub(super) fn name_cells(label: &Label<'_>) -> u16 {
    let mark = if label.mark.is_empty() { 0 } else { cells(&label.mark) + 1 };
    cells(label.name).saturating_add(mark)
}

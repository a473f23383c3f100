//! The parts of the inspector on screen.

use crate::app::regions::Region;

/// Width inside the box from which on the details are beside the list, in columns.
const MIN_WIDTH_BESIDE: u16 = 96;

/// Smallest height of the details below the list, with the line above them, in rows.
const MIN_DETAIL_ROWS: u16 = 3;

/// Smallest height of the list, in rows.
const MIN_LIST_ROWS: u16 = 3;

/// The parts of the inspector. Those that do not fit are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InspectorParts {
    /// Text field, or the filter in effect.
    pub field: Region,
    /// List of records.
    pub list: Region,
    /// Line between the list and the details.
    pub rule: Region,
    /// Details of the selected record.
    pub detail: Region,
}

impl InspectorParts {
    /// Divides the area inside the box.
    pub(in crate::app) fn of(inside: Region, has_field: bool) -> Self {
        let mut rest = inside;
        let field = rest.take_top(u16::from(has_field));
        if rest.width >= MIN_WIDTH_BESIDE {
            let detail = rest.take_right(rest.width * 2 / 5);
            // A blank column on both sides of the line.
            rest.take_right(1);
            let rule = rest.take_right(1);
            rest.take_right(1);
            return Self { field, list: rest, rule, detail };
        }
        if rest.height < MIN_LIST_ROWS + MIN_DETAIL_ROWS {
            return Self { field, list: rest, ..Self::default() };
        }
        let height = (rest.height / 2).max(MIN_DETAIL_ROWS);
        let mut below = rest.take_bottom(height);
        let rule = below.take_top(1);
        Self { field, list: rest, rule, detail: below }
    }
}

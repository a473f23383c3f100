//! The difference between two frames.
//!
//! `Buffer::diff_iter` does the same, but takes half of the processor time of a frame: it computes the width of every
//! cell, although most cells are unchanged and one column wide.

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};

use super::picture_cells::Change;

/// Returns the cells that have to be written to a terminal that shows `before`, row by row from the left. Both frames
/// have the same area.
///
/// Cells that are covered by a wide character are left out, and those that were covered by one that is overwritten are
/// always included: terminals do not agree on what they show there. Characters of ambiguous width are left to the caller,
/// which writes their whole rows.
pub(super) fn changes<'a>(before: &Buffer, next: &'a Buffer) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    for ((y, cells), (_, before)) in rows(next).zip(rows(before)) {
        if let Some(first) = before.iter().zip(cells).position(|(before, cell)| !is_same(before, cell)) {
            add_changes(before, cells, first, |x, cell| changes.push((next.area.x + x as u16, y, cell)));
        }
    }
    changes
}

/// Returns the cells that have to be written to an empty terminal.
pub(super) fn content(next: &Buffer) -> Vec<Change<'_>> {
    let mut content = Vec::new();
    for (y, cells) in rows(next) {
        let mut x = 0;
        while let Some(cell) = cells.get(x) {
            if is_same(cell, &Cell::EMPTY) {
                x += 1;
            } else {
                content.push((next.area.x + x as u16, y, cell));
                x += width(cell);
            }
        }
    }
    content
}

/// Returns the rows of a frame with their numbers.
fn rows(buffer: &Buffer) -> impl Iterator<Item = (u16, &[Cell])> {
    (buffer.area.y..).zip(buffer.content.chunks_exact(usize::from(buffer.area.width).max(1)))
}

/// Calls `add` for the cells of a row that have to be written. The cells before the column `first` are the same.
fn add_changes<'a>(before: &[Cell], next: &'a [Cell], first: usize, mut add: impl FnMut(usize, &'a Cell)) {
    // A wide character that is the same may cover the first change.
    let mut x = next.iter().take(first).enumerate().map(|(x, cell)| x + width(cell)).fold(first, usize::max);
    // The end of what wide characters covered that are overwritten.
    let mut uncovered = 0;
    while let (Some(cell), Some(shown)) = (next.get(x), before.get(x)) {
        let end = x + width(cell);
        if x < uncovered || !is_same(shown, cell) {
            add(x, cell);
            let overwritten = before.iter().enumerate().take(end).skip(x);
            uncovered = overwritten.map(|(x, cell)| x + width(cell)).fold(uncovered, usize::max);
        }
        x = end;
    }
}

/// Whether two cells look the same.
fn is_same(one: &Cell, other: &Cell) -> bool {
    is_same_text(one.symbol(), other.symbol())
        && one.fg == other.fg
        && one.bg == other.bg
        && one.modifier == other.modifier
        && one.diff_option == other.diff_option
}

/// Compares the texts of two cells. Nearly all are one byte long, and a call for each of them takes longer.
fn is_same_text(one: &str, other: &str) -> bool {
    match (one.as_bytes(), other.as_bytes()) {
        ([one], [other]) => one == other,
        (one, other) => one == other,
    }
}

/// Returns the number of columns that a cell occupies, at least one.
fn width(cell: &Cell) -> usize {
    if cell.diff_option == CellDiffOption::None && is_narrow(cell.symbol()) {
        return 1;
    }
    usize::from(cell.cell_width().max(1))
}

/// Whether a text is known to take one column: a character of ASCII, a Latin letter or a line of a box. Nearly all
/// cells have one of these.
fn is_narrow(text: &str) -> bool {
    let mut chars = text.chars();
    let first = matches!(chars.next(), Some(' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '─'..='╿'));
    first && chars.next().is_none()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    const AREA: Rect = Rect { x: 3, y: 2, width: 12, height: 2 };

    /// Width of a character to which the painter gives another one than its own.
    const FORCED: NonZeroU16 = NonZeroU16::new(2).expect("not zero");

    /// Paints texts one after another into each row. Characters that do not fit are left out.
    fn frame(rows: &[Vec<(&'static str, Style)>]) -> Buffer {
        let mut buffer = Buffer::empty(AREA);
        for (y, row) in (AREA.y..AREA.bottom()).zip(rows) {
            let mut x = AREA.x;
            for (symbol, style) in row {
                let is_forced = *symbol == "☺";
                let width = if is_forced { FORCED.get() } else { symbol.cell_width() };
                if x + width <= AREA.right() {
                    buffer[(x, y)].set_symbol(symbol).set_style(*style);
                    if is_forced {
                        buffer[(x, y)].set_diff_option(CellDiffOption::ForcedWidth(FORCED));
                    }
                    x += width;
                }
            }
        }
        buffer
    }

    fn row() -> impl Strategy<Value = Vec<(&'static str, Style)>> {
        let symbol = prop::sample::select(vec![" ", "a", "b", "─", "é", "漢", "字", "⸻", "👍", "☺"]);
        let style = prop::sample::select(vec![
            Style::new(),
            Style::new().fg(Color::Red),
            Style::new().bg(Color::Blue),
            Style::new().add_modifier(Modifier::REVERSED),
        ]);
        prop::collection::vec((symbol, style), 0..14)
    }

    fn positions(changes: Vec<Change<'_>>) -> Vec<(u16, u16, String)> {
        changes.into_iter().map(|(x, y, cell)| (y, x, cell.symbol().to_owned())).collect()
    }

    proptest! {
        /// Whatever ratatui writes is written, and beyond that only what a wide character covered.
        #[test]
        fn changes_are_those_of_ratatui(before in [row(), row()], next in [row(), row()]) {
            let (before, next) = (frame(&before), frame(&next));
            let ours = positions(changes(&before, &next));
            let theirs = positions(before.diff_iter(&next).collect());
            prop_assert!(ours.is_sorted());
            for change in &theirs {
                prop_assert!(ours.contains(change), "{change:?} is missing in {ours:?}");
            }
            for change in ours.iter().filter(|change| !theirs.contains(change)) {
                let (y, x) = (change.0, change.1);
                let covered = (AREA.x..x).any(|left| left + before[(left, y)].cell_width() > x);
                prop_assert!(covered, "{change:?} was not changed");
            }
        }
    }

    proptest! {
        #[test]
        fn empty_terminal_gets_what_a_blank_frame_lacks(next in [row(), row()]) {
            let next = frame(&next);
            prop_assert_eq!(content(&next), changes(&Buffer::empty(AREA), &next));
        }
    }

    #[test]
    fn narrow_characters_take_one_column() {
        for c in (' '..='\u{3000}').filter(|c| is_narrow(c.encode_utf8(&mut [0; 4]))) {
            assert_eq!(Cell::default().set_char(c).cell_width(), 1, "{c:?}");
        }
        assert!(!is_narrow("") && !is_narrow("e\u{301}") && !is_narrow("漢"));
    }

    #[test]
    fn everything_visible_of_a_cell_counts() {
        let plain = Cell::new("a");
        let change: [fn(&mut Cell); 5] = [
            |cell| _ = cell.set_symbol("b"),
            |cell| _ = cell.set_fg(Color::Red),
            |cell| _ = cell.set_bg(Color::Red),
            |cell| _ = cell.set_style(Style::new().add_modifier(Modifier::BOLD)),
            |cell| _ = cell.set_diff_option(CellDiffOption::ForcedWidth(FORCED)),
        ];
        assert!(is_same(&plain, &plain.clone()));
        for change in change {
            let mut changed = plain.clone();
            change(&mut changed);
            assert!(changed != plain && !is_same(&plain, &changed), "{changed:?}");
        }
        assert!(is_same(&Cell::EMPTY, &Cell::new(" ")), "a cell that was never painted shows a space");
    }
}

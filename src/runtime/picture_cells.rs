//! The cells of a frame in which the terminal draws a picture.

use ratatui::buffer::{Buffer, Cell};

use crate::domain::{Drawing, DrawingForm};
use crate::view::PictureCell;

/// A cell to be written: column, row and content.
pub(super) type Change<'a> = (u16, u16, &'a Cell);

/// A cell without content. The terminal draws a picture over it.
static BLANK: Cell = Cell::EMPTY;

/// What has to be written for the pictures of a frame.
#[derive(Debug, Default)]
pub(super) struct PictureCells<'a> {
    /// Pictures to store before their cells are written: number and data.
    pub(super) stored: Vec<(u32, &'a [u8])>,
    /// Rows of pictures to draw after all cells are written.
    pub(super) rows: Vec<PictureRow<'a>>,
}

/// A row of cells of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PictureRow<'a> {
    /// Column of the screen where the picture begins.
    pub(super) x: u16,
    /// Row of the screen.
    pub(super) y: u16,
    /// Width in cells.
    pub(super) columns: u16,
    /// What draws the row, at the cursor.
    pub(super) data: &'a [u8],
}

/// Makes the cells of pictures blank, in a copy of the screen that no terminal draws on.
pub(super) fn clear(buffer: &mut Buffer) {
    buffer.content.iter_mut().filter(|cell| PictureCell::read(cell).is_some()).for_each(Cell::reset);
}

impl<'a> PictureCells<'a> {
    /// Finds the cells of pictures among those that are to be written, and makes those blank over which the terminal
    /// draws. `drawing` returns what draws a picture.
    pub(super) fn take_from(
        changes: &mut [Change<'_>],
        drawing: &dyn Fn(u32) -> Option<&'a Drawing>,
        is_supported: bool,
    ) -> Self {
        let mut found = Self::default();
        if !is_supported {
            return found;
        }
        for (x, y, cell) in changes {
            let Some(place) = PictureCell::read(cell) else { continue };
            let drawing = drawing(place.id);
            match drawing.map(|drawing| &drawing.form) {
                Some(DrawingForm::Stored(data)) => {
                    if !found.stored.iter().any(|(id, _)| *id == place.id) {
                        found.stored.push((place.id, data));
                    }
                }
                Some(DrawingForm::Rows(rows)) => {
                    *cell = &BLANK;
                    let (x, y) = (x.saturating_sub(place.column), *y);
                    let is_known = found.rows.iter().rev().any(|row| (row.x, row.y) == (x, y));
                    if let Some(data) = rows.get(usize::from(place.row)).filter(|_| !is_known) {
                        let columns = drawing.map_or(0, |drawing| drawing.columns);
                        found.rows.push(PictureRow { x, y, columns, data });
                    }
                }
                None => *cell = &BLANK,
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Color;

    use super::*;

    /// The characters of these cells mean something to the terminal only.
    #[test]
    fn copy_of_the_screen_has_no_placeholders() {
        let mut screen = Buffer::empty(Rect::new(0, 0, 2, 1));
        screen[(0, 0)].set_symbol("a");
        screen[(1, 0)].set_symbol("\u{10eeee}\u{305}\u{305}").set_fg(Color::Rgb(1, 2, 3));
        clear(&mut screen);
        assert_eq!((screen[(0, 0)].symbol(), &screen[(1, 0)]), ("a", &Cell::EMPTY));
    }
}

//! The cells of a frame in which the terminal draws a picture.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

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
    /// Whether all pictures are to be removed before.
    pub(super) are_removed: bool,
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
                Some(DrawingForm::Rows(_)) | None => {
                    *cell = &BLANK;
                    found.add_row(*x, *y, place, drawing);
                }
            }
        }
        found
    }

    /// Adds the row of the picture to which a cell belongs.
    fn add_row(&mut self, x: u16, y: u16, place: PictureCell, drawing: Option<&'a Drawing>) {
        let Some(Drawing { columns, form: DrawingForm::Rows(rows), .. }) = drawing else { return };
        let x = x.saturating_sub(place.column);
        let is_known = self.rows.iter().rev().any(|row| (row.x, row.y) == (x, y));
        if let Some(data) = rows.get(usize::from(place.row)).filter(|_| !is_known) {
            self.rows.push(PictureRow { x, y, columns: *columns, data });
        }
    }

    /// Removes and draws again all pictures if one of them is written over, for a terminal that keeps it then. A row
    /// that is covered in part is not drawn: the picture would be behind the text. `before` is the last frame.
    pub(super) fn replace_covered(
        &mut self,
        changes: &[Change<'_>],
        before: &Buffer,
        next: &Buffer,
        drawing: &dyn Fn(u32) -> Option<&'a Drawing>,
    ) {
        let picture_at = |buffer: &Buffer, x, y| buffer.cell((x, y)).and_then(PictureCell::read);
        self.are_removed = changes.iter().any(|(x, y, _)| picture_at(before, *x, *y).is_some());
        if self.are_removed {
            for Position { x, y } in next.area.positions() {
                if let Some(place) = picture_at(next, x, y) {
                    self.add_row(x, y, place, drawing(place.id));
                }
            }
        }
        self.rows.retain(|row| (row.x..row.x + row.columns).all(|x| picture_at(next, x, row.y).is_some()));
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Color;

    use super::*;
    use crate::runtime::frame_diff;

    /// The characters of these cells mean something to the terminal only.
    #[test]
    fn copy_of_the_screen_has_no_placeholders() {
        let mut screen = Buffer::empty(Rect::new(0, 0, 2, 1));
        screen[(0, 0)].set_symbol("a");
        screen[(1, 0)].set_symbol("\u{10eeee}\u{305}\u{305}").set_fg(Color::Rgb(1, 2, 3));
        clear(&mut screen);
        assert_eq!((screen[(0, 0)].symbol(), &screen[(1, 0)]), ("a", &Cell::EMPTY));
    }

    /// A screen with rows of a picture, three cells wide, at column 1 of these rows; `covered` has a box over it.
    fn screen(rows: &[u16], covered: Option<(u16, u16)>) -> Buffer {
        let mut screen = Buffer::empty(Rect::new(0, 0, 6, 4));
        for y in rows {
            for column in 0..3 {
                let (symbol, color) = PictureCell { id: 7, row: *y, column }.placeholder().unwrap();
                screen[(1 + column, *y)].set_symbol(&symbol).set_fg(color);
            }
        }
        if let Some(place) = covered {
            screen[place].reset();
            screen[place].set_symbol("x");
        }
        screen
    }

    /// Konsole left parts of pictures on the screen when they moved, and behind boxes.
    #[test]
    fn picture_under_other_cells_is_removed() {
        let drawing = Drawing { id: 7, columns: 3, form: DrawingForm::Rows(vec![b"row".to_vec(); 4].into()) };
        let written = |before: &Buffer, next: &Buffer| {
            let mut changes = frame_diff::changes(before, next);
            let mut pictures = PictureCells::take_from(&mut changes, &|_| Some(&drawing), true);
            pictures.replace_covered(&changes, before, next, &|_| Some(&drawing));
            (pictures.are_removed, pictures.rows.iter().map(|row| (row.x, row.y)).collect::<Vec<_>>())
        };
        let (none, two, moved) = (screen(&[], None), screen(&[1, 2], None), screen(&[2, 3], None));
        assert_eq!(written(&none, &two), (false, vec![(1, 1), (1, 2)]), "it appears");
        assert_eq!(written(&two, &none), (true, vec![]), "it disappears");
        assert_eq!(written(&two, &moved), (true, vec![(1, 3), (1, 2)]), "it moves");
        let covered = screen(&[1, 2], Some((2, 2)));
        assert_eq!(written(&two, &covered), (true, vec![(1, 1)]), "a box opens");
        assert_eq!(written(&covered, &two), (false, vec![(1, 2)]), "it closes");
        assert_eq!(written(&none, &covered), (false, vec![(1, 1)]), "it appears under a box");
    }
}

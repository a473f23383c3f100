//! The cells of a picture that the terminal draws itself.
//!
//! Such a cell holds a character of a private area with two combining marks, which tell the row and the column within
//! the picture, and its color is the number of the picture. These are the placeholders of kitty's graphics protocol
//! ("Unicode placeholders"). Programs on the way, such as tmux, take them for text. For terminals with another protocol,
//! the screen replaces them by the picture itself.

use ratatui::buffer::Cell;
use ratatui::style::Color;

/// The character of a placeholder.
const CHARACTER: char = '\u{10eeee}';

/// The marks that stand for the numbers from 0, as ranges: the combining characters of Unicode 6.0 that are drawn above
/// others and are part of no precomposed character. `rowcolumn-diacritics.txt` of kitty lists them.
const MARKS: &[(char, char)] = &[
    ('\u{305}', '\u{305}'),
    ('\u{30d}', '\u{30e}'),
    ('\u{310}', '\u{310}'),
    ('\u{312}', '\u{312}'),
    ('\u{33d}', '\u{33f}'),
    ('\u{346}', '\u{346}'),
    ('\u{34a}', '\u{34c}'),
    ('\u{350}', '\u{352}'),
    ('\u{357}', '\u{357}'),
    ('\u{35b}', '\u{35b}'),
    ('\u{363}', '\u{36f}'),
    ('\u{483}', '\u{487}'),
    ('\u{592}', '\u{595}'),
    ('\u{597}', '\u{599}'),
    ('\u{59c}', '\u{5a1}'),
    ('\u{5a8}', '\u{5a9}'),
    ('\u{5ab}', '\u{5ac}'),
    ('\u{5af}', '\u{5af}'),
    ('\u{5c4}', '\u{5c4}'),
    ('\u{610}', '\u{617}'),
    ('\u{657}', '\u{65b}'),
    ('\u{65d}', '\u{65e}'),
    ('\u{6d6}', '\u{6dc}'),
    ('\u{6df}', '\u{6e2}'),
    ('\u{6e4}', '\u{6e4}'),
    ('\u{6e7}', '\u{6e8}'),
    ('\u{6eb}', '\u{6ec}'),
    ('\u{730}', '\u{730}'),
    ('\u{732}', '\u{733}'),
    ('\u{735}', '\u{736}'),
    ('\u{73a}', '\u{73a}'),
    ('\u{73d}', '\u{73d}'),
    ('\u{73f}', '\u{741}'),
    ('\u{743}', '\u{743}'),
    ('\u{745}', '\u{745}'),
    ('\u{747}', '\u{747}'),
    ('\u{749}', '\u{74a}'),
    ('\u{7eb}', '\u{7f1}'),
    ('\u{7f3}', '\u{7f3}'),
    ('\u{816}', '\u{819}'),
    ('\u{81b}', '\u{823}'),
    ('\u{825}', '\u{827}'),
    ('\u{829}', '\u{82d}'),
    ('\u{951}', '\u{951}'),
    ('\u{953}', '\u{954}'),
    ('\u{f82}', '\u{f83}'),
    ('\u{f86}', '\u{f87}'),
    ('\u{135d}', '\u{135f}'),
    ('\u{17dd}', '\u{17dd}'),
    ('\u{193a}', '\u{193a}'),
    ('\u{1a17}', '\u{1a17}'),
    ('\u{1a75}', '\u{1a7c}'),
    ('\u{1b6b}', '\u{1b6b}'),
    ('\u{1b6d}', '\u{1b73}'),
    ('\u{1cd0}', '\u{1cd2}'),
    ('\u{1cda}', '\u{1cdb}'),
    ('\u{1ce0}', '\u{1ce0}'),
    ('\u{1dc0}', '\u{1dc1}'),
    ('\u{1dc3}', '\u{1dc9}'),
    ('\u{1dcb}', '\u{1dcc}'),
    ('\u{1dd1}', '\u{1de6}'),
    ('\u{1dfe}', '\u{1dfe}'),
    ('\u{20d0}', '\u{20d1}'),
    ('\u{20d4}', '\u{20d7}'),
    ('\u{20db}', '\u{20dc}'),
    ('\u{20e1}', '\u{20e1}'),
    ('\u{20e7}', '\u{20e7}'),
    ('\u{20e9}', '\u{20e9}'),
    ('\u{20f0}', '\u{20f0}'),
    ('\u{2cef}', '\u{2cf1}'),
    ('\u{2de0}', '\u{2dff}'),
    ('\u{a66f}', '\u{a66f}'),
    ('\u{a67c}', '\u{a67d}'),
    ('\u{a6f0}', '\u{a6f1}'),
    ('\u{a8e0}', '\u{a8f1}'),
    ('\u{aab0}', '\u{aab0}'),
    ('\u{aab2}', '\u{aab3}'),
    ('\u{aab7}', '\u{aab8}'),
    ('\u{aabe}', '\u{aabf}'),
    ('\u{aac1}', '\u{aac1}'),
    ('\u{fe20}', '\u{fe26}'),
    ('\u{10a0f}', '\u{10a0f}'),
    ('\u{10a38}', '\u{10a38}'),
    ('\u{1d185}', '\u{1d189}'),
    ('\u{1d1aa}', '\u{1d1ad}'),
    ('\u{1d242}', '\u{1d244}'),
];

/// Number of marks, and thus of the rows or columns that a picture may have.
pub(super) const MAX_CELLS: u16 = 297;

/// The place of a cell within a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureCell {
    /// Number of the picture.
    pub id: u32,
    /// Row within the picture, from 0.
    pub row: u16,
    /// Column within the picture, from 0.
    pub column: u16,
}

impl PictureCell {
    /// Returns the text and the color of this cell. Rows and columns from the 297th on have none.
    pub fn placeholder(self) -> Option<(String, Color)> {
        let text = [CHARACTER, mark(self.row)?, mark(self.column)?].iter().collect();
        let [_, red, green, blue] = self.id.to_be_bytes();
        Some((text, Color::Rgb(red, green, blue)))
    }

    /// Reads a cell of the screen. `None` if it is no part of a picture.
    pub fn read(cell: &Cell) -> Option<Self> {
        let mut chars = cell.symbol().chars();
        if chars.next() != Some(CHARACTER) {
            return None;
        }
        let (row, column) = (number(chars.next()?)?, number(chars.next()?)?);
        let Color::Rgb(red, green, blue) = cell.fg else { return None };
        Some(Self { id: u32::from_be_bytes([0, red, green, blue]), row, column })
    }
}

/// Returns the mark for a number.
fn mark(number: u16) -> Option<char> {
    MARKS.iter().flat_map(|(first, last)| *first..=*last).nth(number.into())
}

/// Returns the number of a mark.
fn number(mark: char) -> Option<u16> {
    let position = MARKS.iter().flat_map(|(first, last)| *first..=*last).position(|known| known == mark)?;
    u16::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn placeholder_tells_picture_row_and_column() {
        for (row, column) in [(0, 0), (13, 59), (MAX_CELLS - 1, MAX_CELLS - 1)] {
            let place = PictureCell { id: 0x12_34_56, row, column };
            let (text, color) = place.placeholder().unwrap();
            assert_eq!(width(&text), 1, "{text:?}");
            let mut cell = Cell::default();
            cell.set_symbol(&text).set_fg(color);
            assert_eq!(PictureCell::read(&cell), Some(place));
        }
        assert_eq!(PictureCell { id: 1, row: 0, column: MAX_CELLS }.placeholder(), None);
        assert_eq!(PictureCell::read(&Cell::default()), None);
    }

    /// Values of `rowcolumn-diacritics.txt`.
    #[test]
    fn marks_are_those_of_kitty() {
        let at = |number| mark(number).map(u32::from);
        assert_eq!([at(0), at(1), at(16), at(129), at(255)], [0x305, 0x30d, 0x35b, 0x951, 0xa8e5].map(Some));
        assert_eq!((at(296), at(297)), (Some(0x1d244), None));
    }
}

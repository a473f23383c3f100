//! Pictures: by the terminal where it can, otherwise in half blocks, where each cell shows two pixels, one above the
//! other. Every terminal with colors can do that.

use ratatui::style::{Color, Style};

use crate::config::{ColorDepth, nearest_of_palette};
use crate::domain::{DrawingForm, Picture, Pixel};

use super::canvas::Canvas;
use super::placeholder::{MAX_CELLS, PictureCell};

/// Paints a part of a row of a picture, from the column and row `from` on, at a cell of the screen.
pub(super) fn row(
    canvas: &mut Canvas<'_>,
    picture: &Picture,
    from: (u16, u16),
    at: (u16, u16),
    cells: u16,
    colors: ColorDepth,
) {
    let color = |pixel: Pixel| pixel.map(|rgb| color(rgb, colors));
    let columns = picture.columns().saturating_sub(from.0).min(cells);
    if let Some(id) = drawing(picture, columns) {
        for column in 0..columns {
            let place = PictureCell { id, row: from.1, column: from.0 + column };
            if let Some((text, color)) = place.placeholder() {
                canvas.put_picture_cell(at.0 + column, at.1, &text, Style::new().fg(color));
            }
        }
        return;
    }
    for column in 0..columns {
        let (upper, lower) = picture.cell(from.0 + column, from.1);
        let (symbol, style) = match (color(upper), color(lower)) {
            (Some(upper), Some(lower)) => ("▀", Style::new().fg(upper).bg(lower)),
            (Some(upper), None) => ("▀", Style::new().fg(upper)),
            (None, Some(lower)) => ("▄", Style::new().fg(lower)),
            (None, None) => continue,
        };
        canvas.put(at.0 + column, at.1, symbol, 1, style);
    }
}

/// Returns the number of the drawing, if the terminal can draw the `columns` columns of the picture that are visible.
fn drawing(picture: &Picture, columns: u16) -> Option<u32> {
    let drawing = picture.drawing()?;
    let is_drawable = match drawing.form {
        DrawingForm::Stored(_) => picture.columns() <= MAX_CELLS && picture.rows() <= MAX_CELLS,
        // A row is drawn as a whole or not at all.
        DrawingForm::Rows(_) => picture.columns() == columns && columns <= MAX_CELLS && picture.rows() <= MAX_CELLS,
    };
    is_drawable.then_some(drawing.id)
}

/// Returns a color that the terminal can show: itself, or the nearest one of the fixed palette, which every terminal of
/// the last decades shows.
fn color([red, green, blue]: [u8; 3], colors: ColorDepth) -> Color {
    match colors {
        ColorDepth::All => Color::Rgb(red, green, blue),
        ColorDepth::Palette | ColorDepth::Sixteen => Color::Indexed(nearest_of_palette([red, green, blue])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_of_the_palette_are_the_nearest_ones() {
        for (rgb, expected) in [
            ([0, 0, 0], 16),
            ([255, 255, 255], 231),
            ([255, 0, 0], 196),
            ([95, 135, 175], 67),
            ([128, 128, 128], 244),
            ([18, 18, 18], 233),
        ] {
            assert_eq!(color(rgb, ColorDepth::Palette), Color::Indexed(expected), "{rgb:?}");
        }
        assert_eq!(color([1, 2, 3], ColorDepth::All), Color::Rgb(1, 2, 3));
    }
}

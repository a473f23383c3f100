//! Pictures in half blocks: each cell shows two pixels, one above the other. Every terminal with colors can do that.

use ratatui::style::{Color, Style};

use crate::domain::{Picture, Pixel};

use super::canvas::Canvas;

/// Paints a part of a row of a picture, from the column and row `from` on, at a cell of the screen.
pub(super) fn row(
    canvas: &mut Canvas<'_>,
    picture: &Picture,
    from: (u16, u16),
    at: (u16, u16),
    cells: u16,
    true_color: bool,
) {
    let color = |pixel: Pixel| pixel.map(|rgb| color(rgb, true_color));
    for column in 0..picture.columns().saturating_sub(from.0).min(cells) {
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

/// Returns a color that the terminal can show: itself, or the nearest one of the fixed palette.
fn color(rgb: [u8; 3], true_color: bool) -> Color {
    let [red, green, blue] = rgb;
    if true_color {
        return Color::Rgb(red, green, blue);
    }
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    if most - least < 12 && (8..=238).contains(&most) {
        // The 24 grays, which are closer together than the colors.
        return Color::Indexed(232 + ((most - 8) / 10).min(23));
    }
    let level = |part: u8| match part {
        0..=47 => 0,
        48..=114 => 1,
        115.. => (part - 35) / 40,
    };
    Color::Indexed(16 + 36 * level(red) + 6 * level(green) + level(blue))
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
            ([250, 120, 10], 208),
        ] {
            assert_eq!(color(rgb, false), Color::Indexed(expected), "{rgb:?}");
        }
        assert_eq!(color([1, 2, 3], true), Color::Rgb(1, 2, 3));
    }
}

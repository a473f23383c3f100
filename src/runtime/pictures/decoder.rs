//! From a file to a picture that fits into its space on the screen.

use super::formats::{self, FormatError, Pixels};
use crate::domain::{Picture, PictureRequest, Pixel};
use crate::runtime::graphics::{Graphics, Raster};

/// Opacity from which on a pixel is shown.
const OPAQUE: u8 = 128;

/// Decodes a picture and scales it to fit into its space. Small pictures are only enlarged if the request says so. With
/// `graphics`, it is prepared for the terminal to draw it as well.
///
/// # Errors
/// The reason, as the end of a sentence.
pub(super) fn decode(file: &[u8], request: &PictureRequest, graphics: Option<Graphics>) -> Result<Picture, String> {
    let pixels = formats::decode(file).map_err(|error| {
        let reason = match error {
            FormatError::Unsupported => "its format is not supported.",
            FormatError::TooLarge => "it has too many pixels.",
            FormatError::Damaged => "its file is damaged.",
        };
        reason.to_owned()
    })?;
    let turned = Turned::new(&pixels);
    let space = (usize::from(request.columns).max(1), usize::from(request.rows).max(1) * 2);
    let (width, height) = fit((turned.width, turned.height), space, request.is_enlarged);
    // A half-filled row of cells at the end is transparent.
    let scaled = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let scaled: Vec<Pixel> = scaled
        .map(|(x, y)| {
            let columns = part(x, width, turned.width);
            turned.average(columns, part(y, height, turned.height))
        })
        .collect();
    let drawing = graphics.and_then(|graphics| {
        let cell = graphics.cell_size()?;
        let size = (width * usize::from(cell.0), height.div_ceil(2) * usize::from(cell.1));
        let raster = graphics.can_draw(size).then(|| turned.raster(size))?;
        graphics.draw(&raster, cell, request)
    });
    Ok(Picture::new(u16::try_from(width).unwrap_or(u16::MAX), scaled).with_drawing(drawing))
}

/// Returns the largest size of the same shape that fits into `space`; at most `size` unless it may be enlarged.
fn fit(size: (usize, usize), space: (usize, usize), is_enlarged: bool) -> (usize, usize) {
    let (width, height) = size;
    if width <= space.0 && height <= space.1 && !is_enlarged {
        return size;
    }
    let by_height = (width * space.1 / height, space.1);
    let fitting = if by_height.0 <= space.0 { by_height } else { (space.0, height * space.0 / width) };
    (fitting.0.max(1), fitting.1.max(1))
}

/// Returns the source pixels, in one dimension, of the pixel `at` of `count`.
fn part(at: usize, count: usize, source: usize) -> std::ops::Range<usize> {
    let start = at * source / count;
    start..((at + 1) * source / count).max(start + 1)
}

/// The pixels of a picture, turned the way the camera was held.
struct Turned<'a> {
    pixels: &'a Pixels,
    width: usize,
    height: usize,
}

impl<'a> Turned<'a> {
    fn new(pixels: &'a Pixels) -> Self {
        let (width, height) = (pixels.width, pixels.height);
        let (width, height) = if pixels.orientation >= 5 { (height, width) } else { (width, height) };
        Self { pixels, width, height }
    }

    /// Scales the picture to fit into `space`, at the top left. The rest is transparent.
    fn raster(&self, space: (usize, usize)) -> Raster {
        let (width, height) = fit((self.width, self.height), space, true);
        let mut bytes = vec![0; space.0 * space.1 * 4];
        for y in 0..height {
            let rows = part(y, height, self.height);
            for x in 0..width {
                let start = (y * space.0 + x) * 4;
                let color = self.average_of(part(x, width, self.width), rows.clone());
                bytes[start..start + 4].copy_from_slice(&color);
            }
        }
        Raster { width: space.0, height: space.1, bytes }
    }

    /// Returns the average color of an area.
    fn average(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Pixel {
        let [red, green, blue, opacity] = self.average_of(columns, rows);
        (opacity >= OPAQUE).then_some([red, green, blue])
    }

    /// Returns the average color and opacity of an area.
    fn average_of(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> [u8; 4] {
        let mut sums = [0_usize; 4];
        let count = columns.len() * rows.len();
        for y in rows {
            for x in columns.clone() {
                let [red, green, blue, opacity] = self.at(x, y);
                sums[3] += opacity;
                // The colors of transparent pixels mean nothing.
                for (sum, color) in sums.iter_mut().zip([red, green, blue]) {
                    *sum += color * opacity;
                }
            }
        }
        let [red, green, blue, opacity] = sums;
        let color = |sum: usize| u8::try_from(sum / opacity.max(1)).unwrap_or(u8::MAX);
        [color(red), color(green), color(blue), u8::try_from(opacity / count.max(1)).unwrap_or(u8::MAX)]
    }

    /// Returns the color and opacity of a pixel.
    fn at(&self, x: usize, y: usize) -> [usize; 4] {
        let (last_x, last_y) = (self.pixels.width - 1, self.pixels.height - 1);
        let (x, y) = match self.pixels.orientation {
            2 => (last_x - x, y),
            3 => (last_x - x, last_y - y),
            4 => (x, last_y - y),
            5 => (y, x),
            6 => (y, last_y - x),
            7 => (last_x - y, last_y - x),
            8 => (last_x - y, x),
            _ => (x, y),
        };
        let start = (y * self.pixels.width + x) * self.pixels.channels;
        let pixel = &self.pixels.bytes[start..start + self.pixels.channels];
        let pixel = match *pixel {
            [gray] => [gray, gray, gray, u8::MAX],
            [gray, opacity] => [gray, gray, gray, opacity],
            [red, green, blue] => [red, green, blue, u8::MAX],
            [red, green, blue, opacity, ..] => [red, green, blue, opacity],
            [] => [0; 4],
        };
        pixel.map(usize::from)
    }
}

//! Sixels (VT340 Graphics Programming, chapter 14): characters for six pixels each, one above the other, drawn at the
//! cursor in the colors of a palette.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use color_quant::NeuQuant;

use super::Raster;
use super::raster::CHANNELS;

/// Number of colors, as many as terminals have registers for.
const COLORS: usize = 256;

/// One of how many pixels is looked at to choose the colors, from 1 (slow) to 30.
const SAMPLING: i32 = 10;

/// Opacity from which on a pixel is drawn.
const OPAQUE: u8 = 128;

/// Maximum width of one image in pixels. By default xterm draws none beyond 1,000.
const MAX_WIDTH: usize = 800;

/// Height of a band of sixels in pixels.
const BAND: usize = 6;

/// The colors of a picture.
pub(super) struct Palette {
    colors: NeuQuant,
    /// Red, green and blue of each color.
    rgb: Vec<u8>,
    /// The colors that were found for pixels. A picture has fewer different pixels than pixels, and to find one takes
    /// time.
    found: RefCell<HashMap<[u8; 3], u8>>,
}

impl Palette {
    /// Chooses the colors for a picture.
    pub(super) fn new(raster: &Raster) -> Self {
        // Colors of transparent pixels mean nothing.
        let opaque = raster.bytes.chunks_exact(CHANNELS).filter(|pixel| pixel[3] >= OPAQUE);
        let opaque: Vec<u8> = opaque.flat_map(|pixel| [pixel[0], pixel[1], pixel[2], u8::MAX]).collect();
        let colors = NeuQuant::new(SAMPLING, COLORS, &opaque);
        let rgb = colors.color_map_rgb();
        Self { colors, rgb, found: RefCell::default() }
    }

    /// Returns what draws one row of cells of this width, as images beside each other. The cursor is left at the last.
    pub(super) fn draw(&self, row: &Raster, cell_width: usize) -> Vec<u8> {
        let cells = (MAX_WIDTH / cell_width.max(1)).max(1);
        let mut out = Vec::new();
        for (number, part) in row.columns(cells * cell_width.max(1)).enumerate() {
            // Terminals differ in where an image leaves the cursor, so it is saved before and restored after it.
            let step = if number > 0 { format!("\x1b8\x1b[{cells}C\x1b7") } else { "\x1b7".to_owned() };
            out.extend_from_slice(step.as_bytes());
            out.extend(self.draw_image(&part));
        }
        out
    }

    /// Returns what draws an image.
    fn draw_image(&self, row: &Raster) -> Vec<u8> {
        let colors: Vec<Option<u8>> = (0..row.height)
            .flat_map(|y| (0..row.width).map(move |x| row.pixel(x, y)))
            .map(|[red, green, blue, opacity]| (opacity >= OPAQUE).then(|| self.nearest([red, green, blue])))
            .collect();
        // Pixels that are not drawn keep the background. The size is given for terminals that make space first.
        let mut out = format!("\x1bP0;1;0q\"1;1;{};{}", row.width, row.height);
        for color in colors.iter().flatten().copied().collect::<BTreeSet<u8>>() {
            let start = usize::from(color) * 3;
            let percent = |at: usize| u32::from(self.rgb[start + at]) * 100 / u32::from(u8::MAX);
            let _ = write!(out, "#{color};2;{};{};{}", percent(0), percent(1), percent(2));
        }
        for band in colors.chunks(row.width.max(1) * BAND) {
            draw_band(&mut out, band, row.width);
        }
        out.push_str("\x1b\\");
        out.into_bytes()
    }

    /// Returns the color of the palette for a pixel. The last two bits of each component make no visible difference.
    fn nearest(&self, pixel: [u8; 3]) -> u8 {
        let pixel = pixel.map(|component| component & !3);
        *self.found.borrow_mut().entry(pixel).or_insert_with(|| {
            let [red, green, blue] = pixel;
            u8::try_from(self.colors.index_of(&[red, green, blue, u8::MAX])).unwrap_or(u8::MAX)
        })
    }
}

/// Draws at most six rows of pixels: color after color over the whole width.
fn draw_band(out: &mut String, band: &[Option<u8>], width: usize) {
    for color in band.iter().flatten().copied().collect::<BTreeSet<u8>>() {
        let _ = write!(out, "#{color}");
        let sixel = |x: usize| {
            let rows = band.iter().skip(x).step_by(width);
            rows.enumerate().fold(0, |bits, (y, pixel)| bits | u8::from(*pixel == Some(color)) << y)
        };
        let sixels: Vec<u8> = (0..width).map(sixel).collect();
        for run in sixels.chunk_by(|one, other| one == other) {
            let character = char::from(b'?' + run[0]);
            match run.len() {
                length @ ..4 => out.extend(std::iter::repeat_n(character, length)),
                length => {
                    let _ = write!(out, "!{length}{character}");
                }
            }
        }
        out.push('$');
    }
    out.push('-');
}

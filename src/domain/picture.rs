//! Pictures, scaled for the screen.
//!
//! This module neither fetches nor decodes pictures.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A picture that is wanted, and the space for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureRequest {
    /// Address of the picture.
    pub url: String,
    /// Width of the space, in cells.
    pub columns: u16,
    /// Height of the space, in cells.
    pub rows: u16,
    /// Whether it is shown by itself, so that a small picture is enlarged to fill the space.
    pub is_enlarged: bool,
}

/// A pixel: red, green and blue; `None` where the picture is transparent.
pub type Pixel = Option<[u8; 3]>;

/// A picture in the resolution of the screen, in the form in which the terminal takes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Number of the picture, of at most 24 bits.
    pub id: u32,
    /// Width in cells.
    pub columns: u16,
    /// What is written to the terminal.
    pub form: DrawingForm,
}

/// What is written to the terminal for a picture.
#[derive(Clone, PartialEq, Eq)]
pub enum DrawingForm {
    /// Once, before the first cell of the picture: the terminal stores it under its number.
    Stored(Arc<[u8]>),
    /// For each row of cells, whenever the row has to be drawn.
    Rows(Arc<[Vec<u8>]>),
}

/// A picture that was scaled to fit into a space, with two pixels in each cell, one above the other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Width, in cells and in pixels.
    width: u16,
    /// Pixels, row by row.
    #[serde(with = "pixels_format")]
    pixels: Arc<[Pixel]>,
    /// The same picture with more pixels, if the terminal can show it. It means nothing to another terminal.
    #[serde(skip)]
    drawing: Option<Drawing>,
}

impl Picture {
    /// Creates a picture of the given width from its pixels, row by row.
    pub fn new(width: u16, pixels: impl Into<Arc<[Pixel]>>) -> Self {
        Self { width, pixels: pixels.into(), drawing: None }
    }

    /// Returns the picture with a drawing of the same size in cells.
    pub fn with_drawing(self, drawing: Option<Drawing>) -> Self {
        Self { drawing, ..self }
    }

    /// Returns what the terminal can show instead of the pixels.
    pub fn drawing(&self) -> Option<&Drawing> {
        self.drawing.as_ref()
    }

    /// Returns the width in cells.
    pub fn columns(&self) -> u16 {
        self.width
    }

    /// Returns the height in cells.
    pub fn rows(&self) -> u16 {
        let pixels = self.pixels.len() / usize::from(self.width.max(1));
        u16::try_from(pixels.div_ceil(2)).unwrap_or(u16::MAX)
    }

    /// Returns the upper and the lower pixel of a cell.
    pub fn cell(&self, column: u16, row: u16) -> (Pixel, Pixel) {
        let width = usize::from(self.width);
        let upper = usize::from(row) * 2 * width + usize::from(column);
        let pixel = |at: usize| self.pixels.get(at).copied().flatten();
        if column < self.width { (pixel(upper), pixel(upper + width)) } else { (None, None) }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.columns(), self.rows())
    }
}

/// Pixels in recordings, as a list.
mod pixels_format {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Pixel;

    pub(super) fn serialize<S: Serializer>(pixels: &Arc<[Pixel]>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(pixels.iter())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[Pixel]>, D::Error> {
        Vec::<Pixel>::deserialize(deserializer).map(Into::into)
    }
}

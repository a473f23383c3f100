//! A picture as the rows of its pixels.

/// Bytes of a pixel: red, green, blue and opacity.
pub(super) const CHANNELS: usize = 4;

/// The pixels of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runtime) struct Raster {
    /// Width in pixels.
    pub(in crate::runtime) width: usize,
    /// Height in pixels.
    pub(in crate::runtime) height: usize,
    /// Red, green, blue and opacity of each pixel, row by row.
    pub(in crate::runtime) bytes: Vec<u8>,
}

impl Raster {
    /// Returns the parts of the picture with `height` rows of pixels each.
    pub(super) fn rows(&self, height: usize) -> impl Iterator<Item = Self> {
        let part = (self.width * CHANNELS * height).max(1);
        self.bytes.chunks_exact(part).map(move |bytes| Self { width: self.width, height, bytes: bytes.to_vec() })
    }

    /// Returns the parts of the picture with at most `width` columns of pixels each.
    pub(super) fn columns(&self, width: usize) -> impl Iterator<Item = Self> {
        (0..self.width).step_by(width.max(1)).map(move |start| {
            let end = (start + width).min(self.width);
            let rows = self.bytes.chunks_exact((self.width * CHANNELS).max(1));
            let bytes = rows.flat_map(|row| &row[start * CHANNELS..end * CHANNELS]).copied().collect();
            Self { width: end - start, height: self.height, bytes }
        })
    }

    /// Returns a pixel.
    pub(super) fn pixel(&self, x: usize, y: usize) -> [u8; CHANNELS] {
        let start = (y * self.width + x) * CHANNELS;
        self.bytes.get(start..start + CHANNELS).and_then(|pixel| pixel.try_into().ok()).unwrap_or_default()
    }
}

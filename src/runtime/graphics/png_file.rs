//! PNG files, in which kitty and iTerm2 take pictures.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::Raster;

/// Returns a picture as a PNG file. `None` if it has no pixels.
pub(super) fn encode(raster: &Raster) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(raster.width).ok()?, u32::try_from(raster.height).ok()?);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&raster.bytes).ok()?;
    writer.finish().ok()?;
    Some(file)
}

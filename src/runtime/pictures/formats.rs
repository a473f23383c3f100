//! The formats of pictures: each decoder returns the same kind of pixels.
//!
//! The decoders are those of the `image` crate. They are used without it, because it brings a color management that
//! takes longer to build than all of them.

use std::io::Cursor;

use exif::{In, Tag};
use gif::{ColorOutput, DecodeOptions, MemoryLimit};
use image_webp::WebPDecoder;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Maximum number of pixels of a picture.
const MAX_PIXELS: usize = 32_000_000;

/// Maximum memory that a decoder may allocate besides the pixels, in bytes.
const MAX_MEMORY: usize = 128 << 20;

/// The pixels of a picture.
pub(super) struct Pixels {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bytes per pixel: gray, gray and opacity, RGB, or RGB and opacity.
    pub(super) channels: usize,
    pub(super) bytes: Vec<u8>,
    /// How the picture has to be turned, as in the Exif data of cameras: from 1 for not at all to 8.
    pub(super) orientation: u32,
}

/// Why a picture cannot be shown.
pub(super) enum FormatError {
    /// It is no picture, or in a format that is not supported.
    Unsupported,
    /// It has too many pixels.
    TooLarge,
    /// The file does not follow its format.
    Damaged,
}

/// Decodes a file by its first bytes. Of an animation, the first frame is returned.
pub(super) fn decode(file: &[u8]) -> Result<Pixels, FormatError> {
    let pixels = match file {
        [0x89, b'P', b'N', b'G', ..] => png(file),
        [0xff, 0xd8, 0xff, ..] => jpeg(file),
        [b'G', b'I', b'F', b'8', ..] => gif(file),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(file),
        _ => return Err(FormatError::Unsupported),
    }?;
    let is_complete = pixels.bytes.len() >= pixels.width * pixels.height * pixels.channels;
    if is_complete && pixels.width > 0 && pixels.height > 0 { Ok(pixels) } else { Err(FormatError::Damaged) }
}

fn check_size(width: usize, height: usize) -> Result<(), FormatError> {
    if width.saturating_mul(height) > MAX_PIXELS { Err(FormatError::TooLarge) } else { Ok(()) }
}

fn png(file: &[u8]) -> Result<Pixels, FormatError> {
    let damaged = |_| FormatError::Damaged;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: MAX_MEMORY });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    check_size(reader.info().width as usize, reader.info().height as usize)?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or(FormatError::TooLarge)?];
    let frame = reader.next_frame(&mut bytes).map_err(damaged)?;
    let exif = reader.info().exif_metadata.as_deref().map(<[u8]>::to_vec);
    Ok(Pixels {
        width: frame.width as usize,
        height: frame.height as usize,
        channels: frame.color_type.samples(),
        bytes,
        orientation: orientation(exif),
    })
}

fn jpeg(file: &[u8]) -> Result<Pixels, FormatError> {
    let damaged = |_| FormatError::Damaged;
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or(FormatError::Damaged)?;
    check_size(width, height)?;
    let bytes = decoder.decode().map_err(damaged)?;
    Ok(Pixels { width, height, channels: 3, bytes, orientation: orientation(decoder.exif().cloned()) })
}

fn gif(file: &[u8]) -> Result<Pixels, FormatError> {
    let damaged = |_| FormatError::Damaged;
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    let limit = std::num::NonZeroU64::new(4 * MAX_PIXELS as u64);
    options.set_memory_limit(limit.map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes));
    let mut decoder = options.read_info(Cursor::new(file)).map_err(damaged)?;
    let frame = decoder.read_next_frame().map_err(damaged)?.ok_or(FormatError::Damaged)?;
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    Ok(Pixels { width, height, channels: 4, bytes: frame.buffer.to_vec(), orientation: 1 })
}

fn webp(file: &[u8]) -> Result<Pixels, FormatError> {
    let damaged = |_| FormatError::Damaged;
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(damaged)?;
    decoder.set_memory_limit(MAX_MEMORY);
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    check_size(width, height)?;
    let mut bytes = vec![0; decoder.output_buffer_size().ok_or(FormatError::TooLarge)?];
    decoder.read_image(&mut bytes).map_err(damaged)?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let exif = decoder.exif_metadata().ok().flatten();
    Ok(Pixels { width, height, channels, bytes, orientation: orientation(exif) })
}

/// Returns how a picture has to be turned. Phones store photos as their sensor saw them.
fn orientation(exif: Option<Vec<u8>>) -> u32 {
    let data = exif.and_then(|exif| exif::Reader::new().read_raw(exif).ok());
    let value = data.and_then(|data| data.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0));
    value.filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

//! Width and height of PNG, GIF and JPEG images, read from their headers.

/// Returns the width and height in pixels, or `None` for truncated data and other formats.
pub(crate) fn image_size(bytes: &[u8]) -> Option<(u32, u32)> {
    png(bytes).or_else(|| gif(bytes)).or_else(|| jpeg(bytes))
}

/// Reads `len` bytes at `at` as a big-endian number.
fn big_endian(bytes: &[u8], at: usize, len: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(len)?)?;
    Some(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((big_endian(bytes, 16, 4)?, big_endian(bytes, 20, 4)?))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"GIF8").then_some(())?;
    let little_endian = |at: usize| Some(big_endian(bytes, at + 1, 1)? << 8 | big_endian(bytes, at, 1)?);
    Some((little_endian(6)?, little_endian(8)?))
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\xff\xd8").then_some(())?;
    let mut at = 2;
    // Skips segments, each of which states its length, up to the start-of-frame segment.
    loop {
        (big_endian(bytes, at, 1)? == 0xff).then_some(())?;
        let marker = big_endian(bytes, at + 1, 1)?;
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((big_endian(bytes, at + 7, 2)?, big_endian(bytes, at + 5, 2)?));
        }
        at += match marker {
            // A fill byte.
            0xff => 1,
            // Markers without a segment.
            0x01 | 0xd0..=0xd9 => 2,
            _ => 2 + usize::try_from(big_endian(bytes, at + 2, 2)?).ok()?,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_read_from_the_header() {
        assert_eq!(image_size(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\x01\x02"), Some((32, 258)));
        assert_eq!(image_size(b"GIF89a\x05\x01\x07\x00"), Some((261, 7)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x10\0\x20\x01";
        assert_eq!(image_size(jpeg), Some((32, 16)));
    }

    #[test]
    fn truncated_and_unknown_images_have_no_size() {
        let whole = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x10\0\x20\x01";
        for len in 0..whole.len() - 1 {
            assert_eq!(image_size(&whole[..len]), None, "{len}");
        }
        for other in [&b""[..], b"RIFF", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xff\xff\xff"] {
            assert_eq!(image_size(other), None);
        }
    }
}

//! How large a picture is, read from the head of PNG, GIF and JPEG; of anything else nothing is known.

/// Width and height.
pub(crate) fn extent(bytes: &[u8]) -> Option<(u32, u32)> {
    png(bytes).or_else(|| gif(bytes)).or_else(|| jpeg(bytes))
}

fn big(bytes: &[u8], at: usize, len: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(len)?)?;
    Some(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"GIF8").then_some(())?;
    let little = |at: usize| Some(big(bytes, at + 1, 1)? << 8 | big(bytes, at, 1)?);
    Some((little(6)?, little(8)?))
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\xff\xd8").then_some(())?;
    let mut at = 2;
    // Segment by segment until the one that begins a frame; each says how long it is.
    loop {
        (big(bytes, at, 1)? == 0xff).then_some(())?;
        let marker = big(bytes, at + 1, 1)?;
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
        }
        // A fill byte, or a marker that stands alone, or a segment.
        at += match marker {
            0xff => 1,
            0x01 | 0xd0..=0xd9 => 2,
            _ => 2 + usize::try_from(big(bytes, at + 2, 2)?).ok()?,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extent_is_in_the_head() {
        assert_eq!(extent(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\x01\x02"), Some((32, 258)));
        assert_eq!(extent(b"GIF89a\x05\x01\x07\x00"), Some((261, 7)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x10\0\x20\x01";
        assert_eq!(extent(jpeg), Some((32, 16)));
    }

    #[test]
    fn what_is_cut_or_foreign_has_none() {
        let whole = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x10\0\x20\x01";
        for len in 0..whole.len() - 1 {
            assert_eq!(extent(&whole[..len]), None, "{len}");
        }
        for other in [&b""[..], b"RIFF", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xff\xff\xff"] {
            assert_eq!(extent(other), None);
        }
    }
}

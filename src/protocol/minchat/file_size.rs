//! The size of a file, which MinChat sends as text such as `12.30 KB`.

use crate::domain::format_size;
use crate::protocol::limits;
use crate::text::SafeText;

/// Size of MinChat's kilobyte.
const KILOBYTE: u64 = 1 << 10;

/// Returns the size in the style of this program, and in bytes; or as it was sent if it is not understood.
pub(super) fn size(sent: &str) -> (SafeText, Option<u64>) {
    match parse(sent) {
        // Two decimals of a kilobyte say little about a small file: 4 and 5 bytes would be 0 and 10.
        Some(bytes) if bytes < KILOBYTE && !sent.trim_end().ends_with(" B") => (SafeText::line("< 1 kB"), None),
        Some(bytes) => (SafeText::line(&format_size(bytes)), Some(bytes)),
        None => (limits::line(sent), None),
    }
}

/// Parses a size in bytes. The units are binary, as in the SDK (`docs/protocol/minchat.md` §4).
fn parse(sent: &str) -> Option<u64> {
    let (number, unit) = sent.trim().split_once(' ')?;
    let unit_size = match unit {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    let number: f64 = number.parse().ok().filter(|number| (0.0..1e6).contains(number))?;
    Some((number * f64::from(unit_size)).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: a file of 16 bytes was shown with 20 B, and one of 4 bytes with 0 B.
    #[test]
    fn size_has_the_style_of_this_program() {
        for (sent, shown) in [
            ("0.00 KB", "< 1 kB"),
            ("0.02 KB", "< 1 kB"),
            ("0.24 KB ", "< 1 kB"),
            ("1.00 KB", "1 kB"),
            ("0.50 MB", "524 kB"),
            ("12.30 KB", "13 kB"),
            ("976.56 KB", "1 MB"),
            ("2 MB", "2.1 MB"),
            ("2.86 MB", "3 MB"),
            ("3.50 MB", "3.7 MB"),
            ("19.07 MB", "20 MB"),
            ("246 B", "246 B"),
            ("1 GB", "1.1 GB"),
            ("0 B", "0 B"),
            ("two MB", "two MB"),
            ("-1 KB", "-1 KB"),
            ("NaN KB", "NaN KB"),
            ("1e300 KB", "1e300 KB"),
            ("12", "12"),
            ("", ""),
        ] {
            assert_eq!(&*size(sent).0, shown, "{sent}");
        }
        assert_eq!((size("12.30 KB").1, size("0.00 KB").1, size("two MB").1), (Some(12_595), None, None));
    }
}

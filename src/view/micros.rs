//! Short durations.

/// Formats a duration in microseconds, in at most seven columns.
pub(in crate::view) fn format_micros(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..100_000 => format!("{}.{} ms", micros / 1_000, micros / 100 % 10),
        100_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..100_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        _ => format!("{} s", micros / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_fits_its_column() {
        for (micros, text) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_000, "1.0 ms"),
            (99_999, "99.9 ms"),
            (999_999, "999 ms"),
            (1_500_000, "1.5 s"),
            (3_600_000_000, "3600 s"),
        ] {
            assert_eq!(format_micros(micros), text);
            assert!(text.chars().count() <= 7);
        }
    }
}

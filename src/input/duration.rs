//! Lengths of time, as in `/mute 8h`.

/// The units, in milliseconds.
const UNITS: [(char, i64); 4] = [('m', 60_000), ('h', 3_600_000), ('d', 86_400_000), ('w', 604_800_000)];

/// Maximum number of units, so that a typing error does not become a century.
const MAX_COUNT: i64 = 999;

/// Parses a number of minutes, hours, days or weeks, such as `30m` or `8h`, into milliseconds.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let (count, millis) = UNITS.iter().find_map(|(unit, millis)| Some((text.strip_suffix(*unit)?, millis)))?;
    let count: i64 = count.trim().parse().ok()?;
    (1..=MAX_COUNT).contains(&count).then(|| count * millis)
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn duration_is_a_number_and_a_unit() {
        assert_eq!(parse_duration("90m"), Some(5_400_000));
        assert_eq!(parse_duration("1 h"), Some(3_600_000));
        assert_eq!(parse_duration("2w"), Some(1_209_600_000));
        for wrong in ["", "8", "h", "0h", "-1h", "1000d", "99999999999999w", "an hour", "1hm"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}

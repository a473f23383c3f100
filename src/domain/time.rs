//! Points in time, and how times and durations are formatted for users.

use std::ops::{Add, Sub};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// Milliseconds in a second.
pub const SECOND: i64 = 1000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// Formats date and time in `zone` to the second, with its offset, such as `2026-11-28 18:03:27 +01:00`.
    pub fn format_seconds(self, zone: &TimeZone) -> String {
        self.zoned(zone).strftime("%F %T %:z").to_string()
    }

    /// Parses an ISO 8601 instant such as `2026-11-21T18:03:27.198Z`; `None` if it is invalid.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|at| Self(at.as_millisecond()))
    }

    /// Formats an ISO 8601 instant such as `2026-11-21T18:03:27.198Z`.
    pub fn to_iso(self) -> String {
        format!("{:.3}", jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    /// Parses an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`; `None` if it is invalid.
    pub fn parse_http(text: &str) -> Option<Self> {
        let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self(at.as_millisecond()))
    }

    /// Returns the calendar day in `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }

    /// Returns the calendar day in `zone` as a range, from its first instant to the first instant of the next day.
    pub fn day_span(self, zone: &TimeZone) -> std::ops::Range<Self> {
        let at = self.zoned(zone);
        let start = at.start_of_day().map_or(self, |start| Self(start.timestamp().as_millisecond()));
        let next = at.tomorrow().and_then(|next| next.start_of_day());
        start..next.map_or(self + 1, |next| Self(next.timestamp().as_millisecond()))
    }

    /// Formats the age at `now`: `just now`, `5 min ago`, `3 h ago`, `2 days ago`.
    pub fn format_age(self, now: Self) -> String {
        match now - self {
            age if age < MINUTE => "just now".to_owned(),
            age if age < HOUR => format!("{} min ago", age / MINUTE),
            age if age < DAY => format!("{} h ago", age / HOUR),
            age if age < 2 * DAY => "1 day ago".to_owned(),
            age => format!("{} days ago", age / DAY),
        }
    }

    /// Formats date and time for the name of a file, such as `2026-11-21-184503`.
    pub fn format_for_file(self, zone: &TimeZone) -> String {
        self.zoned(zone).strftime("%Y-%m-%d-%H%M%S").to_string()
    }

    /// Returns the time in `zone`.
    pub fn zoned(self, zone: &TimeZone) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
    }
}

/// Formats a duration of a call or recording: `3:12`, or `1:02:03`.
pub fn format_duration(millis: i64) -> String {
    let seconds = millis.max(0) / SECOND;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

impl Add<i64> for Timestamp {
    type Output = Self;

    fn add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl Sub for Timestamp {
    type Output = i64;

    fn sub(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_use_the_largest_unit() {
        let now = Timestamp(10 * DAY);
        assert_eq!(Timestamp(10 * DAY - 20 * SECOND).format_age(now), "just now");
        assert_eq!(Timestamp(10 * DAY - 5 * MINUTE).format_age(now), "5 min ago");
        assert_eq!(Timestamp(10 * DAY - 3 * HOUR).format_age(now), "3 h ago");
        assert_eq!(Timestamp(7 * DAY).format_age(now), "3 days ago");
    }

    #[test]
    fn durations_show_hours_only_when_needed() {
        assert_eq!(format_duration(3 * MINUTE + 12 * SECOND), "3:12");
        assert_eq!(format_duration(HOUR + 2 * MINUTE + 3 * SECOND), "1:02:03");
    }
}

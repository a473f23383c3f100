//! A day or a time of day without the other, as people write it.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::time::Timestamp;

/// A day, or a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTime {
    /// A day.
    Day(Date),
    /// A time of day.
    Time(Time),
}

impl LocalTime {
    /// Parses a day such as `2026-11-30`, or a time such as `18:03` or `18:03:27`.
    pub fn parse(text: &str) -> Option<Self> {
        // The parsers read longer forms as well, such as a day with a time, and ignore the rest.
        match (text.len(), text.contains(':')) {
            (10, false) => text.parse().ok().map(Self::Day),
            (5 | 8, true) => text.parse().ok().map(Self::Time),
            _ => None,
        }
    }

    /// Returns the first instant of the day, or the last instant until `now` at which it was this time of day.
    pub fn last(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let at = |date: Date, time: Time| {
            let at = zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()?;
            Some(Timestamp(at.as_millisecond()))
        };
        let today = now.day(zone);
        match self {
            Self::Day(date) => at(date, Time::midnight()),
            Self::Time(time) => at(today, time).filter(|at| *at <= now).or_else(|| at(today.yesterday().ok()?, time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_and_time_are_those_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        let now = at("2026-11-30T12:00:00Z");
        for (text, expected) in [
            ("2026-11-30", "2026-11-29T22:00:00Z"),
            ("2026-11-28", "2026-11-27T22:00:00Z"),
            ("13:30", "2026-11-30T11:30:00Z"),
            ("14:00:00", "2026-11-30T12:00:00Z"),
            ("18:03", "2026-11-29T16:03:00Z"),
        ] {
            assert_eq!(LocalTime::parse(text).and_then(|time| time.last(now, &zone)), Some(at(expected)), "{text}");
        }
        for text in ["2026-13-01", "25:00", "yesterday", "2026-11-30T12:00", "12", "12:00Z"] {
            assert_eq!(LocalTime::parse(text), None, "{text}");
        }
    }
}

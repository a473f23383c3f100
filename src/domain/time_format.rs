//! How times and dates are shown: time zone, clock, order of day and month, and the first day of the week.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::zone_names::{weekday_format, zone_format};

/// The clock by which times of day are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Clock {
    /// `18:03`.
    #[default]
    Hours24,
    /// `6:03pm`.
    Hours12,
}

/// The order of the parts of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DateFormat {
    /// `Friday 20 November 2026`, `20 Nov`.
    #[default]
    DayMonth,
    /// `Friday, November 20, 2026`, `Nov 20`.
    MonthDay,
    /// `2026-11-20 Friday`, `11-20`.
    Iso,
}

/// How times and dates are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeFormat {
    /// The time zone.
    #[serde(with = "zone_format")]
    pub zone: TimeZone,
    /// The clock.
    pub clock: Clock,
    /// The order of the parts of a date.
    pub dates: DateFormat,
    /// The day on which a week starts.
    #[serde(with = "weekday_format")]
    pub first_weekday: Weekday,
}

impl Default for TimeFormat {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            clock: Clock::default(),
            dates: DateFormat::default(),
            first_weekday: Weekday::Monday,
        }
    }
}

impl TimeFormat {
    /// Returns the most columns that a time of day needs.
    pub fn time_width(&self) -> u16 {
        match self.clock {
            Clock::Hours24 => 5,
            Clock::Hours12 => 7,
        }
    }

    /// Formats the time of day, such as `18:03`.
    pub fn time(&self, at: Timestamp) -> String {
        self.format(at, self.time_pattern())
    }

    /// Formats the date in full, such as `Friday 20 November 2026`.
    pub fn long_date(&self, at: Timestamp) -> String {
        self.format(
            at,
            match self.dates {
                DateFormat::DayMonth => "%A %-d %B %Y",
                DateFormat::MonthDay => "%A, %B %-d, %Y",
                DateFormat::Iso => "%F %A",
            },
        )
    }

    /// Formats the date with a short name of the month, such as `20 Nov 2026`.
    pub fn short_date(&self, at: Timestamp) -> String {
        self.format(at, self.short_date_pattern())
    }

    /// Formats in at most seven columns, for the room list: the time if it is today, the weekday if it is within a
    /// week, else the date.
    pub fn compact(&self, at: Timestamp, now: Timestamp) -> String {
        let (then, today) = (at.day(&self.zone), now.day(&self.zone));
        self.format(
            at,
            match (today - then).get_days() {
                0 => self.time_pattern(),
                1..=6 => "%a",
                _ if then.year() == today.year() => self.day_pattern(),
                _ => "%Y-%m",
            },
        )
    }

    /// Formats date and time compactly, for messages in a list: `18:03` today, `Fri 18:03` within a week, `20 Nov 18:03`
    /// in the same year, else `20 Nov 2025`.
    pub fn date_time(&self, at: Timestamp, now: Timestamp) -> String {
        let (then, today) = (at.day(&self.zone), now.day(&self.zone));
        let day = match (today - then).get_days() {
            0 => return self.time(at),
            1..=6 => "%a",
            _ if then.year() == today.year() => self.day_pattern(),
            _ => return self.short_date(at),
        };
        format!("{} {}", self.format(at, day), self.time(at))
    }

    fn time_pattern(&self) -> &'static str {
        match self.clock {
            Clock::Hours24 => "%H:%M",
            Clock::Hours12 => "%-I:%M%P",
        }
    }

    fn day_pattern(&self) -> &'static str {
        match self.dates {
            DateFormat::DayMonth => "%-d %b",
            DateFormat::MonthDay => "%b %-d",
            DateFormat::Iso => "%m-%d",
        }
    }

    fn short_date_pattern(&self) -> &'static str {
        match self.dates {
            DateFormat::DayMonth => "%-d %b %Y",
            DateFormat::MonthDay => "%b %-d, %Y",
            DateFormat::Iso => "%F",
        }
    }

    fn format(&self, at: Timestamp, pattern: &str) -> String {
        at.zoned(&self.zone).strftime(pattern).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats a time on Saturday 21 November 2026 in each way.
    fn formatted(format: &TimeFormat, at: &str) -> [String; 4] {
        let now = Timestamp::parse("2026-11-21T18:00:00Z").unwrap_or_default();
        let at = Timestamp::parse(at).unwrap_or_default();
        [format.time(at), format.long_date(at), format.compact(at, now), format.date_time(at, now)]
    }

    #[test]
    fn short_times_are_relative_to_today() {
        let format = TimeFormat::default();
        assert_eq!(
            formatted(&format, "2026-11-21T08:05:00Z"),
            ["08:05", "Saturday 21 November 2026", "08:05", "08:05"]
        );
        assert_eq!(
            formatted(&format, "2026-11-19T08:05:00Z"),
            ["08:05", "Thursday 19 November 2026", "Thu", "Thu 08:05"]
        );
        assert_eq!(formatted(&format, "2026-03-09T08:05:00Z")[2..], ["9 Mar", "9 Mar 08:05"]);
        assert_eq!(formatted(&format, "2024-03-09T08:05:00Z")[2..], ["2024-03", "9 Mar 2024"]);
    }

    #[test]
    fn month_and_afternoon_can_be_written_as_in_america() {
        let format = TimeFormat { clock: Clock::Hours12, dates: DateFormat::MonthDay, ..TimeFormat::default() };
        assert_eq!(
            formatted(&format, "2026-11-21T12:05:00Z"),
            ["12:05pm", "Saturday, November 21, 2026", "12:05pm", "12:05pm"]
        );
        assert_eq!(formatted(&format, "2026-11-21T00:05:00Z")[0], "12:05am");
        assert_eq!(formatted(&format, "2026-03-09T18:05:00Z")[2..], ["Mar 9", "Mar 9 6:05pm"]);
        assert_eq!(formatted(&format, "2024-03-09T18:05:00Z")[2..], ["2024-03", "Mar 9, 2024"]);
    }

    #[test]
    fn dates_can_be_written_as_in_iso_8601() {
        let format = TimeFormat { dates: DateFormat::Iso, ..TimeFormat::default() };
        assert_eq!(formatted(&format, "2026-03-09T18:05:00Z")[1..], ["2026-03-09 Monday", "03-09", "03-09 18:05"]);
        assert_eq!(formatted(&format, "2024-03-09T18:05:00Z")[3], "2024-03-09");
    }

    #[test]
    fn times_fit_into_their_columns() {
        for clock in [Clock::Hours24, Clock::Hours12] {
            let format = TimeFormat { clock, ..TimeFormat::default() };
            for minute in 0..24 * 60 {
                let time = format.time(Timestamp(minute * super::super::MINUTE));
                assert!(time.len() <= usize::from(format.time_width()), "{time}");
            }
        }
    }
}

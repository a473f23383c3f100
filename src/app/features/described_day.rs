//! Days as people describe them: `2026-11-03`, `yesterday`, `3 days ago`.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use crate::domain::Timestamp;

/// Returns the start of the day that a text describes; `None` if it describes none.
pub(in crate::app) fn start_of_day(description: &str, today: &Zoned, first_weekday: Weekday) -> Option<Timestamp> {
    let description = description.trim().to_lowercase();
    if description == "first" {
        return Some(Timestamp::default());
    }
    let date = day(&description, today.date(), first_weekday)?;
    let start = date.to_zoned(today.time_zone().clone()).ok()?.start_of_day().ok()?;
    Some(Timestamp(start.timestamp().as_millisecond()))
}

fn day(description: &str, today: Date, first_weekday: Weekday) -> Option<Date> {
    match description {
        "today" => return Some(today),
        "yesterday" => return today.yesterday().ok(),
        "this week" => return start_of_week(today, first_weekday),
        "last week" => return start_of_week(today.checked_sub(1.week()).ok()?, first_weekday),
        _ => {}
    }
    if let Some(weekday) = weekday(description.strip_prefix("last ").unwrap_or(description)) {
        // Always in the past: on a Monday, `monday` is a week ago.
        return today.nth_weekday(-1, weekday).ok();
    }
    if let Some((count, unit)) = description.strip_suffix(" ago").and_then(|span| span.split_once(' ')) {
        let count: i64 = count.parse().ok().filter(|count| (0..=100_000).contains(count))?;
        let span = match unit.trim_end_matches('s') {
            "day" => count.days(),
            "week" => count.weeks(),
            "month" => count.months(),
            "year" => count.years(),
            _ => return None,
        };
        return today.checked_sub(span).ok();
    }
    description.parse().ok()
}

fn start_of_week(day: Date, first: Weekday) -> Option<Date> {
    if day.weekday() == first { Some(day) } else { day.nth_weekday(-1, first).ok() }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The day that a text describes on Saturday 28 November 2026 in Berlin.
    fn start(description: &str) -> Option<String> {
        let today: Zoned = "2026-11-28T20:00[Europe/Berlin]".parse().expect("a time");
        let at = start_of_day(description, &today, Weekday::Monday)?;
        Some(at.zoned(today.time_zone()).strftime("%F %H:%M").to_string())
    }

    #[test]
    fn days_are_described_in_many_ways() {
        for (description, expected) in [
            ("2026-11-03", "2026-11-03 00:00"),
            ("today", "2026-11-28 00:00"),
            ("Yesterday", "2026-11-27 00:00"),
            ("last monday", "2026-11-23 00:00"),
            ("sat", "2026-11-21 00:00"),
            ("3 days ago", "2026-11-25 00:00"),
            ("1 week ago", "2026-11-21 00:00"),
            ("2 months ago", "2026-09-28 00:00"),
        ] {
            assert_eq!(start(description).as_deref(), Some(expected), "{description}");
        }
    }

    #[test]
    fn week_starts_on_the_day_that_the_user_chose() {
        let today: Zoned = "2026-11-29T20:00[Europe/Berlin]".parse().expect("a Sunday");
        for (first, this, last) in [
            (Weekday::Monday, "2026-11-23", "2026-11-16"),
            (Weekday::Sunday, "2026-11-29", "2026-11-22"),
            (Weekday::Saturday, "2026-11-28", "2026-11-21"),
        ] {
            let start = |description| start_of_day(description, &today, first).expect("a day").day(today.time_zone());
            assert_eq!((start("this week").to_string(), start("last week").to_string()), (this.into(), last.into()));
        }
    }

    #[test]
    fn other_texts_describe_no_day() {
        for description in ["", "soon", "2026-13-01", "-1 days ago", "99999999999 years ago", "last year", "ago"] {
            assert_eq!(start(description), None, "{description}");
        }
    }
}

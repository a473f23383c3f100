//! Days as people describe them: `2026-11-03`, `yesterday`, `3 days ago`.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use crate::domain::Timestamp;

/// The days that have words of their own.
const WORDS: [&str; 5] = ["first", "today", "yesterday", "this week", "last week"];

/// The days of the week. The first three letters stand for one as well.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

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

/// Returns the number of days that a text describes; `None` if any day after its start will do.
pub(in crate::app) fn number_of_days(description: &str) -> Option<i32> {
    match description.trim().to_lowercase().as_str() {
        "first" => None,
        "this week" | "last week" => Some(7),
        _ => Some(1),
    }
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
    WEEKDAYS.into_iter().find(|(weekday, _)| *weekday == name || weekday[..3] == *name).map(|(_, weekday)| weekday)
}

/// Whether a text, in lower case, may become the description of a day when more is typed. The number of days in
/// `3 days ago` counts as the beginning of a date.
pub(in crate::app) fn may_become_day(typed: &str) -> bool {
    let is_date = typed.len() < "2026-11-03".len() && typed.chars().all(|c| c.is_ascii_digit() || c == '-');
    let weekday = typed.strip_prefix("last ").unwrap_or(typed);
    is_date
        || WORDS.iter().any(|word| word.starts_with(typed))
        || WEEKDAYS.iter().any(|(name, _)| name.starts_with(weekday))
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

    #[test]
    fn beginnings_of_a_description_may_become_a_day() {
        let weekdays = WEEKDAYS.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("last {name}")]);
        for description in WORDS.map(str::to_owned).into_iter().chain(weekdays).chain(["2026-11-03".to_owned()]) {
            assert!(start(&description).is_some(), "{description}");
            assert!((1..description.len()).all(|end| may_become_day(&description[..end])), "{description}");
        }
        for other in ["tomorow", "2026-13-45", "foo", "last x", "3 d"] {
            assert!(!may_become_day(other), "{other}");
        }
    }
}

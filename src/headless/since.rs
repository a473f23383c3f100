//! A point in time as the user writes it: an age such as `10m`, a day, a time of day, or an instant.

use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::domain::{DAY, HOUR, LocalTime, MINUTE, SECOND, Timestamp};

/// A point in time, absolute or before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// This many milliseconds ago.
    Ago(i64),
    /// At this time.
    At(Timestamp),
    /// On this day, or at this time of day.
    Local(LocalTime),
}

impl Since {
    /// Returns the point in time, given the present one and the time zone of the user.
    pub fn at(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Ago(millis) => now + -millis,
            Self::At(at) => at,
            Self::Local(time) => time.last(now, zone).unwrap_or(now),
        }
    }
}

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let units = [("s", SECOND), ("m", MINUTE), ("h", HOUR), ("d", DAY)];
        let age = units.into_iter().find_map(|(unit, millis)| {
            let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
            Some(Self::Ago(i64::from(count).saturating_mul(millis)))
        });
        let at = || Timestamp::parse(text).map(Self::At).or_else(|| LocalTime::parse(text).map(Self::Local));
        age.or_else(at)
            .ok_or("use an age such as 30s, 10m, 2h or 3d, or a time such as 2026-11-21, 18:03 or 2026-11-21T18:03:27Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_instants_are_read() {
        let now = Timestamp(10 * DAY);
        let at = |text: &str| text.parse().map(|since: Since| since.at(now, &TimeZone::UTC));
        assert_eq!(at("2h"), Ok(now + -2 * HOUR));
        assert_eq!((at("1970-01-02"), at("18:30")), (Ok(Timestamp(DAY)), Ok(now + -(5 * HOUR + 30 * MINUTE))));
        assert_eq!("1970-01-02T00:00:00Z".parse(), Ok(Since::At(Timestamp(DAY))));
        assert!("yesterday".parse::<Since>().is_err() && "-1h".parse::<Since>().is_err());
    }
}

//! Time zones and weekdays in recordings, for `#[serde(with)]`.
//!
//! A zone is written as its name in the time zone database, such as `Europe/Berlin`, as a POSIX rule or as an offset.

use jiff::tz::TimeZone;

use super::time::Timestamp;

/// Returns the zone if it can be written, and else the zone with its offset at this time. The zone of the system has no
/// name if the system does not say which file of the database it has copied.
pub fn named_zone(zone: &TimeZone, now: Timestamp) -> TimeZone {
    if zone_format::name(zone).is_some() {
        return zone.clone();
    }
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    zone.to_offset(at).to_time_zone()
}

/// A time zone.
pub mod zone_format {
    use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter};
    use jiff::tz::TimeZone;
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Returns a name by which the zone can be found again.
    pub(super) fn name(zone: &TimeZone) -> Option<String> {
        let name = DateTimePrinter::new().time_zone_to_string(zone).ok();
        name.filter(|name| by_name(name).is_ok())
    }

    pub(super) fn by_name(name: &str) -> Result<TimeZone, String> {
        DateTimeParser::new().parse_time_zone(name).map_err(|error| format!("the time zone is unknown: {error}"))
    }

    /// Writes a zone.
    ///
    /// # Errors
    /// The zone has no name.
    pub fn serialize<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
        let name = name(zone).ok_or_else(|| S::Error::custom("the time zone has no name"))?;
        serializer.serialize_str(&name)
    }

    /// Reads a zone.
    ///
    /// # Errors
    /// This system does not know the zone.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
        by_name(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A time zone that may be missing.
pub mod optional_zone_format {
    use jiff::tz::TimeZone;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::zone_format;

    /// Writes a zone.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn serialize<S: Serializer>(zone: &Option<TimeZone>, serializer: S) -> Result<S::Ok, S::Error> {
        zone.as_ref().and_then(zone_format::name).serialize(serializer)
    }

    /// Reads a zone.
    ///
    /// # Errors
    /// This system does not know the zone.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TimeZone>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        name.map(|name| zone_format::by_name(&name)).transpose().map_err(D::Error::custom)
    }
}

/// A weekday, as a number from 1 for Monday.
pub mod weekday_format {
    use jiff::civil::Weekday;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a weekday.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i8(day.to_monday_one_offset())
    }

    /// Reads a weekday.
    ///
    /// # Errors
    /// The number is none of a weekday.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        Weekday::from_monday_one_offset(i8::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::*;

    #[test]
    fn every_zone_has_a_name_that_can_be_read() {
        let written = |zone: &TimeZone| zone_format::name(&named_zone(zone, Timestamp(0)));
        let posix = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a rule");
        assert!(written(&posix).is_some_and(|name| zone_format::by_name(&name).is_ok()));
        assert_eq!(written(&TimeZone::fixed(Offset::constant(2))).as_deref(), Some("+02:00"));
        assert_eq!(written(&TimeZone::UTC).as_deref(), Some("UTC"));
    }
}

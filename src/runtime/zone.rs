//! The time zone of the user.

use std::fs;

use jiff::tz::TimeZone;

/// Where Unix systems keep the zone of the machine.
const LOCAL_TIME: &str = "/etc/localtime";

/// The user's time zone: what `TZ` says, else the machine's.
///
/// The machine's is read from its file directly: the library would first look through the whole zone database for its
/// name, which nobody here asks for and which takes longer than the first frame.
pub(super) fn local() -> TimeZone {
    if std::env::var_os("TZ").is_none()
        && let Ok(data) = fs::read(LOCAL_TIME)
        && let Ok(zone) = TimeZone::tzif("local", &data)
    {
        return zone;
    }
    TimeZone::system()
}

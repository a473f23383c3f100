//! The time zone of the user.

use std::fs;

use jiff::tz::TimeZone;

/// The file that contains the time zone of the system on Unix.
const LOCAL_TIME: &str = "/etc/localtime";

/// Returns the time zone in `TZ`, or that of the system.
///
/// The time zone of the system is read directly from its file. The library would first search the time zone database
/// for its name, which is never shown and takes longer than drawing the first frame.
pub(super) fn local() -> TimeZone {
    if std::env::var_os("TZ").is_none()
        && let Ok(data) = fs::read(LOCAL_TIME)
        && let Ok(zone) = TimeZone::tzif("local", &data)
    {
        return zone;
    }
    TimeZone::system()
}

//! The only place where the server reads the wall clock. All other functions receive the time as an argument.

use crate::domain::Timestamp;

/// Returns the current time.
pub(crate) fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// Formats a time as both services write it: RFC 3339 in UTC with milliseconds, `2026-11-21T18:03:27.198Z`.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

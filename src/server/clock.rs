//! The only place where the server reads the clock; everything else is told what time it is.

use crate::domain::Timestamp;

/// The time.
pub(crate) fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// An instant as both services write it: `2026-11-21T18:03:27.198Z`.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

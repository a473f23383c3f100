//! The only place where the server reads the wall clock. All other functions receive the time as an argument.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::Timestamp;

/// Time in milliseconds by which the wall clock may go back without being followed. Time synchronisation makes such
/// steps, and two messages would be stored in the wrong order.
const MAX_STEP_BACK: i64 = 1_000;

/// The latest time that was returned.
static LATEST: AtomicI64 = AtomicI64::new(i64::MIN);

/// Time in milliseconds by which the clock of the server is ahead of the wall clock.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Sets the clock. From then on it goes as fast as the wall clock.
pub fn set_clock(now: Timestamp) {
    AHEAD.store(now.0.saturating_sub(jiff::Timestamp::now().as_millisecond()), Ordering::Relaxed);
}

/// Returns the current time, which does not go back by small steps.
pub(crate) fn now() -> Timestamp {
    let wall = jiff::Timestamp::now().as_millisecond().saturating_add(AHEAD.load(Ordering::Relaxed));
    let latest = LATEST.fetch_max(wall, Ordering::Relaxed);
    if latest.saturating_sub(wall) <= MAX_STEP_BACK {
        return Timestamp(latest.max(wall));
    }
    LATEST.store(wall, Ordering::Relaxed);
    Timestamp(wall)
}

/// Formats a time as both services write it: RFC 3339 in UTC with milliseconds, `2026-11-21T18:03:27.198Z`.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

//! Detects connections that are dead although no error was reported.
//!
//! There are two reasons. The server may be silent for longer than its own limit, because a cable is unplugged or a
//! router has lost the connection. Or this machine slept, and the server dropped the connection meanwhile. The
//! monotonic clock does not advance during sleep, so sleep shows as the wall clock getting ahead of it.
//!
//! Pure: the times are arguments.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Shortest sleep that is detected. A smaller difference between the clocks may be a correction of the wall clock.
const MIN_SLEEP: Duration = Duration::from_secs(10);

/// The readings of both clocks at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The monotonic clock, which stops while the machine sleeps.
    pub(super) monotonic: Instant,
    /// The wall clock, which does not.
    pub(super) wall: SystemTime,
}

/// A reason to replace the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    /// The machine slept for about this long.
    Slept(Duration),
    /// The server has been silent for this long.
    Silent(Duration),
}

/// Detector of dead connections. Compares the clocks at each check with those at the previous check.
#[derive(Debug)]
pub(super) struct Watchdog {
    last_check: Moment,
}

impl Watchdog {
    /// Starts watching at `now`.
    pub(super) fn new(now: Moment) -> Self {
        Self { last_check: now }
    }

    /// Checks the connection. `heartbeat` is the time of the last frame and the longest acceptable silence; `None` if
    /// they are unknown.
    pub(super) fn check(&mut self, now: Moment, heartbeat: Option<(Instant, Duration)>) -> Option<Alarm> {
        let before = std::mem::replace(&mut self.last_check, now);
        let monotonic = now.monotonic.saturating_duration_since(before.monotonic);
        // The difference is zero if the wall clock was set back.
        let wall = now.wall.duration_since(before.wall).unwrap_or_default();
        let slept = wall.saturating_sub(monotonic);
        if slept >= MIN_SLEEP {
            return Some(Alarm::Slept(slept));
        }
        let (last_frame, limit) = heartbeat?;
        let silence = now.monotonic.saturating_duration_since(last_frame);
        (silence > limit).then_some(Alarm::Silent(silence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(50);

    /// A watchdog with a clock that only the test advances.
    struct TestClock {
        watchdog: Watchdog,
        now: Moment,
        last_frame: Option<Instant>,
    }

    impl TestClock {
        fn new() -> Self {
            let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 30);
            let now = Moment { monotonic: Instant::now(), wall };
            Self { watchdog: Watchdog::new(now), now, last_frame: Some(now.monotonic) }
        }

        /// Advances the time with a check every five seconds. Returns the first alarm and when it was raised.
        fn advance(&mut self, seconds: u64) -> Option<(u64, Alarm)> {
            (5..=seconds).step_by(5).find_map(|at| {
                self.now.monotonic += Duration::from_secs(5);
                self.now.wall += Duration::from_secs(5);
                let heartbeat = self.last_frame.map(|last_frame| (last_frame, LIMIT));
                Some((at, self.watchdog.check(self.now, heartbeat)?))
            })
        }
    }

    #[test]
    fn silence_beyond_the_limit_raises_an_alarm() {
        let mut clock = TestClock::new();
        assert_eq!(clock.advance(3600), Some((55, Alarm::Silent(Duration::from_secs(55)))));
    }

    #[test]
    fn server_that_pings_raises_no_alarm() {
        let mut clock = TestClock::new();
        for _ in 0..100 {
            assert_eq!(clock.advance(25), None);
            clock.last_frame = Some(clock.now.monotonic);
        }
    }

    #[test]
    fn unknown_heartbeat_raises_no_alarm() {
        let mut clock = TestClock { last_frame: None, ..TestClock::new() };
        assert_eq!(clock.advance(3600), None);
    }

    #[test]
    fn sleep_raises_one_alarm_at_the_next_check() {
        let mut clock = TestClock::new();
        assert_eq!(clock.advance(20), None);
        clock.now.wall += Duration::from_secs(3600);
        assert_eq!(clock.advance(5), Some((5, Alarm::Slept(Duration::from_secs(3600)))));
        assert_eq!(clock.advance(5), None);
    }

    #[test]
    fn small_or_backward_clock_change_is_not_sleep() {
        let mut clock = TestClock::new();
        clock.now.wall += Duration::from_secs(9);
        assert_eq!(clock.advance(5), None);
        clock.now.wall -= Duration::from_secs(86_400);
        assert_eq!(clock.advance(5), None);
    }
}

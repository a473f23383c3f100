//! Looks after a connection that says nothing any more.
//!
//! Two things end it although no error came: a server that is silent for longer than it promised to be (a cable is out, a
//! router has forgotten us), and a sleep of this machine, during which the other side gave up without our hearing of it.
//! Of a sleep the steady clock knows nothing, so it is seen by the other one getting ahead. Pure; knows no clock.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A clock that was set by less than this was set, and nothing more.
const SLEEP: Duration = Duration::from_secs(10);

/// Both clocks at once: one that stands still while the machine sleeps, and one that does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The steady clock.
    pub(super) steady: Instant,
    /// The time of day.
    pub(super) wall: SystemTime,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    /// The machine slept for about so long.
    Slept(Duration),
    /// The server was silent for so long.
    Silent(Duration),
}

/// See the top of this file.
#[derive(Debug)]
pub(super) struct Watchdog {
    looked: Moment,
}

impl Watchdog {
    /// Begins to watch.
    pub(super) fn new(now: Moment) -> Self {
        Self { looked: now }
    }

    /// Looks: `heard` is when a frame was read last, and how long there may be none, if that is known.
    pub(super) fn look(&mut self, now: Moment, heard: Option<(Instant, Duration)>) -> Option<Alarm> {
        let before = std::mem::replace(&mut self.looked, now);
        let steady = now.steady.saturating_duration_since(before.steady);
        // A clock that was set back is no sleep.
        let wall = now.wall.duration_since(before.wall).unwrap_or_default();
        let slept = wall.saturating_sub(steady);
        if slept >= SLEEP {
            return Some(Alarm::Slept(slept));
        }
        let (last, bound) = heard?;
        let silent = now.steady.saturating_duration_since(last);
        (silent > bound).then_some(Alarm::Silent(silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(50);

    /// A watchdog in a time of its own.
    struct Kennel {
        dog: Watchdog,
        now: Moment,
        heard: Option<Instant>,
    }

    impl Kennel {
        fn new() -> Self {
            let now = Moment { steady: Instant::now(), wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 30) };
            Self { dog: Watchdog::new(now), now, heard: Some(now.steady) }
        }

        /// Time passes, with a look every five seconds; the first alarm, and after how long.
        fn pass(&mut self, seconds: u64) -> Option<(u64, Alarm)> {
            (5..=seconds).step_by(5).find_map(|at| {
                self.now.steady += Duration::from_secs(5);
                self.now.wall += Duration::from_secs(5);
                let heard = self.heard.map(|heard| (heard, BOUND));
                Some((at, self.dog.look(self.now, heard)?))
            })
        }
    }

    #[test]
    fn a_server_that_is_silent_for_longer_than_it_promised_is_given_up() {
        let mut kennel = Kennel::new();
        assert_eq!(kennel.pass(3600), Some((55, Alarm::Silent(Duration::from_secs(55)))));
    }

    #[test]
    fn a_server_that_pings_is_never_given_up() {
        let mut kennel = Kennel::new();
        for _ in 0..100 {
            assert_eq!(kennel.pass(25), None);
            kennel.heard = Some(kennel.now.steady);
        }
    }

    #[test]
    fn a_server_whose_pings_cannot_be_heard_is_left_to_the_library() {
        let mut kennel = Kennel { heard: None, ..Kennel::new() };
        assert_eq!(kennel.pass(3600), None);
    }

    #[test]
    fn a_sleep_is_noticed_at_the_first_look_after_it() {
        let mut kennel = Kennel::new();
        assert_eq!(kennel.pass(20), None);
        kennel.now.wall += Duration::from_secs(3600);
        assert_eq!(kennel.pass(5), Some((5, Alarm::Slept(Duration::from_secs(3600)))));
        // Once: what follows is the next connection's business.
        assert_eq!(kennel.pass(5), None);
    }

    #[test]
    fn a_clock_that_is_set_a_little_or_back_is_no_sleep() {
        let mut kennel = Kennel::new();
        kennel.now.wall += Duration::from_secs(9);
        assert_eq!(kennel.pass(5), None);
        kennel.now.wall -= Duration::from_secs(86_400);
        assert_eq!(kennel.pass(5), None);
    }
}

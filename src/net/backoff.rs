//! Delays between connection attempts: exponential backoff with jitter. Pure: does not read a clock.

use std::time::Duration;

/// Generator of the delays between attempts.
///
/// Delays double from `first` up to `cap`. Each is randomised by up to 25 % in both directions, so that the clients of
/// a restarted server do not all reconnect at the same moment. Only a session that lasted at least `stable_after`
/// resets the delay, because the client must not hammer a server that accepts connections and drops them immediately.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    cap: Duration,
    stable_after: Duration,
    failures: u32,
    rng: fastrand::Rng,
}

impl Backoff {
    /// Creates a backoff from 1 s to 60 s, which a session of 30 s resets.
    pub fn new(seed: u64) -> Self {
        Self::with_limits(Duration::from_secs(1), Duration::from_secs(60), Duration::from_secs(30), seed)
    }

    /// Creates a backoff with other limits. Tests use milliseconds.
    pub fn with_limits(first: Duration, cap: Duration, stable_after: Duration, seed: u64) -> Self {
        Self { first, cap, stable_after, failures: 0, rng: fastrand::Rng::with_seed(seed) }
    }

    /// Divides all durations by `factor`.
    pub(super) fn accelerated(self, factor: u32) -> Self {
        let (first, cap, stable_after) = (self.first / factor, self.cap / factor, self.stable_after / factor);
        Self { first, cap, stable_after, ..self }
    }

    /// Returns the delay before the next attempt.
    pub fn next_delay(&mut self) -> Duration {
        let delay = delay_after(self.failures, self.first, self.cap, self.rng.f64());
        self.failures = self.failures.saturating_add(1);
        delay
    }

    /// Records the end of a session that was online for `duration`.
    pub fn session_ended(&mut self, duration: Duration) {
        if duration >= self.stable_after {
            self.failures = 0;
        }
    }
}

/// Returns the delay after a number of failures: `first`, doubled for each, up to `cap`, and changed by up to 25 % in both
/// directions. `chance` is between 0 and 1.
pub(super) fn delay_after(failures: u32, first: Duration, cap: Duration, chance: f64) -> Duration {
    // 2^20 times the first delay is beyond any cap; the limit prevents an overflow of the shift.
    let doubled = first.saturating_mul(1 << failures.min(20)).min(cap);
    doubled.mul_f64(0.75 + 0.5 * chance).min(cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_cap_and_stay_there() {
        for seed in 0..50 {
            let mut backoff = Backoff::new(seed);
            let delays: Vec<_> = (0..2000).map(|_| backoff.next_delay()).collect();
            assert!(delays[0] >= Duration::from_millis(750) && delays[0] <= Duration::from_millis(1250));
            assert!(delays[..6].windows(2).all(|pair| pair[0] < pair[1]), "{:?}", &delays[..6]);
            assert!(delays[7..].iter().all(|delay| (45..=60).contains(&delay.as_secs())));
        }
    }

    #[test]
    fn only_a_long_session_resets_the_delay() {
        let mut backoff = Backoff::new(7);
        for _ in 0..5 {
            backoff.next_delay();
        }
        backoff.session_ended(Duration::from_secs(29));
        assert!(backoff.next_delay() > Duration::from_secs(20));
        backoff.session_ended(Duration::from_secs(30));
        assert!(backoff.next_delay() < Duration::from_secs(2));
    }

    #[test]
    fn delays_differ_between_seeds() {
        assert_ne!(Backoff::new(1).next_delay(), Backoff::new(2).next_delay());
    }
}

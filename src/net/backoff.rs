//! How long to wait before the next attempt: exponential with jitter. Pure; knows no clock.

use std::time::Duration;

/// The delays between attempts.
///
/// They double from `first` to `cap`, each spread by a quarter either way so that the clients of a restarted server do
/// not come back in step. Only a session that lasted `settled` starts over: a server which accepts and drops at once
/// is not to be hammered.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    cap: Duration,
    settled: Duration,
    failures: u32,
    rng: fastrand::Rng,
}

impl Backoff {
    /// 1 s to 60 s, starting over after 30 s online.
    pub fn new(seed: u64) -> Self {
        Self::with(Duration::from_secs(1), Duration::from_secs(60), Duration::from_secs(30), seed)
    }

    /// Other figures; tests use milliseconds.
    pub fn with(first: Duration, cap: Duration, settled: Duration, seed: u64) -> Self {
        Self { first, cap, settled, failures: 0, rng: fastrand::Rng::with_seed(seed) }
    }

    /// All of it so many times shorter.
    pub(super) fn hastened(self, times: u32) -> Self {
        let (first, cap, settled) = (self.first / times, self.cap / times, self.settled / times);
        Self { first, cap, settled, ..self }
    }

    /// The delay before the next attempt.
    pub fn next_delay(&mut self) -> Duration {
        // 2^20 first delays are beyond any cap; the limit keeps the power from overflowing.
        let doubled = self.first.saturating_mul(1 << self.failures.min(20)).min(self.cap);
        self.failures = self.failures.saturating_add(1);
        doubled.mul_f64(0.75 + 0.5 * self.rng.f64()).min(self.cap)
    }

    /// A session has ended that was online for `lasted`.
    pub fn session_ended(&mut self, lasted: Duration) {
        if lasted >= self.settled {
            self.failures = 0;
        }
    }
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
    fn only_a_session_that_lasted_starts_over() {
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
    fn clients_do_not_come_back_in_step() {
        assert_ne!(Backoff::new(1).next_delay(), Backoff::new(2).next_delay());
    }
}

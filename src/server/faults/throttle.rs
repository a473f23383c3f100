//! A limit on bytes per second.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Time after which the next bytes are allowed.
const STEP: Duration = Duration::from_millis(50);

/// Allows a part of a second's bytes in every step.
#[derive(Debug)]
pub(super) struct Throttle {
    rate: u32,
    /// Bytes that are still allowed in this step.
    left: usize,
    next_step: Pin<Box<Sleep>>,
}

impl Throttle {
    /// Creates a limit of `rate` bytes per second.
    pub(super) fn new(rate: u32) -> Self {
        let mut throttle = Self { rate, left: 0, next_step: Box::pin(sleep(STEP)) };
        throttle.refill();
        throttle
    }

    /// The limit in bytes per second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Returns how many bytes may pass now, at least one.
    pub(super) fn poll_allowed(&mut self, context: &mut Context<'_>) -> Poll<usize> {
        while self.left == 0 {
            std::task::ready!(self.next_step.as_mut().poll(context));
            self.refill();
        }
        Poll::Ready(self.left)
    }

    /// Notes that bytes have passed.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// Starts the next step. A rate of less than a byte in a step makes the step longer.
    fn refill(&mut self) {
        let bytes = (f64::from(self.rate) * STEP.as_secs_f64()).max(1.0) as usize;
        self.left = bytes;
        self.next_step.as_mut().reset(Instant::now() + Duration::from_secs_f64(bytes as f64 / f64::from(self.rate)));
    }
}

/// Adapts `throttle` to a limit, which may have changed.
pub(super) fn adapt(throttle: &mut Option<Throttle>, rate: Option<u32>) {
    if throttle.as_ref().map(Throttle::rate) != rate {
        *throttle = rate.map(Throttle::new);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_pass_at_the_rate() {
        for (rate, bytes) in [(10_000, 20_000), (3, 6)] {
            let (mut throttle, start, mut passed) = (Throttle::new(rate), Instant::now(), 0);
            while passed < bytes {
                let allowed = poll_fn(|context| throttle.poll_allowed(context)).await;
                throttle.spend(allowed);
                passed += allowed;
            }
            let seconds = start.elapsed().as_secs_f64();
            assert!((1.5..2.2).contains(&seconds), "{seconds} s at {rate} bytes per second");
        }
    }
}

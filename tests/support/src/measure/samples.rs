//! [`Samples`]: a series of measured durations with its quantiles.

use std::time::Duration;

/// A series of measured durations.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    taken: Vec<Duration>,
}

impl Samples {
    /// Adds a duration.
    pub fn push(&mut self, sample: Duration) {
        self.taken.push(sample);
    }

    /// Number of durations.
    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// The median.
    pub fn median(&self) -> Duration {
        self.quantile(50)
    }

    /// The 99th percentile, or the maximum of fewer than a hundred durations.
    pub fn p99(&self) -> Duration {
        self.quantile(99)
    }

    fn quantile(&self, percent: usize) -> Duration {
        let mut sorted = self.taken.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

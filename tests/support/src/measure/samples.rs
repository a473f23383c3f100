//! Durations measured over and over, and what is said of them.

use std::time::Duration;

/// Measured durations.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    taken: Vec<Duration>,
}

impl Samples {
    /// Adds one.
    pub fn push(&mut self, sample: Duration) {
        self.taken.push(sample);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// Half of them are not above it.
    pub fn median(&self) -> Duration {
        self.quantile(50)
    }

    /// Ninety-nine of a hundred are not above it; the largest, when there are fewer than a hundred.
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

//! Progress of a file that is being transferred: how much, how fast, and how long it will take.

use std::collections::VecDeque;

use crate::domain::{SECOND, Timestamp};

/// Period over which the rate is measured, in milliseconds: long enough to be steady, short enough to notice a change.
const WINDOW: i64 = 5 * SECOND;

/// Minimum distance between two samples, in milliseconds.
const SAMPLE_DISTANCE: i64 = 500;

/// Time after which the first rate is believed, in milliseconds. Before that, buffers are filled, not networks.
const WARM_UP: i64 = SECOND;

/// Progress of a transfer. The time of each report is an argument, so that a rate depends on nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transfer {
    done: u64,
    total: u64,
    /// Reports of the last few seconds: when, and how many bytes.
    samples: VecDeque<(Timestamp, u64)>,
}

impl Transfer {
    /// Records that `done` of `total` bytes have been transferred.
    pub fn record(&mut self, now: Timestamp, done: u64, total: u64) {
        if done < self.done || self.samples.back().is_some_and(|(last, _)| now < *last) {
            // It began again, or the clock was set back.
            self.samples.clear();
        }
        (self.done, self.total) = (done, total);
        let is_due = self.samples.back().is_none_or(|(last, _)| now - *last >= SAMPLE_DISTANCE);
        if is_due {
            self.samples.push_back((now, done));
        }
        while self.samples.len() > 2 && self.samples.get(1).is_some_and(|(second, _)| now - *second >= WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Returns the whole percentage; `None` if the total is not known.
    pub fn percent(&self) -> Option<u8> {
        let percent = self.done.min(self.total).saturating_mul(100).checked_div(self.total)?;
        u8::try_from(percent).ok()
    }

    /// Whether all bytes have been transferred.
    pub fn is_complete(&self) -> bool {
        self.total > 0 && self.done >= self.total
    }

    /// Returns the number of bytes so far.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Returns the rate of the last few seconds in bytes per second; `None` as long as it cannot be told.
    pub fn rate(&self) -> Option<u64> {
        let ((first, from), (last, to)) = (self.samples.front()?, self.samples.back()?);
        let millis = u64::try_from(*last - *first).ok().filter(|_| *last - *first >= WARM_UP)?;
        (to - from).saturating_mul(1_000).checked_div(millis).filter(|rate| *rate > 0)
    }

    /// Returns the time left in seconds at the present rate, rounded up.
    pub fn seconds_left(&self) -> Option<u64> {
        let left = self.total.checked_sub(self.done).filter(|left| *left > 0)?;
        Some(left.div_ceil(self.rate()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transfer(reports: &[(i64, u64)]) -> Transfer {
        let mut transfer = Transfer::default();
        reports.iter().for_each(|(at, done)| transfer.record(Timestamp(*at), *done, 10_000_000));
        transfer
    }

    #[test]
    fn rate_is_that_of_the_last_seconds() {
        // A megabyte at once fills buffers; then 100 kB a second, then 200 kB a second.
        let reports: Vec<(i64, u64)> = (0..=60)
            .map(|n| (n * 500, 1_000_000 + if n < 20 { n * 50_000 } else { 1_000_000 + (n - 20) * 100_000 }))
            .map(|(at, done)| (at, u64::try_from(done).unwrap()))
            .collect();
        assert_eq!(transfer(&reports[..1]).rate(), None);
        assert_eq!(transfer(&reports[..2]).rate(), None, "half a second tells nothing");
        assert_eq!(transfer(&reports[..10]).rate(), Some(100_000));
        assert_eq!(transfer(&reports).rate(), Some(200_000));
        assert_eq!(transfer(&reports).seconds_left(), Some(20));
    }

    #[test]
    fn stalled_or_finished_transfer_has_no_time_left() {
        assert_eq!(transfer(&[(0, 5), (3_000, 5)]).seconds_left(), None);
        assert_eq!(transfer(&[(0, 0), (2_000, 10_000_000)]).seconds_left(), None);
        assert_eq!(transfer(&[(0, 0), (2_000, 10_000_000)]).percent(), Some(100));
        assert_eq!(Transfer::default().percent(), None);
    }

    #[test]
    fn transfer_that_begins_again_is_measured_anew() {
        assert_eq!(transfer(&[(0, 0), (2_000, 4_000_000), (2_500, 100)]).rate(), None);
        assert_eq!(transfer(&[(5_000, 0), (7_000, 4_000_000), (1_000, 4_000_100)]).rate(), None);
    }

    #[test]
    fn samples_are_few_whatever_the_number_of_reports() {
        let reports: Vec<(i64, u64)> = (0..10_000).map(|n| (n * 10, u64::try_from(n).unwrap())).collect();
        assert!(transfer(&reports).samples.len() <= 12);
    }
}

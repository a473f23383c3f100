//! What is measured while messages are sent.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use hdrhistogram::Histogram;

use super::report::Quantiles;

/// Longest latency that is told apart, in microseconds.
const MAX_LATENCY: u64 = 120_000_000;

/// One message.
#[derive(Debug, Default)]
struct Message {
    /// When it was due, in microseconds after the start; 0 if it was not sent yet.
    due: AtomicU64,
    /// People who have received it, each counted once.
    received: AtomicU32,
}

/// The measurements of a load test.
#[derive(Debug)]
pub(super) struct Stats {
    start: Instant,
    messages: Vec<Message>,
    responses: Mutex<Histogram<u64>>,
    deliveries: Mutex<Histogram<u64>>,
    errors: Mutex<BTreeMap<String, u64>>,
    pub(super) sent: AtomicU64,
    /// Deliveries of a message to somebody who had it.
    duplicates: AtomicU64,
}

impl Stats {
    /// Creates the measurements of this many messages, of which the first is due now.
    pub(super) fn new(messages: usize) -> Self {
        Self {
            start: Instant::now(),
            messages: (0..messages).map(|_| Message::default()).collect(),
            responses: Mutex::new(histogram()),
            deliveries: Mutex::new(histogram()),
            errors: Mutex::default(),
            sent: AtomicU64::new(0),
            duplicates: AtomicU64::new(0),
        }
    }

    fn micros(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.start).as_micros()).unwrap_or(u64::MAX)
    }

    /// Notes that a message is sent. Latency counts from when it was due, so that a server that is late with one message
    /// does not hide that the next ones wait.
    pub(super) fn on_sending(&self, number: usize, due: Instant) {
        if let Some(message) = self.messages.get(number) {
            message.due.store(self.micros(due).max(1), Ordering::Relaxed);
        }
    }

    /// Notes that the server has accepted a message.
    pub(super) fn on_response(&self, number: usize) {
        if let Some(message) = self.messages.get(number) {
            self.sent.fetch_add(1, Ordering::Relaxed);
            self.record(&self.responses, message);
        }
    }

    /// Notes that somebody has received a message for the first time.
    pub(super) fn on_delivery(&self, number: usize) {
        if let Some(message) = self.messages.get(number) {
            message.received.fetch_add(1, Ordering::Relaxed);
            self.record(&self.deliveries, message);
        }
    }

    /// Notes that somebody has received a message once more.
    pub(super) fn on_duplicate(&self) {
        self.duplicates.fetch_add(1, Ordering::Relaxed);
    }

    fn record(&self, histogram: &Mutex<Histogram<u64>>, message: &Message) {
        let latency = self.micros(Instant::now()).saturating_sub(message.due.load(Ordering::Relaxed));
        lock(histogram).saturating_record(latency.clamp(1, MAX_LATENCY));
    }

    /// Counts an error of this kind.
    pub(super) fn on_error(&self, kind: &str) {
        *lock(&self.errors).entry(kind.to_owned()).or_default() += 1;
    }

    /// Errors by kind.
    pub(super) fn errors(&self) -> BTreeMap<String, u64> {
        lock(&self.errors).clone()
    }

    /// Quantiles of the time from request to response.
    pub(super) fn responses(&self) -> Quantiles {
        quantiles(&lock(&self.responses))
    }

    /// Quantiles of the time from request to the arrival at another person.
    pub(super) fn deliveries(&self) -> Quantiles {
        quantiles(&lock(&self.deliveries))
    }

    /// Number of people who have received these messages, added up. Others may have arrived although the server did not
    /// confirm them.
    pub(super) fn delivered(&self, numbers: &[usize]) -> u64 {
        let received =
            |number: &usize| self.messages.get(*number).map_or(0, |message| message.received.load(Ordering::Relaxed));
        numbers.iter().map(|number| u64::from(received(number))).sum()
    }

    /// Deliveries of a message to somebody who had it.
    pub(super) fn duplicates(&self) -> u64 {
        self.duplicates.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A histogram with three significant digits.
fn histogram() -> Histogram<u64> {
    let bounded = Histogram::new_with_bounds(1, MAX_LATENCY, 3);
    bounded.unwrap_or_else(|_| unreachable!("the bounds are constants that the library accepts"))
}

fn quantiles(histogram: &Histogram<u64>) -> Quantiles {
    let millis = |micros: u64| micros as f64 / 1_000.0;
    let at = |quantile| millis(histogram.value_at_quantile(quantile));
    Quantiles { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: millis(histogram.max()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn latency_counts_from_when_the_message_was_due() {
        let stats = Stats::new(2);
        let due = stats.start + Duration::from_micros(1);
        stats.on_sending(0, due);
        std::thread::sleep(Duration::from_millis(20));
        stats.on_response(0);
        stats.on_delivery(0);
        stats.on_delivery(99);
        assert!(stats.responses().p50 >= 20.0 && stats.deliveries().max >= 20.0);
    }

    /// Regression test: a message whose response was lost made up for a missing delivery of another one.
    #[test]
    fn only_confirmed_messages_are_expected() {
        let stats = Stats::new(3);
        [0, 0, 2].into_iter().for_each(|number| stats.on_delivery(number));
        stats.on_duplicate();
        assert_eq!((stats.delivered(&[0, 1]), stats.duplicates()), (2, 1));
    }
}

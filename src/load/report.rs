//! The result of a load test, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// Half of all are faster.
    pub p50: f64,
    /// Nine tenths are faster.
    pub p90: f64,
    /// 99 % are faster.
    pub p99: f64,
    /// 99.9 % are faster.
    pub p999: f64,
    /// The slowest.
    pub max: f64,
}

/// The result of a load test.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadReport {
    /// People.
    pub people: usize,
    /// Rooms.
    pub rooms: usize,
    /// Requests and connections that prepared the test: signing in, creating rooms, connecting.
    pub prepared: u64,
    /// Attempts that these needed.
    pub attempts: u64,
    /// Messages that were to be sent.
    pub messages: usize,
    /// Messages that the server has accepted.
    pub sent: u64,
    /// Time in which messages were sent.
    pub time: Duration,
    /// Messages that were accepted in that time.
    pub in_time: u64,
    /// Deliveries of the accepted messages to other people, without duplicates.
    pub delivered: u64,
    /// Deliveries that the accepted messages should have led to.
    pub expected: u64,
    /// Deliveries of a message to somebody who had it.
    pub duplicates: u64,
    /// Errors by kind, such as `429` or `timeout`.
    pub errors: BTreeMap<String, u64>,
    /// Time from request to response.
    pub response: Quantiles,
    /// Time from request to the arrival at another person.
    pub delivery: Quantiles,
}

impl LoadReport {
    /// The percentage of messages that were not sent, or that of missing and repeated deliveries, whichever is higher.
    pub fn failures(&self) -> f64 {
        let errors: u64 = self.errors.values().sum();
        let missing = self.expected.saturating_sub(self.delivered);
        let percentage = |part: u64, whole: u64| part as f64 * 100.0 / whole.max(1) as f64;
        let of_messages = percentage(errors, self.messages as u64);
        of_messages.max(percentage(missing + self.duplicates, self.expected))
    }

    /// Accepted messages per second.
    pub fn rate(&self) -> f64 {
        self.in_time as f64 / self.time.as_secs_f64().max(0.001)
    }

    /// The report as JSON. Latencies are in milliseconds.
    pub fn json(&self) -> Value {
        let rounded = |number: f64| (number * 1_000.0).round() / 1_000.0;
        let latency = |quantiles: &Quantiles| {
            let Quantiles { p50, p90, p99, p999, max } = *quantiles;
            let [p50, p90, p99, p999, max] = [p50, p90, p99, p999, max].map(rounded);
            json!({ "p50": p50, "p90": p90, "p99": p99, "p999": p999, "max": max })
        };
        json!({
            "version": 1,
            "people": self.people,
            "rooms": self.rooms,
            "prepared": self.prepared,
            "attempts": self.attempts,
            "seconds": rounded(self.time.as_secs_f64()),
            "messages": self.messages,
            "sent": self.sent,
            "per_second": rounded(self.rate()),
            "delivered": self.delivered,
            "expected": self.expected,
            "duplicates": self.duplicates,
            "errors": self.errors,
            "response_ms": latency(&self.response),
            "delivery_ms": latency(&self.delivery),
        })
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { people, rooms, messages, sent, delivered, expected, .. } = self;
        writeln!(f, "people     {people} in {rooms} rooms")?;
        if self.attempts > self.prepared {
            let (attempts, prepared) = (self.attempts, self.prepared);
            writeln!(f, "attempts   {attempts} for {prepared} sign-ins, rooms and connections")?;
        }
        writeln!(f, "sent       {sent} of {messages}, {:.0} per second", self.rate())?;
        writeln!(f, "delivered  {delivered} of {expected}")?;
        if self.duplicates > 0 {
            writeln!(f, "duplicates {}", self.duplicates)?;
        }
        let errors: Vec<String> = self.errors.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        writeln!(f, "errors     {}", if errors.is_empty() { "none".to_owned() } else { errors.join(", ") })?;
        writeln!(f, "{:<9} {:>9} {:>9} {:>9} {:>9} {:>9}", "ms", "p50", "p90", "p99", "p99.9", "max")?;
        for (name, Quantiles { p50, p90, p99, p999, max }) in [("response", self.response), ("delivery", self.delivery)]
        {
            writeln!(f, "{name:<9} {p50:>9.1} {p90:>9.1} {p99:>9.1} {p999:>9.1} {max:>9.1}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_deliveries_and_errors_are_failures() {
        let quantiles = Quantiles { p50: 1.0, p90: 2.0, p99: 3.0, p999: 4.0, max: 5.0 };
        let report = LoadReport {
            people: 4,
            rooms: 2,
            prepared: 10,
            attempts: 12,
            messages: 100,
            sent: 98,
            time: Duration::from_secs(10),
            in_time: 98,
            delivered: 97,
            expected: 98,
            duplicates: 0,
            errors: BTreeMap::from([("429".to_owned(), 2)]),
            response: quantiles,
            delivery: quantiles,
        };
        assert!((report.failures() - 2.0).abs() < 0.001);
        let repeated = LoadReport { duplicates: 9, ..report.clone() };
        assert!((repeated.failures() - 1_000.0 / 98.0).abs() < 0.001, "1 is missing and 9 are repeated");
        let text = report.to_string();
        assert!(text.contains("attempts   12 for 10 sign-ins, rooms and connections\n"), "{text}");
        assert!(
            text.contains("sent       98 of 100, 10 per second\n") && text.contains("errors     2 × 429\n"),
            "{text}"
        );
        assert_eq!((&report.json()["errors"]["429"], &report.json()["delivery_ms"]["p99"]), (&json!(2), &json!(3.0)));
    }
}

//! Finds events that the socket library does not deliver.
//!
//! The library drops an event without a word if `serde_json` cannot parse it: with half of a surrogate pair, from a text
//! that was cut within an emoji, with a number out of range or with too many levels. What it was about is not known then,
//! so everything that it may have changed has to be fetched again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Minimum time between two reports, so that a server that sends many such events does not cause constant reloads.
const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// The delivery of the event that was received last; true while it is awaited. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivery(Arc<AtomicBool>);

impl Delivery {
    /// Records that the library has delivered the event.
    pub(super) fn complete(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Watches the packets of one socket. The library handles each packet before it reads the next one.
#[derive(Debug)]
pub(super) struct Undelivered {
    delivery: Delivery,
    /// True after a loss that was not reported yet.
    is_lost: bool,
    /// Age of the connection at the last report.
    reported_at: Option<Duration>,
}

impl Undelivered {
    /// Watches events that are delivered to `delivery`.
    pub(super) fn new(delivery: Delivery) -> Self {
        Self { delivery, is_lost: false, reported_at: None }
    }

    /// Takes note of a packet with this beginning, which was received at this age of the connection. Returns whether
    /// the loss of an earlier event is to be reported now.
    pub(super) fn on_packet(&mut self, head: &str, age: Duration) -> bool {
        self.is_lost |= self.delivery.0.swap(is_event(head), Ordering::Relaxed);
        let is_due = self.reported_at.is_none_or(|reported| age >= reported + REPORT_INTERVAL);
        if !self.is_lost || !is_due {
            return false;
        }
        self.is_lost = false;
        self.reported_at = Some(age);
        true
    }
}

/// Returns true for an event of the default namespace.
fn is_event(head: &str) -> bool {
    head.strip_prefix("42").is_some_and(|rest| !rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"42["message",{"#;

    fn watch() -> (Delivery, impl FnMut(&str, u64) -> bool) {
        let delivery = Delivery::default();
        let mut undelivered = Undelivered::new(delivery.clone());
        (delivery, move |head, seconds| undelivered.on_packet(head, Duration::from_secs(seconds)))
    }

    #[test]
    fn event_is_lost_if_the_next_packet_finds_it_undelivered() {
        let (delivery, mut on_packet) = watch();
        assert!(!on_packet(EVENT, 1));
        delivery.complete();
        assert!(!on_packet(EVENT, 2));
        assert!(on_packet("2", 3));
        assert!(!on_packet("2", 4));
    }

    #[test]
    fn other_packets_are_not_delivered() {
        let (_, mut on_packet) = watch();
        for packet in ["0{}", "2", "40{}", "43[]", r#"42/other,["message"]"#, "451-[]", ""] {
            assert!(!on_packet(packet, 1), "{packet}");
        }
    }

    /// Each report reloads the room list and the open room.
    #[test]
    fn losses_are_reported_together() {
        let (_, mut on_packet) = watch();
        let reports: Vec<u64> = (0..30).filter(|second| on_packet(EVENT, *second)).collect();
        assert_eq!(reports, [1, 11, 21]);
        assert!(!on_packet("2", 30), "the last one is not forgotten");
        assert!(on_packet("2", 31));
    }
}

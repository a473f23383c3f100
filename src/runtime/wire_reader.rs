//! The event loop's view of the records of the wire: nothing until they are to be shown, then everything new.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::wire::{Increment, Ring, WatchId};

/// Shortest interval between two increments. More than one per frame would only be work.
const INTERVAL: Duration = Duration::from_millis(16);

/// Reads the ring while its records are shown.
pub(super) struct WireReader {
    ring: Option<Arc<Ring>>,
    /// Set while records are shown.
    watch: Option<Watch>,
}

struct Watch {
    id: WatchId,
    arrived: Arc<Notify>,
    /// Number of the last record that was read.
    seen: u64,
    /// When the next increment may be read.
    next_at: Instant,
}

impl WireReader {
    /// Creates a reader of `ring`.
    pub(super) fn new(ring: Option<Arc<Ring>>) -> Self {
        Self { ring, watch: None }
    }

    /// Returns the ring, for new connections.
    pub(super) fn ring(&self) -> Option<Arc<Ring>> {
        self.ring.clone()
    }

    /// Starts or stops reading. When it starts, the first increment holds everything that is left.
    pub(super) fn set_reading(&mut self, on: bool) {
        let Some(ring) = &self.ring else { return };
        if let Some(watch) = self.watch.take() {
            ring.unwatch(watch.id);
        }
        if on {
            let arrived = Arc::new(Notify::new());
            let notify = Arc::clone(&arrived);
            let id = ring.watch(Box::new(move || notify.notify_one()));
            arrived.notify_one();
            self.watch = Some(Watch { id, arrived, seen: 0, next_at: Instant::now() });
        }
    }

    /// Waits for records and returns them. Cancel safe.
    pub(super) async fn next(&mut self) -> Increment {
        let (Some(ring), Some(watch)) = (&self.ring, &mut self.watch) else { return std::future::pending().await };
        loop {
            sleep_until(watch.next_at).await;
            watch.arrived.notified().await;
            let increment = ring.since(watch.seen);
            if let Some(last) = increment.records.last() {
                watch.seen = last.seq;
                watch.next_at = Instant::now() + INTERVAL;
                return increment;
            }
        }
    }
}

//! The newest records of all connections.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::AccountId;

use super::record::{CallNumber, Moment, Record, RecordKind};
use super::subject::RecordSubject;

/// Maximum number of records.
pub const MAX_RECORDS: usize = 4_000;

/// Maximum memory of the records, in bytes.
pub const MAX_BYTES: usize = 2 << 20;

/// A callback for new records. Runs on the thread of a connection, so it must only wake another one.
pub type Waker = Box<dyn Fn() + Send>;

/// Identifies a waker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchId(u64);

/// A record that has no number yet.
#[derive(Debug)]
pub struct Draft {
    /// Time at which it happened.
    pub at: Moment,
    /// Account of the connection.
    pub account: AccountId,
    /// Its subject.
    pub subject: RecordSubject,
    /// The kind of the record, with its content.
    pub kind: RecordKind,
}

/// Records that a reader has not seen yet, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Increment {
    /// The records.
    pub records: Vec<Arc<Record>>,
    /// Number of records before them that were dropped before the reader saw them.
    pub missed: u64,
}

/// A bounded queue of records that drops the oldest. Shared by all connections and all readers; nobody ever waits for
/// more than the time of one insertion or of one copy of the references.
pub struct Ring {
    max_records: usize,
    max_bytes: usize,
    records: Mutex<Records>,
    calls: AtomicU64,
}

struct Records {
    queue: VecDeque<Arc<Record>>,
    /// Number of the next record.
    next: u64,
    bytes: usize,
    wakers: Vec<(WatchId, Waker)>,
    next_watch: u64,
}

impl Default for Ring {
    fn default() -> Self {
        Self::with_limits(MAX_RECORDS, MAX_BYTES)
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = self.lock();
        f.debug_struct("Ring").field("records", &records.queue.len()).field("bytes", &records.bytes).finish()
    }
}

impl Ring {
    /// Creates a ring with other limits than the usual ones.
    pub fn with_limits(max_records: usize, max_bytes: usize) -> Self {
        let records = Records { queue: VecDeque::new(), next: 1, bytes: 0, wakers: Vec::new(), next_watch: 0 };
        Self { max_records, max_bytes, records: Mutex::new(records), calls: AtomicU64::new(1) }
    }

    /// Returns the number for a new REST call.
    pub fn next_call(&self) -> CallNumber {
        CallNumber(self.calls.fetch_add(1, Ordering::Relaxed))
    }

    /// Appends a record, and drops the oldest ones if there are too many. The newest one always remains.
    pub fn push(&self, draft: Draft) {
        let Draft { at, account, subject, kind } = draft;
        let mut record = Arc::new(Record { seq: 0, at, account, subject, kind });
        let memory = record.memory();
        let mut dropped = Vec::new();
        let mut records = self.lock();
        if let Some(record) = Arc::get_mut(&mut record) {
            record.seq = records.next;
        }
        records.next += 1;
        records.bytes += memory;
        records.queue.push_back(record);
        while records.queue.len() > 1 && (records.queue.len() > self.max_records || records.bytes > self.max_bytes) {
            let Some(oldest) = records.queue.pop_front() else { break };
            records.bytes -= oldest.memory();
            dropped.push(oldest);
        }
        for (_, wake) in &records.wakers {
            wake();
        }
        drop(records);
        // Freed here, so that no other connection waits for it.
        drop(dropped);
    }

    /// Returns all records after the one with the number `seq`. 0 returns everything that is left.
    pub fn since(&self, seq: u64) -> Increment {
        let records = self.lock();
        let first = records.next - records.queue.len() as u64;
        let from = (seq + 1).max(first);
        let skip = usize::try_from(from - first).unwrap_or(usize::MAX);
        Increment { records: records.queue.iter().skip(skip).cloned().collect(), missed: from - (seq + 1) }
    }

    /// Calls `waker` for every new record from now on.
    pub fn watch(&self, waker: Waker) -> WatchId {
        let mut records = self.lock();
        let id = WatchId(records.next_watch);
        records.next_watch += 1;
        records.wakers.push((id, waker));
        id
    }

    /// Ends the calls of a waker.
    pub fn unwatch(&self, id: WatchId) {
        self.lock().wakers.retain(|(other, _)| *other != id);
    }

    /// Returns the memory of all records, in bytes.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        // A waker may panic, but not between two changes that belong together.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::wire::Payload;

    fn packet(text: &str) -> Draft {
        let payload = Payload::new(text.into(), text.len());
        let kind = RecordKind::Received { payload, problem: None };
        Draft { at: Moment::default(), account: AccountId(0), subject: RecordSubject::default(), kind }
    }

    fn seqs(increment: &Increment) -> Vec<u64> {
        increment.records.iter().map(|record| record.seq).collect()
    }

    #[test]
    fn oldest_records_are_dropped_and_counted() {
        let ring = Ring::with_limits(3, usize::MAX);
        assert_eq!(ring.since(0), Increment::default());
        for _ in 0..5 {
            ring.push(packet("2"));
        }
        let all = ring.since(0);
        assert_eq!((seqs(&all), all.missed), (vec![3, 4, 5], 2));
        let newer = ring.since(4);
        assert_eq!((seqs(&newer), newer.missed), (vec![5], 0));
        assert_eq!(ring.since(5), Increment::default());
    }

    #[test]
    fn memory_is_bounded_but_newest_record_remains() {
        let ring = Ring::with_limits(1_000, 10_000);
        for _ in 0..100 {
            ring.push(packet(&"x".repeat(1_000)));
            assert!(ring.bytes() <= 10_000);
        }
        assert!((5..10).contains(&ring.since(0).records.len()));
        ring.push(packet(&"x".repeat(20_000)));
        assert_eq!(ring.since(0).records.len(), 1);
        ring.push(packet("2"));
        assert_eq!(seqs(&ring.since(0)), [102]);
        assert_eq!(ring.bytes(), ring.since(0).records[0].memory());
    }

    #[test]
    fn watcher_is_called_until_it_ends() {
        let ring = Ring::default();
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&calls);
        let id = ring.watch(Box::new(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        }));
        ring.push(packet("2"));
        ring.push(packet("2"));
        ring.unwatch(id);
        ring.push(packet("2"));
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }
}

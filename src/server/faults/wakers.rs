//! The readers of all open sockets, to be woken when the faults change.

use std::sync::{Arc, Mutex, Weak};

use futures_util::task::AtomicWaker;

use crate::server::sockets::lock;

/// The readers of the sockets of a server.
#[derive(Debug, Default)]
pub(super) struct Wakers(Mutex<Readers>);

#[derive(Debug, Default)]
struct Readers {
    /// Number of sockets that were opened.
    count: u64,
    /// Those of open sockets, and of some that were closed.
    readers: Vec<Weak<AtomicWaker>>,
    /// Length at which those of closed sockets are removed.
    sweep_at: usize,
}

impl Wakers {
    /// Adds the reader of a new socket, and returns the number of the socket; the first is 1.
    pub(super) fn add(&self, reader: &Arc<AtomicWaker>) -> u64 {
        let mut all = lock(&self.0);
        if all.readers.len() >= all.sweep_at {
            all.readers.retain(|reader| reader.strong_count() > 0);
            all.sweep_at = 2 * all.readers.len() + 16;
        }
        all.readers.push(Arc::downgrade(reader));
        all.count += 1;
        all.count
    }

    /// Wakes all readers.
    pub(super) fn wake(&self) {
        lock(&self.0).readers.iter().filter_map(Weak::upgrade).for_each(|reader| reader.wake());
    }
}

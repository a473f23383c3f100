//! What the bytes of a connection and its requests need to know of each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::Waker;

use futures_util::task::AtomicWaker;

use super::fault_control::FaultControl;

/// The state that both sides of a connection share: its byte stream and its requests.
#[derive(Debug)]
pub(in crate::server) struct Link {
    faults: FaultControl,
    /// Bytes per second that the current request allows; 0 means no limit.
    slow: AtomicU32,
    /// Number of the socket that the connection has become; 0 while it serves requests.
    socket: AtomicU64,
    /// Reads the socket, and sends what faults have delayed.
    reader: Arc<AtomicWaker>,
}

impl Link {
    /// Creates the state of a new connection.
    pub(in crate::server) fn new(faults: FaultControl) -> Self {
        Self { faults, slow: AtomicU32::new(0), socket: AtomicU64::new(0), reader: Arc::default() }
    }

    /// The faults of the server.
    pub(in crate::server) fn faults(&self) -> &FaultControl {
        &self.faults
    }

    /// Limits the bytes per second, or ends the limit.
    pub(super) fn set_slow(&self, rate: Option<u32>) {
        self.slow.store(rate.unwrap_or(0), Ordering::Relaxed);
    }

    /// Bytes per second that the current request allows.
    pub(super) fn slow(&self) -> Option<u32> {
        Some(self.slow.load(Ordering::Relaxed)).filter(|rate| *rate > 0)
    }

    /// Notes that the response with which the connection becomes a WebSocket follows.
    pub(super) fn on_upgrade(&self) {
        self.socket.store(self.faults.add_socket(&self.reader), Ordering::Release);
    }

    /// Remembers who reads the connection.
    pub(super) fn register_reader(&self, waker: &Waker) {
        self.reader.register(waker);
    }

    /// Makes the reader look at the faults and at what is to be sent.
    pub(super) fn wake_reader(&self) {
        self.reader.wake();
    }

    /// The number of the socket, if the connection has become one.
    pub(super) fn socket(&self) -> Option<u64> {
        Some(self.socket.load(Ordering::Acquire)).filter(|number| *number > 0)
    }
}

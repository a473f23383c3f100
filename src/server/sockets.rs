//! What both dialects do with sockets and locks.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use serde_json::Value;
use socketioxide::adapter::LocalAdapter;
use socketioxide::operators::BroadcastOperators;

/// Packets that wait for one client before it loses some. The library's 128 would lose messages in any burst; memory
/// is only used while packets wait.
pub(crate) const WAITING_PACKETS: usize = 1 << 18;

/// Sends an event before it returns.
pub(crate) fn emit_now(to: BroadcastOperators<LocalAdapter>, event: &str, payload: &Value) {
    // The one adapter there is answers at once, so one poll sends it; awaiting here would let others in between.
    let _ = pin!(to.emit(event, payload)).poll(&mut Context::from_waker(Waker::noop()));
}

/// The value behind a lock.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under the server's locks can be left half done by a panic in a way that matters to a sandbox.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

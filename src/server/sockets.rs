//! What both dialects do with sockets and locks.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use serde_json::Value;
use socketioxide::SocketIoBuilder;
use socketioxide::adapter::LocalAdapter;
use socketioxide::operators::BroadcastOperators;

use super::limits::Limits;

/// Packets that wait for one client before it loses some. The library's 128 would lose messages in any burst; memory
/// is only used while packets wait.
pub(crate) const WAITING_PACKETS: usize = 1 << 15;

/// The sentence for one who connects when there is no room.
pub(crate) const NO_ROOM: &str = "The sandbox has as many connections as it takes. Close one, or try again later.";

/// The times of `sockets` as `limits` want them, else as the dialect has them.
pub(crate) fn paced(sockets: SocketIoBuilder, limits: &Limits) -> SocketIoBuilder {
    let sockets = match limits.heartbeat {
        Some((interval, timeout)) => sockets.ping_interval(interval).ping_timeout(timeout),
        None => sockets,
    };
    match limits.joining {
        Some(joining) => sockets.connect_timeout(joining),
        None => sockets,
    }
}

/// Sends an event before it returns.
pub(crate) fn emit_now(to: BroadcastOperators<LocalAdapter>, event: &str, payload: &Value) {
    at_once(to.emit(event, payload));
}

/// Does what needs no waiting. The one adapter there is answers at once, so one poll does it; awaiting under a lock
/// would let others in between.
pub(crate) fn at_once<T>(deed: impl Future<Output = T>) {
    let _ = pin!(deed).poll(&mut Context::from_waker(Waker::noop()));
}

/// The value behind a lock.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under the server's locks can be left half done by a panic in a way that matters to a sandbox.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

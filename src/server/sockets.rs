//! Socket.IO and locking helpers used by both services.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use serde::de::DeserializeOwned;
use serde_json::Value;
use socketioxide::SocketIoBuilder;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::TryData;
use socketioxide::handler::{FromMessageParts, Value as Payload};
use socketioxide::operators::BroadcastOperators;
use socketioxide::socket::Socket;

use super::limits::Limits;
use super::quota::{TOO_DENSE_MESSAGE, may_parse};

/// Packets queued for one client before the library drops some. The default of 128 would lose messages in any burst.
/// The queue uses memory only for packets that are in it.
pub(crate) const MAX_QUEUED_PACKETS: usize = 1 << 15;

/// Error text for a client that exceeds the connection limit.
pub(crate) const BUSY_MESSAGE: &str =
    "The sandbox has reached its connection limit. Start it with more, as in `serve --connections 1000`.";

/// Applies the timeouts of `limits` to `sockets`. A timeout that is `None` keeps the value of the service.
pub(crate) fn with_timeouts(sockets: SocketIoBuilder, limits: &Limits) -> SocketIoBuilder {
    let sockets = match limits.heartbeat {
        Some((interval, timeout)) => sockets.ping_interval(interval).ping_timeout(timeout),
        None => sockets,
    };
    match limits.join_timeout {
        Some(timeout) => sockets.connect_timeout(timeout),
        None => sockets,
    }
}

/// The argument of an event, or the reason why it cannot be decoded.
pub(crate) struct Argument<T>(pub(crate) Result<T, String>);

impl<T: DeserializeOwned> FromMessageParts<LocalAdapter> for Argument<T> {
    type Error = Infallible;

    fn from_message_parts(
        socket: &Arc<Socket<LocalAdapter>>,
        payload: &mut Payload,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        if matches!(payload, Payload::Str(text, _) if !may_parse(text.as_bytes())) {
            return Ok(Self(Err(TOO_DENSE_MESSAGE.to_owned())));
        }
        let TryData(data) = TryData::from_message_parts(socket, payload, ack)?;
        Ok(Self(data.map_err(|error| error.to_string())))
    }
}

/// Emits an event before returning.
pub(crate) fn emit_now(to: BroadcastOperators<LocalAdapter>, event: &str, payload: &Value) {
    poll_once(to.emit(event, payload));
}

/// Runs a future that is ready at the first poll, as those of the local adapter are. Awaiting it while holding a lock
/// would let other tasks run in between.
pub(crate) fn poll_once<T>(future: impl Future<Output = T>) {
    let _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

/// Locks `mutex`, ignoring poisoning: data left inconsistent by a panic does not matter in a sandbox.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

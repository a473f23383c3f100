//! Limits on connections, request times and stored data.
//!
//! Every limit is a field, so that a test can set it low and reach it quickly.

use std::time::Duration;

/// Limits of a server. A request that exceeds one is refused with an error message where the client can still receive
/// it; otherwise the connection is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Simultaneous connections, and simultaneous Socket.IO sessions opened by WebSocket.
    pub connections: usize,
    /// Simultaneous Socket.IO sessions opened by polling.
    pub polling_sessions: usize,
    /// Bytes of a request line and its headers, at least 8 KiB. Data that arrives in a single read may exceed this.
    pub header_bytes: usize,
    /// Time a client has to send the request line and the headers.
    pub header_timeout: Duration,
    /// Time a client has to send the body.
    pub body_timeout: Duration,
    /// Time for which a client may leave pending data unread.
    pub write_timeout: Duration,
    /// Time for which a client may send nothing at all. Must be longer than any heartbeat interval.
    pub idle_timeout: Duration,
    /// Interval and timeout of socket pings; `None` uses the values of the service.
    pub heartbeat: Option<(Duration, Duration)>,
    /// Time a socket has to join its namespace; `None` uses the value of the service.
    pub join_timeout: Option<Duration>,
    /// Data an app may store.
    pub storage: StorageLimits,
}

/// Limits on the data that an app stores in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageLimits {
    /// Users.
    pub users: usize,
    /// Rooms.
    pub rooms: usize,
    /// Messages in one room; the oldest are dropped.
    pub messages: usize,
    /// Approximate bytes of all messages, names and metadata. Uploaded files are not included: they have a limit of
    /// their own, beyond which the oldest are dropped.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            polling_sessions: 128,
            header_bytes: 64 << 10,
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(120),
            heartbeat: None,
            join_timeout: None,
            storage: StorageLimits::default(),
        }
    }
}

impl Default for StorageLimits {
    fn default() -> Self {
        Self { users: 10_000, rooms: 10_000, messages: 10_000, bytes: 256 << 20 }
    }
}

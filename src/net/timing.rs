//! Time limits, delays and the clock of a connection.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::watchdog::Moment;

/// Maximum pause that a server can impose. After that the client tries again, because a longer delay may be a mistake.
pub(super) const MAX_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Maximum time that a call waits because the server asked for it. After that the call fails, and so do all new calls
/// until the delay has passed: a message that goes out many minutes later would surprise its author.
pub const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(120);

/// All time limits of a connection. Tests use shorter ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    /// Limit for TCP, TLS and the WebSocket handshake together.
    pub(super) connect: Duration,
    /// Limit for the server's Socket.IO connect packet.
    pub(super) connect_packet: Duration,
    /// Limit for one emit. With a full send buffer the library would wait forever.
    pub(super) emit: Duration,
    /// Limit for the disconnect packet.
    pub(super) disconnect: Duration,
    /// Limits for REST calls.
    pub(super) calls: CallTimeouts,
    /// Retries of REST calls.
    pub(super) retry: RetryPolicy,
    /// Interval of additional liveness checks. Without one, checks take place only when the silence limit expires.
    pub(super) liveness_interval: Option<Duration>,
    /// Time without a response after which the user is told, unless the server always takes long.
    pub(super) response: Duration,
    /// Upper bound for the silence limit, which otherwise follows from the server's ping intervals.
    pub(super) max_silence: Duration,
    /// The wall clock.
    pub(super) wall_clock: fn() -> SystemTime,
}

/// Time limits of a REST call.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallTimeouts {
    /// Limit for a whole call without files.
    pub(super) call: Duration,
    /// Limit for the time without any transferred data during an upload.
    pub(super) stall: Duration,
    /// Limit for the reply after the last byte of an upload. The data that the system still buffers has to be
    /// transferred first, and then the server stores and inspects the file.
    pub(super) upload_reply: Duration,
    /// Limit for a whole call with files.
    pub(super) upload: Duration,
}

/// Number and duration of the retries of REST calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct RetryPolicy {
    /// First delay if the server names none. Each further one is twice as long.
    pub(super) first_delay: Duration,
    /// Maximum number of retries of a read.
    pub(super) max_retries: u32,
    /// Maximum time that a call waits because the server asked for it, see [`MAX_RATE_LIMIT_WAIT`].
    pub(super) max_wait: Duration,
}

impl Timing {
    /// Divides all limits and delays by `factor`, except those for disconnecting and for silence.
    pub(super) fn accelerated(self, factor: u32) -> Self {
        let CallTimeouts { call, stall, upload_reply, upload } = self.calls;
        let RetryPolicy { first_delay, max_retries, max_wait } = self.retry;
        Self {
            connect: self.connect / factor,
            connect_packet: self.connect_packet / factor,
            emit: self.emit / factor,
            calls: CallTimeouts {
                call: call / factor,
                stall: stall / factor,
                upload_reply: upload_reply / factor,
                upload: upload / factor,
            },
            retry: RetryPolicy { first_delay: first_delay / factor, max_retries, max_wait: max_wait / factor },
            liveness_interval: self.liveness_interval.map(|interval| interval / factor),
            response: self.response / factor,
            ..self
        }
    }

    /// Reads both clocks.
    pub(super) fn now(&self) -> Moment {
        Moment { monotonic: Instant::now(), wall: (self.wall_clock)() }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            connect_packet: Duration::from_secs(10),
            emit: Duration::from_secs(5),
            disconnect: Duration::from_millis(300),
            calls: CallTimeouts::default(),
            retry: RetryPolicy::default(),
            liveness_interval: None,
            response: Duration::from_secs(5),
            max_silence: Duration::from_secs(180),
            wall_clock: SystemTime::now,
        }
    }
}

impl Default for CallTimeouts {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            upload_reply: Duration::from_secs(120),
            upload: Duration::from_secs(60 * 60),
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { first_delay: Duration::from_secs(1), max_retries: 3, max_wait: MAX_RATE_LIMIT_WAIT }
    }
}

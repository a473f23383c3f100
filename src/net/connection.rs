//! The handle of a connection.
//!
//! Starts the thread of the [`Driver`], passes requests to it, and asks it to reconnect or to stop.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};

use crate::domain::Request;
use crate::protocol::Protocol;

use super::backoff::Backoff;
use super::driver::Driver;
use super::feed::FeedSender;
use super::target::Target;
use super::timing::Timing;

/// Capacity of the queue of requests. The driver takes them immediately unless its thread gets no CPU time.
const REQUEST_QUEUE: usize = 1024;

/// Limit for [`Connection::close`].
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A connection of one account, which reconnects by itself. Dropping it closes the connection without waiting.
pub struct Connection {
    requests: mpsc::Sender<Request>,
    reconnect: Arc<Notify>,
    closed: std::sync::mpsc::Receiver<()>,
}

impl Connection {
    /// Starts connecting. Events arrive at the receiving end of `feed`.
    pub fn open(target: Target, protocol: Box<dyn Protocol>, feed: FeedSender) -> io::Result<Self> {
        let backoff = Backoff::new(target.seed);
        Self::with_timing(target, protocol, feed, backoff, Timing::default())
    }

    /// Starts connecting with all delays divided by `factor`. For tests of bad networks, which would take minutes.
    pub fn accelerated(target: Target, protocol: Box<dyn Protocol>, feed: FeedSender, factor: u32) -> io::Result<Self> {
        let backoff = Backoff::new(target.seed).accelerated(factor);
        Self::with_timing(target, protocol, feed, backoff, Timing::default().accelerated(factor))
    }

    pub(super) fn with_timing(
        target: Target,
        protocol: Box<dyn Protocol>,
        feed: FeedSender,
        backoff: Backoff,
        timing: Timing,
    ) -> io::Result<Self> {
        let account = feed.account().0;
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().thread_name(format!("net-{account}-blocking")).build()?;
        let (requests, request_receiver) = mpsc::channel(REQUEST_QUEUE);
        let (event_sender, events) = mpsc::unbounded_channel();
        let (closed_sender, closed) = std::sync::mpsc::channel();
        let reconnect = Arc::new(Notify::new());
        let driver = Driver::new(target, protocol, feed, backoff, timing, event_sender);
        let reconnect_requested = Arc::clone(&reconnect);
        std::thread::Builder::new().name(format!("net-{account}")).spawn(move || {
            let _span = tracing::error_span!("account", id = account).entered();
            runtime.block_on(driver.run(request_receiver, events, &reconnect_requested));
            // Does not wait for blocking tasks, such as a host name that is still being looked up.
            runtime.shutdown_background();
            let _ = closed_sender.send(());
        })?;
        Ok(Self { requests, reconnect, closed })
    }

    /// Passes a request to the driver. Returns the request if too many are waiting or the connection is closed. Never
    /// waits.
    pub fn send(&self, request: Request) -> Result<(), Request> {
        self.requests.try_send(request).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(request) | mpsc::error::TrySendError::Closed(request) => request,
        })
    }

    /// Reconnects now, even while an attempt is under way or the connection seems to be up.
    pub fn retry_now(&self) {
        self.reconnect.notify_one();
    }

    /// Carries out the pending requests, disconnects and stops. Gives up after about a second.
    pub fn close(self) {
        Self::close_all([self]);
    }

    /// Closes several connections at the same time, as [`Connection::close`] does.
    pub fn close_all(connections: impl IntoIterator<Item = Self>) {
        // A connection begins to close when its senders are dropped.
        let closing: Vec<_> = connections.into_iter().map(|connection| connection.closed).collect();
        let deadline = Instant::now() + CLOSE_TIMEOUT;
        for closed in closing {
            let _ = closed.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        }
    }
}

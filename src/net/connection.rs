//! One account's connection as the program holds it: requests go in, and its thread is told to try again or to end.
//!
//! Knows nothing of what happens on that thread; `driver.rs` does.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use crate::domain::Request;
use crate::protocol::Protocol;

use super::backoff::Backoff;
use super::driver::Driver;
use super::feed::FeedSender;
use super::socket::Limits;

/// How many requests may wait for the driver, which takes them at once unless its thread is starved.
const REQUESTS: usize = 1024;

/// How long [`Connection::close`] waits for all of that.
const CLOSE: Duration = Duration::from_secs(1);

/// Whom to connect to, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// The base URL, `http` or `https`.
    pub url: String,
    /// The app's name for the user.
    pub username: String,
    /// The name others see.
    pub name: String,
    /// A PEM file of CAs to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What the jitter of the back-off comes from.
    pub seed: u64,
}

/// A connection that is being kept. Dropping it ends it without a farewell being waited for.
pub struct Connection {
    requests: mpsc::Sender<Request>,
    retry: Arc<Notify>,
    closed: std::sync::mpsc::Receiver<()>,
}

impl Connection {
    /// Starts connecting. What happens comes out of `feed`'s other end.
    pub fn open(target: Target, protocol: Box<dyn Protocol>, feed: FeedSender) -> io::Result<Self> {
        let backoff = Backoff::new(target.seed);
        Self::tuned(target, protocol, feed, backoff, Limits::default())
    }

    /// The same, so many times as impatient in everything: for tests of bad networks, which would take minutes.
    pub fn hastened(target: Target, protocol: Box<dyn Protocol>, feed: FeedSender, times: u32) -> io::Result<Self> {
        let backoff = Backoff::new(target.seed).hastened(times);
        Self::tuned(target, protocol, feed, backoff, Limits::default().hastened(times))
    }

    pub(super) fn tuned(
        target: Target,
        protocol: Box<dyn Protocol>,
        feed: FeedSender,
        backoff: Backoff,
        limits: Limits,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name("net-lookup").build()?;
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let (notes, news) = mpsc::unbounded_channel();
        let (closing, closed) = std::sync::mpsc::channel();
        let retry = Arc::new(Notify::new());
        let driver = Driver::new(target, protocol, feed, backoff, limits, notes);
        let again = Arc::clone(&retry);
        std::thread::Builder::new().name("net".to_owned()).spawn(move || {
            runtime.block_on(driver.run(inbox, news, &again));
            // A name that is still being looked up does not delay the exit.
            runtime.shutdown_background();
            let _ = closing.send(());
        })?;
        Ok(Self { requests, retry, closed })
    }

    /// Hands a request over; gives it back when too many wait or the connection is gone. Never waits.
    pub fn send(&self, request: Request) -> Result<(), Request> {
        self.requests.try_send(request).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(request) | mpsc::error::TrySendError::Closed(request) => request,
        })
    }

    /// Connects anew now, whether another attempt was to follow, one is under way or the connection seems to stand.
    pub fn retry_now(&self) {
        self.retry.notify_one();
    }

    /// Carries out what was handed over, says goodbye, and gives both up after about a second.
    pub fn close(self) {
        let Self { requests, closed, .. } = self;
        drop(requests);
        let _ = closed.recv_timeout(CLOSE);
    }
}

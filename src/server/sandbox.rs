//! A sandbox without a TCP port, for tests and fuzzing: connections are streams inside this process.

use std::io;
use std::sync::Arc;

use socketioxide::SocketIo;
use tokio::io::{DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::faults::{FaultControl, Guard};
use super::listener::Listener;
use super::options::{Options, Service};
use super::service::BuiltService;
use super::sessions::Sessions;
use super::web_pages::WebPolicy;
use super::{minchat, vchat};

/// Bytes that an in-process stream buffers in each direction.
const STREAM_BUFFER: usize = 64 << 10;

/// Builds the service that `options` describe, reachable at `url`: its listener, its sockets and its background tasks.
pub(super) fn build(options: &Options, url: &str) -> io::Result<(Listener, SocketIo, Vec<JoinHandle<()>>)> {
    let built = match options.service {
        Service::MinChat => minchat::build(options, url),
        Service::VChat => vchat::build(options, url),
    };
    let BuiltService { router, io, tasks, error_body } = built?;
    let policy = Arc::new(WebPolicy::new(options));
    let limits = Arc::new(options.limits.clone());
    let sessions = Arc::new(Sessions::new(&limits));
    let faults = FaultControl::new(options.service, options.faults.clone(), options.fault_seed);
    let guard = options.test_routes.then(|| Arc::new(Guard::new(&options.api_key)));
    Ok((Listener { router, limits, policy, sessions, faults, guard, error_body }, io, tasks))
}

/// A sandbox that is reachable only from within this process.
pub struct Sandbox {
    listener: Listener,
    tasks: Vec<JoinHandle<()>>,
    /// Never signalled: a connection ends when its other end is dropped.
    shutdown: watch::Sender<bool>,
}

impl Sandbox {
    /// Creates a sandbox that presents itself as `url`. Needs a running tokio runtime.
    ///
    /// # Errors
    ///
    /// When the demo script cannot be read.
    pub fn new(options: &Options, url: &str) -> io::Result<Self> {
        let (listener, _, tasks) = build(options, url)?;
        Ok(Self { listener, tasks, shutdown: watch::channel(false).0 })
    }

    /// Opens a connection: bytes written to the stream reach the server as if they came over a network.
    pub fn connect(&self) -> DuplexStream {
        let (near, far) = duplex(STREAM_BUFFER);
        let (listener, shutdown) = (self.listener.clone(), self.shutdown.subscribe());
        tokio::spawn(async move { listener.serve_connection(far, (None, None), shutdown).await });
        near
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

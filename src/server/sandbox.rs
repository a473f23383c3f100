//! The sandbox without a port: all of it but the listening.

use std::io;
use std::sync::Arc;

use axum::Router;
use socketioxide::SocketIo;
use tokio::io::{DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::door::Door;
use super::running::{Dialect, Options};
use super::{minchat, vchat};

/// What a stream within the process holds on its way.
const ON_THE_WAY: usize = 64 << 10;

/// A dialect that is ready to be served.
pub(crate) struct Stand {
    /// All its routes, with the sockets.
    pub(crate) routes: Router,
    /// Its sockets.
    pub(crate) io: SocketIo,
    /// What goes on by itself.
    pub(crate) tasks: Vec<JoinHandle<()>>,
    /// The body of an answer to somebody for whom there is no room.
    pub(crate) no_room: String,
}

impl Stand {
    /// What `options` want, reachable at `url`.
    pub(super) fn new(options: &Options, url: &str) -> io::Result<Self> {
        match options.dialect {
            Dialect::MinChat => minchat::stand(options, url),
            Dialect::VChat => vchat::stand(options, url),
        }
    }

    /// Its door, its sockets, and what goes on by itself.
    pub(super) fn open(self, options: &Options) -> (Door, SocketIo, Vec<JoinHandle<()>>) {
        let Self { routes, io, tasks, no_room } = self;
        (Door { routes, limits: Arc::new(options.limits.clone()), no_room }, io, tasks)
    }
}

/// A sandbox that is reached from within this process alone: nothing listens.
pub struct Sandbox {
    door: Door,
    tasks: Vec<JoinHandle<()>>,
    /// Never told: a connection ends with whoever holds its other end.
    quit: watch::Sender<bool>,
}

impl Sandbox {
    /// A sandbox that says of itself that it is at `url`. Wants a running tokio runtime.
    ///
    /// # Errors
    ///
    /// When the script of the people cannot be read.
    pub fn new(options: &Options, url: &str) -> io::Result<Self> {
        let (door, _, tasks) = Stand::new(options, url)?.open(options);
        Ok(Self { door, tasks, quit: watch::channel(false).0 })
    }

    /// A new connection: what is written goes to the server as if it came over a network.
    pub fn connect(&self) -> DuplexStream {
        let (near, far) = duplex(ON_THE_WAY);
        let (door, told) = (self.door.clone(), self.quit.subscribe());
        tokio::spawn(async move { door.serve(far, None, told).await });
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

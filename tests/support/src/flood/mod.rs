//! A MinChat-shaped server that can pour: two people, one room, a history as long as what was pushed so far.
//!
//! It answers just enough REST for a client to log in, list the room and page its history, and speaks Engine.IO 4 and
//! Socket.IO 5 over a websocket by hand, so that neither a framework nor our own server stands between the measured
//! client and the wire. It shares no code with the client. It is no model of MinChat: the sandbox server is.

mod history;
mod rest;
mod socket;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Utf8Bytes;

pub use history::{guest, message, page, room, text};
use socket::Counters;

/// The one room.
pub const ROOM: &str = "c-room";
/// The user name to log in with.
pub const USER: &str = "guest";
/// How many messages the room holds before anything is pushed.
pub const HISTORY: u64 = 40;

/// A running server. Ends when dropped.
pub struct Flood {
    address: SocketAddr,
    pushes: mpsc::UnboundedSender<Push>,
    joined: Receiver<()>,
    counters: Arc<Counters>,
    // Dropping it ends the server's thread.
    _alive: oneshot::Sender<()>,
}

/// Messages to push, already as they go over the wire, and whom to tell when the first and the last were handed over.
struct Push {
    frames: Vec<Utf8Bytes>,
    began: std::sync::mpsc::Sender<Instant>,
}

impl Flood {
    /// Starts a server on a free loopback port, with a heartbeat each `heartbeat`.
    pub fn start(heartbeat: Duration) -> io::Result<Self> {
        let counters = Arc::new(Counters::default());
        let (pushes, pushed) = mpsc::unbounded_channel();
        let (to_owner, joined) = channel();
        let (alive, ended) = oneshot::channel();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let for_socket = socket::Session { heartbeat, pushed, to_owner, counters: Arc::clone(&counters) };
        thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    _ = ended => {}
                    _ = rest::serve(listener, for_socket) => {}
                }
            });
        });
        Ok(Self { address, pushes, joined, counters, _alive: alive })
    }

    /// Where a client finds it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a client has joined the room. False when none does in time.
    pub fn wait_joined(&self, within: Duration) -> bool {
        self.joined.recv_timeout(within) != Err(RecvTimeoutError::Timeout)
    }

    /// The next `count` messages as they go over the wire. They count as history from now on.
    pub fn load(&self, count: u64) -> Vec<Utf8Bytes> {
        let first = self.counters.add_history(count);
        (first..first + count).map(|number| history::event(number).into()).collect()
    }

    /// The number of the last message loaded so far: the one whose [`text`] is on the screen when all have arrived.
    pub fn last(&self) -> u64 {
        self.counters.history() - 1
    }

    /// Pushes what was loaded, as fast as the socket takes it. Returns the moment just before the first of them was
    /// written; None when no client is connected.
    pub fn push(&self, frames: Vec<Utf8Bytes>) -> Option<Instant> {
        let (began, begun) = channel();
        self.pushes.send(Push { frames, began }).ok()?;
        begun.recv().ok()
    }

    /// How many heartbeats were sent so far.
    pub fn heartbeats(&self) -> u64 {
        self.counters.heartbeats()
    }

    /// How many of the pushed messages the socket has taken so far.
    pub fn written(&self) -> u64 {
        self.counters.written()
    }
}

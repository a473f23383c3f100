//! A server for the benches that can push thousands of messages at once: fifty people, one room, and MinChat's
//! protocol.
//!
//! It answers just enough REST for a client to log in, list the room and page its history, and speaks Engine.IO 4 and
//! Socket.IO 5 over a websocket by hand, so that neither a framework nor the sandbox server stands between the measured
//! client and the wire. It shares no code with the client. It does not model MinChat; the sandbox server does.

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

pub use history::{guest, label, message, page, room};
use socket::Counters;

/// Id of the only room.
pub const ROOM: &str = "c-room";
/// The user name to log in with.
pub const USER: &str = "guest";
/// Number of messages in the room before anything is pushed.
pub const HISTORY: u64 = 40;

/// A running server, which ends when this is dropped.
pub struct Flood {
    address: SocketAddr,
    pushes: mpsc::UnboundedSender<Push>,
    joined: Receiver<()>,
    counters: Arc<Counters>,
    // Dropping it ends the server's thread.
    _alive: oneshot::Sender<()>,
}

/// Encoded frames to push, and a sender for the moment just before the first of them is written.
struct Push {
    frames: Vec<Utf8Bytes>,
    began: std::sync::mpsc::Sender<Instant>,
}

impl Flood {
    /// Starts a server on a free loopback port that sends a ping every `heartbeat`.
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

    /// The server's address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until a client has joined the room; false when none does in time.
    pub fn wait_joined(&self, within: Duration) -> bool {
        self.joined.recv_timeout(within) != Err(RecvTimeoutError::Timeout)
    }

    /// Returns the next `count` messages as websocket frames. They are part of the history from now on.
    pub fn load(&self, count: u64) -> Vec<Utf8Bytes> {
        let first = self.counters.add_history(count);
        (first..first + count).map(|number| history::event(number).into()).collect()
    }

    /// Number of the newest message: its [`label`] is on the screen when all messages have arrived.
    pub fn last(&self) -> u64 {
        self.counters.history() - 1
    }

    /// Pushes frames as fast as the socket accepts them. Returns the moment just before the first of them was written,
    /// or `None` when no client is connected.
    pub fn push(&self, frames: Vec<Utf8Bytes>) -> Option<Instant> {
        let (began, begun) = channel();
        self.pushes.send(Push { frames, began }).ok()?;
        begun.recv().ok()
    }

    /// Number of pings sent so far.
    pub fn heartbeats(&self) -> u64 {
        self.counters.heartbeats()
    }

    /// Number of pushed messages that the socket has accepted so far.
    pub fn written(&self) -> u64 {
        self.counters.written()
    }
}

//! [`FaultProxy`]: a TCP proxy between client and server that imitates a bad network.
//!
//! It forwards bytes and knows nothing about the protocol above them. A test switches the [`Fault`] while connections
//! are open.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Behaviour of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Forwards everything.
    Pass,
    /// Closes every connection and refuses new ones.
    Cut,
    /// Holds all data back, without losing any, until the fault ends. New connections are accepted.
    Freeze,
    /// Discards everything sent on the open connections, and keeps discarding it after the fault has ended, while both
    /// ends believe that they are connected: a router has forgotten the connection.
    HalfOpen,
    /// Delays every chunk by this much.
    Delay(Duration),
    /// Closes each connection, old or new, after this many more bytes from the server, even in the middle of a frame.
    Drop(usize),
    /// Forwards this many bytes per second in each direction.
    Slow(usize),
}

/// A proxy in front of one server.
pub struct FaultProxy {
    /// The address that clients connect to.
    pub url: String,
    fault: watch::Sender<Fault>,
}

impl FaultProxy {
    /// Starts a proxy without a fault in front of the server at this address.
    pub async fn start(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (fault, state) = watch::channel(Fault::Pass);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(forward(near, server.clone(), state.clone()));
            }
        });
        Self { url, fault }
    }

    /// Changes the behaviour of the network, for open connections too.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Closes every connection and refuses new ones.
    pub fn cut(&self) {
        self.set(Fault::Cut);
    }

    /// Ends the fault.
    pub fn restore(&self) {
        self.set(Fault::Pass);
    }
}

/// Forwards one connection until either end closes it.
async fn forward(mut near: TcpStream, server: String, mut fault: watch::Receiver<Fault>) {
    if *fault.borrow_and_update() == Fault::Cut {
        return;
    }
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let lost = AtomicBool::new(false);
    let ((near_in, near_out), (far_in, far_out)) = (near.split(), far.split());
    let up = Direction { from: near_in, to: far_out, fault: fault.clone(), lost: &lost, counted_by_drop: false };
    let down = Direction { from: far_in, to: near_out, fault, lost: &lost, counted_by_drop: true };
    // When one direction ends, the other is closed with it.
    tokio::select! {
        _ = up.forward() => {}
        _ = down.forward() => {}
    }
}

/// One direction of a connection.
struct Direction<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    fault: watch::Receiver<Fault>,
    /// Whether data is discarded from now on, see [`Fault::HalfOpen`].
    lost: &'a AtomicBool,
    /// Whether [`Fault::Drop`] counts the bytes of this direction.
    counted_by_drop: bool,
}

impl Direction<'_> {
    async fn forward(mut self) -> io::Result<()> {
        let mut bytes = [0; 16 << 10];
        let mut left_to_drop = None;
        loop {
            let fault = *self.fault.borrow_and_update();
            match fault {
                Fault::Cut => return Ok(()),
                Fault::Freeze => {
                    if self.fault.changed().await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
                Fault::Drop(count) => left_to_drop = left_to_drop.or(Some(count)),
                _ => left_to_drop = None,
            }
            let count = tokio::select! {
                biased;
                changed = self.fault.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return Ok(()),
                },
                count = self.from.read(&mut bytes) => count?,
            };
            if count == 0 {
                return Ok(());
            }
            let mut passed = &bytes[..count];
            if fault == Fault::HalfOpen {
                self.lost.store(true, Ordering::SeqCst);
            }
            if self.lost.load(Ordering::SeqCst) {
                continue;
            }
            let mut ends = false;
            match (fault, left_to_drop.as_mut().filter(|_| self.counted_by_drop)) {
                (Fault::Delay(time), _) => tokio::time::sleep(time).await,
                (_, Some(left)) => {
                    ends = passed.len() >= *left;
                    passed = &passed[..passed.len().min(*left)];
                    *left -= passed.len();
                }
                _ => {}
            }
            match fault {
                Fault::Slow(rate) => self.write_slowly(passed, rate).await?,
                _ => self.write(passed).await?,
            }
            if ends {
                return Ok(());
            }
        }
    }

    /// Writes a tenth of `rate` ten times a second, as long as [`Fault::Slow`] lasts.
    async fn write_slowly(&mut self, mut bytes: &[u8], rate: usize) -> io::Result<()> {
        while !bytes.is_empty() && *self.fault.borrow() == Fault::Slow(rate) {
            let (now, later) = bytes.split_at(bytes.len().min((rate / 10).max(1)));
            self.write(now).await?;
            bytes = later;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.write(bytes).await
    }

    /// Writes, unless the connection is cut meanwhile: the other end may have stopped reading.
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut fault = self.fault.clone();
        tokio::select! {
            written = self.to.write_all(bytes) => written,
            _ = fault.wait_for(|fault| *fault == Fault::Cut) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

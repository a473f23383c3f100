//! A bad network: a TCP proxy between client and server that does harm as it is told.
//!
//! It knows bytes and connections, and nothing of what they mean.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing wrong.
    Pass,
    /// Every connection is ended, and none comes about.
    Cut,
    /// Nothing is passed on, and nothing is lost: what was held back goes on when that is over. New connections come about.
    Freeze,
    /// What is sent while this lasts is lost, and so is all that follows on the same connection, while both ends believe in
    /// it: a router has forgotten it.
    HalfOpen,
    /// Everything comes so much later.
    Delay(Duration),
    /// After so many more bytes from the server each connection ends, in the middle of whatever that is. New ones come about
    /// and end in the same way.
    Drop(usize),
    /// So many bytes a second, each way.
    Slow(usize),
}

/// A line to a server.
pub struct Line {
    /// Where clients connect to.
    pub url: String,
    fault: watch::Sender<Fault>,
}

impl Line {
    /// A line to the server at this address, with nothing wrong.
    pub async fn to(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (fault, state) = watch::channel(Fault::Pass);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server.clone(), state.clone()));
            }
        });
        Self { url, fault }
    }

    /// From now on the network does this.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Ends every connection, and lets none come about.
    pub fn cut(&self) {
        self.set(Fault::Cut);
    }

    /// Nothing is wrong any more.
    pub fn mend(&self) {
        self.set(Fault::Pass);
    }
}

/// Carries one connection until it ends.
async fn carry(mut near: TcpStream, server: String, mut fault: watch::Receiver<Fault>) {
    if *fault.borrow_and_update() == Fault::Cut {
        return;
    }
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let lost = AtomicBool::new(false);
    let ((near_in, near_out), (far_in, far_out)) = (near.split(), far.split());
    let up = Way { from: near_in, to: far_out, fault: fault.clone(), lost: &lost, drops: false };
    let down = Way { from: far_in, to: near_out, fault, lost: &lost, drops: true };
    // Either end takes the other with it.
    tokio::select! {
        _ = up.carry() => {}
        _ = down.carry() => {}
    }
}

/// One direction of a connection.
struct Way<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    fault: watch::Receiver<Fault>,
    /// What is sent goes nowhere any more.
    lost: &'a AtomicBool,
    /// It is the one that [`Fault::Drop`] counts.
    drops: bool,
}

impl Way<'_> {
    async fn carry(mut self) -> io::Result<()> {
        let mut bytes = [0; 16 << 10];
        let mut dropping = None;
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
                Fault::Drop(count) => dropping = dropping.or(Some(count)),
                _ => dropping = None,
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
            match (fault, dropping.as_mut().filter(|_| self.drops)) {
                (Fault::Delay(time), _) => tokio::time::sleep(time).await,
                (_, Some(left)) => {
                    ends = passed.len() >= *left;
                    passed = &passed[..passed.len().min(*left)];
                    *left -= passed.len();
                }
                _ => {}
            }
            match fault {
                Fault::Slow(rate) => self.drip(passed, rate).await?,
                _ => self.write(passed).await?,
            }
            if ends {
                return Ok(());
            }
        }
    }

    /// Writes a little ten times a second, for as long as that is what the network does.
    async fn drip(&mut self, mut bytes: &[u8], rate: usize) -> io::Result<()> {
        while !bytes.is_empty() && *self.fault.borrow() == Fault::Slow(rate) {
            let (now, later) = bytes.split_at(bytes.len().min((rate / 10).max(1)));
            self.write(now).await?;
            bytes = later;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.write(bytes).await
    }

    /// Writes, unless the line is cut meanwhile: the other end may take nothing.
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut fault = self.fault.clone();
        tokio::select! {
            written = self.to.write_all(bytes) => written,
            _ = fault.wait_for(|fault| *fault == Fault::Cut) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

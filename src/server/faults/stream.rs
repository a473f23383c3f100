//! The byte stream of a connection, to which faults are applied.
//!
//! While there has never been a fault, bytes pass unchanged, and only the boundaries of WebSocket frames are followed.
//! Once there are faults, the frames of a socket go through a queue ([`SocketFaults`]). Whoever reads the stream also
//! sends the queue: a WebSocket is read all the time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::frame::FrameCursor;
use super::link::Link;
use super::socket::{End, SocketFaults};
use super::throttle::{Throttle, adapt};

/// Bytes read at once while the connection is slow or half-open.
const PART: usize = 4096;
/// The end of the head of an HTTP response.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// Time for which a half-open connection is kept after the server has given it up.
const MAX_HALF_OPEN: Duration = Duration::from_secs(300);

/// What the bytes of the connection are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Requests and responses.
    Requests,
    /// The response with which it becomes a WebSocket; that many bytes of its end have passed.
    Handshake(usize),
    /// WebSocket frames.
    Frames,
}

/// A stream with faults.
pub(in crate::server) struct FaultyStream<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    /// `None` once the stream was dropped.
    stream: Option<S>,
    link: Arc<Link>,
    phase: Phase,
    cursor: FrameCursor,
    /// The generation of the faults that `socket` follows.
    generation: u64,
    /// The faults of a socket; `None` while it has none.
    socket: Option<Box<SocketFaults>>,
    /// The frame that is being collected; `None` while the rest of a frame passes unchanged.
    frame: Option<Vec<u8>>,
    end: Option<End>,
    slow_write: Option<Throttle>,
    slow_read: Option<Throttle>,
    timer: Option<Pin<Box<Sleep>>>,
    /// Waits for room in the queue.
    writer: Option<Waker>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> FaultyStream<S> {
    /// Wraps the stream of a new connection.
    pub(in crate::server) fn new(stream: S, link: Arc<Link>) -> Self {
        Self {
            stream: Some(stream),
            link,
            phase: Phase::Requests,
            cursor: FrameCursor::default(),
            generation: 0,
            socket: None,
            frame: None,
            end: None,
            slow_write: None,
            slow_read: None,
            timer: None,
            writer: None,
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut S>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(closed)
    }

    /// Follows changes of the faults, and of the phase.
    fn refresh(&mut self) {
        if self.phase == Phase::Requests && self.link.socket().is_some() {
            self.phase = Phase::Handshake(0);
        }
        let generation = self.link.faults().generation();
        if generation != self.generation && self.phase == Phase::Frames {
            self.generation = generation;
            let (now, active) = (Instant::now(), self.link.faults().current());
            match (&mut self.socket, active) {
                (Some(socket), active) => socket.replace(active, now),
                (None, Some(active)) => {
                    let number = self.link.socket().unwrap_or_default();
                    self.socket = Some(Box::new(SocketFaults::new(active, number, now)));
                    self.frame = self.cursor.is_between_frames().then(Vec::new);
                }
                (None, None) => {}
            }
        }
        let rate = self.socket.as_ref().and_then(|socket| socket.rate()).or(self.link.slow());
        adapt(&mut self.slow_write, rate);
        adapt(&mut self.slow_read, rate);
    }

    /// Writes to the stream, within the limit on bytes per second.
    fn poll_send(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match &mut self.slow_write {
            Some(throttle) => ready!(throttle.poll_allowed(context)).min(bytes.len()),
            None => bytes.len(),
        };
        let sent = ready!(self.stream()?.poll_write(context, &bytes[..allowed]))?;
        if let Some(throttle) = &mut self.slow_write {
            throttle.spend(sent);
        }
        Poll::Ready(Ok(sent))
    }

    /// Follows bytes that were sent unchanged.
    fn follow(&mut self, mut bytes: &[u8]) {
        while let Phase::Handshake(matched) = self.phase {
            let Some((byte, rest)) = bytes.split_first() else { return };
            bytes = rest;
            let matched =
                if *byte == END_OF_HEAD[matched] { matched + 1 } else { usize::from(*byte == END_OF_HEAD[0]) };
            self.phase = if matched == END_OF_HEAD.len() { Phase::Frames } else { Phase::Handshake(matched) };
        }
        if self.phase == Phase::Frames {
            while !bytes.is_empty() {
                let (taken, _) = self.cursor.advance(bytes);
                bytes = &bytes[taken..];
            }
        }
    }

    /// Queues bytes of a socket, and applies the faults of the frames that they complete.
    fn enqueue(&mut self, mut bytes: &[u8]) {
        let now = Instant::now();
        let Some(socket) = &mut self.socket else { return };
        while !bytes.is_empty() {
            let (taken, is_complete) = self.cursor.advance(bytes);
            let (part, rest) = bytes.split_at(taken);
            bytes = rest;
            match &mut self.frame {
                Some(frame) => {
                    frame.extend_from_slice(part);
                    if is_complete {
                        socket.add_frame(std::mem::take(frame), now);
                    }
                }
                None => {
                    socket.add_bytes(part, now);
                    self.frame = is_complete.then(Vec::new);
                }
            }
        }
    }

    /// Sends what is due. Pending while something is still queued.
    fn poll_queue(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(socket) = &mut self.socket {
            let now = Instant::now();
            self.end = self.end.or(socket.on_time(now));
            if self.end.is_some() {
                self.wake_writer();
                return Poll::Ready(Ok(()));
            }
            if let Some(bytes) = socket.due_bytes(now) {
                let sent = ready!(self.poll_send(context, &bytes))?;
                if self.socket.as_mut().is_some_and(|socket| socket.on_sent(sent)) {
                    self.end = Some(End::Closed);
                }
                if self.socket.as_ref().is_some_and(|socket| !socket.is_full()) {
                    self.wake_writer();
                }
                continue;
            }
            if socket.is_over() && self.frame.as_ref().is_none_or(Vec::is_empty) {
                (self.socket, self.frame) = (None, None);
                break;
            }
            let Some(deadline) = socket.deadline() else { break };
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            timer.as_mut().reset(deadline);
            ready!(timer.as_mut().poll(context));
        }
        Poll::Ready(Ok(()))
    }

    fn wake_writer(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }

    /// Reads and discards until the client closes the connection.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; PART];
        loop {
            let mut part = ReadBuf::new(&mut bytes);
            ready!(self.stream()?.poll_read(context, &mut part))?;
            if part.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> AsyncRead for FaultyStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.link.register_reader(context.waker());
        this.refresh();
        if let Poll::Ready(sent) = this.poll_queue(context) {
            sent?;
        }
        match this.end {
            Some(End::Closed) => return Poll::Ready(Err(closed())),
            Some(End::HalfOpen) => return this.poll_discard(context),
            None => {}
        }
        let Some(throttle) = &mut this.slow_read else { return this.stream()?.poll_read(context, buffer) };
        let allowed = ready!(throttle.poll_allowed(context)).min(buffer.remaining()).min(PART);
        let mut bytes = [0; PART];
        let mut part = ReadBuf::new(&mut bytes[..allowed]);
        ready!(this.stream()?.poll_read(context, &mut part))?;
        buffer.put_slice(part.filled());
        if let Some(throttle) = &mut this.slow_read {
            throttle.spend(part.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> AsyncWrite for FaultyStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        this.refresh();
        match this.end {
            Some(End::Closed) => return Poll::Ready(Err(closed())),
            Some(End::HalfOpen) => return Poll::Ready(Ok(bytes.len())),
            None => {}
        }
        let Some(socket) = &this.socket else {
            let sent = ready!(this.poll_send(context, bytes))?;
            this.follow(&bytes[..sent]);
            return Poll::Ready(Ok(sent));
        };
        if socket.is_full() {
            this.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        this.enqueue(bytes);
        this.link.wake_reader();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The queue is not waited for: a delay must not keep the server from reading.
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.end == Some(End::HalfOpen) {
            return Poll::Ready(Ok(()));
        }
        if let Some(socket) = &mut this.socket {
            socket.hurry(Instant::now());
            if let Poll::Ready(sent) = this.poll_queue(context) {
                sent?;
            } else if this.socket.as_ref().is_some_and(|socket| !socket.is_empty()) {
                return Poll::Pending;
            }
        }
        this.stream()?.poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.refresh();
        let is_plain = self.socket.is_none() && self.end.is_none() && self.slow_write.is_none();
        if is_plain && self.phase == Phase::Requests {
            return self.stream()?.poll_write_vectored(context, bytes);
        }
        let first = bytes.iter().find(|bytes| !bytes.is_empty()).map_or(&[][..], |bytes| bytes);
        self.poll_write(context, first)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Drop for FaultyStream<S> {
    /// The client of a half-open connection must not notice that the server has given it up.
    fn drop(&mut self) {
        let half_open = self.stream.take().filter(|_| self.end == Some(End::HalfOpen));
        let (Some(mut stream), Ok(runtime)) = (half_open, tokio::runtime::Handle::try_current()) else { return };
        runtime.spawn(tokio::time::timeout(MAX_HALF_OPEN, async move {
            let mut unread = [0; PART];
            while matches!(stream.read(&mut unread).await, Ok(count) if count > 0) {}
        }));
    }
}

fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "a fault has closed the connection")
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;

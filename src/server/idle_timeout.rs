//! A stream wrapper that gives up on a peer that stops reading or stops sending.
//!
//! hyper and socketioxide have timeouts for some of their own steps. Neither notices a peer that does not read what it
//! is sent, or one that keeps a connection open without ever sending a byte.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};

/// Time during which incoming data is still read after the stream was shut down. A socket closed with unread data is
/// reset, so a client that sent too much would never see the error response.
const LINGER: Duration = Duration::from_millis(250);

/// A stream with a write timeout and an idle timeout.
pub(crate) struct IdleTimeout<S> {
    stream: S,
    write_timeout: Duration,
    idle_timeout: Duration,
    /// Set while a write is pending.
    write_deadline: Option<Pin<Box<Sleep>>>,
    /// Reset by each successful read.
    idle_deadline: Pin<Box<Sleep>>,
    /// The pending reader, which has to be woken when a write times out.
    reader: Option<Waker>,
    /// Set once the stream is shut down.
    linger_deadline: Option<Pin<Box<Sleep>>>,
    has_timed_out: bool,
    /// Counts as a connection for as long as the stream exists.
    #[expect(dead_code, reason = "it is released when it is dropped")]
    slot: Option<OwnedSemaphorePermit>,
}

impl<S> IdleTimeout<S> {
    /// Wraps `stream`. A pending write fails after `write_timeout`, a pending read after `idle_timeout`.
    pub(crate) fn new(stream: S, write_timeout: Duration, idle_timeout: Duration) -> Self {
        Self {
            stream,
            write_timeout,
            idle_timeout,
            write_deadline: None,
            idle_deadline: Box::pin(sleep(idle_timeout)),
            reader: None,
            linger_deadline: None,
            has_timed_out: false,
            slot: None,
        }
    }

    /// Releases `slot` when the stream is dropped.
    pub(crate) fn with_slot(self, slot: Option<OwnedSemaphorePermit>) -> Self {
        Self { slot, ..self }
    }

    /// Marks the stream as timed out, so that all later operations fail too, and returns the error.
    fn time_out(&mut self, reason: &'static str) -> io::Error {
        if !self.has_timed_out {
            tracing::debug!(reason, "closing a connection");
        }
        self.has_timed_out = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        io::Error::new(io::ErrorKind::TimedOut, reason)
    }

    /// Returns `outcome`, or a timeout error if writes have been pending for too long.
    fn limit_write<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write_deadline = None;
            return outcome;
        }
        let timeout = self.write_timeout;
        let deadline = self.write_deadline.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(self.time_out("the peer does not read")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for IdleTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.has_timed_out {
            return Poll::Ready(Err(this.time_out("already timed out")));
        }
        let outcome = Pin::new(&mut this.stream).poll_read(context, buffer);
        if outcome.is_ready() {
            this.idle_deadline.as_mut().reset(Instant::now() + this.idle_timeout);
            return outcome;
        }
        this.reader = Some(context.waker().clone());
        ready!(this.idle_deadline.as_mut().poll(context));
        Poll::Ready(Err(this.time_out("the peer does not send")))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for IdleTimeout<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.has_timed_out {
            return Poll::Ready(Err(self.time_out("already timed out")));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.limit_write(context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.limit_write(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger_deadline.is_none() {
            let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.limit_write(context, outcome))?;
        }
        let this = &mut *self;
        let deadline = this.linger_deadline.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        let mut unread = [0; 4096];
        while deadline.as_mut().poll(context).is_pending() {
            let mut unread = ReadBuf::new(&mut unread);
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut unread)) {
                Ok(()) if !unread.filled().is_empty() => {}
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.has_timed_out {
            return Poll::Ready(Err(self.time_out("already timed out")));
        }
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.limit_write(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
    const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

    #[tokio::test(start_paused = true)]
    async fn stalled_write_times_out_and_wakes_the_reader() {
        let (near, _far) = duplex(16);
        let (mut reader, mut writer) = tokio::io::split(IdleTimeout::new(near, WRITE_TIMEOUT, IDLE_TIMEOUT));
        let start = Instant::now();
        let reading = tokio::spawn(async move { reader.read(&mut [0; 8]).await.map_err(|error| error.kind()) });
        let written = writer.write_all(&[0; 64]).await.map_err(|error| error.kind());
        assert_eq!((written, start.elapsed()), (Err(io::ErrorKind::TimedOut), WRITE_TIMEOUT));
        assert_eq!(reading.await.unwrap(), Err(io::ErrorKind::TimedOut));
        assert_eq!(start.elapsed(), WRITE_TIMEOUT, "the reader did not wait for the idle timeout");
    }

    #[tokio::test(start_paused = true)]
    async fn each_read_restarts_the_idle_timeout() {
        let (near, mut far) = duplex(16);
        let mut near = IdleTimeout::new(near, WRITE_TIMEOUT, IDLE_TIMEOUT);
        let start = Instant::now();
        for _ in 0..5 {
            let (read, ()) = tokio::join!(near.read_u8(), async {
                tokio::time::sleep(IDLE_TIMEOUT - Duration::from_secs(1)).await;
                far.write_u8(7).await.unwrap();
            });
            assert_eq!(read.unwrap(), 7);
        }
        let last_read = start.elapsed();
        assert_eq!(near.read_u8().await.map_err(|error| error.kind()), Err(io::ErrorKind::TimedOut));
        assert_eq!(start.elapsed() - last_read, IDLE_TIMEOUT);
    }
}

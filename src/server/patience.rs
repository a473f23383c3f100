//! A stream whose other side may be slow, and not for ever.
//!
//! The libraries above time out what they wait for themselves; none of them times out a peer that takes nothing of what
//! is sent to it, or keeps a connection and never says a word.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long what still comes is taken after the last word: closed with something unread, a system takes that word back,
/// and who sent too much would never hear why it was refused.
const LINGER: Duration = Duration::from_millis(250);

/// A stream with limits.
pub(crate) struct Patience<S> {
    stream: S,
    stall: Duration,
    silence: Duration,
    /// Runs while something waits to be taken.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Runs out when the other side says nothing.
    silent: Pin<Box<Sleep>>,
    /// Who reads: to be woken when the writing ends it all.
    reader: Option<Waker>,
    /// The last word was said.
    lingering: Option<Pin<Box<Sleep>>>,
    over: bool,
}

impl<S> Patience<S> {
    /// `stream`, whose peer may leave us waiting for `stall` and be silent for `silence`.
    pub(crate) fn new(stream: S, stall: Duration, silence: Duration) -> Self {
        let silent = Box::pin(sleep(silence));
        Self { stream, stall, silence, stalled: None, silent, reader: None, lingering: None, over: false }
    }

    fn timed_out(&mut self, why: &'static str) -> io::Error {
        if !self.over {
            tracing::debug!(why, "a connection is given up");
        }
        self.over = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        io::Error::new(io::ErrorKind::TimedOut, why)
    }

    /// What a write came to, or the end of patience.
    fn pace<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let stall = self.stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(self.timed_out("it takes nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patience<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(Err(this.timed_out("it was given up")));
        }
        let outcome = Pin::new(&mut this.stream).poll_read(context, buffer);
        if outcome.is_ready() {
            this.silent.as_mut().reset(Instant::now() + this.silence);
            return outcome;
        }
        this.reader = Some(context.waker().clone());
        ready!(this.silent.as_mut().poll(context));
        Poll::Ready(Err(this.timed_out("it says nothing")))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patience<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.over {
            return Poll::Ready(Err(self.timed_out("it was given up")));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.pace(context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.pace(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.pace(context, outcome))?;
        }
        let this = &mut *self;
        let lingering = this.lingering.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        let mut unread = [0; 4096];
        while lingering.as_mut().poll(context).is_pending() {
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
        if self.over {
            return Poll::Ready(Err(self.timed_out("it was given up")));
        }
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.pace(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const STALL: Duration = Duration::from_secs(20);
    const SILENCE: Duration = Duration::from_secs(120);

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_given_up_and_its_reader_told() {
        let (near, _far) = duplex(16);
        let (mut reader, mut writer) = tokio::io::split(Patience::new(near, STALL, SILENCE));
        let begin = Instant::now();
        let reading = tokio::spawn(async move { reader.read(&mut [0; 8]).await.map_err(|error| error.kind()) });
        let written = writer.write_all(&[0; 64]).await.map_err(|error| error.kind());
        assert_eq!((written, begin.elapsed()), (Err(io::ErrorKind::TimedOut), STALL));
        assert_eq!(reading.await.unwrap(), Err(io::ErrorKind::TimedOut));
        assert_eq!(begin.elapsed(), STALL, "the reader did not wait for the silence");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_says_a_word_now_and_then_is_not_silent() {
        let (near, mut far) = duplex(16);
        let mut near = Patience::new(near, STALL, SILENCE);
        let begin = Instant::now();
        for _ in 0..5 {
            let (read, ()) = tokio::join!(near.read_u8(), async {
                tokio::time::sleep(SILENCE - Duration::from_secs(1)).await;
                far.write_u8(7).await.unwrap();
            });
            assert_eq!(read.unwrap(), 7);
        }
        let before = begin.elapsed();
        assert_eq!(near.read_u8().await.map_err(|error| error.kind()), Err(io::ErrorKind::TimedOut));
        assert_eq!(begin.elapsed() - before, SILENCE);
    }
}

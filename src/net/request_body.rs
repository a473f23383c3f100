//! The body of a request: bytes, or segments with files that are read while they are sent.
//!
//! A body with files has an [`UploadMeter`] for the task that waits for the reply, and reports its progress to the
//! user.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::Instant;

use super::file_chunks::FileChunks;

/// Shortest interval between two progress reports. More than ten a second cannot be read anyway.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// Callback for progress: bytes of the files sent so far, and their total.
pub(super) type ProgressReporter = Box<dyn Fn(u64, u64) + Send + Sync>;

/// State of an upload, as the transport reports it.
#[derive(Clone, Copy)]
pub(super) struct TransferState {
    /// When the transport last accepted data.
    pub(super) last_activity: Instant,
    /// Whether it has accepted all of the body.
    pub(super) is_complete: bool,
}

/// Observer of an upload, for the task that waits for the reply.
pub(super) struct UploadMeter {
    state: watch::Receiver<TransferState>,
    /// The reason why a file could not be read to its end.
    file_error: Arc<OnceLock<String>>,
}

impl UploadMeter {
    /// Returns the current state.
    pub(super) fn state(&self) -> TransferState {
        *self.state.borrow()
    }

    /// Returns the reason why a file could not be read to its end, a sentence for the user.
    pub(super) fn file_error(&self) -> Option<&str> {
        self.file_error.get().map(String::as_str)
    }

    /// Creates a meter whose state is set by the test.
    #[cfg(test)]
    pub(super) fn for_tests() -> (watch::Sender<TransferState>, Self) {
        let (sender, state) = watch::channel(TransferState { last_activity: Instant::now(), is_complete: false });
        (sender, Self { state, file_error: Arc::default() })
    }
}

/// A part of a body.
pub(super) enum Segment {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, and how many of its bytes have not been sent yet.
    File {
        /// The rest of the file.
        chunks: FileChunks,
        /// Size of the rest, in bytes.
        remaining: u64,
    },
}

/// The body of a request.
pub(super) struct RequestBody {
    segments: VecDeque<Segment>,
    /// Bytes that have not been sent yet.
    remaining: u64,
    /// Present if there are files in the body.
    progress: Option<Box<UploadProgress>>,
}

/// The sending half of an [`UploadMeter`], and the progress reports.
struct UploadProgress {
    state: watch::Sender<TransferState>,
    file_error: Arc<OnceLock<String>>,
    reporter: Option<ProgressReporter>,
    last_report: Option<Instant>,
    /// Bytes of the files sent so far.
    sent: u64,
    /// Bytes of all files.
    total: u64,
}

impl RequestBody {
    /// Creates a body of bytes.
    pub(super) fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { remaining: bytes.len() as u64, segments: VecDeque::from([Segment::Bytes(bytes)]), progress: None }
    }

    /// Creates a body with files.
    pub(super) fn with_files(segments: VecDeque<Segment>, reporter: Option<ProgressReporter>) -> (Self, UploadMeter) {
        let (mut remaining, mut total) = (0, 0);
        for segment in &segments {
            match segment {
                Segment::Bytes(bytes) => remaining += bytes.len() as u64,
                Segment::File { remaining: size, .. } => {
                    remaining += size;
                    total += size;
                }
            }
        }
        let (sender, state) = watch::channel(TransferState { last_activity: Instant::now(), is_complete: false });
        let file_error = Arc::<OnceLock<String>>::default();
        let meter = UploadMeter { state, file_error: Arc::clone(&file_error) };
        let progress = UploadProgress { state: sender, file_error, reporter, last_report: None, sent: 0, total };
        (Self { segments, remaining, progress: Some(Box::new(progress)) }, meter)
    }

    /// Returns the bytes if there is nothing else in the body. Only such a body can be sent a second time.
    pub(super) fn into_bytes(mut self) -> Result<Bytes, Self> {
        match self.segments.pop_front() {
            Some(Segment::Bytes(bytes)) if self.segments.is_empty() => Ok(bytes),
            None => Ok(Bytes::new()),
            Some(segment) => {
                self.segments.push_front(segment);
                Err(self)
            }
        }
    }

    fn record(&mut self, bytes: &Bytes, from_file: bool) {
        self.remaining = self.remaining.saturating_sub(bytes.len() as u64);
        if let Some(progress) = &mut self.progress {
            progress.record(if from_file { bytes.len() as u64 } else { 0 }, self.remaining == 0);
        }
    }
}

impl UploadProgress {
    fn record(&mut self, file_bytes: u64, is_complete: bool) {
        let now = Instant::now();
        self.sent += file_bytes;
        self.state.send_replace(TransferState { last_activity: now, is_complete });
        let is_due = self.last_report.is_none_or(|last_report| now - last_report >= REPORT_INTERVAL);
        let is_last = file_bytes > 0 && self.sent == self.total;
        if let Some(report) = self.reporter.as_ref().filter(|_| is_due || is_last) {
            self.last_report = Some(now);
            report(self.sent, self.total);
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            let (chunk, from_file) = match self.segments.front_mut() {
                None => return Poll::Ready(None),
                Some(Segment::Bytes(bytes)) => (std::mem::take(bytes), false),
                Some(Segment::File { remaining: 0, .. }) => (Bytes::new(), true),
                Some(Segment::File { chunks, remaining }) => match chunks.poll_recv(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Some(Ok(chunk))) => {
                        *remaining = remaining.saturating_sub(chunk.len() as u64);
                        (chunk, true)
                    }
                    Poll::Ready(failed) => {
                        let sentence = failed.and_then(Result::err);
                        let sentence = sentence.unwrap_or_else(|| "The file was not read to its end.".to_owned());
                        if let Some(progress) = &self.progress {
                            // Kept for the user, because the transport replaces it with a message of its own.
                            let _ = progress.file_error.set(sentence.clone());
                        }
                        return Poll::Ready(Some(Err(io::Error::other(sentence))));
                    }
                },
            };
            if !from_file || chunk.is_empty() {
                self.segments.pop_front();
            }
            if !chunk.is_empty() {
                self.record(&chunk, from_file);
                return Poll::Ready(Some(Ok(Frame::data(chunk))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn progress_is_reported_at_most_ten_times_a_second() {
        let state = watch::Sender::new(TransferState { last_activity: Instant::now(), is_complete: false });
        let reports = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&reports);
        let reporter: ProgressReporter = Box::new(move |sent, _| log.lock().unwrap().push(sent));
        let mut progress = UploadProgress {
            state,
            file_error: Arc::default(),
            reporter: Some(reporter),
            last_report: None,
            sent: 0,
            total: 1000,
        };
        for _ in 0..1000 {
            tokio::time::advance(Duration::from_millis(1)).await;
            progress.record(1, false);
        }
        let reports = reports.lock().unwrap();
        assert_eq!((reports.len(), reports.first(), reports.last()), (11, Some(&1), Some(&1000)));
    }
}

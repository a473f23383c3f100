//! What a request carries: some bytes, or a form with files, which are read from the disk while they are sent.
//!
//! No file is ever whole in memory: a few pieces wait between the one who reads and the one who sends, and whoever is
//! ahead waits. Knows nothing of HTTP beyond the body's own headers.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::domain::{Failure, FileFacts};
use crate::protocol::Part;

use super::trouble::Trouble;

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;

/// How many pieces may wait for the one who sends; the one who reads waits when there are more.
const PIECES: usize = 2;

/// How often progress is told: ten times a second is as often as it can be read.
const TELL: Duration = Duration::from_millis(100);

/// Told how many bytes of the files are on their way, and how many there are.
pub(super) type Tell = Box<dyn Fn(u64, u64) + Send + Sync>;

/// How far a body is, for the one who waits for the answer.
pub(super) struct Meter {
    /// When something last went out, and whether all of it has.
    moved: watch::Receiver<(Instant, bool)>,
    /// Why the body could not be read to its end.
    pub(super) fault: Arc<OnceLock<String>>,
}

impl Meter {
    /// When something last went out.
    pub(super) fn moved(&self) -> Instant {
        self.moved.borrow().0
    }

    /// A meter that nothing moves but the test.
    #[cfg(test)]
    pub(super) fn for_tests() -> (watch::Sender<(Instant, bool)>, Self) {
        let (sender, moved) = watch::channel((Instant::now(), false));
        (sender, Self { moved, fault: Arc::default() })
    }

    /// Whether all has gone out.
    pub(super) fn is_out(&self) -> bool {
        self.moved.borrow().1
    }
}

/// A body on its way out.
pub(super) struct Outgoing {
    segments: VecDeque<Segment>,
    /// How many bytes are still to go out.
    left: u64,
    gauge: Option<Box<Gauge>>,
}

enum Segment {
    Bytes(Bytes),
    File { pieces: mpsc::Receiver<Result<Bytes, String>>, left: u64 },
}

/// The body's end of a [`Meter`], and of what is told.
struct Gauge {
    moved: watch::Sender<(Instant, bool)>,
    fault: Arc<OnceLock<String>>,
    tell: Option<Tell>,
    told: Option<Instant>,
    sent: u64,
    total: u64,
}

impl Outgoing {
    /// These bytes and nothing else.
    pub(super) fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { left: bytes.len() as u64, segments: VecDeque::from([Segment::Bytes(bytes)]), gauge: None }
    }

    /// A form: its media type, and the body. The meter is there when a file is.
    pub(super) async fn form(parts: Vec<Part>, tell: Option<Tell>) -> Result<(String, Self, Option<Meter>), Trouble> {
        let mut random = fastrand::Rng::new();
        let boundary = boundary(&parts, || random.u128(..));
        let (mut segments, mut text) = (VecDeque::new(), String::new());
        let (mut left, mut total) = (0, 0);
        for part in parts {
            text.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; "));
            match part {
                Part::Field { name, value } => text.push_str(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")),
                Part::File { name, file } => {
                    let (file_name, mime) = (quoted(&file.name), media_type(&file.mime));
                    let head = format!("name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {mime}\r\n\r\n");
                    text.push_str(&head);
                    let head = Bytes::from(std::mem::replace(&mut text, "\r\n".to_owned()));
                    left += head.len() as u64 + file.size;
                    total += file.size;
                    segments.push_back(Segment::Bytes(head));
                    let size = file.size;
                    let pieces =
                        pieces(file).await.map_err(|sentence| Trouble::passing(&sentence).with(Failure::Refused))?;
                    segments.push_back(Segment::File { pieces, left: size });
                }
            }
        }
        text.push_str(&format!("--{boundary}--\r\n"));
        left += text.len() as u64;
        segments.push_back(Segment::Bytes(Bytes::from(text)));
        let kind = format!("multipart/form-data; boundary={boundary}");
        if segments.len() == 1 {
            return Ok((kind, Self { segments, left, gauge: None }, None));
        }
        let (sender, moved) = watch::channel((Instant::now(), false));
        let fault = Arc::<OnceLock<String>>::default();
        let meter = Meter { moved, fault: Arc::clone(&fault) };
        let gauge = Gauge { moved: sender, fault, tell, told: None, sent: 0, total };
        Ok((kind, Self { segments, left, gauge: Some(Box::new(gauge)) }, Some(meter)))
    }

    /// The bytes, when there is nothing else in it: those can be sent once more.
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

    fn goes_out(&mut self, bytes: &Bytes, of_file: bool) {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if let Some(gauge) = &mut self.gauge {
            gauge.goes_out(if of_file { bytes.len() as u64 } else { 0 }, self.left == 0);
        }
    }
}

impl Gauge {
    fn goes_out(&mut self, count: u64, last: bool) {
        let now = Instant::now();
        self.sent += count;
        self.moved.send_replace((now, last));
        let due = self.told.is_none_or(|told| now - told >= TELL) || (count > 0 && self.sent == self.total);
        if let Some(tell) = self.tell.as_ref().filter(|_| due) {
            self.told = Some(now);
            tell(self.sent, self.total);
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            let (piece, of_file) = match self.segments.front_mut() {
                None => return Poll::Ready(None),
                Some(Segment::Bytes(bytes)) => (std::mem::take(bytes), false),
                Some(Segment::File { left: 0, .. }) => (Bytes::new(), true),
                Some(Segment::File { pieces, left }) => match pieces.poll_recv(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Some(Ok(piece))) => {
                        *left = left.saturating_sub(piece.len() as u64);
                        (piece, true)
                    }
                    Poll::Ready(failed) => {
                        let failed = failed.and_then(Result::err);
                        let sentence = failed.unwrap_or_else(|| "The file was not read to its end.".to_owned());
                        if let Some(gauge) = &self.gauge {
                            // The transport words it in its own way; this is what the user is told.
                            let _ = gauge.fault.set(sentence.clone());
                        }
                        return Poll::Ready(Some(Err(io::Error::other(sentence))));
                    }
                },
            };
            if !of_file || piece.is_empty() {
                self.segments.pop_front();
            }
            if !piece.is_empty() {
                self.goes_out(&piece, of_file);
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// The file's pieces, which are read as they are taken. Reading happens on a thread of its own, since disks wait.
async fn pieces(facts: FileFacts) -> Result<mpsc::Receiver<Result<Bytes, String>>, String> {
    let (sender, receiver) = mpsc::channel(PIECES);
    let name = facts.name.clone();
    let opened = tokio::task::spawn_blocking(move || open(&facts)).await;
    let file = opened.unwrap_or_else(|_| Err(format!("{name} could not be opened. Try again.")))?;
    tokio::task::spawn_blocking(move || pump(&name, file, &sender));
    Ok(receiver)
}

/// Opens a file that is as it was when it was chosen, else says what to do.
fn open(facts: &FileFacts) -> Result<(File, u64), String> {
    let unread = |error: &io::Error| unreadable(&facts.name, error);
    // Looked at before it is opened: opening a pipe would wait for somebody who writes into it.
    let found = std::fs::metadata(&facts.path).map_err(|error| unread(&error))?;
    if !found.is_file() || found.len() != facts.size {
        return Err(changed(&facts.name));
    }
    File::open(&facts.path).map(|file| (file, facts.size)).map_err(|error| unread(&error))
}

fn unreadable(name: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("{name} is not there any more. Send it from where it is now."),
        ErrorKind::PermissionDenied => format!("{name} may not be read. Change its permissions and send it again."),
        _ => format!("{name} cannot be read: {error}."),
    }
}

fn changed(name: &str) -> String {
    format!("{name} has changed since it was chosen. Send it anew.")
}

/// Reads until all is read or nobody wants it any more.
fn pump(name: &str, (mut file, size): (File, u64), out: &mpsc::Sender<Result<Bytes, String>>) {
    let mut left = size;
    while left > 0 {
        let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
        let read = match file.read(&mut piece) {
            Ok(0) => Err(changed(name)),
            Ok(read) => {
                piece.truncate(read);
                left -= read as u64;
                // What grew while it was sent is not what was chosen: the last piece is kept back, and the body fails.
                let grown = left == 0 && file.metadata().is_ok_and(|now| now.len() != size);
                if grown { Err(changed(name)) } else { Ok(Bytes::from(piece)) }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(unreadable(name, &error)),
        };
        let failed = read.is_err();
        if out.blocking_send(read).is_err() || failed {
            return;
        }
    }
}

/// A line that stands in no field. Files are not searched for it: it is beyond guessing.
fn boundary(parts: &[Part], mut random: impl FnMut() -> u128) -> String {
    loop {
        let boundary = format!("minchat-tui-{:032x}", random());
        let stands = |part: &Part| matches!(part, Part::Field { value, .. } if value.contains(&boundary));
        if !parts.iter().any(stands) {
            return boundary;
        }
    }
}

/// A file name between quotes, as browsers write it.
fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' => quoted.push_str("%22"),
            '\\' => quoted.push_str("%5C"),
            c if c.is_control() => quoted.push('_'),
            c => quoted.push(c),
        }
    }
    quoted
}

/// A media type, if it is one; it stands in a line of its own.
fn media_type(written: &str) -> &str {
    let sound = written.contains('/') && written.chars().all(|c| c.is_ascii_graphic() && c != '"');
    if sound { written } else { "application/octet-stream" }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;

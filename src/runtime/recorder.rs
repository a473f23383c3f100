//! Writes a recording, on a thread of its own, so that neither the disk nor the redaction delays a key.
//!
//! The event loop passes a copy of each event through a bounded queue. If it is full, because the disk is too slow, the
//! recording ends with a line that says so. Whatever is in the queue is flushed as soon as it is empty, so a recording
//! survives a crash up to its last lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ratatui::buffer::Buffer;

use crate::app::{Event, State, typed_after};
use crate::config::quotable_path;
use crate::domain::Timestamp;
use crate::dump::{digest, hide_secrets, rows};
use crate::recording::{EndReason, Entry, Header, LastScreen, Privacy, Scribe};

use super::failure::Failure;
use super::private_file::create_private;
use super::redact::known_secrets;

/// Maximum number of entries that wait to be written: a burst of several seconds.
const CAPACITY: usize = 4_096;

/// Time for which the program waits, when it ends, until everything is written.
const PATIENCE: Duration = Duration::from_secs(3);

/// A file that is to be recorded to.
pub(super) struct RecordingFile {
    path: PathBuf,
    file: File,
}

impl RecordingFile {
    /// Creates the file, which only this user can read. A file that exists is not overwritten.
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let file = create_private(path).map_err(|error| {
            let shown = quotable_path(path);
            Failure::usage(match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    format!("{shown} already exists. Delete it, or choose another file with --record.")
                }
                _ => format!("{shown} cannot be written: {error}. Choose another file with --record."),
            })
        })?;
        Ok(Self { path: path.to_owned(), file })
    }
}

/// What the thread gets.
enum Message {
    /// An event, and for a key the text before the cursor if names are hidden.
    Entry(Box<(Entry, Option<String>)>),
    /// The program ends.
    End(Option<LastScreen>),
}

/// Reason for which the file of a recording can no longer be written, until the user has been told.
#[derive(Clone, Default)]
pub(super) struct RecordingFailure(Arc<Mutex<Option<String>>>);

impl RecordingFailure {
    /// Returns the reason, but only once.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, reason: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }
}

/// A recording that is being written.
pub(super) struct Recorder {
    path: PathBuf,
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
    overflowed: Arc<AtomicBool>,
    failure: RecordingFailure,
    names_hidden: bool,
}

impl Recorder {
    /// Starts to write a recording.
    ///
    /// # Errors
    /// The header cannot be written, or there is no thread.
    pub(super) fn start(file: RecordingFile, header: &Header, privacy: Privacy) -> io::Result<Self> {
        let RecordingFile { path, file } = file;
        let (queue, entries) = sync_channel(CAPACITY);
        let (overflowed, failure) = (Arc::new(AtomicBool::new(false)), RecordingFailure::default());
        let scribe = Scribe::new(privacy);
        let mut out = Vec::new();
        scribe.header(header, &mut out)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(&out)?;
        writer.flush()?;
        let (has_overflowed, reason) = (Arc::clone(&overflowed), failure.clone());
        let thread = thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            if let Err(error) = write_all(scribe, writer, &entries, &has_overflowed) {
                reason.set(error.to_string());
            }
        })?;
        Ok(Self { path, queue, thread, overflowed, failure, names_hidden: header.names_hidden })
    }

    /// Returns the file, and whether it hides names.
    pub(super) fn file(&self) -> (PathBuf, bool) {
        (self.path.clone(), self.names_hidden)
    }

    /// Returns where the reason is if the end of the recording cannot be written.
    pub(super) fn failure(&self) -> RecordingFailure {
        self.failure.clone()
    }

    /// Records an event that is about to reach the state.
    ///
    /// # Errors
    /// A sentence for the user, if the recording has ended.
    pub(super) fn record(&self, state: &State, at: Timestamp, event: &Event) -> Result<(), String> {
        let before = match event {
            Event::Key(key) if self.names_hidden => typed_after(state, *key),
            _ => None,
        };
        self.push(Entry { at, event: event.clone() }, before)
    }

    fn push(&self, entry: Entry, before: Option<String>) -> Result<(), String> {
        let entry = Message::Entry(Box::new((entry, before)));
        self.queue.try_send(entry).map_err(|refused| {
            let path = self.path.display();
            match refused {
                TrySendError::Full(_) => {
                    self.overflowed.store(true, Ordering::SeqCst);
                    format!("The recording in {path} has ended, because the disk is too slow.")
                }
                TrySendError::Disconnected(_) => {
                    let reason = self.failure.take().unwrap_or_else(|| "an event cannot be written".to_owned());
                    format!("The recording in {path} has ended: {reason}.")
                }
            }
        })
    }

    /// Writes the last screen and waits until everything is in the file, unless the disk hangs: the terminal is still
    /// raw. A screen with secrets is left out, because a replay shows another one.
    pub(super) fn finish(self, screen: Option<&Buffer>) {
        let screen = screen.filter(|screen| !hide_secrets(&mut (*screen).clone(), &known_secrets()));
        let screen = screen.map(|screen| LastScreen { rows: rows(screen), digest: digest(screen) });
        let Self { queue, thread, failure, .. } = self;
        let (ending, ended) = channel::<()>();
        let wait = move || {
            // If the thread has ended, `failure` says why.
            let _ = queue.send(Message::End(screen));
            drop(queue);
            let _ = thread.join();
            drop(ending);
        };
        let waiting = thread::Builder::new().name("recorder-end".to_owned()).spawn(wait);
        if waiting.is_err() || ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            failure.set("the disk does not respond".to_owned());
        }
    }
}

fn write_all(
    mut scribe: Scribe,
    mut writer: BufWriter<File>,
    queue: &Receiver<Message>,
    has_overflowed: &AtomicBool,
) -> io::Result<()> {
    let mut out = Vec::new();
    loop {
        let message = match queue.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Empty) => {
                writer.flush()?;
                queue.recv().ok()
            }
            Err(TryRecvError::Disconnected) => None,
        };
        out.clear();
        let end = match message {
            Some(Message::Entry(entry)) => {
                let (entry, before) = *entry;
                let written = scribe.entry(entry, before.as_deref(), &mut out);
                written.is_err().then_some((EndReason::Unwritable, None))
            }
            Some(Message::End(screen)) => Some((EndReason::Quit, screen)),
            None if has_overflowed.load(Ordering::SeqCst) => Some((EndReason::Overflow, None)),
            None => Some((EndReason::Quit, None)),
        };
        let is_end = end.is_some();
        if let Some((reason, screen)) = end {
            scribe.end(reason, screen, &mut out)?;
        }
        writer.write_all(&out)?;
        if is_end {
            return writer.flush();
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::io::Read;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    use super::*;
    use crate::app::{Options, Size, Start};
    use crate::text::Secrets;

    /// Starts a recording whose disk is the other end of a socket.
    fn recorder() -> (Recorder, UnixStream) {
        let (disk, file) = UnixStream::pair().expect("two sockets");
        let file = RecordingFile { path: "session.ndjson".into(), file: File::from(OwnedFd::from(file)) };
        let start = Start {
            at: Timestamp(7),
            size: Size { width: 80, height: 24 },
            seed: 1,
            mouse: false,
            options: Options::default(),
            profile: crate::app::OpenedProfile::default(),
            others: Vec::new(),
            shown: 0,
            notice: None,
            side_by_side: false,
        };
        let privacy = Privacy { secrets: Box::new(Secrets::new), names: None };
        (Recorder::start(file, &Header::new(start, false), privacy).expect("a thread"), disk)
    }

    #[test]
    fn disk_that_is_too_slow_ends_the_recording_with_a_line() {
        let (recorder, mut disk) = recorder();
        let entry = || Entry { at: Timestamp(8), event: Event::Notice("x".repeat(1_000)) };
        // What fits into the socket and into the queue.
        let accepted = std::iter::repeat_with(|| recorder.push(entry(), None)).take(100_000);
        let sentence = accepted.filter_map(Result::err).next().expect("a full queue");
        assert_eq!(sentence, "The recording in session.ndjson has ended, because the disk is too slow.");
        // The event loop drops it then. What is in the queue is not lost.
        let Recorder { queue, thread, .. } = recorder;
        drop(queue);
        let mut recording = String::new();
        disk.read_to_string(&mut recording).unwrap();
        thread.join().unwrap();
        assert_eq!(recording.lines().last(), Some(r#"{"end":"overflow","screen":null}"#));
        assert!(recording.lines().count() > CAPACITY, "{}", recording.lines().count());
    }

    /// Regression test: the program did not end, and left a terminal that was not restored.
    #[test]
    fn hanging_disk_does_not_keep_the_program_from_ending() {
        let (recorder, _disk) = recorder();
        let failure = recorder.failure();
        let entry = || Entry { at: Timestamp(8), event: Event::Notice("x".repeat(1_000)) };
        while recorder.push(entry(), None).is_ok() {}
        recorder.finish(None);
        assert_eq!(failure.take().as_deref(), Some("the disk does not respond"));
    }

    #[test]
    fn failure_to_write_the_end_is_reported() {
        let (recorder, disk) = recorder();
        let failure = recorder.failure();
        drop(disk);
        recorder.finish(None);
        assert!(failure.take().expect("a reason").contains("Broken pipe"));
        assert_eq!(failure.take(), None);
    }
}

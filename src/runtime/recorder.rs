//! Writes a recording, on a thread of its own, so that neither the disk nor the redaction delays a key.
//!
//! The event loop passes a copy of each event through a bounded queue. If it is full, because the disk is too slow, the
//! recording ends with a line that says so. Whatever is in the queue is flushed as soon as it is empty, so a recording
//! survives a crash up to its last lines.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use ratatui::buffer::Buffer;

use crate::app::{Event, State, typed_after};
use crate::config::quotable_path;
use crate::domain::Timestamp;
use crate::dump::{digest, hide_secrets, rows};
use crate::recording::{EndReason, Entry, Header, LastScreen, Privacy, Scribe};

use super::failure::Failure;
use super::redact::known_secrets;

/// Maximum number of entries that wait to be written: a burst of several seconds.
const CAPACITY: usize = 4_096;

/// A file that is to be recorded to.
pub(super) struct RecordingFile {
    path: PathBuf,
    file: File,
}

impl RecordingFile {
    /// Creates the file, which only this user can read. A file that exists is not overwritten.
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| {
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

/// A recording that is being written.
pub(super) struct Recorder {
    path: PathBuf,
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
    overflowed: Arc<AtomicBool>,
    /// Why the file can no longer be written.
    error: Arc<Mutex<Option<String>>>,
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
        let (overflowed, error) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        let scribe = Scribe::new(privacy);
        let mut out = Vec::new();
        scribe.header(header, &mut out)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(&out)?;
        writer.flush()?;
        let (has_overflowed, reason) = (Arc::clone(&overflowed), Arc::clone(&error));
        let thread = thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            if let Err(error) = write_all(scribe, writer, &entries, &has_overflowed) {
                *reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
            }
        })?;
        Ok(Self { path, queue, thread, overflowed, error, names_hidden: header.names_hidden })
    }

    /// Returns the file, and whether it hides names.
    pub(super) fn file(&self) -> (PathBuf, bool) {
        (self.path.clone(), self.names_hidden)
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
        let entry = Message::Entry(Box::new((Entry { at, event: event.clone() }, before)));
        self.queue.try_send(entry).map_err(|refused| {
            let path = self.path.display();
            match refused {
                TrySendError::Full(_) => {
                    self.overflowed.store(true, Ordering::SeqCst);
                    format!("The recording in {path} has ended, because the disk is too slow.")
                }
                TrySendError::Disconnected(_) => {
                    let reason = self.error.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let reason = reason.unwrap_or_else(|| "an event cannot be written".to_owned());
                    format!("The recording in {path} has ended: {reason}.")
                }
            }
        })
    }

    /// Writes the last screen and waits until everything is in the file. A screen with secrets is left out, because a
    /// replay shows another one.
    pub(super) fn finish(self, screen: Option<&Buffer>) {
        let screen = screen.filter(|screen| !hide_secrets(&mut (*screen).clone(), &known_secrets()));
        let screen = screen.map(|screen| LastScreen { rows: rows(screen), digest: digest(screen) });
        let Self { queue, thread, .. } = self;
        // If the thread has ended, the user knows that already.
        let _ = queue.send(Message::End(screen));
        drop(queue);
        let _ = thread.join();
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

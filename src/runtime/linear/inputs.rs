//! Lines from standard input.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc;

use super::line;
use crate::app::Event;
use crate::runtime::event_loop::{Input, Inputs};

/// Maximum length of a line, in bytes. A longer one is taken in parts.
const MAX_LINE: usize = 64 << 10;

/// Time within which nobody types another line, so that both belong to a pasted text.
const PASTE_TIME: Duration = Duration::from_millis(50);

/// Number of bytes after which the lines are handled before more is read. A program may write without end.
const MAX_READ: usize = 64 << 10;

/// Number of bytes that are read at once.
const BUFFER: usize = 4_096;

/// Inputs from standard input, line by line, and from signals.
pub(in crate::runtime) struct LineInputs {
    watch: AsyncFd<OwnedFd>,
    signals: mpsc::Receiver<Input>,
    /// The line that is not complete yet.
    line: Vec<u8>,
    /// The complete lines that have not begun to be handled.
    lines: VecDeque<Vec<Event>>,
    /// The rest of the line that is being handled.
    events: VecDeque<Event>,
    /// Whether another program reads the lines.
    is_paused: bool,
    /// Whether there may be more to read, although the kernel does not tell so again.
    has_more: bool,
    /// Whether lines of a program wait, and their end: the rooms are not known yet, or a message is on its way.
    is_held: bool,
    /// Whether there are no more lines.
    is_closed: bool,
    /// Whether the lines are typed, or come from a program that may send as many at once as it likes.
    is_terminal: bool,
    /// Time at which the last line arrived.
    last_line: Option<Instant>,
}

impl LineInputs {
    /// Watches standard input.
    ///
    /// # Errors
    /// It cannot be read or watched.
    pub(in crate::runtime) fn open(signals: mpsc::Receiver<Input>) -> io::Result<Self> {
        let input = || io::stdin().as_fd().try_clone_to_owned();
        let watch = match watch(input()?) {
            // A file, or a device such as `/dev/null`.
            Err(error) if error.raw_os_error() == Some(Errno::PERM.raw_os_error()) => watch(piped(input()?)?),
            watch => watch,
        };
        Ok(Self::of(watch?, io::stdin().is_terminal(), signals))
    }

    fn of(watch: AsyncFd<OwnedFd>, is_terminal: bool, signals: mpsc::Receiver<Input>) -> Self {
        Self {
            watch,
            signals,
            line: Vec::new(),
            lines: VecDeque::new(),
            events: VecDeque::new(),
            is_paused: false,
            has_more: false,
            is_held: false,
            is_closed: false,
            is_terminal,
            last_line: None,
        }
    }

    /// Takes bytes and returns the lines that are complete.
    fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for byte in bytes {
            // A line that is too long is divided between two characters, of which the longest has four bytes.
            let is_within_character = byte & 0b1100_0000 == 0b1000_0000;
            let limit = if is_within_character { MAX_LINE + 3 } else { MAX_LINE };
            if *byte != b'\n' && self.line.len() < limit {
                self.line.push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            lines.push(String::from_utf8_lossy(&line).into_owned());
            if *byte != b'\n' {
                self.line.push(*byte);
            }
        }
        lines
    }

    /// Reads what is there, up to a limit. The kernel tells only once that there is something, and a terminal returns a
    /// single line at a time.
    fn read(&mut self) {
        let (mut lines, mut rest) = (Vec::new(), MAX_READ);
        self.has_more = false;
        while !self.is_closed && self.is_readable() {
            if rest == 0 {
                self.has_more = true;
                break;
            }
            let mut buffer = [0; BUFFER];
            match rustix::io::read(self.watch.get_ref(), &mut buffer) {
                Ok(0) => {
                    // The last line may have no end.
                    if !self.line.is_empty() {
                        lines.extend(self.take(b"\n"));
                    }
                    self.is_closed = true;
                }
                Ok(count) => {
                    lines.extend(self.take(&buffer[..count]));
                    rest = rest.saturating_sub(count);
                }
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => self.is_closed = true,
            }
        }
        if lines.is_empty() {
            return;
        }
        let follows = self.last_line.replace(Instant::now()).is_some_and(|last| last.elapsed() < PASTE_TIME);
        let is_pasted = self.is_terminal && (follows || lines.len() > 1);
        let events = if is_pasted { line::pasted_events } else { line::events };
        self.lines.extend(lines.iter().map(|line| events(line)));
    }

    /// Whether lines are left for later.
    fn waits(&self) -> bool {
        self.is_paused || (self.is_held && !self.is_terminal)
    }

    /// Whether a read would return at once.
    fn is_readable(&self) -> bool {
        let mut watched = [PollFd::new(self.watch.get_ref(), PollFlags::IN)];
        poll(&mut watched, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|count| count > 0)
    }
}

#[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets what that asks for")]
fn watch(input: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(input, Interest::READABLE)
}

/// Returns a pipe with the content of a file. Files cannot be watched.
fn piped(file: OwnedFd) -> io::Result<OwnedFd> {
    let (reader, mut writer) = io::pipe()?;
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if let Err(error) = io::copy(&mut File::from(file), &mut writer) {
            tracing::warn!(%error, "the input ends early");
        }
    })?;
    Ok(reader.into())
}

impl Inputs for LineInputs {
    fn try_next(&mut self) -> Option<Input> {
        if let Ok(signal) = self.signals.try_recv() {
            return Some(signal);
        }
        if self.waits() { None } else { self.events.pop_front().map(Input::Event) }
    }

    fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }

    fn hold_piped(&mut self, is_held: bool) {
        self.is_held = is_held;
    }

    /// Lines have no Esc key.
    fn set_escape_time(&mut self, _escape_time: Duration) {}

    /// The terminal edits the line, so the bytes of its keys never arrive.
    fn report_bytes(&mut self, _on: bool) {}

    async fn next(&mut self) -> Input {
        loop {
            if let Some(input) = self.try_next() {
                return input;
            }
            if self.waits() {
                return self.signals.recv().await.unwrap_or(Input::End);
            }
            // One line after the other, so that what follows from each is said before the next.
            if let Some(line) = self.lines.pop_front() {
                self.events.extend(line);
                continue;
            }
            if self.is_closed {
                return Input::End;
            }
            if self.has_more {
                self.read();
                continue;
            }
            tokio::select! {
                signal = self.signals.recv() => return signal.unwrap_or(Input::End),
                ready = self.watch.ready(Interest::READABLE) => {
                    let Ok(mut ready) = ready else { return Input::End };
                    ready.clear_ready();
                    self.read();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Regression test: the lines of a program that writes without end were gathered without end.
    #[tokio::test]
    async fn long_input_is_handled_in_parts() {
        const LINES: usize = 200_000;
        let (reader, mut writer) = io::pipe().unwrap();
        thread::spawn(move || writer.write_all("y\n".repeat(LINES).as_bytes()).unwrap());
        let (_signals, receiver) = mpsc::channel(1);
        let mut inputs = LineInputs::of(watch(reader.into()).unwrap(), false, receiver);
        for _ in 0..LINES {
            assert_eq!(inputs.next().await, Input::Event(Event::Line("y".to_owned())));
            assert!(inputs.lines.len() <= (MAX_READ + BUFFER) / 2, "{}", inputs.lines.len());
        }
        assert_eq!(inputs.next().await, Input::End);
    }

    /// Regression test: the character at the limit became two replacement characters.
    #[tokio::test]
    async fn long_line_is_divided_between_characters() {
        let (reader, mut writer) = io::pipe().unwrap();
        let text = format!("a{}\n", "😀".repeat(MAX_LINE / 4 + 1));
        let written = text.clone();
        thread::spawn(move || writer.write_all(written.as_bytes()).unwrap());
        let (_signals, receiver) = mpsc::channel(1);
        let mut inputs = LineInputs::of(watch(reader.into()).unwrap(), false, receiver);
        let mut parts = Vec::new();
        while let Input::Event(Event::Line(line)) = inputs.next().await {
            parts.push(line);
        }
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.concat(), text.trim_end());
    }
}

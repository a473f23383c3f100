//! [`Pty`]: a program in a real pseudo-terminal, with the contents of its screen and the time of each change.
//!
//! Two threads listen, one to the terminal and one for the end of the program. Each adds a timestamp to what it
//! receives and sends it to the owner, who feeds the screen model chunk by chunk while waiting. A reported moment is
//! therefore the moment at which the bytes left the program's terminal, however late the owner looks. Nothing here
//! sleeps or polls.
//!
//! The child becomes a session leader with this pty as its controlling terminal, which needs code between fork and
//! exec. `pty-process` does that (its only dependency is `rustix`). Going through `setsid --ctty` would add another
//! exec to every measured start, and that command does not exist on every system.

mod modes;

use std::fmt;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use rustix::termios::{OptionalActions, Termios, Winsize, tcgetattr, tcsetattr, tcsetwinsize};

pub use modes::TerminalModes;

/// Columns and rows of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Cells in a row.
    pub columns: u16,
    /// Rows on the screen.
    pub rows: u16,
}

/// The screen model fails in a terminal with one column or row, so it gets at least two. The program is told the true
/// size.
const MIN_SIZE: u16 = 2;

/// A program running in a pseudo-terminal.
pub struct Pty {
    // None after `hang_up`.
    master: Option<File>,
    // Dropping it ends the listening thread, which also holds the terminal open.
    listening: Option<PipeWriter>,
    // Kept open while the program runs, as a shell does, so that the settings it leaves behind can be read.
    slave: Option<OwnedFd>,
    pid: Pid,
    received: Receiver<Received>,
    parser: vt100::Parser<Queries>,
    transcript: Vec<u8>,
    exit: Option<(Instant, ExitStatus)>,
    ended: bool,
    left_behind: Option<Termios>,
}

enum Received {
    Bytes(Instant, Vec<u8>),
    Exit(Instant, ExitStatus),
    End,
}

/// The error of a wait that timed out. Shows what was waited for, and the screen.
pub struct Timeout {
    what: String,
    screen: String,
}

impl Pty {
    /// Starts `command` in a new terminal of this size. The caller sets the environment of the command.
    pub fn spawn(command: Command, size: Size) -> io::Result<Self> {
        let (pty, pts) = blocking::open().map_err(io::Error::other)?;
        pty.resize(pty_process::Size::new(size.rows, size.columns)).map_err(io::Error::other)?;
        let slave = pts.as_fd().try_clone_to_owned()?;
        let master = File::from(OwnedFd::from(pty));
        let reader = master.try_clone()?;
        let (to_owner, received) = channel();
        let (stop, listening) = io::pipe()?;
        listen(reader, stop, to_owner.clone());
        let child = blocking::Command::from(command).spawn(pts).map_err(io::Error::other)?;
        let pid = Pid::from_child(&child);
        watch_child(child, to_owner);
        Ok(Self {
            master: Some(master),
            listening: Some(listening),
            slave: Some(slave),
            pid,
            received,
            parser: vt100::Parser::new_with_callbacks(
                size.rows.max(MIN_SIZE),
                size.columns.max(MIN_SIZE),
                0,
                Queries::default(),
            ),
            transcript: Vec::new(),
            exit: None,
            ended: false,
            left_behind: None,
        })
    }

    /// The program's process id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Types `bytes`. Returns the moment just before they were written.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<Instant> {
        let master = self.master.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let at = Instant::now();
        master.write_all(bytes.as_ref())?;
        Ok(at)
    }

    /// Waits until `holds` is true for the screen. Returns when the bytes that made it true arrived, or the time of the
    /// call when it was true already.
    pub fn wait_for(
        &mut self,
        what: &str,
        within: Duration,
        mut holds: impl FnMut(&vt100::Screen) -> bool,
    ) -> Result<Instant, Timeout> {
        let start = Instant::now();
        let mut at = start;
        loop {
            if holds(self.parser.screen()) {
                return Ok(at);
            }
            // A program that has ended may still have bytes on the way, but none come after the stream has ended.
            match self.receive(start + within) {
                Some(moment) if !self.ended => at = moment,
                _ => return Err(self.timed_out(what)),
            }
        }
    }

    /// Waits until one row of the screen contains `text`.
    pub fn wait_text(&mut self, text: &str, within: Duration) -> Result<Instant, Timeout> {
        self.wait_for(&format!("{text:?}"), within, |screen| shows(screen, text))
    }

    /// Waits until no row of the screen contains `text`.
    pub fn wait_gone(&mut self, text: &str, within: Duration) -> Result<Instant, Timeout> {
        self.wait_for(&format!("no {text:?}"), within, |screen| !shows(screen, text))
    }

    /// Waits until `holds` is true for what the program has written since byte `from`.
    pub fn wait_bytes(
        &mut self,
        what: &str,
        within: Duration,
        from: usize,
        holds: impl Fn(&[u8]) -> bool,
    ) -> Result<(), Timeout> {
        let until = Instant::now() + within;
        while !holds(self.transcript.get(from..).unwrap_or_default()) {
            if self.ended || self.receive(until).is_none() {
                return Err(self.timed_out(what));
            }
        }
        Ok(())
    }

    /// Waits until the program has been stopped, as by Ctrl+Z.
    pub fn wait_stopped(&mut self, within: Duration) -> Result<(), Timeout> {
        let (to_owner, stopped) = channel();
        let pid = self.pid;
        thread::spawn(move || {
            // Only waits for a stop: the end of the program is for the thread in `watch_child`.
            let _ = to_owner.send(waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED));
        });
        match stopped.recv_timeout(within) {
            Ok(Ok(Some(_))) => Ok(()),
            _ => Err(self.timed_out("stop")),
        }
    }

    /// Processes output for this long, to let time pass or to prove that nothing arrives.
    pub fn process_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while self.receive(until).is_some() && !self.ended {}
    }

    /// Waits for the end of the program and of its output.
    pub fn wait_exit(&mut self, within: Duration) -> Result<ExitStatus, Timeout> {
        let until = Instant::now() + within;
        while (self.exit.is_none() || !self.ended) && self.receive(until).is_some() {}
        self.exit.map(|(_, status)| status).ok_or_else(|| self.timed_out("exit"))
    }

    /// Whether the program has ended, as far as its end was received.
    pub fn has_exited(&self) -> bool {
        self.exit.is_some()
    }

    /// The screen as text, one line per row, without trailing blanks.
    pub fn screen(&mut self) -> String {
        self.take_pending();
        rows(self.parser.screen())
    }

    /// The screen model itself, with its cells, colours and cursor.
    pub fn cells(&mut self) -> &vt100::Screen {
        self.take_pending();
        self.parser.screen()
    }

    /// All bytes that the program has written so far.
    pub fn transcript(&mut self) -> &[u8] {
        self.take_pending();
        &self.transcript
    }

    /// Number of bytes that the program has written so far.
    pub fn bytes_written(&mut self) -> usize {
        self.transcript().len()
    }

    /// Modes that the program has switched on and not off again.
    pub fn modes(&mut self) -> TerminalModes {
        TerminalModes::after(self.transcript())
    }

    /// The terminal's settings; after the end of the program, those that it left behind.
    pub fn termios(&self) -> io::Result<Termios> {
        if let Some(left_behind) = &self.left_behind {
            return Ok(left_behind.clone());
        }
        let slave = self.slave.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tcgetattr(slave)?)
    }

    /// Changes the terminal's settings without the program, as a shell does.
    pub fn set_termios(&self, termios: &Termios) -> io::Result<()> {
        let slave = self.slave.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tcsetattr(slave, OptionalActions::Now, termios)?)
    }

    /// Resizes the terminal, which sends SIGWINCH to the program.
    pub fn resize(&mut self, size: Size) -> io::Result<()> {
        self.take_pending();
        let master = self.master.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let window = Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 };
        self.parser.screen_mut().set_size(size.rows.max(MIN_SIZE), size.columns.max(MIN_SIZE));
        Ok(tcsetwinsize(master, window)?)
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        if self.exit.is_some() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(kill_process(self.pid, signal)?)
    }

    /// Closes the terminal, as a closed window does: the session leader gets SIGHUP, and readers of the terminal get
    /// the end of the stream.
    pub fn hang_up(&mut self) {
        self.master = None;
        self.listening = None;
        self.slave = None;
    }

    /// Processes the next chunk. `None` when nothing arrived in time, or the stream has ended.
    fn receive(&mut self, until: Instant) -> Option<Instant> {
        let wait = until.saturating_duration_since(Instant::now());
        match self.received.recv_timeout(wait) {
            Ok(received) => Some(self.process(received)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    fn take_pending(&mut self) {
        while let Ok(received) = self.received.try_recv() {
            self.process(received);
        }
    }

    fn process(&mut self, received: Received) -> Instant {
        match received {
            Received::Bytes(at, bytes) => {
                self.parser.process(&bytes);
                self.transcript.extend_from_slice(&bytes);
                let answers = std::mem::take(&mut self.parser.callbacks_mut().answers);
                if let (false, Some(master)) = (answers.is_empty(), self.master.as_mut()) {
                    // A program that has just ended does not read its answer.
                    let _ = master.write_all(&answers);
                }
                at
            }
            Received::Exit(at, status) => {
                // This is the last handle now: note what the program left behind, then let the stream end.
                self.left_behind = self.termios().ok();
                self.slave = None;
                self.exit = Some((at, status));
                at
            }
            Received::End => {
                self.ended = true;
                Instant::now()
            }
        }
    }

    fn timed_out(&mut self, what: &str) -> Timeout {
        let end = self.exit.map(|(_, status)| format!(" ({status})")).unwrap_or_default();
        Timeout { what: format!("{what}{end}"), screen: self.screen() }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.take_pending();
        if self.exit.is_none() {
            // The program may end between the two lines; then there is nothing left to kill.
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn listen(mut master: File, stop: PipeReader, to_owner: Sender<Received>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let mut sources = [PollFd::new(&master, PollFlags::IN), PollFd::new(&stop, PollFlags::IN)];
            match poll(&mut sources, None) {
                Ok(_) if sources[1].revents().is_empty() => {}
                Err(Errno::INTR) => continue,
                Ok(_) | Err(_) => break,
            }
            // When the last handle of the other end is closed, Linux returns EIO and other systems return 0 bytes.
            let Ok(count @ 1..) = master.read(&mut buffer) else { break };
            if to_owner.send(Received::Bytes(Instant::now(), buffer[..count].to_vec())).is_err() {
                return;
            }
        }
        let _ = to_owner.send(Received::End);
    });
}

fn watch_child(mut child: Child, to_owner: Sender<Received>) {
    thread::spawn(move || {
        if let Ok(status) = child.wait() {
            let _ = to_owner.send(Received::Exit(Instant::now(), status));
        }
    });
}

fn shows(screen: &vt100::Screen, text: &str) -> bool {
    screen.rows(0, screen.size().1).any(|row| row.contains(text))
}

fn rows(screen: &vt100::Screen) -> String {
    let rows: Vec<String> = screen.rows(0, screen.size().1).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n")
}

/// Answers the queries that programs send to their terminal, so that none of them waits for a reply.
#[derive(Default)]
struct Queries {
    answers: Vec<u8>,
}

impl vt100::Callbacks for Queries {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _second: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        match (first, params, last) {
            (None, [] | [[0]], 'c') => self.answers.extend_from_slice(b"\x1b[?62;22c"),
            (None, [[6]], 'n') => {
                let (row, column) = screen.cursor_position();
                self.answers.extend_from_slice(format!("\x1b[{};{}R", row + 1, column + 1).as_bytes());
            }
            (Some(b'?'), _, 'u') => self.answers.extend_from_slice(b"\x1b[?0u"),
            _ => {}
        }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timed out waiting for {}; the screen was:\n{}", self.what, self.screen)
    }
}

// A failed `unwrap` prints the screen as rows instead of as one escaped line.
impl fmt::Debug for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Timeout {}

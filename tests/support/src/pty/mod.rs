//! A program in a real pseudo-terminal, seen as a person sees it: what stands on the screen, and since when.
//!
//! Two threads listen, one to the terminal and one for the program's end; each stamps what it heard and hands it over.
//! The owner feeds the screen model chunk by chunk while it waits, so a moment it reports is the moment the bytes left
//! the program's terminal, however late the owner looks. Nothing here sleeps or polls.
//!
//! The child becomes a session leader with this pty as its controlling terminal, which needs code between fork and exec.
//! `pty-process` does that (its only dependency is `rustix`); going through `setsid --ctty` would add another exec to
//! every start that is measured, and does not exist everywhere.

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

/// The screen model fails in a terminal of one column or row; the program is told the true size all the same.
const SMALLEST: u16 = 2;

/// A program running in a pseudo-terminal.
pub struct Pty {
    // None once the terminal was taken away.
    master: Option<File>,
    // Dropping it ends the listening thread, which holds the terminal open too.
    listening: Option<PipeWriter>,
    // Kept open while the program runs, like a shell would: the settings it leaves behind can be read.
    slave: Option<OwnedFd>,
    pid: Pid,
    heard: Receiver<Heard>,
    parser: vt100::Parser<Queries>,
    transcript: Vec<u8>,
    exit: Option<(Instant, ExitStatus)>,
    ended: bool,
    left: Option<Termios>,
}

enum Heard {
    Bytes(Instant, Vec<u8>),
    Exit(Instant, ExitStatus),
    End,
}

/// What was waited for did not come. Shows the screen as it was.
pub struct Missed {
    what: String,
    screen: String,
}

impl Pty {
    /// Starts `command` in a new terminal of this size. The environment is the command's own affair.
    pub fn spawn(command: Command, size: Size) -> io::Result<Self> {
        let (pty, pts) = blocking::open().map_err(io::Error::other)?;
        pty.resize(pty_process::Size::new(size.rows, size.columns)).map_err(io::Error::other)?;
        let slave = pts.as_fd().try_clone_to_owned()?;
        let master = File::from(OwnedFd::from(pty));
        let reader = master.try_clone()?;
        let (to_owner, heard) = channel();
        let (stop, listening) = io::pipe()?;
        listen(reader, stop, to_owner.clone());
        let child = blocking::Command::from(command).spawn(pts).map_err(io::Error::other)?;
        let pid = Pid::from_child(&child);
        attend(child, to_owner);
        Ok(Self {
            master: Some(master),
            listening: Some(listening),
            slave: Some(slave),
            pid,
            heard,
            parser: vt100::Parser::new_with_callbacks(
                size.rows.max(SMALLEST),
                size.columns.max(SMALLEST),
                0,
                Queries::default(),
            ),
            transcript: Vec::new(),
            exit: None,
            ended: false,
            left: None,
        })
    }

    /// The program's process id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Types `bytes`. Returns the moment just before they were handed over.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<Instant> {
        let master = self.master.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let at = Instant::now();
        master.write_all(bytes.as_ref())?;
        Ok(at)
    }

    /// Waits until the screen satisfies `holds`. Returns the moment at which the bytes that made it so arrived; that
    /// of the call when it is so already.
    pub fn wait_for(
        &mut self,
        what: &str,
        within: Duration,
        mut holds: impl FnMut(&vt100::Screen) -> bool,
    ) -> Result<Instant, Missed> {
        let start = Instant::now();
        let mut at = start;
        loop {
            if holds(self.parser.screen()) {
                return Ok(at);
            }
            // A program that has ended may still have bytes on the way, but once the stream has ended none will come.
            match self.hear(start + within) {
                Some(moment) if !self.ended => at = moment,
                _ => return Err(self.missed(what)),
            }
        }
    }

    /// Waits until `text` stands somewhere on the screen, within one row.
    pub fn wait_text(&mut self, text: &str, within: Duration) -> Result<Instant, Missed> {
        self.wait_for(&format!("{text:?}"), within, |screen| shows(screen, text))
    }

    /// Waits until `text` stands nowhere on the screen.
    pub fn wait_gone(&mut self, text: &str, within: Duration) -> Result<Instant, Missed> {
        self.wait_for(&format!("no {text:?}"), within, |screen| !shows(screen, text))
    }

    /// Waits until what the program has written since byte `from` satisfies `holds`.
    pub fn wait_bytes(
        &mut self,
        what: &str,
        within: Duration,
        from: usize,
        holds: impl Fn(&[u8]) -> bool,
    ) -> Result<(), Missed> {
        let until = Instant::now() + within;
        while !holds(self.transcript.get(from..).unwrap_or_default()) {
            if self.ended || self.hear(until).is_none() {
                return Err(self.missed(what));
            }
        }
        Ok(())
    }

    /// Waits until the program has been stopped, as Ctrl+Z does.
    pub fn wait_stopped(&mut self, within: Duration) -> Result<(), Missed> {
        let (to_owner, stopped) = channel();
        let pid = self.pid;
        thread::spawn(move || {
            // Only looks at stops: the end is for the thread that attends to the program.
            let _ = to_owner.send(waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED));
        });
        match stopped.recv_timeout(within) {
            Ok(Ok(Some(_))) => Ok(()),
            _ => Err(self.missed("stop")),
        }
    }

    /// Takes in what arrives for this long, for pace or to prove that nothing does.
    pub fn watch(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while self.hear(until).is_some() && !self.ended {}
    }

    /// Waits for the program's end and for the last of its output.
    pub fn wait_exit(&mut self, within: Duration) -> Result<ExitStatus, Missed> {
        let until = Instant::now() + within;
        while (self.exit.is_none() || !self.ended) && self.hear(until).is_some() {}
        self.exit.map(|(_, status)| status).ok_or_else(|| self.missed("exit"))
    }

    /// Whether the program has ended, as far as it was heard.
    pub fn has_exited(&self) -> bool {
        self.exit.is_some()
    }

    /// The rows on the screen, without the blanks at their ends, one a line.
    pub fn screen(&mut self) -> String {
        self.take_pending();
        rows(self.parser.screen())
    }

    /// The screen model itself: cells, colours, cursor.
    pub fn cells(&mut self) -> &vt100::Screen {
        self.take_pending();
        self.parser.screen()
    }

    /// Every byte the program has written so far.
    pub fn transcript(&mut self) -> &[u8] {
        self.take_pending();
        &self.transcript
    }

    /// How many bytes the program has written so far.
    pub fn bytes_written(&mut self) -> usize {
        self.transcript().len()
    }

    /// What the program has switched on in its terminal and not off again.
    pub fn modes(&mut self) -> TerminalModes {
        TerminalModes::after(self.transcript())
    }

    /// The terminal's settings now; once the program has ended, those it left behind.
    pub fn termios(&self) -> io::Result<Termios> {
        if let Some(left) = &self.left {
            return Ok(left.clone());
        }
        let slave = self.slave.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tcgetattr(slave)?)
    }

    /// Changes the terminal's settings behind the program's back, as a shell does.
    pub fn set_termios(&self, termios: &Termios) -> io::Result<()> {
        let slave = self.slave.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tcsetattr(slave, OptionalActions::Now, termios)?)
    }

    /// Resizes the terminal; the program gets SIGWINCH.
    pub fn resize(&mut self, size: Size) -> io::Result<()> {
        self.take_pending();
        let master = self.master.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let window = Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 };
        self.parser.screen_mut().set_size(size.rows.max(SMALLEST), size.columns.max(SMALLEST));
        Ok(tcsetwinsize(master, window)?)
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        if self.exit.is_some() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(kill_process(self.pid, signal)?)
    }

    /// Takes the terminal away, like a closed window does: the session leader gets SIGHUP, and whoever reads the
    /// terminal reads its end.
    pub fn hang_up(&mut self) {
        self.master = None;
        self.listening = None;
        self.slave = None;
    }

    /// Feeds the next thing heard to the screen. None when nothing came in time, or the stream has ended.
    fn hear(&mut self, until: Instant) -> Option<Instant> {
        let wait = until.saturating_duration_since(Instant::now());
        match self.heard.recv_timeout(wait) {
            Ok(heard) => Some(self.take(heard)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    fn take_pending(&mut self) {
        while let Ok(heard) = self.heard.try_recv() {
            self.take(heard);
        }
    }

    fn take(&mut self, heard: Heard) -> Instant {
        match heard {
            Heard::Bytes(at, bytes) => {
                self.parser.process(&bytes);
                self.transcript.extend_from_slice(&bytes);
                let answers = std::mem::take(&mut self.parser.callbacks_mut().answers);
                if let (false, Some(master)) = (answers.is_empty(), self.master.as_mut()) {
                    // A program that has just ended does not read its answer; that is its affair.
                    let _ = master.write_all(&answers);
                }
                at
            }
            Heard::Exit(at, status) => {
                // Ours is the last handle now: note what the program left behind, then let the stream end.
                self.left = self.termios().ok();
                self.slave = None;
                self.exit = Some((at, status));
                at
            }
            Heard::End => {
                self.ended = true;
                Instant::now()
            }
        }
    }

    fn missed(&mut self, what: &str) -> Missed {
        let end = self.exit.map(|(_, status)| format!(" ({status})")).unwrap_or_default();
        Missed { what: format!("{what}{end}"), screen: self.screen() }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.take_pending();
        if self.exit.is_none() {
            // It may end by itself between the two lines; then there is nothing left to end.
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn listen(mut master: File, stop: PipeReader, to_owner: Sender<Heard>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let mut sources = [PollFd::new(&master, PollFlags::IN), PollFd::new(&stop, PollFlags::IN)];
            match poll(&mut sources, None) {
                Ok(_) if sources[1].revents().is_empty() => {}
                Err(Errno::INTR) => continue,
                Ok(_) | Err(_) => break,
            }
            // When the last handle of the other end is closed Linux says EIO and others say 0 bytes.
            let Ok(count @ 1..) = master.read(&mut buffer) else { break };
            if to_owner.send(Heard::Bytes(Instant::now(), buffer[..count].to_vec())).is_err() {
                return;
            }
        }
        let _ = to_owner.send(Heard::End);
    });
}

fn attend(mut child: Child, to_owner: Sender<Heard>) {
    thread::spawn(move || {
        if let Ok(status) = child.wait() {
            let _ = to_owner.send(Heard::Exit(Instant::now(), status));
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

/// Answers what programs ask their terminal, so that none of them waits for a reply in vain.
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

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} did not come; the screen was:\n{}", self.what, self.screen)
    }
}

// What a failed `unwrap` prints: the screen as rows, not as one escaped line.
impl fmt::Debug for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Missed {}

//! Alice at the keyboard: one deed at a time, and she may be killed in the middle of any.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::ledger::{Change, Ledger};
use super::screen_reader::{Glance, Mark};
use super::world::ROOMS;
use crate::client::{Client, SOON};
use test_support::pty::Size;

/// Room for a good many lines.
const SIZE: Size = Size { columns: 100, rows: 50 };

/// A disk that is slower than the network has answered by then.
const LATE: Duration = Duration::from_millis(500);

/// What every frame ends with.
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

/// The program, and what was seen of it.
pub(crate) struct Typist {
    client: Client,
    pub(crate) ledger: Ledger,
    /// She does not look what came of the last thing she did.
    pub(crate) rash: bool,
    /// It was started anew, and has not shown a room yet.
    starting: bool,
}

fn started(home: &Path, arguments: &[&str]) -> Client {
    Client::start_in(home, "read go; exec \"$@\"", arguments, SIZE)
}

impl Typist {
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        let client = started(home, arguments);
        Self { client, ledger: Ledger::new(), rash: false, starting: true }
    }

    /// The program is killed, as hard as it goes.
    pub(crate) fn kill(&mut self) {
        self.client.pty.signal(Signal::KILL).unwrap();
        self.client.pty.wait_exit(SOON).unwrap();
        // A frame that was being written is no frame.
        if self.client.pty.transcript().ends_with(FRAME_ENDS) && !self.starting {
            self.look();
        }
        self.ledger.killed();
    }

    /// The program is started on what it left behind.
    pub(crate) fn restart(&mut self, home: &Path, arguments: &[&str]) {
        self.client = started(home, arguments);
        self.starting = true;
    }

    /// Lets this much time pass.
    pub(crate) fn pause(&mut self, time: Duration) {
        self.client.pty.process_for(time);
    }

    /// Waits until a room is there after a start; says which.
    pub(crate) fn arrive(&mut self) -> usize {
        if self.starting {
            self.wait("a room", |glance| glance.room.is_some() && glance.written.is_some());
            self.starting = false;
        }
        self.settle()
    }

    /// Ends the program as one should.
    pub(crate) fn quit(&mut self) {
        self.client.pty.send("\x11").unwrap();
        self.client.assert_exit(0);
    }

    /// What is on screen.
    pub(crate) fn look(&mut self) -> Glance {
        self.wait("a whole frame", |_| true)
    }

    /// Waits until a whole frame is so.
    pub(crate) fn wait(&mut self, what: &str, mut holds: impl FnMut(&Glance) -> bool) -> Glance {
        let until = Instant::now() + SOON;
        loop {
            let pty = &mut self.client.pty;
            let before = pty.bytes_written();
            let glance = Glance::of(pty.cells());
            let seen = pty.bytes_written();
            if before != seen {
                continue;
            }
            if pty.transcript().ends_with(FRAME_ENDS) {
                if !self.starting {
                    self.ledger.see(&glance);
                }
                if holds(&glance) {
                    return glance;
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            self.client.pty.wait_bytes(what, left, seen, |bytes| bytes.ends_with(FRAME_ENDS)).unwrap();
        }
    }

    /// Types, and looks what comes of it unless she is rash.
    fn does(&mut self, keys: &str, what: &str, holds: impl FnMut(&Glance) -> bool) {
        self.client.pty.send(keys).unwrap();
        if !self.rash {
            self.wait(what, holds);
        }
    }

    /// What came back in the open room is what was being written; the room.
    fn settle(&mut self) -> usize {
        let ready = |glance: &Glance| glance.room.is_some() && glance.written.is_some() && !glance.covered;
        let mut glance = self.wait("a room and what is written there", ready);
        let room = glance.room.unwrap();
        if self.ledger.may_come_back(room) && !glance.kept && glance.written.as_deref() == Some("") {
            // The server may have been faster than the disk.
            self.client.pty.process_for(LATE);
            glance = self.wait("a room and what is written there", ready);
        }
        self.ledger.came_back(room, &glance.written.unwrap());
        room
    }

    pub(crate) fn goes_to(&mut self, room: usize) {
        self.client.pty.send("\x0b").unwrap();
        self.wait("the switcher", |glance| glance.covered);
        self.client.pty.send(ROOMS[room]).unwrap();
        self.client.pty.wait_text(&format!("› {}", ROOMS[room]), SOON).unwrap();
        self.client.pty.send("\r").unwrap();
        self.wait("the other room", |glance| !glance.covered && glance.room == Some(room));
        self.settle();
    }

    /// Writes on, or begins.
    pub(crate) fn writes(&mut self, room: usize) {
        let before = self.ledger.written(room).to_owned();
        let more = if before.is_empty() { self.ledger.next() } else { " more".to_owned() };
        let text = format!("{before}{more}");
        self.ledger.write(room, &text);
        self.does(&more, "what was typed", |glance| glance.written.as_ref() == Some(&text));
    }

    /// Gives up what she was writing.
    pub(crate) fn erases(&mut self, room: usize) {
        self.ledger.write(room, "");
        self.does("\x15", "an empty line", |glance| glance.written.as_deref() == Some(""));
    }

    pub(crate) fn enters(&mut self, room: usize) {
        let text = self.ledger.written(room).to_owned();
        self.ledger.enter(room);
        // Of a change that is under way nothing is seen until it is made, or has to wait.
        let shown = |glance: &Glance| text.starts_with('✎') || glance.mark_of(&text).is_some();
        self.does("\r", "the line that was entered", |glance| glance.written.as_deref() == Some("") && shown(glance));
    }

    /// Begins to change her newest line.
    pub(crate) fn edits(&mut self, room: usize) {
        let text = self.look().lines.last().map(|(text, _)| text.clone()).unwrap_or_default();
        self.client.pty.send("\x1b[A").unwrap();
        let shown = format!("✎{text}");
        self.wait(&format!("{shown:?} in the composer"), |glance| glance.written.as_ref() == Some(&shown));
        self.ledger.write(room, &shown);
        self.ledger.write(room, &format!("{shown} anew"));
        let anew = format!("{shown} anew");
        self.does(" anew", "the changed line", |glance| glance.written.as_ref() == Some(&anew));
    }

    /// Deletes her newest line.
    pub(crate) fn deletes(&mut self, room: usize) {
        let Some((text, _)) = self.look().lines.last().cloned() else { return };
        self.client.pty.send("\t").unwrap();
        self.wait("a selected message", |glance| glance.selected);
        self.client.pty.send("d").unwrap();
        self.wait("a question", |glance| glance.covered);
        let line = self.ledger.line(room, &text).unwrap();
        line.delete = line.delete.max(Change::Asked);
        self.does("y", "the room", |glance| !glance.covered);
        if !self.rash {
            let glance = self.look();
            let mark = glance.mark_of(&text);
            let line = self.ledger.line(room, &text);
            if let (None | Some(Mark::Waiting), Some(line)) = (mark, line) {
                line.delete = Change::Seen;
            }
            if glance.selected {
                self.client.pty.send("\x1b").unwrap();
                self.wait("nothing selected", |glance| !glance.selected);
            }
        }
    }
}

//! [`Typist`]: Alice at the keyboard. She does one thing at a time, and the program may be killed during any of them.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::ledger::{Change, Ledger};
use super::screen_reader::{Mark, Screen};
use super::world::ROOMS;
use crate::client::{Client, SOON, ends_with_frame};
use test_support::pty::Size;

/// Large enough for many messages.
const SIZE: Size = Size { columns: 100, rows: 50 };

/// Time to wait for a disk that is slower than the network.
const SLOW_DISK: Duration = Duration::from_millis(500);

/// The program, and the ledger of what Alice wrote and saw.
pub(crate) struct Typist {
    client: Client,
    pub(crate) ledger: Ledger,
    /// Whether Alice does not wait for the effect of her actions.
    pub(crate) hasty: bool,
    /// Whether the program was started and has not shown a room yet.
    starting: bool,
}

fn start_program(home: &Path, arguments: &[&str]) -> Client {
    Client::start_in(home, "read go; exec \"$@\"", arguments, SIZE)
}

impl Typist {
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        let client = start_program(home, arguments);
        Self { client, ledger: Ledger::new(), hasty: false, starting: true }
    }

    /// Kills the program with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.client.pty.signal(Signal::KILL).unwrap();
        self.client.pty.wait_exit(SOON).unwrap();
        // A frame that was only partly written does not count.
        if ends_with_frame(self.client.pty.transcript()) && !self.starting {
            self.look();
        }
        self.ledger.killed();
    }

    /// Starts the program on the data folder that it left behind.
    pub(crate) fn restart(&mut self, home: &Path, arguments: &[&str]) {
        self.client = start_program(home, arguments);
        self.starting = true;
    }

    /// Lets this much time pass.
    pub(crate) fn pause(&mut self, time: Duration) {
        self.client.pty.process_for(time);
    }

    /// Waits until a room is shown after a start; returns the room.
    pub(crate) fn wait_room(&mut self) -> usize {
        if self.starting {
            self.wait("a room", |screen| screen.room.is_some() && screen.draft.is_some());
            self.starting = false;
        }
        self.check_draft()
    }

    /// Quits with Ctrl+Q.
    pub(crate) fn quit(&mut self) {
        self.client.pty.send("\x11").unwrap();
        self.client.assert_exit(0);
    }

    /// Reads the screen after a complete frame.
    pub(crate) fn look(&mut self) -> Screen {
        self.wait("a whole frame", |_| true)
    }

    /// Waits for a complete frame for which `holds` is true.
    pub(crate) fn wait(&mut self, what: &str, mut holds: impl FnMut(&Screen) -> bool) -> Screen {
        let until = Instant::now() + SOON;
        loop {
            let pty = &mut self.client.pty;
            let before = pty.bytes_written();
            let screen = Screen::read(pty.cells());
            let seen = pty.bytes_written();
            if before != seen {
                continue;
            }
            if ends_with_frame(pty.transcript()) {
                if !self.starting {
                    self.ledger.observe(&screen);
                }
                if holds(&screen) {
                    return screen;
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            self.client.pty.wait_bytes(what, left, seen, ends_with_frame).unwrap();
        }
    }

    /// Types `keys`, and waits for their effect unless Alice is hasty.
    fn act(&mut self, keys: &str, what: &str, holds: impl FnMut(&Screen) -> bool) {
        self.client.pty.send(keys).unwrap();
        if !self.hasty {
            self.wait(what, holds);
        }
    }

    /// Compares the draft of the open room with the ledger; returns the room.
    fn check_draft(&mut self) -> usize {
        let ready = |screen: &Screen| screen.room.is_some() && screen.draft.is_some() && !screen.covered;
        let mut screen = self.wait("a room and its draft", ready);
        let room = screen.room.unwrap();
        if self.ledger.may_restore(room) && !screen.cached && screen.draft.as_deref() == Some("") {
            // The room may come from the server, before the draft was read from disk.
            self.client.pty.process_for(SLOW_DISK);
            screen = self.wait("a room and its draft", ready);
        }
        self.ledger.check_restored(room, &screen.draft.unwrap());
        room
    }

    /// Opens a room with the switcher.
    pub(crate) fn go_to(&mut self, room: usize) {
        self.client.pty.send("\x0b").unwrap();
        self.wait("the switcher", |screen| screen.covered);
        self.client.pty.send(ROOMS[room]).unwrap();
        self.client.pty.wait_text(&format!("› {}", ROOMS[room]), SOON).unwrap();
        self.client.pty.send("\r").unwrap();
        self.wait("the other room", |screen| !screen.covered && screen.room == Some(room));
        self.check_draft();
    }

    /// Starts a draft or adds to it.
    pub(crate) fn write(&mut self, room: usize) {
        let before = self.ledger.draft(room).to_owned();
        let more = if before.is_empty() { self.ledger.next_text() } else { " more".to_owned() };
        let text = format!("{before}{more}");
        self.ledger.set_draft(room, &text);
        self.act(&more, "the typed text", |screen| screen.draft.as_ref() == Some(&text));
    }

    /// Clears the draft.
    pub(crate) fn clear_draft(&mut self, room: usize) {
        self.ledger.set_draft(room, "");
        self.act("\x15", "an empty draft", |screen| screen.draft.as_deref() == Some(""));
    }

    /// Sends the draft.
    pub(crate) fn enter(&mut self, room: usize) {
        let text = self.ledger.draft(room).to_owned();
        self.ledger.enter(room);
        // An edit shows nothing until it is done or queued.
        let shown = |screen: &Screen| text.starts_with('✎') || screen.mark_of(&text).is_some();
        self.act("\r", "the sent message", |screen| screen.draft.as_deref() == Some("") && shown(screen));
    }

    /// Starts to edit her newest message.
    pub(crate) fn edit(&mut self, room: usize) {
        let text = self.look().messages.last().map(|(text, _)| text.clone()).unwrap_or_default();
        self.client.pty.send("\x1b[A").unwrap();
        let shown = format!("✎{text}");
        self.wait(&format!("{shown:?} in the composer"), |screen| screen.draft.as_ref() == Some(&shown));
        self.ledger.set_draft(room, &shown);
        self.ledger.set_draft(room, &format!("{shown} anew"));
        let anew = format!("{shown} anew");
        self.act(" anew", "the changed draft", |screen| screen.draft.as_ref() == Some(&anew));
    }

    /// Deletes her newest message.
    pub(crate) fn delete(&mut self, room: usize) {
        let Some((text, _)) = self.look().messages.last().cloned() else { return };
        self.client.pty.send("\t").unwrap();
        self.wait("a selected message", |screen| screen.selected);
        self.client.pty.send("d").unwrap();
        self.wait("a question", |screen| screen.covered);
        self.client.pty.wait_text("y yes", SOON).unwrap();
        let message = self.ledger.message(room, &text).unwrap();
        message.delete = message.delete.max(Change::Requested);
        self.act("y", "the room", |screen| !screen.covered);
        if !self.hasty {
            let screen = self.look();
            let mark = screen.mark_of(&text);
            let message = self.ledger.message(room, &text);
            if let (None | Some(Mark::Queued), Some(message)) = (mark, message) {
                message.delete = Change::Seen;
            }
            if screen.selected {
                self.client.pty.send("\x1b").unwrap();
                self.wait("nothing selected", |screen| !screen.selected);
            }
        }
    }
}

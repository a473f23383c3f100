//! The client in a terminal whose settings were noted before it started.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::termios::{ControlModes, InputModes, LocalModes, OutputModes, Termios};

use test_support::pty::{Pty, Size};

/// Long enough for a debug build on a machine under load.
pub(crate) const SOON: Duration = Duration::from_secs(30);

pub(crate) const USUAL: Size = Size { columns: 100, rows: 30 };

/// What a line editor and a shell depend on.
pub(crate) type Settings = (InputModes, OutputModes, ControlModes, LocalModes);

pub(crate) fn settings(termios: &Termios) -> Settings {
    (termios.input_modes, termios.output_modes, termios.control_modes, termios.local_modes)
}

pub(crate) struct Client {
    pub(crate) pty: Pty,
    /// How the terminal was set when the program got it.
    pub(crate) found: Termios,
    // Goes with the client, unless it is somebody else's.
    _home: Option<tempfile::TempDir>,
}

impl Client {
    /// Starts the program with these arguments.
    pub(crate) fn start(arguments: &[&str], size: Size) -> Self {
        // The shell waits, so that the settings can be noted before the program changes them, and then becomes it.
        Self::start_by("read go; exec \"$@\"", arguments, size)
    }

    /// Starts a shell that starts the program, with these arguments, by this line.
    pub(crate) fn start_by(line: &str, arguments: &[&str], size: Size) -> Self {
        let home = tempfile::tempdir().unwrap();
        let client = Self::start_in(home.path(), line, arguments, size);
        Self { _home: Some(home), ..client }
    }

    /// The same, in a home folder that was there before and stays.
    pub(crate) fn start_in(home: &Path, line: &str, arguments: &[&str], size: Size) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let mut command = Command::new("/bin/sh");
        command.args(["-c", line, "sh"]).arg(program).args(arguments);
        command.env_clear().env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        // A panic is told with everything there is to tell, so that none goes by unnoticed.
        command.env("RUST_BACKTRACE", "1");
        let mut pty = Pty::spawn(command, size).unwrap();
        let found = pty.termios().unwrap();
        pty.send("\n").unwrap();
        Self { pty, found, _home: None }
    }

    /// The demo, with its rooms on screen and a room open.
    pub(crate) fn demo(size: Size) -> Self {
        let mut client = Self::start(&["demo", "--seed", "7"], size);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client
    }

    /// Fails unless the terminal is as the program found it.
    #[track_caller]
    pub(crate) fn assert_given_back(&mut self) {
        let modes = self.pty.modes();
        assert!(modes.are_fresh(), "left on or off: {modes:?}; the screen:\n{}", self.pty.screen());
        assert_eq!(settings(&self.pty.termios().unwrap()), settings(&self.found), "the settings of the terminal");
        assert!(!self.pty.cells().alternate_screen() && !self.pty.cells().hide_cursor());
    }

    /// Waits for the end, and fails with what the shell shows unless the exit code is this one.
    #[track_caller]
    pub(crate) fn assert_exit(&mut self, code: i32) {
        let status = self.pty.wait_exit(SOON).unwrap();
        // What was said at the end may be longer than the screen.
        let written = String::from_utf8_lossy(self.pty.transcript()).into_owned();
        let said = written.rsplit("\x1b[?1049l").next().unwrap_or_default();
        assert_eq!(status.code(), Some(code), "{status}; then it said:\n{said}");
    }
}

//! [`Client`]: the program in a pseudo-terminal whose settings were recorded before it started.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::termios::{ControlModes, InputModes, LocalModes, OutputModes, Termios};

use test_support::pty::{Pty, Size};

/// Timeout of every wait, long enough for a debug build on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// The bytes at the end of every frame.
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

/// Whether the output ends with a complete frame. Titles of the window may follow.
pub(crate) fn ends_with_frame(output: &[u8]) -> bool {
    output.ends_with(END_OF_FRAME) || without_title(output).is_some_and(ends_with_frame)
}

/// Returns the output without the title at its end, or the request to remember the former one.
fn without_title(output: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = output.strip_suffix(b"\x1b[22;0t") {
        return Some(rest);
    }
    let start = output.strip_suffix(b"\x1b\\")?.iter().rposition(|byte| *byte == 0x1b)?;
    output[start..].starts_with(b"\x1b]2;").then_some(&output[..start])
}

/// The size of an ordinary terminal.
pub(crate) const USUAL: Size = Size { columns: 100, rows: 30 };

/// The terminal settings that a shell depends on.
pub(crate) type Settings = (InputModes, OutputModes, ControlModes, LocalModes);

/// Extracts the settings that are compared.
pub(crate) fn settings(termios: &Termios) -> Settings {
    (termios.input_modes, termios.output_modes, termios.control_modes, termios.local_modes)
}

/// A running program and its terminal.
pub(crate) struct Client {
    pub(crate) pty: Pty,
    /// Settings of the terminal before the program started.
    pub(crate) original: Termios,
    // Removed with the client, unless the test owns the folder.
    _home: Option<tempfile::TempDir>,
}

impl Client {
    /// Starts the program with these arguments.
    pub(crate) fn start(arguments: &[&str], size: Size) -> Self {
        // The shell waits for a line, so that the settings can be recorded before the program changes them.
        Self::start_with("read go; exec \"$@\"", arguments, size)
    }

    /// Starts a shell with this script, which starts the program with these arguments.
    pub(crate) fn start_with(script: &str, arguments: &[&str], size: Size) -> Self {
        let home = tempfile::tempdir().unwrap();
        let client = Self::start_in(home.path(), script, arguments, size);
        Self { _home: Some(home), ..client }
    }

    /// Starts a shell as [`Client::start_with`] does, in a home folder that belongs to the test.
    pub(crate) fn start_in(home: &Path, script: &str, arguments: &[&str], size: Size) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "sh"]).arg(program).args(arguments);
        command.env_clear().env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        // Makes a panic visible in the output.
        command.env("RUST_BACKTRACE", "1");
        let mut pty = Pty::spawn(command, size).unwrap();
        let original = pty.termios().unwrap();
        pty.send("\n").unwrap();
        Self { pty, original, _home: None }
    }

    /// Starts the demo under a shell with job control, which waits for a line whenever the program was stopped and then
    /// continues it. The process id of the program is written to a file `pid` in `home`.
    pub(crate) fn demo_as_job(home: &Path, size: Size) -> Self {
        let script = "set -m; read go; sh -c 'echo $$ >\"$HOME/pid\"; exec \"$@\"' sh \"$@\"; \
                      while [ $? -gt 128 ]; do echo is stopped; read go; fg >/dev/null; done";
        let mut client = Self::start_in(home, script, &["demo", "--seed", "7"], size);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client
    }

    /// Starts the demo and waits until a room is open.
    pub(crate) fn demo(size: Size) -> Self {
        let mut client = Self::start(&["demo", "--seed", "7"], size);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client
    }

    /// Fails unless the terminal has the modes and settings that it had before the program started.
    #[track_caller]
    pub(crate) fn assert_restored(&mut self) {
        let modes = self.pty.modes();
        assert!(modes.are_fresh(), "modes left behind: {modes:?}; the screen:\n{}", self.pty.screen());
        assert_eq!(settings(&self.pty.termios().unwrap()), settings(&self.original), "the settings of the terminal");
        assert!(!self.pty.cells().alternate_screen() && !self.pty.cells().hide_cursor());
    }

    /// Waits for the end of the program and fails, showing its last output, unless the exit code is this one.
    #[track_caller]
    pub(crate) fn assert_exit(&mut self, code: i32) {
        let status = self.pty.wait_exit(SOON).unwrap();
        // The last output may be longer than the screen.
        let written = String::from_utf8_lossy(self.pty.transcript()).into_owned();
        let output = written.rsplit("\x1b[?1049l").next().unwrap_or_default();
        assert_eq!(status.code(), Some(code), "{status}; the output was:\n{output}");
    }
}

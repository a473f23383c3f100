//! The programs that are measured, and how each is started and known to be ready.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use tempfile::TempDir;

use test_support::flood::{Flood, HISTORY, ROOM, USER, text};
use test_support::pty::{Pty, Size};

/// A common size for a terminal.
pub(crate) const SIZE: Size = Size { columns: 100, rows: 30 };
/// Long enough for anything that is not broken.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// What the Node server's default is, and MinChat's.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(25);

/// What stands on the client's first frame, whatever the network does.
const CLIENT_FIRST_FRAME: &str = "connecting";
/// What stands on the bare programs' first frame.
const BARE_FIRST_FRAME: &str = "bare ready";
/// How long a program must have been left alone before its quiet is taken for granted.
const SETTLED: Duration = Duration::from_millis(500);

/// Where the programs are, and the folder in which the client keeps its things.
pub(crate) struct Programs {
    client: Option<PathBuf>,
    bare: PathBuf,
    bare_socket: PathBuf,
    home: TempDir,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// The client; with `--self`, the bare program that is its baseline in the section.
    Client,
    /// The client that keeps nothing on disk.
    Incognito,
    /// One frame, then a frame a key.
    Bare,
    /// A frame a message, too.
    BareSocket,
}

impl Program {
    fn is_client(self) -> bool {
        matches!(self, Self::Client | Self::Incognito)
    }
}

impl Programs {
    /// Builds the bare programs, in the profile of the bench, and finds the client beside them.
    pub(crate) fn find(itself: bool) -> anyhow::Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = ["build", "--profile", "bench", "--example", "bare", "--example", "bare-socket", "--quiet"];
        ensure!(Command::new(cargo).args(build).status()?.success(), "the bare programs were not built");
        let client = Path::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let examples = client.parent().context("a program stands in a folder")?.join("examples");
        let (bare, bare_socket) = (examples.join("bare"), examples.join("bare-socket"));
        for program in [&bare, &bare_socket] {
            ensure!(program.exists(), "{} was not built: the bench needs cargo's `bench` profile", program.display());
        }
        let client = (!itself).then(|| client.to_owned());
        Ok(Self { client, bare, bare_socket, home: tempfile::tempdir()? })
    }

    /// Starts a program; `baseline` is what stands in for the client with `--self`.
    pub(crate) fn spawn(&self, program: Program, baseline: Program, flood: &Flood) -> anyhow::Result<Pty> {
        let command = match (self.stand_in(program, baseline), &self.client) {
            (Program::Client, Some(client)) => self.client(client, flood),
            (Program::Incognito, Some(client)) => {
                let mut command = self.client(client, flood);
                command.arg("--incognito");
                command
            }
            (Program::BareSocket, _) => {
                let mut command = self.command(&self.bare_socket);
                command.args(["--socket", &flood.url()]);
                command
            }
            _ => self.command(&self.bare),
        };
        Ok(Pty::spawn(command, SIZE)?)
    }

    /// Starts a program and waits until it has joined the room, shows its history and is at rest.
    pub(crate) fn open(&self, program: Program, baseline: Program, flood: &Flood) -> anyhow::Result<Pty> {
        let mut pty = self.spawn(program, baseline, flood)?;
        let program = self.stand_in(program, baseline);
        pty.wait_text(first_frame(program), SOON)?;
        if program != Program::Bare {
            ensure!(flood.wait_joined(SOON), "it never joined the room; the screen was:\n{}", pty.screen());
        }
        if program.is_client() {
            pty.wait_text(&text(HISTORY - 1), SOON)?;
        }
        pty.watch(SETTLED);
        Ok(pty)
    }

    /// Starts the bare program that takes `count` messages and paints nothing, and waits until it has joined.
    pub(crate) fn drain(&self, count: u64, flood: &Flood) -> anyhow::Result<Pty> {
        let mut command = self.command(&self.bare_socket);
        command.args(["--drain", &flood.url(), &count.to_string()]);
        let mut pty = Pty::spawn(command, SIZE)?;
        ensure!(flood.wait_joined(SOON), "the bare program did not connect");
        pty.watch(SETTLED);
        Ok(pty)
    }

    /// What is on the first frame of a program.
    pub(crate) fn first_frame(&self, program: Program, baseline: Program) -> &'static str {
        first_frame(self.stand_in(program, baseline))
    }

    /// Whether the bare programs are measured against themselves.
    pub(crate) fn is_self(&self) -> bool {
        self.client.is_none()
    }

    fn stand_in(&self, program: Program, baseline: Program) -> Program {
        if self.is_self() && program.is_client() { baseline } else { program }
    }

    fn client(&self, client: &Path, flood: &Flood) -> Command {
        let mut command = self.command(client);
        // As an option it would be warned of, for a while and with a wake-up at its end.
        command.env("MINCHAT_API_KEY", "k");
        command.args(["--url", &flood.url(), "--user", USER, "--room", ROOM, "--data-dir"]);
        command.arg(self.home.path().join("data"));
        command
    }

    /// In an environment that is nobody's: no configuration, no proxy, no locale but UTF-8.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let home = self.home.path();
        command.env_clear().env("TERM", "xterm-256color").env("LANG", "C.UTF-8").env("HOME", home);
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
            command.env(name, home.join(name));
        }
        command.current_dir(home);
        command
    }
}

fn first_frame(program: Program) -> &'static str {
    if program.is_client() { CLIENT_FIRST_FRAME } else { BARE_FIRST_FRAME }
}

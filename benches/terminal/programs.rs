//! The measured programs: how each is started, and when it is ready.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use tempfile::TempDir;

use test_support::flood::{Flood, HISTORY, ROOM, USER, label};
use test_support::pty::{Pty, Size};

/// Size of the terminal, a common one.
pub(crate) const SIZE: Size = Size { columns: 100, rows: 30 };
/// Time limit for each wait, long enough for a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// Heartbeat interval: the default of the Node server, and MinChat's.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(25);

/// Text on the client's first frame, whatever the network does.
const CLIENT_FIRST_FRAME: &str = "Connecting";
/// Text on the first frame of the minimal programs.
const BARE_FIRST_FRAME: &str = "bare ready";
/// Time after which a started program is assumed to be idle.
const SETTLED: Duration = Duration::from_millis(500);

/// Paths of the programs, and a directory for the client's data.
pub(crate) struct Programs {
    client: Option<PathBuf>,
    bare: PathBuf,
    bare_socket: PathBuf,
    home: TempDir,
}

/// Program to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// The client; with `--self`, the minimal program that is the baseline of the section.
    Client,
    /// The client without a store.
    Incognito,
    /// Minimal program that paints one frame, then one for each key.
    Bare,
    /// The same with a socket; it also paints a frame for each message.
    BareSocket,
}

impl Program {
    fn is_client(self) -> bool {
        matches!(self, Self::Client | Self::Incognito)
    }
}

impl Programs {
    /// Builds the minimal programs in the `bench` profile and locates the client next to them.
    pub(crate) fn find(compare_with_self: bool) -> anyhow::Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = ["build", "--profile", "bench", "--example", "bare", "--example", "bare-socket", "--quiet"];
        ensure!(Command::new(cargo).args(build).status()?.success(), "could not build the minimal programs");
        let client = Path::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let examples = client.parent().context("the client's path has no directory")?.join("examples");
        let (bare, bare_socket) = (examples.join("bare"), examples.join("bare-socket"));
        for program in [&bare, &bare_socket] {
            ensure!(program.exists(), "{} was not built: the bench needs cargo's `bench` profile", program.display());
        }
        let client = (!compare_with_self).then(|| client.to_owned());
        Ok(Self { client, bare, bare_socket, home: tempfile::tempdir()? })
    }

    /// Starts a program. With `--self`, `baseline` replaces the client.
    pub(crate) fn spawn(&self, program: Program, baseline: Program, flood: &Flood) -> anyhow::Result<Pty> {
        let command = match (self.resolve(program, baseline), &self.client) {
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

    /// Starts a program and waits until it has joined the room, shows the history and is idle.
    pub(crate) fn open(&self, program: Program, baseline: Program, flood: &Flood) -> anyhow::Result<Pty> {
        let mut pty = self.spawn(program, baseline, flood)?;
        let program = self.resolve(program, baseline);
        pty.wait_text(first_frame(program), SOON)?;
        if program != Program::Bare {
            ensure!(flood.wait_joined(SOON), "the program never joined the room; the screen was:\n{}", pty.screen());
        }
        if program.is_client() {
            pty.wait_text(&label(HISTORY - 1), SOON)?;
        }
        pty.process_for(SETTLED);
        Ok(pty)
    }

    /// Starts the client with two profiles, of which the first is shown and the other is on the server `other`.
    pub(crate) fn open_beside(&self, flood: &Flood, other: &str) -> anyhow::Result<Pty> {
        let client = self.client.as_ref().context("the client is not measured")?;
        let config = self.home.path().join(format!("config-{}.toml", flood.url().replace(['/', ':'], "-")));
        let profile =
            |name: &str, url: &str| format!("[profiles.{name}]\nurl = '{url}'\nuser = '{USER}'\napi_key = 'k'\n");
        let first = format!("{}room = '{ROOM}'\n", profile("first", &flood.url()));
        std::fs::write(&config, first + &profile("other", other))?;
        // A file with a key must be private.
        std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o600))?;
        let mut command = self.command(client);
        command.arg("--config").arg(config);
        command.args(["-P", "first", "-P", "other", "--data-dir"]);
        command.arg(self.home.path().join(format!("data-{}", flood.url().replace(['/', ':'], "-"))));
        let mut pty = Pty::spawn(command, SIZE)?;
        ensure!(flood.wait_joined(SOON), "the client did not join the room; the screen was:\n{}", pty.screen());
        pty.wait_text(&label(HISTORY - 1), SOON)?;
        pty.process_for(SETTLED);
        Ok(pty)
    }

    /// Starts the minimal program that receives `count` messages without painting, and waits until it has joined.
    pub(crate) fn drain(&self, count: u64, flood: &Flood) -> anyhow::Result<Pty> {
        let mut command = self.command(&self.bare_socket);
        command.args(["--drain", &flood.url(), &count.to_string()]);
        let mut pty = Pty::spawn(command, SIZE)?;
        ensure!(flood.wait_joined(SOON), "the minimal program did not connect");
        pty.process_for(SETTLED);
        Ok(pty)
    }

    /// Returns a text on the first frame of a program.
    pub(crate) fn first_frame(&self, program: Program, baseline: Program) -> &'static str {
        first_frame(self.resolve(program, baseline))
    }

    /// Whether the minimal programs are compared with themselves.
    pub(crate) fn is_self(&self) -> bool {
        self.client.is_none()
    }

    fn resolve(&self, program: Program, baseline: Program) -> Program {
        if self.is_self() && program.is_client() { baseline } else { program }
    }

    fn client(&self, client: &Path, flood: &Flood) -> Command {
        let mut command = self.command(client);
        // As an option, the key would cause a warning, and the timeout of the warning a wake-up.
        command.env("MINCHAT_API_KEY", "k");
        command.args(["--url", &flood.url(), "--user", USER, "--room", ROOM, "--data-dir"]);
        // A store of its own, because storing the same messages again would cost less.
        command.arg(self.home.path().join(format!("data-{}", flood.url().replace(['/', ':'], "-"))));
        command
    }

    /// Creates a command with a neutral environment: no configuration, no proxy, a UTF-8 locale.
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

//! The program as a script runs it, and the services that it talks to.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::kill::world::World;

/// Everything that the commands need: a service, and a home folder.
pub(crate) struct Script {
    pub(crate) world: World,
    pub(crate) home: tempfile::TempDir,
    pub(crate) url: String,
}

/// The end of a command.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The scripts of both services.
pub(crate) fn both() -> [Script; 2] {
    [World::minchat(), World::vchat()].map(|world| {
        let url = world.url();
        Script { world, home: tempfile::tempdir().unwrap(), url }
    })
}

/// The program with a home folder of its own, without the caller's environment.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Script {
    /// The command line of Alice, with the server at `url`.
    pub(crate) fn command_at(&self, url: &str, arguments: &[&str]) -> Command {
        let [backend_flag, backend, url_flag, url, _, key, user_flag, user] = self.world.arguments(url);
        let mut command = program(self.home.path());
        command.args([backend_flag, backend, url_flag, url, user_flag, user]).args(arguments);
        command.env("MINCHAT_API_KEY", key);
        command
    }

    /// The command line of Alice.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_at(&self.url, arguments)
    }

    /// Starts a command.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs a command that succeeds, and returns its output.
    #[track_caller]
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}: {ended:?}");
        ended.out
    }
}

//! `serve` in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running sandbox server. Dropping it ends its process.
pub(crate) struct Sandbox {
    process: Child,
    pub(crate) url: String,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sandbox {
    /// Starts a server with the key `k3y` and people.
    pub(crate) fn start(backend: &str) -> Self {
        Self::start_with(backend, "k3y", &[])
    }

    /// Starts a server with this key and more arguments.
    pub(crate) fn start_with(backend: &str, key: &str, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        command.args(["serve", "--bind", "127.0.0.1:0", "--api-key", key, "--backend", backend]).args(more);
        let mut process = command.env_clear().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // `serving http://127.0.0.1:4000 with API key …`
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.split(' ').nth(1).expect("the address").to_owned();
        Self { process, url }
    }
}

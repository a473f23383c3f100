//! Runs a program in a pseudo-terminal that a script controls: `screen COLUMNS ROWS PROGRAM [ARGUMENT…]`. The
//! interoperability tests, which are written in JavaScript, use it to run the client.
//!
//! Reads one command per line from standard input, as a JSON array of strings, and responds with one line of JSON:
//! `{"ok":true,"value":…}`, or `{"ok":false,"why":…}` with what was expected and the screen.
//!
//! - `["send", TEXT]` types text; `["signal", "TERM" | "CONT" | "HUP" | "KILL"]` sends a signal
//! - `["shows", PART…]` waits for a row that contains all parts; `["lacks", TEXT]` waits until no row contains the text
//! - `["screen"]` returns the screen; `["exit"]` waits for the end and returns the exit code, or `null` if a signal
//!   ended the program

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    unix::run()
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use std::error::Error;
    use std::io::{BufRead, Write, stdin, stdout};
    use std::process::Command;
    use std::time::Duration;

    use rustix::process::Signal;
    use serde_json::{Value, json};

    use test_support::pty::{Pty, Size};

    /// Maximum time to wait for something to appear: enough for a debug build on a busy machine.
    const SOON: Duration = Duration::from_secs(20);

    pub(crate) fn run() -> Result<(), Box<dyn Error>> {
        let mut arguments = std::env::args().skip(1);
        let mut next = || arguments.next().ok_or("usage: screen COLUMNS ROWS PROGRAM [ARGUMENT…]");
        let size = Size { columns: next()?.parse()?, rows: next()?.parse()? };
        let mut command = Command::new(next()?);
        command.args(arguments).env("TERM", "xterm-256color");
        let mut pty = Pty::spawn(command, size)?;
        for line in stdin().lock().lines() {
            let line: Vec<String> = serde_json::from_str(&line?)?;
            let parts: Vec<&str> = line.iter().map(String::as_str).collect();
            let answer = match answer(&mut pty, &parts) {
                Ok(value) => json!({ "ok": true, "value": value }),
                Err(error) => json!({ "ok": false, "why": error.to_string() }),
            };
            writeln!(stdout(), "{answer}")?;
        }
        Ok(())
    }

    fn answer(pty: &mut Pty, parts: &[&str]) -> Result<Value, Box<dyn Error>> {
        match parts {
            ["send", text] => drop(pty.send(text)?),
            ["signal", "TERM"] => pty.signal(Signal::TERM)?,
            ["signal", "CONT"] => pty.signal(Signal::CONT)?,
            ["signal", "HUP"] => pty.signal(Signal::HUP)?,
            ["signal", "KILL"] => pty.signal(Signal::KILL)?,
            ["shows", parts @ ..] => drop(pty.wait_for(&format!("a row with {parts:?}"), SOON, |screen| {
                screen.rows(0, screen.size().1).any(|row| parts.iter().all(|part| row.contains(part)))
            })?),
            ["lacks", text] => drop(pty.wait_gone(text, SOON)?),
            ["screen"] => return Ok(pty.screen().into()),
            ["exit"] => return Ok(pty.wait_exit(SOON)?.code().into()),
            _ => return Err(format!("unknown command: {parts:?}").into()),
        }
        Ok(Value::Null)
    }
}

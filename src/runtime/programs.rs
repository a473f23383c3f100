//! Other programs that run beside this one.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::domain::CallAccess;

/// Environment variable of a program for calls that contains the token of the call.
const CALL_TOKEN: &str = "MINCHAT_CALL_TOKEN";

/// Stack size of a thread that only writes the input of a program, in bytes.
const STACK_SIZE: usize = 128 << 10;

/// Shortest and longest pause between two looks whether a program has ended.
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// A running program, the leader of a session without a terminal.
#[cfg(unix)]
pub(super) type Program = Box<dyn process_wrap::std::ChildWrapper>;

/// A running program.
#[cfg(not(unix))]
pub(super) type Program = std::process::Child;

/// Starts a program without access to the terminal: it cannot read keys or write to the screen, not even through
/// `/dev/tty`, and Ctrl+C does not reach it.
pub(super) fn start(
    argv: &[String],
    access: Option<CallAccess>,
    secret_variables: &[String],
    input: Stdio,
) -> io::Result<Program> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    // The program gets all it needs, so it does not inherit the keys of the account.
    for variable in secret_variables {
        command.env_remove(variable);
    }
    command.env_remove(CALL_TOKEN);
    if let Some(access) = access {
        command.env(CALL_TOKEN, access.token);
    }
    #[cfg(unix)]
    return process_wrap::std::CommandWrap::from(command).wrap(process_wrap::std::ProcessSession).spawn();
    #[cfg(not(unix))]
    command.spawn()
}

/// Starts a program, passes it `text` and waits for its end, but kills it after `limit`. Whether it succeeds is its own
/// business.
pub(super) fn run_with_input(
    argv: &[String],
    secret_variables: &[String],
    text: String,
    limit: Duration,
) -> io::Result<()> {
    let started = Instant::now();
    let mut program = start(argv, None, secret_variables, Stdio::piped())?;
    #[cfg(unix)]
    let input = program.stdin().take();
    #[cfg(not(unix))]
    let input = program.stdin.take();
    // A program need not read its input, and one that hangs never does.
    let write = move || drop(input.map(|mut input| input.write_all(text.as_bytes())));
    let writing = thread::Builder::new().name("input".to_owned()).stack_size(STACK_SIZE).spawn(write);
    let mut pause = SHORTEST_PAUSE;
    while program.try_wait()?.is_none() {
        if started.elapsed() >= limit {
            program.kill()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(pause.min(limit.saturating_sub(started.elapsed())));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    writing.map(drop)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// Regression test: a program that hung was waited for until the client ended, and no other was started.
    #[test]
    fn hanging_program_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid").display().to_string();
        let argv = ["sh", "-c", "echo $$ > \"$0\"; exec sleep 600", &file].map(str::to_owned);
        let limit = Duration::from_secs(1);
        // More than the pipe takes, and it reads nothing.
        let ended = run_with_input(&argv, &[], "x".repeat(1 << 20), limit);
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        let id = std::fs::read_to_string(file).unwrap();
        let id = rustix::process::Pid::from_raw(id.trim().parse().unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(id).is_err(), "it still runs");
    }
}

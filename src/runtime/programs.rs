//! Other programs that run beside this one.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::domain::CallAccess;

/// Environment variable of a program for calls that contains the token of the call.
const CALL_TOKEN: &str = "MINCHAT_CALL_TOKEN";

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

/// Starts a program, passes it `text` and waits for its end. Whether it succeeds is its own business.
pub(super) fn run_with_input(argv: &[String], secret_variables: &[String], text: &str) -> io::Result<()> {
    let mut program = start(argv, None, secret_variables, Stdio::piped())?;
    #[cfg(unix)]
    let input = program.stdin().take();
    #[cfg(not(unix))]
    let input = program.stdin.take();
    if let Some(mut input) = input {
        // A program need not read its input.
        let _ = input.write_all(text.as_bytes());
    }
    program.wait().map(drop)
}

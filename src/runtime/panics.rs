//! Panics: the terminal is restored before the message is printed.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;

use crate::net::note_panic;

use super::files;
use super::guest::open_draft;
use super::redact::redacted;
use super::terminal::restore;

/// Exit code after a panic, the same as that of Rust's default hook.
const EXIT_CODE: i32 = 101;

/// Installs a panic hook that restores the terminal, prints the panic and ends the process, on whichever thread it
/// occurs.
///
/// Two kinds of threads are exempt, since they run library code on data from outside: a panic inside the socket library
/// only ends that connection, and a panic while a file is inspected only rejects that file.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        // The location is enough to find the cause. The message of a library may contain an address with a token.
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        if thread::current().name().is_some_and(note_panic) {
            tracing::warn!(location, "the socket library panicked; reconnecting");
            return;
        }
        if thread::current().name() == Some(files::THREAD) {
            tracing::warn!(location, "inspecting a file panicked");
            return;
        }
        restore();
        print(info);
        // A panic on another thread would otherwise leave a program that runs and does not react.
        std::process::exit(EXIT_CODE);
    }));
}

/// Prints a panic in the format of Rust's default hook, but redacted: the message may quote a secret or text from a
/// server.
fn print(info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let mut text = format!("thread '{}' {info}\n", thread.name().unwrap_or("<unnamed>"));
    let trace = Backtrace::capture();
    match trace.status() {
        BacktraceStatus::Captured => text.push_str(&format!("{trace}\n")),
        _ => text.push_str("note: run with `RUST_BACKTRACE=1` to display a backtrace\n"),
    }
    if let Some(folder) = open_draft() {
        text.push_str(&format!("minchat-tui: The text that you were editing is in {}.\n", folder.display()));
    }
    text.push_str("minchat-tui: This is a bug. Please report it with the lines above.\n");
    // If standard error is closed, nobody is left to tell.
    let _ = io::stderr().lock().write_all(redacted(&text).as_bytes());
}

#[cfg(test)]
#[cfg(unix)]
mod tests;

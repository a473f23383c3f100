//! What happens when the program has a fault: the terminal is given back first, then the fault is told.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;

use crate::net::note_panic;

use super::files;
use super::hush::harmless;
use super::terminal::give_back;

/// The exit code of a panic, as Rust has it.
const PANICKED: i32 = 101;

/// From now on a panic gives the terminal back before it is told, whichever thread it is on.
///
/// A panic inside the socket library is no fault of the program's: it ends that connection, and the screen stays. One
/// over a file that nobody can read costs that file.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        // The place is enough to find it by. What a library says there may hold an address with a token in it.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        if thread::current().name().is_some_and(note_panic) {
            tracing::warn!(place, "the socket library panicked; the connection is made anew");
            return;
        }
        if thread::current().name() == Some(files::THREAD) {
            tracing::warn!(place, "a file could not be looked at");
            return;
        }
        give_back();
        tell(info);
        // Without this a fault on a side thread would leave a program that looks alive and is deaf.
        std::process::exit(PANICKED);
    }));
}

/// Tells a fault as Rust does; but a fault may quote a secret or what somebody wrote, and the standard hook prints that as
/// it is.
fn tell(info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let mut told = format!("thread '{}' {info}\n", thread.name().unwrap_or("without a name"));
    let trace = Backtrace::capture();
    match trace.status() {
        BacktraceStatus::Captured => told.push_str(&format!("{trace}\n")),
        _ => told.push_str("note: run with `RUST_BACKTRACE=1` for the way that led there\n"),
    }
    told.push_str("minchat-tui: This is a fault of the program. Please report it with the lines above.\n");
    // Nobody is left to tell when standard error is gone.
    let _ = io::stderr().lock().write_all(harmless(&told).as_bytes());
}

#[cfg(test)]
#[cfg(unix)]
#[path = "panics_tests.rs"]
mod tests;

//! What happens when the program has a fault: the terminal is given back first, then the fault is told.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;

use crate::net::note_panic;
use crate::text::SafeText;

use super::files;
use super::terminal::give_back;

/// The exit code of a panic, as Rust has it.
const PANICKED: i32 = 101;

/// From now on a panic gives the terminal back before it is told, whichever thread it is on.
///
/// A panic inside the socket library is no fault of the program's: it ends that connection, and the screen stays. One
/// over a file that nobody can read costs that file.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        if thread::current().name().is_some_and(note_panic) {
            tracing::warn!(%info, "the socket library panicked; the connection is made anew");
            return;
        }
        if thread::current().name() == Some(files::THREAD) {
            tracing::warn!(%info, "a file could not be looked at");
            return;
        }
        give_back();
        tell(info);
        // Without this a fault on a side thread would leave a program that looks alive and is deaf.
        std::process::exit(PANICKED);
    }));
}

/// Tells a fault as Rust does; but a fault may quote what somebody wrote, and the standard hook prints that as it is.
fn tell(info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let said = format!("thread '{}' {info}", thread.name().unwrap_or("without a name"));
    let mut err = io::stderr().lock();
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(err, "{}", SafeText::block(&said).as_str());
    let trace = Backtrace::capture();
    let _ = match trace.status() {
        BacktraceStatus::Captured => writeln!(err, "{trace}"),
        _ => writeln!(err, "note: run with `RUST_BACKTRACE=1` for the way that led there"),
    };
}

#[cfg(test)]
#[cfg(unix)]
#[path = "panics_tests.rs"]
mod tests;

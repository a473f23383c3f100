//! What happens when the program has a fault: the terminal is given back first, then the fault is told.

use std::panic;
use std::thread;

use crate::net::note_panic;

use super::files;
use super::terminal::give_back;

/// The exit code of a panic, as Rust has it.
const PANICKED: i32 = 101;

/// From now on a panic gives the terminal back before it is told, whichever thread it is on.
///
/// A panic inside the socket library is no fault of the program's: it ends that connection, and the screen stays. One
/// over a file that nobody can read costs that file.
pub(super) fn install_hook() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
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

#[cfg(test)]
#[cfg(unix)]
#[path = "panics_tests.rs"]
mod tests;

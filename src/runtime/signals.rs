//! Signals from other processes.

use std::io;

use tokio::sync::mpsc;

use super::event_loop::Input;
#[cfg(unix)]
use super::second_signal::end_at_the_second_of;

/// Capacity of the queue.
const CAPACITY: usize = 16;

/// Returns the signals that concern the client as inputs. Tasks on the current runtime receive them.
#[cfg(unix)]
pub(super) fn receive() -> io::Result<mpsc::Receiver<Input>> {
    use signal_hook::consts::{SIGABRT, SIGCONT, SIGQUIT, SIGTSTP};
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [
        (SignalKind::terminate(), Input::End),
        (SignalKind::hangup(), Input::End),
        (SignalKind::interrupt(), Input::Interrupt),
        (SignalKind::quit(), Input::Interrupt),
        (SignalKind::from_raw(SIGABRT), Input::End),
        (SignalKind::from_raw(SIGTSTP), Input::Suspend),
        (SignalKind::from_raw(SIGCONT), Input::Resumed),
        (SignalKind::window_change(), Input::Resized),
    ];
    end_at_the_second_of(&[SIGQUIT, SIGABRT])?;
    let (inputs, receiver) = mpsc::channel(CAPACITY);
    for (kind, input) in kinds {
        let mut signals = signal(kind)?;
        let inputs = inputs.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if inputs.send(input.clone()).await.is_err() {
                    return;
                }
            }
        });
    }
    Ok(receiver)
}

/// Other platforms only have Ctrl+C, which arrives as a key.
#[cfg(not(unix))]
pub(super) fn receive() -> io::Result<mpsc::Receiver<Input>> {
    Ok(mpsc::channel(CAPACITY).1)
}

/// Whether a shell with job control can continue this process after it was stopped.
///
/// Without one, for example as the command of a terminal window or of `ssh -t host`, a stopped process would leave a
/// dead window. Job control means that the process is in a process group of its own within the session of its shell.
///
/// Asked with `nix`, because `rustix` assumes that ids are never zero, and panics or worse otherwise. Inside a
/// container, the kernel reports zero for a session or group whose leader is outside.
#[cfg(unix)]
pub(super) fn has_job_control() -> bool {
    use nix::unistd::{Pid, getpgrp, getppid, getsid};

    let (Ok(session), parent) = (getsid(None), getppid()) else { return false };
    // A parent outside of the container is zero too, which `getsid` would take for this process.
    parent != Pid::from_raw(0) && getpgrp() != session && getsid(Some(parent)) == Ok(session)
}

/// Other platforms have no job control.
#[cfg(not(unix))]
pub(super) fn has_job_control() -> bool {
    false
}

/// Stops the process group as Ctrl+Z does, returning when it is continued.
///
/// A script that started this process is in the same group. If it went on, the shell would still wait for it and leave
/// the terminal dead.
#[cfg(unix)]
pub(super) fn stop_process_group() -> io::Result<()> {
    use rustix::process::{Signal, kill_current_process_group};

    // Not SIGTSTP, which this process catches.
    Ok(kill_current_process_group(Signal::STOP)?)
}

/// Other platforms have no job control.
#[cfg(not(unix))]
pub(super) fn stop_process_group() -> io::Result<()> {
    Ok(())
}

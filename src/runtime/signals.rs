//! What other processes tell this one.

use std::io;

use tokio::sync::mpsc;

use super::event_loop::Input;

/// Passes the signals that concern the client on as inputs, from the runtime it is called in.
#[cfg(unix)]
pub(super) fn forward_into(inputs: &mpsc::Sender<Input>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGTSTP};
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [
        (SignalKind::terminate(), Input::End),
        (SignalKind::hangup(), Input::End),
        (SignalKind::interrupt(), Input::End),
        (SignalKind::from_raw(SIGTSTP), Input::Suspend),
        (SignalKind::from_raw(SIGCONT), Input::Resumed),
        (SignalKind::window_change(), Input::Resized),
    ];
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
    Ok(())
}

/// There is only Ctrl+C elsewhere, and it arrives as a key.
#[cfg(not(unix))]
pub(super) fn forward_into(_inputs: &mpsc::Sender<Input>) -> io::Result<()> {
    Ok(())
}

/// Stops this process as Ctrl+Z does, until somebody says go on.
#[cfg(unix)]
pub(super) fn stop_process() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

/// There is no job control elsewhere.
#[cfg(not(unix))]
pub(super) fn stop_process() -> io::Result<()> {
    Ok(())
}

//! Reading of keys and other events from the terminal.
//!
//! The thread of the event loop reads them itself, because a reader thread would have to wake it for every key. Reads must
//! therefore never block: the terminal is configured to return only the bytes that are available
//! ([`set_nonblocking_reads`]). The `use-dev-tty` feature of crossterm treats an empty read as "no more for now", and
//! completes a truncated escape sequence later.

use std::io;

use tokio::sync::mpsc;

use super::event_loop::{Input, Inputs};
use super::translate::translate;

#[cfg(unix)]
pub(super) use unix::{Tty, set_nonblocking_reads};

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::IsTerminal;
    use std::os::fd::{AsFd, OwnedFd};
    use std::time::Duration;

    use crossterm::event;
    use rustix::io::ioctl_fionread;
    use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
    use tokio::io::unix::AsyncFd;
    use tokio::io::{Interest, Ready};

    use super::{Input, Inputs, io, mpsc, translate};

    /// Timeout of a poll. With zero, crossterm would not read at all; while it lasts, crossterm polls in a busy loop.
    const POLL_TIMEOUT: Duration = Duration::from_micros(10);

    /// Number of polls before the terminal is considered empty. One may time out because the thread was paused.
    const POLLS: usize = 2;

    /// Inputs from the terminal and from signals.
    pub(in crate::runtime) struct Tty {
        /// Readiness of the terminal for reading.
        watch: AsyncFd<OwnedFd>,
        signals: mpsc::Receiver<Input>,
        /// Whether the terminal was closed.
        is_closed: bool,
        /// Whether crossterm may have buffered more events, because it has read several bytes at once.
        may_have_more: bool,
    }

    impl Tty {
        /// Opens the terminal that crossterm reads.
        pub(in crate::runtime) fn open(signals: mpsc::Receiver<Input>) -> io::Result<Self> {
            #[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets what that asks for")]
            let watch = AsyncFd::with_interest(terminal()?, Interest::READABLE)?;
            Ok(Self { watch, signals, is_closed: false, may_have_more: false })
        }

        fn read(&mut self) -> Option<Input> {
            loop {
                let bytes = ioctl_fionread(self.watch.get_ref()).unwrap_or(0);
                if bytes == 0 && !self.may_have_more {
                    return None;
                }
                if !(0..POLLS).any(|_| matches!(event::poll(POLL_TIMEOUT), Ok(true))) {
                    self.may_have_more = false;
                    return None;
                }
                self.may_have_more |= bytes > 1;
                match event::read().map(translate) {
                    Ok(Some(input)) => return Some(input),
                    Ok(None) => {}
                    Err(_) => return Some(Input::End),
                }
            }
        }
    }

    impl Inputs for Tty {
        fn try_next(&mut self) -> Option<Input> {
            if self.is_closed {
                return Some(Input::End);
            }
            self.signals.try_recv().ok().or_else(|| self.read())
        }

        async fn next(&mut self) -> Input {
            loop {
                tokio::select! {
                    signal = self.signals.recv() => return signal.unwrap_or(Input::End),
                    ready = self.watch.ready(Interest::READABLE) => {
                        let Ok(mut ready) = ready else { return Input::End };
                        let state: Ready = ready.ready();
                        ready.clear_ready();
                        // A closed terminal would be reported as readable forever.
                        self.is_closed |= state.is_read_closed();
                    }
                }
                if let Some(input) = self.try_next() {
                    return input;
                }
            }
        }
    }

    /// Opens the terminal that crossterm reads: standard input, or else the controlling terminal.
    fn terminal() -> io::Result<OwnedFd> {
        let input = io::stdin();
        if input.is_terminal() {
            return input.as_fd().try_clone_to_owned();
        }
        File::open("/dev/tty").map(OwnedFd::from)
    }

    /// Makes reads from the terminal return immediately with the available bytes. Leaving raw mode undoes this.
    pub(in crate::runtime) fn set_nonblocking_reads() -> io::Result<()> {
        let terminal = terminal()?;
        let mut modes = tcgetattr(&terminal)?;
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(&terminal, OptionalActions::Now, &modes)?)
    }
}

/// Inputs from a thread that reads the terminal, on platforms where a terminal cannot be awaited. There are no signals.
#[cfg(not(unix))]
pub(super) struct Tty(mpsc::Receiver<Input>);

#[cfg(not(unix))]
impl Tty {
    pub(super) fn open(_signals: mpsc::Receiver<Input>) -> io::Result<Self> {
        const KEYS: usize = 64;
        let (sender, inputs) = mpsc::channel(KEYS);
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            loop {
                let input = crossterm::event::read().map_or(Some(Input::End), translate);
                let ended = input == Some(Input::End);
                if input.is_some_and(|input| sender.blocking_send(input).is_err()) || ended {
                    return;
                }
            }
        })?;
        Ok(Self(inputs))
    }
}

#[cfg(not(unix))]
impl Inputs for Tty {
    fn try_next(&mut self) -> Option<Input> {
        self.0.try_next()
    }

    async fn next(&mut self) -> Input {
        self.0.next().await
    }
}

#[cfg(not(unix))]
pub(super) fn set_nonblocking_reads() -> io::Result<()> {
    Ok(())
}

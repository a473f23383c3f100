//! Keys, as they come from the terminal.
//!
//! The loop's own thread reads them: a thread in between would cost every key a wake-up of another one. So a read must
//! never wait. Raw mode is set up to return what is there ([`never_block`]), and crossterm is built with its
//! `use-dev-tty` source, which takes that for "no more yet"; an escape sequence that is cut in two is completed later.

use std::io;

use tokio::sync::mpsc;

use super::event_loop::{Input, Inputs};
use super::translate::translate;

#[cfg(unix)]
pub(super) use unix::{Tty, never_block};

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

    /// Not zero, for which crossterm would not even look. While this lasts it looks again and again, so it is short.
    const AT_ONCE: Duration = Duration::from_micros(10);

    /// How often crossterm is asked before "nothing" is believed: a pause at the wrong moment can use up [`AT_ONCE`].
    const ASKED: usize = 2;

    /// The terminal and the signals, as inputs.
    pub(in crate::runtime) struct Tty {
        /// Tells when there is something to read, and when the terminal is gone.
        watch: AsyncFd<OwnedFd>,
        signals: mpsc::Receiver<Input>,
        gone: bool,
        /// crossterm may hold more than it has handed out: it was given several bytes at once.
        more: bool,
    }

    impl Tty {
        /// Watches the terminal that crossterm reads.
        pub(in crate::runtime) fn open(signals: mpsc::Receiver<Input>) -> io::Result<Self> {
            #[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets what that asks for")]
            let watch = AsyncFd::with_interest(terminal()?, Interest::READABLE)?;
            Ok(Self { watch, signals, gone: false, more: false })
        }

        fn read(&mut self) -> Option<Input> {
            loop {
                let bytes = ioctl_fionread(self.watch.get_ref()).unwrap_or(0);
                if bytes == 0 && !self.more {
                    return None;
                }
                if !(0..ASKED).any(|_| matches!(event::poll(AT_ONCE), Ok(true))) {
                    self.more = false;
                    return None;
                }
                self.more |= bytes > 1;
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
            if self.gone {
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
                        // A terminal that has been closed would be reported as readable for ever.
                        self.gone |= state.is_read_closed();
                    }
                }
                if let Some(input) = self.try_next() {
                    return input;
                }
            }
        }
    }

    /// The terminal that crossterm reads: standard input, else the one that controls the process.
    fn terminal() -> io::Result<OwnedFd> {
        let input = io::stdin();
        if input.is_terminal() {
            return input.as_fd().try_clone_to_owned();
        }
        File::open("/dev/tty").map(OwnedFd::from)
    }

    /// Makes reads of the raw terminal return at once with what is there. Leaving raw mode undoes it.
    pub(in crate::runtime) fn never_block() -> io::Result<()> {
        let terminal = terminal()?;
        let mut modes = tcgetattr(&terminal)?;
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(&terminal, OptionalActions::Now, &modes)?)
    }
}

/// Elsewhere a thread reads, since the terminal cannot be waited for beside other things; there are no signals.
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
pub(super) fn never_block() -> io::Result<()> {
    Ok(())
}

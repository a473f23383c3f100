//! Reading of keys and other events from the terminal.
//!
//! The thread of the event loop reads the bytes itself, because a reader thread would have to wake it for every key.
//! Reads must therefore never block: the terminal is configured to return only the bytes that are available
//! (`device::set_nonblocking_reads`). What the bytes mean is decided by [`Decoder`](crate::input::Decoder), which also
//! tells how long to wait for the rest of an incomplete sequence.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;

use super::event_loop::{Input, Inputs};

#[cfg(unix)]
pub(super) use unix::Tty;

#[cfg(unix)]
mod unix {
    use std::collections::VecDeque;
    use std::os::fd::OwnedFd;
    use std::time::Instant;

    use rustix::io::ioctl_fionread;
    use tokio::io::unix::AsyncFd;
    use tokio::io::{Interest, Ready};
    use tokio::time::sleep_until;

    use crate::app::Event;
    use crate::config::Background;
    use crate::domain::format_limit;
    use crate::input::{Decoder, MAX_PASTE, TerminalEvent};

    use super::{Duration, Input, Inputs, io, mpsc};
    use crate::runtime::device::terminal;

    /// Maximum number of bytes that a terminal returns at once.
    const BUFFER: usize = 4_096;

    /// Inputs from the terminal and from signals.
    pub(in crate::runtime) struct Tty {
        /// Readiness of the terminal for reading.
        watch: AsyncFd<OwnedFd>,
        signals: mpsc::Receiver<Input>,
        /// Whether the terminal belongs to another program, which reads the keys.
        is_paused: bool,
        /// Whether the terminal was closed.
        is_closed: bool,
        decoder: Decoder,
        /// Decoded events that were not asked for yet.
        events: VecDeque<Input>,
        /// Whether the bytes are reported as well.
        reports_bytes: bool,
    }

    impl Tty {
        /// Opens the terminal: standard input, or else the controlling terminal.
        pub(in crate::runtime) fn open(signals: mpsc::Receiver<Input>, escape_time: Duration) -> io::Result<Self> {
            #[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets what that asks for")]
            let watch = AsyncFd::with_interest(terminal()?, Interest::READABLE)?;
            let decoder = Decoder::new(escape_time);
            Ok(Self {
                watch,
                signals,
                is_paused: false,
                is_closed: false,
                decoder,
                events: VecDeque::new(),
                reports_bytes: false,
            })
        }

        /// Reads until there is an event or the terminal has no more bytes.
        fn read(&mut self) -> Option<Input> {
            let mut buffer = [0; BUFFER];
            let mut decoded = Vec::new();
            while self.events.is_empty() {
                // The bytes are read first: if the program was late itself, the sequence is not incomplete.
                if ioctl_fionread(self.watch.get_ref()).unwrap_or(0) == 0 {
                    self.decoder.expire(Instant::now(), &mut decoded);
                    self.events.extend(decoded.into_iter().map(translate));
                    break;
                }
                match rustix::io::read(self.watch.get_ref(), &mut buffer) {
                    Ok(0) => break,
                    Ok(count) if self.reports_bytes => self.decode_with_bytes(&buffer[..count]),
                    Ok(count) => self.decoder.push(&buffer[..count], Instant::now(), &mut decoded),
                    Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                    Err(_) => return Some(Input::End),
                }
                self.events.extend(decoded.drain(..).map(translate));
            }
            self.events.pop_front()
        }

        /// Decodes bytes and reports those of each event before it.
        fn decode_with_bytes(&mut self, bytes: &[u8]) {
            let (mut decoded, mut of_event) = (Vec::new(), Vec::new());
            for byte in bytes {
                of_event.push(*byte);
                self.decoder.push(&[*byte], Instant::now(), &mut decoded);
                if !decoded.is_empty() {
                    self.events.push_back(Input::Event(Event::Bytes(std::mem::take(&mut of_event))));
                    self.events.extend(decoded.drain(..).map(translate));
                }
            }
            if !of_event.is_empty() {
                self.events.push_back(Input::Event(Event::Bytes(of_event)));
            }
        }
    }

    impl Inputs for Tty {
        fn try_next(&mut self) -> Option<Input> {
            if self.is_closed {
                return Some(Input::End);
            }
            let signal = self.signals.try_recv().ok();
            if self.is_paused { signal } else { signal.or_else(|| self.read()) }
        }

        fn pause(&mut self, is_paused: bool) {
            self.is_paused = is_paused;
        }

        fn set_escape_time(&mut self, escape_time: Duration) {
            self.decoder.set_escape_time(escape_time);
        }

        fn report_bytes(&mut self, on: bool) {
            self.reports_bytes = on;
        }

        async fn next(&mut self) -> Input {
            if self.is_paused {
                return self.signals.recv().await.unwrap_or(Input::End);
            }
            loop {
                let deadline = self.decoder.deadline();
                tokio::select! {
                    signal = self.signals.recv() => return signal.unwrap_or(Input::End),
                    ready = self.watch.ready(Interest::READABLE) => {
                        let Ok(mut ready) = ready else { return Input::End };
                        let state: Ready = ready.ready();
                        ready.clear_ready();
                        // A closed terminal would be reported as readable forever.
                        self.is_closed |= state.is_read_closed();
                    }
                    () = sleep_until(deadline.unwrap_or_else(Instant::now).into()), if deadline.is_some() => {}
                }
                if let Some(input) = self.try_next() {
                    return input;
                }
            }
        }
    }

    /// Returns the input for an event of the terminal. Of a paste that is too long, nothing is used: a part of it could be
    /// taken for all of it.
    fn translate(event: TerminalEvent) -> Input {
        match event {
            TerminalEvent::Key(key) => Input::Event(Event::Key(key)),
            TerminalEvent::Mouse(mouse) => Input::Event(Event::Mouse(mouse)),
            TerminalEvent::Focus(focus) => Input::Event(Event::Focus(focus)),
            TerminalEvent::Background(color) => Input::Event(Event::Background(Background::of(color))),
            TerminalEvent::Name(name) => Input::Name(name),
            TerminalEvent::Paste(pasted) if pasted.dropped == 0 => Input::Event(Event::Paste(pasted.text)),
            TerminalEvent::Paste(_) => {
                let limit = format_limit(MAX_PASTE as u64);
                let sentence =
                    format!("The pasted text is longer than {limit}. Save it as a file, and send that with /send.");
                Input::Event(Event::Notice(sentence))
            }
        }
    }
}

/// Inputs from a thread that reads the terminal with crossterm, on platforms where a terminal cannot be awaited. There
/// are no signals.
#[cfg(not(unix))]
pub(super) struct Tty(mpsc::Receiver<Input>);

#[cfg(not(unix))]
impl Tty {
    pub(super) fn open(_signals: mpsc::Receiver<Input>, _escape_time: Duration) -> io::Result<Self> {
        const KEYS: usize = 64;
        let (sender, inputs) = mpsc::channel(KEYS);
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            loop {
                let input = crossterm::event::read().map_or(Some(Input::End), super::translate::translate);
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

    fn pause(&mut self, _is_paused: bool) {}

    fn set_escape_time(&mut self, _escape_time: Duration) {}

    fn report_bytes(&mut self, _on: bool) {}
}

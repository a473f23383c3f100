//! Inputs of the event loop: from the terminal, a pipe or a queue, and from signals.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::Event;

/// An input from the terminal or a signal.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A key, a paste, a mouse event, a new size or a change of focus.
    Event(Event),
    /// The terminal has told its name and version.
    Name(String),
    /// The terminal was resized. The new size is read from the display.
    Resized,
    /// The process continues after it was stopped, so the terminal has to be set up again.
    Resumed,
    /// The process was asked to stop, as by Ctrl+Z.
    Suspend,
    /// Ctrl+C or Ctrl+\ was pressed while the terminal turned it into a signal. Ends the program, unless it was meant
    /// for a program that had the terminal.
    Interrupt,
    /// The terminal was closed, or the process was asked to end.
    End,
}

/// A source of inputs: the terminal, or a queue in tests.
pub trait Inputs {
    /// Returns the next input if one is available. Never waits.
    fn try_next(&mut self) -> Option<Input>;

    /// Waits for the next input. Cancel safe.
    fn next(&mut self) -> impl Future<Output = Input>;

    /// Stops reading the terminal while another program reads it, or starts again. Signals still arrive.
    fn pause(&mut self, is_paused: bool);

    /// Holds what a program has written, or no longer. A person sees when to go on.
    fn hold_piped(&mut self, _is_held: bool) {}

    /// Changes the time after which an ESC byte is the Esc key.
    fn set_escape_time(&mut self, escape_time: Duration);

    /// Reports the bytes of the terminal as well, or no longer.
    fn report_bytes(&mut self, on: bool);
}

impl Inputs for mpsc::Receiver<Input> {
    fn try_next(&mut self) -> Option<Input> {
        self.try_recv().ok()
    }

    async fn next(&mut self) -> Input {
        self.recv().await.unwrap_or(Input::End)
    }

    fn pause(&mut self, _is_paused: bool) {}

    fn set_escape_time(&mut self, _escape_time: Duration) {}

    fn report_bytes(&mut self, _on: bool) {}
}

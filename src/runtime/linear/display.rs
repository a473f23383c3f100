//! The display of lines: writes what is new, and never moves the cursor.

use std::io::{self, Write};

use crate::app::{Size, State};
use crate::runtime::event_loop::Display;
use crate::runtime::signals;
use crate::view::Transcript;

/// Size of the screen that nobody sees. Boxes and messages that do not fit are read out when they are scrolled to.
const SIZE: Size = Size { width: 100, height: 40 };

/// Writes lines.
pub(in crate::runtime) struct LinearDisplay<W> {
    out: W,
    transcript: Transcript,
}

impl<W: Write> LinearDisplay<W> {
    pub(in crate::runtime) fn new(out: W) -> Self {
        Self { out, transcript: Transcript::default() }
    }
}

impl<W: Write> Display for LinearDisplay<W> {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        let lines = self.transcript.news(state);
        for line in &lines {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()?;
        Ok(!lines.is_empty())
    }

    fn size(&self) -> Size {
        SIZE
    }

    /// Writes the text, because such a terminal has no clipboard. Its lines are indented: they are not of the program.
    fn copy(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "Copied:")?;
        for line in text.lines() {
            writeln!(self.out, "  {line}")?;
        }
        self.out.flush()
    }

    fn ring(&mut self) -> io::Result<()> {
        self.out.write_all(b"\x07")?;
        self.out.flush()
    }

    fn can_suspend(&self) -> bool {
        signals::has_job_control()
    }

    fn suspend(&mut self) -> io::Result<()> {
        signals::stop_process_group()
    }

    fn stop(&mut self) -> io::Result<()> {
        signals::stop_process_group()
    }
}

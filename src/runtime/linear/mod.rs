//! The client without a screen: it reads lines and writes lines (`--linear`).
//!
//! The terminal edits and echoes the line that is being typed, so that everything works that can show text one line
//! after the other: screen readers, serial lines, `TERM=dumb`, pipes.

mod display;
#[cfg(unix)]
mod inputs;
mod line;

pub(super) use display::LinearDisplay;
#[cfg(unix)]
pub(super) use inputs::LineInputs;

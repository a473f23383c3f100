//! The log: a file when one was asked for, standard error for the server, nothing at all otherwise.
//!
//! `MINCHAT_LOG_LEVEL` sets the level of this program. What the libraries say stays at `info` and above whatever it is,
//! since below that some of them print headers, and a header holds the API key.
//!
//! A log is read in a terminal, and libraries quote what a server sent: each line is made safe on its way out.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::text::SafeText;

use super::failure::Failure;

/// The variable that holds the level.
const VARIABLE: &str = "MINCHAT_LOG_LEVEL";

/// Writes the log to the end of `file`. Costs nothing without one.
///
/// # Errors
/// A sentence, when the file cannot be written or the level is none.
pub fn log_to_file(file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else { return Ok(()) };
    let targets = targets()?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A log tells who talks to whom: it is for its owner.
        options.mode(0o600);
    }
    let file = options.open(path).map_err(|error| {
        let path = path.display();
        Failure::usage(format!("The log file {path} cannot be written: {error}. Name another one with --log."))
    })?;
    let layer = fmt::layer().with_ansi(false).with_writer(Mutex::new(Safe(file)));
    // A second start in one process, as in a test, keeps the first log.
    let _ = tracing_subscriber::registry().with(layer).with(targets).try_init();
    Ok(())
}

/// Writes the log to standard error.
///
/// # Errors
/// A sentence, when the level is none.
pub fn log_to_stderr() -> Result<(), Failure> {
    let layer = fmt::layer().with_ansi(false).with_writer(|| Safe(io::stderr()));
    let _ = tracing_subscriber::registry().with(layer).with(targets()?).try_init();
    Ok(())
}

fn targets() -> Result<Targets, Failure> {
    let written = std::env::var(VARIABLE).ok().filter(|level| !level.is_empty());
    let level = level(written.as_deref())?;
    Ok(Targets::new().with_default(level.min(LevelFilter::INFO)).with_target("minchat_tui", level))
}

fn level(written: Option<&str>) -> Result<LevelFilter, Failure> {
    match written.map(str::to_ascii_lowercase).as_deref() {
        None | Some("debug") => Ok(LevelFilter::DEBUG),
        Some("off") => Ok(LevelFilter::OFF),
        Some("error") => Ok(LevelFilter::ERROR),
        Some("warn") => Ok(LevelFilter::WARN),
        Some("info") => Ok(LevelFilter::INFO),
        Some("trace") => Ok(LevelFilter::TRACE),
        Some(other) => Err(Failure::usage(format!(
            "{VARIABLE}: `{other}` is no level. Write off, error, warn, info, debug or trace."
        ))),
    }
}

/// Writes text that a terminal does not obey. The layer above hands over a line, or several, in one piece.
struct Safe<W>(W);

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(SafeText::block(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_is_text_whatever_it_quotes() {
        let mut written = Vec::new();
        let bytes = b"WARN it said \x1b]0;owned\x07 and \xc2\x9b2J, \xff\n";
        assert_eq!(Safe(&mut written).write(bytes).ok(), Some(bytes.len()));
        assert_eq!(String::from_utf8_lossy(&written), "WARN it said ␛ and ␛, \u{fffd}\n");
    }

    #[test]
    fn a_level_is_read_and_nonsense_is_refused() {
        assert_eq!(level(None), Ok(LevelFilter::DEBUG));
        assert_eq!(level(Some("WARN")), Ok(LevelFilter::WARN));
        assert!(level(Some("loud")).is_err());
    }
}

//! The log: a file when one was asked for, standard error for the server, nothing at all otherwise.
//!
//! `MINCHAT_LOG_LEVEL` sets the level of this program. The libraries say nothing at any level: some of them print
//! addresses and headers, and those hold the key.
//!
//! A log is read in a terminal, and lines quote what a server sent: each goes past `hush.rs` on its way out, which leaves
//! no secret and no escape sequence in it.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::failure::Failure;
use super::hush::Hushed;

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
    let layer = fmt::layer().with_ansi(false).with_writer(Mutex::new(Hushed(file)));
    // A second start in one process, as in a test, keeps the first log.
    let _ = tracing_subscriber::registry().with(layer).with(targets).try_init();
    Ok(())
}

/// Writes the log to standard error.
///
/// # Errors
/// A sentence, when the level is none.
pub fn log_to_stderr() -> Result<(), Failure> {
    let layer = fmt::layer().with_ansi(false).with_writer(|| Hushed(io::stderr()));
    let _ = tracing_subscriber::registry().with(layer).with(targets()?).try_init();
    Ok(())
}

fn targets() -> Result<Targets, Failure> {
    let written = std::env::var(VARIABLE).ok().filter(|level| !level.is_empty());
    let level = level(written.as_deref())?;
    Ok(Targets::new().with_default(LevelFilter::OFF).with_target("minchat_tui", level))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_and_nonsense_is_refused() {
        assert_eq!(level(None), Ok(LevelFilter::DEBUG));
        assert_eq!(level(Some("WARN")), Ok(LevelFilter::WARN));
        assert!(level(Some("loud")).is_err());
    }
}

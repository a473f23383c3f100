//! The log: written to a file if the user asks for one, to standard error by the sandbox server, and nowhere otherwise.
//!
//! On a terminal, the sandbox server writes lines for people instead (`event_line.rs`), unless `MINCHAT_LOG_LEVEL` asks
//! for the log. That variable sets the level for this program. Messages of libraries are never logged, because some of
//! them print addresses and headers, which contain the key. Every line is redacted (`redact.rs`), since it may quote
//! text from a server and is read in a terminal.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{quotable, quotable_path};
use crate::store::{OpenMode, open_private_file};

use super::event_line::EventLine;
use super::failure::Failure;
use super::redact::RedactingWriter;
use super::timezone;

/// Environment variable with the level.
const VARIABLE: &str = "MINCHAT_LOG_LEVEL";

/// Appends the log to `file`. Without a file, logging is disabled and costs nothing.
///
/// # Errors
/// A sentence for the user, if the file cannot be written or the level is invalid.
pub fn log_to_file(file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else { return Ok(()) };
    let targets = targets()?;
    let file = open_private_file(path, OpenMode::Append).map_err(|reason| {
        let path = quotable_path(path);
        Failure::usage(format!("The log file {path} cannot be written: {reason}. Choose another one with --log."))
    })?;
    let layer = fmt::layer().with_ansi(false).with_writer(Mutex::new(RedactingWriter(file)));
    // There is one log per process. A second call, as in tests, has no effect.
    let _ = tracing_subscriber::registry().with(layer).with(targets).try_init();
    Ok(())
}

/// Writes the log to standard error; on a terminal, a readable line for each event that its user wants to know of.
///
/// # Errors
/// A sentence for the user, if the level is invalid.
pub fn log_to_stderr() -> Result<(), Failure> {
    let layer = fmt::layer().with_ansi(false).with_writer(|| RedactingWriter(io::stderr()));
    let registry = tracing_subscriber::registry();
    let _ = if io::stderr().is_terminal() && written_level().is_none() {
        registry
            .with(layer.event_format(EventLine { zone: timezone::local() }))
            .with(targets_at(LevelFilter::INFO))
            .try_init()
    } else {
        registry.with(layer).with(targets()?).try_init()
    };
    Ok(())
}

fn written_level() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|level| !level.is_empty())
}

fn targets() -> Result<Targets, Failure> {
    Ok(targets_at(level(written_level().as_deref())?))
}

fn targets_at(level: LevelFilter) -> Targets {
    Targets::new().with_default(LevelFilter::OFF).with_target("minchat_tui", level)
}

fn level(written: Option<&str>) -> Result<LevelFilter, Failure> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    match written.map(str::to_ascii_lowercase).as_deref() {
        None | Some("debug") => Ok(LevelFilter::DEBUG),
        Some("off") => Ok(LevelFilter::OFF),
        Some("error") => Ok(LevelFilter::ERROR),
        Some("warn") => Ok(LevelFilter::WARN),
        Some("info") => Ok(LevelFilter::INFO),
        Some("trace") => Ok(LevelFilter::TRACE),
        Some(_) => Err(Failure::usage(format!(
            "{VARIABLE}: `{}` is not a log level. Use off, error, warn, info, debug or trace.",
            quotable(written.unwrap_or_default(), LEVELS)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_level_is_parsed() {
        assert_eq!(level(None), Ok(LevelFilter::DEBUG));
        assert_eq!(level(Some("WARN")), Ok(LevelFilter::WARN));
        assert!(level(Some("loud")).is_err());
    }
}

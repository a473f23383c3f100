//! Errors that end the program, and warnings before it starts: printed to standard error as sentences.

use std::io::{self, Write};
use std::process::ExitCode;

use thiserror::Error;

use crate::config::{Problem, locale_without_utf8};
use crate::text::to_ascii;

use super::redact::redacted;

/// An error that ends the program with an exit code of its own.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct Failure {
    code: u8,
    sentence: String,
    /// Whether the same may succeed later.
    is_temporary: bool,
}

impl Failure {
    /// The service refused: exit code 1.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self { code: 1, sentence: sentence.into(), is_temporary: false }
    }

    /// The service refused for now: exit code 1.
    pub(super) fn busy(sentence: impl Into<String>) -> Self {
        Self { code: 1, sentence: sentence.into(), is_temporary: true }
    }

    /// The command line or the configuration is wrong: exit code 2.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { code: 2, sentence: sentence.into(), is_temporary: false }
    }

    /// No connection could be established: exit code 3.
    pub fn unreachable(sentence: impl Into<String>) -> Self {
        Self { code: 3, sentence: sentence.into(), is_temporary: true }
    }

    /// No connection could be established, and another attempt is pointless until something is changed: exit code 3.
    pub(super) fn locked_out(sentence: impl Into<String>) -> Self {
        Self { code: 3, sentence: sentence.into(), is_temporary: false }
    }

    /// Whether the service has refused, now and later.
    pub(super) fn is_refusal(&self) -> bool {
        self.code == 1 && !self.is_temporary
    }

    /// Whether another attempt may succeed.
    pub(super) fn is_temporary(&self) -> bool {
        self.is_temporary
    }

    /// Prints an error and returns its exit code, which is 1 unless the error is a [`Failure`].
    pub fn print(error: &anyhow::Error) -> ExitCode {
        print_lines(&format!("{error:#}"), has_ascii_locale());
        ExitCode::from(error.downcast_ref::<Self>().map_or(1, |failure| failure.code))
    }
}

/// Prints warnings, with ASCII characters only if `ascii`. This happens before the program takes over the screen, so that
/// they are in the shell again when it ends.
pub fn print_warnings(warnings: &[Problem], ascii: bool) {
    warnings.iter().for_each(|warning| print_lines(&format!("warning: {warning}"), ascii));
}

/// Prints a warning, whatever the level of the log.
pub(super) fn print_warning(sentence: &str) {
    print_lines(&format!("warning: {sentence}"), has_ascii_locale());
}

fn has_ascii_locale() -> bool {
    locale_without_utf8(&|name| std::env::var(name).ok()).is_some()
}

/// Prints text, which may quote a file or a server, to standard error.
fn print_lines(text: &str, ascii: bool) {
    let mut err = io::stderr().lock();
    for line in redacted(text).lines() {
        let line = if ascii { to_ascii(line) } else { line.to_owned() };
        // If standard error is closed, nobody is left to tell.
        let _ = writeln!(err, "minchat-tui: {line}");
    }
}

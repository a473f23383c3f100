//! How the program ends when it cannot go on: a sentence for the user and an exit code for a script.

use std::io::{self, Write};
use std::process::ExitCode;

use thiserror::Error;

use crate::config::Problem;

use super::hush::harmless;

/// What the program ends with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct Failure {
    code: u8,
    sentence: String,
}

impl Failure {
    /// The command line or the configuration is wrong: exit code 2.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { code: 2, sentence: sentence.into() }
    }

    /// There is no connection to be had: exit code 3.
    pub fn unreachable(sentence: impl Into<String>) -> Self {
        Self { code: 3, sentence: sentence.into() }
    }

    /// Tells `error` on standard error, once, and gives the exit code that it stands for: its own if it is a
    /// [`Failure`], else 1. A sentence may quote a file or a server: it is made safe for the terminal like any text.
    pub fn tell(error: &anyhow::Error) -> ExitCode {
        say(&format!("{error:#}"));
        ExitCode::from(error.downcast_ref::<Self>().map_or(1, |failure| failure.code))
    }
}

/// Tells what is allowed and unwise, on standard error: before the screen is touched, so that it stands in the shell
/// again afterwards.
pub fn warn(warnings: &[Problem]) {
    for warning in warnings {
        say(&format!("warning: {warning}"));
    }
}

fn say(text: &str) {
    let mut err = io::stderr().lock();
    for line in harmless(text).lines() {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(err, "minchat-tui: {line}");
    }
}

//! How the program ends when it cannot go on: a sentence for the user and an exit code for a script.

use std::process::ExitCode;

use thiserror::Error;

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

    /// The exit code that an error stands for: its own if it is a [`Failure`], else 1.
    pub fn exit_code(error: &anyhow::Error) -> ExitCode {
        ExitCode::from(error.downcast_ref::<Self>().map_or(1, |failure| failure.code))
    }
}
